"""Small linear text classifiers, their weights as data (data/modellen/*.json), trained by tools/leer_grenzen.py.

Logistic regression on binary word and letter n-grams (Wang and Manning 2012 show how strong that is on short
texts). No torch, no pickle: a classifier is a dictionary of weights that a person can read.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files
from itertools import pairwise

from .dutch import words

Weights = dict[str, float]


def ngrams(text: str) -> frozenset[str]:
    """Words, pairs and triples of neighbouring words, and letter groups of 3 to 5 with the word's ends marked.

    Stop words stay in: 'mag ik' and 'hoeveel kost' are what these classifiers are about. Digits become '0'.
    """
    tokens = ["0" * len(w) if w.isdigit() else w for w in words(text)]
    padded = ["^", *tokens, "$"]
    found = set(tokens)
    found.update(f"{a} {b}" for a, b in pairwise(padded))
    found.update(f"{a} {b} {c}" for a, b, c in zip(padded, padded[1:], padded[2:]))
    for token in tokens:
        marked = f"<{token}>"
        for n in (3, 4, 5):
            found.update(f"#{marked[i : i + n]}" for i in range(len(marked) - n + 1) if len(marked) > n)
    return frozenset(found)


class TextClassifier:
    """A trained classifier.

    Args:
        bias: log-odds of a text with no known n-gram.
        weights: log-odds that each n-gram adds, divided by the root of the number of n-grams in the text.
    """

    def __init__(self, bias: float, weights: Weights) -> None:
        self._bias = bias
        self._weights = weights

    def logit(self, text: str) -> float:
        """Log-odds that `text` is of the class."""
        found = ngrams(text)
        total = sum(self._weights.get(g, 0.0) for g in found)
        return self._bias + total / math.sqrt(max(1, len(found)))

    def probability(self, text: str) -> float:
        """Probability, 0…1, that `text` is of the class."""
        return sigmoid(self.logit(text))


def sigmoid(logit: float) -> float:
    """1 / (1 + e^-logit), without overflow."""
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


@cache
def open_classifier(name: str) -> TextClassifier:
    """The classifier of data/modellen/<name>.json."""
    raw = json.loads(files("vraagalmere").joinpath("data", "modellen", f"{name}.json").read_text(encoding="utf-8"))
    return TextClassifier(raw["basis"], raw["gewichten"])
