"""Questions about money, answered from the rows of the money tables: the rows, years and sums that are asked for.

What makes a question one about money, and what counts as its subject, is data (data/geld.json). A row is found by
the words of its label, section and table, also as part of a compound; never by a list of labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from .dutch import Speller, compound_parts, fold, stem, stop_words, words, zipf
from .index import SearchIndex
from .money import (
    WHOLE,
    Amount,
    MoneyRow,
    MoneyTable,
    SignDoubt,
    checks,
    money_rows,
    money_rules,
    money_tables,
    sign_doubts,
)
from .retrieval import Found

ACCORD = "coalitieakkoord"
ENOUGH = 0.34
"""Share, by rarity, of the subject's words that a row must hold."""
SHORT = 4
"""Words of a question in which one loose word ('stadspas geld') is enough."""
BESIDE = 0.6
"""Share of the best relevance that a passage of text needs to stand beside rows that hold every word of the subject."""
COMMON = 2.0
"""Weight up to which a word is too common to tell what the subject is ('komen', 'zetten')."""
LIKELY = 0.3
"""Relevance that the search must give its first passage, to follow it where words do not decide."""
LONG = 14
"""Words of a question up to which its words decide: a longer one is a story."""
ROWS = 4
"""Rows in one answer."""

_YEAR = re.compile(r"\b20\d\d\b")
_RANGE = re.compile(
    r"\b(20\d\d) (?:tot en met |en met |t m |tm |tot |t e m )?(20\d\d)\b|\btussen (20\d\d) en (20\d\d)\b"
)
_OPEN = re.compile(r"\b(vanaf|sinds|tot en met|t m|tm) (20\d\d)\b")


@dataclass(frozen=True)
class MoneyQuestion:
    """What a question about money asks for."""

    strong: bool
    """Whether it is about money beyond doubt: then it is told when no row fits."""
    amounts: bool
    """Whether it has a word for money at all, and not only a year or a form of asking."""
    kinds: frozenset[str]
    """Kinds of table that it names; empty for any."""
    duration: str
    """'structureel' or 'incidenteel' when it names just one of them, else ''."""
    years: tuple[str, ...]
    """The years that it names; () for all."""
    adds: bool
    """Whether it asks for a sum."""
    compares: bool
    """Whether it holds spending against saving."""
    subject: tuple[str, ...]
    """Its words that are not about money as such."""
    lists: bool
    """Whether it asks for a list."""


@dataclass(frozen=True)
class MoneyReply:
    """The rows that answer, what they say, and our own words about what the tables do not have."""

    rows: tuple[str, ...]
    """Ids of passages, best first."""
    sentences: tuple[tuple[str, tuple[str, ...]], ...]
    """(sentence, ids of the passages that it rests on)."""
    lead: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    firm: bool = False
    """Whether the rows hold every word of the subject."""


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
    beside = bool(re.search(rules["naast"], question))
    dated = bool(set(table_years) & set(asked))
    short = len(asked) <= (2 * SHORT if dated else SHORT)
    asks = strong or (loose and (beside or short)) or (short and dated) or re.search(rules["hoeveel"], question)
    if not asks or re.search(rules["niet"], question):
        return None
    about = money_rules()["onderwerp"]
    kinds = {k for k in about if k != "uitleg" and any(re.fullmatch(about[k], w) for w in asked)}
    durations = [d for d, p in money_rules()["looptijd"].items() if any(re.fullmatch(p, w) for w in asked)]
    general = {*money_rules()["algemeen"].split(), *stop_words()}
    money_words = "|".join(
        [rules["bedrag"], rules["los"], *(about[k] for k in kinds), *money_rules()["looptijd"].values()]
    )
    subject = []
    for word in dict.fromkeys(asked):
        if word.isalpha() and word not in general and not re.fullmatch(money_words, word):
            subject.append(word)
    years = _years(own_years, table_years) or _years(question, table_years)
    return MoneyQuestion(
        strong or (loose and "hoeveel" in asked),
        strong or loose,
        frozenset(kinds),
        durations[0] if len(durations) == 1 else "",
        years,
        bool(re.search(money_rules()["samen"], question)),
        {"uitgave", "bezuiniging"} <= kinds,
        tuple(subject),
        bool(re.search(money_rules()["opsomming"], question)),
    )


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
class _Words:
    """The words of a text without stop words, the stems of them and of the parts of its compounds."""

    words: frozenset[str]
    whole: frozenset[str]
    parts: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Words:
        found = [w for w in words(text) if w not in stop_words() and w.isalpha()]
        parts = (stem(p) for w in found for p in compound_parts(w))
        return cls(frozenset(found), frozenset(map(stem, found)), frozenset(parts))

    def grade(self, word: str) -> float:
        """How well a word of a question fits, 0…1."""
        if {stem(word), stem(word.removesuffix("s")), *map(stem, _bare(word))} & self.whole:
            return 1.0
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


