"""Vraag Almere beside what a developer would build today: same questions, same machine, one run.

    python evals/peers/peers.py [--deel ontwikkeling|test] [--uit docs/vergelijking.md]

Every system builds its index and answers in processes of its own, so memory and cold start are its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from systems import SYSTEMS

from vraagalmere.corpus import read_corpus
from vraagalmere.evaluation import fidelity
from vraagalmere.evaluation import measures as m
from vraagalmere.evaluation.sets import Question, read_sets, standard_sets
from vraagalmere.evaluation.uncertainty import mean_of, median_and_p95
from vraagalmere.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
OURS = next(iter(SYSTEMS))
QUALITY: dict[str, str] = {
    "hit_1": "hit@1", "hit_3": "hit@3", "mrr": "MRR", "precisie": "precisie bronnen", "recall": "recall onderdelen",
    "teken_precisie": "precisie tekens", "pagina_exact": "pagina exact", "pagina_goud": "juiste plaats op die pagina",
    "soort": "juiste soort",
}  # fmt: skip
COST: dict[str, str] = {
    "bouw_s": "index bouwen (s)", "koude_start_s": "koude start (s)", "mediaan_ms": "mediaan (ms)",
    "p95_ms": "p95 (ms)", "geheugen_mb": "geheugen (MB)", "index_mb": "index (MB)",
}  # fmt: skip


def _questions(part: str) -> tuple[dict[str, Any], list[Question]]:
    documents = {d.id: d for d in read_corpus(Settings.load().corpus)}
    found = read_sets(standard_sets(ROOT / "evals" / "sets"), documents)
    kinds = ("antwoord", "geen_antwoord")
    return documents, [q for q in found if q.soort in kinds and part in (q.deel, "alles")]


def child(name: str, step: str, folder: Path, part: str, started: float) -> dict[str, float]:
    """Build an index, or open it and answer everything; figures of this process alone."""
    if step == "bouwen":
        documents = {d.id: d for d in read_corpus(Settings.load().corpus)}
        begin = time.perf_counter()
        SYSTEMS[name].build(documents, folder)
        seconds = time.perf_counter() - begin
        size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
        return {"bouw_s": seconds, "index_mb": size / 1e6}
    documents = {d.id: d for d in read_corpus(Settings.load().corpus)}
    ask = SYSTEMS[name].open(documents, folder)
    ask("Is grofvuil gratis?")
    cold = time.time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    documents, questions = _questions(part)
    rows, times = [], []
    for question in questions:
        begin = time.perf_counter()
        answer = ask(question.vraag)
        times.append((time.perf_counter() - begin) * 1000)
        rows.append(
            {
                "hit_1": m.hit_at(1, question, answer), "hit_3": m.hit_at(3, question, answer),
                "mrr": m.reciprocal_rank(question, answer), "precisie": m.citation_precision(question, answer),
                "recall": m.citation_recall(question, answer),
                "teken_precisie": m.character_precision(question, answer),
                "pagina_exact": fidelity.page_exact(answer, documents),
                "pagina_goud": m.page_of_gold(question, answer, documents),
                "soort": m.outcome_right(question, answer),
            }
        )  # fmt: skip
    median, p95 = median_and_p95(times) or (0.0, 0.0)
    means = {key: mean_of([row[key] for row in rows]).gemiddelde or 0.0 for key in QUALITY}
    memory = max(memory, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    return {**means, "koude_start_s": cold, "mediaan_ms": median, "p95_ms": p95, "geheugen_mb": memory}


def measure(name: str, part: str) -> dict[str, float]:
    """All figures of one system, from two fresh processes."""
    with tempfile.TemporaryDirectory() as folder:
        figures: dict[str, float] = {}
        for step in ("bouwen", "vragen"):
            command = [sys.executable, __file__, "--systeem", name, "--stap", step, "--map", folder, "--deel", part]
            command += ["--begonnen", str(time.time())]
            offline = {**os.environ, "HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
            done = subprocess.run(command, capture_output=True, text=True, env=offline, check=False)
            if done.returncode:
                sys.exit(f"{name}, {step}: mislukt.\n{done.stderr[-2000:]}")
            figures.update(json.loads(done.stdout.splitlines()[-1]))
        return figures


def page(results: dict[str, dict[str, float]], part: str, kinds: dict[str, int]) -> str:
    """docs/vergelijking.md."""
    ours = results[OURS]

    def table(columns: dict[str, str], cell: Callable[[str, str], str]) -> str:
        head = "| systeem | " + " | ".join(columns.values()) + " |\n|---" + "|---:" * len(columns) + "|"
        return "\n".join([head, *(f"| {n} | " + " | ".join(cell(n, k) for k in columns) + " |" for n in results)])

    def figure(name: str, key: str) -> str:
        value = results[name][key]
        return f"{value:.3f}".replace(".", ",") if key in QUALITY else f"{value:.3g}".replace(".", ",")

    def ratio(name: str, key: str) -> str:
        return f"{results[name][key] / ours[key]:.2f}×".replace(".", ",") if ours[key] else "-"

    return f"""# Vergelijking met andere zoekers

