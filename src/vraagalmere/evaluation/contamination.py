"""Is a gold question also in what the index or the training uses? Then a score would measure memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import yaml

from ..dutch import words
from ..edition import FOLDER
from .sets import Question

NEAR_DUPLICATE = 0.8
"""Jaccard likeness of the sets of four-character groups from which two questions count as the same."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Contamination:
    """A gold question that occurs where it must not. Names places, not words: a test question stays unseen."""

    question: str
    """Id of the gold question."""
    place: str
    likeness: float
    """Jaccard likeness of the four-character groups, 0…1; 1 when equal after folding."""


def folded(text: str) -> str:
    """Lower case, no accents or punctuation, single spaces."""
    return " ".join(words(text))


def four_grams(text: str) -> frozenset[str]:
    """The groups of four characters of a folded text; a shorter text is one group."""
    return frozenset(text[i : i + 4] for i in range(max(1, len(text) - 3)))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """|a ∩ b| / |a ∪ b| (Jaccard 1912), 0…1; 0 for two empty sets."""
    union = len(a | b)
    return len(a & b) / union if union else 0.0


def used_texts(corpus: Path) -> Iterator[tuple[str, str]]:
    """(place, text) of everything a question could have leaked into: edition, training examples, synonyms."""
    for path in sorted((corpus / FOLDER).glob("*.yaml")):
        for record in yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader) or []:
            for key in ("vragen", "onbeantwoord"):
                yield from ((f"{path.name}, {record['passage']}, {key}", text) for text in record[key])
    data = files("vraagalmere").joinpath("data")
    for item in sorted(data.joinpath("voorbeelden").iterdir(), key=lambda i: i.name):
        if item.name.endswith(".txt"):
            yield from _lines(item.name, item.read_text(encoding="utf-8"))
    for place, line in _lines("synoniemen.txt", data.joinpath("synoniemen.txt").read_text(encoding="utf-8")):
        yield from ((place, part) for part in line.split(","))


def _lines(name: str, text: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield f"{name}, regel {number}", line


def contaminations(questions: Iterable[Question], texts: Iterable[tuple[str, str]]) -> list[Contamination]:
    """Every gold question that occurs in `texts` ((place, text) pairs), equal or near-duplicate, with the place."""
    gold = [(q.id, folded(q.vraag)) for q in questions]
    grams = [four_grams(text) for _, text in gold]
    holders: dict[str, list[int]] = defaultdict(list)
    for i, group in enumerate(grams):
        for gram in group if gold[i][1] else ():
            holders[gram].append(i)
    found = []
    for place, raw in texts:
        text = folded(raw)
        own = four_grams(text)
        shared = Counter(i for gram in own for i in holders.get(gram, ()))
        for i, count in shared.items():
            likeness = 1.0 if text == gold[i][1] else count / (len(own) + len(grams[i]) - count)
            if likeness >= NEAR_DUPLICATE:
                found.append(Contamination(gold[i][0], place, likeness))
    return found
