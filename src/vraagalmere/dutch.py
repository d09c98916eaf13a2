"""Dutch text: white space, sentences, words, stems, compound parts, typing errors.

Everything here is deterministic and works word by word on folded text (lower case, no accents, no
invisible characters). The general word list is data/woorden.tsv (wordfreq, CC BY-SA 4.0).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from importlib.resources import files

import Stemmer

_WHITE = re.compile(r"\s+")
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9À-Þ])")
_CLOSED = re.compile(r"[.!?:;…][\"'”’)\]]*\s*$|”\s*$")
_ABBREVIATION = re.compile(
    r"(?:(?<![\w'’])(?:[A-Za-z]|bijv|incl|excl|etc|o\.a|e\.d|t\.a\.v|i\.p\.v|b\.v|m\.b\.t|d\.w\.z|evt|nr|mr|dr|drs|ir|mln|mld|St|ca|art)\.)$"
)
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+(?:\d+[a-z]*)?")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

MAX_MENDED = 24
"""Unknown words of a question that are mended: a question with more is no question with slips."""
MAX_WORD = 40
"""Letters of a word that are looked at: no Dutch word in the word list is longer."""


def collapse(text: str) -> str:
    """Runs of white space, also U+202F and U+00A0, become one space; the ends are trimmed."""
    return _WHITE.sub(" ", text).strip()


def ends_sentence(text: str) -> bool:
    """Whether `text` closes with a final mark that is not the full stop of an abbreviation."""
    return bool(_CLOSED.search(text)) and not _ABBREVIATION.search(text.rstrip())


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans [start, end) of the sentences of `text`, without the white space between them."""
    start = 0
    for match in _END.finditer(text):
        if _ABBREVIATION.search(text[start : match.end()]):
            continue
        yield start, match.end()
        start = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
    if text[start:].strip():
        yield start, len(text.rstrip())


def sentences(text: str) -> list[str]:
    """The sentences of `text`."""
    return [text[a:b] for a, b in sentence_spans(text)]


