"""The register of commitments: every statement and every figure of the accord as one row, made from the document."""

from __future__ import annotations

from dataclasses import dataclass

from .answer import Strength
from .index import SearchIndex
from .money import MoneyRow


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
    theme: str
    """The chapter it stands in."""
    section: str
    """The paragraph in that chapter, '' when there is none."""
    kind: str
    """'afspraak' (a statement under 'Dit gaan we doen') or 'bedrag' (a row of a table)."""
    strength: Strength
    strength_why: str
    """In Dutch: the words that decide."""
    text: str
    """Literal."""
    plain: str
    """In plain language, '' where there is no approved record."""
    holders: tuple[Holder, ...]
    """() is shown as 'onduidelijk'."""
    money: tuple[MoneyRow, ...]
    """Rows of the money tables that belong to it; its own row for a 'bedrag'."""
    start: int
    end: int
    version: str
    """First 12 hex digits of the hash of the document's text."""


def commitments(index: SearchIndex) -> tuple[Commitment, ...]:
    """The register of every coalition accord in the index, in document order."""
    raise NotImplementedError
