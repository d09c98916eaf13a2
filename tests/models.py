"""What scripted models say when they are asked to write an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vraagalmere.dutch import sentences, stem, words

_PASSAGE = re.compile(
    r'<passage sleutel="(?P<key>[^"]+)">.*?^Spreker: (?P<speaker>[^\n]+)$.*?^In gewone taal: (?P<plain>[^\n]+)$\n'
    r"^Tekst: (?P<text>[^\n]+)$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Given:
    """A passage as the model sees it."""

    key: str
    speaker: str
    plain: str
    text: str


def given(body: dict[str, Any]) -> list[Given]:
    """The passages that a request holds."""
    return [Given(**m.groupdict()) for m in _PASSAGE.finditer(body["messages"][1]["content"])]


def said(text: str, *sources: tuple[str, str]) -> dict[str, Any]:
    return {"tekst": text, "bronnen": [{"passage": key, "citaat": quote} for key, quote in sources]}


def reply(*sentences: dict[str, Any], **other: object) -> str:
    return json.dumps({"zinnen": list(sentences), **other}, ensure_ascii=False)


def honest_sentences(body: dict[str, Any], each: int = 1) -> list[dict[str, Any]]:
    """Sentences of the edition for each passage, those that name who speaks first, each with its nearest quote."""

    def of(passage: Given) -> list[str]:
        name = passage.speaker.split()[-1]
        return sorted(sentences(passage.plain), key=lambda s: name not in s)[:each]

    def nearest(passage: Given, text: str) -> str:
        stems = {stem(w) for w in words(text)}
        return max(sentences(passage.text), key=lambda s: len(stems & {stem(w) for w in words(s)}))

    return [said(s, (p.key, nearest(p, s))) for p in given(body) for s in of(p)]


def honest(body: dict[str, Any]) -> str:
    return reply(*honest_sentences(body))


def number_lie(body: dict[str, Any]) -> dict[str, Any]:
    """A sentence with another amount than its passage has."""
    first = given(body)[0]
    return said("Daarvoor staat er 900.000 euro per jaar.", (first.key, first.text))


def with_lie(lie: Callable[[list[Given]], dict[str, Any]]) -> Callable[[dict[str, Any]], str]:
    """An honest model that adds one sentence."""
    return lambda body: reply(*honest_sentences(body), lie(given(body)))
