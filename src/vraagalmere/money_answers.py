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
    MoneyTable,
    SignDoubt,
    checks,
    money_rows,
    money_rules,
    money_tables,
    sign_doubts,
)
from .money_question import LabelWords, MoneyQuestion, counted_noun, read_question, weight
from .money_wording import (
    about_row,
    after_then,
    each_year,
    euros,
    in_years,
    is_balance,
    listed,
    name_of,
    names_of,
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
    ranked: bool = False
    """Whether the question asks for the largest or smallest."""
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
        self._section = {r.passage: tuple(map(LabelWords.of, _readings(r.section))) for r in self.rows}
        self._heading = {r.passage: LabelWords.of(r.table) for r in self.rows}

    def without_money(self, found: Found) -> Found:
        """What was found for a question after a number of things ('hoeveel woningen'), without rows of money; only a
        row that has a number of that very thing in its label stays ('2 extra Boa's')."""
        noun = counted_noun(found.question)
        if not noun or read_question(found.question, found.question, self._years) is not None:
            return found

        def tells(key: str) -> bool:
            row = self._by_id.get(key)
            return row is None or (bool(re.search(r"\d", row.label)) and self._label[key].grade(noun) >= 0.8)

        hits = tuple(h for h in found.hits if tells(h.passage.id))
        return replace(found, hits=hits) if hits else found

    def reply(self, asked: str, found: Found, sure: bool, context: str = "") -> MoneyReply | None:
        """The reply to a question; None when it is not about money, or about other documents.

        Args:
            asked: as typed, without the question before it.
            found: what the search made of it.
            sure: whether the documents surely answer; then a row that the search puts first also counts.
            context: the question before it, for a follow-up.
        """
        if not self.rows or (found.named and not found.named <= self._documents):
            return None
        question = read_question(found.question, " ".join(words(asked)), self._years)
        if question is None or (found.compared and not question.contrasts):
            return None
        if context:
            question = self._of_follow_up(question, found.question.split()[-len(words(asked)) :])
        rows, firm = self._rows_for(question, found, sure)
        if question.duration and not question.strong and not any(r.duration for r in rows):
            return None
        texts = money_rules()["zinnen"]
        if not rows:
            return MoneyReply((), (), (texts["geen_regel"],) if question.strong else ())
        # A row that does not add up brings another row as its source.
        odd = {c.row.passage for c in self._misfits} | self._doubts.keys()
        if question.ranks and (ranked := self._ranked(question, rows)):
            rows = ranked
        shown = rows[: ROWS - 1 if any(r.passage in odd for r in rows) else ROWS]
        saving = next((t for t in self.tables if t.kind == "bezuiniging"), None)
        lead = self._outside(question, rows)
        if saving and "bezuiniging" in question.kinds and not any(r in saving.rows for r in rows):
            lead = (texts["geen_bezuiniging"].format(tabel=saving.heading), *lead)
        notes = tuple(key for r in shown for key in self._notes[r.passage])
        ids, sentences = self._say(question, shown, rows)
        close = self._close(question, rows, shown)
        return MoneyReply(ids, sentences, lead, close, firm, bool(question.ranks), notes)

    def _of_follow_up(self, q: MoneyQuestion, own: Sequence[str]) -> MoneyQuestion:
        """The question with only the subject of the follow-up itself, where the tables have that; else as it is."""
        subject = tuple(w for w in q.subject if w in own)
        telling = [w for w in subject if weight(w) > COMMON]
        known = telling and all(any(self._fit(r, w, subject) >= 0.8 for r in self.rows) for w in telling)
        if not known or re.search(money_rules()["samen"], " ".join(own)):
            return q
        dropped = {stem(w) for w in q.subject if w not in subject}
        return replace(q, subject=subject, stems=q.stems - dropped)

    def _ranked(self, q: MoneyQuestion, rows: Sequence[MoneyRow]) -> list[MoneyRow]:
        """The rows of one table with the largest, or smallest, amount in the years asked for; [] for a balance."""
        if q.ranks == "jaar":
            return []
        table = self._table[rows[0].passage]
        parts = [r for r in (rows if q.subject else table.rows) if r in table.parts and _size(r, self._asked(q, table))]
        sizes = [_size(r, self._asked(q, table)) for r in parts]
        best = max(sizes, default=None) if q.ranks == "grootste" else min(sizes, default=None)
        return [r for r, size in zip(parts, sizes) if size == best]

    def _asked(self, q: MoneyQuestion, table: MoneyTable) -> tuple[str, ...]:
        """The years of a table that are asked for; all of them when none is."""
        return tuple(y for y in table.years if y in q.years) or table.years

    def _rows_for(self, q: MoneyQuestion, found: Found, sure: bool) -> tuple[list[MoneyRow], bool]:
        """The rows, best first, and whether they hold every telling word of the subject.

        Words decide where a short question has them all; else the search does, if it is sure and puts a row first.
        """
        if not q.subject:
            return self._totals(q) if q.whole else [], True
        if neutral := self._neutral(q):
            return neutral, True
        if q.adds and (totals := self._section_totals(q)):
            return totals, True
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

    def _neutral(self, q: MoneyQuestion) -> list[MoneyRow]:
        """The rows of a neutral table that the question names by its heading, the largest first."""
        if "neutraal" not in q.kinds:
            return []
        tables = [t for t in self.tables if t.kind == "neutraal"]
        named = [t for t in tables if all(self._heading[t.rows[0].passage].grade(w) >= 0.8 for w in q.subject)]
        return sorted((r for t in named for r in t.rows), key=lambda r: -_size(r, q.years))

    def _section_totals(self, q: MoneyQuestion) -> list[MoneyRow]:
        """The totals of the sections that the subject names whole, when it names two or more and nothing else."""
        named: dict[str, MoneyRow] = {}
        covered: set[str] = set()
        for row in (r for r in self.rows if r.is_total and r.section):
            for read in self._section[row.passage]:
                held = [w for w in q.subject if read.grade(w) >= 0.9]
                if read.whole and read.whole <= {stem(w) for w in held}:
                    named.setdefault(row.section, row)
                    covered.update(held)
        telling = {w for w in q.subject if weight(w) > COMMON}
        return list(named.values()) if len(named) > 1 and telling <= covered else []

    def _names_label(self, q: MoneyQuestion, row: MoneyRow) -> bool:
        """Whether the question has every word of a label of two words or more."""
        label = {stem(w) for w in self._label[row.passage].words}
        return len(label) > 1 and label <= q.stems

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
        key, stems = row.passage, {stem(w) for w in subject}
        return max(
            self._label[key].grade(word),
            0.6 * self._heading[key].grade(word),
            *((0.9 if read.whole <= stems else 0.3) * read.grade(word) for read in self._section[key]),
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
            chosen = self._of_section(q, section, rows)
        else:
            # The label decides; of equal ones, the row that has the fewest other words.
            order = sorted(
                (r for r in rows if covered[r.passage] >= 0.8 * best),
                key=lambda r: (-covered[r.passage] - 0.1 * by_label[r.passage], len(self._label[r.passage].whole)),
            )
            chosen = [r for r in order if covered[r.passage] >= 0.9 * best or r.section == order[0].section]
        own = self._section[chosen[0].passage] if section else ()
        left = [w for w in subject if all(read.grade(w) < 0.9 for read in own)]
        more = self._uncovered(left, chosen, rows)
        if section and more:
            chosen = [*(r for r in chosen if r.is_total), *more, *(r for r in chosen if not r.is_total)]
        else:
            chosen += more
        return self._of_duration(q, self._with_partners(chosen)) if more or not section else chosen

    def _uncovered(
        self, subject: Sequence[str], chosen: Sequence[MoneyRow], rows: Sequence[MoneyRow]
    ) -> list[MoneyRow]:
        """For a word of the subject that no chosen row has as well as another row does: those other rows."""
        more: list[MoneyRow] = []
        for word in subject:
            best = max(self._label[r.passage].grade(word) for r in rows)
            held = max((self._fit(r, word, subject) for r in chosen), default=0.0)
            if best >= 0.8 and weight(word) > COMMON and held < best:
                fits = [r for r in rows if self._label[r.passage].grade(word) == best]
                more += [r for r in fits if r not in more and r not in chosen]
        return more

    def _section_asked(self, subject: Sequence[str], rows: Sequence[MoneyRow], best_label: float) -> str:
        """The section that the subject names whole, when no label fits it better."""
        for row in rows:
            for held in self._section[row.passage]:
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
        """Totals of whole tables, for a question that names no subject; a row that it names in full goes first."""
        kinds = q.kinds or ({"uitgave"} if q.duration else {"uitgave", "bezuiniging", "totaalbeeld"})
        kinds = {"neutraal"} if "neutraal" in kinds else kinds
        rows = [r for r in self.rows if not r.is_total and self._names_label(q, r)]
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
        self, q: MoneyQuestion, rows: Sequence[MoneyRow], found: Sequence[MoneyRow]
    ) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
        """The ids of the rows that the sentences rest on, and the sentences; `found` are also the rows not shown."""
        texts = money_rules()["zinnen"]
        said: list[tuple[str, tuple[str, ...]]] = []
        used, explained = list(rows), set[str]()
        for row in rows:
            table, key = self._table[row.passage], (row.passage,)
            doubt = self._doubts.get(row.passage)
            if doubt and any(a.euro for a in shown_amounts(row, q.years)):
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
            lines, odd = self._misfit(q, row)
            used += [r for r in odd if r not in used]
            said += [(line, (*key, *(r.passage for r in odd))) for line in lines]
        if q.ranks:
            said += self._rank(q, rows, found)
        else:
            said += self._added(q, rows, found) + self._difference(q, rows)
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

    def _misfit(self, q: MoneyQuestion, row: MoneyRow) -> tuple[list[str], tuple[MoneyRow, ...]]:
        """Where the rows do not add up to a printed total: what they add up to, and the row that would make it fit."""
        wrong = [c for c in self._misfits if c.row is row and (not q.years or c.year in q.years)]
        if not wrong:
            return [], ()
        texts, check = money_rules()["zinnen"], wrong[0]
        lines = [texts["optellen"].format(jaar=check.year, bedrag=euros(check.computed))]
        if not check.flipped:
            return [*lines, texts["optellen_onbekend"]], ()
        odd = check.flipped[0]
        printed = next(a.printed for a in odd.amounts if a.year == check.year)
        lines.append(texts["optellen_klopt"].format(wat=f"‘{odd.label}’", omgekeerd=other_sign(printed)))
        return lines, (odd,)

    def _rank(
        self, q: MoneyQuestion, rows: Sequence[MoneyRow], found: Sequence[MoneyRow]
    ) -> list[tuple[str, tuple[str, ...]]]:
        """That a row has the largest or smallest amount; of a balance, in which year it is the largest."""
        texts, table = money_rules()["zinnen"], self._table[rows[0].passage]
        keys = tuple(r.passage for r in rows)
        if q.ranks == "jaar":
            name = "tekort" if "tekort" in q.stems else "overschot"
            sign = -1 if name == "tekort" else 1
            dated = [(sign * a.euro, a.year) for a in shown_amounts(rows[0], q.years) if a.euro and a.euro * sign > 0]
            most = max(dated, default=None)
            if most is None or not is_balance(rows[0]) or sum(euro == most[0] for euro, _ in dated) > 1:
                return []
            return [(texts["rang_jaar"].format(wat=name, jaar=most[1], bedrag=euros(most[0])), keys[:1])]
        if any(r.is_total for r in rows):
            return []
        several = "rang" if len(found) == 1 else "rang_gelijk"
        when = in_years(self._asked(q, table))
        line = texts[several].format(wanneer=when, rang=q.ranks, tabel=table.heading, aantal=len(found))
        return [(" ".join(line.split()), keys)]

    def _added(
        self, q: MoneyQuestion, rows: Sequence[MoneyRow], found: Sequence[MoneyRow]
    ) -> list[tuple[str, tuple[str, ...]]]:
        """The sum over the years, over both durations of one label, or over all that the question names; only where
        the rows that are added are all that it names."""
        members = list(rows)
        kinds = {(self._table[r.passage].kind, r.is_total) for r in rows}
        several = len(kinds) == 1 and rows[0].is_total and len({r.section for r in rows}) == len(rows) > 1
        if not several and (len(kinds) > 1 or rows[0].is_total):
            members = [r for r in rows if (r.label, r.section) == (rows[0].label, rows[0].section)]
        asked = q.over_years if rows[0].is_total and not several else q.adds
        counted = [a for r in members for a in shown_amounts(r, q.years) if a.euro]
        one_way = len({a.euro > 0 for a in counted if a.euro}) == 1
        odd = any(r.passage in self._doubts or r.euro(WHOLE) for r in members) or is_balance(rows[0])
        telling = [w for w in q.subject if weight(w) > COMMON]
        whole = all(any(self._fit(r, w, q.subject) >= 0.6 for r in members) for w in telling)
        whole = whole and (len(members) < len(rows) or len(rows) == len(found))
        if not asked or odd or not one_way or len(counted) < 2 or not whole:
            return []
        texts, keys = money_rules()["zinnen"], tuple(r.passage for r in members)
        by_year = {y: sum((a.euro for a in counted if a.euro and a.year == y), Decimal(0)) for y in _dated(members)}
        years = [y for y in by_year if not q.years or y in q.years] or list(by_year)
        if q.per_year and not q.over_years and len(members) > 1:
            by_amount: dict[Decimal, list[str]] = {}
            for year in years:
                by_amount.setdefault(by_year[year], []).append(year)
            lines = [
                texts["samen_per_jaar"].format(
                    Wanneer=in_years(when).capitalize(), bedrag=each_year(amount, when), wat=names_of(members)
                )
                for amount, when in by_amount.items()
            ]
        else:
            total = sum((by_year[y] for y in years), Decimal(0))
            lines = [texts["samen"].format(jaren=listed(years), bedrag=euros(total), wat=names_of(members))]
        return [(line, keys) for line in (*lines, texts["zelf_opgeteld"])]

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


def _dated(rows: Sequence[MoneyRow]) -> list[str]:
    """The years of rows, in order; '' for a table without years."""
    return sorted({a.year for r in rows for a in r.amounts if a.year != WHOLE})


def _readings(section: str) -> tuple[str, ...]:
    """'Jeugd(hulp)' is read as 'Jeugd' and as 'Jeugdhulp'."""
    return tuple(dict.fromkeys((re.sub(r"\(.*?\)", " ", section), re.sub(r"[()]", "", section))))


def _size(row: MoneyRow, years: Sequence[str]) -> Decimal:
    """Euros of a row in the years asked for, without sign; its last column counts when no year is asked for."""
    return sum((abs(a.euro) for a in row.amounts if a.euro and (not years or a.year in years)), Decimal(0))
