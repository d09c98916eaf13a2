"""The road of a question: limits → retriever → answerability → writer → checks → answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .answer import Answer, Sentence, compose
from .answerability import probability
from .checks import verified
from .dutch import words
from .index import Progress, SearchIndex, _no_progress, open_index
from .limits import Verdict, check, rules
from .retrieval import Found, Hit, Retriever
from .settings import Settings
from .thresholds import Thresholds, thresholds
from .writer import ACCORD, BuiltinWriter, Draft, Writer, choose

if TYPE_CHECKING:
    from .langchain import PassageRetriever

NOTHING = "Dat staat niet in de documenten."
"""What is said when nothing answers; the same words in the texts, the prompts and the tests."""

_REFERRING = frozenset("dat die dit daar daarvan daarvoor daarmee hij zij het ze hun er hier dan daarover ook".split())


@dataclass(frozen=True)
class VraagAlmere:
    """Ask questions about the documents.

        >>> from vraagalmere import VraagAlmere
        >>> VraagAlmere.open().ask("Is grofvuil gratis?").bronnen[0].pagina
        'pagina 18'
    """

    index: SearchIndex
    retriever: Retriever
    writer: Writer
    limits: Thresholds

    @classmethod
    def open(cls, settings: Settings | None = None, progress: Progress = _no_progress) -> VraagAlmere:
        """Open the index; it is made first when there is none or it no longer fits the documents."""
        index = open_index(settings or Settings.load(), progress)
        return cls(index, Retriever(index), BuiltinWriter(index.documents, index.records), thresholds())

    def ask(self, question: str, history: Sequence[str] = (), *, id: str | None = None) -> Answer:  # noqa: A002
        """Answer one question.

        Args:
            question: as typed; anything goes, also nothing.
            history: the questions before it in this conversation, oldest first.
            id: of the answer; made up when None.

        Nothing is stored or sent anywhere.
        """
        started = time.perf_counter()
        verdict = check(question, self.limits)
        answer = self._answer(verdict, history, id or uuid.uuid4().hex[:12])
        return answer.with_time((time.perf_counter() - started) * 1000)

    def as_retriever(self, k: int = 4) -> PassageRetriever:
        """A LangChain-core retriever over the same index, to put in a chain of your own."""
        from .langchain import PassageRetriever

        return PassageRetriever(engine=self.retriever, k=k)

    def _answer(self, verdict: Verdict, history: Sequence[str], key: str) -> Answer:
        own: dict[str, Any] = {
            "id": key, "vraag": verdict.question, "meldingen": verdict.notices, "schrijver": self.writer.name,
        }  # fmt: skip
        if verdict.outcome in ("ongeldig", "hulp", "kennismaking"):
            return Answer(
                soort=verdict.outcome, antwoord=compose(verdict.lines, (), ()), inleiding=verdict.lines,
                zekerheid="hoog", uitleg=verdict.rules, **own,
            )  # fmt: skip
        if verdict.outcome == "taal":
            return Answer(
                soort="geen_antwoord", antwoord=compose(verdict.lines, (), ()), inleiding=verdict.lines,
                uitleg=verdict.rules, **own,
            )  # fmt: skip
        context = history[-1] if history and _follows_up(verdict.question) else ""
        found = self.retriever.search(verdict.question, context)
        chance = probability(f"{context} {verdict.question}".strip(), found)
        trail = (*verdict.rules, *_trail(found, chance, context))
        if verdict.outcome == "weigering":
            return self._refusal(verdict, found, chance, trail, own)
        if chance < self.limits.antwoord:
            return self._nothing(found, trail, own)
        return self._found(verdict.question, found, chance, trail, own)

    def _found(
        self, question: str, found: Found, chance: float, trail: tuple[str, ...], own: dict[str, Any]
    ) -> Answer:
        chosen = choose(found, self.index.documents, self.limits)
        draft = verified(self.writer.write(question, chosen), self.index.documents)
        if not draft.sentences:
            return self._nothing(found, trail, own)
        sure = chance >= self.limits.zeker
        lead: tuple[str, ...] = () if sure else tuple(rules()["onzeker"])
        if self._confused(found, draft):
            lead = (*lead, str(rules()["niet_in_akkoord"]))
        close = () if sure else (str(rules()["geen_antwoord"]["vraag_aan"]),)
        return Answer(
            soort="antwoord", antwoord=compose(lead, draft.sentences, close), zinnen=draft.sentences,
            bronnen=draft.sources, inleiding=lead, slot=close, zekerheid="hoog" if sure else "laag",
            uitleg=trail, **{**own, "schrijver": draft.writer},
        )  # fmt: skip

    def _confused(self, found: Found, draft: Draft) -> bool:
        """Whether the coalition is named but only others say it."""
        accord = {d.id for d in self.index.documents.values() if d.sidecar.soort == ACCORD}
        return bool(accord & found.named) and not any(s.document in accord for s in draft.sources)

    def _refusal(
        self, verdict: Verdict, found: Found, chance: float, trail: tuple[str, ...], own: dict[str, Any]
    ) -> Answer:
        refusal = rules()["weigering"]
        hits = self._limit_passage(refusal["citaat_bevat"])
        if chance >= self.limits.thema and found.hits:
            hits += [h for h in choose(found, self.index.documents, self.limits) if h.passage.id != hits[0].passage.id]
        draft = verified(BuiltinWriter(self.index.documents, self.index.records).write("", hits), self.index.documents)
        about: tuple[Sentence, ...] = tuple(
            Sentence(s.tekst, s.bronnen, f"{refusal['daarna']}. {s.groep}") if 1 not in s.bronnen else s
            for s in draft.sentences
        )
        lead = (*verdict.lines, verdict.human)
        return Answer(
            soort="weigering", antwoord=compose(lead, about, ()), zinnen=about, bronnen=draft.sources,
            inleiding=lead, zekerheid="hoog", uitleg=trail, **own,
        )  # fmt: skip

    def _limit_passage(self, words_of_it: str) -> list[Hit]:
        """The accord's own sentence that a computer may not decide, found in the documents by its words."""
        for i, passage in enumerate(self.index.passages):
            if words_of_it in passage.quote:
                return [self.retriever.hit_of(i)]
        return []

    def _nothing(self, found: Found, trail: tuple[str, ...], own: dict[str, Any]) -> Answer:
        texts = rules()["geen_antwoord"]
        nearest = found.hits[:1] if found.coverage >= self.limits.dichtbij else ()
        draft = verified(
            BuiltinWriter(self.index.documents, self.index.records).write("", nearest), self.index.documents
        )
        shown = tuple(Sentence(s.tekst, s.bronnen, f"{texts['dichtbij']}. {s.groep}") for s in draft.sentences)
        lead, close = tuple(texts["zinnen"]), (str(texts["vraag_aan"]),)
        return Answer(
            soort="geen_antwoord", antwoord=compose(lead, shown, close), zinnen=shown, bronnen=draft.sources,
            inleiding=lead, slot=close, uitleg=trail, **own,
        )  # fmt: skip


def _follows_up(question: str) -> bool:
    """Whether a question leans on the one before: it begins with 'en', or is short and points back."""
    asked = words(question)
    if not asked:
        return False
    return asked[0] == "en" or (len(asked) <= 7 and bool(set(asked[1:]) & _REFERRING))


def _trail(found: Found, chance: float, context: str) -> tuple[str, ...]:
    lines = [f"gezocht met: {found.question}"]
    if context:
        lines.append(f"samen met de vraag ervoor: {context}")
    lines.append(f"kans dat de documenten dit beantwoorden: {chance:.2f}")
    lines += [f"gevonden: {h.passage.id} (kans {h.relevance:.2f})" for h in found.hits[:5]]
    return tuple(lines)
