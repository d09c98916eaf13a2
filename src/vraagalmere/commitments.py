"""The register of commitments: every statement and every figure of the accord as one row, made from the document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .answer import Strength
from .dutch import compound_parts, fold, stop_words, words, zipf
from .holders import Link, core, holders_of, root
from .index import SearchIndex
from .money import MoneyRow, TableKind, doubt_line, money_rows, money_tables, sign_doubts
from .passages import Passage
from .portfolios import Person, names, persons
from .strength import judged
from .writer import ACCORD

UNCLEAR = "onduidelijk"
"""What is shown where the portfolio list does not say who holds a commitment."""
RARE = 3.5
"""Zipf frequency below which one plain word is enough to know a subject by ('hostel')."""


@dataclass(frozen=True)
class Holder:
    """A member of the college whose portfolio a commitment falls under, and why we say so."""

    name: str
    """As the document prints it: 'Wethouder L. van Hilten'."""
    party: str
    duty: str
    """The line of the portfolio list that it falls under ('Mobiliteit')."""
    passage: str
    """Id of the passage with that line."""
    why: str
    """In Dutch: the rule or words that link them."""


@dataclass(frozen=True)
class Commitment:
    """One row of the register."""

    id: str
    """The id of its passage: the same over rebuilds as long as the words are the same."""
    document: str
    pages: tuple[int, int] | None
    page: str
    """As shown: 'pagina 12'."""
    theme: str
    """The chapter it stands in."""
    section: str
    """The paragraph in that chapter, '' when there is none; of a 'bedrag' its table, and the part of it."""
    kind: str
    """'afspraak' (a statement under 'Dit gaan we doen') or 'bedrag' (a row of a table)."""
    strength: Strength
    """Of a 'bedrag' always 'doen': the figure is in the table. What it is for may be promised less firmly."""
    strength_why: str
    """In Dutch: the words that decide."""
    text: str
    """Literal."""
    plain: str
    """In plain language, '' where there is no approved record."""
    holders: tuple[Holder, ...]
    """() is shown as UNCLEAR."""
    money: tuple[MoneyRow, ...]
    """Rows of the money tables that belong to it; its own row for a 'bedrag'. A saving pays for no statement."""
    start: int
    end: int
    version: str
    """First 12 hex digits of the hash of the document's text."""
    money_kinds: tuple[TableKind, ...] = ()
    """Of each row of `money` the kind of its table."""
    money_doubts: tuple[str, ...] = ()
    """Of each row of `money`, in Dutch: why its sign may be a misprint; '' for no doubt."""


def commitments(index: SearchIndex) -> tuple[Commitment, ...]:
    """The register of every coalition accord in the index, in document order.

    Its rows are the bullets of a list that a line opens ('Dit gaan we doen:'), and the rows of the money tables.
    Totals and the rows of the overall picture are in the tables (`money_rows`), not in the register: a total promises
    nothing that its rows do not, and the picture says how the budget stands.
    """
    accords = {key: d for key, d in index.documents.items() if d.sidecar.soort == ACCORD}
    all_rows = money_rows(index.passages, accords)
    kinds = {row.passage: table.kind for table in money_tables(all_rows) for row in table.rows}
    doubts = sign_doubts(all_rows)
    rows = {r.passage: r for r in all_rows if not r.is_total and kinds[r.passage] != "totaalbeeld"}
    college = [p for p in persons(index.passages, accords) if p.duties]
    bullets = [p for p in index.passages if p.document in accords and p.kind == "punt" and p.lead_in]
    linked = _linked(bullets, [r for r in rows.values() if kinds[r.passage] != "bezuiniging"])
    found = []
    for passage in index.passages:
        if passage.document not in accords:
            continue
        row = rows.get(passage.id)
        if row:
            found.append(_figure(index, passage, row, college))
        elif passage.kind == "punt" and passage.lead_in:
            found.append(_statement(index, passage, linked.get(passage.id, ()), college))
    return tuple(
        replace(
            c,
            money_kinds=tuple(kinds[m.passage] for m in c.money),
            money_doubts=tuple(doubt_line(doubts.get(m.passage)) for m in c.money),
        )
        for c in found
    )