def _weight(word: str) -> float:
    """Rarity of a word: common ones tell less."""
    return max(0.5, 7.5 - zipf().get(word, 2.5))


class MoneyDesk:
    """Answers questions about money from the rows of an index. Made once; safe to share between threads."""

    def __init__(self, index: SearchIndex) -> None:
        accord = [p for p in index.passages if index.documents[p.document].sidecar.soort == ACCORD]
        self.rows = money_rows(accord, index.documents)
        self.tables = money_tables(self.rows)
        self._table = {r.passage: t for t in self.tables for r in t.rows}
        self._by_id = {r.passage: r for r in self.rows}
        self._doubts = sign_doubts(self.rows)
        self._misfits = tuple(c for c in checks(self.rows) if not c.agrees)
        self._years = tuple(sorted({y for t in self.tables for y in t.years}))
        self._documents = frozenset(p.document for p in accord)
        self._label = {r.passage: _Words.of(r.label) for r in self.rows}
        self._section = {r.passage: _Words.of(re.sub(r"\(.*?\)", " ", r.section)) for r in self.rows}
        self._heading = {r.passage: _Words.of(r.table) for r in self.rows}

    def reply(self, asked: str, found: Found, sure: bool) -> MoneyReply | None:
        """The reply to a question; None when it is not about money, or about other documents.

        Args:
            asked: as typed, without the question before it.
            found: what the search made of it.
            sure: whether the documents surely answer; then a row that the search puts first also counts.
        """
        if not self.rows or found.compared or (found.named and not found.named & self._documents):
            return None
        question = read_question(found.question, " ".join(words(asked)), self._years)
        if question is None:
            return None
        rows, firm = self._rows_for(question, found, sure)
        if question.duration and not question.strong and not any(r.duration for r in rows):
            return None
        texts = money_rules()["zinnen"]
        if not rows:
            return MoneyReply((), (), (texts["geen_regel"],) if question.strong else ())
        shown = rows[: ROWS - 1 if any(r.passage in self._doubts for r in rows) else ROWS]
        saving = next((t for t in self.tables if t.kind == "bezuiniging"), None)
        lead = self._outside(question, rows)
        if saving and "bezuiniging" in question.kinds and not any(r in saving.rows for r in rows):
            lead = (texts["geen_bezuiniging"].format(tabel=saving.heading), *lead)
        return MoneyReply(*self._say(question, shown), lead, self._close(question, rows, shown), firm)

    def _rows_for(self, q: MoneyQuestion, found: Found, sure: bool) -> tuple[list[MoneyRow], bool]:
        """The rows, best first, and whether they hold every telling word of the subject.

        Words decide where a short question has them all; else the search does, if it is sure and puts a row first.
        """
        if not q.subject:
            return self._totals(q) if q.amounts else [], True
        saving = [r for r in self.rows if self._table[r.passage].kind == "bezuiniging"]
        by_words = self._by_words(q, saving) if "bezuiniging" in q.kinds else []
        by_words = by_words or self._by_words(q, self.rows)
        telling = [w for w in q.subject if _weight(w) > COMMON]
        firm = bool(by_words) and all(any(self._fit(r, w, q.subject) >= 0.6 for r in by_words) for w in telling)
        if firm and len(found.question.split()) <= LONG:
            return by_words, True
        if sure and found.hits[0].passage.id in self._by_id and found.hits[0].relevance >= LIKELY:
            return self._by_search(q, found), False
        near = {h.passage.id for h in found.hits[:ROWS]}
        return [r for r in by_words if r.passage in near], False

    def _by_search(self, q: MoneyQuestion, found: Found) -> list[MoneyRow]:
        """The rows that the search itself finds most likely: also through the questions of the edition."""
        least = 0.5 * found.hits[0].relevance
        near = [self._by_id[h.passage.id] for h in found.hits if h.relevance >= least and h.passage.id in self._by_id]
        return self._of_duration(q, self._with_partners(near))

    def _close(self, q: MoneyQuestion, rows: Sequence[MoneyRow], shown: Sequence[MoneyRow]) -> tuple[str, ...]:
        """That there is more: rows that are not shown, another table about the subject."""
        texts, lines = money_rules()["zinnen"], []
        if shown[0].is_total and len(rows) > len(shown):
            where = f"‘{shown[0].section or shown[0].table}’"
            lines.append(texts["nog_meer"].format(waar=where, aantal=len(rows) - len(shown)))
        for table in self.tables:
            if all(r.table != table.heading for r in rows) and any(
                self._heading[table.rows[0].passage].grade(w) >= 0.9 for w in q.subject
            ):
                lines.append(texts["ook_tabel"].format(tabel=table.heading))
        return tuple(lines)

    def _fit(self, row: MoneyRow, word: str, subject: Sequence[str]) -> float:
        """How well a word of the subject fits a row, 0…1; its section counts when the subject names it whole."""
        key = row.passage
        whole = self._section[key].whole <= {stem(w) for w in subject}
        return max(
            self._label[key].grade(word),
            (0.9 if whole else 0.3) * self._section[key].grade(word),
            0.6 * self._heading[key].grade(word),
        )

    def _by_words(self, q: MoneyQuestion, rows: Sequence[MoneyRow]) -> list[MoneyRow]:
        """Rows whose label, section or table holds enough of the subject, best first."""
        subject = q.subject
        total = sum(map(_weight, subject))
        covered = {r.passage: sum(_weight(w) * self._fit(r, w, subject) for w in subject) for r in rows}
        best = max(covered.values())
        if best < ENOUGH * total:
            return []
        by_label = {r.passage: sum(_weight(w) * self._label[r.passage].grade(w) for w in subject) for r in rows}
        section = self._section_asked(subject, rows, max(by_label.values()))
        if section:
            return self._of_section(q, section, rows)
        # The label decides; of equal ones, the row that has the fewest other words.
        order = sorted(
            (r for r in rows if covered[r.passage] >= 0.8 * best),
            key=lambda r: (-covered[r.passage] - 0.1 * by_label[r.passage], len(self._label[r.passage].whole)),
        )
        order = [r for r in order if covered[r.passage] >= 0.9 * best or r.section == order[0].section]
        chosen = list(order)
        for word in subject:
            if not any(self._fit(r, word, subject) >= 0.8 for r in chosen):
                chosen += [r for r in rows if self._label[r.passage].grade(word) >= 0.9]
        return self._of_duration(q, self._with_partners(chosen))

    def _section_asked(self, subject: Sequence[str], rows: Sequence[MoneyRow], best_label: float) -> str:
        """The section that the subject names whole, when no label fits it better."""
        for row in rows:
            held = self._section[row.passage]
            named = [w for w in subject if held.grade(w) >= 0.9]
            whole = held.whole and held.whole <= {stem(w) for w in named}
            if whole and 1.15 * sum(map(_weight, named)) >= best_label:
                return row.section
        return ""

    def _of_section(self, q: MoneyQuestion, section: str, rows: Sequence[MoneyRow]) -> list[MoneyRow]:
        members = [r for r in rows if r.section == section]
        totals = [r for r in members if r.is_total]
        parts = sorted((r for r in members if not r.is_total), key=lambda r: (r.duration != q.duration, -_size(r)))
        if q.duration:
            parts = [r for r in parts if r.duration == q.duration] or parts
        return [*totals, *parts]

    def _with_partners(self, rows: Iterable[MoneyRow]) -> list[MoneyRow]:
        """The rows, each followed by the other duration of the same label."""
        kept: dict[str, MoneyRow] = {}
        for row in rows:
            for other in self._table[row.passage].rows:
                if (other.label, other.section) == (row.label, row.section):
                    kept.setdefault(other.passage, other)
        return list(kept.values())

    def _of_duration(self, q: MoneyQuestion, rows: list[MoneyRow]) -> list[MoneyRow]:
        return [r for r in rows if r.duration == q.duration] or rows if q.duration else rows

    def _totals(self, q: MoneyQuestion) -> list[MoneyRow]:
        """Totals of whole tables, for a question that names no subject."""
        kinds = q.kinds or ({"uitgave"} if q.duration else {"uitgave", "bezuiniging", "totaalbeeld"})
        kinds = {"neutraal"} if "neutraal" in kinds else kinds
        rows = []
        for table in self.tables:
            if table.kind in kinds and not (q.compares and table.kind == "totaalbeeld"):
                rows += self._of_duration(q, [r for r in table.rows if r.is_total and not r.section])
                if kinds == {"neutraal"} or (q.lists and len(kinds) == 1):
                    rows += sorted(table.parts, key=_size, reverse=True)
        return rows

    def _outside(self, q: MoneyQuestion, rows: Sequence[MoneyRow]) -> tuple[str, ...]:
        """That the table does not have a year that was asked for."""
        have = self._table[rows[0].passage].years
        missing = [y for y in q.years if y not in have]
        if not missing or not have:
            return ()
        text = money_rules()["zinnen"]["jaar_buiten"]
        return (text.format(jaren=_listed(missing), van=have[0], tot=have[-1]),)

    def _say(
        self, q: MoneyQuestion, rows: Sequence[MoneyRow]
    ) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
        """The ids of the rows that the sentences rest on, and the sentences."""
        texts = money_rules()["zinnen"]
        said: list[tuple[str, tuple[str, ...]]] = []
        used, explained = list(rows), set[str]()
        for row in rows:
            table, key = self._table[row.passage], (row.passage,)
            doubt = self._doubts.get(row.passage)
            if doubt:
                first = "twijfel" not in explained
                explained.add("twijfel")
                if first and doubt.total not in used:
                    used.append(doubt.total)
                rests_on = (row.passage, doubt.total.passage) if first else key
                said += [(line, rests_on) for line in self._doubted(q, doubt, first)]
                continue
            said += [(line, key) for line in (*row_sentences(row, table, q.years), *about_row(row, table))]
            if _is_balance(row) and "saldo" not in explained:
                explained.add("saldo")
                said.append((texts["saldo"], key))
            said += [(line, key) for line in self._misfit(q, row)]
        said += self._added(q, rows) + self._difference(q, rows)
        return tuple(r.passage for r in used), tuple(said)

    def _doubted(self, q: MoneyQuestion, doubt: SignDoubt, first: bool) -> list[str]:
        """What is printed for a row with a doubtful sign, and what the totals imply."""
        texts, row = money_rules()["zinnen"], doubt.row
        amount = next(a for a in row.amounts if a.euro)
        plus = (amount.euro or 0) > 0
        turned = replace(row, amounts=tuple(replace(a, euro=None if a.euro is None else -a.euro) for a in row.amounts))
        clause = row_sentences(turned, self._table[row.passage], q.years)[0].rstrip(".")
        name = _name(row)
        about = {
            "wat": name,
            "gedrukt": amount.printed,
            "teken": texts["zonder" if plus else "met"],
            "bedrag": euros(amount.euro or Decimal(0)),
            "ander": texts["wel_min" if plus else "geen_min"],
            "totaal": doubt.total.label,
            "omgekeerd": f"-{amount.printed}" if plus else amount.printed.lstrip("-−"),
            "zin": _turned(clause, name),
        }
        return [t.format(**about) for t in (texts["twijfel"] if first else [texts["twijfel_ook"]])]

    def _misfit(self, q: MoneyQuestion, row: MoneyRow) -> list[str]:
        """Where the rows do not add up to a printed total: what they add up to, and what would make it fit."""
        wrong = [c for c in self._misfits if c.row is row and (not q.years or c.year in q.years)]
        if not wrong:
            return []
        texts, check = money_rules()["zinnen"], wrong[0]
        lines = [texts["optellen"].format(jaar=check.year, bedrag=euros(check.computed))]
        if not check.flipped:
            return [*lines, texts["optellen_onbekend"]]
        odd = check.flipped[0]
        printed = next(a.printed for a in odd.amounts if a.year == check.year)
        other = printed.lstrip("-−") if printed[0] in "-−" else f"-{printed}"
        return [*lines, texts["optellen_klopt"].format(wat=f"‘{odd.label}’", omgekeerd=other)]

    def _added(self, q: MoneyQuestion, rows: Sequence[MoneyRow]) -> list[tuple[str, tuple[str, ...]]]:
        """The sum over the years, and over both durations of one label, when it is asked for."""
        members = [r for r in rows if (r.label, r.section) == (rows[0].label, rows[0].section)]
        if not q.adds or any(r.passage in self._doubts for r in members) or _is_balance(rows[0]):
            return []
        if any(r.euro(WHOLE) for r in members):
            return []
        counted = [a for r in members for a in _shown(r, q.years) if a.euro]
        if len(counted) < 2:
            return []
        texts = money_rules()["zinnen"]
        total = sum((a.euro for a in counted if a.euro), Decimal(0))
        years = sorted({a.year for r in members for a in _shown(r, q.years)})
        keys = tuple(r.passage for r in members)
        return [
            (texts["samen"].format(jaren=_listed(years), bedrag=euros(total)), keys),
            (texts["zelf_opgeteld"], keys),
        ]

    def _difference(self, q: MoneyQuestion, rows: Sequence[MoneyRow]) -> list[tuple[str, tuple[str, ...]]]:
        """Of one year: a total of spending against a total of saving."""
        kinds = [self._table[r.passage].kind for r in rows]
        if not q.compares or len(q.years) != 1 or sorted(kinds) != ["bezuiniging", "uitgave"]:
            return []
        amounts = [r.euro(q.years[0]) for r in rows]
        if None in amounts:
            return []
        texts, left = money_rules()["zinnen"], sum((a for a in amounts if a), Decimal(0))
        more = texts["meer" if left < 0 else "minder"]
        keys = tuple(r.passage for r in rows)
        return [(texts["verschil"].format(bedrag=euros(left), meer=more), keys), (texts["zelf_uitgerekend"], keys)]


