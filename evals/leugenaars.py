"""Does the check of a model's sentences let true ones through and stop lies? Made by rule from the real passages.

    python evals/leugenaars.py [--uit docs/leugenaars.md] [--fouten]

True sentences are those of the plain-language edition that stand on their own, each with the sentence of its passage
that it fits best. A lie is such a sentence with one thing changed. Passages with an even hash are the development
half, on which rules and thresholds were chosen; those with an odd hash are the report half.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vraagalmere.claims import Citation, Claim, claim_faults, fault_kind
from vraagalmere.corpus import Document, read_corpus
from vraagalmere.dutch import collapse, sentences, stop_words, words
from vraagalmere.edition import read_edition
from vraagalmere.faithful import numbers, row_amounts
from vraagalmere.passages import Passage, TableRow, passages_of
from vraagalmere.settings import Settings
from vraagalmere.strength import strength_of

ROOT = Path(__file__).resolve().parents[1]
WORDS: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
PER_KIND = 40
"""Lies of a kind in each half, at most."""
HALVES = {"ontwikkeling": 0, "rapport": 1}

_LEANS = re.compile(
    r"^(die|dat|dit|deze|zij|ze|hij|het|daar\w*|dan|zo|zo'n|er|hun|zulke|in die|bij dat|van die|ook die)\b", re.I
)
"""A sentence that opens so, leans on the one before it."""
_LEANS_WITHIN = re.compile(
    r"\b(is|zijn|was|gaat|doet|noemt|doen|wil|vindt) (dat|die|dit|het)\b(?! [a-z]+ .*\b(is|kan|\w+t|\w+en)\b)"
    r"|\bdat (ook|doen|aan|zo|alleen|met|door|doel)\b|\b(aan|van|met|in|op|voor|door) die\b"
    r"|\b(daar\w*|hier\w*|dan|ze|zij|hij|hem|hun|hen|deze|zo'n|zulke|dit|haar)\b", re.I
)  # fmt: skip
_EXPLAINS = re.compile(r"\b(betekent|is|zijn|heet|heten):|\bbetekent\b|\?$|^\W|:\s*$|, zegt (zij|hij)\b")
"""A sentence that explains a word, or asks: the document does not claim it."""


@dataclass(frozen=True)
class Case:
    """A sentence to judge, and what it is: 'goed', or the kind of lie."""

    kind: str
    claim: Claim
    half: str
    like: str
    """The true sentence it was made from."""


@dataclass(frozen=True)
class World:
    """The documents and what people approved."""

    documents: dict[str, Document]
    passages: dict[str, Passage]
    plain: dict[str, str]

    def faults(self, claim: Claim) -> tuple[str, ...]:
        """The faults of a claim, with all passages offered that it may cite."""
        offered = {k: p for k, p in self.passages.items() if k in {c.passage for c in claim.citations}}
        return claim_faults(claim, offered, self.documents, self.plain)

    def kind_of(self, claim: Claim) -> str:
        return self.document(claim).sidecar.soort

    def document(self, claim: Claim) -> Document:
        return self.documents[self.passage(claim).document]

    def passage(self, claim: Claim) -> Passage:
        return self.passages[claim.citations[0].passage]


def read_world() -> World:
    folder = Settings.load().corpus
    documents = {d.id: d for d in read_corpus(folder)}
    passages = {p.id: p for d in documents.values() for p in passages_of(d)}
    records = read_edition(folder, passages.values()).records
    return World(documents, passages, {k: r.gewone_taal for k, r in records.items() if r.status == "nagekeken"})


def half_of(passage: Passage) -> str:
    return "rapport" if int(passage.hash, 16) % 2 else "ontwikkeling"


def _stands_alone(sentence: str, document: Document) -> bool:
    """Whether a reader understands the sentence by itself, and who says it."""
    about = document.sidecar
    speaker = about.spreker.removeprefix("de ")
    said = set(words(sentence))
    named = (
        speaker in sentence
        or (about.soort == "verkiezingsprogramma" and "partij" in said)
        or (about.soort == "dialoogverslag" and bool({"deelnemers", "verslag", "dialoog"} & said))
        or sentence.startswith("Wethouder ")
    )
    return (
        named
        and len(said - stop_words() - {*words(about.partij), "coalitie", "partij", "kernwaarden", "belangrijk"}) > 1
        and not _LEANS.search(sentence)
        and not _LEANS_WITHIN.search(sentence)
        and not _EXPLAINS.search(sentence)
        and 4 <= len(words(sentence)) <= 30
    )


def best_quote(sentence: str, passage: Passage) -> str:
    """The shortest run of sentences of the passage that shares the most words with a sentence."""
    quote = collapse(passage.quote)
    if passage.row:
        return quote
    said = set(words(sentence)) - stop_words()
    parts = sentences(quote)
    runs = [" ".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)]
    stems = {w[:6] for w in said}
    return max(runs, key=lambda r: (len(stems & {w[:6] for w in words(r)}) - 0.5 * len(sentences(r)), -len(r)))


def true_claims(world: World) -> list[Case]:
    """The sentences of the edition that stand on their own."""
    found = []
    for key, plain in world.plain.items():
        passage = world.passages[key]
        for sentence in sentences(plain):
            if _stands_alone(sentence, world.documents[passage.document]):
                claim = Claim(sentence, (Citation(key, best_quote(sentence, passage)),))
                found.append(Case("goed", claim, half_of(passage), sentence))
    for passage in world.passages.values():
        if passage.row and (sentence := _row_in_words(passage, passage.row)):
            found.append(
                Case(
                    "goed",
                    Claim(sentence, (Citation(passage.id, collapse(passage.quote)),)),
                    half_of(passage),
                    sentence,
                )
            )
    return found


def _row_in_words(passage: Passage, row: TableRow) -> str | None:
    """A table row as a sentence: one of its years (chosen by its hash), with the amount in euros."""
    amounts = {c: a for c, a in row_amounts(row).items() if c.isdigit()}
    if not amounts:
        return None
    year = sorted(amounts)[int(passage.hash[:4], 16) % len(amounts)]
    amount = abs(amounts[year])
    euros = (
        f"{amount:,.0f}".replace(",", ".")
        if amount < 1_000_000
        else f"{(amount / 1_000_000).normalize():f} miljoen".replace(".", ",")
    )
    if row.table.startswith("Investeringen"):
        return f"De coalitie wil in {year} {euros} euro uitgeven aan {row.label}."
    if row.table.startswith("Bezuinigingen"):
        return f"De coalitie wil in {year} {euros} euro besparen met {row.label}."
    return f"In het totaalbeeld van de coalitie staat in {year} {euros} euro bij {row.label}."


# One change each. A function gives the changed claim, or None where it does not apply.

Change = Callable[[Claim, World, random.Random], Claim | None]
_NEGATION = re.compile(r"\b(niet|geen|nooit|niemand|zonder|niets)\b", re.I)
_BY_NAME = ("Samen voor Almere", "De PvdA", "de PvdA", "De coalitie", "de coalitie")


def _with(claim: Claim, text: str | None) -> Claim | None:
    return replace(claim, text=text) if text and text != claim.text else None


def _sub(pattern: str, new: str, text: str) -> str | None:
    changed = re.sub(pattern, new, text, count=1)
    return changed if changed != text else None


def _first(text: str, pairs: Iterable[tuple[str, str]]) -> str | None:
    for old, new in pairs:
        if changed := _sub(rf"\b{old}\b", new, text):
            return changed
    return None


def _around(passage: Passage) -> str:
    return f"{passage.quote} {passage.heading_path} {passage.lead_in} {passage.searchable}"


def _other_passage(claim: Claim, world: World, rng: random.Random) -> Passage:
    """Another passage of the same speaker under another heading, of which the plain text shares few words."""
    own = world.passage(claim)
    party = world.document(claim).sidecar.partij
    said = set(words(claim.text)) - stop_words()
    while True:
        other = rng.choice(list(world.passages.values()))
        shared = said & set(words(f"{_around(own)} {world.plain[own.id]}"))
        theirs = set(words(other.searchable)) - stop_words()
        if (
            world.documents[other.document].sidecar.partij == party
            and other.headings != own.headings
            and len(theirs & shared) <= 0.3 * max(1, len(shared))
            and len(words(other.quote)) > 4
        ):
            return other


def invented_quote(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    (citation,) = claim.citations
    tokens = citation.quote.split()
    spots = [i for i, t in enumerate(tokens) if t.isalpha() and len(t) > 4]
    if not spots:
        return None
    tokens[rng.choice(spots)] = rng.choice(_other_passage(claim, world, rng).quote.split())
    quote = " ".join(tokens)
    if quote in collapse(world.passage(claim).quote):
        return None
    return replace(claim, citations=(replace(citation, quote=quote),))


def quote_of_other(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    quote = collapse(_other_passage(claim, world, rng).quote)
    return replace(claim, citations=(replace(claim.citations[0], quote=quote),))


def key_not_offered(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    return replace(claim, citations=(replace(claim.citations[0], passage=f"{world.document(claim).id}:00000000"),))


def other_passage_cited(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    other = _other_passage(claim, world, rng)
    return replace(claim, citations=(Citation(other.id, collapse(other.quote)),))


def _new_number(claim: Claim, world: World, pattern: str, make: Callable[[str], str]) -> Claim | None:
    """The sentence with the first number that fits changed, if no number of the passage has the new value."""
    match = re.search(pattern, claim.text)
    if not match:
        return None
    new = make(match[1])
    if numbers(new) & numbers(_around(world.passage(claim))):
        return None
    return _with(claim, claim.text[: match.start(1)] + new + claim.text[match.end(1) :])


def number_in_digits(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    return _new_number(
        claim, world, r"\b(?!20\d\d\b)(?!1 )(\d+)(?! ?%)", lambda n: str(int(n) + rng.choice([1, 2, 10]))
    )


_WORDS = "twee drie vier vijf zes zeven acht negen tien elf twaalf twintig dertig veertig vijftig".split()


def number_in_words(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    return _new_number(
        claim, world, rf"\b({'|'.join(_WORDS)})\b", lambda n: _WORDS[(_WORDS.index(n) + 3) % len(_WORDS)]
    )


def number_added(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    """'jongeren' becomes '300 jongeren'."""
    number = rng.choice(["300", "twaalf", "1.500", "negen"])
    return _with(
        claim,
        _sub(
            r"(?<= )(?=(woningen|jongeren|bewoners|inwoners|kinderen|scholen|wijken|initiatieven)\b)",
            f"{number} ",
            claim.text,
        ),
    )


def year(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    return _new_number(claim, world, r"\b(20\d\d)\b", lambda y: str(int(y) + rng.choice([-3, 5, 7])))


def year_swapped(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    """An amount of a table row in another year of that row, where the printed amount differs."""
    row = world.passage(claim).row
    cells = {c: v for c, v in row.cells if c.isdigit()} if row else {}
    found = re.findall(r"\b20\d\d\b", claim.text)
    for own in found[:1]:
        for other, value in cells.items():
            if cells.get(own) and value != cells[own] and other not in found:
                return _with(claim, claim.text.replace(own, other, 1))
    return None


def numbers_swapped(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    """Two different amounts, or two percentages, in each other's place."""
    for pattern in (r"\d+(?:,\d+)?(?= ?(?:%|procent))", r"\d+(?:[.,]\d+)*(?= (?:miljoen |)euro)"):
        found = list(re.finditer(pattern, claim.text))
        if len(found) >= 2 and found[0][0] != found[1][0]:
            a, b = found[:2]
            text = claim.text
            return _with(claim, text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :])
    return None


