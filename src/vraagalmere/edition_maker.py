"""Write plain-language records with a local language model, and keep only those that hold.

A record is kept when it says the numbers of its passage, in short sentences, by its speaker, without a lost
negation or a lost 'onderzoeken' (data/behoud.json). What is kept has the status 'concept': a person approves it
with `vraagalmere klaretaal keurgoed`. The model is asked through Ollama; the prompt is prompts/klaretaal.md.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .corpus import Document, read_corpus
from .dutch import collapse, words
from .edition import FOLDER, Edition, Record, read_edition, read_records
from .errors import EditionError, InputError
from .faithful import faults_of_text
from .llm import CONTEXT, LOADING, Message, ollama_errors, open_ollama, read_parts
from .passages import Passage, passages_of
from .settings import Settings

FEWEST_WORDS = 8
"""Everyday words that a record has at least, after those that stand in the passage are left out."""
BEGIN_WORDS = 8
"""Words of the passage that a record opens with, for the reader of the file."""
TRIES = 2
"""Times a passage is asked for; the second time with what was wrong the first time."""
LINE = 110
"""Characters after which the text of a record wraps; with it the edition's own files are made again to the byte."""

Ask = Callable[[Sequence[Message]], str]
"""A language model: messages in, text out."""


class Draft(BaseModel):
    """What the model must give; its JSON schema binds the model. Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gewone_taal: str
    vragen: list[str] = Field(min_length=10, max_length=10)
    woorden: list[str] = Field(min_length=FEWEST_WORDS, max_length=14)
    onbeantwoord: list[str] = Field(min_length=3, max_length=3)


@dataclass(frozen=True)
class Prompt:
    """The parts of prompts/klaretaal.md."""

    version: str
    system: str
    passage: Template
    again: Template


@dataclass(frozen=True)
class Outcome:
    """What came of one passage: a record in the file, or why there is none."""

    passage: Passage
    record: Record | None
    faults: tuple[str, ...]
    """Dutch, one clause each; () when there is a record."""


def read_prompt(folder: Path) -> Prompt:
    """Read `klaretaal.md` in `folder`.

    Raises:
        InputError: when it is missing, or a part or the version is.
    """
    version, parts = read_parts(folder / "klaretaal.md", ("Opdracht", "Passage", "Opnieuw"))
    return Prompt(version, parts["Opdracht"], Template(parts["Passage"]), Template(parts["Opnieuw"]))


def open_model(name: str) -> Ask:
    """The model `name` in the Ollama of this computer, or of OLLAMA_HOST.

    Raises:
        ExtraMissing: without langchain-ollama.
        ModelError: when Ollama does not run, the model is not pulled, or it cannot write text.
    """
    model = open_ollama(
        name,
        timeout=LOADING,
        format=Draft.model_json_schema(),
        num_ctx=CONTEXT,  # the instruction, a long passage and two answers
        num_predict=3000,  # a record is about 800 tokens: stops a model that repeats itself
    )

    def ask(messages: Sequence[Message]) -> str:
        with ollama_errors(name):
            return str(model.invoke(list(messages)).text)

    return ask


def without_record(settings: Settings, document: str | None = None) -> list[tuple[Document, Passage]]:
    """The passages that no usable record has, of all documents or of one, in order.

    Raises:
        InputError: when there is no such document.
    """
    documents = read_corpus(settings.corpus)
    if document is not None and document not in {d.id for d in documents}:
        known = ", ".join(d.id for d in documents)
        raise InputError(f"Er is geen document '{document}'. Bekende documenten: {known}.")
    cut = {d.id: passages_of(d) for d in documents}
    missing = {p.id for p in read_edition(settings.corpus, [p for ps in cut.values() for p in ps]).missing}
    return [(d, p) for d in documents if document in (None, d.id) for p in cut[d.id] if p.id in missing]


def make(
    settings: Settings, todo: Sequence[tuple[Document, Passage]], ask: Ask, model: str, at_most: int | None = None
) -> Iterator[Outcome]:
    """Write a record for each passage of `todo`, until there are `at_most`; each is in its file when it is yielded.

    Raises:
        ModelError: when the model is gone; what was made stays.
        EditionError: when a file of the edition cannot be written or added to.
    """
    prompt = read_prompt(settings.prompts)
    edition = read_edition(settings.corpus, [p for d in read_corpus(settings.corpus) for p in passages_of(d)])
    answered, unanswered = _questions(edition)
    made = 0
    for document, passage in todo:
        if made == at_most:
            return
        record, faults = _write(document, passage, prompt, ask, answered, unanswered)
        if record is not None:
            made += 1
            append(
                settings.corpus, document, record, f"concept van {model}, prompts/klaretaal.md versie {prompt.version}"
            )
            answered |= {_key(q) for q in record.vragen}
            unanswered |= {_key(q) for q in record.onbeantwoord}
        yield Outcome(passage, record, faults)


def _write(
    document: Document, passage: Passage, prompt: Prompt, ask: Ask, answered: set[str], unanswered: set[str]
) -> tuple[Record | None, tuple[str, ...]]:
    about = document.sidecar
    question = prompt.passage.safe_substitute(
        titel=about.titel,
        spreker=about.spreker,
        status=about.status,
        kop=passage.heading_path or "geen",
        aanhef=passage.lead_in or "geen",
        passage=passage.searchable if passage.row else passage.quote,
    )
    messages = [("system", prompt.system), ("human", question)]
    faults: tuple[str, ...] = ()
    for _ in range(TRIES):
        said = ask(messages)
        record, faults = _judge(said, document, passage, answered, unanswered)
        if record is not None:
            return record, ()
        messages = [*messages[:2], ("ai", said), ("human", prompt.again.safe_substitute(fouten="; ".join(faults)))]
    return None, faults


def _judge(
    said: str, document: Document, passage: Passage, answered: set[str], unanswered: set[str]
) -> tuple[Record | None, tuple[str, ...]]:
    # LangChain's own parser mends JSON that stops halfway; half a record is no record.
    try:
        draft = Draft.model_validate_json(said)
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(p) for p in first["loc"])
        return None, (f"het antwoord is geen volledig record ({place or 'JSON'}: {first['msg']})",)
    plain = collapse(draft.gewone_taal)
    printed = set(words(passage.searchable))
    record = Record(
        passage=passage.id,
        hash=passage.hash,
        begin=" ".join(passage.quote.split()[:BEGIN_WORDS]),
        status="concept",
        gewone_taal=plain,
        vragen=_distinct(draft.vragen),
        woorden=tuple(w for w in _distinct(draft.woorden) if not set(words(w)) <= printed),
        onbeantwoord=_distinct(draft.onbeantwoord),
    )
    faults = [*faults_of_text(plain, passage, document), *_faults_of_lists(record, answered, unanswered)]
    return (None, tuple(faults)) if faults else (record, ())


def _faults_of_lists(record: Record, answered: set[str], unanswered: set[str]) -> Iterator[str]:
    asked, not_asked = {_key(q) for q in record.vragen}, {_key(q) for q in record.onbeantwoord}
    if len(record.vragen) < 10 or len(record.onbeantwoord) < 3:
        yield "een vraag is leeg of staat er twee keer"
    if len(record.woorden) < FEWEST_WORDS:
        yield f"minder dan {FEWEST_WORDS} woorden die niet in de passage staan"
    if asked & (not_asked | unanswered) or not_asked & answered:
        yield "een vraag staat ook bij het andere soort vragen (beantwoord en onbeantwoord)"


def _key(question: str) -> str:
    return " ".join(words(question))


def _questions(edition: Edition) -> tuple[set[str], set[str]]:
    """The questions of the edition that are answered, and those that are not, as folded words."""
    records = edition.records.values()
    return {_key(q) for r in records for q in r.vragen}, {_key(q) for r in records for q in r.onbeantwoord}


def _distinct(texts: Collection[str]) -> tuple[str, ...]:
    """`texts` with white space collapsed, without the empty ones and those that say the same again."""
    by_key: dict[str, str] = {}
    for text in texts:
        by_key.setdefault(_key(text), collapse(text))
    return tuple(text for key, text in by_key.items() if key)


class _Dumper(yaml.SafeDumper):
    """YAML as the edition has it: the items of a list stand under their key, two to the right."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def as_yaml(record: Record) -> str:
    """A record as it stands in a file of the edition."""
    return yaml.dump([record.model_dump(mode="json")], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=LINE)