def row_sentences(row: MoneyRow, table: MoneyTable, years: Sequence[str] = ()) -> list[str]:
    """A row in plain Dutch: what it costs or brings in, in which years.

    Args:
        years: only these; those that the row does not have are left out, and without any left all are said.
    """
    texts = money_rules()["zinnen"]
    shown = _shown(row, years)
    by_amount: dict[Decimal, list[str]] = {}
    for amount in shown:
        if amount.euro is not None:
            by_amount.setdefault(amount.euro, []).append(amount.year)
    whole = row.euro(WHOLE)
    lines: list[str] = []
    previous = ""
    for euro, when in by_amount.items():
        verb, after, turned = _phrases(row, table, euro)
        amount_text = " ".join(filter(None, (euros(euro), "per jaar" if len(when) > 1 else "", after)))
        if not previous:
            lines.append(" ".join(filter(None, (_opening(row, table, verb), amount_text, _in(when)))) + ".")
        elif previous == verb:
            per_year = " per jaar" if len(when) > 1 else ""
            lines.append(f"{_in(when).capitalize()} is dat {euros(euro)}{per_year}.")
        else:
            lines.append(f"{_in(when).capitalize()} {turned} {amount_text}.")
        previous = verb
    empty = [a.year for a in shown if a.euro is None]
    if not by_amount and whole is not None:
        verb, after, _ = _phrases(row, table, whole)
        lines.append(" ".join(filter(None, (_opening(row, table, verb), euros(whole), after))) + ".")
        if years:
            lines.append(texts["geen_bedrag"].format(jaren=_listed(empty)))
        return lines
    if not by_amount:
        return [texts["nergens_bedrag"].format(wat=_name(row), jaren=_listed(empty))]
    if empty:
        lines.append(texts["geen_bedrag"].format(jaren=_listed(empty)))
    if "" in by_amount.get(next(iter(by_amount)), ()):
        lines.append(texts["geen_jaren"])
    if whole is not None and not years:
        lines.append(_whole(row, table, whole, sum((e * len(w) for e, w in by_amount.items()), Decimal(0))))
    return lines


