"""What a question asks about money: kinds of table, years, durations, sums, and its subject (data/geld.json)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .dutch import Speller, compound_parts, stem, stop_words, words, zipf
from .money import money_rules

SHORT = 5
"""Words of a question in which one loose word ('stadspas geld') is enough."""

_YEAR = re.compile(r"\b20\d\d\b")
_RANGE = re.compile(
    r"\b(20\d\d) (?:tot en met |en met |t m |tm |tot |t e m )?(20\d\d)\b|\btussen (20\d\d) en (20\d\d)\b"
)
_OPEN = re.compile(r"\b(vanaf|sinds|tot en met|tot|t m|tm) (20\d\d)\b")


@dataclass(frozen=True)
class MoneyQuestion:
    """What a question about money asks for."""

    strong: bool
    """Whether it is about money beyond doubt: then it is told when no row fits."""
    whole: bool
    """Whether it is about the money of the accord as a whole, when it names no subject."""
    kinds: frozenset[str]
    """Kinds of table that it names; empty for any."""
    duration: str
    """'structureel' or 'incidenteel' when it names just one of them, else ''."""
    years: tuple[str, ...]
    """The years that it names; () for all."""
    adds: bool
    """Whether it asks for a sum."""
    over_years: bool
    """Whether it asks for a sum over the years."""
    per_year: bool
    """Whether it asks for each year apart."""
    compares: bool
    """Whether it holds spending against saving."""
    subject: tuple[str, ...]
    """Its words that are not about money as such."""
    stems: frozenset[str]
    """The stems of all its words."""
    lists: bool
    """Whether it asks for a list."""
    ranks: str
    """'grootste' or 'kleinste' when it asks for the row with the largest or smallest amount, 'jaar' for the year of
    the largest balance, else ''."""
    contrasts: bool
    """Whether it holds both durations, or spending and saving, side by side."""


def read_question(question: str, own_years: str, table_years: Sequence[str]) -> MoneyQuestion | None:
    """What a (folded, mended) question asks about money; None when it is not about amounts.

    Args:
        own_years: the question without the one before it: where years are looked for first.
        table_years: the years that the tables have, in order.
    """
    rules = money_rules()["vraag"]
    question = question.replace("hoe hoeveel veel", "hoeveel")
    asked = question.split()
    strong = any(re.fullmatch(rules["bedrag"], w) for w in asked)
    loose = any(re.fullmatch(rules["los"], w) for w in asked)
    over_years = bool(re.search(money_rules()["jaren_samen"], question))
    adds = over_years or bool(re.search(money_rules()["samen"], question))
    lists = len(asked) == 1 or bool(re.search(money_rules()["opsomming"], question))
    beside = over_years or lists or bool(re.search(rules["naast"], question))
    dated = bool(set(table_years) & set(asked))
    short = len(asked) <= (2 * SHORT if dated else SHORT)
    if counted_noun(question) and not strong and not loose:
        return None
    ranks = next((k for k, p in money_rules()["rangorde"].items() if k != "uitleg" and re.search(p, question)), "")
    asks = (
        strong or ranks or (loose and (beside or short)) or (short and dated) or re.search(rules["hoeveel"], question)
    )
    if not asks or re.search(rules["niet"], question):
        return None
    about = money_rules()["onderwerp"]
    kinds = {k for k in about if k != "uitleg" and any(re.fullmatch(about[k], w) for w in asked)}
    durations = [d for d, p in money_rules()["looptijd"].items() if any(re.fullmatch(p, w) for w in asked)]
    if len(durations) > 1 and not kinds:
        kinds.add("uitgave")
    general = {*money_rules()["algemeen"].split(), *stop_words()}
    money_words = "|".join(
        [rules["bedrag"], rules["los"], *(about[k] for k in kinds), *money_rules()["looptijd"].values()]
    )

    def about_money(word: str) -> bool:
        return word in general or bool(re.fullmatch(money_words, word))

    subject = tuple(
        w for w in dict.fromkeys(asked) if w.isalpha() and not about_money(w) and not any(map(about_money, _bare(w)))
    )
    years = _years(own_years, table_years) or _years_after(own_years, _years(question, table_years))
    return MoneyQuestion(
        strong or (loose and "hoeveel" in asked),
        bool(kinds or durations or adds) or any(re.fullmatch(money_rules()["geheel"], w) for w in asked),
        frozenset(kinds),
        durations[0] if len(durations) == 1 else "",
        years,
        adds,
        over_years,
        bool(re.search(money_rules()["per_jaar"], question)),
        {"uitgave", "bezuiniging"} <= kinds,
        subject,
        frozenset(map(stem, asked)),
        lists,
        ranks,
        len(durations) > 1 or {"uitgave", "bezuiniging"} <= kinds,
    )


def counted_noun(question: str) -> str:
    """What a (folded) question asks the number of ('woningen' of 'hoeveel woningen'); '' when that may be money."""
    found = re.search(money_rules()["vraag"]["telt"], question)
    about = "|".join(p for k, p in money_rules()["onderwerp"].items() if k != "uitleg")
    rules = money_rules()["vraag"]
    if not found or re.fullmatch("|".join([rules["bedrag"], rules["los"], about]), found[1]):
        return ""
    return found[1]


def _years_after(own: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """The years of the question before, moved where a follow-up says so ('en het jaar daarna?'); all years () where
    it asks for their sum."""
    if re.search(money_rules()["jaren_samen"], own):
        return ()
    for step, pattern in money_rules()["vervolg"].items():
        if step != "uitleg" and before and re.search(pattern, own):
            return (str(int(before[-1] if int(step) > 0 else before[0]) + int(step)),)
    return before


def _years(text: str, table_years: Sequence[str]) -> tuple[str, ...]:
    """The years that a folded text names, ranges written out; the years of the accord's own name left out."""
    text = re.sub(r"\b(\w*akkoord|coalitie) (van )?20\d\d (tot )?20\d\d\b", r"\1", text)
    found: set[str] = set()
    for match in _RANGE.finditer(text):
        first, last = [g for g in match.groups() if g]
        found |= {str(y) for y in range(int(first), int(last) + 1)}
    if not found and table_years:
        for word, year in _OPEN.findall(text):
            since = word in ("vanaf", "sinds")
            found |= {y for y in table_years if (y >= year if since else y <= year)} | {year}
    found |= set(_YEAR.findall(text))
    return tuple(sorted(found))


