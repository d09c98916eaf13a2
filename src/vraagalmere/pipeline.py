"""The road of a question: limits → retriever → answerability → writer → checks → answer."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .answer import Answer, Sentence, compose
from .answerability import probability
from .checks import verified
from .comparison import Comparison, compare, missing_lines, side_by_side, unheard_lines
from .dutch import stem, stop_words, terms, words
from .index import Progress, SearchIndex, no_progress
from .limits import Verdict, check, rules, unmasked
from .money_answers import BESIDE, MoneyDesk, MoneyReply
from .parties import Parties
from .portfolios import Person, persons
from .retrieval import FEATURES, Found, Hit, Retriever
from .settings import BUILTIN, Settings
from .store import open_index
from .thresholds import Thresholds, thresholds
from .who import Said, about_office, plain_question, who
from .writer import BuiltinWriter, Draft, StreamingWriter, Writer, choose

if TYPE_CHECKING:
    from .langchain import PassageRetriever

NOTHING = "Dat staat niet in de documenten."
"""What is said when nothing answers; the same words in the texts, the prompts and the tests."""

Write = Callable[[str, Sequence[Hit]], Generator[Sentence, None, Draft]]
"""A writer at work on a question and its passages: gives checked sentences, returns the checked draft."""

MOST_TITLES = 8
"""Documents that are named when nothing answers; of more, how many there are."""
_REFERRING = frozenset("dat die dit daar daarvan daarvoor daarmee hij zij het ze hun er hier dan daarover ook".split())


def _never() -> bool:
    return False


def open_writer(index: SearchIndex, settings: Settings) -> Writer:
    """The writer that the settings name.

    Raises:
        SettingsError, ModelError, ExtraMissing: when it cannot be that one.
    """
    if settings.schrijver == BUILTIN:
        return BuiltinWriter(index.documents, index.records)
    from .llm import open_writer_model
    from .llm_writer import ModelWriter

    model = open_writer_model(settings)
    return ModelWriter(model, settings.prompts, index.documents, index.records, settings.schrijver_wacht)


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
    def open(cls, settings: Settings | None = None, progress: Progress = no_progress) -> VraagAlmere:
        """Open the index; it is made first when there is none or it no longer fits the documents."""
        settings = settings or Settings.load()
        return cls.over(open_index(settings, progress), settings)

    @classmethod
    def over(cls, index: SearchIndex, settings: Settings) -> VraagAlmere:
        """Over an index that is there already, with the writer of the settings."""
        return cls(index, Retriever(index), open_writer(index, settings), thresholds())

    @property
    def without_model(self) -> VraagAlmere:
        """The same, but it writes its answers itself."""
        # Only the other one is kept: one that kept itself would keep a replaced index in memory.
        return self if isinstance(self.writer, BuiltinWriter) else self._without_model

    @cached_property
    def _without_model(self) -> VraagAlmere:
        return replace(self, writer=self._builtin)

    @cached_property
    def _builtin(self) -> BuiltinWriter:
        return BuiltinWriter(self.index.documents, self.index.records)

    @cached_property
    def money(self) -> MoneyDesk:
        """What answers questions about money from the tables."""
        return MoneyDesk(self.index)

    def ask(self, question: str, history: Sequence[str] = (), *, id: str | None = None) -> Answer:
        """Answer one question.

        Args:
            question: as typed; anything goes, also nothing.
            history: the questions before it in this conversation, oldest first.
            id: of the answer; made up when None.

        Nothing is stored, and nothing leaves this computer unless the writer of the settings is a model elsewhere.
        """
        for part in self.stream(question, history, id=id):
            answer = part
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        id: str | None = None,
        stopped: Callable[[], bool] = _never,
    ) -> Iterator[Sentence | Answer]:
        """Answer one question, sentence by sentence as they are written and checked; the last is the whole Answer.

        The Answer takes the place of the sentences: it has them in their order, under their sources with their
        final numbers, and has others when the writer failed halfway.

        Args:
            question, history, id: as for `ask`.
            stopped: looked at while a language model writes; ends it with `llm.StoppedByPerson`.
        """
        started = time.perf_counter()
        verdict = check(question, self.limits, self.retriever.sources.names)
        told = False
        for part in self._answer(verdict, history, id or uuid.uuid4().hex[:12], stopped):
            if isinstance(part, Answer):
                answer = part.with_time((time.perf_counter() - started) * 1000)
                if not told:
                    yield from answer.zinnen
                yield answer
            else:
                told = True
                yield part

    def compare(self, theme: str) -> Comparison:
        """What each speaker says about a theme, side by side; the limits decide first, as for a question."""
        verdict = check(theme, self.limits, self.retriever.sources.names)
        if verdict.outcome in ("ongeldig", "hulp", "weigering"):
            lead = (*verdict.lines, *((verdict.human,) if verdict.human else ()))
            return Comparison(verdict.question, (), (), lead)
        found = compare(unmasked(verdict.question), self.retriever, self.limits)
        return replace(found, theme=verdict.question, lead=verdict.notices)

    def as_retriever(self, k: int = 4) -> PassageRetriever:
        """A LangChain-core retriever over the same index, to put in a chain of your own."""
        from .langchain import PassageRetriever

        return PassageRetriever(engine=self.retriever, k=k)

    def _answer(
        self, verdict: Verdict, history: Sequence[str], key: str, stopped: Callable[[], bool]
    ) -> Iterator[Sentence | Answer]:
        own: dict[str, Any] = {
            "id": key, "vraag": verdict.question, "meldingen": verdict.notices, "schrijver": BuiltinWriter.name,
        }  # fmt: skip
        if verdict.outcome == "hulp" and verdict.chance < 1:
            yield from self._help(verdict, own)
            return
        if verdict.outcome in ("ongeldig", "hulp", "kennismaking"):
            yield Answer(
                soort=verdict.outcome, antwoord=compose(verdict.lines, (), ()), inleiding=verdict.lines,
                zekerheid="hoog", uitleg=verdict.rules, **own,
            )  # fmt: skip
            return
        if verdict.outcome == "taal":
            yield from self._in_their_language(verdict, history, own, stopped)
            return
        context = history[-1] if history and _follows_up(verdict.question) else ""
        asked = unmasked(verdict.question)
        found = self.money.without_money(self.retriever.search(asked, context))
        chance = probability(f"{context} {asked}".strip(), found)
        trail = (*verdict.rules, *_trail(found, chance, context))
        said = self._who(asked, context, found)
        money = None if said else self.money.reply(asked, found, chance >= self.limits.zeker, context)
        # Which amount is the largest is in the tables: where only the classifier, no pattern, would refuse that.
        ranked = bool(money and money.firm and money.ranked and money.rows) and not verdict.advice
        ranked = ranked and all(r.startswith("weigering: model") for r in verdict.rules)
        plain = said and plain_question(asked)
        if verdict.outcome == "weigering" and not (plain or ranked):
            yield self._refusal(verdict, found, chance, trail, own)
            return
        if said:
            yield self._person(said, found, trail, own)
            return
        nothing = chance < self.limits.antwoord and not self._says_all(found) and not (money and money.firm)
        sure = True
        if (nothing or context) and isinstance(self.writer, StreamingWriter):
            own["meldingen"] = (*verdict.notices, *self.writer.notices)
            alone, loose = self.writer.search_for(verdict.question, history, stopped)
            again = self._search_again(alone, f"{context} {asked}") if context else None
            if again and again[1] > max(chance, self.limits.antwoord):
                found, chance, nothing, sure = *again, False, False
                money = self.money.reply(asked, found, False)
                trail = (*trail, "gezocht met de vraag van het taalmodel", *_trail(found, chance, ""))
            elif nothing and (near := self._to_search(f"{alone} {loose}")):
                found = self.retriever.search(f"{asked} {near}")
                trail = (*trail, "het dichtst in de buurt: met woorden van het taalmodel", *_trail(found, chance, ""))
        if nothing:
            about = (*(money.lead if money else ()), *missing_lines(found, self.retriever))
            yield self._nothing(found, trail, own, about)
            return
        write = self._write(history, stopped)
        yield from self._found(verdict.question, found, chance, trail, own, sure, write, money)

    def _in_their_language(
        self, verdict: Verdict, history: Sequence[str], own: dict[str, Any], stopped: Callable[[], bool]
    ) -> Iterator[Sentence | Answer]:
        """That the program speaks Dutch; or, where a language model can be held to its sources in the language of the
        question, what the documents say. Its Dutch wording decides what may be answered, and all is told as unsure."""
        only_dutch = Answer(
            soort="geen_antwoord", antwoord=compose(verdict.lines, (), ()), inleiding=verdict.lines,
            uitleg=verdict.rules, **own,
        )  # fmt: skip
        if not isinstance(self.writer, StreamingWriter) or verdict.language not in self.writer.languages:
            yield only_dutch
            return
        own["meldingen"] = (*verdict.notices, *self.writer.notices)
        alone, _ = self.writer.search_for(verdict.question, history, stopped)
        wording = check(alone, self.limits, self.retriever.sources.names)
        if wording.outcome == "hulp":
            yield replace(only_dutch, soort="hulp", inleiding=wording.lines, antwoord=compose(wording.lines, (), ()))
            return
        again = self._search_again(alone, alone)
        if again is None or again[1] < self.limits.zeker:
            yield only_dutch
            return
        trail = (*verdict.rules, "gezocht met de vraag van het taalmodel", *_trail(*again, ""))
        write = self._write(history, stopped, verdict.language)
        draft = yield from write(verdict.question, choose(again[0], self.limits))
        if not draft.sentences or draft.writer != self.writer.name:
            yield replace(only_dutch, uitleg=(*trail, *draft.trail))
            return
        lead = (str(rules()["talen"]["vertaald"][verdict.language]),)
        yield Answer(
            soort="antwoord", antwoord=compose(lead, draft.sentences, ()), zinnen=draft.sentences,
            bronnen=draft.sources, inleiding=lead, uitleg=(*trail, *draft.trail),
            **{**own, "schrijver": draft.writer},
        )  # fmt: skip

    def _search_again(self, alone: str, asked: str) -> tuple[Found, float] | None:
        """What a follow-up finds in the writer's wording, and how likely that answers both wordings; told as unsure.

        Only for a follow-up: where a question stands alone and finds nothing, other words decide nothing. Measured:
        in words of the documents nearly every question looks answered ('Wat is het weer morgen?' as one of drought).
        """
        query = self._to_search(alone)
        if not query:
            return None
        found = self.retriever.search(query)
        return found, min(probability(asked, found), probability(query, found))

    def _to_search(self, proposal: str) -> str:
        """What the writer proposes to search with, if it passes the limits like a question; else ''."""
        verdict = check(proposal, self.limits, self.retriever.sources.names)
        return unmasked(verdict.question) if verdict.outcome == "verder" else ""

    def _write(self, history: Sequence[str], stopped: Callable[[], bool], language: str = "") -> Write:
        """The writer of this program, with its sentences checked as they come."""

        def write(question: str, chosen: Sequence[Hit]) -> Generator[Sentence, None, Draft]:
            documents = self.index.documents
            if not isinstance(self.writer, StreamingWriter):
                return verified(self.writer.write(question, chosen), documents)
            growing = self.writer.stream(question, chosen, history, stopped, language)
            try:
                while True:
                    draft = next(growing)
                    if verified(draft, documents).sentences:
                        yield from draft.sentences
            except StopIteration as end:
                return verified(end.value, documents)
            finally:
                growing.close()

        return write

    def _found(
        self, question: str, found: Found, chance: float, trail: tuple[str, ...], own: dict[str, Any],
        may_be_sure: bool, write: Write, money: MoneyReply | None = None,
    ) -> Iterator[Sentence | Answer]:  # fmt: skip
        chosen = choose(found, self.limits)
        notes: tuple[str, ...] = ()
        if money and money.rows:
            trail = (*trail, f"geld: {len(money.rows)} regels uit de tabellen")
            near = BESIDE * found.hits[0].relevance if money.firm else 0.0
            noted = [self.retriever.hit_of(i) for i, p in enumerate(self.index.passages) if p.id in money.notes]
            beside = [h for h in chosen if h.relevance >= near and h.passage.id not in money.notes]
            draft = verified(self._with_money(question, [*noted, *beside], money), self.index.documents)
            notes = unheard_lines(found, (s.document for s in draft.sources), self.retriever, self.limits)
        else:
            chosen, notes = side_by_side(found, chosen, self.retriever, self.limits)
            draft = yield from write(question, chosen)
        own = {**own, "meldingen": tuple(dict.fromkeys((*own["meldingen"], *draft.notices)))}
        trail = (*trail, *draft.trail)
        if not draft.sentences:
            yield self._nothing(found, trail, own)
            return
        assumed = self._assumes(found, chosen[0])
        in_a_table = bool(money and money.firm and money.rows)  # a row has the very words that were asked for
        likely = in_a_table or (chance >= self.limits.zeker and not _one_loose_word(found))
        sure = may_be_sure and likely and not assumed
        lead: tuple[str, ...] = (
            () if sure else (str(rules()["aanname"]["zin"]),) if assumed else tuple(rules()["onzeker"])
        )
        lead = (*lead, *notes)
        if money and (money.rows or not (sure and chosen[0].passage.row)):
            lead = (*lead, *money.lead)
        close = () if sure else (str(rules()["geen_antwoord"]["vraag_aan"]),)
        close = (*(money.close if money else ()), *close)
        yield Answer(
            soort="antwoord", antwoord=compose(lead, draft.sentences, close), zinnen=draft.sentences,
            bronnen=draft.sources, inleiding=lead, slot=close, zekerheid="hoog" if sure else "laag",
            uitleg=trail, **{**own, "schrijver": draft.writer},
        )  # fmt: skip

    @cached_property
    def _persons(self) -> tuple[Person, ...]:
        return persons(self.index.passages, self.index.documents)

    @cached_property
    def _parties(self) -> Parties:
        return Parties.of(self.index.documents.values(), self.index.passages)

    def _who(self, asked: str, context: str, found: Found) -> Said | None:
        """What the documents that the question names say about persons, where it asks for that; as typed, and where
        that finds nobody, with its typing errors mended."""
        by_id = self.index.by_id
        groups = {key: d.sidecar.groep for key, d in self.index.documents.items()}
        everyone = not found.named or about_office(asked)
        known = [p for p in self._persons if everyone or p.document in found.named]
        said = [
            who(text, context, known, lambda n, key: self._builtin.source(n, by_id[key]), groups, self._parties)
            for text in (asked, found.question)
        ]
        return next((s for s in said if s and s.sentences), said[0])

    def _person(self, said: Said, found: Found, trail: tuple[str, ...], own: dict[str, Any]) -> Answer:
        draft = verified(Draft(said.sentences, said.sources, BuiltinWriter.name), self.index.documents)
        trail = (*trail, said.rule)
        if not draft.sentences:
            nothing = self._nothing(found, trail, own)
            lead = (*said.lead, *nothing.inleiding)
            return replace(nothing, inleiding=lead, antwoord=compose(lead, nothing.zinnen, nothing.slot))
        return Answer(
            soort="antwoord", antwoord=compose(said.lead, draft.sentences, ()), zinnen=draft.sentences,
            bronnen=draft.sources, inleiding=said.lead, zekerheid="hoog" if said.sure else "laag",
            uitleg=trail, **{**own, "schrijver": draft.writer},
        )  # fmt: skip

    def _with_money(self, question: str, chosen: Sequence[Hit], money: MoneyReply) -> Draft:
        """The rows of the money tables first, worded for the question; then what the writer makes of the rest."""
        sources = tuple(self._builtin.source(n, self.index.by_id[key]) for n, key in enumerate(money.rows, start=1))
        number = {s.passage: s.nummer for s in sources}
        group = self.index.documents[sources[0].document].sidecar.groep
        speaker = {s.passage: self.index.documents[s.document].sidecar.groep for s in sources}
        said = tuple(Sentence(t, tuple(number[k] for k in keys), speaker[keys[0]]) for t, keys in money.sentences)
        room = self.limits.bronnen_hoogstens - len(sources)
        others = [h for h in chosen if h.passage.row is None][: max(0, room)]
        if not others:
            return Draft(said, sources, BuiltinWriter.name)
        rest = self._builtin.write(question, others)
        shifted = tuple(replace(s, bronnen=tuple(n + len(sources) for n in s.bronnen)) for s in rest.sentences)
        same = tuple(s for s in shifted if s.groep == group)
        other = tuple(s for s in shifted if s.groep != group)
        cited = tuple(replace(s, nummer=s.nummer + len(sources)) for s in rest.sources)
        return Draft((*said, *same, *other), (*sources, *cited), rest.writer)

    def _help(self, verdict: Verdict, own: dict[str, Any]) -> Iterator[Sentence | Answer]:
        """Where only the classifier fears danger, or policy is asked for too: the numbers first, the answer below.

        When the classifier hardly does and the documents answer, it is a normal answer that still names 112. No
        model writes it.
        """
        asked = unmasked(verdict.question)
        found = self.retriever.search(asked)
        chance = probability(asked, found)
        if chance >= self.limits.zeker and verdict.chance < self.limits.hulp_bij_vraag:
            own = {**own, "meldingen": (*verdict.notices, verdict.lines[1])}
            trail = (*verdict.rules, *_trail(found, chance, ""))
            yield from self._found(asked, found, chance, trail, own, True, self.without_model._write((), _never))
            return
        hits = choose(found, self.limits) if chance >= self.limits.zeker else []
        draft = self._literal(hits)
        below = tuple(replace(s, groep=f"{rules()['weigering']['daarna']}. {s.groep}") for s in draft.sentences)
        yield Answer(
            soort="hulp", antwoord=compose(verdict.lines, below, ()), zinnen=below, bronnen=draft.sources,
            inleiding=verdict.lines, zekerheid="hoog", uitleg=verdict.rules, **own,
        )  # fmt: skip

    def _literal(self, hits: Sequence[Hit]) -> Draft:
        """What the built-in writer makes of these passages, checked."""
        return verified(self._builtin.write("", hits), self.index.documents)

    def _says_all(self, found: Found) -> bool:
        """Whether the best passage literally holds all that was asked for, and that is more than one word."""
        held = found.hits[0].features[FEATURES.index("dekking_tekst")] if found.hits else 0.0
        return len(set(terms(found.question))) >= 2 and held >= self.limits.letterlijk

    def _assumes(self, found: Found, best: Hit) -> bool:
        """Whether the question asks why something is so that the best passage does not say."""
        presumed = rules()["aanname"]
        if not re.search(presumed["patroon"], found.question):
            return False
        asked = {stem(w) for w in found.question.split() if w in presumed["werkwoorden"].split()}
        record = self.index.records.get(best.passage.id)
        said = f"{best.passage.searchable} {record.gewone_taal if record else ''}"
        return not asked <= {stem(w) for w in words(said)}

    def _refusal(
        self, verdict: Verdict, found: Found, chance: float, trail: tuple[str, ...], own: dict[str, Any]
    ) -> Answer:
        refusal = rules()["weigering"]
        rests_on = self._limit_passage(refusal["citaat_bevat"])
        limit_ids = {h.passage.id for h in rests_on}
        told = chance >= self.limits.thema and not verdict.advice
        theme = choose(found, self.limits) if told else []
        draft = self._literal([*rests_on, *(h for h in theme if h.passage.id not in limit_ids)])
        own_numbers = {s.nummer for s in draft.sources if s.passage in limit_ids}
        about = tuple(
            s if own_numbers.intersection(s.bronnen) else replace(s, groep=f"{refusal['daarna']}. {s.groep}")
            for s in draft.sentences
        )
        lead = (*verdict.lines, verdict.human)
        return Answer(
            soort="weigering", antwoord=compose(lead, about, ()), zinnen=about, bronnen=draft.sources,
            inleiding=lead, zekerheid="hoog", uitleg=trail, **own,
        )  # fmt: skip

    def _limit_passage(self, words_of_it: str) -> list[Hit]:
        """The accord's own sentence that a computer may not decide, found by its words; none in another corpus."""
        for i, passage in enumerate(self.index.passages):
            if words_of_it in passage.quote:
                return [self.retriever.hit_of(i)]
        return []

    def _nothing(
        self, found: Found, trail: tuple[str, ...], own: dict[str, Any], about_money: tuple[str, ...] = ()
    ) -> Answer:
        texts = rules()["geen_antwoord"]
        nearest = found.hits[:1] if found.coverage >= self.limits.dichtbij else ()
        draft = self._literal(nearest)
        shown = tuple(replace(s, groep=f"{texts['dichtbij']}. {s.groep}") for s in draft.sentences)
        titles = [d.sidecar.korte_titel for d in self.index.documents.values()]
        searched = "; ".join(titles) if len(titles) <= MOST_TITLES else f"alle {len(titles)} documenten"
        said = (str(text).format(documenten=searched) for text in texts["zinnen"])
        lead, close = (*said, *about_money), (str(texts["vraag_aan"]),)
        return Answer(
            soort="geen_antwoord", antwoord=compose(lead, shown, close), zinnen=shown, bronnen=draft.sources,
            inleiding=lead, slot=close, uitleg=trail, **own,
        )  # fmt: skip


def _one_loose_word(found: Found) -> bool:
    """Whether the question is one word, and the best passage has it only among the everyday words, or only a part of
    it ('hondenbelasting': 'lokale belastingen')."""
    said = words(found.question)
    if len(said) == 1:
        return stem(said[0]) not in terms(found.hits[0].passage.searchable)
    held = found.hits[0].features[FEATURES.index("dekking_tekst")]
    return len({w for w in said if w not in stop_words()}) <= 1 and held == 0


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
