"""What scripted models say when they are asked to write an answer, and a checker while there is no real one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from vraagalmere import claims
from vraagalmere.claims import Claim
from vraagalmere.corpus import Document
from vraagalmere.dutch import collapse, sentences, stem, stop_words, words
from vraagalmere.passages import Passage

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


def use_a_checker(patch: pytest.MonkeyPatch | None = None) -> None:
    """The real `claim_faults`, or while there is none, `simple_faults` in its place."""
    try:
        claims.claim_faults(Claim("x", ()), {}, {}, {})
    except NotImplementedError:
        if patch:
            patch.setattr(claims, "claim_faults", simple_faults)
        else:
            claims.claim_faults = simple_faults


def simple_faults(
    claim: Claim, offered: Mapping[str, Passage], documents: Mapping[str, Document], plain: Mapping[str, str]
) -> tuple[str, ...]:
    """A small checker: verbatim quotes, no new numbers or words, no lost 'niet' or 'onderzoek', no other speaker."""
    cited = [c for c in claim.citations if c.passage in offered]
    if len(cited) < len(claim.citations) or not cited:
        return ("onbekende passage",)
    if any(not c.quote or collapse(c.quote) not in collapse(offered[c.passage].quote) for c in cited):
        return ("citaat staat er niet letterlijk",)
    quotes = " ".join(c.quote for c in cited)
    support = f"{quotes} {' '.join(plain.get(c.passage, '') for c in cited)}"
    text, faults = words(claim.text), []
    if {w for w in text if w[0].isdigit()} - set(words(support)):
        faults.append("getal staat niet in het citaat")
    for must in ("niet", "onderzoek"):
        if any(w.startswith(must) for w in words(quotes)) and not any(w.startswith(must) for w in text):
            faults.append(f"'{must}' verloren")
    speakers = {documents[offered[c.passage].document].sidecar.spreker.split()[-1].lower() for c in cited}
    others = {d.sidecar.spreker.split()[-1].lower() for d in documents.values()} - speakers - {"almere", "dialoog"}
    if others & set(text):
        faults.append("andere spreker")
    known = {stem(w) for w in words(support)} | {stem(s) for s in speakers} | {"wil", "zegt"}
    content = [w for w in text if w not in stop_words()]
    if content and sum(stem(w) not in known for w in content) > 0.2 * len(content):
        faults.append("woorden staan niet in het citaat")
    return tuple(faults)