def percentage(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    return _new_number(claim, world, r"\b(\d{1,3})(?= ?(?:%|procent))", lambda n: str(int(n) + rng.choice([5, 15])))


def amount_unit(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    text = claim.text
    return _with(
        claim,
        _sub(r"\b(\d{1,3})\.000 euro", r"\1 miljoen euro", text)
        or _sub(r"\b(\d+(?:,\d+)?) miljoen euro", r"\1 miljard euro", text)
        or _sub(r"\b(\d+(?:,\d+)?)( ?%| procent)", r"\1 euro", text),
    )


def spending_as_gain(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    if not world.passage(claim).row:
        return None
    return _with(
        claim,
        _first(
            claim.text,
            [
                ("geld uitgeven aan", "bezuinigen op"),
                ("uitgeven aan", "besparen op"),
                ("besparen met", "uitgeven aan"),
                ("geld uitgeven om", "geld besparen om"),
                ("investeren in", "bezuinigen op"),
                ("kost", "levert op:"),
                ("bezuinigen op", "geld uitgeven aan"),
                ("besparen op", "investeren in"),
                ("een min van", "een plus van"),
                ("een plus van", "een tekort van"),
                ("tekort", "overschot"),
            ],
        ),
    )


def negation_dropped(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    if re.search(r"\bniet (alleen|meer dan)\b", claim.text) or len(_NEGATION.findall(claim.text)) != 1:
        return None
    text = _first(
        claim.text, [("niet ", ""), ("geen ", ""), ("nooit", "altijd"), ("niemand", "iedereen"), ("zonder", "met")]
    )
    return _with(claim, text)


def negation_cut_off(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    """The negation gone from the sentence, and cut off from the quote too."""
    changed = negation_dropped(claim, world, rng)
    quote = claim.citations[0].quote
    match = _NEGATION.search(quote)
    if not changed or not match:
        return None
    pieces = [quote[: match.start()].strip(" ,"), quote[match.end() :].strip(" ,")]
    piece = max(pieces, key=len)
    return replace(changed, citations=(replace(claim.citations[0], quote=piece),)) if len(piece.split()) > 3 else None


def negation_added(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    passage = world.passage(claim)
    if _NEGATION.search(claim.text) or _NEGATION.search(passage.quote):
        return None
    text = (
        _sub(r"\been (?=[a-z])", "geen ", claim.text)
        if rng.random() < 0.3
        else _sub(
            r"\b(wil|willen|vindt|vinden|gaat|zorgt|moet|moeten|krijgt|krijgen|blijft|kunnen|kan|komt)\b",
            r"\1 niet",
            claim.text,
        )
    )
    return _with(claim, text)


def look_into_to_do(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    pairs = WORDS["onderzoeken_wordt_doen"]
    return _with(claim, _first(claim.text, pairs))


def aim_to_do(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    if world.kind_of(claim) != "coalitieakkoord" or strength_of(claim.citations[0].quote)[0] != "streven":
        return None
    pairs = WORDS["streven_wordt_doen"]
    text = _first(claim.text, pairs)
    return None if text is None or re.search(r"\b(doel|ambitie|streven|willen|wil)\b", text) else _with(claim, text)


_CONDITION = re.compile(
    r",? ?\b(mits|tenzij|indien|alleen als|pas als|als|zodra|voor zover|wanneer"
    r"|waar (dat |het )?(mogelijk|nodig|kan)( is)?)"
    r"\b[^,.;]*"
)


def condition_dropped(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    if strength_of(claim.citations[0].quote)[0] != "voorwaarde":
        return None
    text = _CONDITION.sub("", claim.text, count=1)
    if len(words(text)) < 5 or text[0] in ", ":
        return None
    return _with(claim, text)


def may_to_will(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    main = re.split(r"[,;:]|\b(?:dat|zodat|of|hoe|waar|als|om|die|wat|voor)\b", claim.text)[0]
    if not re.search(r"\b(kan|kunnen|mag|mogen)\b", claim.citations[0].quote) or not re.search(
        r"\b(kan|kunnen|mag|mogen)\b", main
    ):
        return None
    return _with(claim, _first(claim.text, [("kan", "zal"), ("kunnen", "zullen"), ("mag", "zal"), ("mogen", "zullen")]))


def weaker(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    quote = claim.citations[0].quote
    if world.kind_of(claim) != "coalitieakkoord" or strength_of(quote)[0] != "doen" or world.passage(claim).row:
        return None
    if re.search(r"onderzo|bekijk|kijk|verken|misschien|mogelijk", f"{claim.text} {quote}"):
        return None
    if rng.random() < 0.3:
        return _with(claim, _sub(r"^De coalitie (\w+)\b", r"De coalitie \1 misschien", claim.text))
    return _with(claim, _sub(r"^De coalitie (\w+)\b", r"De coalitie onderzoekt of zij \1", claim.text))


def other_party(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    own = world.document(claim).sidecar.spreker
    others = [
        n
        for n in ("Samen voor Almere", "De PvdA", "De coalitie", "De VVD", "Leefbaar Almere")
        if n.lower() != own.lower()
    ]
    name = rng.choice(others)
    if name.removeprefix("De ") in _around(world.passage(claim)):
        return None
    text = _sub(rf"\b(?i:{re.escape(own)})\b", name, claim.text)
    if text is None or any(n in text for n in _BY_NAME if n.lower() == own.lower()):
        return None
    return _with(claim, text)


def wish_as_promise(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    if world.kind_of(claim) != "verkiezingsprogramma":
        return None
    who = rng.choice(["De coalitie gaat", "De gemeente gaat", "We gaan", "Het college gaat", "Almere gaat"])
    return _with(
        claim,
        _sub(r"^(Samen voor Almere|De PvdA|De partij) (wil|vindt|noemt|kiest|let|stimuleert|pleit)\b", who, claim.text),
    )


def wish_as_fact(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    """'De PvdA wil dat elke wijk … krijgt' becomes 'Elke wijk … krijgt'."""
    if world.kind_of(claim) != "verkiezingsprogramma":
        return None
    match = re.match(r"^(?:Samen voor Almere|De PvdA|De partij) (?:wil|vindt) dat (\w.*)$", claim.text)
    return _with(claim, match[1][0].upper() + match[1][1:]) if match else None


def talk_as_policy(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    if world.kind_of(claim) != "dialoogverslag":
        return None
    who = rng.choice(["De gemeente", "De coalitie", "Het college"])
    return _with(
        claim,
        _sub(
            r"\b[Dd]eelnemers( aan de dialoog)?( \(2023\))? (vinden|willen|adviseren|zeggen|noemen)",
            f"{who} regelt",
            claim.text,
        ),
    )


def other_name(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    around = _around(world.passage(claim))
    speaker = world.document(claim).sidecar
    for quarter in WORDS["stadsdelen"]:
        if quarter in claim.text:
            new = rng.choice([q for q in WORDS["stadsdelen"] if q.split()[-1] not in around] or ["Lelystad"])
            return _with(claim, claim.text.replace(quarter, new))
    for match in re.finditer(r"(?<=[a-z,] )([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*)", claim.text):
        if not any(w in f"{speaker.partij} {speaker.spreker} {speaker.uitgever}" for w in match[0].split()):
            new = rng.choice(
                [*WORDS["plaatsen"], "Rode Kruis", "VVD", "Jansen", "Universiteit Leiden", "Bouwbedrijf Heijmans"]
            )
            if match[0].split()[0] != "Almere" or new in WORDS["plaatsen"]:
                return _with(claim, claim.text[: match.start()] + new + claim.text[match.end() :])
    return None


def place_added(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    place = rng.choice(
        [*WORDS["plaatsen"], *(q for q in WORDS["stadsdelen"] if q not in _around(world.passage(claim)))]
    )
    return _with(claim, _sub(r"\.$", f" in {place}.", claim.text))


def other_people(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    said = [w for w in words(claim.text) if w in WORDS["mensen"]]
    if not said:
        return None
    alike = set().union(*(a for a in WORDS["mensen_die_op_elkaar_lijken"] if said[0] in a), {said[0]})
    free = [
        w
        for w in WORDS["mensen"]
        if w not in alike
        and w[:-1] not in _around(world.passage(claim)).lower()
        and w not in world.plain[world.passage(claim).id]
    ]
    return _with(claim, _sub(rf"\b{said[0]}\b", rng.choice(free), claim.text)) if free else None


def opposite(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    pairs = [p for p in WORDS["tegendelen"] if re.search(rf"\b{p[0]}\b", claim.text)]
    if not pairs:
        return None
    old, new = rng.choice(pairs)
    return _with(claim, _sub(rf"\b{old}\b", new, claim.text))


def made_up_clause(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    clause = rng.choice(WORDS["aanhangsels"])
    said = set(words(clause)) - stop_words()
    if said & set(words(f"{_around(world.passage(claim))} {world.plain[world.passage(claim).id]}")):
        return None
    return _with(
        claim,
        _sub(
            r"\.$",
            f" {clause}." if clause.startswith(("want", "zodat", "omdat", "dankzij")) else f", {clause}.",
            claim.text,
        ),
    )


def other_word(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    """One noun of the passage replaced by a noun of another theme of the same speaker."""
    own = world.passage(claim)
    spots = [w for w in re.findall(r"\b[a-z]{6,}\b", claim.text) if w in own.quote and w not in stop_words()]
    theirs = _other_passage(claim, world, rng)
    new = [
        w
        for w in re.findall(r"\b[a-z]{6,}(?:ing|en|heid|eit|atie|ie)\b", theirs.quote)
        if w not in stop_words() and w[:4] not in _around(own).lower() and w[:4] not in world.plain[own.id].lower()
    ]
    if not spots or not new:
        return None
    return _with(claim, _sub(rf"\b{rng.choice(spots)}\b", rng.choice(new), claim.text))


def planted_order(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    line = rng.choice(WORDS["opdrachten"])
    if rng.random() < 0.5:
        return _with(claim, line)
    return _with(claim, _sub(r"\.$", f", dus {line[0].lower()}{line[1:]}", claim.text))


def decision(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    start = rng.choice(WORDS["besluiten"])
    match = re.match(
        r"^(?:Samen voor Almere|De PvdA|De partij|De coalitie) (?:wil|vindt|zorgt voor|noemt|geeft|onderzoekt) (.*)$",
        claim.text,
    )
    return _with(claim, start + match[1]) if match else None


def foreign(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    return _with(claim, rng.choice(WORDS["andere_talen"]))


def markup(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    text = claim.text
    ends = [" (zie https://almere-info.nl/aanmelden).", " [meer](http://x.nl).", ", zie www.almere.nl."]
    forms = [*(text.removesuffix(".") + end for end in ends), f"**{text}**", f"<b>{text}</b>", f"# {text}"]
    return _with(claim, rng.choice(forms))


def odd_signs(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    text = claim.text
    return _with(claim, rng.choice([
        _sub(r" ", " \u202e", text), _sub(r"e", "\u0435", text), _sub(r"(?<=[a-z])(?=[a-z])", "\u200b", text),
        _sub(r"a", "\u0430", text), _sub(r"o", "\uff4f", text), f"\u2066{text}\u2069",
    ]))  # fmt: skip


def no_quote(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    return replace(claim, citations=())


def word_as_quote(claim: Claim, world: World, rng: random.Random) -> Claim | None:
    quote = " ".join(re.split(r"[\s/]+", claim.citations[0].quote)[:2])
    return (
        replace(claim, citations=(replace(claim.citations[0], quote=quote),))
        if len(claim.citations[0].quote.split()) > 3
        else None
    )


KINDS: dict[str, Change] = {
    "verzonnen citaat": invented_quote, "citaat van een andere passage": quote_of_other,
    "passage niet aangeboden": key_not_offered, "zin bij een andere passage": other_passage_cited,
    "geen citaat": no_quote, "citaat van twee woorden": word_as_quote,
    "getal in cijfers": number_in_digits, "getal in woorden": number_in_words, "getal erbij": number_added,
    "jaar": year,
    "jaar verwisseld in een tabel": year_swapped, "getallen verwisseld": numbers_swapped, "percentage": percentage,
    "eenheid van een bedrag": amount_unit, "kosten en opbrengst verwisseld": spending_as_gain,
    "ontkenning weg": negation_dropped, "ontkenning weg, ook uit het citaat": negation_cut_off,
    "ontkenning erbij": negation_added, "onderzoeken wordt doen": look_into_to_do, "streven wordt doen": aim_to_do,
    "voorwaarde weg": condition_dropped, "kan wordt zal": may_to_will, "doen wordt onderzoeken": weaker,
    "andere partij genoemd": other_party, "partijwens als belofte": wish_as_promise,
    "partijwens als feit": wish_as_fact,
    "dialoog als beleid": talk_as_policy, "andere naam of plaats": other_name, "plaats erbij": place_added,
    "andere mensen": other_people, "tegendeel": opposite, "verzonnen aanhangsel": made_up_clause,
    "ander zelfstandig woord": other_word, "opdracht uitgevoerd": planted_order, "besluit over de lezer": decision,
    "andere taal": foreign, "link of opmaak": markup, "vreemde tekens": odd_signs,
}  # fmt: skip


def lies(world: World, true: list[Case]) -> list[Case]:
    """At most PER_KIND lies of each kind in each half, each from a true sentence that the check lets through."""
    passed = [c for c in true if not world.faults(c.claim)]
    found = []
    for kind, change in KINDS.items():
        for half in HALVES:
            rng = random.Random(f"{kind} {half}")
            pool = [c for c in passed if c.half == half]
            rng.shuffle(pool)
            made: list[Case] = []
            for case in pool:
                if len(made) == PER_KIND:
                    break
                claim = change(case.claim, world, rng)
                if claim is not None:
                    made.append(Case(kind, claim, half, case.like))
            found += made
    return found


def by_hand(path: Path, world: World) -> Iterator[Case]:
    """The sentences of evals/sets/leugens-110.jsonl."""
    for line in path.read_text(encoding="utf-8").splitlines():
        raw: dict[str, Any] = json.loads(line)
        yield Case(raw["soort"], Claim(raw["zin"], tuple(Citation(*c) for c in raw["citaten"])), raw["deel"], raw["id"])


def without_own_sentence(world: World, case: Case) -> World:
    """The edition without the sentence that is judged: its words then support it no longer."""
    key = case.claim.citations[0].passage
    return replace(world, plain={**world.plain, key: world.plain[key].replace(case.like, "")})


def without_brackets(claim: Claim) -> Claim:
    """The claim without explanations between brackets, which only the edition gives."""
    return replace(claim, text=re.sub(r"\s*\([^()]*\)", "", claim.text))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--uit", type=Path)
    parser.add_argument("--fouten", nargs="*", metavar="SOORT", help="print the wrongly judged of the development half")
    args = parser.parse_args()
    world = read_world()
    true = true_claims(world)
    made = lies(world, true)
    hand = list(by_hand(ROOT / "evals" / "sets" / "leugens-110.jsonl", world))
    took = []
    judged = []
    for case in [*true, *made, *hand]:
        begin = time.perf_counter()
        faults = world.faults(case.claim)
        took.append(time.perf_counter() - begin)
        judged.append((case, faults))
    alone = [(c, without_own_sentence(world, c).faults(without_brackets(c.claim))) for c in true]
    if args.fouten is not None:
        for case, faults in judged:
            if (
                case.half == "ontwikkeling"
                and bool(faults) == (case.kind == "goed")
                and case.kind in (args.fouten or [case.kind])
            ):
                print(f"{case.kind} | {case.claim.text} | {faults} | {[c.quote for c in case.claim.citations]}")
    ours = {id(c) for c in hand}
    text = report([j for j in judged if id(j[0]) not in ours], [j for j in judged if id(j[0]) in ours], alone, took)
    if args.uit:
        args.uit.write_text(text, encoding="utf-8")
    print(text)


INTRO = """\
Een taalmodel dat een antwoord schrijft, kan iets zeggen wat er niet staat. Daarom houdt `claims.py` elke zin
naast de woorden die het model citeert. Eén fout, en de zin vervalt. Deze proef meet twee dingen: houdt de
controle leugens tegen, en laat zij ware zinnen door? Opnieuw maken: `python evals/leugenaars.py --uit
docs/leugenaars.md`.

- **Ware zinnen** zijn zinnen uit de uitgave in gewone taal die op zichzelf te begrijpen zijn en zeggen wie
  spreekt. Het citaat is het stuk van de passage dat er het best bij past. Daarbij komt één zin voor elke rij
  van de geldtabellen.
- **Leugens** zijn ware zinnen met één verandering, door regels gemaakt, met vaste toevalsgetallen. Alleen ware
  zinnen die de controle doorlaat worden veranderd: zo komt het tegenhouden altijd door de verandering.
  Verandert een regel niets, of staat het nieuwe getal, de nieuwe naam of het nieuwe woord ook in de passage,
  dan telt hij niet mee.
- **Met de hand geschreven**: 62 ware zinnen zoals een model ze zou schrijven, in andere woorden, en 48 leugens
  (`evals/sets/leugens-110.jsonl`).
- **Twee helften.** Passages waarvan de afdruk (hash) even is, zijn de ontwikkelhelft: daarop zijn regels en
  drempels gekozen. De oneven zijn de rapporthelft; daar tellen de uitkomsten. De
  rapporthelft is niet helemaal ongezien. Bij elke stap waren haar cijfers en één voorbeeld per soort te zien.
  Drie regels zijn daarna veranderd: 'extra' en 'nieuw' tellen als inhoud, in 'van 7 naar 10%' is 7 ook een
  percentage, en 'alleen' en 'als' vormen samen een voorwaarde, ook als er woorden tussen staan. Ook probeerde de
  maker dertig eigen leugens, op passages van beide helften, en verbeterde de regels daarmee.

De controle vergelijkt woorden, getallen en namen. Zij begrijpt niets. Lees de cijfers daarom zo:

- De ware zinnen komen uit de uitgave, en de woorden van de uitgave gelden als steun. Dat helpt ze. Wat er
  gebeurt met een zin die nergens zo staat, zeggen de regels 'hun eigen zin uit de uitgave gehaald' en 'met de
  hand geschreven'.
- De leugens en de lijst met tegendelen hebben dezelfde schrijver. Een tegendeel dat niet in de lijst staat en
  dat in gewone woorden is gezegd, kan erdoor komen.
- Leugens die de maker zelf nog bedacht en die er nu doorheen komen: 'Woningzoekenden geven voorrang aan de
  coalitie' (wie doet wat voor wie), 'De PvdA is tegen fouilleren' waar staat 'preventief fouilleren' (een
  beperking weg), 'maakt gratis' waar staat 'houdt gratis', 'voert overal betaald parkeren in, maar niet nu'. Zulke
  verwisselingen van woorden die allemaal in het citaat staan, ziet deze controle niet. Verkeerde verbanden ('dus',
  'daardoor') en een zin die iets belangrijks weglaat ook niet altijd.
- Daarom staat het letterlijke citaat altijd bij de zin."""

Judged = list[tuple[Case, tuple[str, ...]]]


def rate(judged: Judged, half: str, lie: bool) -> tuple[int, int]:
    """(lies stopped, or true sentences let through; of how many)."""
    mine = [f for c, f in judged if c.half == half and (c.kind != "goed") == lie]
    return sum(bool(f) == lie for f in mine), len(mine)


def _of(found: tuple[int, int]) -> str:
    good, total = found
    return f"{good} van {total} ({good / total:.3f})".replace(".", ",") if total else "-"


def report(judged: Judged, hand: Judged, alone: Judged, took: list[float]) -> str:
    """docs/leugenaars.md."""
    halves = list(HALVES)
    lines = [
        "# Leugenaars: wat de controle op een schrijvend taalmodel tegenhoudt",
        "",
        INTRO,
        "",
        "## Uitkomst",
        "",
        "| | ontwikkelhelft | rapporthelft |",
        "|---|---|---|",
        f"| leugens tegengehouden | {' | '.join(_of(rate(judged, h, True)) for h in halves)} |",
        f"| ware zinnen doorgelaten | {' | '.join(_of(rate(judged, h, False)) for h in halves)} |",
        f"| idem, hun eigen zin uit de uitgave gehaald | {' | '.join(_of(rate(alone, h, False)) for h in halves)} |",
        f"| met de hand geschreven leugens tegengehouden | {' | '.join(_of(rate(hand, h, True)) for h in halves)} |",
        f"| met de hand geschreven ware zinnen doorgelaten | {' | '.join(_of(rate(hand, h, False)) for h in halves)} |",
        "",
        f"Eén zin nakijken kost {statistics.median(took) * 1000:.1f} ms (mediaan) en ".replace(".", ",")
        + f"{sorted(took)[int(0.95 * len(took))] * 1000:.1f} ms (95 % van de zinnen is sneller).".replace(".", ",", 1),
        "",
        "## Per soort leugen",
        "",
        "| soort | ontwikkelhelft | rapporthelft |",
        "|---|---|---|",
    ]
    for kind in KINDS:
        mine = [(c, f) for c, f in judged if c.kind == kind]
        lines.append(f"| {kind} | {' | '.join(_of(rate(mine, h, True)) for h in halves)} |")
    lines += ["", "## Wat er op de rapporthelft doorheen kwam", "", "Van elke soort één voorbeeld.", ""]
    missed: dict[str, list[Case]] = defaultdict(list)
    for case, faults in [*judged, *hand]:
        if case.half == "rapport" and case.kind != "goed" and not faults:
            missed[case.kind].append(case)
    for kind, cases in missed.items():
        lines.append(f"- {kind} ({len(cases)}): “{cases[0].claim.text}”")
    refused: dict[str, list[str]] = defaultdict(list)
    for case, faults in [*judged, *hand]:
        if case.half == "rapport" and case.kind == "goed":
            for kind in {fault_kind(f) for f in faults}:
                refused[kind].append(case.claim.text)
    lines += ["", "## Ware zinnen die op de rapporthelft werden geweigerd", ""]
    lines += [f"- {kind} ({len(texts)}): “{texts[0]}”" for kind, texts in sorted(refused.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
