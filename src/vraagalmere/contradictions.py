"""Statements that do not fit together: one side is never shown without the other.

Which they are is reviewed data (data/tegenspraken.yaml) with literal quotes; a record of which a quote is no longer
inside one passage of its document is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from .dutch import collapse, terms
from .passages import Passage


class Statement(BaseModel):
    """One side: a quote and the document it stands in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    citaat: str = Field(min_length=1)


class ContradictionRecord(BaseModel):
    """One record of data/tegenspraken.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    over: str
    zin: str
    """What is said above the statements."""
    woorden: tuple[str, ...]
    """A question or theme with one of these words is about it; a passage can also be about something else."""
    uitspraken: tuple[Statement, ...] = Field(min_length=2)


@dataclass(frozen=True)
class Contradiction:
    """Statements that do not fit together, as passages of the index."""

    note: str
    words: frozenset[str]
    """Search terms (`dutch.terms`) of the questions that are about it."""
    positions: tuple[int, ...]
    """Places of the passages in `SearchIndex.passages`, in the order of the record."""


@cache
def contradiction_records() -> tuple[ContradictionRecord, ...]:
    """The reviewed records."""
    text = files("vraagalmere").joinpath("data", "tegenspraken.yaml").read_text(encoding="utf-8")
    return tuple(TypeAdapter(list[ContradictionRecord]).validate_python(yaml.safe_load(text)))


def contradictions(passages: Sequence[Passage]) -> tuple[Contradiction, ...]:
    """The records of which every quote stands in these passages."""
    found = []
    for record in contradiction_records():
        places = [_place(statement, passages) for statement in record.uitspraken]
        positions = tuple(p for p in places if p is not None)
        if len(positions) == len(places):
            found.append(Contradiction(record.zin, frozenset(terms(" ".join(record.woorden))), positions))
    return tuple(found)


def _place(statement: Statement, passages: Sequence[Passage]) -> int | None:
    quote = collapse(statement.citaat)
    inside = (i for i, p in enumerate(passages) if p.document == statement.document and quote in collapse(p.quote))
    return next(inside, None)


def touched(question: str, shown: Sequence[int], known: Sequence[Contradiction]) -> tuple[Contradiction, ...]:
    """The contradictions that a question is about and of which a side is shown.

    Args:
        question: folded or not.
        shown: places in the index of the passages that an answer rests on.
        known: `contradictions` of that index.
    """
    asked = set(terms(question))
    return tuple(c for c in known if asked & c.words and set(shown) & set(c.positions))