def about_row(row: MoneyRow, table: MoneyTable) -> list[str]:
    """Whether the money of a row is lasting, and the table that it stands in where that changes its meaning."""
    texts = money_rules()["zinnen"]
    if row.is_total:
        return []
    lines = [texts["looptijd"].format(duur=texts[row.duration])] if row.duration else []
    if _rule(table).get("noem_tabel"):
        lines.append(texts["bij_tabel"].format(tabel=table.heading))
    return lines


def _rule(table: MoneyTable) -> dict[str, Any]:
    return next(r for r in money_rules()["soorten"] if r["soort"] == table.kind)


def _whole(row: MoneyRow, table: MoneyTable, whole: Decimal, over_years: Decimal) -> str:
    """The amount of the last column: the sum of the years, or an amount beside them."""
    texts = money_rules()["zinnen"]
    if whole == over_years:
        return str(texts["alle_jaren"]).format(bedrag=euros(whole))
    duration = next((r.duration for r in table.parts if r.duration and r.euro(WHOLE)), None)
    return str(texts["daarbij"]).format(bedrag=euros(whole), duur=texts.get(duration, "zonder jaar"))


def _shown(row: MoneyRow, years: Sequence[str]) -> list[Amount]:
    """The amounts of the years asked for; all when none is asked for or the row has none of them."""
    dated = [a for a in row.amounts if a.year != WHOLE]
    return [a for a in dated if a.year in years] or dated


