"""What the program must not simply answer. The checks, in the order in which they are made:

    1. ongeldig         nothing that can be read as a question
    2. persoonsgegevens masked; the rest is still answered
    3. hulp             danger now: the right number first
    4. kennismaking     small talk: says that it is a program
    5. taal             another language
    6. opdracht         an order to the machine, or abuse: calm, and text to search at most
    7. weigering        a decision, permission, right, judgement, prediction or voting advice

Deterministic: patterns and texts are data (data/grenzen.yaml), and the small classifiers' weights too.
Whether the documents answer at all is judged after the search (answerability).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from typing import Any, Literal

import yaml

from .classifier import open_classifier
from .dutch import collapse, sentences, stop_words, words
from .privacy import mask
from .sources import listed_names, names_one
from .thresholds import Thresholds
from .who import plain_question

Outcome = Literal["verder", "ongeldig", "hulp", "kennismaking", "taal", "weigering"]

TOO_LONG = 5_000
"""Characters above which the person is told that only the beginning and end were read."""
READ = 2_000
"""Characters of a question that the checks look at, half from the beginning and half from the end."""
POLICY_TOO = 0.99
"""Chance of danger where the words say so and policy is asked for too: the numbers, and the answer below them."""
LONGEST_DATUM = 60
"""Characters of the longest piece of personal data: an account number, or a street with number and postcode."""


@dataclass(frozen=True)
class Verdict:
    """What the limits make of a question."""

    outcome: Outcome
    question: str
    """The question with personal data masked and control characters gone: the only form that goes on."""
    lines: tuple[str, ...] = ()
    """What to say, in our own words."""
    notices: tuple[str, ...] = ()
    """For `meldingen`."""
    rules: tuple[str, ...] = ()
    """Which rules decided, for `--uitleg`."""
    human: str = ""
    """With a refusal: which person to turn to."""
    language: str = ""
    """The language of a question that is not in Dutch, as data/grenzen.yaml names it."""
    advice: bool = False
    """Whether voting advice or an opinion on a party or person was asked for: then no party's words follow."""
    chance: float = 1.0
    """With help: 1 when the words themselves say danger, else what the classifier makes of it."""


