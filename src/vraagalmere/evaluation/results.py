"""docs/resultaten.md: made from the newest run on the test half, and a check that it is current."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..settings import BUILTIN
from .measures import OUTCOMES
from .report import mean_from, shown
from .run import AGGREGATES, CONFIG, COUNTERFACTUAL, mark
from .scoring import LABELS

_MARK = re.compile(r"<!-- merk: ([0-9a-f]{8}) -->")


def newest_test_run(runs: Path) -> Path | None:
    """The scored and finished test run of the built-in writer that was begun last; None when there is none."""
    found = []
    for path in runs.glob(f"*/{CONFIG}"):
        config = json.loads(path.read_text(encoding="utf-8"))
        scored = path.with_name(AGGREGATES)
        if config["deel"] == "test" and config.get("schrijver", BUILTIN) == BUILTIN and scored.is_file():
            asked = json.loads(scored.read_text(encoding="utf-8"))["vragen"]
            if asked["gesteld"] == asked["beantwoord"]:
                found.append((config["gemaakt"], path.parent))
    return max(found)[1] if found else None


def results_page(folder: Path) -> str:
    """docs/resultaten.md for a run folder."""
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    figures = json.loads((folder / AGGREGATES).read_text(encoding="utf-8"))
    trials_path = folder / COUNTERFACTUAL
    trials = json.loads(trials_path.read_text(encoding="utf-8")) if trials_path.is_file() else None
    return _page(config, figures, trials)


def _page(config: Mapping[str, Any], figures: Mapping[str, Any], trials: Mapping[str, Any] | None) -> str:
    total, times = figures["totaal"], figures["milliseconden"]
    lines = [
        f"<!-- merk: {mark(dict(config))} -->", "# Resultaten", "",
        "Deze pagina is gemaakt door `vraagalmere evalueer --deel test --rapport`; verander haar niet met de hand.",
        "Wat de maten betekenen staat in [evaluatie.md](evaluatie.md). De kolom interval is het",
        "95 %-interval; n is het aantal vragen waarover gemeten is.", "",
        f"Deel: {config['deel']}, {figures['vragen']['beantwoord']} vragen. Gemaakt: {config['gemaakt'][:10]}.", "",
        "## Scorekaart", "", "| maat | gemiddelde | 95 %-interval | n |", "|---|---:|---:|---:|",
    ]  # fmt: skip
    for key, label in LABELS.items():
        mean = mean_from(total.get(key))
        value, interval = shown(mean, key)
        lines.append(f"| {label} | {value} | {interval} | {mean.n} |")
    if times:
        lines += ["", f"Antwoordtijd: mediaan {times['mediaan']:.0f} ms, p95 {times['p95']:.0f} ms (n={times['n']})."]
    keys = {
        "set": "goed",
        "stijl": "goed",
        "categorie": "hit_3",
        "document": "hit_1",
        "documentsoort": "hit_1",
        "partij": "hit_1",
    }
    for group, key in keys.items():
        lines += ["", f"## Per {group}: {LABELS[key].split(':')[0].lower()}", "", f"| {group} | deel | interval | n |"]
        lines.append("|---|---:|---:|---:|")
        for name, means in figures.get(f"per_{group}", {}).items():
            mean = mean_from(means.get(key))
            if mean.n:
                lines.append(f"| {name} | {' | '.join(shown(mean, key))} | {mean.n} |")
    lines += ["", "## Wat gebeurde er, en wat was goed?", "", f"| goed was | {' | '.join(OUTCOMES)} |"]
    lines.append("|---" + "|---:" * len(OUTCOMES) + "|")
    for right, counts in figures["verwarring"].items():
        lines.append(f"| {right} | {' | '.join(str(counts[o]) for o in OUTCOMES)} |")
    if trials:
        lines += ["", "## Rust het antwoord op zijn bron?", "", "| proef | n | veranderd | nieuw antwoord |"]
        lines.append("|---|---:|---:|---|")
        for name, t in trials.items():
            outcomes = ", ".join(f"{k}: {n}" for k, n in t["uitkomst"].items())
            lines.append(f"| {name} | {t['n']} | {t['goed']} | {outcomes} |")
    return "\n".join(lines) + "\n"


def fault(page: Path, runs: Path, config: Mapping[str, Any]) -> str | None:
    """What is wrong with docs/resultaten.md, in Dutch; None when it is current.

    It must be made with the documents, sets, settings and program of now (`config`), and, where there is a test run
    on this computer, hold exactly the figures of the newest one.
    """
    again = "Maak het opnieuw met: vraagalmere evalueer --deel test --rapport"
    if not page.is_file():
        return f"{page.name} ontbreekt. {again}"
    text = page.read_text(encoding="utf-8")
    found = _MARK.search(text)
    if not found or found[1] != mark(dict(config)):
        return f"{page.name} hoort bij andere documenten, vragen, instellingen of code. {again}"
    newest = newest_test_run(runs)
    if newest and results_page(newest) != text:
        return f"{page.name} wijkt af van de nieuwste run op het deel test. {again}"
    return None