def _is_balance(row: MoneyRow) -> bool:
    return row.is_total and "saldo" in fold(row.label)


def _phrases(row: MoneyRow, table: MoneyTable, euro: Decimal) -> tuple[str, str, str]:
    """(verb, what closes it, verb after an adverb) for an amount: 'kost de gemeente', 'levert de gemeente … op'."""
    rule = _rule(table)
    sign = "min" if euro < 0 else "plus"
    verb, after, turned = rule.get(f"saldo_{sign}", rule[sign]) if _is_balance(row) else rule[sign]
    return verb, after, turned


def _name(row: MoneyRow) -> str:
    duration = f", {money_rules()['zinnen'][row.duration]}," if row.duration and not row.is_total else ""
    return f"‘{row.label}’{duration}"


def _opening(row: MoneyRow, table: MoneyTable, verb: str) -> str:
    """Subject and verb: '‘Stadspas’ kost de gemeente', 'Alles onder ‘Cultuur’ kost de gemeente samen'."""
    duration = money_rules()["zinnen"][row.duration] if row.duration else ""
    if not row.is_total:
        return f"‘{row.label}’ {verb}"
    if _is_balance(row):
        return f"‘{row.label}’ {verb}"
    which = f"Alles wat {duration} is onder" if duration else "Alles onder"
    return f"{which} ‘{row.section or table.heading}’ {verb} samen"


