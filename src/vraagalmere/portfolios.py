"""Who is who: persons, parties, portfolios and who signed, read from the documents, each with its passage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from .corpus import Document
from .passages import Passage

_NAME = (
    r"(?:[A-Z]\.)+(?: (?:van|de|der|den|het|ten|ter|te|la|von|el|al|'t))*(?: [A-ZÀ-Þ][\w'’-]+)+"
    r"|[A-ZÀ-Þ][\w'’-]+(?: (?:van|de|der|den|het|ten|ter|te|la|von|el|al|'t))*(?: [A-ZÀ-Þ][\w'’-]+)+"
)
"""Initials or first names, particles, surname."""
_ORGAN = re.compile(r"^[A-Z]\. ")
"""'A. Bestuursorgaan burgemeester': a heading that orders duties and is none itself."""
SIGNED = "ondertekenaar"


@dataclass(frozen=True)
class Duty:
    """One line of a portfolio and the passage it is."""

    text: str
    passage: str


@dataclass(frozen=True)
class Person:
    """A person as a document names them."""

    name: str
    """'L. van Hilten'; as printed."""
    role: str
    """'Wethouder', 'Burgemeester', 'ondertekenaar' …"""
    party: str
    """'' where the document does not say it."""
    duties: tuple[Duty, ...]
    passages: tuple[str, ...]
    """Ids of the passages that name them."""
    document: str
    summary: Duty | None = None
    """The line under the name that sums up the portfolio ('Financiën, veiligheid, vastgoed, …')."""
    status: str = ""
    """Heading of the list with the portfolios ('Voorgestelde portefeuilleverdeling'), '' for who has none."""

    @property
    def title(self) -> str:
        """As people say it: 'Wethouder L. van Hilten (VVD)'."""
        return f"{self.role} {self.name}" + (f" ({self.party})" if self.party else "")

    @property
    def surname(self) -> str:
        """The name without initials, first names and particles: 'Hilten'."""
        return re.split(r"[.\s]+", self.name)[-1]

    @property
    def lines(self) -> tuple[Duty, ...]:
        """The duties, and the summary last."""
        return (*self.duties, *((self.summary,) if self.summary else ()))


@cache
def names() -> dict[str, Any]:
    """Offices and roles, words of 'who' questions, and how themes map to duties (data/portefeuilles.yaml)."""
    text = files("vraagalmere").joinpath("data", "portefeuilles.yaml").read_text(encoding="utf-8")
    raw: dict[str, Any] = yaml.safe_load(text)
    return raw


def persons(passages: Sequence[Passage], documents: dict[str, Document]) -> tuple[Person, ...]:
    """Every person that a document gives a role: the college with its portfolios, who signed, who leads a list or
    made a report. In the order of the documents."""
    found: list[Person] = []
    for key, document in documents.items():
        own = [p for p in passages if p.document == key]
        found += _college(own)
        for passage in own:
            found += _signed(passage, document)
            found += _others(passage, document)
    return tuple(found)


def _college(passages: Sequence[Passage]) -> Iterator[Person]:
    """A heading 'Wethouder X (P)' with a list below it is a member of the college and their portfolio."""
    office = re.compile(rf"^({'|'.join(names()['ambten'])}) ({_NAME})(?: \(([^)]+)\))?$")
    held: dict[str, tuple[re.Match[str], list[Passage]]] = {}
    for passage in passages:
        for heading in passage.headings:
            match = office.match(heading)
            if match:
                held.setdefault(heading, (match, []))[1].append(passage)
    for heading, (match, below) in held.items():
        duties = tuple(Duty(p.quote, p.id) for p in below if p.kind == "punt")
        named = [p for p in below if p.kind == "alinea" and match[2] in p.quote]
        summary = None
        for passage in named:
            rest = passage.headings[passage.headings.index(heading) + 1 :]
            if rest and rest[0] in passage.quote and not _ORGAN.match(rest[0]):
                summary = Duty(rest[0], passage.id)
        above = below[0].headings[: below[0].headings.index(heading)]
        yield Person(
            match[2], match[1], match[3] or "", duties, tuple(p.id for p in named), below[0].document, summary,
            above[-1] if above else "",
        )  # fmt: skip


def _signed(passage: Passage, document: Document) -> Iterator[Person]:
    """A name with one of the publishing parties on the line below it."""
    if passage.kind != "alinea":
        return
    parties = [p.strip() for p in re.split(r",| en ", document.sidecar.uitgever)]
    lines = [x.strip() for x in document.text[passage.start : passage.end].split("\n") if x.strip()]
    if len(lines) == 2 and re.fullmatch(_NAME, lines[0]) and any(lines[1].startswith(p) for p in parties):
        yield Person(lines[0], SIGNED, lines[1], (), (passage.id,), document.id)


def _others(passage: Passage, document: Document) -> Iterator[Person]:
    """'Foto's: X', 'de projectleider van …: X', and 'X en Y' with 'lijsttrekkers …' on the line below."""
    text = document.text[passage.start : passage.end].replace("’", "'")
    lowered = text.lower()
    for word, role in names()["rollen"].items():
        if word.lower() not in lowered:
            continue
        above = re.search(rf"^((?:{_NAME})(?: en (?:{_NAME}))*)\s*\n[^\n]*\b{word}s?\b", text, re.M | re.I)
        before = re.search(rf"\b{word}\b[^:.]*:\s+(.*)", text, re.I)
        for match in filter(None, (above, before)):
            party = document.sidecar.partij if match is above else ""
            for name in re.findall(rf"(?:^|(?<=, )|(?<= en ))(?:{_NAME})", match[1]):
                yield Person(name, role, party, (), (passage.id,), document.id)
