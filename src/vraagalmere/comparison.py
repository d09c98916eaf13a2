"""One theme over all documents side by side: equal room for each, no ranking, no advice."""

from __future__ import annotations

from dataclasses import dataclass

from .answer import Sentence, Source


@dataclass(frozen=True)
class Column:
    """What one speaker says about a theme."""

    document_ids: tuple[str, ...]
    speaker: str
    """'de coalitie', 'de PvdA'."""
    heading: str
    """The line above ('Dit heeft de coalitie afgesproken')."""
    date: str
    old: bool
    """Whether the document is older than the accord and so marked as old."""
    sentences: tuple[Sentence, ...]
    """At most the same number for each; () is shown as 'niets gevonden'."""
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Comparison:
    """A theme, a column for every speaker in a fixed order, and statements of one document that contradict."""

    theme: str
    columns: tuple[Column, ...]
    contradictions: tuple[Column, ...]
    """Each: two or more statements of one speaker that do not fit together, shown together."""
