"""A row of a money table in plain Dutch: what it costs or brings in, and when. The words are data (data/geld.json)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .dutch import fold
from .money import WHOLE, Amount, MoneyRow, MoneyTable, money_rules


def row_sentences(row: MoneyRow, table: MoneyTable, years: Sequence[str] = ()) -> list[str]:
    """A row in plain Dutch: what it costs or brings in, in which years.

    Args:
        years: only these; those that the row does not have are left out, and without any left all are said.
    """
    texts = money_rules()["zinnen"]
    shown = shown_amounts(row, years)
    by_amount: dict[Decimal, list[str]] = {}
    for amount in shown:
        if amount.euro is not None:
            by_amount.setdefault(amount.euro, []).append(amount.year)
    whole = row.euro(WHOLE)
    lines: list[str] = []
    previous = ""
    for euro, when in by_amount.items():
        verb, after, turned = _phrases(row, table, euro)
        amount_text = " ".join(filter(None, (each_year(euro, when), after)))
        if not previous:
            lines.append(" ".join(filter(None, (_opening(row, table, verb), amount_text, in_years(when)))) + ".")
        elif previous == verb:
            lines.append(f"{in_years(when).capitalize()} is dat {each_year(euro, when)}.")
        else:
            lines.append(f"{in_years(when).capitalize()} {turned} {amount_text}.")
        previous = verb
    empty = [a.year for a in shown if a.euro is None]
    if not by_amount and whole is not None:
        verb, after, _ = _phrases(row, table, whole)
        lines.append(" ".join(filter(None, (_opening(row, table, verb), euros(whole), after))) + ".")
        if years:
            lines.append(texts["geen_bedrag"].format(jaren=listed(empty)))
        return lines
    if not by_amount:
        return [texts["nergens_bedrag"].format(wat=name_of(row), jaren=listed(empty))]
    if empty:
        lines.append(texts["geen_bedrag"].format(jaren=listed(empty)))
    if "" in by_amount.get(next(iter(by_amount)), ()):
        lines.append(texts["geen_jaren"])
    if whole is not None and not years:
        lines.append(_whole(row, table, whole, sum((e * len(w) for e, w in by_amount.items()), Decimal(0))))
    return lines


def about_row(row: MoneyRow, table: MoneyTable, years: Sequence[str] = ()) -> list[str]:
    """Whether the money of a row is lasting, and the table that it stands in where that changes its meaning."""
    texts = money_rules()["zinnen"]
    if row.is_total or not (row.euro(WHOLE) or any(a.printed for a in shown_amounts(row, years))):
        return []
    lines = [texts["looptijd"].format(duur=texts[row.duration])] if row.duration else []
    if where := _rule(table).get("bij_tabel"):
        lines.append(str(where).format(tabel=table.heading))
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


def shown_amounts(row: MoneyRow, years: Sequence[str]) -> list[Amount]:
    """The amounts of the years asked for; all when none is asked for or the row has none of them."""
    dated = [a for a in row.amounts if a.year != WHOLE]
    return [a for a in dated if a.year in years] or dated


def is_balance(row: MoneyRow) -> bool:
    """Whether a row is a balance: then a minus is a shortage, and no spending."""
    return row.is_total and "saldo" in fold(row.label)


def _phrases(row: MoneyRow, table: MoneyTable, euro: Decimal) -> tuple[str, str, str]:
    """(verb, what closes it, verb after an adverb) for an amount: 'kost de gemeente', 'levert de gemeente … op'."""
    rule = _rule(table)
    sign = "min" if euro < 0 else "plus"
    verb, after, turned = rule.get(f"saldo_{sign}", rule[sign]) if is_balance(row) else rule[sign]
    return verb, after, turned


def name_of(row: MoneyRow) -> str:
    """The label of a row inside a sentence, with how lasting its money is: '‘Stadspas’, structureel (blijvend),'."""
    duration = f", {money_rules()['zinnen'][row.duration]}," if row.duration and not row.is_total else ""
    return f"‘{row.label}’{duration}"


def names_of(rows: Sequence[MoneyRow]) -> str:
    """What rows are about, as what was added is named: '‘Cultuur’ en ‘Veiligheid’'; a label once, with its durations
    where it has both."""
    durations: dict[str, list[str]] = {}
    for row in rows:
        name = f"‘{(row.section or row.table) if row.is_total else row.label}’"
        durations.setdefault(name, []).append(money_rules()["zinnen"][row.duration] if row.duration else "")
    named = [f"{n} ({' en '.join(w.split(' (')[0] for w in d)})" if len(d) > 1 else n for n, d in durations.items()]
    return listed_names(named)


def listed_names(names: Sequence[str]) -> str:
    """'a', 'a en b', 'a, b en c'."""
    return " en ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _opening(row: MoneyRow, table: MoneyTable, verb: str) -> str:
    """Subject and verb: '‘Stadspas’ kost de gemeente', 'Alles onder ‘Cultuur’ kost de gemeente samen'."""
    if not row.is_total or is_balance(row):
        return f"‘{row.label}’ {verb}"
    which = f"Alles wat {money_rules()['zinnen'][row.duration]} is onder" if row.duration else "Alles onder"
    return f"{which} ‘{row.section or table.heading}’ {verb} samen"


def after_then(clause: str) -> str:
    """A clause of `row_sentences` as it follows 'Dan': '‘X’ kost de gemeente …' gives 'kost dit de gemeente …'."""
    verb, _, rest = clause.partition("’ ")[2].partition(" ")
    return f"{verb} dit {rest}"


def euros(amount: Decimal) -> str:
    """An amount without its sign, as people read it: '400.000 euro', '1,3 miljoen euro'."""
    value = abs(amount)
    for size, word in ((10**9, "miljard"), (10**6, "miljoen")):
        if value >= size:
            shown = f"{(value / size).normalize():f}".replace(".", ",")
            return f"{shown} {word} euro"
    return f"{int(value):,} euro".replace(",", ".")


def each_year(amount: Decimal, years: Sequence[str]) -> str:
    """An amount, with 'per jaar' where it is that of more than one year."""
    return f"{euros(amount)} per jaar" if len(years) > 1 else euros(amount)


def other_sign(printed: str) -> str:
    """A printed amount with the other sign: '0,25' gives '-0,25'."""
    return printed.lstrip("-−") if printed[0] in "-−" else f"-{printed}"


def listed(years: Sequence[str]) -> str:
    """'2027', '2027 en 2028', '2027 tot en met 2030', '2027, 2028 en 2030'."""
    if len(years) > 2 and int(years[-1]) - int(years[0]) == len(years) - 1:
        return f"{years[0]} tot en met {years[-1]}"
    return " en ".join(filter(None, (", ".join(years[:-1]), years[-1])))


def in_years(years: Sequence[str]) -> str:
    """'in 2027', 'in 2027 en 2028', 'van 2027 tot en met 2030'; '' for a table without years."""
    if years == [""]:
        return ""
    when = listed(years)
    return f"van {when}" if "tot en met" in when else f"in {when}"