def fold(text: str) -> str:
    """Lower case, without accents, invisible and direction characters; look-alike forms made plain (NFKC)."""
    if text.isascii() and text.isprintable():
        return text.lower()
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower().replace("’", "'")
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The folded words and numbers of `text`, in order; apostrophes end a word ('foto's' gives 'foto', 's')."""
    return [w[:MAX_WORD] for w in _WORD.findall(fold(text))]


@cache
def _data_lines(name: str) -> tuple[str, ...]:
    text = files("vraagalmere").joinpath("data", name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def stop_words() -> frozenset[str]:
    """Words that say nothing about the subject of a question (data/stopwoorden.txt)."""
    return frozenset(fold(word) for line in _data_lines("stopwoorden.txt") for word in line.split())


@cache
def zipf() -> dict[str, float]:
    """Zipf frequency (log10 of occurrences per billion words, 1.6…7.7) of 80,000 folded Dutch words."""
    table: dict[str, float] = {}
    for line in _data_lines("woorden.tsv"):
        word, value = line.split("\t")
        key = fold(word)
        table[key] = max(float(value), table.get(key, 0.0))
    return table


_stemmer = Stemmer.Stemmer("dutch")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Snowball stem of a folded word."""
    return str(_stemmer.stemWord(word))


_LINKS = ("", "s", "en", "e", "n")
_PART_ZIPF = 3.0
"""Least frequency of a compound part: below it the list holds names and slips that split nonsense."""


@lru_cache(maxsize=50_000)
def compound_parts(word: str) -> tuple[str, ...]:
    """The words a compound is made of ('woningtoewijzing' → 'woning', 'toewijzing'), or () for a simple word.

    The split with the commonest rarest part wins; a frequent simple word is left alone. Monz and De Rijke
    (CLEF 2001) found up to 69 % better Dutch retrieval from such splitting.
    """
    if len(word) < 7 or not word.isalpha():
        return ()
    table = zipf()
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for cut in range(3, len(word) - 2):
        head, tail = word[:cut], word[cut:]
        tail_value = table.get(tail, 0.0) if len(tail) >= 3 else 0.0
        rest: tuple[str, ...] = (tail,)
        if tail_value < _PART_ZIPF and len(tail) >= 7:
            rest = compound_parts(tail)
            tail_value = min((table[p] for p in rest), default=0.0) - 0.5
        if tail_value < _PART_ZIPF - 0.5:
            continue
        for link in _LINKS:
            if link and not head.endswith(link):
                continue
            base = head[: len(head) - len(link)] if link else head
            value = table.get(base, 0.0)
            short = min(len(base), *(len(p) for p in rest))
            needed = _PART_ZIPF + (1.2 if short < 4 else 0.0)
            worth = min(value, tail_value) + 0.35 * short - (0.3 if link else 0.0)
            if len(base) >= 3 and min(value, tail_value + 0.5) >= needed and worth > best[0]:
                best = (worth, (base, *rest))
    own = table.get(word, 0.0)
    parts = best[1]
    if not parts or own > min(table.get(p, 0.0) for p in parts) + 0.3:
        return ()
    return parts


def terms(text: str) -> list[str]:
    """The search terms of `text`: stems of its words and of the parts of its compounds, stop words left out."""
    found = []
    for word in words(text):
        if word in stop_words():
            continue
        found.append(stem(word))
        found.extend(stem(p) for p in compound_parts(word) if p not in stop_words())
    return found


class Speller:
    """Mends typing errors in a question towards the words of the documents.

    Args:
        vocabulary: the folded words that can be found, with how often each occurs.
    """

    KNOWN_ZIPF = 2.6
    """A word this common in Dutch is taken as meant, also when the documents lack it."""

    def __init__(self, vocabulary: dict[str, int]) -> None:
        self._vocabulary = vocabulary
        table = zipf()
        self._weight = {
            word: (1.0 if word in vocabulary else 0.0) + table.get(word, 1.5) / 8
            for word in vocabulary.keys() | {w for w, z in table.items() if z >= 3.2}
            if len(word) >= 3
        }
        self._choices = list(self._weight)
        self._cache: dict[str, str] = {}

    def known(self, word: str) -> bool:
        return (
            word in self._vocabulary or zipf().get(word, 0.0) >= self.KNOWN_ZIPF or not word.isalpha() or len(word) < 5
        )

    def mend(self, word: str) -> str:
        """The word that was meant: `word` itself when it is known or nothing is near enough.

        Near enough is one slip (letter changed, added, left out, or two swapped: Damerau 1964), two from
        eight letters on.
        """
        if self.known(word):
            return word
        if word not in self._cache:
            self._cache[word] = self._nearest(word)
        return self._cache[word]

    def _nearest(self, word: str) -> str:
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        if compound_parts(word):
            return word
        limit = 1 if len(word) < 8 else 2
        near = process.extract(
            word,
            self._choices,
            scorer=DamerauLevenshtein.distance,
            score_cutoff=limit,
            limit=12,
        )
        if not near:
            return word
        worth = {w: self._weight[w] + 0.3 * (w[0] == word[0]) - 0.9 * distance for w, distance, _ in near}
        return max(worth, key=lambda w: worth[w])

    def mend_text(self, text: str) -> str:
        """`text` folded, each unknown word mended, and two words joined where only the whole is known ('stads pas')."""
        unknown: set[str] = set()
        mended = []
        for word in words(text):
            if len(unknown) < MAX_MENDED or word in unknown or self.known(word):
                mended.append(self.mend(word))
                unknown |= {word} if not self.known(word) else set()
            else:
                mended.append(word)
        joined = []
        for i, word in enumerate(mended):
            joined.append(word)
            if i + 1 < len(mended) and word + mended[i + 1] in self._vocabulary and len(word) > 2:
                joined.append(word + mended[i + 1])
        return " ".join(joined)


def vocabulary_of(texts: Collection[str]) -> Counter[str]:
    """How often each folded word, and each part of a compound, occurs in `texts`."""
    counts: Counter[str] = Counter()
    for text in texts:
        for word in words(text):
            for w in (word, *compound_parts(word)):
                counts[w] += 1
    return counts


@cache
def synonym_groups() -> tuple[tuple[str, ...], ...]:
    """Groups of words and short phrases that people use for the same thing (data/synoniemen.txt), folded."""
    return tuple(
        tuple(" ".join(words(part)) for part in line.split(",") if part.strip())
        for line in _data_lines("synoniemen.txt")
    )