def _turned(clause: str, name: str) -> str:
    """A clause that follows 'Dan': '‘X’ kost de gemeente …' becomes 'kost dit de gemeente …'."""
    verb = clause.partition("’ ")[2]
    first, _, rest = verb.partition(" ")
    return f"{first} dit {rest}"


def euros(amount: Decimal) -> str:
    """An amount without its sign, as people read it: '400.000 euro', '1,3 miljoen euro'."""
    value = abs(amount)
    for size, word in ((10**9, "miljard"), (10**6, "miljoen")):
        if value >= size:
            shown = f"{(value / size).normalize():f}".replace(".", ",")
            return f"{shown} {word} euro"
    return f"{int(value):,} euro".replace(",", ".")


def _listed(years: Sequence[str]) -> str:
    """'2027', '2027 en 2028', '2027 tot en met 2030', '2027, 2028 en 2030'."""
    if len(years) > 2 and int(years[-1]) - int(years[0]) == len(years) - 1:
        return f"{years[0]} tot en met {years[-1]}"
    return " en ".join(filter(None, (", ".join(years[:-1]), years[-1])))


def _in(years: Sequence[str]) -> str:
    """'in 2027', 'in 2027 en 2028', 'van 2027 tot en met 2030'; '' for a table without years."""
    if years == [""]:
        return ""
    listed = _listed(years)
    return f"van {listed}" if "tot en met" in listed else f"in {listed}"


def _size(row: MoneyRow) -> Decimal:
    return sum((abs(a.euro) for a in row.amounts if a.euro), Decimal(0))
