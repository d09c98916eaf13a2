"""Texts to vectors: the built-in embedder, or any sentence-transformers model by name.

Both are LangChain-core `Embeddings`, so others can use them and a user can swap them. The built-in one is a
bag of learned feature vectors (words, stems, compound parts, letter groups): sentence-transformers'
StaticEmbedding, trained by tools/maak_embedder.py, read here with NumPy alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from .dutch import compound_parts, stem, stop_words, words
from .errors import ExtraMissing, SettingsError

Vectors = NDArray[np.float32]

_FULL_WEIGHT = frozenset("waar wanneer waarom hoeveel wie hoelang welke".split())
"""Stop words that say what kind of answer is asked for: the embedder sees them, BM25 does not."""


class Embedder(Protocol):
    """What the index needs of an embedder. Rows are float32 of unit length (a zero row: nothing was known)."""

    name: str

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passage texts, (len(texts), dim)."""
        ...

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, (len(texts), dim)."""
        ...


def unit_rows(vectors: NDArray[np.floating]) -> Vectors:
    """The rows of `vectors` at unit length; a zero row stays zero."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(vectors / np.where(length == 0, 1, length), dtype=np.float32)


def features(text: str) -> list[str]:
    """The features of a text that the built-in embedder knows vectors for.

    Words (`w`), stems (`s`), compound parts (`p`) and groups of three and four letters (`g`, with `<` and
    `>` at the ends of a word, after fastText: Bojanowski et al. 2017). Stop words give none.
    """
    found: list[str] = []
    for word in words(text):
        if word in stop_words():
            if word in _FULL_WEIGHT:
                found.append("w" + word)
            continue
        found.append("w" + word)
        found.append("s" + stem(word))
        for part in compound_parts(word):
            found.append("s" + stem(part))
        marked = f"<{word}>"
        for n in (3, 4):
            found.extend("g" + marked[i : i + n] for i in range(len(marked) - n + 1) if len(marked) > n)
    return found


class BuiltinEmbedder(Embeddings):
    """The embedder that ships with the project: tokenizer.json and model.safetensors, no torch.

    Raises:
        SettingsError: when the files are missing or damaged.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(str(files("vraagalmere").joinpath("data", "embedder")))
        try:
            tokenizer = json.loads((self.folder / "tokenizer.json").read_text(encoding="utf-8"))
            self._rows: dict[str, int] = tokenizer["model"]["vocab"]
            self._table = _read_safetensors(self.folder / "model.safetensors")["embedding.weight"]
        except (OSError, KeyError, ValueError) as exc:
            raise SettingsError(
                f"De ingebouwde embedder in {self.folder} ontbreekt of is beschadigd. Maak hem met: make embedder"
            ) from exc
        self.name = f"ingebouwd-{_fingerprint(self.folder / 'model.safetensors')}"

    def passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._table.shape[1]), dtype=np.float32)
        for i, text in enumerate(texts):
            rows = [self._rows[f] for f in features(text) if f in self._rows]
            if rows:
                vectors[i] = self._table[rows].astype(np.float32).mean(axis=0)
        return unit_rows(vectors)

    queries = passages

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.passages(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self.queries([text])[0].tolist()  # type: ignore[no-any-return]


def _fingerprint(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _read_safetensors(path: Path) -> dict[str, NDArray[np.generic]]:
    """The tensors of a safetensors file (8-byte length, JSON header, raw data), as read-only arrays."""
    kinds = {"F32": np.float32, "F16": np.float16}
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = (8 + size + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(data[start:end], dtype=kinds[entry["dtype"]]).reshape(entry["shape"])
    return tensors


_PREFIXES = {"e5": ("query: ", "passage: ")}
"""Question and passage prefixes that a family of models is trained with (Wang et al. 2022), by a part of its name."""


class SentenceTransformersEmbedder(Embeddings):
    """Any sentence-transformers model, by name or folder. Needs the extra 'modellen' (torch).

    Raises:
        ExtraMissing: when sentence-transformers is not installed.
    """

    def __init__(self, model: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as exc:
            raise ExtraMissing("sentence-transformers", "modellen") from exc
        try:
            self._model = SentenceTransformer(model, device="cpu")
        except (OSError, ValueError) as exc:
            raise SettingsError(
                f"Het model '{model}' staat niet op deze computer en is niet op te halen. "
                "Geef de map van een model dat er wel is, of gebruik: --embedder ingebouwd"
            ) from exc
        self.name = model
        family = next((f for f in _PREFIXES if f in Path(model).name.lower()), None)
        self._query_prefix, self._passage_prefix = _PREFIXES.get(family or "", ("", ""))

    def _encode(self, texts: Sequence[str], prefix: str) -> Vectors:
        vectors = self._model.encode([prefix + t for t in texts], convert_to_numpy=True, show_progress_bar=False)
        return unit_rows(np.asarray(vectors))

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._passage_prefix)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._query_prefix)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.passages(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self.queries([text])[0].tolist()  # type: ignore[no-any-return]


@cache
def open_embedder(name: str) -> Embedder:
    """The embedder of that name; opened once."""
    return BuiltinEmbedder() if name == "ingebouwd" else SentenceTransformersEmbedder(name)
