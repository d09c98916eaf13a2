"""Do the documents answer this question at all? One calibrated probability.

A text classifier knows how a question sounds that these documents do not answer (trained on the edition's
`vragen` against its `onbeantwoord` and on far questions); the search knows how near the nearest answered and
unanswered questions are. A second logistic regression joins them (data/modellen/antwoordbaar.json, trained by
tools/leer_modellen.py).
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from .classifier import open_classifier, sigmoid
from .dutch import stop_words, words, zipf
from .retrieval import FEATURES, Found

SIGNALS = (
    "tekst", "ver", "tekst_kern", "dichtste_vraag", "dichtste_onbeantwoord", "verschil", "dekking", "onbekend",
    "bm25", "bm25_vragen", "cos_gewone_taal", "dekking_tekst", "voorsprong", "lengte",
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
        ]
    )


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
