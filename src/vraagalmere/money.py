"""The money tables of the accord as data: amounts as printed and as numbers, and totals that are worked out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .corpus import Document
from .passages import Passage

Duration = Literal["structureel", "incidenteel"]


@dataclass(frozen=True)
class Amount:
    """One cell: a year (or '' for a table without years, 'totaal' for an unnamed last column) and what is printed."""

    year: str
    printed: str
    """As printed, '' for an empty cell: 'geen bedrag genoemd', which is not zero."""
    euro: Decimal | None
    """In whole euros with the printed sign; None for an empty cell."""


@dataclass(frozen=True)
class MoneyRow:
    """One row of a money table."""

    passage: str
    """Id of the passage that is this row."""
    table: str
    """Heading of the table ('Bezuinigingen')."""
    section: str
    label: str
    duration: Duration | None
    amounts: tuple[Amount, ...]
    is_total: bool


def money_rows(passages: Sequence[Passage], documents: dict[str, Document]) -> tuple[MoneyRow, ...]:
    """All rows of money tables, in document order."""
    raise NotImplementedError
