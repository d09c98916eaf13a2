"""How well the register of commitments agrees with labels made by hand; writes the figures into docs/afspraken.md.

python evals/afspraken.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

from vraagalmere.answer import Strength
from vraagalmere.commitments import commitments
from vraagalmere.settings import Settings
from vraagalmere.store import open_index
from vraagalmere.strength import judged

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "afspraken.md"
START, END = "<!-- cijfers: evals/afspraken.py -->", "<!-- einde cijfers -->"


def labels(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ROOT / "evals" / "sets" / name).read_text(encoding="utf-8").splitlines()]


def strength_lines() -> list[str]:
    rows = [
        (int(re.sub(r"\D", "", r["id"])), r["kracht"], judged(r["citaat"]).strength) for r in labels("kracht-120.jsonl")
    ]
    kinds = get_args(Strength)
    lines = ["| deel | goed | van | deel goed |", "|---|---|---|---|"]
    for name, part in (
        ("alle zinnen", rows),
        ("oneven nummers (bekeken bij het maken van de regels)", [r for r in rows if r[0] % 2]),
        ("even nummers (niet bekeken)", [r for r in rows if r[0] % 2 == 0]),
    ):
        good = sum(gold == said for _, gold, said in part)
        lines.append(f"| {name} | {good} | {len(part)} | {good / len(part):.3f} |")
    lines += ["", f"| met de hand ↓, regels → | {' | '.join(kinds)} |", f"|---|{'---|' * len(kinds)}"]
    for gold in kinds:
        counts = [sum(g == gold and s == said for _, g, s in rows) for said in kinds]
        lines.append(f"| {gold} | {' | '.join(map(str, counts))} |")
    return lines


def holder_lines() -> list[str]:
    held = {c.id: {h.name.split()[-1] for h in c.holders} for c in commitments(open_index(Settings.load()))}
    gold = {r["id"]: set(r["wethouders"]) - {"onduidelijk"} for r in labels("wethouders-60.jsonl") if r["id"] in held}
    right = sum(len(gold[key] & held[key]) for key in gold)
    named, wanted = sum(len(held[key]) for key in gold), sum(map(len, gold.values()))
    same = sum(gold[key] == held[key] for key in gold)
    unclear = sum(not h for h in held.values())
    return [
        "| maat | waarde |",
        "|---|---|",
        f"| precisie: genoemde personen die kloppen | {right} van {named} = {right / named:.3f} |",
        f"| volledigheid: juiste personen die genoemd zijn | {right} van {wanted} = {right / wanted:.3f} |",
        f"| afspraken met precies de juiste personen | {same} van {len(gold)} = {same / len(gold):.3f} |",
        f"| afspraken in het hele register met 'onduidelijk' | {unclear} van {len(held)} |",
    ]


def main() -> None:
    figures = ["### Kracht", "", *strength_lines(), "", "### Wie erover gaat", "", *holder_lines()]
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(START)
    PAGE.write_text(f"{head}{START}\n\n{chr(10).join(figures)}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")
    print("\n".join(figures))


if __name__ == "__main__":
    main()
