"""The money tables as text for a terminal, with what does not add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .money import WHOLE
from .staff import BedragUit, ControleUit, TabelUit


def as_text(tables: Sequence[TabelUit]) -> str:
    """The tables; '-' is an empty cell, '?' marks a sign that the totals contradict."""
    lines: list[str] = []
    for table in tables:
        lines += [f"{table.tabel} ({table.eenheid})", f"  {table.uitleg}"]
        section = ""
        for row in table.regels:
            if row.onderdeel != section and row.onderdeel:
                lines.append(f"  {row.onderdeel}")
            section = row.onderdeel
            marks = f" [{row.duur}]" if row.duur else ""
            doubt = f" ? {row.twijfel}" if row.twijfel else ""
            lines.append(f"    {row.regel}{marks}: {'  '.join(map(_cell, row.bedragen))} ({row.pagina}){doubt}")
        lines += [f"  {line}" for line in _faults(table.controles)]
        lines.append("")
    checked = [c for table in tables for c in table.controles]
    wrong = sum(not c.klopt for c in checked)
    return "\n".join([*lines, f"{len(checked)} keer nagerekend; {wrong} keer klopt het niet."])


def _cell(amount: BedragUit) -> str:
    when = {"": "", WHOLE: "laatste kolom "}.get(amount.jaar, f"{amount.jaar} ")
    return f"{when}{amount.gedrukt or '-'}"


def _faults(checked: Iterable[ControleUit]) -> Iterator[str]:
    for check in checked:
        if not check.klopt:
            years = "; ".join(
                f"{year}: er staat {printed}, nagerekend {check.berekend[year]}"
                for year, printed in check.gedrukt.items()
            )
            other = check.klopt_met_ander_teken_bij
            why = f" Met een ander teken bij '{other}' klopt het." if other else ""
            yield f"'{check.regel}' klopt niet. Het hoort te zijn: {check.hoort_te_zijn}. {years}.{why}"
