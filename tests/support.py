"""Shared by the tests: where the checkout is, and an embedder that can be worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vraagalmere.embeddings import Vectors, unit_rows

ROOT = Path(__file__).parent.parent


class LengthEmbedder:
    """An embedder worked out by hand: (number of words, number of vowels, 1), made unit length."""

    name = "lengte"

    def passages(self, texts: Sequence[str]) -> Vectors:
        rows = [[len(t.split()), sum(c in "aeiou" for c in t), 1.0] for t in texts]
        return unit_rows(np.array(rows, dtype=np.float32).reshape(len(texts), 3))

    queries = passages
