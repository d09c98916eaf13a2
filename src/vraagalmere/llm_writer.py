"""Let a language model write the answer, and hold every sentence of it to the passages. Fail closed.

The model gets the passages that the search chose, and gives sentences with the words they rest on. A sentence is shown
only when `claims` finds no fault in it and it breaks no limit. When the model fails, or too little of it holds, the
built-in writer answers and says why.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from string import Template

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .answer import Sentence
from .claims import Citation, Claim, Language, claim_faults, literal_quote
from .corpus import Document
from .dutch import collapse, sentences, words
from .edition import Record
from .errors import ModelError, VraagAlmereError
from .limits import gives_orders, statement_faults
from .llm import CONTEXT, Message, Model, Slow, Stopped, Wait, never, read_parts
from .passages import Passage
from .privacy import mask
from .retrieval import Hit
from .strength import strength_of_passage
from .writer import ACCORD, BuiltinWriter, Draft

ANSWER_TOKENS = 1500
"""Longest answer of the model: MOST_SENTENCES with a quote of 100 tokens each, and room for the JSON around them."""
SEARCH_TOKENS = 200
"""Longest proposal to search with."""
CHARACTERS_PER_TOKEN = 2.5
"""Of Dutch text, on the safe side: tokenizers made for English take about 3."""
MOST_SENTENCES = 8
"""Sentences that are asked for; a model that gives more than twice as many does not stop."""
MOST_WORDS = 25
"""Words of a sentence; 20 are asked for. A longer one is not plain Dutch."""
MOST_HISTORY = 4
"""Earlier questions that the model sees."""
AT_ONCE = 2
"""Answers that a model writes at the same moment: half the places of the server, so that the rest goes on."""
SEARCH_WAIT = 8
"""Seconds for words to search with, at most: without them there is an answer too."""
LANGUAGES: Mapping[str, Language] = {"Engels": "en"}
"""Languages besides Dutch in which `claims` can judge a sentence."""

log = logging.getLogger("vraagalmere.schrijver")


class Cited(BaseModel):
    """The words of a passage that a sentence rests on. Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    passage: str
    citaat: str


class Said(BaseModel):
    """One sentence of the model. Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tekst: str
    bronnen: list[Cited] = Field(min_length=1, max_length=4)


class Reply(BaseModel):
    """What the model must give; its JSON schema binds the model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zinnen: list[Said] = Field(max_length=2 * MOST_SENTENCES)