@cache
def rules() -> dict[str, Any]:
    """The texts and patterns of data/grenzen.yaml."""
    text = files("vraagalmere").joinpath("data", "grenzen.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _fits(pattern: str, text: str) -> bool:
    return bool(_pattern(pattern).search(text))


def check(question: str, limits: Thresholds, names: Collection[str] | None = None) -> Verdict:
    """Hold a question against the limits.

    Args:
        question: exactly as typed, of any length and content.
        limits: the thresholds of the classifiers.
        names: how the documents are called (`Sources.names`); the listed names when None.
    """
    shown = _clean(question)
    notices: list[str] = []
    if len(shown) > TOO_LONG:
        notices.append(rules()["ongeldig"]["te_lang"])
    shown, found = _masked(shown)
    if found:
        kinds = ", ".join(found)
        notices.insert(
            0,
            f"persoonsgegevens: in uw vraag staat een {kinds}. Dat heb ik onleesbaar gemaakt en niet bewaard. "
            "Vul hier geen gegevens over uzelf in.",
        )
    privacy = (f"persoonsgegevens: {', '.join(found)}",) if found else ()
    if invalid := _invalid(shown):
        return Verdict("ongeldig", shown, (invalid,), tuple(notices), ("ongeldig",))
    read = unmasked(shown)
    plain = " ".join(words(read))
    orders, fired = _orders(plain)
    told, trail = (*notices, *orders), (*privacy, *fired)
    names_source = names_one(plain, listed_names() if names is None else names)
    checks = (
        _danger, _small_talk, lambda shown, plain, _: _language(shown, plain),
        partial(_decision, names_source=names_source),
    )  # fmt: skip
    for outcome in checks:
        verdict = outcome(read, plain, limits)
        if verdict:
            return replace(verdict, question=shown, notices=told, rules=(*trail, *verdict.rules))
    return Verdict("verder", shown, (), told, (*trail, "geen grens geraakt"))


def statement_faults(text: str, support: str, dutch: bool = True) -> tuple[str, ...]:
    """Which limits a sentence of a language model breaks, as Dutch clauses; () when none.

    Args:
        text: one sentence.
        support: the words it rests on: what they say themselves (an advice, 'u') the sentence may say too.
        dutch: whether it must be Dutch; in which other language it may be is for `claims` to see.
    """
    stated = rules()["uitspraak"]
    plain, supported = " ".join(words(text)), " ".join(words(support))
    patterns = [(p["fout"], p["patroon"]) for p in stated["patronen"]]
    patterns += [(p["regel"], p["patroon"]) for p in rules()["weigering"]["patronen"]]
    faults = [name for name, pattern in patterns if _fits(pattern, plain) and not _fits(pattern, supported)]
    faults += [f"persoonsgegevens ({kind})" for kind in mask(text).kinds]
    faults += [f"{name} in de zin" for name in _orders(plain)[1]]
    if dutch and _language(text, plain):
        faults.append("geen Nederlands")
    if _fits(stated["opmaak"], text):
        faults.append("opmaak of een link")
    return tuple(faults)


def gives_orders(text: str) -> bool:
    """Whether `text` tells the machine what to do."""
    return "opdracht_aan_machine" in _orders(" ".join(words(text)))[1]


def _masked(question: str) -> tuple[str, tuple[str, ...]]:
    """The question without personal data, and the kinds that were in it; of a long one the beginning and the end.

    What a cut would split is masked whole: each part is read LONGEST_DATUM further than it is kept.
    """
    if len(question) <= READ:
        whole = mask(question)
        return whole.text, whole.kinds
    head, tail = mask(question[: READ // 2 + LONGEST_DATUM]), mask(question[-READ // 2 - LONGEST_DATUM :])
    kinds = tuple(dict.fromkeys((*head.kinds, *tail.kinds)))
    return f"{head.text[:-LONGEST_DATUM]} … {tail.text[LONGEST_DATUM:]}", kinds


_MASK = re.compile(r"\[[\w-]+\]")


def unmasked(question: str) -> str:
    """What is left of a masked question to read and to search with: no masks, no short sentence that only held one."""
    kept = [s for s in sentences(question) if not _MASK.search(s) or len(words(_MASK.sub(" ", s))) > 6]
    return collapse(_MASK.sub(" ", " ".join(kept) or question))


def _clean(question: str) -> str:
    """The question without control, direction and invisible characters; white space collapsed."""
    kept = "".join(" " if c in "\n\r\t" else c for c in question if c in "\n\r\t" or unicodedata.category(c)[0] != "C")
    return collapse(unicodedata.normalize("NFC", kept))


def _invalid(question: str) -> str | None:
    texts = rules()["ongeldig"]
    if not question:
        return str(texts["leeg"])
    letters = sum(c.isalpha() for c in question)
    longest = max((len(w) for w in question.split()), default=0)
    if letters < 2 or letters < 0.25 * len(question.replace(" ", "")) or (longest > 200 and len(question.split()) < 4):
        return str(texts["onleesbaar"])
    return None


def _danger(shown: str, plain: str, limits: Thresholds) -> Verdict | None:
    danger = rules()["hulp"]
    policy = _fits(danger["beleid"], plain)
    for kind in danger["soorten"]:
        if not _fits(kind["patroon"], plain):
            continue
        rule = (f"hulp: patroon {kind['soort']}",)
        if not policy:
            return Verdict("hulp", shown, tuple(kind["zinnen"]), (), rule)
        # 'Wat doet de gemeente tegen geweld?' is about policy; 'mijn man slaat mij, wat doet de gemeente' is both.
        if any(_fits(kind["patroon"], s) and _fits(danger["over_zichzelf"], s) for s in _plain_sentences(shown)):
            return Verdict("hulp", shown, tuple(kind["zinnen"]), (), rule, chance=POLICY_TOO)
    chance = open_classifier("gevaar").probability(shown)
    needed = limits.hulp if not policy else max(limits.hulp, 0.9)
    if chance >= needed:
        return Verdict("hulp", shown, tuple(danger["algemeen"]), (), (f"hulp: model {chance:.2f}",), chance=chance)
    return None


def _plain_sentences(text: str) -> list[str]:
    return [" ".join(words(s)) for s in sentences(text)]


def _small_talk(shown: str, plain: str, limits: Thresholds) -> Verdict | None:
    talk = rules()["kennismaking"]
    if len(plain.split()) > 14:
        return None
    fired = next((k["soort"] for k in talk["patronen"] if _fits(k["patroon"], plain)), None)
    chance = open_classifier("kennismaking").probability(shown)
    decides = open_classifier("beslissing").probability(shown) >= limits.weigering
    if fired is None and (chance < limits.kennismaking or decides):
        return None
    kind = fired or next(k["soort"] for k in talk["soorten"] if _fits(k["patroon"], plain))
    rule = f"kennismaking: {kind} ({'patroon' if fired else f'model {chance:.2f}'})"
    return Verdict("kennismaking", shown, tuple(talk["zinnen"][kind]), (), (rule,))


def _language(shown: str, plain: str) -> Verdict | None:
    languages = rules()["talen"]
    letters = [c for c in shown if c.isalpha()]
    for script in languages["schriften"]:
        share = sum(unicodedata.name(c, "").startswith(script["schrift"]) for c in letters)
        if share > 0.5 * len(letters):
            lines = (script["zin"], languages["zin_nederlands"])
            return Verdict("taal", shown, lines, (), (f"taal: {script['taal']}",), language=script["taal"])
    tokens = plain.split()
    best, count = None, 0
    for language in languages["woordlijsten"]:
        own = set(language["woorden"].split())
        hits = sum(t in own and t not in stop_words() for t in tokens)
        if hits > count:
            best, count = language, hits
    known = sum(t in own_words() for t in tokens)
    if best and count >= 2 and count > known and count >= 0.25 * len(tokens):
        lines = (best["zin"], languages["zin_nederlands"])
        return Verdict("taal", shown, lines, (), (f"taal: {best['taal']} ({count} woorden)",), language=best["taal"])
    return None


@cache
def own_words() -> frozenset[str]:
    """Common Dutch words that no other listed language shares."""
    foreign = {w for language in rules()["talen"]["woordlijsten"] for w in language["woorden"].split()}
    return frozenset(w for w in stop_words() if w not in foreign) | {"niet", "geen", "meer"}


def _orders(plain: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    notices, fired = [], []
    for name in ("misbruik", "opdracht_aan_machine"):
        if _fits(rules()[name]["patroon"], plain):
            notices.append(str(rules()[name]["zin"]))
            fired.append(name)
    return tuple(notices), tuple(fired)


def _decision(shown: str, plain: str, limits: Thresholds, names_source: bool) -> Verdict | None:
    refusal = rules()["weigering"]
    fired = next((p["regel"] for p in refusal["patronen"] if _fits(p["patroon"], plain)), None)
    if fired is None and names_source and _fits(refusal["weegt_af"], plain):
        fired = "stemadvies"
    chance = open_classifier("beslissing").probability(shown)
    aloof = not _fits(refusal["over_zichzelf"], plain)
    needed = limits.weigering
    far = open_classifier("ver").probability(shown) >= 0.5
    asks_what_is_said = names_source or _fits(refusal["vraagt_wat_er_staat"], plain)
    about_a_rule = _fits(refusal["vraagt_naar_regel"], plain)
    if about_a_rule or (aloof and (asks_what_is_said or far or plain_question(plain) or len(plain.split()) <= 3)):
        needed = limits.weigering_document
    if fired is None and chance < needed:
        return None
    if fired is not None and chance < limits.weigering_bij_patroon:
        return None
    weighed = names_source and _fits(refusal["weegt"], plain)
    advice = fired == "stemadvies" or (fired is None and (weighed or _fits(refusal["advies"], plain)))
    human = next(p["zin"] for p in refusal["mens"] if _fits(p["patroon"], plain))
    lines = tuple(refusal["stemadvies_zinnen"] if advice else refusal["zinnen"])
    rule = f"weigering: {'patroon ' + fired if fired else 'model'} ({chance:.2f})"
    return Verdict("weigering", shown, lines, (), (rule,), human, advice=advice)