def append(corpus: Path, document: Document, record: Record, comment: str) -> None:
    """Add a record, under a comment, to the file of its document; what was there stays as it was, to the byte.

    Raises:
        EditionError: when the file cannot be written, or would not be read back as it was plus this record.
    """
    path = corpus / FOLDER / f"{document.id}.yaml"
    old = _bytes(path)
    if not old:
        old = f"# {document.sidecar.korte_titel} in gewone taal. Uitleg: docs/klaretaal.md\n".encode()
    gap = b"\n" if old.endswith(b"\n") else b"\n\n"
    new = old + gap + f"# {collapse(comment)}\n{as_yaml(record)}".encode()
    before = read_records(path) if path.exists() else []
    _replace(path, new, [*before, record])


def approve(settings: Settings, passages: Sequence[str]) -> list[str]:
    """Set the status of the records of `passages` to 'nagekeken', all or none; gives the ids that changed.

    Raises:
        InputError: when a passage has no record, or has other words than when its record was made.
        EditionError: when a file is laid out so that the status cannot be changed safely.
    """
    edition = read_edition(settings.corpus, [p for d in read_corpus(settings.corpus) for p in passages_of(d)])
    stale = {r.passage for r in edition.stale}
    for key in passages:
        if key not in edition.records:
            why = "is verouderd: de tekst van het document is veranderd" if key in stale else "is er niet"
            raise InputError(f"Het record van '{key}' {why}. Zie: vraagalmere klaretaal controle")
    concepts = {key for key in passages if edition.records[key].status == "concept"}
    todo = []
    for path in sorted((settings.corpus / FOLDER).glob("*.yaml")):
        records = read_records(path)
        here = {r.passage for r in records} & concepts
        if here:
            text = _bytes(path).decode("utf-8")
            for key in here:
                text = _approved(text, key)
            todo.append((path, text.encode(), [_if_in(r, here) for r in records]))
    for path, data, expected in todo:
        _replace(path, data, expected)
    return [key for key in dict.fromkeys(passages) if key in concepts]


def _if_in(record: Record, keys: Collection[str]) -> Record:
    return record.model_copy(update={"status": "nagekeken"}) if record.passage in keys else record


def _approved(text: str, key: str) -> str:
    record = rf"(^- passage: ['\"]?{re.escape(key)}['\"]?[ \r]*\n(?:  .*\n)*?  status: )concept(?=[ \r]*$)"
    return re.sub(record, r"\g<1>nagekeken", text, flags=re.MULTILINE)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.exists() else b""
    except OSError as exc:
        raise EditionError(f"{path} is niet te lezen ({exc.strerror}).") from exc


def _replace(path: Path, data: bytes, expected: list[Record]) -> None:
    """Put `data` in the place of `path` in one step, if it reads as `expected`."""
    path = path.resolve()
    beside = path.with_name(f".{path.name}.nieuw")
    try:
        path.parent.mkdir(exist_ok=True)
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        if read_records(beside) != expected:
            raise EditionError(f"klaretaal/{path.name} heeft een andere opmaak dan verwacht. Verander het met de hand.")
        beside.replace(path)
    except OSError as exc:
        raise EditionError(f"{path} is niet te schrijven ({exc.strerror}).") from exc
    finally:
        beside.unlink(missing_ok=True)
