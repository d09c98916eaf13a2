"""The numbers that decide, as data (data/drempels.json): each with the run that chose it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict


class Thresholds(BaseModel):
    """Chosen on the development half of the sets; see docs/weging.md for the figures."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    uitleg: str
    zeker: float
    """Probability that the documents answer, from which the answer is given as sure."""
    antwoord: float
    """The same, from which an answer is given at all."""
    thema: float
    """The same, from which a refusal also tells what the documents say about the theme."""
    dichtbij: float
    """Coverage of the question's words from which 'not in the documents' still shows the nearest passage."""
    letterlijk: float
    """Share of the question's words in the text of the best passage, from which it is shown at least as unsure."""
    tweede: float
    """A next passage is shown when its relevance is at least this share of the best one's."""
    tweede_bij_lijst: float
    """The same, when the question asks for a list."""
    kolom_past: float
    """Log-odds of a passage (`Retriever.log_odds`) from which it is about a theme that speakers are compared on."""
    kolom_achter: float
    """Log-odds that it may be behind the best passage of all speakers."""
    kolom_letterlijk: float
    """Log-odds from which a passage that literally holds the words of the theme may be any distance behind."""
    akkoord_ver: float
    """Log-odds that the accord must be behind before a question that does not ask for it hears that it says nothing."""
    wens_voor: float
    """Log-odds that a party's passage must lead before it stands beside that of an accord that the question names."""
    kolom_hoogstens: int
    """Passages of one speaker in a comparison, at most; the same for each."""
    kolom_hoogstens_bij_vraag: int
    """The same, in the answer to a question that compares."""
    bronnen_hoogstens: int
    kennismaking: float
    """Probability of small talk, from which it is taken as such."""
    weigering: float
    """Probability of a request to decide, from which it is refused."""
    weigering_document: float
    """The same, for a question that does not name the asker and asks what is said, is far off, or is very short."""
    weigering_bij_patroon: float
    """The same, when a pattern of data/grenzen.yaml says so already: only a clear 'no' overrules it."""
    hulp_bij_vraag: float
    """The same, for a question that the documents answer: below it the answer comes, with 112 named above it."""
    hulp: float
    """Probability of danger, from which help comes first."""


@cache
def thresholds() -> Thresholds:
    """The thresholds of data/drempels.json."""
    return Thresholds.model_validate_json(
        files("vraagalmere").joinpath("data", "drempels.json").read_text(encoding="utf-8")
    )
