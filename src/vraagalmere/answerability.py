"""Do the documents answer this question at all? One calibrated probability.

A text classifier knows how a question sounds that these documents do not answer (trained on the edition's
`vragen` against its `onbeantwoord` and on far questions); the search knows how near the nearest answered and
unanswered questions are. A second logistic regression joins them (data/modellen/antwoordbaar.json, trained by
tools/leer_modellen.py, also on questions whose own passage was taken away).
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from .classifier import open_classifier, sigmoid
from .dutch import stop_words, words, zipf
from .faithful import numbers
from .retrieval import FEATURES, Found

SIGNALS = (
    "tekst", "ver", "tekst_kern", "dichtste_vraag", "dichtste_onbeantwoord", "verschil", "dekking", "onbekend",
    "bm25", "bm25_vragen", "cos_gewone_taal", "dekking_tekst", "voorsprong", "lengte", "zeldzaamste", "gevraagd_soort",
)  # fmt: skip
"""What the second regression looks at."""


def signals(question: str, found: Found) -> NDArray[np.float64]:
    """(len(SIGNALS),) what is known about whether `question` is answered; see SIGNALS for the order."""
    best = found.hits[0].features if found.hits else np.zeros(len(FEATURES))
    at = {name: float(best[i]) for i, name in enumerate(FEATURES)}
    content = [w for w in words(found.question) if w not in stop_words()]
    unknown = [w for w in content if w not in found.vocabulary]
    # An unknown word weighs by how common it is in Dutch: a common one the documents never use points elsewhere.
    strange = sum(zipf().get(w, 2.0) for w in unknown) / max(1.0, sum(zipf().get(w, 2.0) for w in content))
    second = found.hits[1].relevance if len(found.hits) > 1 else 0.0
    return np.array(
        [
            open_classifier("onbeantwoord").logit(question),
            open_classifier("ver").logit(question),
            open_classifier("onbeantwoord").logit(found.core),
            found.nearest_question,
            found.nearest_unanswered,
            found.nearest_question - found.nearest_unanswered,
            found.coverage,
            strange,
            at["bm25_alles"],
            at["bm25_vragen"],
            at["cos_gewone_taal"],
            at["dekking_tekst"],
            (found.hits[0].relevance if found.hits else 0.0) - second,
            float(np.log1p(len(content))),
            at["zeldzaamste"],
            _asked_kind(found),
        ]
    )


_AMOUNT = re.compile(r"\b(hoeveel|percentage|procent|aantal|hoe (veel|lang|oud|groot|hoog))\b")
_TIME = re.compile(r"\b(wanneer|welk jaar|hoe laat)\b")
_MOMENT = re.compile(
    r"\b((19|20)\d\d|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|jaar|week"
    r"|maand|dag|uur)\b"
)


def _asked_kind(found: Found) -> float:
    """1 when a number or a time is asked for and the best passage has one, -1 when it has none; 0 for the rest."""
    asks = _AMOUNT.search(found.core), _TIME.search(found.core)
    if not any(asks) or not found.hits:
        return 0.0
    said = found.hits[0].passage.searchable
    return 1.0 if (numbers(said) if asks[0] else _MOMENT.search(said.lower())) else -1.0


@cache
def _model() -> tuple[float, NDArray[np.float64]]:
    raw = json.loads(files("vraagalmere").joinpath("data", "modellen", "antwoordbaar.json").read_text(encoding="utf-8"))
    return float(raw["basis"]), np.array([raw["gewichten"][s] for s in SIGNALS])


def probability(question: str, found: Found) -> float:
    """Probability, 0…1, that the documents answer `question`."""
    if not found.hits:
        return 0.0
    bias, weights = _model()
    return sigmoid(bias + float(signals(question, found) @ weights))
