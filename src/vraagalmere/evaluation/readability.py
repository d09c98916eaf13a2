"""How readable are our own sentences? Figures, not a verdict: B1 is a level of a reader, not of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from ..answer import Answer
from ..dutch import collapse, words, zipf

COMMON = 3.0
"""Zipf frequency from which a word is common: once in a million words or more (Van Heuven et al. 2014)."""
_VOWELS = re.compile(r"eau|aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|eu|oe|ou|au|ei|ij|ui|[aeiouyäëïöüàèéêîôûá]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def own_sentences(answer: Answer) -> list[str]:
    """The sentences that are ours: those that do not hold the literal quote of a source."""
    quotes = [collapse(s.citaat) for s in answer.bronnen]
    return [z.tekst for z in answer.zinnen if not any(q in collapse(z.tekst.replace(" · ", " ")) for q in quotes)]


def syllables(word: str) -> int:
    """Groups of vowels of a Dutch word; a diaeresis begins a new one ('coalitie' 4, 'ideeën' 3). At least 1."""
    return max(1, len(_VOWELS.findall(word.lower())))


def words_per_sentence(sentences: Sequence[str]) -> float | None:
    """Words divided by sentences."""
    counts = [len(_WORD.findall(s)) for s in sentences]
    return sum(counts) / len(counts) if counts else None


def flesch_douma(sentences: Sequence[str]) -> float | None:
    """206.84 − 0.77·wl − 0.93·sl, with wl syllables per 100 words and sl words per sentence (Douma 1960).

    About 0 (very hard) to 100 (very easy); 60 to 70 is plain.
    """
    found = [w for s in sentences for w in _WORD.findall(s)]
    if not found:
        return None
    per_100 = 100 * sum(map(syllables, found)) / len(found)
    return 206.84 - 0.77 * per_100 - 0.93 * len(found) / len(sentences)


def common_words(sentences: Sequence[str], explained: frozenset[str]) -> float | None:
    """Share of the words that are common (Zipf ≥ 3), a number, or explained in the word list."""
    found = [w for s in sentences for w in words(s)]
    known = [w[0].isdigit() or w in explained or zipf().get(w, 0.0) >= COMMON for w in found]
    return sum(known) / len(known) if known else None


def explained_words(corpus: Path) -> frozenset[str]:
    """The folded words that corpus/woordenlijst.yaml explains (`term`, `vormen`); none when there is no such file."""
    path = corpus / "woordenlijst.yaml"
    if not path.is_file():
        return frozenset()
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    names = [name for entry in entries for name in (entry["term"], *entry.get("vormen", ()))]
    return frozenset(w for name in names for w in words(name))
