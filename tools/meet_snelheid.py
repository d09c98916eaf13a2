"""Measure cold start, warm questions and memory, side by side in one run (make benchmark), into docs/snelheid.md.

Ratios count: the same machine, minutes apart, can be twice as slow. `import sentence_transformers` is the yardstick
where that package is installed.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path

QUESTIONS = (
    "Is grofvuil gratis?",
    "Wat doet de coalitie voor starters op de woningmarkt?",
    "slaapplek voor wie geen huis heeft",
    "wie gaat er over sport",
    "stadspas geld 2029",
    "Wat wil Samen voor Almere met de wijkagent?",
    "Komt er een nieuw dierenasiel?",
    "wat vonden de deelnemers aan de dialoog van ouderen",
    "betaald parkeren",
    "Mijn kind kan niet meedoen met sport omdat het te duur is. Is daar hulp voor?",
)


def cold(code: list[str], rounds: int) -> float:
    """Median seconds of a new process that runs `code`."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        subprocess.run([sys.executable, *code], check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


ADDED = "dialoogverslag-2023"
"""The document that is added to the others, to see what one document costs."""


def one_document_more() -> tuple[float, float, float]:
    """Seconds to index that document alone, to add it to an index of the others, and to index all of them."""
    from vraagalmere.settings import Settings
    from vraagalmere.store import open_index

    def seconds(settings: Settings) -> float:
        started = time.perf_counter()
        open_index(settings)
        return time.perf_counter() - started

    def settings_in(folder: str, keep: str) -> Settings:
        corpus = Path(folder) / "corpus"
        shutil.copytree(Settings.load().corpus, corpus)
        for path in [*corpus.rglob("*.*")]:
            if path.stem != "woordenlijst" and not fnmatch(path.stem, keep):
                path.unlink()
        return Settings.load(corpus=corpus, index=Path(folder) / "index")

    with tempfile.TemporaryDirectory() as alone, tempfile.TemporaryDirectory() as others:
        only = seconds(settings_in(alone, ADDED))
        settings = settings_in(others, f"[!{ADDED[0]}]*")
        seconds(settings)
        for path in Settings.load().corpus.rglob(f"{ADDED}.*"):
            shutil.copy(path, settings.corpus / path.relative_to(Settings.load().corpus))
        added = seconds(settings)
        shutil.rmtree(settings.index)
        return only, added, seconds(settings)


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uit", type=Path, default=Path("docs/snelheid.md"))
    parser.add_argument("--rondes", type=int, default=5)
    args = parser.parse_args()
    from vraagalmere import VraagAlmere

    vraagbaak = VraagAlmere.open()
    for question in QUESTIONS:
        vraagbaak.ask(question)
    warm = []
    for _ in range(20):
        for question in QUESTIONS:
            started = time.perf_counter()
            vraagbaak.ask(question)
            warm.append((time.perf_counter() - started) * 1000)
    peak = int(next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmHWM")).split()[1])
    asked = cold(["-m", "vraagalmere.cli", "vraag", QUESTIONS[0]], args.rondes)
    helped = cold(["-m", "vraagalmere.cli", "--help"], args.rondes)
    rows = [
        ("nieuw proces: `vraagalmere vraag`", f"{asked:.2f} s"),
        ("nieuw proces: `vraagalmere --help`", f"{helped:.2f} s"),
        ("warme vraag, mediaan", f"{statistics.median(warm):.1f} ms"),
        ("warme vraag, p95", f"{statistics.quantiles(warm, n=20)[18]:.1f} ms"),
        ("meeste geheugen", f"{peak / 1024:.0f} MiB"),
    ]
    only, added, whole = one_document_more()
    rows += [
        (f"index van `{ADDED}` alleen", f"{only:.2f} s"),
        ("dat document erbij, in een index van de andere vier", f"{added:.2f} s"),
        ("index van alle vijf opnieuw", f"{whole:.2f} s"),
    ]
    if find_spec("sentence_transformers"):
        yardstick = cold(["-c", "import sentence_transformers"], args.rondes)
        rows[1:1] = [
            ("nieuw proces: `import sentence_transformers`", f"{yardstick:.2f} s"),
            ("verhouding", f"{asked / yardstick:.2f}"),
        ]
    lines = [
        "# Snelheid",
        "",
        f"Gemaakt door `make benchmark`: mediaan van {args.rondes} nieuwe processen en {len(warm)} warme vragen, "
        "na elkaar op dezelfde computer (2 kernen, geen GPU). De verhouding telt, niet de seconden.",
        "",
        "| wat | gemeten |",
        "|---|---:|",
        *(f"| {name} | {value} |" for name, value in rows),
    ]
    args.uit.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
