"""The answer as data: what every door (command line, chat, API) shows. Keys in Dutch when it leaves as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

AnswerKind = Literal["antwoord", "geen_antwoord", "weigering", "hulp", "kennismaking", "ongeldig"]
Certainty = Literal["hoog", "laag"]
Strength = Literal["doen", "onderzoeken", "streven", "voorwaarde"]


@dataclass(frozen=True)
class Source:
    """One source: where it stands and its literal words."""

    nummer: int
    passage: str
    document: str
    titel: str
    soort: str
    partij: str
    datum: str
    status: str
    """What a line of this document is worth, in plain Dutch."""
    pagina: str
    """As shown: 'pagina 12', 'pagina 12-13', 'pagina 13 (blad 14 van het bestand)', or 'zonder paginanummer'."""
    pagina_van: int | None
    """The number in the address of the page: the printed one, or the sheet of the file it was read from."""
    pagina_tot: int | None
    kop: str
    """Heading path."""
    citaat: str
    """Verbatim (runs of white space made one space; a table row keeps its tabs)."""
    kracht: Strength | None
    """How firm a line of the coalition accord is, read from its own words; None for other documents."""
    versie: str
    """First 12 hex digits of the SHA-256 of the document's text."""
    begin: int
    eind: int
    """Character span [begin, eind) in the document's text."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of the answer, with the numbers of the sources that it rests on."""

    tekst: str
    bronnen: tuple[int, ...]
    groep: str
    """The line that it stands under: whose words these are."""


@dataclass(frozen=True)
class Answer:
    """The answer to one question."""

    id: str
    vraag: str
    """As asked, with personal data masked."""
    soort: AnswerKind
    antwoord: str
    """The whole answer as plain text, with [1] marks."""
    zinnen: tuple[Sentence, ...] = ()
    bronnen: tuple[Source, ...] = ()
    """Best source first."""
    inleiding: tuple[str, ...] = ()
    """Our own words before the sentences: a refusal, a doubt, a greeting."""
    slot: tuple[str, ...] = ()
    """Our own words after them: whom to ask."""
    meldingen: tuple[str, ...] = ()
    zekerheid: Certainty = "laag"
    schrijver: str = "ingebouwd"
    """'ingebouwd', or the language model: 'ollama:gemma3:4b', 'openai:qwen3@server.example.nl'."""
    milliseconden: int = 0
    uitleg: tuple[str, ...] = field(default=())
    """Which rules decided, step by step (`vraag --uitleg`)."""

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready data (docs/antwoord.schema.json)."""
        return asdict(self)

    def with_time(self, milliseconds: float) -> Answer:
        return replace(self, milliseconden=max(1, round(milliseconds)))


def compose(lead: tuple[str, ...], sentences: tuple[Sentence, ...], close: tuple[str, ...]) -> str:
    """The plain text of an answer: own words, then the sentences under the line that says whose they are."""
    blocks = [" ".join(lead)] if lead else []
    group = None
    for sentence in sentences:
        marks = "".join(f"[{n}]" for n in sentence.bronnen)
        text = f"{sentence.tekst} {marks}".strip()
        if sentence.groep != group:
            group = sentence.groep
            blocks.append(f"{group}\n{text}" if group else text)
        else:
            blocks[-1] += f" {text}"
    if close:
        blocks.append(" ".join(close))
    return "\n\n".join(blocks)


def written_by(answer: Answer) -> str:
    """The line that says which language model wrote an answer; '' when none did."""
    model, _, host = answer.schrijver.partition(":")[2].partition("@")
    if not model or not answer.zinnen:
        return ""
    return f"Geschreven door het taalmodel {model} op {host or 'deze computer'}. Elke zin is nagekeken."


def schema() -> dict[str, Any]:
    """The JSON Schema of an answer; docs/antwoord.schema.json is this, written out."""
    from pydantic import TypeAdapter

    return TypeAdapter(Answer).json_schema()