Gemaakt met `evals/peers/peers.py`: dezelfde vragen, dezelfde computer, één keer achter elkaar. Deel: {part};
{kinds["antwoord"]} vragen met een antwoord in de documenten en {kinds["geen_antwoord"]} zonder. De maten zijn die van
[evaluatie.md](evaluatie.md). Elk systeem geeft hoogstens vier plaatsen.

Let op: Vraag Almere is bijgesteld op het deel `ontwikkeling`, de andere systemen niet. Op het deel `test` is de
vergelijking eerlijker. 'Vraag Almere' antwoordt in zinnen en mag zeggen dat iets er niet staat; de andere geven
alleen de gevonden stukken, en hebben daarom bij 'juiste soort' nooit gelijk bij een vraag zonder antwoord (tenzij ze
niets vinden).

## Kwaliteit

{table(QUALITY, figure)}

## Tijd en ruimte

Koude start: van het starten van Python tot het eerste antwoord, met de index op schijf. Geheugen: de piek (RSS) van
het proces dat antwoordt. De drukte (load, laatste kwartier) was {os.getloadavg()[2]:.0f} op {os.cpu_count()} kernen:
boven het aantal kernen zijn de tijden hoger dan op een rustige computer.

{table(COST, figure)}

## Als verhouding tot Vraag Almere

Kwaliteit: hoger is beter. Tijd en ruimte: lager is beter; 2× is twee keer zo veel als Vraag Almere.

{table({**QUALITY, **COST}, ratio)}

## De systemen

- **Leerboek**: RecursiveCharacterTextSplitter 1000/200, all-MiniLM-L6-v2 met langchain-huggingface, FAISS, eerste 4;
  de pagina is die van het begin van het stuk.
- **BM25 op losse woorden**: rank-bm25 op dezelfde stukken, woorden tussen witruimte.
- **BM25 met stammen**: bm25s met Nederlandse stammen en gesplitste samenstellingen, op onze passages.
- **Haystack BM25**: DocumentSplitter en InMemoryBM25Retriever zoals Haystack ze levert.
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--deel", default="ontwikkeling", choices=("ontwikkeling", "test", "alles"))
    options.add_argument("--uit", type=Path, default=ROOT / "docs" / "vergelijking.md")
    for hidden in ("--systeem", "--stap", "--map", "--begonnen"):
        options.add_argument(hidden, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.systeem:
        found = child(given.systeem, given.stap, Path(given.map), given.deel, float(given.begonnen))
        print(json.dumps(found))
        return
    _, questions = _questions(given.deel)
    kinds = {k: sum(q.soort == k for q in questions) for k in ("antwoord", "geen_antwoord")}
    results = {}
    for name in SYSTEMS:
        print(f"{name} …", file=sys.stderr)
        results[name] = measure(name, given.deel)
    given.uit.parent.mkdir(exist_ok=True)
    given.uit.write_text(page(results, given.deel, kinds), encoding="utf-8")
    print(given.uit.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
