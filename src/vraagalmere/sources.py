"""Which documents and parties a question names, and whether it puts several side by side.

Names come from data/bronnamen.json and from the documents' own descriptions, so a document that is added
later can be named at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from .corpus import Document, Sidecar
from .dutch import stop_words, words, zipf

EVERYDAY = 5.0
"""Zipf frequency from which a word is too common to stand for a party by itself ('denk')."""
FEW = 2
"""Words of a theme up to which the small words around them ('en over') are left out."""
_ARTICLES = frozenset(("de", "het", "een"))


@cache
def _data() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(
        files("vraagalmere").joinpath("data", "bronnamen.json").read_text(encoding="utf-8")
    )
    return raw


@dataclass(frozen=True)
class Sources:
    """The documents that can be named."""

    names: dict[str, frozenset[str]]
    """Folded name → ids of the documents that it stands for."""
    parties: dict[str, str]
    """Document id → whose document it is."""
    absent: dict[str, str]
    """Folded name of a party of which there is no document → as in a sentence ('de VVD')."""

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Sources:
        """The names of these documents: as listed for their kind and party, and as their descriptions give them."""
        documents = list(documents)
        names: dict[str, set[str]] = {}
        parties = {}
        for document in documents:
            about = document.sidecar
            parties[document.id] = about.partij
            listed = (*_data()["soorten"].get(about.soort, ()), *_data()["partijen"].get(about.partij, ()))
            for name in (*listed, *_own_names(about)):
                names.setdefault(name, set()).add(document.id)
        without = {name: shown for name, shown in absent(documents).items() if name not in names}
        return cls({name: frozenset(ids) for name, ids in names.items()}, parties, without)

    def named(self, question: str) -> frozenset[str]:
        """Ids of the documents that a question names itself, by title, party or kind."""
        text = f" {' '.join(words(question))} "
        return frozenset(i for name, ids in self.names.items() if f" {name} " in text for i in ids)

    def compared(self, question: str, core: str | None = None) -> frozenset[str]:
        """Ids of the documents that a question puts side by side; empty when it does not compare.

        Those of all speakers where it asks which party wants something or names no two speakers itself. `core` is
        the sentence that asks, the only one whose words can compare; the question itself when None.
        """
        text = " ".join(words(question if core is None else core))
        named = self.named(question)
        several = len({self.parties[i] for i in named}) > 1
        asks = {who for who, pattern in self._comparing if pattern.search(text)}
        if not asks and not several:
            return frozenset()
        return named if several and "alle" not in asks else frozenset(self.parties)

    def missing(self, question: str) -> tuple[str, ...]:
        """Parties whose wish a question asks for and of which there is no document, as in a sentence ('de VVD')."""
        text = f" {' '.join(words(question))} "
        if not re.search(_data()["vraagt_naar_wens"], text):
            return ()
        return tuple(shown for name, shown in self.absent.items() if f" {name} " in text)

    def theme(self, question: str) -> str:
        """What a question is about: its words without the names of sources and the words that compare.

        The whole question where nothing else is left.
        """
        text = " ".join(words(question))
        left = self._noise.sub(" ", text).split()
        content = [w for w in left if w not in stop_words()]
        if not content:
            return text
        return " ".join(content if len(content) <= FEW else left)

    @cached_property
    def _comparing(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((p["wie"], self._pattern(p["patroon"])) for p in _data()["vergelijken"])

    @cached_property
    def _noise(self) -> re.Pattern[str]:
        return self._pattern(_data()["ruis"])

    def _pattern(self, text: str) -> re.Pattern[str]:
        longest_first = sorted((*self.names, *self.absent), key=len, reverse=True)
        return re.compile(text.replace("BRON", f"({'|'.join(map(re.escape, longest_first))})"))


def _own_names(about: Sidecar) -> Iterator[str]:
    """The names in a description: the party ('PvdA Almere', 'PvdA'), the speaker and the short title."""
    for text in (about.partij, about.spreker, about.korte_titel):
        parts = words(text)
        parts = parts[1:] if parts[:1] and parts[0] in _ARTICLES else parts
        name = " ".join(parts)
        if len(parts) > 1 or (parts and zipf().get(name, 0.0) < EVERYDAY and name not in stop_words()):
            yield name
    head, _, place = about.partij.rpartition(" ")
    short = " ".join(words(head))
    # Only an abbreviation still names a party without its city: 'Leefbaar Almere' is not 'leefbaar'.
    if place == "Almere" and sum(c.isupper() or c.isdigit() for c in head) > 1 and zipf().get(short, 0.0) < EVERYDAY:
        yield short


def publishers(about: Sidecar) -> tuple[str, ...]:
    """Who published a document, each by itself ('PRO, VVD en D66')."""
    return tuple(p.strip() for p in re.split(r",| en ", about.uitgever) if p.strip())


def absent(documents: Iterable[Document]) -> dict[str, str]:
    """Folded names of parties → as in a sentence: those listed as without a document, and the makers of an accord."""
    named: dict[str, str] = dict(_data()["zonder_document"])
    for document in documents:
        if document.sidecar.soort == "coalitieakkoord":
            for party in publishers(document.sidecar):
                named.setdefault(" ".join(words(party)), party)
    return named


def party_names(documents: Iterable[Document]) -> dict[str, str]:
    """Folded names of the parties that have a document of their own → as in a sentence ('de PvdA')."""
    own = [d.sidecar for d in documents if d.sidecar.soort not in _data()["soorten"]]
    return {n: s.spreker for s in own for n in (*_data()["partijen"].get(s.partij, ()), *_own_names(s))}


def names_one(question: str, names: Collection[str]) -> bool:
    """Whether a question holds one of these (folded) names."""
    text = f" {' '.join(words(question))} "
    return any(f" {name} " in text for name in names)


@cache
def listed_names() -> frozenset[str]:
    """The names of data/bronnamen.json, for what is judged before there are documents."""
    return frozenset(n for kind in ("soorten", "partijen") for names in _data()[kind].values() for n in names)
