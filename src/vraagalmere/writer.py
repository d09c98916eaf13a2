"""The built-in writer: choose the passages that answer, and say what they say, by kind of source.

It needs no language model: its sentences are those of the plain-language edition, or the literal text where
a passage has no usable record. A writer returns sentences with their sources; it decides nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Generator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from .answer import Sentence, Source
from .corpus import Document
from .dutch import sentences, words
from .edition import Record
from .passages import Passage
from .retrieval import Found, Hit
from .strength import strength_of_passage
from .thresholds import Thresholds

ACCORD = "coalitieakkoord"


@dataclass(frozen=True)
class Draft:
    """What a writer hands on to the checks."""

    sentences: tuple[Sentence, ...]
    sources: tuple[Source, ...]
    writer: str
    notices: tuple[str, ...] = ()
    """For `meldingen`."""
    trail: tuple[str, ...] = ()
    """For `uitleg`."""


class Writer(Protocol):
    """The seam for another writer: from a question and the chosen passages to cited sentences."""

    @property
    def name(self) -> str:
        """For `schrijver` of an answer."""

    def write(self, question: str, chosen: Sequence[Hit]) -> Draft: ...


@runtime_checkable
class StreamingWriter(Writer, Protocol):
    """A writer that takes its time: sentences as they come, and help with searching."""

    @property
    def host(self) -> str:
        """The computer that questions go to; '' for this one."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What the asker must know each time that this writer is asked."""

    languages: Collection[str]
    """Besides Dutch: the languages it can be held to its sources in, as data/grenzen.yaml names them."""

    def stream(
        self,
        question: str,
        chosen: Sequence[Hit],
        history: Sequence[str],
        stopped: Callable[[], bool],
        language: str = "",
    ) -> Generator[Draft, None, Draft]:
        """Gives a draft for each sentence, and returns the whole, which takes their place.

        Args:
            question: personal data masked.
            chosen: the passages that answer, best first.
            history: the questions before it, as the person typed them.
            stopped: whether the person wants no answer any more.
            language: one of `languages` to write in; '' for Dutch.
        """

    def load(self) -> None:
        """Get ready, so that the first question need not wait; may take minutes, raises nothing."""

    def search_for(self, question: str, history: Sequence[str], stopped: Callable[[], bool]) -> tuple[str, str]:
        """The question so that it stands alone, and words to search with; '' where there are none."""


def choose(found: Found, limits: Thresholds) -> list[Hit]:
    """The hits that answer, best first: at most `limits.bronnen_hoogstens`.

    The best hit, and each next one that is nearly as likely. A question for a list takes more. (One that compares
    speakers is answered by comparison.voices.)
    """
    hits = found.hits
    if not hits:
        return []
    asked = words(found.question)
    listing = bool(set(asked) & _LISTING) or bool(_SECOND_PART.search(found.question))
    ratio = limits.tweede_bij_lijst if listing else limits.tweede
    best = hits[0]
    chosen = [best]
    for hit in hits[1:]:
        near = hit.relevance >= ratio * best.relevance or _same_row(hit.passage, best.passage)
        if near and all(hit is not c for c in chosen):
            chosen.append(hit)
    kept = chosen[: limits.bronnen_hoogstens]
    return [hit for hit in hits if any(hit is k for k in kept)]


_LISTING = frozenset("welke allemaal noem opsomming lijst alle wat zoal voorbeelden maatregelen plannen".split())


_SECOND_PART = re.compile(
    r"\ben (hoeveel|welk|welke|wat|wie|waar|wanneer|hoe|staat|is|doen|komt|krijgt)\b|\bhoeveel .* en "
)
"""A question in two parts needs more than one passage."""


def _same_row(a: Passage, b: Passage) -> bool:
    """Whether two table rows are the structural and the incidental part of one line."""
    if a.row is None or b.row is None:
        return False
    return (a.row.label, a.row.table) == (b.row.label, b.row.table)


class BuiltinWriter:
    """Says what the chosen passages say, in the sentences of the plain-language edition."""

    name = "ingebouwd"

    def __init__(self, documents: dict[str, Document], records: dict[str, Record]) -> None:
        self._documents = documents
        self._records = records

    def write(self, question: str, chosen: Sequence[Hit]) -> Draft:
        """Sentences grouped by whose words they are, the group of the best hit first; sources best first."""
        sources = tuple(self.source(n, hit.passage) for n, hit in enumerate(chosen, start=1))
        groups: dict[str, list[Sentence]] = {}
        for source, hit in zip(sources, chosen):
            group = self._documents[hit.passage.document].sidecar.groep
            for text in self._sentences(hit.passage):
                groups.setdefault(group, []).append(Sentence(text, (source.nummer,), group))
        return Draft(tuple(s for group in groups.values() for s in group), sources, self.name)

    def _sentences(self, passage: Passage) -> list[str]:
        record = self._records.get(passage.id)
        if record and record.status == "nagekeken":
            return sentences(record.gewone_taal)
        said = passage.quote.replace("\t", " · ")
        return [f"In het document staat letterlijk: ‘{said}’"]

    def source(self, number: int, passage: Passage) -> Source:
        """The source card of a passage."""
        document = self._documents[passage.document]
        about = document.sidecar
        pages = passage.pages
        return Source(
            nummer=number,
            passage=passage.id,
            document=document.id,
            titel=about.titel,
            soort=about.soort,
            partij=about.partij,
            datum=about.datum,
            status=about.status,
            pagina=document.page_label(pages),
            pagina_van=pages[0] if pages else None,
            pagina_tot=pages[1] if pages else None,
            kop=passage.heading_path,
            citaat=passage.quote,
            kracht=strength_of_passage(passage) if about.soort == ACCORD else None,
            versie=document.hash[:12],
            begin=passage.start,
            eind=passage.end,
        )
