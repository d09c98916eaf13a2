"""The money tables of the accord as data: amounts as printed and as numbers, and totals that are worked out again.

What plus and minus mean in a table, and which rows of two tables belong together, is data (data/geld.json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from .corpus import Document
from .dutch import fold
from .passages import Passage, TableRow

Duration = Literal["structureel", "incidenteel"]
TableKind = Literal["uitgave", "neutraal", "bezuiniging", "totaalbeeld"]
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


def _number(printed: str) -> Decimal | None:
    """'-0,25' gives -0.25; None for an empty cell or one without a number."""
    plain = printed.replace("−", "-").replace("–", "-").replace(" ", "").replace(".", "").replace(",", ".")
    try:
        return Decimal(plain) if plain else None
    except InvalidOperation:
        return None


def _euro(printed: str, unit: int) -> Decimal | None:
    number = _number(printed)
    return None if number is None else (number * unit).quantize(Decimal(1))


@cache
def money_rules() -> dict[str, Any]:
    """Words and patterns about money (data/geld.json)."""
    raw: dict[str, Any] = json.loads(files("vraagalmere").joinpath("data", "geld.json").read_text(encoding="utf-8"))
    return raw


@dataclass(frozen=True)
class MoneyTable:
    """One table, and what a plus and a minus mean in it."""

    document: str
    heading: str
    kind: TableKind
    why: str
    """In Dutch: what plus and minus mean here."""
    rows: tuple[MoneyRow, ...]

    @property
    def years(self) -> tuple[str, ...]:
        """The years of its columns; () for a table without years."""
        return tuple(dict.fromkeys(a.year for r in self.rows for a in r.amounts if _YEAR.fullmatch(a.year)))

    @property
    def parts(self) -> tuple[MoneyRow, ...]:
        """The rows that are no total."""
        return tuple(r for r in self.rows if not r.is_total)


def money_tables(rows: Iterable[MoneyRow]) -> tuple[MoneyTable, ...]:
    """The rows by table, in document order."""
    grouped: dict[tuple[str, str], list[MoneyRow]] = {}
    for row in rows:
        grouped.setdefault((row.document, row.table), []).append(row)
    tables = []
    for (document, heading), members in grouped.items():
        rule = next(
            r
            for r in money_rules()["soorten"]
            if (re.search(r["tabel"], fold(heading)) if "tabel" in r else _has_row(members, r["regel"]))
        )
        tables.append(MoneyTable(document, heading, rule["soort"], rule["waarom"], tuple(members)))
    return tuple(tables)


def is_state_of_budget(heading: str) -> bool:
    """Whether a table with this heading is an overall picture of the budget, which promises nothing."""
    return any(re.search(r["kop"], fold(heading)) for r in money_rules()["soorten"] if "kop" in r)


def _has_row(rows: Iterable[MoneyRow], pattern: str) -> bool:
    return any(re.search(pattern, fold(r.label)) for r in rows)


@dataclass(frozen=True)
class TotalCheck:
    """One printed total, worked out again for one year."""

    row: MoneyRow
    year: str
    rule: str
    """In Dutch: what it should be equal to."""
    printed: Decimal
    """In euros; 0 for a neutral table, which prints no total."""
    computed: Decimal
    slack: Decimal
    """Half of the last decimal that is printed, in euros: what rounding can explain."""
    parts: tuple[MoneyRow, ...]
    """The rows it was worked out from."""
    flipped: tuple[MoneyRow, ...] = ()
    """Where it does not agree: the one row that, read with the other sign, makes it agree in every year; or ()."""

    @property
    def agrees(self) -> bool:
        return abs(self.printed - self.computed) <= self.slack


def checks(rows: Sequence[MoneyRow]) -> tuple[TotalCheck, ...]:
    """Every total of the tables, worked out again: of a section, of a duration, of a table, of the overall picture;
    neutral tables against nothing, and rows that two tables share against each other."""
    tables = money_tables(rows)
    found: list[TotalCheck] = []
    for table in tables:
        for row in table.rows:
            if row.is_total:
                found += _total_checks(table, row)
        if table.kind == "neutraal" and not any(r.is_total for r in table.rows):
            last = table.rows[-1]
            for amount in last.amounts:
                rule, computed = "de regels van deze tabel zijn samen nul", _sum(table.parts, amount.year)
                found.append(TotalCheck(last, amount.year, rule, Decimal(0), computed, _slack(amount), table.parts))
    found += _links(tables)
    return _with_flips(found)


def _total_checks(table: MoneyTable, row: MoneyRow) -> list[TotalCheck]:
    if row.section:
        parts = tuple(r for r in table.parts if r.section == row.section)
        rule = f"som van de regels onder '{row.section}'"
    elif row.duration and table.kind != "totaalbeeld":
        parts = tuple(r for r in table.parts if r.duration == row.duration)
        rule = f"som van alle regels die {row.duration} zijn"
    else:
        parts, rule = table.parts, "som van alle regels van de tabel"
    found = []
    for amount in row.amounts:
        if amount.euro is None:
            continue
        if amount.year == WHOLE and not any(p.euro(WHOLE) for p in parts):
            computed = sum((a.euro for a in row.amounts if a.euro and a.year != WHOLE), Decimal(0))
            found.append(_check(row, amount, "som van de jaren van deze regel", computed, ()))
        else:
            found.append(_check(row, amount, rule, _sum(parts, amount.year), parts))
    return found


def _links(tables: Sequence[MoneyTable]) -> list[TotalCheck]:
    """Rows of one table that repeat, or balance, a total of another table of the same document."""
    found = []
    for link in money_rules()["verbanden"]:
        for table in tables:
            here = [r for r in table.rows if table.kind == link["in"] and re.search(link["regel"], fold(r.label))]
            there = [
                r
                for other in tables
                if other.document == table.document and other.kind == link["soort"]
                for r in other.rows
                if r.is_total and not r.section and (r.duration or "") == link["totaal"]
            ]
            if not here or not there:
                continue
            for amount in here[0].amounts:
                other_euro = there[0].euro(amount.year)
                wanted = (amount.year == WHOLE) == (link["kolom"] == WHOLE)
                if wanted and amount.euro is not None and other_euro is not None:
                    rule = f"{link['waarom']} (‘{there[0].label}’)"
                    found.append(_check(here[0], amount, rule, link["teken"] * other_euro, (there[0],)))
    return found


def _check(row: MoneyRow, amount: Amount, rule: str, computed: Decimal, parts: tuple[MoneyRow, ...]) -> TotalCheck:
    return TotalCheck(row, amount.year, rule, amount.euro or Decimal(0), computed, _slack(amount), parts)


def _sum(rows: Iterable[MoneyRow], year: str) -> Decimal:
    return sum((r.euro(year) or Decimal(0) for r in rows), Decimal(0))


def _slack(amount: Amount) -> Decimal:
    """Half of the last printed decimal, in euros: what rounding can explain."""
    number = _number(amount.printed)
    if not number or not amount.euro:
        return Decimal(0)
    return amount.euro / number * Decimal(10) ** -len(amount.printed.partition(",")[2]) / 2


def _with_flips(found: Sequence[TotalCheck]) -> tuple[TotalCheck, ...]:
    """Name, for a total that does not agree, the row that with the other sign makes it agree in all its years."""
    result = []
    for check in found:
        wrong = [c for c in found if c.row is check.row and c.rule == check.rule and not c.agrees]
        fits = [
            part
            for part in check.parts
            if wrong
            and not check.agrees
            and all(abs(c.computed - 2 * (part.euro(c.year) or 0) - c.printed) <= c.slack for c in wrong)
        ]
        result.append(replace(check, flipped=tuple(fits)) if len(fits) == 1 else check)
    return tuple(result)


@dataclass(frozen=True)
class SignDoubt:
    """A row whose printed sign the totals contradict."""

    row: MoneyRow
    total: MoneyRow
    """The total that only fits with the other sign."""


def doubt_line(doubt: SignDoubt | None) -> str:
    """In Dutch: why the sign of a row may be a misprint; '' for no doubt."""
    if doubt is None:
        return ""
    return f"Het teken klopt misschien niet: ‘{doubt.total.label}’ komt alleen uit met het andere teken."


def sign_doubts(rows: Sequence[MoneyRow]) -> dict[str, SignDoubt]:
    """By passage id: rows whose sign is likely a misprint, and section totals that repeat that sign."""
    worked = checks(rows)
    doubts = {part.passage: SignDoubt(part, c.row) for c in worked for part in c.flipped}
    for check in worked:
        odd = [p for p in check.parts if p.passage in doubts]
        if odd and check.agrees and check.printed + check.computed != 0:
            other = check.computed - 2 * _sum(odd, check.year)
            if other == -check.printed:
                doubts.setdefault(check.row.passage, SignDoubt(check.row, doubts[odd[0].passage].total))
    return doubts