@dataclass(frozen=True)
class LabelWords:
    """The words of a text without stop words, the stems of them and of the parts of its compounds."""

    words: frozenset[str]
    whole: frozenset[str]
    parts: frozenset[str]

    @classmethod
    def of(cls, text: str) -> LabelWords:
        found = [w for w in words(text) if w not in stop_words() and w.isalpha()]
        parts = (stem(p) for w in found for p in compound_parts(w))
        whole = {stem(w) for word in found for w in (word, *_bare(word))}
        return cls(frozenset(found), frozenset(whole), frozenset(parts))

    def grade(self, word: str) -> float:
        """How well a word of a question fits, 0…1."""
        if {stem(word), stem(word.removesuffix("s"))} & self.whole:
            return 1.0
        if self.whole & set(map(stem, _bare(word))):
            return 0.95
        if stem(word) in self.parts or self._nearly(word):
            return 0.8
        parts = [stem(p) for p in compound_parts(word)]
        held = sum(p in self.whole for p in parts)
        return 0.9 if parts and held == len(parts) else 0.3 if held else 0.0

    def _nearly(self, word: str) -> bool:
        """Whether a word that Dutch does not know is one of these with a slip, or two in a long one."""
        from rapidfuzz.distance import DamerauLevenshtein

        slips = 2 if len(word) >= 8 else 1
        return (
            len(word) >= 6
            and zipf().get(word, 0.0) < Speller.KNOWN_ZIPF
            and any(DamerauLevenshtein.distance(word, w, score_cutoff=slips) <= slips for w in self.words)
        )


def _bare(word: str) -> tuple[str, ...]:
    """A compound without the word for money at its end ('stadspasbudget' gives 'stadspas'); () for another word."""
    for tail in money_rules()["achter_het_onderwerp"].split():
        if word.endswith(tail) and len(word) > len(tail) + 3:
            return word.removesuffix(tail), word.removesuffix(tail).removesuffix("s")
    return ()


def weight(word: str) -> float:
    """Rarity of a word: common ones tell less."""
    return max(0.5, 7.5 - zipf().get(word, 2.5))
