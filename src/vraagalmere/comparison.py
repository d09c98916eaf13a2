"""One theme over all documents side by side: equal room for each, no ranking, no advice.

A speaker's passage is in it only when it is about the theme: it fits the question well by itself, and not much
worse than the best passage of all speakers (thresholds `kolom_past` and `kolom_achter`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from .answer import Sentence, Source
from .checks import verified
from .contradictions import touched
from .corpus import Document
from .dutch import ends_sentence, stem, stop_words, words, zipf
from .passages import Passage
from .retrieval import FEATURES, Found, Hit, Retriever
from .sources import EVERYDAY
from .thresholds import Thresholds
from .writer import ACCORD, BuiltinWriter, choose

SHORTEST_PART = 4
"""Letters of a part of a word by which the accord may say the same; a whole kind only where it is no everyday word
('supermarkt' is not about each 'markt')."""
SHORT = 4
"""Words of a theme up to which an 'en' in it joins two themes."""


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
    lead: tuple[str, ...] = ()
    """Said first; where a limit decides (danger, voting advice), this is all there is."""

    def as_dict(self) -> dict[str, Any]:
        """The comparison as JSON-ready data, keys in Dutch."""
        return {
            "thema": self.theme,
            "inleiding": list(self.lead),
            "kolommen": [_as_dict(c) for c in self.columns],
            "tegenspraken": [_as_dict(c) for c in self.contradictions],
        }


def _as_dict(column: Column) -> dict[str, Any]:
    return {
        "spreker": column.speaker,
        "kop": column.heading,
        "documenten": list(column.document_ids),
        "datum": column.date,
        "oud": column.old,
        "zinnen": [asdict(z) for z in column.sentences],
        "bronnen": [asdict(b) for b in column.sources],
    }


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
    ook_wens: str
    leeg: str
    """In an empty column."""
    oud: str
    """With an old document."""
    geen_oordeel: str
    """Under every comparison."""
    geen_document: str
    niet_van: str
    """That nothing of a speaker follows, though there is something."""
    vraagt_wat_komt: str
    """Pattern: the question asks what the municipality will do."""
    vraagt_of_afgesproken: str
    """Pattern: the question asks whether one certain thing is agreed."""

    def asks_what_comes(self, question: str) -> bool:
        return re.search(self.vraagt_wat_komt, question) is not None

    def asks_whether_agreed(self, question: str) -> bool:
        return re.search(self.vraagt_of_afgesproken, question) is not None


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
    found = [f.hits for f in retriever.search_each(theme, [[d.id for d in group] for group in groups])]
    best = max((retriever.log_odds(h) for hits in found for h in hits), default=0.0)
    least = max(limits.kolom_past, best - limits.kolom_achter)
    made = []
    for group, hits in zip(groups, found):
        if within is None or any(d.id in within for d in group):
            ranked = sorted(hits, key=retriever.log_odds, reverse=True)
            about = [h for h in ranked if _is_about(h, retriever.log_odds(h), least, limits) and _states(h.passage)]
            made.append(Voice(group, tuple(about[:most])))
    return tuple(made)


def _is_about(hit: Hit, log_odds: float, least: float, limits: Thresholds) -> bool:
    """Whether a passage is about the theme: it fits well enough, or fits and literally holds the words of the theme."""
    literal = hit.features[FEATURES.index("dekking_tekst")] >= limits.letterlijk
    return log_odds >= (min(least, limits.kolom_letterlijk) if literal else least)


def _states(passage: Passage) -> bool:
    """Whether a passage says something about its theme: a line of a portfolio only names it."""
    return passage.row is not None or bool(passage.lead_in) or ends_sentence(passage.quote)


def nothing_line(voice: Voice) -> str:
    """That nothing of this speaker was found."""
    lines = texts().niets
    kind = "meer" if len(voice.documents) > 1 else voice.documents[0].sidecar.soort
    return lines.get(kind, lines["anders"]).format(spreker=voice.speaker)


def side_by_side(
    found: Found, chosen: Sequence[Hit], retriever: Retriever, limits: Thresholds
) -> tuple[list[Hit], tuple[str, ...]]:
    """What an answer must also show so that nobody's words are taken for another's, and what it says above it.

    A question that compares gets the passages of each speaker, and for whom nothing is found. Where only others say
    what is asked, the answer says that the accord does not. One side of a contradiction brings the other.

    Args:
        found: the search.
        chosen: the passages that would answer it (`writer.choose`).
        retriever: of the index.
        limits: the thresholds.
    """
    theme = retriever.sources.theme(found.question)
    missing = missing_lines(found, retriever)
    if missing and not found.named:
        about = retriever.search(theme)
        hits = [h for h in choose(about, limits) if _states(h.passage)]
        return hits or list(chosen), missing
    hits, notes = _of_each(theme, found, retriever, limits) if found.compared else ([], ())
    if not hits:
        hits, notes = _accord_first(theme, found, chosen, retriever, limits)
        added, unheard = _of_the_named(theme, found, hits, retriever, limits)
        hits, notes = [*added, *hits][: max(limits.bronnen_hoogstens, len(hits))], (*unheard, *notes)
    for contradiction in touched(found.question, [h.position for h in hits], retriever.contradictions):
        at = next(i for i, h in enumerate(hits) if h.position in contradiction.positions)
        others = [h for h in hits if h.position not in contradiction.positions]
        hits = [*others[:at], *(retriever.hit_of(i) for i in contradiction.positions), *others[at:]]
        notes = (*notes, contradiction.note)
    return hits, (*notes, *missing)


def _of_the_named(
    theme: str, found: Found, shown: Sequence[Hit], retriever: Retriever, limits: Thresholds
) -> tuple[list[Hit], tuple[str, ...]]:
    """Of speakers, the accord apart, that a question names and of whom nothing is shown: what they do say of its
    theme, and for whom nothing is found."""
    unheard = _unheard(found, (h.passage.document for h in shown), retriever)
    if not unheard:
        return [], ()
    heard = voices(theme, retriever, limits, within=unheard, most=1)
    return [h for v in heard for h in v.hits], tuple(nothing_line(v) for v in heard if not v.hits)


def _unheard(found: Found, shown: Iterable[str], retriever: Retriever) -> frozenset[str]:
    """Documents of the speakers that a question names, the accord apart, of which none is shown."""
    documents = retriever.index.documents
    heard = {documents[i].sidecar.partij for i in shown}
    named = (i for i in found.named if documents[i].sidecar.soort != ACCORD)
    return frozenset(i for i in named if documents[i].sidecar.partij not in heard)


def unheard_lines(found: Found, shown: Iterable[str], retriever: Retriever, limits: Thresholds) -> tuple[str, ...]:
    """For each speaker that a question names and of whom no document is shown: that nothing is found of them, or that
    what is shown is not theirs.

    Args:
        found: the search.
        shown: ids of the documents that an answer rests on.
        retriever: of the index.
        limits: the thresholds.
    """
    unheard = _unheard(found, shown, retriever)
    theme = retriever.sources.theme(found.question)
    heard = voices(theme, retriever, limits, within=unheard, most=1) if unheard else ()
    lines = (texts().niet_van.format(spreker=v.speaker) if v.hits else nothing_line(v) for v in heard)
    return (*lines, *missing_lines(found, retriever))


def missing_lines(found: Found, retriever: Retriever) -> tuple[str, ...]:
    """For each party whose wish a question asks for that there is no document of it."""
    return tuple(texts().geen_document.format(partij=p) for p in retriever.sources.missing(found.question))


def _of_each(theme: str, found: Found, retriever: Retriever, limits: Thresholds) -> tuple[list[Hit], tuple[str, ...]]:
    heard = voices(theme, retriever, limits, within=found.compared, most=limits.kolom_hoogstens_bij_vraag)
    return [h for v in heard for h in v.hits], tuple(nothing_line(v) for v in heard if not v.hits)


def _accord_first(
    theme: str, found: Found, chosen: Sequence[Hit], retriever: Retriever, limits: Thresholds
) -> tuple[list[Hit], tuple[str, ...]]:
    """The passages, with what the accord says about it, or that it says nothing and whose words these are."""
    documents = retriever.index.documents
    accord = {d.id for d in documents.values() if d.sidecar.soort == ACCORD}
    named = bool(accord & found.named)
    if not accord or not chosen or (found.named and not named):
        return list(chosen), ()
    in_accord = chosen[0].passage.document in accord or any(
        h.passage.document in accord and _states(h.passage) for h in chosen
    )
    wishes = [h for h in chosen if h.passage.document not in accord]
    # What the municipality itself writes is nobody's wish.
    is_wish = all(documents[h.passage.document].sidecar.soort in texts().van_wie for h in wishes)
    if not named and (in_accord or not is_wish):
        return list(chosen), ()
    heard = voices(theme, retriever, limits, most=1)
    own = [h for v in heard for h in v.hits if v.is_accord]
    others = [h for v in heard for h in v.hits if not v.is_accord]
    if in_accord:
        ahead = max(others, key=retriever.log_odds, default=None)
        lead = retriever.log_odds(ahead) - max(map(retriever.log_odds, own), default=0.0) if ahead and own else 0.0
        if ahead is None or lead < limits.wens_voor or not texts().asks_whether_agreed(found.question):
            return list(chosen), ()
        return [*chosen[: limits.bronnen_hoogstens - 1], ahead], (
            texts().ook_wens,
            *_whose([documents[ahead.passage.document]]),
        )
    if own:
        return ([*own, *chosen] if named else list(chosen)), ()
    if not named and not texts().asks_what_comes(found.question) and _accord_is_near(theme, accord, retriever, limits):
        return list(chosen), ()
    whose = _whose(documents[h.passage.document] for h in wishes)
    if _accord_has_part(theme, accord, retriever):
        return wishes, whose
    return wishes, (texts().niet_in_akkoord, *whose)


def _accord_has_part(theme: str, accord: Collection[str], retriever: Retriever) -> bool:
    """Whether one statement of the accord has the rarest word of the theme, what that compound is a kind of
    ('verkeersveiligheid': veiligheid), or both its parts ('ontmoetingsplekken': plekken om te ontmoeten): then it may
    say it in other words."""
    asked = re.sub(texts().vraagt_wat_komt, " ", " ".join(words(theme)))
    content = [w for w in asked.split() if w not in stop_words()]
    if not content:
        return False
    rarest = min(content, key=lambda w: zipf().get(w, 0.0))
    cuts = range(SHORTEST_PART, len(rarest) - SHORTEST_PART + 1) if rarest.isalpha() else ()
    splits = [(rarest[:n].removesuffix("s"), rarest[n:]) for n in cuts]
    splits = [parts for parts in splits if all(p in zipf() for p in parts)]
    known = [tuple(map(stem, parts)) for parts in splits]
    heads = {stem(rarest), *(stem(head) for _, head in splits if zipf()[head] < EVERYDAY)}
    for passage in retriever.index.passages:
        if passage.document in accord and _states(passage):
            said = {stem(w) for w in words(passage.quote)}
            if said & heads or any(all(_said(part, said) for part in parts) for parts in known):
                return True
    return False


def _said(part: str, stems: Collection[str]) -> bool:
    return any(s == part or (len(part) > SHORTEST_PART and s.startswith(part)) for s in stems)


def _accord_is_near(theme: str, accord: Collection[str], retriever: Retriever, limits: Thresholds) -> bool:
    """Whether the accord may say it after all; a question that does not ask for it is then not told otherwise."""
    everywhere, in_accord = retriever.search_each(theme, (None, accord))
    best = max(map(retriever.log_odds, everywhere.hits), default=0.0)
    own = max(map(retriever.log_odds, in_accord.hits), default=-math.inf)
    return own >= best - limits.akkoord_ver


def _whose(documents: Iterable[Document]) -> tuple[str, ...]:
    """For each kind of document a line that says whose words they are."""
    by_kind: dict[str, dict[str, None]] = {}
    for document in documents:
        by_kind.setdefault(document.sidecar.soort, {})[document.sidecar.spreker] = None
    lines = texts().van_wie
    return tuple(lines.get(k, lines["anders"]).format(spreker=" en ".join(who)) for k, who in by_kind.items())


def compare(theme: str, retriever: Retriever, limits: Thresholds) -> Comparison:
    """A theme side by side.

    Args:
        theme: a word or a question, as typed.
        retriever: of the index.
        limits: the thresholds.
    """
    about = retriever.sources.theme(theme)
    parts = [about] if retriever.sources.named(theme) else [retriever.sources.theme(p) for p in _parts(theme)]
    heard = _of_parts(parts, retriever, limits)
    year = _accord_year(retriever.index.documents.values())
    columns = tuple(_column(voice.documents, voice.hits, retriever, year) for voice in heard)
    shown = [hit.position for voice in heard for hit in voice.hits]
    sides = []
    for contradiction in touched(about, shown, retriever.contradictions):
        hits = tuple(retriever.hit_of(i) for i in contradiction.positions)
        documents = tuple(retriever.index.documents[i] for i in dict.fromkeys(h.passage.document for h in hits))
        sides.append(_column(documents, hits, retriever, year, contradiction.note))
    return Comparison(theme, columns, tuple(sides))


def _parts(theme: str) -> list[str]:
    """'jeugd en school' is two themes; a longer sentence is one."""
    parts = [p.strip() for p in re.split(r"\s(?:en|of|&)\s", theme)]
    return parts if len(theme.split()) <= SHORT and all(parts) else [theme]


def _of_parts(parts: Sequence[str], retriever: Retriever, limits: Thresholds) -> tuple[Voice, ...]:
    """The voices on each part, the best of each in turn, as many as for one theme."""
    heard = [voices(part, retriever, limits, most=limits.kolom_hoogstens) for part in parts]
    made = []
    for same in zip(*heard, strict=True):
        turns = [h for turn in zip_longest(*(v.hits for v in same)) for h in turn if h is not None]
        once: dict[int, Hit] = {}
        for hit in turns:
            once.setdefault(hit.position, hit)
        made.append(Voice(same[0].documents, tuple(once.values())[: limits.kolom_hoogstens]))
    return tuple(made)


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


def as_text(found: Comparison) -> str:
    """A comparison as plain text for a terminal."""
    blocks = [" ".join(found.lead)] if found.lead else []
    for column in (*found.columns, *found.contradictions):
        old = f" {texts().oud}" if column.old else ""
        lines = [column.heading, f"({column.date}.{old})"]
        lines += [f"{z.tekst} {''.join(f'[{n}]' for n in z.bronnen)}" for z in column.sentences] or [texts().leeg]
        lines += [f"[{s.nummer}] {s.titel}, {s.pagina}: “{s.citaat}”" for s in column.sources]
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, texts().geen_oordeel])
