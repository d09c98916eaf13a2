"""One theme over all documents side by side: equal room for each, no ranking, no advice.

A speaker's passage is in it only when it is about the theme: it fits the question well by itself, and not much
worse than the best passage of all speakers (thresholds `kolom_past` and `kolom_achter`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from .answer import Sentence, Source
from .checks import verified
from .contradictions import contradictions, touched
from .corpus import Document
from .retrieval import Hit, Retriever
from .thresholds import Thresholds
from .writer import ACCORD, BuiltinWriter


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
    """At most the same number of passages for each; () is shown as 'niets gevonden'."""
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Comparison:
    """A theme, a column for every speaker in a fixed order, and statements that contradict."""

    theme: str
    columns: tuple[Column, ...]
    contradictions: tuple[Column, ...]
    """Each: two or more statements that do not fit together, shown together; `heading` says so."""


@dataclass(frozen=True)
class Voice:
    """What is found of one speaker."""

    documents: tuple[Document, ...]
    hits: tuple[Hit, ...]
    """The passages about the theme, best first; () when nothing is found."""

    @property
    def is_accord(self) -> bool:
        return self.documents[0].sidecar.soort == ACCORD

    @property
    def speaker(self) -> str:
        return self.documents[0].sidecar.spreker


class Texts(BaseModel):
    """What a comparison says in our own words (data/vergelijken.yaml), by kind of document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    niets: dict[str, str]
    """That nothing was found; 'anders' for a kind that is not named, 'meer' where a speaker has several documents."""
    van_wie: dict[str, str]
    """Whose words they are, where the accord does not say it."""
    niet_in_akkoord: str
    geen_document: str


@cache
def texts() -> Texts:
    """The sentences of data/vergelijken.yaml."""
    raw = files("vraagalmere").joinpath("data", "vergelijken.yaml").read_text(encoding="utf-8")
    return Texts.model_validate(yaml.safe_load(raw))


def speakers(documents: Iterable[Document]) -> tuple[tuple[Document, ...], ...]:
    """The documents by who speaks, in a fixed neutral order: the accord, then by name."""
    by_party: dict[str, list[Document]] = {}
    for document in documents:
        by_party.setdefault(document.sidecar.partij, []).append(document)
    groups = (tuple(sorted(group, key=lambda d: d.id)) for group in by_party.values())
    return tuple(
        sorted(groups, key=lambda g: (all(d.sidecar.soort != ACCORD for d in g), g[0].sidecar.partij.casefold()))
    )


def voices(
    theme: str, retriever: Retriever, limits: Thresholds, *, within: Collection[str] | None = None, most: int
) -> tuple[Voice, ...]:
    """What every speaker says about a theme, in the order of `speakers`.

    Args:
        theme: a theme or question, best without names of sources (`Sources.theme`).
        retriever: of the index.
        limits: from where a passage is about the theme.
        within: only the speakers of these documents; all when None. The best passage of all counts all the same.
        most: passages of one speaker, at most.
    """
    groups = speakers(retriever.index.documents.values())
    found = [retriever.search(theme, within=[d.id for d in group]).hits for group in groups]
    best = max((retriever.log_odds(h) for hits in found for h in hits), default=0.0)
    least = max(limits.kolom_past, best - limits.kolom_achter)
    made = []
    for group, hits in zip(groups, found):
        if within is None or any(d.id in within for d in group):
            about = [h for h in sorted(hits, key=retriever.log_odds, reverse=True) if retriever.log_odds(h) >= least]
            made.append(Voice(group, tuple(about[:most])))
    return tuple(made)


def nothing_line(voice: Voice) -> str:
    """That nothing of this speaker was found."""
    lines = texts().niets
    kind = "meer" if len(voice.documents) > 1 else voice.documents[0].sidecar.soort
    return lines.get(kind, lines["anders"]).format(spreker=voice.speaker)


def compare(theme: str, retriever: Retriever, limits: Thresholds) -> Comparison:
    """A theme side by side.

    Args:
        theme: a word or a question, as typed.
        retriever: of the index.
        limits: the thresholds.
    """
    about = retriever.sources.theme(theme)
    heard = voices(about, retriever, limits, most=limits.kolom_hoogstens)
    year = _accord_year(retriever.index.documents.values())
    columns = tuple(_column(voice.documents, voice.hits, retriever, year) for voice in heard)
    shown = [hit.position for voice in heard for hit in voice.hits]
    sides = []
    for contradiction in touched(about, shown, contradictions(retriever.index.passages)):
        hits = tuple(retriever.hit_of(i) for i in contradiction.positions)
        documents = tuple(
            retriever.index.documents[i] for i in dict.fromkeys(h.passage.document for h in hits)
        )
        sides.append(_column(documents, hits, retriever, year, contradiction.note))
    return Comparison(theme, columns, tuple(sides))


def _column(
    documents: tuple[Document, ...], hits: tuple[Hit, ...], retriever: Retriever, year: int | None, heading: str = ""
) -> Column:
    index = retriever.index
    draft = verified(BuiltinWriter(index.documents, index.records).write("", hits), index.documents)
    about = [d.sidecar for d in documents]
    years = [y for s in about if (y := _year(s.datum)) is not None]
    return Column(
        document_ids=tuple(d.id for d in documents),
        speaker=" en ".join(dict.fromkeys(s.spreker for s in about)),
        heading=heading or about[0].groep,
        date=" en ".join(dict.fromkeys(s.datum for s in about)),
        old=year is not None and bool(years) and max(years) < year,
        sentences=draft.sentences,
        sources=draft.sources,
    )


def _accord_year(documents: Iterable[Document]) -> int | None:
    """The year of the newest accord: what is from a year before it is old."""
    years = [y for d in documents if d.sidecar.soort == ACCORD and (y := _year(d.sidecar.datum)) is not None]
    return max(years, default=None)


def _year(date: str) -> int | None:
    """The year in a date as a description gives it ('2023-06-27', 'ongeveer 2022')."""
    match = re.search(r"\b(?:19|20)\d{2}\b", date)
    return int(match.group()) if match else None
