"""Read and check the question sets (evals/sets/SCHEMA.md). An error names file, line and field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from ..answer import AnswerKind
from ..corpus import Document
from ..errors import CorpusError, InputError

OTHER_KINDS = frozenset({"kracht-120.jsonl", "leugens-110.jsonl", "wethouders-60.jsonl"})
"""Files in evals/sets/ that are no question sets: labels of lines of the accord, and sentences true and false."""

Part = Literal["ontwikkeling", "test"]


class _PlaceLine(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    regels: tuple[int, int]
    citaat: str = Field(min_length=1)


class _QuestionLine(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    vraag: str
    soort: AnswerKind
    goud: tuple[tuple[_PlaceLine, ...], ...] = ()
    feiten: tuple[str | tuple[str, ...], ...] = ()
    stijl: tuple[str, ...]
    deel: Part
    notitie: str = ""


@dataclass(frozen=True)
class Place:
    """A place in a document that answers: the character span [start, end) of the gold quote."""

    document: str
    start: int
    end: int


@dataclass(frozen=True)
class Question:
    """One gold question."""

    id: str
    set: str
    """Name of the set: its file without the extension."""
    vraag: str
    soort: AnswerKind
    """The right kind of answer."""
    goud: tuple[tuple[Place, ...], ...]
    """Parts that a whole answer needs (all of), each a choice of places (any of)."""
    feiten: tuple[tuple[str, ...], ...]
    """Facts that a good answer shows (all of), each a choice of wordings (any of)."""
    stijl: tuple[str, ...]
    deel: Part
    notitie: str = ""

    @property
    def places(self) -> tuple[Place, ...]:
        """Every gold place, of all parts."""
        return tuple(place for part in self.goud for place in part)


def standard_sets(folder: Path) -> list[Path]:
    """The question sets in evals/sets/, by name.

    Raises:
        InputError: when there is none.
    """
    found = sorted(p for p in folder.glob("*.jsonl") if p.name not in OTHER_KINDS)
    if not found:
        raise InputError(f"Er staan geen vragensets in {folder}. Geef er zelf een met: --set BESTAND")
    return found


def read_sets(files: Iterable[Path], documents: dict[str, Document]) -> list[Question]:
    """The questions of all `files`, in order.

    Raises:
        InputError: for a line that does not fit the schema, a quote that is not on its lines, or an id used twice.
    """
    questions: list[Question] = []
    where: dict[str, str] = {}
    for path in files:
        for place, question in _read_set(path, documents):
            if question.id in where:
                raise InputError(f"{place}, veld 'id': '{question.id}' staat ook al in {where[question.id]}.")
            where[question.id] = place
            questions.append(question)
    return questions


def _read_set(path: Path, documents: dict[str, Document]) -> Iterable[tuple[str, Question]]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        raise InputError(f"Het bestand {path.name} bestaat niet. Controleer de naam na --set.") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"{path.name} is niet te lezen. Sla het op als tekst in UTF-8.") from exc
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            place = f"{path.name}, regel {number}"
            yield place, _question(line, place, path.stem, documents)


def _question(line: str, place: str, name: str, documents: dict[str, Document]) -> Question:
    try:
        raw = _QuestionLine.model_validate_json(line)
    except ValidationError as exc:
        raise InputError(f"{place}, {_in_dutch(exc.errors()[0])}") from exc
    if raw.soort == "antwoord" and not raw.goud:
        raise InputError(f"{place}, veld 'goud': ontbreekt. Een vraag met soort 'antwoord' heeft een plaats nodig.")
    gold = []
    for i, part in enumerate(raw.goud):
        if not part:
            raise InputError(f"{place}, veld 'goud.{i}': is leeg. Zet er minstens één plaats in.")
        gold.append(tuple(_place(p, f"{place}, veld 'goud.{i}.{j}", documents) for j, p in enumerate(part)))
    facts = tuple((fact,) if isinstance(fact, str) else fact for fact in raw.feiten)
    return Question(raw.id, name, raw.vraag, raw.soort, tuple(gold), facts, raw.stijl, raw.deel, raw.notitie)


def _place(raw: _PlaceLine, field: str, documents: dict[str, Document]) -> Place:
    document = documents.get(raw.document)
    if document is None:
        known = ", ".join(sorted(documents))
        raise InputError(f"{field}.document': '{raw.document}' is geen document. Bekend zijn: {known}.")
    try:
        span = document.span_of_lines(*raw.regels)
    except CorpusError as exc:
        raise InputError(f"{field}.regels': {exc}") from exc
    found = find_quote(document.text, raw.citaat, *span)
    if found is None:
        lines = f"{raw.regels[0]}-{raw.regels[1]}"
        raise InputError(f"{field}.citaat': deze woorden staan niet op de regels {lines} van {raw.document}.")
    return Place(raw.document, *found)


def find_quote(text: str, quote: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
    """Character span [start, end) of the first place of `quote` in `text`; white space may differ. None: not there."""
    words = quote.split()
    if not words:
        return None
    found = re.compile(r"\s+".join(map(re.escape, words))).search(text, start, len(text) if end is None else end)
    return found.span() if found else None


def _in_dutch(error: ErrorDetails) -> str:
    """The field and what is wrong with it, in Dutch."""
    field = ".".join(str(part) for part in error["loc"]) or "(de hele regel)"
    kind = error["type"]
    allowed = error.get("ctx", {}).get("expected", "")
    meaning = {
        "missing": "ontbreekt.",
        "extra_forbidden": "onbekende sleutel. Kijk in evals/sets/SCHEMA.md welke er zijn.",
        "literal_error": f"moet een van deze zijn: {str(allowed).replace(' or ', ' of ')}.",
        "json_invalid": "is geen geldige JSON.",
        "string_too_short": "mag niet leeg zijn.",
        "string_type": "moet tekst zijn.",
    }.get(kind, "heeft een verkeerde vorm. Kijk in evals/sets/SCHEMA.md.")
    return f"veld '{field}': {meaning}"
