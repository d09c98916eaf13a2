"""From an answer to HTML: the same templates for the chat, the plain page and the hand-out."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from pydantic import BaseModel, ConfigDict

from ..answer import Answer, Sentence, Source, written_by
from ..limits import rules
from ..passages import Passage, TableRow
from .engine import Loaded

KINDS = {
    "coalitieakkoord": ("Afspraak van de coalitie", "afspraak"),
    "verkiezingsprogramma": ("Wens van een partij", "wens"),
    "dialoogverslag": ("Gezegd in een gesprek met inwoners", "gezegd"),
    "gemeentestuk": ("Stuk van de gemeente", "gemeente"),
}
"""For each kind of document: its word and its icon, the same everywhere."""
STRENGTHS = {
    "doen": "Dit gaat de coalitie doen",
    "onderzoeken": "De coalitie onderzoekt dit",
    "streven": "De coalitie streeft ernaar",
    "voorwaarde": "De coalitie doet dit onder een voorwaarde",
}
LITERAL = "In het document staat letterlijk:"
MOST_WORDS = 6
"""Difficult words explained in one answer, at most: more would make it restless."""
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


class Theme(BaseModel):
    """A theme and its six example questions (data/voorbeelden.yaml)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    naam: str
    vragen: tuple[str, ...]


@cache
def themes() -> tuple[Theme, ...]:
    """The themes of the start screen."""
    text = files("vraagalmere.web").joinpath("data", "voorbeelden.yaml").read_text(encoding="utf-8")
    return tuple(Theme.model_validate(t) for t in yaml.safe_load(text))


@dataclass(frozen=True)
class Run:
    """Sentences in a row that rest on the same sources."""

    sentences: tuple[Sentence, ...]
    strength: str | None


@dataclass(frozen=True)
class Group:
    """Sentences of one speaker: never mixed with another's."""

    heading: str
    word: str
    icon: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Card:
    """A source as it is shown."""

    source: Source
    word: str
    icon: str
    date: str
    strength: str | None
    row: TableRow | None
    link: str


def dutch_date(date: str) -> str:
    """'2026-06-30' as '30 juni 2026'; another text stays as it is."""
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", date)
    return f"{int(match[3])} {_MONTHS[int(match[2]) - 1]} {match[1]}" if match else date


def callable_numbers(text: str) -> Markup:
    """`text` as HTML with the numbers that people can call made links."""
    parts, at = [], 0
    for match in re.finditer(r"(?<![\d-])(112|113|14 036|0800-\d{4})(?![\d.-])", text):
        number = re.sub(r"\D", "", match.group())
        parts += [escape(text[at : match.start()]), Markup('<a href="tel:{}">{}</a>').format(number, match.group())]
        at = match.end()
    return Markup("").join([*parts, escape(text[at:])])


def groups(answer: Answer) -> tuple[Group, ...]:
    """The sentences of an answer by whose words they are, in the order of the answer."""
    by_number = {s.nummer: s for s in answer.bronnen}
    made: list[tuple[str, str, list[Sentence]]] = []
    for sentence in answer.zinnen:
        kind = by_number[sentence.bronnen[0]].soort
        if not made or made[-1][:2] != (sentence.groep, kind):
            made.append((sentence.groep, kind, []))
        made[-1][2].append(sentence)
    return tuple(Group(heading, *KINDS[kind], tuple(_runs(sentences, by_number))) for heading, kind, sentences in made)


def _runs(sentences: list[Sentence], by_number: dict[int, Source]) -> list[Run]:
    runs: list[list[Sentence]] = []
    for sentence in sentences:
        if runs and runs[-1][0].bronnen == sentence.bronnen:
            runs[-1].append(sentence)
        else:
            runs.append([sentence])
    return [Run(tuple(r), STRENGTHS.get(by_number[r[0].bronnen[0]].kracht or "")) for r in runs]


def page_link(source: Source) -> str:
    """The address of the page of a source, with its span."""
    return place_link(source.document, source.pagina_van, source.begin, source.eind, source.versie)


def place_link(document: str, page: int | None, start: int, end: int, version: str) -> str:
    """The address of a page with the characters [start, end) of the document marked."""
    place = f"/pagina/{page}" if page is not None else ""
    query = urlencode({"begin": start, "eind": end, "versie": version})
    return f"/document/{document}{place}?{query}#citaat"


def passage_link(passage: Passage, version: str) -> str:
    """The address of the page of a passage, with the passage marked."""
    first = passage.pages[0] if passage.pages else None
    return place_link(passage.document, first, passage.start, passage.end, version)


