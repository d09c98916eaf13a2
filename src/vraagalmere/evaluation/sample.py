"""People check too: a sheet with a sample of answers for two judges, and what they made of it."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..answer import Answer
from ..errors import InputError
from .sets import Question
from .uncertainty import SEED, cohens_kappa

JUDGES = ("beoordelaar_1", "beoordelaar_2")
COLUMNS = ("id", "vraag", "antwoord", "bronnen", *JUDGES, "opmerking")
SHEET = "steekproef.csv"
_VERDICTS = {"goed": True, "fout": False}


@dataclass(frozen=True)
class Judgement:
    """What two judges made of a sample."""

    n: int
    goed: tuple[float, float]
    """Share right by each judge."""
    eens: float
    """Share on which both say the same."""
    kappa: float | None
    """Cohen's kappa; None when it is not defined."""


def write_sheet(path: Path, questions: Sequence[Question], answers: dict[str, Answer], size: int) -> int:
    """Write a sheet with `size` answered questions, drawn by chance (always the same ones); gives how many."""
    pool = [q for q in questions if q.id in answers]
    drawn = random.Random(SEED).sample(pool, min(size, len(pool)))
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for question in sorted(drawn, key=lambda q: q.id):
            answer = answers[question.id]
            sources = "\n".join(f"[{s.nummer}] {s.titel}, {s.pagina}: ‘{s.citaat}’" for s in answer.bronnen)
            cells = (question.id, question.vraag, answer.antwoord, sources, "", "", "")
            writer.writerow([_no_formula(cell) for cell in cells])
    return len(drawn)


def _no_formula(cell: str) -> str:
    """A spreadsheet takes a cell that begins with these for a formula: put an apostrophe before it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def read_sheet(path: Path) -> Judgement:
    """Read a filled sheet.

    Raises:
        InputError: for a cell that is not 'goed' or 'fout', with its row and column.
    """
    verdicts: tuple[list[bool], list[bool]] = ([], [])
    with path.open(encoding="utf-8-sig", newline="") as lines:
        sample = lines.read(2_000)
        lines.seek(0)
        # A Dutch spreadsheet saves with semicolons.
        separator = ";" if sample.split("\n")[0].count(";") > sample.split("\n")[0].count(",") else ","
        rows = list(csv.DictReader(lines, delimiter=separator))
    for number, row in enumerate(rows, start=1):
        for judge, found in zip(JUDGES, verdicts, strict=True):
            cell = (row.get(judge) or "").strip().lower()
            if cell not in _VERDICTS:
                raise InputError(
                    f"{path.name}, vraag {number} ({row.get('id', '?')}), kolom '{judge}': vul 'goed' of 'fout' in."
                )
            found.append(_VERDICTS[cell])
    if not rows:
        raise InputError(f"{path.name} heeft geen vragen. Maak het blad opnieuw met: evalueer --steekproef 50")
    first, second = verdicts
    n = len(rows)
    same = sum(a == b for a, b in zip(first, second, strict=True)) / n
    return Judgement(n, (sum(first) / n, sum(second) / n), same, cohens_kappa(first, second))
