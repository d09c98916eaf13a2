"""Whose portfolio a statement falls under: by the words it shares with a line of the portfolio list.

A statement's own words decide first (a duty by its name, or a subject that data/portefeuilles.yaml maps to one), then
the heading it stands under, then the chapter. Where none of them names a duty, nobody is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from .dutch import compound_parts, fold, sentences, stem, stop_words, words
from .portfolios import Duty, Person, names

MOST = 2
"""Holders of one statement: more than this says that the words choose nobody."""
_ASIDE = re.compile(
    r",? (?:zoals|waarbij|waarin|waarmee|zodat|omdat|onder meer|onder andere|tussen|om|juist|door|incl\.) .*|"
    r", (?:met|ook|als|die|dat|en dat) .*"
)
"""What follows these says how, why or with whom: a duty named there is not what the statement is about."""


@dataclass(frozen=True)
class Link:
    """Someone who holds a text, and by what."""

    person: Person
    duty: Duty
    """The line of the list."""
    word: str
    """The folded words of the text that lead to it."""
    why: str
    """In Dutch."""


def root(word: str) -> str:
    """The stem with its double vowels single: 'school' and 'scholen' are one word."""
    return re.sub(r"([aeou])\1", r"\1", stem(word))


@cache
def _too_broad() -> frozenset[str]:
    return frozenset(stem(fold(w)) for w in names()["te_ruim"])


@cache
def items(line: str) -> tuple[frozenset[str], ...]:
    """The duties that a line of the list names, each as its stems: 'Armoede en schuldhulpverlening' names two, 'Basis-
    en middelbaar onderwijs' one."""
    parts = re.split(r"[,/:()]|(?<!-) en ", re.sub(r"^\((\w+)\)", r"\1", line))
    stems = (frozenset(stem(w) for w in words(p) if w not in stop_words()) for p in parts)
    return tuple(s for s in stems if s and not s <= _too_broad())


def core(statement: str) -> str:
    """What a statement is about: its first sentence without what is in brackets and without how, why and with whom.

    A single word in brackets stays: '(technisch) onderwijs'.
    """
    text = re.sub(r"\((\w+)\)", r"\1", next(iter(sentences(statement)), ""))
    return _ASIDE.sub("", re.sub(r"\([^)]*\)", "", text))


def _pattern(word: str) -> str:
    folded = re.escape(fold(word))
    return rf"(?<![\w-]){folded[:-2]}\w*" if word.endswith("*") else rf"(?<![\w-]){folded}(?![\w-])"


@cache
def _subjects(places: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], list[str], str], ...]:
    """(pattern of its words, possible words of its duty, why) of each subject that has one of these lists of words."""
    found = []
    for subject in names()["onderwerpen"]:
        listed = [w for place in places for w in subject.get(place, ())]
        if listed:
            pattern = re.compile("|".join(_pattern(w) for w in sorted(listed, key=len, reverse=True)))
            duty = subject["taak"]
            found.append((pattern, [fold(d) for d in ([duty] if isinstance(duty, str) else duty)], subject["waarom"]))
    return tuple(found)


def by_subject(text: str, persons: Sequence[Person], places: tuple[str, ...]) -> Iterator[tuple[int, Link]]:
    """Duties that the data file maps words of `text` to, each with where in the folded text the word stands."""
    folded = fold(text)
    for pattern, duty_words, why in _subjects(places):
        match = pattern.search(folded)
        if match:
            for person in persons:
                line = next((d for d in person.lines if any(_holds(d.text, w) for w in duty_words)), None)
                if line:
                    reason = f"‘{match[0]}’ hoort bij ‘{line.text}’: {why}"
                    yield match.start(), Link(person, line, match[0], reason)


def _holds(line: str, folded_words: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(folded_words)}(?!\w)", fold(line)) is not None


def by_name(text: str, persons: Sequence[Person], specific: bool) -> Iterator[tuple[int, Link]]:
    """Duties that `text` names itself, each with where in the folded text it does.

    Args:
        specific: only by compounds and names of several words; a plain word such as 'cultuur' also stands in a
            statement about something else.
    """
    places: dict[str, re.Match[str]] = {}
    for match in re.finditer(r"[a-z]+", fold(text)):
        places.setdefault(stem(match[0]), match)
    for person in persons:
        best: tuple[int, Link] | None = None
        for line in person.duties if specific else person.lines:
            for item in items(line.text):
                if item <= places.keys() and (not specific or _specific(item, line.text)):
                    found = sorted((places[s] for s in item), key=lambda m: m.start())
                    said = " … ".join(m[0] for m in found)
                    if best is None or found[0].start() < best[0]:
                        reason = f"‘{said}’ staat in de taak ‘{line.text}’"
                        best = found[0].start(), Link(person, line, said, reason)
        if best:
            yield best


def _specific(item: frozenset[str], line: str) -> bool:
    return len(item) > 1 or any(stem(w) in item and compound_parts(w) for w in words(line))


def named(text: str, persons: Sequence[Person], specific: bool, places: tuple[str, ...]) -> list[tuple[int, Link]]:
    """Duties that `text` is about, by name or by subject; a word inside the phrase of a subject counts only there
    ('Jeugdfonds Sport en Cultuur' is not about culture)."""
    folded = fold(text)
    rest = folded
    for pattern, _, _ in _subjects(places):
        for match in pattern.finditer(folded):
            if " " in match[0]:
                rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    return [*by_name(rest, persons, specific), *by_subject(text, persons, places)]


def holders_of(
    statement: str, headings: Sequence[str], persons: Sequence[Person], *, is_row: bool = False
) -> tuple[Link, ...]:
    """Who holds a statement: at most `MOST` persons, () where the list does not say.

    Args:
        statement: the literal text, or the label of a table row.
        headings: those above it, the nearest last.
        persons: the members of the college.
        is_row: a label is read as a heading is: it is short and about one thing.
    """
    own = named(core(statement), persons, *((False, ("woorden", "koppen")) if is_row else (True, ("woorden",))))
    held = _distinct(link for _, link in own)
    if 0 < len(held) <= MOST:
        return tuple(replace(link, why=f"In de tekst: {link.why}.") for link in held)
    for heading in reversed(headings):
        about = named(heading, persons, False, ("woorden", "koppen"))
        first = min((start for start, _ in about), default=0)
        held = _distinct(link for start, link in about if start == first)
        if 0 < len(held) <= MOST:
            return tuple(replace(link, why=f"In de kop ‘{heading}’: {link.why}.") for link in held)
    return ()


def _distinct(links: Iterable[Link]) -> list[Link]:
    """The first link of each person."""
    kept: dict[str, Link] = {}
    for link in links:
        kept.setdefault(link.person.name, link)
    return list(kept.values())
