"""Who is who: persons, parties, portfolios and who signed, read from the documents, each with its passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .corpus import Document
from .passages import Passage


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


def persons(passages: Sequence[Passage], documents: dict[str, Document]) -> tuple[Person, ...]:
    """Every person that a document gives a role: the college with its portfolios, and who signed."""
    raise NotImplementedError
