"""How firm a line of the coalition accord is: doing, looking into, aiming at, or doing on a condition.

By rules on the line's own words; the rules are data (data/kracht.json), read in order, the first that fits wins.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .answer import Strength
from .dutch import ends_sentence, fold
from .passages import Passage


@cache
def _rules() -> tuple[tuple[Strength, re.Pattern[str], str], ...]:
    raw = json.loads(files("vraagalmere").joinpath("data", "kracht.json").read_text(encoding="utf-8"))
    return tuple((r["kracht"], re.compile(r["patroon"]), r["waarom"]) for r in raw["regels"])


@dataclass(frozen=True)
class Verdict:
    """How firm a statement is, which rule says so, and the words it went by."""

    strength: Strength
    why: str
    words: str
    """As they stand in the statement, '' where no word limits it."""


def judged(statement: str) -> Verdict:
    """The strength of a statement of the accord, with the words that decide."""
    text = fold(statement)
    for strength, pattern, why in _rules():
        match = pattern.search(text)
        if match:
            # Folding only drops accents, but where it changed the length the folded words are shown.
            source = statement if len(statement) == len(text) else text
            return Verdict(strength, why, source[match.start() : match.end()].strip())
    return Verdict("doen", "geen voorbehoud", "")


def strength_of(statement: str) -> tuple[Strength, str]:
    """The strength of a statement of the accord, and which rule says so."""
    verdict = judged(statement)
    return verdict.strength, verdict.why


def strength_of_passage(passage: Passage) -> Strength | None:
    """The strength of a passage of the accord: a table row is money set aside; a name or a task says nothing."""
    if passage.row is not None:
        return "doen"
    if (passage.kind == "punt" and not passage.lead_in) or not ends_sentence(passage.quote):
        return None
    return strength_of(passage.quote)[0]
