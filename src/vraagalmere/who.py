"""Questions about who: which member of the college a subject falls under, who signed, of which party someone is.

The answer is made of the persons that the documents name (`portfolios.persons`) and of nothing else: a subject that
is in no line of the portfolio list gets nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from .answer import Sentence, Source
from .dutch import fold, stop_words, synonym_groups, words
from .holders import Link, by_name, by_subject, root
from .parties import Parties
from .portfolios import SIGNED, Duty, Person, names

SPOKEN = ("woorden", "koppen", "vragen")
"""The lists of words of a subject that count in a question."""
MOST_LINES = 2
"""Lines of one portfolio that are named for one subject, the shortest first."""
MOST_PERSONS = 3
"""Members of the college that a question with more than the words of one line may lead to."""
SHORTEST_SLIP, MOST_SLIPS = 7, 2
"""A word of at least so many letters with at most so many slips (Damerau 1964) is the name of an office."""
SHORTEST_PART = 5
"""Letters of a part of a compound by which a subject is known."""
MAYOR = "Burgemeester"
ALDERMAN = "Wethouder"


@dataclass(frozen=True)
class Said:
    """The answer to a question about who; without sentences: the list does not say."""

    sentences: tuple[Sentence, ...]
    sources: tuple[Source, ...]
    lead: tuple[str, ...]
    sure: bool
    """Whether the list itself has the words of the question."""
    rule: str


def who(
    question: str,
    context: str,
    persons: Sequence[Person],
    source: Callable[[int, str], Source],
    groups: Mapping[str, str],
    parties: Parties,
) -> Said | None:
    """Answer a question about persons, or None where it is none.

    Args:
        context: the question before it, where this one leans on that; '' otherwise.
        persons: of the accord, and others that a document names.
        source: makes the source card of a passage, from its number and id.
        groups: for each document the line above what it says.
        parties: that a question may name.
    """
    asked = _plain(question)
    patterns = names()["vragen_naar_personen"]
    college = [p for p in persons if p.duties]
    for rule, about in (("coalitie", _coalition), ("partij zonder", _without), ("wel of niet", _whether)):
        known = about(asked, patterns, persons, parties)
        if known:
            return _said(known, source, groups, college, rule)
    lead = _no_leader(asked, patterns, persons, parties)
    if lead:
        return Said((), (), (lead,), False, "wie: geen lijsttrekker")
    for rule, claims in (
        ("ondertekend", _signed), ("allen", _all), ("burgemeester", _mayor), ("partij", _party), ("persoon", _person),
    ):  # fmt: skip
        found = claims(asked, patterns, persons)
        if found:
            return _said(found, source, groups, college, rule)
    said = _subject(parties.without(asked), context, patterns, college, source, groups)
    asked_for = parties.named(asked) if re.search(patterns["wethouder_van"], asked) else ()
    told = [p for p in _of(asked_for, college, parties) for z in (said.sentences if said else ()) if p.name in z.tekst]
    if said and asked_for and not told:
        lines = (str(names()["zinnen"]["geen_wethouder_hiervoor"]).format(partij=p) for p in asked_for)
        return replace(said, lead=(*lines, *said.lead))
    return said


def about_office(question: str) -> bool:
    """Whether a question is for an office, a signature or the coalition: a party in it is then no document."""
    asked, patterns = _plain(question), names()["vragen_naar_personen"]
    return bool(re.search(patterns["over_ambt"], asked)) and not re.search(patterns["over_wens"], asked)


def plain_question(question: str) -> bool:
    """Whether this is nothing but a question for a name or a task, so that it asks for no decision or advice."""
    asked = _plain(question)
    patterns = names()["vragen_naar_personen"]
    return bool(re.search(patterns["zuivere_vraag"], asked)) and not re.search(patterns["niet_zuiver"], asked)


def _plain(question: str) -> str:
    """The folded words, with slips in the name of an office mended ('wethouwder')."""
    from rapidfuzz.distance import DamerauLevenshtein

    said = re.findall(r"[\w-]+", re.sub(r"-(?=wethouder|burgemeester)", " ", fold(question)))
    for n, word in enumerate(said):
        for office in (fold(ALDERMAN), fold(MAYOR)):
            if len(word) >= SHORTEST_SLIP and 0 < DamerauLevenshtein.distance(word, office) <= MOST_SLIPS:
                said[n] = f"{office}s" if word == f"{office}s" else office
    ordinals = names()["rangtelwoorden"]
    text = " ".join(said).replace("loco burgemeester", "locoburgemeester")
    return re.sub(r"\b(\w+)(?= locoburgemeester)", lambda m: ordinals.get(m[1], m[1]), text)


Claim = tuple[str, tuple[str, ...]]
"""A sentence and the ids of the passages that it rests on."""


def _of(asked_for: Sequence[str], persons: Iterable[Person], parties: Parties) -> list[Person]:
    return [p for p in persons if set(parties.named(p.party)) & set(asked_for)]


def _sentence(name: str, **values: str) -> str:
    text = str(names()["zinnen"][name]).format(**values)
    return text[0].upper() + text[1:]


def _coalition(asked: str, patterns: dict[str, Any], persons: Sequence[Person], parties: Parties) -> list[Claim]:
    if not parties.coalition or not any(parties.fits(p, asked) for p in patterns["coalitie"]):
        return []
    signed = tuple(i for p in persons if p.role == SIGNED for i in p.passages)
    rests_on = (parties.listed_in,) if parties.listed_in else signed
    if not rests_on:
        return []
    *first, last = parties.coalition
    listed = f"{', '.join(first)} en {last}" if first else last
    return [
        (_sentence("coalitie", partijen=listed), rests_on),
        *(
            (_sentence("wel_erbij" if parties.made_accord(p) else "niet_erbij", partij=p), rests_on)
            for p in parties.named(asked)
        ),
    ]


def _without(asked: str, patterns: dict[str, Any], persons: Sequence[Person], parties: Parties) -> list[Claim]:
    """That a party has no alderman or signature, and who do."""
    asked_for = parties.named(asked)
    if not asked_for or re.search(patterns["over_wens"], asked):
        return []
    signed = [p for p in persons if p.role == SIGNED]
    aldermen = [p for p in persons if p.role == ALDERMAN and p.duties]
    has_signed = re.search(patterns["heeft_getekend"], asked)
    if re.search(patterns["ondertekend"], asked) or has_signed:
        chosen, missing, kind = signed, "niemand_getekend", "Onder het akkoord staan: "
    elif re.search(patterns["wethouder_van"], asked) and not _rest(parties.without(asked), patterns):
        chosen, missing, kind = aldermen, "geen_wethouder", "In de lijst staan: "
    else:
        return []
    rests_on = tuple(i for p in chosen for i in p.passages)
    absent = [p for p in asked_for if not _of([p], chosen, parties)]
    if not rests_on or not absent:
        own = _of(asked_for, signed, parties) if has_signed else []
        return [(f"Onder het akkoord staat {p.name} ({p.party}).", p.passages) for p in own]
    listed = ", ".join(f"{p.name} ({p.party})" for p in chosen)
    return [*((_sentence(missing, partij=p), rests_on) for p in absent), (f"{kind}{listed}.", rests_on)]


def _whether(asked: str, patterns: dict[str, Any], persons: Sequence[Person], parties: Parties) -> list[Claim]:
    """What a person is in the documents, where a question asks whether they are something or signed."""
    office = re.search(patterns["heeft_ambt"], asked)
    match = office or re.search(patterns["heeft_getekend"], asked)
    if not match:
        return []
    role = office["ambt"] if office else SIGNED
    about = [p for p in _about(match["naam"], persons) if _may_be(match["naam"], p)]
    with_role = [p for p in about if fold(p.role) == role]
    claims = [(f"{_introduced(p)}.", p.passages) for p in with_role or about]
    if about and not with_role:
        rests_on = tuple(i for p in about for i in p.passages)
        claims.append((_sentence("geen_ambt", naam=about[0].name, ambt=role), rests_on))
    return claims


def _introduced(person: Person) -> str:
    if person.role == SIGNED:
        return f"Onder het akkoord staat {person.name} ({person.party})"
    return f"{person.title} staat in de lijst" if person.duties else f"{person.name} is {person.role}{_at(person)}"


def _may_be(name: str, person: Person) -> bool:
    """Whether a first name in a question does not contradict the name or initial that the document has."""
    own = fold(person.name)
    first = next((w for w in words(name) if w not in (fold(ALDERMAN), fold(MAYOR))), own)
    if first == fold(person.surname) or first in stop_words():
        return True
    return own.startswith(f"{first[0]}.") or first in words(person.name)


def _no_leader(asked: str, patterns: dict[str, Any], persons: Sequence[Person], parties: Parties) -> str:
    """That no document names who leads the list of a party; '' where one does, or where it is not asked."""
    if not parties.fits(patterns["lijsttrekker_van"], asked):
        return ""
    asked_for = parties.named(asked)
    leaders = [p for p in persons if p.role == "lijsttrekker"]
    return "" if _of(asked_for, leaders, parties) else _sentence("geen_lijsttrekker", partij=asked_for[0])


def _signed(asked: str, patterns: dict[str, Any], persons: Sequence[Person]) -> list[Claim]:
    if not re.search(patterns["ondertekend"], asked):
        return []
    signed = [p for p in persons if p.role == SIGNED]
    of_party = [p for p in signed if words(p.party)[0] in words(asked)]
    return [
        (f"Onder het akkoord staat {p.name} ({p.party}).", p.passages)
        for p in _about(asked, signed) or of_party or signed
    ]


def _all(asked: str, patterns: dict[str, Any], persons: Sequence[Person]) -> list[Claim]:
    aldermen = [p for p in persons if p.role == ALDERMAN and p.duties]
    named = [p for p in aldermen if p.party and re.search(rf"\b{re.escape(fold(p.party))}\b", asked)]
    rest = _rest(asked, patterns) - {w for p in named for w in words(p.party)}
    of_party = named and not rest and re.search(patterns["uit_het_college"], asked)
    if not aldermen or not (of_party or re.search(patterns["allen"], asked)):
        return []
    chosen = named or aldermen
    listed = ", ".join(f"{p.name} ({p.party})" if p.party else p.name for p in chosen)
    count = f"In de lijst {'staat 1 wethouder' if len(chosen) == 1 else f'staan {len(chosen)} wethouders'}"
    whose = f" van {chosen[0].party}" if named else ""
    return [(f"{count}{whose}: {listed}.", tuple(i for p in chosen for i in p.passages))]


def _mayor(asked: str, patterns: dict[str, Any], persons: Sequence[Person]) -> list[Claim]:
    if not re.search(patterns["burgemeester"], asked):
        return []
    return [(f"De burgemeester in de lijst is {p.name}.", p.passages) for p in persons if p.role == MAYOR]


def _party(asked: str, patterns: dict[str, Any], persons: Sequence[Person]) -> list[Claim]:
    if not re.search(patterns["partij"], asked):
        return []
    return [(f"Bij {_titled(p)} staat de partij {p.party}.", p.passages) for p in _about(asked, persons) if p.party]


def _titled(person: Person) -> str:
    return f"{person.name} onder het akkoord" if person.role == SIGNED else f"{person.role.lower()} {person.name}"


def _person(asked: str, patterns: dict[str, Any], persons: Sequence[Person]) -> list[Claim]:
    if not re.search(patterns["persoon"], asked):
        return []
    claims: list[Claim] = []
    about = _about(asked, persons)
    if _rest(asked, patterns) - {w for p in about for w in words(f"{p.name} {p.party} {p.role}")}:
        return []
    # Asked for by first name: also who signed under it; the documents do not say that the two are one.
    by_first_name = any(words(p.name)[0] in words(asked) for p in about if p.role == SIGNED)
    for person in about if by_first_name else [p for p in about if p.duties] or about:
        if person.summary:
            claims.append((f"{person.title} gaat over ‘{person.summary.text}’.", person.passages))
        elif person.role == SIGNED:
            claims.append((f"Onder het akkoord staat {person.name} ({person.party}).", person.passages))
        elif not person.duties:
            claims.append((f"{person.name} is {person.role}{_at(person)}.", person.passages))
        if person.duties:
            listed = ", ".join(f"‘{d.text}’" for d in person.duties)
            head = () if person.summary else person.passages
            rests_on = (*head, *(d.passage for d in person.duties))
            claims.append((f"Dit staat in de lijst bij {person.name}: {listed}.", rests_on))
    return claims


def _rest(asked: str, patterns: dict[str, Any]) -> set[str]:
    """The words of the question that are about something else than the college and its members."""
    return {*words(asked)} - stop_words() - {*patterns["woorden_bij_persoon"].split()}


def _at(person: Person) -> str:
    return f" van {person.party}" if person.party else ""


def _about(asked: str, persons: Sequence[Person]) -> list[Person]:
    """The persons whose surname stands in the question; the mayor also by the office."""
    said = set(re.findall(r"[\w-]+", asked))
    named = [p for p in persons if fold(p.surname) in said]
    return named or [p for p in persons if p.role == MAYOR and fold(MAYOR) in said]


@dataclass(frozen=True)
class _Match:
    person: Person
    lines: tuple[Duty, ...]
    word: str
    """The word of the question, where the list uses another; '' where the list has it."""


def _subject(
    asked: str, context: str, patterns: dict[str, Any], college: Sequence[Person],
    source: Callable[[int, str], Source], groups: Mapping[str, str],
) -> Said | None:  # fmt: skip
    match = next(filter(None, (re.search(p, asked) for p in patterns["onderwerp"])), None)
    if not college:
        return None
    if not match:
        return _otherwise(asked, patterns, college, source, groups)
    seeks_duty = bool(re.search(patterns["taak_gezocht"], asked))
    wants_college = bool(re.search(patterns["uit_het_college"], asked))
    subject = re.sub(patterns["nog_een"], " en ", f" {match['onderwerp']}")
    topic = re.sub(patterns["einde"], "", subject).strip()
    topic = re.sub(patterns["begin"], "", topic)
    content = [w for w in words(topic) if w not in stop_words()]
    loose = wants_college or seeks_duty
    found = _holding(topic if content else fold(context), college) if loose else _exact(topic, college)
    if not found:
        said = _otherwise(asked, patterns, college, source, groups)
        if said or not (content or context):
            return said
        lead = str(names()["zinnen"]["niet_in_lijst"])
        return Said((), (), (lead,), False, "wie: niet in de lijst") if wants_college else None
    other = next((m for m in found if m.word), None)
    said = _holders(found, source, groups, college, topic)
    if other:
        text = str(names()["zinnen"]["ander_woord"]).format(woord=other.word, taak=other.lines[0].text)
        return replace(said, lead=(text, *said.lead), sure=False)
    return said


def _otherwise(
    asked: str, patterns: dict[str, Any], college: Sequence[Person],
    source: Callable[[int, str], Source], groups: Mapping[str, str],
) -> Said | None:  # fmt: skip
    """A question about the college in words that no pattern has: only when a line has all the rest of its words."""
    if not re.search(patterns["anders_gevraagd"], asked):
        return None
    rest = _rest(asked, patterns)
    topic = " ".join(w for w in words(asked) if w in rest)
    found = _exact(topic, college)
    return _holders(found, source, groups, college, topic) if found else None


def _holders(
    found: Sequence[_Match], source: Callable[[int, str], Source], groups: Mapping[str, str],
    college: Sequence[Person], topic: str,
) -> Said:  # fmt: skip
    claims = [
        (f"{m.person.title} {_verb(m.lines)} {_listed(m.lines)}.", (*(d.passage for d in m.lines), *m.person.passages))
        for m in found
    ]
    first = [d.passage for m in found for d in m.lines]
    return _said(claims, source, groups, college, f"onderwerp: {topic}", first)


def _verb(lines: Sequence[Duty]) -> str:
    return "is" if fold(lines[0].text).endswith(MAYOR.lower()) else "gaat over"


def _listed(lines: Iterable[Duty]) -> str:
    return " en ".join(f"‘{d.text}’" for d in lines)


def _holding(topic: str, college: Sequence[Person]) -> list[_Match]:
    """Who holds a subject: by a phrase that the data file knows, by the words of the list, by a word that the data
    file or the synonyms lead to the list; the first of these that finds someone."""
    by_word = [link for _, link in by_subject(topic, college, SPOKEN)]
    phrases = [link for link in by_word if " " in link.word]
    if phrases:
        return _grouped(phrases)
    exact = _exact(topic, college)
    if exact:
        return exact
    in_it = _grouped(link for _, link in by_name(topic, college, False))
    if 0 < len(in_it) <= MOST_PERSONS:
        return [replace(match, word="") for match in in_it]
    if by_word:
        return _grouped(by_word)
    plain = re.sub(r"(beleid|zaken)\b", "", topic)
    if plain != topic and (exact := _exact(plain, college)):
        return exact
    for other in (w for group in synonym_groups() if topic in group for w in group):
        exact = _exact(other, college)
        if exact:
            return [_Match(m.person, m.lines, topic) for m in exact]
    return _in_compound(topic, college)


def _in_compound(topic: str, college: Sequence[Person]) -> list[_Match]:
    """Who holds what a compound begins with ('afvalinzameling': afval)."""
    if not re.fullmatch(r"[a-z]+", topic):
        return []
    for end in range(len(topic) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        part = topic[:end]
        found = _exact(part, college) or _grouped(k for _, k in by_subject(part, college, SPOKEN) if k.word == part)
        if found:
            return [replace(m, word=topic) for m in found]
    return []


def _grouped(links: Iterable[Link]) -> list[_Match]:
    matches: dict[str, _Match] = {}
    for link in links:
        word = "" if link.word in fold(link.duty.text) else link.word
        before = matches.setdefault(link.person.name, _Match(link.person, (), word))
        lines = dict.fromkeys((*before.lines, link.duty))
        matches[link.person.name] = replace(before, lines=tuple(lines)[:MOST_LINES])
    return list(matches.values())


def _exact(topic: str, college: Sequence[Person]) -> list[_Match]:
    """Who has a line with all words of the topic; a line of its own goes before the summary."""
    wanted = {root(w) for w in words(topic) if w not in stop_words()}
    if not wanted:
        return []
    found = []
    for person in college:
        lines = sorted((d for d in person.duties if wanted <= _roots(d)), key=lambda d: len(words(d.text)))
        if not lines and person.summary and wanted <= _roots(person.summary):
            lines = [link.duty for _, link in by_subject(topic, [person], SPOKEN)] or [person.summary]
        if lines:
            found.append(_Match(person, tuple(lines[:MOST_LINES]), ""))
    return found


def _roots(duty: Duty) -> set[str]:
    return {root(w) for w in words(duty.text)}


def _said(
    claims: Sequence[Claim], source: Callable[[int, str], Source], groups: Mapping[str, str],
    college: Sequence[Person], rule: str, first: Iterable[str] = (),
) -> Said:  # fmt: skip
    """Sentences with their sources, `first` the passages of the duties, then the rest as they come."""
    ids = list(dict.fromkeys([*first, *(i for _, rests_on in claims for i in rests_on)]))
    number = {key: n for n, key in enumerate(ids, start=1)}
    sources = {i: source(n, i) for i, n in number.items()}
    sentences = tuple(
        Sentence(text, tuple(dict.fromkeys(number[i] for i in rests_on)), groups[sources[rests_on[0]].document])
        for text, rests_on in claims
        if rests_on  # in a document without the passage that would say it, it is not said
    )
    return Said(sentences, tuple(sources.values()), tuple(_proposed(ids, college)), True, f"wie: {rule}")


@cache
def _proposal() -> re.Pattern[str]:
    return re.compile(r"\b(voorgesteld|voorstel|concept)")


def _proposed(ids: Sequence[str], college: Sequence[Person]) -> Iterator[str]:
    """That the list is a proposal, where its heading says so and the answer rests on it."""
    for heading in dict.fromkeys(p.status for p in college if set(ids) & {*p.passages, *(d.passage for d in p.duties)}):
        if _proposal().search(fold(heading)):
            yield str(names()["zinnen"]["voorstel"]).format(lijst=heading)