class Proposal(BaseModel):
    """What to search with. Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zelfstandige_vraag: str
    zoekwoorden: list[str] = Field(max_length=8)


class Reader:
    """Reads the JSON of a `Reply` while it grows, and gives each sentence when it is complete.

    Raises:
        ModelError: as soon as it cannot become such JSON.
    """

    _OPENING = re.compile(r'\s*\{\s*"zinnen"\s*:\s*\[')
    _BETWEEN = re.compile(r"\s*,?\s*(?=\{)")
    _CLOSING = re.compile(r"\s*\]\s*\}\s*$")
    _LONGEST = 4_000
    """Characters of one sentence with its quotes: a passage has 520, and a sentence at most four."""

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._decoder = json.JSONDecoder()

    @property
    def closed(self) -> bool:
        """Whether the JSON is complete."""
        return bool(self._at and self._CLOSING.match(self._text, self._at))

    def feed(self, piece: str) -> Iterator[Said]:
        """The sentences that `piece` completes."""
        self._text += piece
        if not self._at:
            opening = self._OPENING.match(self._text)
            if not opening:
                if "[" in self._text or len(self._text.strip()) > 20:
                    raise _no_json()
                return
            self._at = opening.end()
        if "}" not in piece:
            self._bound()
            return
        while between := self._BETWEEN.match(self._text, self._at):
            try:
                raw, end = self._decoder.raw_decode(self._text, between.end())
            except json.JSONDecodeError:
                break
            self._at = end
            try:
                yield Said.model_validate(raw, strict=True)
            except ValidationError as exc:
                raise _no_json() from exc
        self._bound()

    def _bound(self) -> None:
        if len(self._text) - self._at > self._LONGEST:
            raise _no_json()


def _no_json() -> ModelError:
    return ModelError("Het taalmodel gaf geen antwoord in de afgesproken vorm.")


class ModelWriter:
    """Writes with a language model; see the module. Safe to share between threads."""

    def __init__(
        self,
        model: Model,
        prompts: Path,
        documents: dict[str, Document],
        records: dict[str, Record],
        wait: float,
    ) -> None:
        self._model = model
        self._documents = documents
        self._plain = {key: r.gewone_taal for key, r in records.items() if r.status == "nagekeken"}
        self._builtin = BuiltinWriter(documents, records)
        self._wait = Wait(wait, 3 * wait)
        self._search_wait = Wait(min(wait, SEARCH_WAIT), min(wait, SEARCH_WAIT))
        self.version, self._parts = read_parts(prompts / "antwoord.md", ("Opdracht", "Vraag", "Eerder", "Passage"))
        self._search_parts = read_parts(prompts / "zoekvraag.md", ("Opdracht", "Vraag", "Eerder"))[1]
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._loading = threading.Lock()

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def host(self) -> str:
        return self._model.host

    @property
    def notices(self) -> tuple[str, ...]:
        return (f"Uw vraag gaat naar {self.host}.",) if self.host else ()

    def write(self, question: str, chosen: Sequence[Hit]) -> Draft:
        growing = self.stream(question, chosen, (), never)
        while True:
            try:
                next(growing)
            except StopIteration as end:
                whole: Draft = end.value
                return whole

    @property
    def languages(self) -> Collection[str]:
        return LANGUAGES.keys()

    def stream(
        self, question: str, chosen: Sequence[Hit], history: Sequence[str], stopped: Stopped, language: str = ""
    ) -> Generator[Draft, None, Draft]:
        fits = self._fitting(question, [h.passage for h in chosen if not gives_orders(h.passage.searchable)], history)
        if not fits or fits[0] is not chosen[0].passage:
            return self._instead(question, chosen, "de beste passage is te lang of geeft een opdracht aan de machine")
        if not self._places.acquire(blocking=False):
            return self._instead(question, chosen, notice="Het taalmodel is nu druk met andere vragen.")
        try:
            return (yield from self._written(question, chosen, fits, history, stopped, language))
        finally:
            self._places.release()

    def _written(
        self, question: str, chosen: Sequence[Hit], fits: list[Passage], history: Sequence[str], stopped: Stopped,
        language: str,
    ) -> Generator[Draft, None, Draft]:  # fmt: skip
        offered = {p.id: p for p in fits}
        trail = [f"taalmodel: {self.name}, prompts/antwoord.md versie {self.version}"]
        kept: list[tuple[Sentence, tuple[str, ...]]] = []
        count = 0
        try:
            for said in self._said(question, fits, history, stopped, language):
                count += 1
                for text in sentences(collapse(said.tekst)) or [""]:
                    held, faults = self._held(text, said.bronnen, offered, LANGUAGES.get(language, "nl"))
                    said_already = {(s.tekst, s.groep) for s, _ in kept}
                    new = [pair for pair in held if (pair[0].tekst, pair[0].groep) not in said_already]
                    kept += new
                    for pair in new:
                        yield self._draft([pair], offered)
                    if faults:
                        trail.append(f"taalmodel: zin {count} weggelaten ({'; '.join(faults)})")
        except ModelError as exc:
            self._load_if_slow(exc)
            return self._instead(question, chosen, notice=str(exc), trail=trail, asked=True)
        if why := self._too_little(kept, chosen):
            notice = "Wat het taalmodel schreef, klopte niet genoeg met de documenten."
            return self._instead(question, chosen, why, notice, trail, asked=True)
        order = list(dict.fromkeys([self._group(fits[0]), *(s.groep for s, _ in kept)]))
        kept.sort(key=lambda pair: order.index(pair[0].groep))
        return self._draft(kept, offered, self.notices, tuple(trail))

    def _too_little(self, kept: Sequence[tuple[Sentence, tuple[str, ...]]], chosen: Sequence[Hit]) -> str:
        """Why what is left is no answer, or ''. One speaker more or less changes what a comparison says."""
        if not kept:
            return "er bleef geen zin over"
        if not any(chosen[0].passage.id in ids for _, ids in kept):
            return "wat overbleef rust niet op de beste passage"
        unheard = {self._group(h.passage) for h in chosen} - {s.groep for s, _ in kept}
        return f"niets bleef over onder: {'; '.join(sorted(unheard))}" if unheard else ""

    def load(self) -> None:
        """Have the model in memory, so that the next question need not wait for it; trouble goes to the log."""
        if self._loading.acquire(blocking=False):
            try:
                self._model.load()
            except VraagAlmereError as exc:
                log.warning("Het taalmodel is niet te laden; het programma antwoordt zelf. %s", exc)
            finally:
                self._loading.release()

    def _load_if_slow(self, exc: Exception) -> None:
        """Ollama stops loading a model when the one who asked goes away: without this it would never be there."""
        if isinstance(exc, Slow):
            threading.Thread(target=self.load, daemon=True).start()

    def search_for(self, question: str, history: Sequence[str], stopped: Stopped) -> tuple[str, str]:
        messages = self._messages(self._search_parts, question, self._earlier(history), "")
        if not self._places.acquire(blocking=False):
            return "", ""
        try:
            pieces = self._model.words(
                messages, Proposal.model_json_schema(), SEARCH_TOKENS, self._search_wait, stopped
            )
            proposal = Proposal.model_validate_json("".join(pieces))
        except (ModelError, ValidationError) as exc:
            self._load_if_slow(exc)
            return "", ""
        finally:
            self._places.release()
        return collapse(proposal.zelfstandige_vraag), collapse(" ".join(proposal.zoekwoorden))

    def _said(
        self, question: str, fits: Sequence[Passage], history: Sequence[str], stopped: Stopped, language: str
    ) -> Iterator[Said]:
        """The sentences of the model as they come; a fault in the JSON at the end counts for all of it."""
        schema = Reply.model_json_schema()
        schema["$defs"]["Cited"]["properties"]["passage"]["enum"] = [p.id for p in fits]
        messages = self._prompt(question, fits, history, language)
        reader = Reader()
        count = 0
        pieces = self._model.words(messages, schema, ANSWER_TOKENS, self._wait, stopped)
        try:
            for piece in pieces:
                for said in reader.feed(piece):
                    count += 1
                    if count > 2 * MOST_SENTENCES:
                        raise ModelError("Het taalmodel kwam niet tot een eind.")
                    yield said
        finally:
            pieces.close()
        if not reader.closed:
            raise _no_json()

    def _held(
        self, text: str, cited: Sequence[Cited], offered: Mapping[str, Passage], language: Language
    ) -> tuple[list[tuple[Sentence, tuple[str, ...]]], tuple[str, ...]]:
        """The sentence under each speaker whose words alone bear it, with the passages; and else what is wrong."""
        if len(words(text)) > MOST_WORDS:
            return [], (f"langer dan {MOST_WORDS} woorden",)
        if not words(text):
            return [], ("lege zin",)
        groups: dict[str, list[Citation]] = {}
        for c in cited:
            passage = offered.get(c.passage)
            group = self._group(passage) if passage else ""
            quote = (literal_quote(c.citaat, passage) if passage else None) or c.citaat
            groups.setdefault(group, []).append(Citation(c.passage, quote))
        held = []
        faults: list[str] = []
        for group, citations in groups.items():
            found = self._faults_of(Claim(text, tuple(citations)), offered, language)
            faults += found
            if not found:
                ids = tuple(dict.fromkeys(c.passage for c in citations))
                held.append((Sentence(text, tuple(list(offered).index(i) + 1 for i in ids), group), ids))
        return held, () if held else tuple(dict.fromkeys(faults))

    def _faults_of(self, claim: Claim, offered: Mapping[str, Passage], language: Language) -> tuple[str, ...]:
        faults = claim_faults(claim, offered, self._documents, self._plain, language)
        cited = [i for i in dict.fromkeys(c.passage for c in claim.citations) if i in offered]
        support = " ".join([offered[i].searchable for i in cited] + [self._plain.get(i, "") for i in cited])
        return (*faults, *statement_faults(claim.text, support, dutch=language == "nl"))

    def _group(self, passage: Passage) -> str:
        return self._documents[passage.document].sidecar.groep

    def _draft(
        self,
        kept: Sequence[tuple[Sentence, tuple[str, ...]]],
        offered: Mapping[str, Passage],
        notices: tuple[str, ...] = (),
        trail: tuple[str, ...] = (),
    ) -> Draft:
        sources = tuple(self._builtin.source(n, p) for n, p in enumerate(offered.values(), start=1))
        return Draft(tuple(s for s, _ in kept), sources, self.name, notices, trail)

    def _instead(
        self,
        question: str,
        chosen: Sequence[Hit],
        why: str = "",
        notice: str = "",
        trail: Sequence[str] = (),
        asked: bool = False,
    ) -> Draft:
        """The answer of the built-in writer, and why it is that."""
        own = self._builtin.write(question, chosen)
        told = (f"Dit antwoord schreef het programma zelf. {notice}",) if notice else ()
        reason = f"de ingebouwde schrijver antwoordt: {why or notice}"
        notices = (*(self.notices if asked else ()), *told)
        return Draft(own.sentences, own.sources, own.writer, notices, (*trail, reason))

    # What the model is told

    def _prompt(
        self, question: str, fits: Sequence[Passage], history: Sequence[str], language: str = ""
    ) -> list[Message]:
        passages = "\n\n".join(self._told(p) for p in fits)
        return self._messages(self._parts, question, self._earlier(history), passages, language)

    def _messages(
        self, parts: Mapping[str, str], question: str, earlier: Sequence[str], before: str, language: str = ""
    ) -> list[Message]:
        vragen = "\n".join(f"- {q}" for q in earlier)
        told = Template(parts["Eerder"]).safe_substitute(vragen=vragen) + "\n\n" if earlier else ""
        system = Template(parts["Opdracht"]).safe_substitute(taal=language or "Nederlands", zinnen=MOST_SENTENCES)
        asked = Template(parts["Vraag"]).safe_substitute(eerder=told, vraag=question)
        return [("system", system), ("human", f"{before}\n\n{asked}".strip())]

    def _earlier(self, history: Sequence[str]) -> list[str]:
        return [collapse(mask(q).text)[:500] for q in history[-MOST_HISTORY:]]

    def _told(self, passage: Passage) -> str:
        document = self._documents[passage.document]
        strength = strength_of_passage(passage) if document.sidecar.soort == ACCORD else None
        return Template(self._parts["Passage"]).safe_substitute(
            sleutel=passage.id,
            titel=document.sidecar.titel,
            spreker=document.sidecar.spreker,
            status=document.sidecar.status,
            kracht=strength or "onbekend",
            kop=passage.heading_path or "geen",
            gewone_taal=self._plain.get(passage.id, passage.searchable if passage.row else "geen"),
            tekst=collapse(passage.quote),
        )

    def _fitting(self, question: str, passages: Sequence[Passage], history: Sequence[str]) -> list[Passage]:
        """As many of the passages, best first, as fit in the context of the model; none is shortened."""
        room = (CONTEXT - ANSWER_TOKENS) * CHARACTERS_PER_TOKEN
        room -= sum(len(text) for _, text in self._prompt(question, [], history))
        fits: list[Passage] = []
        for passage in passages:
            room -= len(self._told(passage)) + 2
            if room < 0:
                break
            fits.append(passage)
        return fits