def cards(answer: Answer, loaded: Loaded) -> tuple[Card, ...]:
    """The sources of an answer as cards."""
    made = []
    for source in answer.bronnen:
        passage = loaded.vraagbaak.index.by_id.get(source.passage)
        word, icon = KINDS[source.soort]
        made.append(
            Card(
                source, word, icon, dutch_date(source.datum), STRENGTHS.get(source.kracht or ""),
                passage.row if passage else None, page_link(source),
            )
        )  # fmt: skip
    return tuple(made)


class Term(BaseModel):
    """A difficult word (corpus/woordenlijst.yaml)."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    term: str
    vormen: tuple[str, ...] = ()
    uitleg: str


class Glossary:
    """Puts the explanation of a difficult word behind its first use."""

    def __init__(self, terms: list[Term]) -> None:
        self._terms = {form.lower(): t for t in terms for form in (t.term, *t.vormen)}
        forms = sorted(self._terms, key=len, reverse=True)
        pattern = "|".join(re.escape(f) for f in forms) or r"(?!)"
        self._pattern = re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)

    def mark(self, text: str, done: dict[str, int], key: str) -> Markup:
        """`text` as HTML with each difficult word that is not in `done` yet made a button with its explanation.

        A word that the text itself explains between brackets is left alone.
        """
        parts, at = [], 0
        for match in self._pattern.finditer(text):
            term = self._terms[match.group().lower()]
            explained = text[match.end() : match.end() + 2] == " ("
            inside = text.count("(", 0, match.start()) > text.count(")", 0, match.start())
            if term.term in done or inside or len(done) >= MOST_WORDS:
                continue
            done[term.term] = len(done) + 1
            if explained:
                continue
            name = f"w-{key}-{done[term.term]}"
            parts += [
                escape(text[at : match.start()]),
                Markup(
                    '<span class="woord"><button type="button" aria-describedby="{}">{}</button>'
                    '<span class="uitleg" role="tooltip" id="{}"><span class="verborgen"> (</span>{}'
                    '<span class="verborgen">) </span></span></span>'
                ).format(name, match.group(), name, term.uitleg),
            ]
            at = match.end()
        return Markup("").join([*parts, escape(text[at:])])


def read_glossary(corpus: Path) -> Glossary:
    """The word list of a corpus; empty when there is none or it cannot be used."""
    path = corpus / "woordenlijst.yaml"
    if not path.is_file():
        return Glossary([])
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Glossary([Term.model_validate(t) for t in raw or []])


def language(answer: Answer) -> str:
    """The language code of the first line of an answer: not Dutch when it speaks to someone in their language."""
    rule = next((u for u in answer.uitleg if u.startswith("taal: ")), "")
    name = rule.removeprefix("taal: ").split(" (")[0]
    codes = {e["taal"]: e["code"] for e in rules()["talen"]["woordlijsten"]}
    codes |= {"Oekraïens of Russisch": "uk", "Arabisch of Perzisch": "ar", "Grieks": "el", "Hebreeuws": "he",
              "Chinees of Japans": "zh", "Tigrinya of Amhaars": "en"}  # fmt: skip
    return str(codes.get(name, "nl"))


class Renderer:
    """Fills the templates."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary
        self._env = Environment(
            loader=PackageLoader("vraagalmere.web"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._env.filters.update(datum=dutch_date, bellen=callable_numbers)
        self._env.globals.update(
            soorten=KINDS, themas=themes(), plek_link=place_link, bron_link=page_link, passage_link=passage_link
        )

    def page(self, name: str, **values: Any) -> str:
        """The template `name` filled in; every value is escaped."""
        return self._env.get_template(name).render(**values)

    def about(self, answer: Answer, loaded: Loaded, level: int = 2) -> dict[str, Any]:
        """What the templates show of an answer; its headings are of this level."""
        done: dict[str, int] = {}
        shown = cards(answer, loaded)
        return {
            "antwoord": answer,
            "niveau": level,
            "groepen": groups(answer),
            "kaarten": shown,
            "bron_bij": {c.source.nummer: c for c in shown},
            "taal": language(answer),
            "geschreven": written_by(answer),
            "gewone_taal": any(not z.tekst.startswith(LITERAL) for z in answer.zinnen),
            "in_woorden": lambda text: self.glossary.mark(text, done, answer.id),
            "vandaag": dutch_date(datetime.date.today().isoformat()),
        }

    def answer(self, answer: Answer, loaded: Loaded) -> str:
        """An answer as a piece of a page."""
        return self.page("_antwoord.html", **self.about(answer, loaded, level=3))


def spoken(answer: Answer) -> str:
    """An answer as it is read aloud and announced: no numbers of sources, the speaker before the words."""
    parts = [*answer.meldingen, *answer.inleiding]
    heading = ""
    for sentence in answer.zinnen:
        if sentence.groep != heading:
            heading = sentence.groep
            parts.append(f"{heading}:")
        parts.append(sentence.tekst)
    return " ".join([*parts, *answer.slot])
