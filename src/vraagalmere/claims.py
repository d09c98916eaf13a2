"""Hold a sentence that a language model wrote to the words it says it rests on. Fail closed: any fault drops it.

The checks compare words, numbers and names; they do not understand. What they let through is measured in
docs/leugenaars.md. Patterns, pairs and thresholds are data (data/getrouw.json).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict

from .corpus import Document
from .dutch import (
    collapse,
    compound_parts,
    fold,
    sentence_spans,
    sentences,
    stem,
    stop_words,
    synonym_groups,
    words,
    zipf,
)
from .faithful import Quantity, number_words, numeric, quantities, row_amounts
from .passages import Passage

Language = Literal["nl", "en"]


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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Thresholds(_Strict):
    woorden_hoogstens: int
    citaat_woorden: int
    steun_woord: float
    steun_citaat: float
    steun_bron: float
    verteld: float
    gaat_over: float
    dichter: float


class _Negation(_Strict):
    streng: re.Pattern[str]
    geen_ontkenning: re.Pattern[str]
    zacht: re.Pattern[str]
    uitleg: str


class _Reservation(_Strict):
    naam: str
    bereik: Literal["hele zin", "zin", "zinsdeel", "geen"]
    bron: re.Pattern[str]
    zin: re.Pattern[str]
    erbij: str


class _Limit(_Strict):
    naam: str
    patroon: re.Pattern[str]


class _Money(_Strict):
    uit: re.Pattern[str]
    binnen: re.Pattern[str]
    plus: re.Pattern[str]
    min: re.Pattern[str]
    tabel_uit: re.Pattern[str]
    tabel_binnen: re.Pattern[str]
    woorden: str


class _English(_Strict):
    woorden: str
    ontkenning: re.Pattern[str]
    ontkenning_streng: re.Pattern[str]
    kracht: dict[str, re.Pattern[str]]
    beloften: re.Pattern[str]
    getallen: dict[str, str]
    telwoorden: re.Pattern[str]
    hoofdletters: str


class _Rules(_Strict):
    """data/getrouw.json; every `…uitleg` says why."""

    uitleg: str
    drempels: _Thresholds
    drempels_uitleg: dict[str, str]
    kader: str
    kader_uitleg: str
    ontkenning: _Negation
    kracht: tuple[_Reservation, ...]
    kracht_uitleg: str
    grenzen: tuple[_Limit, ...]
    telwoorden: re.Pattern[str]
    tegendelen: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    tegendelen_uitleg: str
    partijen: re.Pattern[str]
    partijen_uitleg: str
    actoren: re.Pattern[str]
    actoren_uitleg: str
    sprekers: dict[str, tuple[str, ...]]
    sprekers_algemeen: dict[str, tuple[str, ...]]
    wens: re.Pattern[str]
    wens_uitleg: str
    wij: re.Pattern[str]
    lezer: re.Pattern[str]
    lezer_uitleg: str
    opdracht: re.Pattern[str]
    opmaak: re.Pattern[str]
    geld: _Money
    geld_uitleg: str
    engels: _English
    engels_uitleg: str


@cache
def _rules() -> _Rules:
    return _Rules.model_validate_json(files("vraagalmere").joinpath("data", "getrouw.json").read_text(encoding="utf-8"))


def claim_faults(
    claim: Claim,
    offered: Mapping[str, Passage],
    documents: Mapping[str, Document],
    plain: Mapping[str, str],
    language: Language = "nl",
) -> tuple[str, ...]:
    """What is wrong with a claim, in Dutch clauses; () when it holds and may be shown.

    The kind of a fault is what stands before its colon (`fault_kind`).

    Args:
        claim: the sentence as the model gave it; each quote must already be literal (`literal_quote`).
        offered: the passages that the model was given, by id; another one may not be cited.
        documents: by id, for who speaks and what kind of document it is.
        plain: the approved plain-language text of passages, by passage id: words that also count as support.
        language: what the sentence must be in. In English ('en') only the quote proves what is said: numbers,
            names, speaker, negation and reservations are compared, other words are not. There is no third.
    """
    faults = [*_form(claim.text, language), *_citations(claim.citations, offered, documents)]
    if faults:
        return tuple(faults)
    evidence = tuple(_evidence(c, offered, documents, plain) for c in dict.fromkeys(claim.citations))
    return tuple(dict.fromkeys(_content_faults(claim, evidence, documents, language)))


def fault_kind(fault: str) -> str:
    """The short, stable Dutch name of a fault, to count by."""
    return fault.split(":")[0]


_TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‑": "-"})


def literal_quote(quote: str, passage: Passage) -> str | None:
    """The passage's own words that `quote` repeats, with runs of white space made one space; None if it does not.

    Typographic marks, upper case and a final mark may differ: what is given back is what the passage prints.
    A quote begins and ends with a whole word.
    """
    printed = collapse(passage.quote)
    plain = "".join(c.lower() if len(c.lower()) == 1 else c for c in printed.translate(_TYPOGRAPHY))
    wanted = collapse(quote).translate(_TYPOGRAPHY).lower()
    for form in (wanted, wanted.strip(" .;,:\"'")):
        span = _whole_words(form, plain)
        if span:
            return printed[slice(*span)]
    return None


def _whole_words(quote: str, text: str) -> tuple[int, int] | None:
    """Where `quote` stands in `text`, not inside a word."""
    if not quote:
        return None
    match = re.search(rf"(?<![\w]){re.escape(quote)}(?![\w])", text)
    return match.span() if match else None


# The form of the sentence.


def _form(text: str, language: Language) -> Iterator[str]:
    rules = _rules()
    odd = {c for c in text if unicodedata.category(c)[0] == "C" or (c.isalpha() and not _latin(c))}
    if odd:
        yield f"tekens: {', '.join(f'U+{ord(c):04X}' for c in sorted(odd))}"
    if rules.opmaak.search(text.lower()):
        yield "opmaak: een link, code of opmaak"
    count = len(words(text))
    if count > rules.drempels.woorden_hoogstens:
        yield f"lengte: {count} woorden"
    if count < 3 or len(sentences(text)) != 1 or not re.search(r"[.][\"'”’)]*$", text.strip()):
        yield "geen zin: niet één hele zin met een punt"
    found = fold(text)
    tokens = words(text)
    english = set(rules.engels.woorden.split())
    foreign = sum(t in english and t not in stop_words() for t in tokens)
    dutch = sum(t in stop_words() and t not in english for t in tokens)
    if language == "nl" and (dutch == 0 or foreign > dutch):
        yield "taal: geen Nederlands"
    if language == "en" and foreign < 2:
        yield "taal: geen Engels"
    if language not in ("nl", "en"):
        yield f"taal: '{language}' kan niet worden nagekeken"
    if rules.opdracht.search(found):
        yield "opdracht: tekst over de opdracht in plaats van het document"


def _latin(char: str) -> bool:
    return ord(char) < 0x180 and unicodedata.name(char, "").startswith("LATIN")


# The citations.


def _citations(
    citations: Sequence[Citation], offered: Mapping[str, Passage], documents: Mapping[str, Document]
) -> Iterator[str]:
    if not citations:
        yield "geen bron: de zin noemt geen passage"
    for citation in citations:
        passage = offered.get(citation.passage)
        if passage is None or passage.document not in documents:
            yield f"bron niet aangeboden: {citation.passage}"
            continue
        printed, quote = collapse(passage.quote), collapse(citation.quote)
        if not _whole_words(quote, printed):
            yield f"citaat niet letterlijk: {citation.passage}"
        elif len(words(quote)) < _rules().drempels.citaat_woorden and words(quote) != words(printed):
            yield f"citaat te kort: {citation.passage}"


@dataclass(frozen=True)
class _Evidence:
    """What a citation proves: the quote, made whole sentences, and what stands around it. All text is `numeric`."""

    passage: Passage
    document: Document
    sentences: tuple[str, ...]
    around: str
    """Headings and the opening of the list."""
    title: str
    """Titles and year of the document: numbers and names may come from it, support may not."""
    plain: str

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


_NUMBERED = re.compile(r"\b(?:thema|opgave|hoofdstuk)? ?\d{1,2}(?=[.:])|\bhoofdstuk \d+", re.IGNORECASE)
"""Numbers of headings, which count nothing."""


def _evidence(
    citation: Citation, offered: Mapping[str, Passage], documents: Mapping[str, Document], plain: Mapping[str, str]
) -> _Evidence:
    passage = offered[citation.passage]
    document = documents[passage.document]
    about = document.sidecar
    around = _NUMBERED.sub("", f"{'. '.join(passage.headings)}. {passage.lead_in}")
    title = f"{_NUMBERED.sub('', f'{about.titel}. {about.korte_titel}.')} {about.datum[:4]}."
    if passage.row:
        quoted = [passage.searchable.replace(" geen bedrag genoemd", "")]
    else:
        printed = collapse(passage.quote)
        start, end = _whole_words(collapse(citation.quote), printed) or (0, len(printed))
        # A quote may not leave out the 'niet' of its own sentence: the whole sentence is what it rests on.
        quoted = [printed[a:b] for a, b in sentence_spans(printed) if a < end and start < b]
    return _Evidence(
        passage,
        document,
        tuple(map(numeric, quoted)),
        numeric(around),
        numeric(title),
        numeric(plain.get(passage.id, "")),
    )


# Words.


@dataclass(frozen=True)
class _Word:
    """A word of content, its key, and the keys of its compound parts."""

    word: str
    key: str
    parts: tuple[str, ...]


_ENDS = re.compile(r"[.,;:()]|\b(?:en|of|maar|omdat|zodat|waarbij)\b")
_SEPARATED = re.compile(r"\b(aan|af|bij|in|mee|na|op|over|samen|tegen|terug|toe|uit|weg) te (?=\w{4})")


@lru_cache(maxsize=4_096)
def _words(text: str) -> tuple[str, ...]:
    """The words of a numeric text; 'op te potten' is 'oppotten'."""
    return tuple(words(_SEPARATED.sub(r"\1", text)))


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    """A cruder stem than Snowball's, for comparing only: 'verhoogt', 'verhogen', 'verhoogd' are one."""
    key = stem(word)
    if len(key) > 4:
        key = re.sub(r"(?<=...)[td]+$", "", key)
        key = key.removesuffix("e") if len(key) > 4 else key
    key = re.sub(r"([aeou])\1", r"\1", key)
    if len(key) > 5 and key.startswith("ge"):
        key = key[2:]
    return key[:-1] + {"v": "f", "z": "s"}.get(key[-1], key[-1])


