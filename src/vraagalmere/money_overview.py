"""All money tables at a glance, as data or as text, with what does not add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from .corpus import Document
from .dutch import fold
from .money import WHOLE, MoneyRow, SignDoubt, TotalCheck, checks, money_tables, sign_doubts
from .money_wording import euros
from .passages import Passage


def money_overview(
    rows: Sequence[MoneyRow], passages: Mapping[str, Passage], documents: Mapping[str, Document], part: str = ""
) -> dict[str, Any]:
    """The tables, JSON-ready: rows with amounts as printed and in euros, page, and the checks that fail.

    Args:
        passages, documents: by id, for the page of a row.
        part: only rows with these words in their table, section or label; '' for all.
    """
    worked = checks(rows)
    doubts = sign_doubts(rows)
    shown = []
    for table in money_tables(rows):
        kept = [r for r in table.rows if fold(part) in fold(f"{r.table} {r.section} {r.label}")]
        if kept:
            shown.append(
                {
                    "document": table.document,
                    "tabel": table.heading,
                    "eenheid": _unit(passages[kept[0].passage]),
                    "soort": table.kind,
                    "uitleg": table.why,
                    "regels": [_row(r, _page(r, passages, documents), doubts.get(r.passage)) for r in kept],
                }
            )
    return {
        "tabellen": shown,
        "totalen_nagerekend": len(worked),
        "klopt_niet": [_fault(c) for c in worked if not c.agrees],
    }  # fmt: skip


def _unit(passage: Passage) -> str:
    return passage.row.unit if passage.row else ""


def _page(row: MoneyRow, passages: Mapping[str, Passage], documents: Mapping[str, Document]) -> str:
    return documents[row.document].page_label(passages[row.passage].pages)


def _row(row: MoneyRow, page: str, doubt: SignDoubt | None) -> dict[str, Any]:
    return {
        "passage": row.passage,
        "pagina": page,
        "onderdeel": row.section,
        "regel": row.label,
        "looptijd": row.duration,
        "totaal": row.is_total,
        "bedragen": [
            {"jaar": a.year, "gedrukt": a.printed, "euro": None if a.euro is None else int(a.euro)}
            for a in row.amounts
        ],
        "teken_onzeker_door": doubt.total.label if doubt else None,
    }  # fmt: skip


def _fault(check: TotalCheck) -> dict[str, Any]:
    return {
        "passage": check.row.passage,
        "regel": check.row.label,
        "jaar": check.year,
        "nagerekend_als": check.rule,
        "gedrukt_euro": int(check.printed),
        "berekend_euro": int(check.computed),
        "klopt_met_ander_teken_bij": [r.label for r in check.flipped],
    }


def as_text(overview: Mapping[str, Any]) -> str:
    """The overview for a terminal; '-' is an empty cell, '?' marks a sign that the totals contradict."""
    lines: list[str] = []
    for table in overview["tabellen"]:
        lines += [f"{table['tabel']} ({table['eenheid']})", f"  {table['uitleg']}"]
        section = None
        for row in table["regels"]:
            if row["onderdeel"] != section and row["onderdeel"]:
                lines.append(f"  {row['onderdeel']}")
            section = row["onderdeel"]
            cells = "  ".join(_cell(a) for a in row["bedragen"])
            marks = f" [{row['looptijd']}]" if row["looptijd"] else ""
            doubt = f" ? (past niet bij '{row['teken_onzeker_door']}')" if row["teken_onzeker_door"] else ""
            lines.append(f"    {row['regel']}{marks}: {cells} ({row['pagina']}){doubt}")
        lines.append("")
    faults = overview["klopt_niet"]
    lines.append(f"{overview['totalen_nagerekend']} bedragen nagerekend; {len(faults)} kloppen niet.")
    for fault in faults:
        other = ", ".join(fault["klopt_met_ander_teken_bij"])
        why = f" Met een ander teken bij '{other}' klopt het." if other else ""
        printed, computed = _signed(fault["gedrukt_euro"]), _signed(fault["berekend_euro"])
        rule = fault["nagerekend_als"]
        lines.append(f"  {fault['regel']}, {fault['jaar']}: er staat {printed}, maar {rule}: {computed}.{why}")
    return "\n".join(lines)


def _cell(amount: Mapping[str, Any]) -> str:
    when = {"": "", WHOLE: "laatste kolom "}.get(amount["jaar"], f"{amount['jaar']} ")
    return f"{when}{amount['gedrukt'] or '-'}"


def _signed(euro: int) -> str:
    return f"{'min ' if euro < 0 else ''}{euros(Decimal(euro))}"
