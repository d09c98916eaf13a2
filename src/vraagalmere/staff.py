"""What staff are shown of an index: the register of commitments, money, and who is who, with filters and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from .answer import Strength
from .commitments import Commitment, commitments, select
from .dutch import fold
from .index import SearchIndex
from .money import (
    MoneyRow,
    MoneyTable,
    SignDoubt,
    TableKind,
    TotalCheck,
    checks,
    doubt_line,
    money_rows,
    money_tables,
    sign_doubts,
    unit_of,
)
from .portfolios import Person, persons

STRENGTHS: dict[Strength, tuple[str, str]] = {
    "doen": ("Doen", "De coalitie gaat dit doen."),
    "onderzoeken": ("Onderzoeken", "De coalitie zoekt eerst uit of het kan."),
    "streven": ("Streven", "De coalitie wil dit, maar belooft het niet vast."),
    "voorwaarde": ("Voorwaarde", "De coalitie doet dit alleen als iets anders ook zo is."),
}
"""How firm: the word and what it means, in the order of firmness."""
PER_PAGE = 50
"""Rows of the register on one page."""
LONG_CHAPTER = 60
"""Statements of a chapter above which the plot shows its paragraphs instead: one bar of a third of all says little."""

Sort = Literal["pagina", "thema", "kracht", "wethouder"]


class Filters(BaseModel):
    """What of the register is asked for: the query string of the page, the exports and the API. All optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zoek: str = Field("", max_length=200, description="Woorden die allemaal in de afspraak staan.")
    thema: str = Field("", max_length=200, description="Naam van een hoofdstuk of paragraaf, of een deel ervan.")
    kracht: Literal["", "doen", "onderzoeken", "streven", "voorwaarde"] = Field("", description="Hoe vast het is.")
    wethouder: str = Field("", max_length=100, description="Deel van een naam of partij, of 'onduidelijk'.")
    soort: Literal["", "afspraak", "bedrag"] = Field("", description="Alleen afspraken, of alleen bedragen.")
    met_geld: bool = Field(False, description="Alleen afspraken met een bedrag.")
    pagina: int | None = Field(None, ge=0, le=9999, description="Alleen wat op deze pagina staat.")
    sorteer: Sort = Field("pagina", description="Waarop gesorteerd wordt.")

    @property
    def query(self) -> str:
        """The filters as a query string, without those that are not set."""
        return urlencode({k: ("ja" if v is True else v) for k, v in self.chosen.items()})

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that are set."""
        return {k: v for k, v in self.model_dump().items() if v not in ("", False, None) and (k, v) != _UNSORTED}


_UNSORTED = ("sorteer", "pagina")


@dataclass(frozen=True)
class Bar:
    """One bar of the plot: how many statements of each strength a theme has."""

    theme: str
    counts: dict[Strength, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class WorkedOut:
    """A printed total and what it comes to when it is worked out again, for all its years."""

    rule: str
    printed: dict[str, str]
    computed: dict[str, str]
    agrees: bool
    flipped: str
    """The row that, read with the other sign, makes it agree; '' for none."""


@dataclass(frozen=True)
class Register:
    """All that staff are shown of an index; made once for each index."""

    index: SearchIndex

    @cached_property
    def rows(self) -> tuple[Commitment, ...]:
        """The register of commitments, in document order."""
        return commitments(self.index)

    @cached_property
    def money(self) -> tuple[MoneyRow, ...]:
        """All rows of money tables."""
        return money_rows(self.index.passages, self.index.documents)

    @cached_property
    def tables(self) -> tuple[MoneyTable, ...]:
        return money_tables(self.money)

    @cached_property
    def checks(self) -> tuple[TotalCheck, ...]:
        return checks(self.money)

    @cached_property
    def doubts(self) -> dict[str, SignDoubt]:
        return sign_doubts(self.money)

    @cached_property
    def people(self) -> tuple[Person, ...]:
        return persons(self.index.passages, self.index.documents)

    @cached_property
    def themes(self) -> dict[str, tuple[str, ...]]:
        """The chapters of the register and the paragraphs in each, in document order."""
        found: dict[str, dict[str, None]] = {}
        for row in self.rows:
            found.setdefault(row.theme, {}).update({row.section: None} if row.section else {})
        return {theme: tuple(sections) for theme, sections in found.items()}

    @cached_property
    def holders(self) -> tuple[str, ...]:
        """The members of the college that hold a commitment, in the order of the portfolio list."""
        held = {h.name for row in self.rows for h in row.holders}
        return tuple(n for n in dict.fromkeys(f"{p.role} {p.name}" for p in self.people) if n in held)

    def warm(self) -> None:
        """Make it all now, so that no reader waits for it."""
        _ = (self.rows, self.checks, self.doubts, self.people, self.themes, self.holders)

    def find(self, filters: Filters) -> list[Commitment]:
        """The rows that fit, sorted."""
        exact = filters.thema in self.themes or any(filters.thema in s for s in self.themes.values())
        rows = select(
            self.rows, theme="" if exact else filters.thema, strength=filters.kracht, holder=filters.wethouder,
            search=filters.zoek, with_money=filters.met_geld,
        )  # fmt: skip
        if exact:
            rows = [r for r in rows if filters.thema in (r.theme, r.section)]
        if filters.soort:
            rows = [r for r in rows if r.kind == filters.soort]
        if filters.pagina is not None:
            rows = [r for r in rows if r.pages and r.pages[0] <= filters.pagina <= r.pages[1]]
        order = list(STRENGTHS)
        keys: dict[str, Any] = {
            "pagina": lambda r: 0,
            "thema": lambda r: (fold(r.theme), fold(r.section)),
            "kracht": lambda r: order.index(r.strength),
            "wethouder": lambda r: fold(r.holders[0].name.split()[-1]) if r.holders else "~",
        }
        return sorted(rows, key=keys[filters.sorteer])

    def bars(self, rows: Iterable[Commitment]) -> tuple[Bar, ...]:
        """The statements (no amounts) by theme and strength; a long chapter by its paragraphs."""
        sizes = Counter(r.theme for r in self.rows if r.kind == "afspraak")
        counted: dict[str, Counter[Strength]] = {}
        for row in rows:
            if row.kind == "afspraak":
                split = sizes[row.theme] > LONG_CHAPTER and row.section
                counted.setdefault(row.section if split else row.theme, Counter())[row.strength] += 1
        return tuple(Bar(theme, {s: counts[s] for s in STRENGTHS}) for theme, counts in counted.items())

    def worked_out(self, row: MoneyRow) -> tuple[WorkedOut, ...]:
        """The totals of a row, worked out again; () for a row that is none."""
        by_rule: dict[str, list[TotalCheck]] = {}
        for check in self.checks:
            if check.row is row:
                by_rule.setdefault(check.rule, []).append(check)
        cells = self.index.by_id[row.passage].row
        unit = (unit_of(cells.unit) if cells else None) or 1
        return tuple(
            WorkedOut(
                rule,
                {c.year: dutch_number(c.printed / unit) for c in found},
                {c.year: dutch_number(c.computed / unit) for c in found},
                all(c.agrees for c in found),
                found[0].flipped[0].label if found[0].flipped else "",
            )
            for rule, found in by_rule.items()
        )

    def columns(self, table: MoneyTable) -> tuple[str, ...]:
        """The years of the columns of a table, as printed from left to right; '' for a column without a year."""
        longest = max(table.rows, key=lambda r: len(r.amounts))
        return tuple(dict.fromkeys(a.year for a in longest.amounts))


def dutch_number(value: Decimal) -> str:
    """'-6,7': two decimals at most, none that says nothing."""
    text = f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
    return text.replace(".", ",").replace("-0,00", "0")


# As data, for the command line, the API and MCP: keys in Dutch.


class WethouderUit(BaseModel):
    """Onder wie een afspraak valt, en waarom we dat zeggen."""

    naam: str
    partij: str
    taak: str
    waarom: str


class BedragUit(BaseModel):
    """Eén vakje van een tabel."""

    jaar: str
    gedrukt: str = Field(description="Zoals het er staat; leeg: geen bedrag genoemd.")
    euro: int | None = Field(description="In hele euro's, met het teken dat er staat.")


class GeldregelUit(BaseModel):
    """Eén regel van een tabel met geld."""

    passage: str
    tabel: str
    onderdeel: str
    regel: str
    soort: TableKind = Field(description="De soort tabel: een bezuiniging is geen geld voor een afspraak.")
    duur: Literal["structureel", "incidenteel"] | None
    totaal: bool
    bedragen: list[BedragUit]
    pagina: str
    twijfel: str = Field("", description="Waarom het teken misschien niet klopt; leeg: geen twijfel.")


class AfspraakUit(BaseModel):
    """Eén afspraak of bedrag van het akkoord."""

    id: str
    document: str
    pagina: str
    pagina_van: int | None
    pagina_tot: int | None
    thema: str
    paragraaf: str
    soort: Literal["afspraak", "bedrag"]
    kracht: Strength
    kracht_waarom: str
    tekst: str = Field(description="Letterlijk.")
    gewone_taal: str
    wethouders: list[WethouderUit] = Field(description="Leeg: onduidelijk.")
    geld: list[GeldregelUit]
    begin: int
    eind: int
    versie: str


class AfsprakenUit(BaseModel):
    """Een blad van het register."""

    totaal: int = Field(description="Zo veel staan er in het register.")
    gevonden: int = Field(description="Zo veel passen bij de filters.")
    blad: int
    bladen: int
    afspraken: list[AfspraakUit]


class ControleUit(BaseModel):
    """Een totaal dat we narekenden."""

    regel: str
    hoort_te_zijn: str
    gedrukt: dict[str, str]
    berekend: dict[str, str]
    klopt: bool
    klopt_met_ander_teken_bij: str


class TabelUit(BaseModel):
    """Een tabel met geld."""

    document: str
    tabel: str
    eenheid: str = Field(description="Zoals het boven de tabel staat: 'Bedragen x € 1 miljoen'.")
    uitleg: str = Field(description="Wat plus en min hier betekenen.")
    regels: list[GeldregelUit]
    controles: list[ControleUit]


class TaakUit(BaseModel):
    """Eén regel van een portefeuille."""

    taak: str
    pagina: str
    passage: str


class PersoonUit(BaseModel):
    """Iemand die een document noemt."""

    naam: str
    rol: str
    partij: str
    document: str
    pagina: str
    lijst: str
    samenvatting: str = Field(description="De regel onder de naam die de taken samenvat.")
    taken: list[TaakUit]


def commitment_out(row: Commitment, register: Register) -> AfspraakUit:
    """A row of the register as data."""
    return AfspraakUit(
        id=row.id, document=row.document, pagina=row.page, pagina_van=row.pages[0] if row.pages else None,
        pagina_tot=row.pages[1] if row.pages else None, thema=row.theme, paragraaf=row.section,
        soort="bedrag" if row.kind == "bedrag" else "afspraak", kracht=row.strength,
        kracht_waarom=row.strength_why, tekst=row.text, gewone_taal=row.plain,
        wethouders=[WethouderUit(naam=h.name, partij=h.party, taak=h.duty, waarom=h.why) for h in row.holders],
        geld=[money_out(m, register) for m in row.money], begin=row.start, eind=row.end, versie=row.version,
    )  # fmt: skip


def commitments_out(register: Register, filters: Filters, page: int, per_page: int) -> AfsprakenUit:
    """A page of the register as data."""
    found = register.find(filters)
    shown = found[(page - 1) * per_page : page * per_page]
    return AfsprakenUit(
        totaal=len(register.rows), gevonden=len(found), blad=page, bladen=sheets(len(found), per_page),
        afspraken=[commitment_out(r, register) for r in shown],
    )  # fmt: skip


def sheets(rows: int, per_page: int) -> int:
    """How many pages that many rows fill; at least one."""
    return max(1, -(-rows // per_page))


def money_out(row: MoneyRow, register: Register) -> GeldregelUit:
    """A row of a money table as data."""
    return GeldregelUit(
        passage=row.passage, tabel=row.table, onderdeel=row.section, regel=row.label,
        soort=next(t.kind for t in register.tables if row in t.rows), duur=row.duration,
        totaal=row.is_total, pagina=register.index.page_label(row.passage),
        bedragen=[
            BedragUit(jaar=a.year, gedrukt=a.printed, euro=None if a.euro is None else int(a.euro))
            for a in row.amounts
        ],
        twijfel=doubt_line(register.doubts.get(row.passage)),
    )  # fmt: skip


def tables_out(register: Register, part: str = "") -> list[TabelUit]:
    """The money tables as data; with `part` only rows that have those words in their table, section or label."""
    return [
        TabelUit(
            document=t.document, tabel=t.heading, eenheid=_unit(t, register), uitleg=t.why,
            regels=[money_out(r, register) for r in rows],
            controles=[
                ControleUit(
                    regel=r.label, hoort_te_zijn=w.rule, gedrukt=w.printed, berekend=w.computed, klopt=w.agrees,
                    klopt_met_ander_teken_bij=w.flipped,
                )
                for r in rows
                for w in register.worked_out(r)
            ],
        )
        for t in register.tables
        if (rows := [r for r in t.rows if fold(part) in fold(f"{r.table} {r.section} {r.label}")])
    ]  # fmt: skip


def _unit(table: MoneyTable, register: Register) -> str:
    cells = register.index.by_id[table.rows[0].passage].row
    return cells.unit if cells else ""


def people_out(register: Register) -> list[PersoonUit]:
    """Who is who, as data."""
    return [
        PersoonUit(
            naam=p.name, rol=p.role, partij=p.party, document=p.document,
            pagina=register.index.page_label(p.passages[0]), lijst=p.status,
            samenvatting=p.summary.text if p.summary else "",
            taken=[
                TaakUit(taak=d.text, pagina=register.index.page_label(d.passage), passage=d.passage) for d in p.duties
            ],
        )
        for p in register.people
    ]  # fmt: skip