@cache
def _no_content() -> frozenset[str]:
    return frozenset({*stop_words(), *words(_rules().kader), *number_words()})


@lru_cache(maxsize=4_096)
def _content(text: str) -> tuple[_Word, ...]:
    """The words of a numeric text that say something: no stop words, words of the frame, or numbers."""
    return tuple(
        _Word(w, _key(w), tuple(_key(p) for p in compound_parts(w) if p not in stop_words()))
        for w in _words(text)
        if w not in _no_content() and len(w) > 1 and not w[0].isdigit()
    )


@lru_cache(maxsize=4_096)
def _keys(text: str) -> frozenset[str]:
    """The keys of all words of a text, of their compound parts, and of verbs in two parts ('voeren … in')."""
    own = {*_words(text), *(w for a, b in _cut(text, _ENDS) for w in _joined(_words(text[a:b])))}
    return frozenset(k for w in own for k in (_key(w), *(_key(p) for p in compound_parts(w))))


_PARTICLES = frozenset("aan af bij in mee na op over samen tegen terug toe uit voor weg".split())


def _joined(clause: Sequence[str]) -> list[str]:
    """The verbs that the last word of a clause may belong to: 'voeren we dit in' has 'invoeren'."""
    if not clause or clause[-1] not in _PARTICLES:
        return []
    return [clause[-1] + w for w in clause[:-1] if len(w) > 3 and clause[-1] + w in zipf()]


