"""How firm a line of the coalition accord is: doing, looking into, aiming at, or doing on a condition.

By rules on the line's own words; the rules are data (data/kracht.json), read in order, the first that fits wins. The
first sentence is the promise; a later one can only make it weaker.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .answer import Strength
from .dutch import ends_sentence, fold, sentences
from .money import is_state_of_budget
from .passages import Passage


@dataclass(frozen=True)
class _Rule:
    strength: Strength
    pattern: re.Pattern[str]
    why: str
    further: bool
    """Whether it also reads the sentences after the first."""


@cache
def _rules() -> tuple[_Rule, ...]:
    raw = json.loads(files("vraagalmere").joinpath("data", "kracht.json").read_text(encoding="utf-8"))
    return tuple(
        _Rule(r["kracht"], re.compile(r["patroon"]), r["waarom"], r.get("ook_verderop", False)) for r in raw["regels"]
    )


@cache
def _soft() -> re.Pattern[str]:
    """Words that leave room without making the promise weaker."""
    raw = json.loads(files("vraagalmere").joinpath("data", "kracht.json").read_text(encoding="utf-8"))
    return re.compile(raw["zacht_voorbehoud"])


@dataclass(frozen=True)
class Verdict:
    """How firm a statement is, which rule says so, and the words it went by."""

    strength: Strength
    why: str
    words: str
    """As they stand in the statement, '' where no word limits it."""


def judged(statement: str) -> Verdict:
    """The strength of a statement of the accord, with the words that decide."""
    for i, sentence in enumerate(sentences(statement)):
        text = fold(sentence)
        for rule in _rules():
            match = rule.pattern.search(text) if i == 0 or rule.further else None
            if match:
                # Folding only drops accents, but where it changed the length the folded words are shown.
                source = sentence if len(sentence) == len(text) else text
                return Verdict(rule.strength, rule.why, source[match.start() : match.end()].strip(" -–,"))
    soft = _soft().search(fold(statement))
    return Verdict("doen", f"hoofdzin zonder voorbehoud; wel: ‘{soft[0]}’" if soft else "geen voorbehoud", "")


def strength_of(statement: str) -> tuple[Strength, str]:
    """The strength of a statement of the accord, and which rule says so."""
    verdict = judged(statement)
    return verdict.strength, verdict.why


def strength_of_passage(passage: Passage) -> Strength | None:
    """The strength of a passage of the accord: a table row is money set aside; a name or a task says nothing.

    Nor does a row of the overall picture: that is how the budget stands, no promise.
    """
    if passage.row is not None:
        return None if is_state_of_budget(passage.row.table) else "doen"
    if (passage.kind == "punt" and not passage.lead_in) or not ends_sentence(passage.quote):
        return None
    return strength_of(passage.quote)[0]
