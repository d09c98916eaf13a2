"""Hold a sentence that a language model wrote to the words it says it rests on. Fail closed: any fault drops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .corpus import Document
from .passages import Passage


@dataclass(frozen=True)
class Citation:
    """A passage, by its id, and the words of it that a sentence rests on."""

    passage: str
    quote: str


@dataclass(frozen=True)
class Claim:
    """One sentence and what it rests on."""

    text: str
    citations: tuple[Citation, ...]


def claim_faults(
    claim: Claim, offered: Mapping[str, Passage], documents: Mapping[str, Document], plain: Mapping[str, str]
) -> tuple[str, ...]:
    """What is wrong with a claim, in Dutch clauses; () when it holds and may be shown.

    Args:
        claim: the sentence as the model gave it.
        offered: the passages that the model was given, by id; another one may not be cited.
        documents: by id, for who speaks and what kind of document it is.
        plain: the approved plain-language text of passages, by passage id: words that also count as support.
    """
    raise NotImplementedError
