"""Questions about money, answered from the rows of the money tables: the rows, years and sums that are asked for.

What makes a question one about money, and what counts as its subject, is data (data/geld.json). A row is found by
the words of its label, section and table, also as part of a compound; never by a list of labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .dutch import stem, words
from .index import SearchIndex
from .money import (
    WHOLE,
    MoneyRow,
    SignDoubt,
    checks,
    money_rows,
    money_rules,
    money_tables,
    sign_doubts,
)
from .money_question import LabelWords, MoneyQuestion, read_question, weight
from .money_wording import (
    about_row,
    after_then,
    euros,
    is_balance,
    listed,
    name_of,
    other_sign,
    row_sentences,
    shown_amounts,
)
from .retrieval import Found
from .writer import ACCORD

ENOUGH = 0.34
"""Share, by rarity, of the subject's words that a row must hold."""
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
    notes: tuple[str, ...] = ()
    """Ids of passages that explain one of the rows: they stand under its label as a heading."""


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
        self._notes: dict[str, list[str]] = {}
        for row in self.rows:
            heads = (row.table, row.label)
            self._notes[row.passage] = [p.id for p in accord if p.row is None and p.headings[-2:] == heads]
        self._label = {r.passage: LabelWords.of(r.label) for r in self.rows}
        self._section = {r.passage: LabelWords.of(re.sub(r"\(.*?\)", " ", r.section)) for r in self.rows}
        self._heading = {r.passage: LabelWords.of(r.table) for r in self.rows}

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
        notes = tuple(key for r in shown for key in self._notes[r.passage])
        return MoneyReply(*self._say(question, shown), lead, self._close(question, rows, shown), firm, notes)

    def _rows_for(self, q: MoneyQuestion, found: Found, sure: bool) -> tuple[list[MoneyRow], bool]:
        """The rows, best first, and whether they hold every telling word of the subject.

        Words decide where a short question has them all; else the search does, if it is sure and puts a row first.
        """
        if not q.subject:
            return self._totals(q) if q.amounts else [], True
        saving = [r for r in self.rows if self._table[r.passage].kind == "bezuiniging"]
        by_words = self._by_words(q, saving) if "bezuiniging" in q.kinds else []
        by_words = by_words or self._by_words(q, self.rows)
        telling = [w for w in q.subject if weight(w) > COMMON]
        firm = bool(by_words) and all(any(self._fit(r, w, q.subject) >= 0.6 for r in by_words) for w in telling)
        firm = firm or (bool(by_words) and self._names_label(q, by_words[0]))
        if firm and len(found.question.split()) <= LONG:
            return by_words, True
        if sure and found.hits[0].passage.id in self._by_id and found.hits[0].relevance >= LIKELY:
            return self._by_search(q, found), False
        near = {h.passage.id for h in found.hits[:ROWS]}
        return [r for r in by_words if r.passage in near], False

    def _names_label(self, q: MoneyQuestion, row: MoneyRow) -> bool:
        """Whether the question has every word of a label of two words or more."""
        label = self._label[row.passage].whole
        return len(label) > 1 and label <= {stem(w) for w in q.subject}

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
        total = sum(map(weight, subject))
        covered = {r.passage: sum(weight(w) * self._fit(r, w, subject) for w in subject) for r in rows}
        best = max(covered.values())
        if best < ENOUGH * total:
            return []
        by_label = {r.passage: sum(weight(w) * self._label[r.passage].grade(w) for w in subject) for r in rows}
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
            if whole and 1.15 * sum(map(weight, named)) >= best_label:
                return row.section
        return ""

    def _of_section(self, q: MoneyQuestion, section: str, rows: Sequence[MoneyRow]) -> list[MoneyRow]:
        """Its total, then its rows, the largest first; rows without an amount in the years asked for are left out."""
        members = [r for r in rows if r.section == section]
        parts = sorted((r for r in members if not r.is_total), key=lambda r: -_size(r, q.years))
        named = [r for r in parts if _size(r, q.years)] or parts
        return [*(r for r in members if r.is_total), *self._of_duration(q, named)]

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
                    rows += sorted(table.parts, key=lambda r: -_size(r, q.years))
        return rows

    def _outside(self, q: MoneyQuestion, rows: Sequence[MoneyRow]) -> tuple[str, ...]:
        """That the table does not have a year that was asked for."""
        have = self._table[rows[0].passage].years
        missing = [y for y in q.years if y not in have]
        if not missing or not have:
            return ()
        text = money_rules()["zinnen"]["jaar_buiten"]
        return (text.format(jaren=listed(missing), van=have[0], tot=have[-1]),)

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
            said += [(line, key) for line in (*row_sentences(row, table, q.years), *about_row(row, table, q.years))]
            if is_balance(row) and "saldo" not in explained:
                explained.add("saldo")
                said.append((texts["saldo"], key))
            said += [(line, key) for line in self._misfit(q, row)]
        said += self._added(q, rows) + self._difference(q, rows)
        return tuple(r.passage for r in used), tuple(said)

    def _doubted(self, q: MoneyQuestion, doubt: SignDoubt, first: bool) -> list[str]:
        """What is printed for a row with a doubtful sign, and what the totals imply."""
        texts, row = money_rules()["zinnen"], doubt.row
        shown = {a.printed: a.euro for a in shown_amounts(row, q.years) if a.euro}
        plus = all(euro > 0 for euro in shown.values())
        turned = replace(row, amounts=tuple(replace(a, euro=None if a.euro is None else -a.euro) for a in row.amounts))
        about = {
            "wat": name_of(row),
            "gedrukt": " en ".join(shown),
            "teken": texts["zonder" if plus else "met"],
            "bedrag": " en ".join(euros(euro) for euro in shown.values()),
            "ander": texts["wel_min" if plus else "geen_min"],
            "totaal": doubt.total.label,
            "omgekeerd": " en ".join(map(other_sign, shown)),
            "zin": after_then(row_sentences(turned, self._table[row.passage], q.years)[0].rstrip(".")),
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
        return [*lines, texts["optellen_klopt"].format(wat=f"‘{odd.label}’", omgekeerd=other_sign(printed))]

    def _added(self, q: MoneyQuestion, rows: Sequence[MoneyRow]) -> list[tuple[str, tuple[str, ...]]]:
        """The sum over the years, and over both durations of one label, when it is asked for."""
        members = [r for r in rows if (r.label, r.section) == (rows[0].label, rows[0].section)]
        if not q.adds or any(r.passage in self._doubts for r in members) or is_balance(rows[0]):
            return []
        if any(r.euro(WHOLE) for r in members):
            return []
        counted = [a for r in members for a in shown_amounts(r, q.years) if a.euro]
        if len(counted) < 2:
            return []
        texts = money_rules()["zinnen"]
        total = sum((a.euro for a in counted if a.euro), Decimal(0))
        years = sorted({a.year for r in members for a in shown_amounts(r, q.years)})
        keys = tuple(r.passage for r in members)
        return [
            (texts["samen"].format(jaren=listed(years), bedrag=euros(total)), keys),
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


def _size(row: MoneyRow, years: Sequence[str]) -> Decimal:
    """Euros of a row in the years asked for, without sign; its last column counts when no year is asked for."""
    return sum((abs(a.euro) for a in row.amounts if a.euro and (not years or a.year in years)), Decimal(0))
