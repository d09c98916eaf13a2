"""What a plain text may not lose of its passage: its numbers, negations, reservations and speaker.

The words are data (data/behoud.json). The maker of the edition and the check of a model's sentences both use this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files

from .corpus import Document
from .dutch import fold, sentences
from .passages import Passage, TableRow

MAX_SENTENCE = 20
"""Words of the longest sentence (docs/klaretaal.md)."""


def faults_of_text(plain: str, passage: Passage, document: Document) -> list[str]:
    """What is wrong with `plain` as the plain words of `passage`: Dutch clauses; [] when nothing is found."""
    faults = []
    needed, allowed = _numbers_of_passage(passage)
    said = numbers(plain)
    if lost := needed - said:
        faults.append(f"getal ontbreekt: {_listed(lost)}")
    if added := said - allowed:
        faults.append(f"getal staat niet in de passage: {_listed(added)}")
    if not plain:
        faults.append("de gewone taal is leeg")
    longest = max((len(_WORD.findall(s)) for s in sentences(plain)), default=0)
    if longest > MAX_SENTENCE:
        faults.append(f"een zin van {longest} woorden; {MAX_SENTENCE} is het meeste")
    original, text = fold(passage.quote), fold(plain)
    for name, in_passage, in_plain in _must_stay():
        if len(in_plain.findall(text)) < len(in_passage.findall(original)):
            faults.append(f"{name} verloren")
    speaker = fold(document.sidecar.spreker.removeprefix("de ").removeprefix("het "))
    if document.sidecar.soort == "verkiezingsprogramma" and speaker not in text and "de partij" not in text:
        faults.append(f"niet gezegd wie spreekt ({document.sidecar.spreker})")
    return faults


_WORD = re.compile(r"[\w€%'’.,/-]*\w[\w€%'’.,/-]*")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_NUMBER = re.compile(r"(\d+(?:,\d+)?|[a-z]+)(?:\s*(duizend|miljoen|miljard|mln|mld)\b)?")
_TIMES = {"": 1, "duizend": 10**3, "miljoen": 10**6, "mln": 10**6, "miljard": 10**9, "mld": 10**9}
_PERCENT = re.compile(r"\s*(%|procent\b)")
_EURO = re.compile(r"\s*(€|euro\b)")
_JOINED = re.compile(r"\s*(en|tot|naar|of|a|-|–|/|,|tot en met)\s*€?\s*")
_AMOUNT = re.compile(r"([-–+]?)\s*(\d+(?:,\d+)?)$")


@cache
def number_words() -> dict[str, int]:
    """Folded Dutch number words of 2…99, the hundreds and the thousands; 'een' is also an article and is not here."""
    units = dict(zip("een twee drie vier vijf zes zeven acht negen".split(), range(1, 10)))
    teens = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split()
    tens = dict(zip("twintig dertig veertig vijftig zestig zeventig tachtig negentig".split(), range(20, 100, 10)))
    table = {**units, **dict(zip(teens, range(10, 20))), **tens}
    table |= {f"{unit}en{ten}": u + t for unit, u in units.items() for ten, t in tens.items()}
    thousands = {f"{word}duizend": value * 1000 for word, value in table.items() if value > 1}
    hundreds = {f"{word}honderd": value * 100 for word, value in units.items() if value > 1}
    return {**{w: v for w, v in table.items() if w != "een"}, **hundreds, **thousands, "honderd": 100, "duizend": 1000}


@dataclass(frozen=True)
class Quantity:
    """A number that a text names."""

    value: Decimal
    unit: str
    """'€', '%' or '' for anything else (a year, a count, a bare number)."""
    start: int
    end: int
    """Span [start, end) in `numeric(text)`."""


def numeric(text: str) -> str:
    """`text` folded, with 'één' as 1 and thousands without their full stop: the form that `quantities` reads."""
    text = re.sub(r"\b[ÉEée]én\b", "1", text.replace("²", "").replace("³", ""))
    return _THOUSANDS.sub("", fold(text))


def quantities(text: str) -> list[Quantity]:
    """The quantities that `text`, made `numeric`, names in digits or words, in order: '€ 2 miljoen' is 2000000 '€'.

    The first of two numbers shares the unit of the second: '35 en 40%' is twice '%'.
    """
    found: list[Quantity] = []
    for match in _NUMBER.finditer(text):
        word, times = match[1], match[2] or ""
        if word[0].isdigit():
            value = Decimal(word.replace(",", "."))
        elif word in number_words():
            value = Decimal(number_words()[word])
        else:
            continue
        before, after = text[: match.start()], text[match.end() :]
        unit = "%" if _PERCENT.match(after) else "€" if before.rstrip().endswith("€") or _EURO.match(after) else ""
        found.append(Quantity(value * _TIMES[times], unit, match.start(), match.end()))
    for i in range(len(found) - 2, -1, -1):
        one, two = found[i], found[i + 1]
        if two.unit and not one.unit and not _is_year(one.value) and _JOINED.fullmatch(text[one.end : two.start]):
            found[i] = replace(one, unit=two.unit)
    return found


def _is_year(value: Decimal) -> bool:
    return 1900 <= value <= 2100 and value == int(value)


def numbers(text: str) -> set[Decimal]:
    """The quantities that `text` names, in digits or words: '€ 2 miljoen' and '2.000.000' are both 2000000."""
    return {q.value for q in quantities(numeric(text))}


def _numbers_of_passage(passage: Passage) -> tuple[set[Decimal], set[Decimal]]:
    """(the numbers that must be said, those that may be said: also of its headings and the opening of its list)."""
    around = numbers(f"{passage.heading_path}. {passage.lead_in}")
    row = passage.row
    if row is None:
        needed = numbers(passage.quote)
        return needed, needed | around
    needed = numbers(row.label)
    amounts = row_amounts(row)
    for column, cell in row.cells:
        if column not in amounts:
            needed |= numbers(cell)
        if cell:
            needed |= numbers(column)
    needed |= {abs(amount) for amount in amounts.values()}
    return needed, needed | around | numbers(" . ".join([row.table, row.section, *(c for c, _ in row.cells)]))


def row_amounts(row: TableRow) -> dict[str, Decimal]:
    """The amounts of a row by column heading, in whole euros where the unit says so, signed as printed."""
    unit = numbers(row.unit)
    factor = unit.pop() if len(unit) == 1 else Decimal(1)
    amounts = {}
    for column, cell in row.cells:
        printed = _AMOUNT.match(_THOUSANDS.sub("", cell.strip()))
        if printed:
            amount = Decimal(printed[2].replace(",", ".")) * factor
            amounts[column] = -amount if printed[1] in ("-", "–") else amount
    return amounts


def _listed(values: Collection[Decimal]) -> str:
    return ", ".join(f"{value:f}".replace(".", ",") for value in sorted(values))


@cache
def _must_stay() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """What must stay (data/behoud.json): its name, its pattern in a passage, its pattern in the plain text."""
    raw = json.loads(files("vraagalmere").joinpath("data", "behoud.json").read_text(encoding="utf-8"))
    return tuple((r["naam"], re.compile(r["in_passage"]), re.compile(r["in_gewone_taal"])) for r in raw["regels"])
