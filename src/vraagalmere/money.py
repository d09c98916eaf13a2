"""The money tables of the accord as data: amounts as printed and as numbers, and totals that are worked out again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from .corpus import Document
from .dutch import fold
from .passages import Passage, TableRow

Duration = Literal["structureel", "incidenteel"]
WHOLE = "totaal"
"""The 'year' of an amount in a last column that is no year: for all years together."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_DURATIONS: dict[str, Duration] = {"S": "structureel", "I": "incidenteel"}
_UNIT = re.compile(r"€\s*(?P<number>\d[\d.]*)?\s*(?P<word>miljard|miljoen|mln|duizend)?", re.IGNORECASE)
_UNIT_WORDS = {"miljard": 10**9, "miljoen": 10**6, "mln": 10**6, "duizend": 10**3}
_TOTAL = re.compile(r"\b(?:eind|sub)?totaal\b|saldo\b")


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

    def euro(self, year: str) -> Decimal | None:
        """The amount of a year in euros; None when the cell is empty or there is no such year."""
        return next((a.euro for a in self.amounts if a.year == year), None)

    @property
    def document(self) -> str:
        return self.passage.split(":")[0]


def money_rows(passages: Sequence[Passage], documents: dict[str, Document]) -> tuple[MoneyRow, ...]:
    """All rows of money tables, in document order.

    A table is one of money when a unit ('Bedragen x € 1 miljoen') stands above it.
    """
    return tuple(
        _row(passage, passage.row, unit)
        for passage in passages
        if passage.document in documents and passage.row is not None and (unit := unit_of(passage.row.unit))
    )


def unit_of(text: str) -> int | None:
    """How many euros a printed 1 stands for ('Bedragen x € 1 miljoen' gives 1000000); None: no amounts in euros."""
    found = _UNIT.search(text)
    if not found:
        return None
    number = int((found["number"] or "1").replace(".", ""))
    return number * _UNIT_WORDS.get((found["word"] or "").lower(), 1)


def _row(passage: Passage, row: TableRow, unit: int) -> MoneyRow:
    has_years = any(_YEAR.fullmatch(column) for column, _ in row.cells)
    amounts, duration = [], None
    for column, cell in row.cells:
        is_duration_column = bool(column) and set(column.upper()) <= set("IS/")
        if is_duration_column and cell in _DURATIONS:
            duration = _DURATIONS[cell]
        elif is_duration_column and "/" in column and not cell:
            continue
        else:
            year = column if _YEAR.fullmatch(column) else WHOLE if has_years else ""
            amounts.append(Amount(year, cell, _euro(cell, unit)))
            only = is_duration_column and not any(a.printed for a in amounts[:-1])
            if only and cell and column in _DURATIONS:
                duration = _DURATIONS[column]
    label = fold(row.label)
    is_total = bool(_TOTAL.search(label))
    if is_total and duration is None and not row.section:
        duration = next((d for d in _DURATIONS.values() if d in label), None)
    return MoneyRow(passage.id, row.table, row.section, row.label, duration, tuple(amounts), is_total)


def _euro(printed: str, unit: int) -> Decimal | None:
    """'-0,25' and a unit of a million give -250000; None for an empty cell or one without a number."""
    plain = printed.replace("−", "-").replace("–", "-").replace(" ", "").replace(".", "").replace(",", ".")
    try:
        return (Decimal(plain) * unit).quantize(Decimal(1)) if plain else None
    except InvalidOperation:
        return None
