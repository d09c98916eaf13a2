"""Which documents and parties a question names (data/bronnamen.json)."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from .dutch import words


@cache
def _names() -> dict[str, Any]:
    """How people name a document or party, and words that compare (data/bronnamen.json)."""
    raw: dict[str, Any] = json.loads(
        files("vraagalmere").joinpath("data", "bronnamen.json").read_text(encoding="utf-8")
    )
    return raw


def documents_named(question: str) -> frozenset[str]:
    """Ids of the documents that a (folded) question names itself, by title, party or kind."""
    text = f" {' '.join(words(question))} "
    return frozenset(i for name, ids in _names()["namen"].items() if f" {name} " in text for i in ids)


def compares(question: str, named: frozenset[str]) -> bool:
    """Whether a (folded) question asks for several sources side by side: by its words, or by naming several."""
    text = f" {' '.join(words(question))} "
    parties = {i.split("-")[0] for i in named}
    return len(parties) > 1 or any(f" {w} " in text for w in _names()["vergelijken"])