@cache
def _synonyms() -> tuple[tuple[tuple[frozenset[str], ...], ...], dict[str, tuple[int, ...]]]:
    """(the groups of synonyms, each member as the keys of its words; the groups in which a key occurs)."""
    groups = tuple(
        tuple(m for m in (frozenset(_key(w) for w in g.split() if w not in stop_words()) for g in group) if m)
        for group in synonym_groups()
    )
    where: dict[str, list[int]] = {}
    for i, group in enumerate(groups):
        for key in frozenset().union(*group):
            where.setdefault(key, []).append(i)
    return groups, {key: tuple(found) for key, found in where.items()}


@lru_cache(maxsize=4_096)
def _widened(text: str, single: bool = False) -> frozenset[str]:
    """The keys of a text and of the synonyms of what it names; of single words for single words only, if asked."""
    own = _keys(text)
    groups, where = _synonyms()
    near = {i for key in own for i in where.get(key, ())}
    members = ((m for m in groups[i] if not single or len(m) == 1) for i in near)
    return own.union(*(frozenset().union(*g) for g in map(tuple, members) if any(m <= own for m in g)))


def _value(word: _Word, support: Collection[str]) -> float:
    """How far `support` holds a word, 0…1: itself, or the share of its compound parts."""
    if word.key in support:
        return 1.0
    return sum(p in support for p in word.parts) / len(word.parts) if word.parts else 0.0


def _share(found: Sequence[_Word], support: Collection[str]) -> float:
    """How far `support` holds the words, 0…1; 1 when there are none."""
    return sum(_value(w, support) for w in found) / len(found) if found else 1.0


_CLAUSE = re.compile(
    r"[,;:()]|\s[-–—]\s"
    r"|\b(?:maar|omdat|zodat|terwijl|want|waarbij|waardoor|waarmee|doordat|die|in plaats van|met als doel)\b"
)
_MAIN = re.compile(rf"{_CLAUSE.pattern}|\b(?:en|of)\b")


