"""Which parties a question names, and which of these made the accord."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from .corpus import Document
from .dutch import fold, words
from .passages import Passage
from .sources import absent, party_names, publishers
from .writer import ACCORD


@dataclass(frozen=True)
class Parties:
    """The parties that can be named."""

    shown: dict[str, str]
    """Folded name → the party as in a sentence ('de PvdA')."""
    coalition: tuple[str, ...]
    """Those that made the accord, as it lists them; () without an accord."""
    listed_in: str
    """Id of the passage of the accord that names them all; '' where none does."""

    @classmethod
    def of(cls, documents: Iterable[Document], passages: Sequence[Passage]) -> Parties:
        """The parties of these documents, and those that are known without one."""
        documents = list(documents)
        accord = next((d for d in documents if d.sidecar.soort == ACCORD), None)
        coalition = publishers(accord.sidecar) if accord else ()
        own = (p for p in passages if accord and p.document == accord.id and all(c in p.quote for c in coalition))
        shown = {**absent(documents), **party_names(documents)}
        return cls(shown, coalition, next((p.id for p in own), ""))

    def named(self, text: str) -> tuple[str, ...]:
        """The parties in a text, as in a sentence."""
        return tuple(dict.fromkeys(self.shown[m[1]] for m in self._names.finditer(" ".join(words(text)))))

    def made_accord(self, party: str) -> bool:
        """Whether a party, as in a sentence, is one that made the accord."""
        return party in {self.shown.get(fold(c), c) for c in self.coalition}

    def without(self, asked: str) -> str:
        """A folded question without its parties and the words that lead to them ('van de VVD')."""
        leading = r"(\b(van|namens|bij|uit|door)\s)?(\b(de|het)\s)?"
        return " ".join(re.sub(rf"{leading}{self._names.pattern}", " ", asked).split())

    def fits(self, pattern: str, asked: str) -> bool:
        """Whether a pattern fits, in which PARTIJ stands for any party."""
        return re.search(pattern.replace("PARTIJ", self._names.pattern), asked) is not None

    @cached_property
    def _names(self) -> re.Pattern[str]:
        longest_first = sorted(self.shown, key=len, reverse=True)
        return re.compile(rf"\b({'|'.join(map(re.escape, longest_first)) or '(?!)'})\b")