def select(
    rows: Iterable[Commitment], *, theme: str = "", strength: str = "", holder: str = "", search: str = "",
    with_money: bool = False,
) -> list[Commitment]:  # fmt: skip
    """The rows that fit every wish.

    Args:
        theme: part of the chapter or paragraph.
        strength: 'doen', 'onderzoeken', 'streven' or 'voorwaarde'.
        holder: part of the name or party of a holder, or UNCLEAR.
        search: words that must all stand in it, or in its plain-language text.
        with_money: only rows with an amount.
    """

    def fits(row: Commitment) -> bool:
        held = " ".join(f"{h.name} {h.party}" for h in row.holders) or UNCLEAR
        text = fold(f"{row.text} {row.plain} {row.theme} {row.section}")
        return (
            fold(theme) in fold(f"{row.theme} {row.section}")
            and (not strength or row.strength == strength)
            and fold(holder) in fold(held)
            and all(word in text for word in fold(search).split())
            and (not with_money or bool(row.money))
        )

    return [row for row in rows if fits(row)]


def _figure(index: SearchIndex, passage: Passage, row: MoneyRow, college: Sequence[Person]) -> Commitment:
    section = f"{row.table}: {row.section}" if row.section else row.table
    held = holders_of(row.label, [h for h in (row.table, row.section) if h], _of(college, passage), is_row=True)
    why = f"een bedrag in de tabel ‘{row.table}’"
    return _commitment(index, passage, section, "bedrag", "doen", why, held, (row,))


def _statement(
    index: SearchIndex, passage: Passage, money: tuple[MoneyRow, ...], college: Sequence[Person]
) -> Commitment:
    verdict = judged(passage.quote)
    why = f"{verdict.why}: ‘{verdict.words}’" if verdict.words else verdict.why
    section = passage.headings[-1] if len(passage.headings) > 1 else ""
    held = holders_of(passage.quote, passage.headings, _of(college, passage))
    return _commitment(index, passage, section, "afspraak", verdict.strength, why, held, money)


def _of(college: Sequence[Person], passage: Passage) -> list[Person]:
    return [p for p in college if p.document == passage.document]


def _commitment(
    index: SearchIndex, passage: Passage, section: str, kind: str, strength: Strength, why: str,
    held: Sequence[Link], money: tuple[MoneyRow, ...],
) -> Commitment:  # fmt: skip
    record = index.records.get(passage.id)
    return Commitment(
        id=passage.id,
        document=passage.document,
        pages=passage.pages,
        page=index.page_label(passage.id),
        theme=passage.headings[0] if passage.headings else "",
        section=section,
        kind=kind,
        strength=strength,
        strength_why=why,
        text=passage.quote,
        plain=record.gewone_taal if record and record.status == "nagekeken" else "",
        holders=tuple(
            Holder(f"{k.person.role} {k.person.name}", k.person.party, k.duty.text, k.duty.passage, k.why) for k in held
        ),
        money=money,
        start=passage.start,
        end=passage.end,
        version=index.documents[passage.document].hash[:12],
    )


def _linked(bullets: Sequence[Passage], rows: Sequence[MoneyRow]) -> dict[str, tuple[MoneyRow, ...]]:
    """For each bullet the rows of money for the same thing.

    All words of the row's label (or of the part before or after a '/') must stand in the bullet, and be more than
    one plain word. Where several bullets have them, those win whose heading has them too, and then those that are
    about them (`core`).
    """
    links: dict[str, tuple[MoneyRow, ...]] = {}
    said = {b.id: _roots(b.quote) for b in bullets}
    for row in rows:
        hits = [b for b in bullets if b.document == row.document and any(p <= said[b.id] for p in _parts(row.label))]
        under = [b for b in hits if any(p <= _roots(" ".join(b.headings)) for p in _parts(row.label))]
        about = [b for b in hits if any(p <= _roots(core(b.quote)) for p in _parts(row.label))]
        for bullet in under or about or hits:
            links[bullet.id] = (*links.get(bullet.id, ()), row)
    return links


def _parts(label: str) -> list[frozenset[str]]:
    """What a label is about, one set of roots a part; a part that a plain word names alone is left out."""
    found = []
    money_words = {root(fold(w)) for w in names()["geldwoorden"]}
    for part in re.sub(r"\([^)]*\)", " ", label).split("/"):
        content = [w for w in words(part) if w not in stop_words() and not w.isdigit() and root(w) not in money_words]
        plain = len(content) == 1 and not compound_parts(content[0]) and zipf().get(content[0], 0.0) >= RARE
        if content and not plain:
            found.append(frozenset(root(w) for w in content))
    return found


def _roots(text: str) -> frozenset[str]:
    """The roots of the words of `text` and of the parts of its compounds."""
    found: set[str] = set()
    for word in words(text):
        found.update(root(w) for w in (word, *compound_parts(word)))
    return frozenset(found)