def _cut(text: str, at: re.Pattern[str]) -> list[tuple[int, int]]:
    cuts = [0, *(m.start() for m in at.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


def _denied(sentence: str, negation: re.Pattern[str], cut: re.Pattern[str]) -> Iterator[str]:
    """The pieces of a sentence that its negations speak of: five words of content to each side, within the clause."""
    clauses: list[str] = []
    for a, b in _cut(sentence, cut):
        # 'Ongeacht leeftijd, inkomen of beperking': the items of this list share their negation.
        if clauses and "ongeacht" in clauses[-1] and sentence[a] == "," and len(_content(sentence[a:b])) < 3:
            clauses[-1] += sentence[a:b]
        else:
            clauses.append(sentence[a:b])
    for clause in clauses:
        for match in negation.finditer(clause):
            before = [m.start() for m in re.finditer(r"\w+", clause[: match.start()]) if _content(m[0])]
            after = [m.end() for m in re.finditer(r"\w+", clause[match.end() :]) if _content(m[0])]
            start = before[-5] if len(before) > 5 else 0
            end = match.end() + after[4] if len(after) > 5 else len(clause)
            yield clause[start:end]


# What the sentence says.


def _content_faults(
    claim: Claim, evidence: tuple[_Evidence, ...], documents: Mapping[str, Document], language: Language
) -> Iterator[str]:
    sentence = _without_glosses(claim.text, evidence)
    if "(" in sentence and language == "nl":
        yield "uitleg: tussen haakjes, en niet die van de gewone taal"
    text = numeric(sentence)
    yield from _speakers(text, evidence, documents)
    yield from _reader(text, evidence)
    yield from _names(sentence, evidence, language)
    if language == "en":
        yield from _numbers(_english_numbers(text), evidence)
        yield from _english(text, evidence)
        return
    for said, behind in _by_speaker(text, evidence):
        yield from _numbers(said, behind)
        yield from _rows(said, behind)
        yield from _limits(said, behind)
        yield from _negation(said, behind)
        yield from _strength(said, behind)
        yield from _opposites(said, behind)
        yield from _support(said, behind)


def _without_glosses(text: str, evidence: Sequence[_Evidence]) -> str:
    """The sentence without the words between brackets that the quote or the plain text has between brackets too."""
    approved = " ".join(f"{e.text} {e.plain}" for e in evidence)
    return re.sub(r"\s*\([^()]*\)", lambda m: "" if numeric(m[0]).strip() in approved else m[0], text)


def _all(evidence: Iterable[_Evidence], plain: bool = False) -> str:
    return " ".join(f"{e.text} {e.around} {e.plain if plain else ''}" for e in evidence)


def _called(document: Document) -> re.Pattern[str]:
    """How the speaker of a document is called by name, in a numeric text."""
    about = document.sidecar
    own = (about.uitgever.split(",")[0],) if about.soort == "verkiezingsprogramma" else ()
    return _names_of((about.spreker, about.partij, *own, *_rules().sprekers[about.soort]))


@cache
def _names_of(names: tuple[str, ...]) -> re.Pattern[str]:
    plain = {re.sub(r"^(de|het) ", "", fold(n)) for n in names}
    # 'PvdA Almere' is also called 'PvdA'.
    plain |= {n.removesuffix(" almere") for n in plain if not n.endswith("voor almere")}
    return re.compile(rf"\b({'|'.join(re.escape(n) for n in sorted(plain, key=len, reverse=True))})\b")


def _speakers(text: str, evidence: Sequence[_Evidence], documents: Mapping[str, Document]) -> Iterator[str]:
    rules = _rules()
    cited = {e.document.sidecar.partij: e.document for e in evidence}
    named = {name for name, document in cited.items() if _called(document).search(text)}
    told = False
    for name, document in cited.items():
        kind = document.sidecar.soort
        general = rules.sprekers_algemeen[kind]
        alone = len(cited) == 1 and bool(set(words(text)) & set(general))
        told = told or alone or name in named
        if name not in named and not alone and (kind != "coalitieakkoord" or len(cited) > 1):
            yield f"spreker: niet gezegd dat {document.sidecar.spreker} dit zegt"
        if kind != "coalitieakkoord" and not rules.wens.search(text) and _acts(text, document, evidence):
            yield f"wens als feit: wat {document.sidecar.spreker} wil of zegt, is verteld als feit"
    printed = _all(evidence)
    for match in rules.partijen.finditer(text):
        if match[0] not in printed and not any(_called(d).fullmatch(match[0]) for d in cited.values()):
            yield f"spreker: {match[0]} staat niet in de bronnen"
    for document in documents.values():
        other = _called(document).search(text)
        if other and document.sidecar.partij not in cited and not re.search(rf"\b{re.escape(other[0])}\b", printed):
            yield f"spreker: {other[0]} staat niet in de bronnen"
    if rules.wij.search(text) and not told:
        yield "spreker: 'wij' zonder te zeggen wie"


def _acts(text: str, document: Document, evidence: Sequence[_Evidence]) -> bool:
    """Whether a sentence lets a party do what it can only want: 'de PvdA verhoogt', where no quote says so by name."""
    name = rf"(?:{_called(document).pattern}|\bpartij\b)"
    verbs = set()
    for match in re.finditer(rf"(\w+ )?(?:(?:de|het) )?{name}(?: almere)?( \w+)?", text):
        before, after = match[1] or "", match[match.lastindex or 0] if match.lastindex else ""
        if before.strip() not in ("van", "voor", "volgens", "bij", "door"):
            verbs |= {w for w in (before.strip(), (after or "").strip()) if w and w not in stop_words()}
    verbs = {_key(v) for v in verbs if not _called(document).search(v)}
    printed = " ".join(e.text for e in evidence)
    return bool(verbs) and not (_called(document).search(printed) and verbs <= _keys(printed))


def _by_speaker(text: str, evidence: tuple[_Evidence, ...]) -> Iterator[tuple[str, tuple[_Evidence, ...]]]:
    """The parts of a sentence, each with the evidence of the speaker it names; the whole when only one is cited."""
    by_name: dict[str, list[_Evidence]] = {}
    for e in evidence:
        by_name.setdefault(e.document.sidecar.partij, []).append(e)
    if len(by_name) == 1:
        yield text, evidence
        return
    mentions = sorted(
        (m.start(), name) for name, own in by_name.items() for m in _called(own[0].document).finditer(text)
    )
    waiting: list[str] = []
    start = 0
    for i, (_, name) in enumerate(mentions):
        end = mentions[i + 1][0] if i + 1 < len(mentions) else len(text)
        waiting.append(name)
        # 'De coalitie en de PvdA willen …': what follows is said of both.
        if _content(text[mentions[i][0] : end]) or end == len(text):
            for who in dict.fromkeys(waiting):
                yield text[start:end], tuple(by_name[who])
            waiting, start = [], end


def _reader(text: str, evidence: Sequence[_Evidence]) -> Iterator[str]:
    printed = f"{_all(evidence)} {' '.join(e.title for e in evidence)}"
    for match in _rules().lezer.finditer(text):
        if not re.search(rf"\b{re.escape(match[0])}\b", printed):
            yield f"aan de lezer: '{match[0]}'"


_FULL_NAME = re.compile(r"(?<=[\s(])[A-ZÀ-ÖØ-Þ][\w’'-]*(?:\s+[A-ZÀ-ÖØ-Þ][\w’'-]*)+")
_CAPITAL = re.compile(r"[^\W\d_]*[A-ZÀ-ÖØ-Þ][\w’'-]*")


def _names(sentence: str, evidence: Sequence[_Evidence], language: Language) -> Iterator[str]:
    speakers = " ".join(f"{e.document.sidecar.partij} {e.document.sidecar.uitgever}" for e in evidence
                        if e.document.sidecar.soort == "verkiezingsprogramma")  # fmt: skip
    printed = f"{_all(evidence)} {' '.join(e.title for e in evidence)} {speakers}"
    known = {_key(w) for w in words(f"{printed} almere almeers almeerder almeerders")}
    if language == "en":
        known |= {_key(w) for w in words(_rules().engels.hoofdletters)}
    first = re.search(r"\w", sentence)
    order = f" {' '.join(words(printed))} "
    for match in _FULL_NAME.finditer(sentence[first.end() :] if first else ""):
        if f" {' '.join(words(match[0]))} " not in order:
            yield f"naam: {match[0]}"
    for match in _CAPITAL.finditer(sentence):
        opens = first is not None and match.start() == first.start()
        for word in words(match[0]):
            if len(word) == 1 or _key(word) in known:
                continue
            if opens and (language == "en" or word in _no_content() or word in number_words()):
                continue
            if opens and _value(
                _Word(word, _key(word), tuple(map(_key, compound_parts(word)))), _widened(_all(evidence, True))
            ):
                continue
            yield f"naam: {match[0]}"


def _numbers(text: str, evidence: Sequence[_Evidence]) -> Iterator[str]:
    may: set[tuple[Decimal, str]] = set()
    for e in evidence:
        row = e.passage.row
        if row:
            amounts = row_amounts(row)
            may |= {(abs(a), "€" if "€" in row.unit else "") for a in amounts.values()}
            may |= {
                (q.value, q.unit) for q in quantities(numeric(f"{row.label}. {' . '.join(c for c, _ in row.cells)}"))
            }
        else:
            may |= {(q.value, q.unit) for q in quantities(e.text)}
        may |= {(q.value, q.unit) for q in quantities(f"{e.around} {e.title}")}
    for q in quantities(text):
        if (q.value, q.unit) not in may:
            yield f"getal: {text[q.start : q.end]} {q.unit}".rstrip()
    printed = _all(evidence)
    for match in _rules().telwoorden.finditer(text):
        if not re.search(rf"\b{re.escape(match[0])}\b", printed):
            yield f"getal: {match[0]}"
    found, own = list(quantities(text)), " ".join(e.text for e in evidence if not e.passage.row)
    places = list(quantities(own))
    for q in found:
        same = [p for p in places if (p.value, p.unit) == (q.value, q.unit)]
        others = [p for p in places if p.value != q.value and p.unit == q.unit and (p.value > 1900) == (q.value > 1900)]
        if same and others:
            here = _surroundings(text, q.start, q.end)
            near = max(_closeness(here, _surroundings(own, p.start, p.end)) for p in same)
            if (
                max(_closeness(here, _surroundings(own, p.start, p.end)) for p in others)
                > near + _rules().drempels.dichter
            ):
                yield f"getal bij iets anders: {text[q.start : q.end]}"


@lru_cache(maxsize=4_096)
def _surroundings(text: str, start: int, end: int) -> tuple[tuple[str, float], ...]:
    """The content around a span: each key with 1 / (how manieth word away), four to each side."""
    before = [w.key for w in _content(text[:start])][::-1][:4]
    after = [w.key for w in _content(text[end:])][:4]
    near: dict[str, float] = {}
    for side in (before, after):
        for i, key in enumerate(side, start=1):
            near[key] = max(near.get(key, 0.0), 1 / i)
    return tuple(near.items())


def _closeness(one: Iterable[tuple[str, float]], two: Iterable[tuple[str, float]]) -> float:
    """How much two surroundings share: 0 for nothing, more for nearer words."""
    other = dict(two)
    return sum(min(weight, other.get(key, 0.0)) for key, weight in one)


def _rows(text: str, evidence: Sequence[_Evidence]) -> Iterator[str]:
    """Amounts of table rows: in the year they are printed under, and as costs or gains as they are meant."""
    rows = [e.passage.row for e in evidence if e.passage.row]
    said = [q for q in quantities(text) if q.unit == "€"]
    if not rows or not said:
        return
    money = _rules().geld
    for row in rows:
        amounts = row_amounts(row)
        mine = [q for q in said if q.value in {abs(a) for a in amounts.values()}]
        if not mine:
            continue
        by_year = {int(c): a for c, a in amounts.items() if c.isdigit()}
        if by_year and not any(_fits_years(text, mine, by_year, after) for after in (False, True)):
            yield f"bedrag: niet bij dit jaar ({row.label})"
        told = [a for a in amounts.values() if abs(a) in {q.value for q in mine}]
        table = fold(f"{row.table} {row.section}")
        spending = bool(money.tabel_uit.search(table)) or (max(told) < 0 and not money.tabel_binnen.search(table))
        saving = bool(money.tabel_binnen.search(table)) or (min(told) > 0 and not money.tabel_uit.search(table))
        label = fold(row.label)
        for wrong, pattern in (
            (spending, money.binnen),
            (saving, money.uit),
            (min(told) >= 0, money.min),
            (max(told) <= 0, money.plus),
        ):
            match = pattern.search(text) if wrong else None
            if match and match[0] not in label:
                yield f"bedrag: '{match[0]}' draait het bedrag om"


def _fits_years(text: str, said: Sequence[Quantity], by_year: Mapping[int, Decimal], after: bool) -> bool:
    """Whether each amount is printed for each of the years that stand before it (or `after` it)."""
    spans = [(q.start, int(q.value)) for q in quantities(text) if q.unit == "" and 2000 < q.value < 2100]
    for match in re.finditer(r"\b(20\d\d) (?:tot en met|t/m|tot) (20\d\d)\b", text):
        spans += [(match.start(), year) for year in range(int(match[1]) + 1, int(match[2]))]
    quantity_starts = [q.start for q in said]
    bounds = [-1, *quantity_starts] if not after else [*quantity_starts, len(text)]
    for i, q in enumerate(said):
        years = [y for at, y in spans if bounds[i] < at < bounds[i + 1]]
        if not years and (spans or i > 0 or len(set(by_year.values())) > 1):
            return False
        if any(abs(by_year.get(y, Decimal(0))) != q.value for y in years):
            return False
    return True


def _limits(text: str, evidence: Sequence[_Evidence]) -> Iterator[str]:
    printed = " ".join(e.text for e in evidence if not e.passage.row)
    places = list(quantities(printed))
    for q in quantities(text):
        same = [p for p in places if p.value == q.value]
        if same and _limit(text, q) not in {_limit(printed, p) for p in same}:
            yield f"grens: anders bij {text[q.start : q.end]}"


_CHANGES = re.compile(r"\b(verho\w+|verla\w+|stijg\w*|daal\w*|dal\w*|groei\w*)\b")
"""'Verhogen met 5%' is not 'verhogen naar 5%'."""


def _limit(text: str, q: Quantity) -> str:
    before, after = text[max(0, q.start - 22) : q.start], text[q.end : q.end + 20]
    if re.match(r"\s*(%|procent|euro)?\s*(meer|minder|extra|erbij|hoger|lager)\b", after):
        return "verschil"
    if re.search(r"\bmet\s*€?\s*$", before) and _CHANGES.search(text):
        return "verschil"
    return next((r.naam for r in _rules().grenzen if r.patroon.search(before)), "")


def _told(scope: str, text: str, evidence: Sequence[_Evidence], near: bool = False) -> bool:
    """Whether a sentence tells what `scope`, a piece of the quote, says.

    It names enough of its words (a synonym counts half), or enough of the sentence stands there. What the headings
    say too does not count. With `near`, a synonym counts as the word itself in how much of the sentence stands there.
    """
    limits = _rules().drempels
    headings = _keys(" ".join(e.around for e in evidence))
    inside, said = list(_content(scope)), list(_content(text))
    if not inside or not said:
        return False
    inside = [w for w in inside if w.key not in headings] or inside
    own, wide = _keys(text), _widened(text, True)
    named = [max(_value(w, own), 0.5 * _value(w, wide)) for w in inside]
    if sum(named) >= limits.verteld * len(inside):
        return True
    said = [w for w in said if w.key not in headings]
    whole = _share(said, _widened(" ".join(e.text for e in evidence), True))
    return (
        bool(said)
        and whole > 0
        and _share(said, _widened(scope, True) if near else _keys(scope)) >= limits.gaat_over * whole
    )


def _negation(text: str, evidence: Sequence[_Evidence]) -> Iterator[str]:
    rules = _rules().ontkenning
    said = rules.geen_ontkenning.sub(" ", text)
    printed = [rules.geen_ontkenning.sub(" ", s) for e in evidence for s in e.sentences]
    if any(e.passage.row for e in evidence):
        # An empty cell is no amount; what a row says is neither denied nor undone.
        said = re.sub(r"\bgeen bedrag\b", " ", said)
    strict, soft = len(rules.streng.findall(said)), {_key(w) for w in rules.zacht.findall(said)}
    denied = [piece for s in printed for piece in _denied(s, rules.streng, _CLAUSE)]
    there = {_key(word) for s in printed for word in rules.zacht.findall(s)}
    if strict + len(soft - there) < sum(_told(piece, said, evidence) for piece in denied):
        yield "ontkenning verloren: het citaat ontkent iets dat de zin niet ontkent"
    undone = [d for s in printed for d in _denied(s, rules.zacht, _MAIN) if not soft & {_key(w) for w in words(d)}]
    for piece in _denied(said, rules.streng, _CLAUSE):
        near = _widened(piece, True)
        if not any(_share(_content(d), near) > 0 or not _content(d) for d in [*denied, *undone]):
            yield "ontkenning toegevoegd: de zin ontkent iets dat het citaat niet ontkent"
    if strict > len(denied) + len(undone):
        yield "ontkenning toegevoegd: de zin ontkent vaker dan het citaat"


def _strength(text: str, evidence: Sequence[_Evidence]) -> Iterator[str]:
    printed = [s for e in evidence for s in e.sentences]
    for rule in _rules().kracht:
        gained = re.search(rule.erbij, text) if rule.erbij else None
        also = rule.bron if rule.bereik == "geen" else re.compile(rule.erbij)
        there = [s for s in printed if gained and (re.search(rule.erbij, s) or also.search(s))]
        if gained and there != printed and not any(_told(s, text, evidence, near=True) for s in there):
            yield f"kracht: '{gained[0]}' staat niet in het citaat"
        if rule.bereik != "geen" and not rule.zin.search(text):
            for word, scope in _reserved(printed, rule.bron, rule.bereik):
                # A lone sentence that opens with its reservation says nothing without it.
                whole = rule.bereik != "zinsdeel"
                opens = whole and len(printed) == 1 and printed[0].find(word) < 15 and not _GOES_ON.search(scope)
                if opens or _told(scope, text, evidence, near=whole):
                    yield f"kracht: '{word}' verloren"


def _reserved(printed: Iterable[str], pattern: re.Pattern[str], reach: str) -> Iterator[tuple[str, str]]:
    """Each reservation of a pattern in the quote, with what it reserves."""
    for sentence in printed:
        for match in pattern.finditer(sentence):
            start, end = next((a, b) for a, b in _cut(sentence, _MAIN) if a <= match.start() < b)
            if reach == "hele zin":
                yield match[0], sentence
            elif reach == "zin":
                yield match[0], sentence[start:]
            elif match[0] not in ("kan", "kunnen") or not _DEPENDENT.search(sentence[start : match.start()]):
                yield match[0], sentence[start:end]


_GOES_ON = re.compile(r"\ben (we|wij)\b")
_DEPENDENT = re.compile(r"\b(zodat|dat|om|hoe|waar|waarin|waarmee|die|wie|welke)\b")
"""'Zodat iedereen kan meedoen' is a goal, not a reservation."""


def _opposites(text: str, evidence: Sequence[_Evidence]) -> Iterator[str]:
    sources = [s for e in evidence for s in (e.text, e.around, e.plain)]
    supported = _widened(_all(evidence), True) | _keys(" ".join(e.plain for e in evidence))
    for one, two in _rules().tegendelen:
        for same, other in ((one, two), (two, one)):
            for match in _occurrences(text, same):
                here = _surroundings(text, *match)
                best = {
                    side: max(
                        (_closeness(here, _surroundings(s, *m)) for s in sources for m in _occurrences(s, side)),
                        default=None,
                    )
                    for side in (same, other)
                }
                mine, theirs = best[same], best[other]
                if theirs is None:
                    continue
                word = text[slice(*match)]
                if (mine is None and _key(word) not in supported) or (
                    mine is not None and theirs > mine + _rules().drempels.dichter
                ):
                    yield f"tegendeel: '{word}'"
    own = {w for s in sources for w in words(s)}
    for word in words(text):
        if word not in own and len(word) > 4 and (f"on{word}" in own or (word[:2] == "on" and word[2:] in own)):
            yield f"tegendeel: '{word}'"


@lru_cache(maxsize=8_192)
def _occurrences(text: str, pattern: re.Pattern[str]) -> tuple[tuple[int, int], ...]:
    return tuple(m.span() for m in re.finditer(rf"\b(?:{pattern.pattern})\b", text))


def _support(text: str, evidence: Sequence[_Evidence]) -> Iterator[str]:
    limits = _rules().drempels
    names = [_called(e.document) for e in evidence]
    said = text
    for name in names:
        said = name.sub(" ", said)
    found = _content(said)
    if not found:
        bare = {_key(w) for w in words(said) if w not in stop_words()}
        if len(bare & _keys(_all(evidence, True))) < max(1, 0.6 * len(bare)):
            yield "niet gedragen: de zin zegt niets"
    printed = _widened(_all(evidence))
    wide = printed | _keys(" ".join(e.plain for e in evidence))
    if any(e.passage.row for e in evidence):
        # Whether it is spent or saved, `_rows` holds against the table.
        printed, wide = printed | _keys(_rules().geld.woorden), wide | _keys(_rules().geld.woorden)
    if missing := [w.word for w in found if _value(w, wide) < limits.steun_woord]:
        yield f"niet gedragen: {', '.join(missing)}"
    elif _share(found, printed) < limits.steun_citaat:
        yield f"niet gedragen: het citaat noemt te weinig van de zin ({_share(found, printed):.2f})"
    close = _widened(_all(evidence), True)
    opens = re.match(rf"(?:(?:de|alle|het) )?(?:{_rules().actoren.pattern})", said)
    accord = all(e.document.sidecar.soort == "coalitieakkoord" for e in evidence)
    ours = accord and any(_rules().wij.search(e.text) for e in evidence)
    if opens and ours and not any(n.search(text) for n in names):
        yield f"wie: {opens[0]} in plaats van {evidence[0].document.sidecar.spreker}"
    named = re.sub(r"\b(van|bij|aan|in|door) de gemeente\b", " ", said)
    for match in _rules().actoren.finditer(named):
        if match[0] == "gemeente" and not any(e.document.sidecar.soort == "coalitieakkoord" for e in evidence):
            continue  # what a party or a participant wants, it often wants from the municipality
        if not all(_key(w) in close for w in words(match[0])):
            yield f"wie: {match[0]}"
    if len(evidence) > 1:
        for e in evidence:
            if _share(found, _widened(f"{e.text} {e.around}")) < limits.steun_bron:
                yield f"citaat hoort er niet bij: {e.passage.id}"


def _english_numbers(text: str) -> str:
    """An English sentence with its numbers written as in Dutch: '1.5 million euros' is '1,5 miljoen euro'."""
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"(?<=\d)\.(?=\d)", ",", text)
    for english, dutch in _rules().engels.getallen.items():
        text = re.sub(rf"\b{english}\b", dutch, text)
    return text


def _english(text: str, evidence: Sequence[_Evidence]) -> Iterator[str]:
    """Negation and reservations of an English sentence against the whole Dutch sentences that it cites."""
    english, rules = _rules().engels, _rules()
    printed = " ".join(e.text for e in evidence)
    plain = rules.ontkenning.geen_ontkenning.sub(" ", printed)
    strict, soft = bool(rules.ontkenning.streng.search(plain)), bool(rules.ontkenning.zacht.search(plain))
    said = bool(english.ontkenning.search(text))
    if strict and not said:
        yield "ontkenning verloren: het citaat ontkent iets dat de zin niet ontkent"
    denies = bool(english.ontkenning_streng.search(text))
    if not strict and (denies or (said and not soft)):
        yield "ontkenning toegevoegd: de zin ontkent iets dat het citaat niet ontkent"
    for rule in rules.kracht:
        pattern = english.kracht.get(rule.naam)
        if pattern and rule.bron.search(printed) and not pattern.search(text):
            yield f"kracht: '{rule.naam}' verloren"
    if any(e.passage.row for e in evidence):
        yield "taal: een tabel wordt alleen in het Nederlands verteld"
    if english.telwoorden.search(text):
        yield "getal: in woorden die niet zijn na te kijken"
    if english.beloften.search(text):
        yield "kracht: een belofte die niet is na te kijken"
