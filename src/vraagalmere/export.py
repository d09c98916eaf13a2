"""The register of commitments as a spreadsheet: CSV and XLSX, as bytes.

CSV has a semicolon between cells and starts with a byte order mark: so Excel with Dutch settings opens it in columns
and with its accents. A cell that a spreadsheet would run as a formula gets an apostrophe in front of it
(OWASP, 'CSV injection'); a plain number does not.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from .commitments import UNCLEAR, Commitment
from .corpus import Document
from .money import MoneyRow, TableKind

COLUMNS = ("id", "document", "pagina", "thema", "kracht", "tekst", "gewone_taal", "wethouder", "bedragen")
_WIDTHS = (36, 30, 14, 36, 14, 80, 60, 44, 50)
"""Of the columns in a sheet, in characters."""
_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def as_csv(rows: Sequence[Commitment]) -> bytes:
    """The rows as CSV: UTF-8 with a byte order mark, semicolons, a header line."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in cells(row)] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Commitment], documents: Mapping[str, Document], made: date | None = None) -> bytes:
    """The rows as a workbook: 'Afspraken' with a fixed header and filters, and 'Bronnen' with what they rest on.

    Args:
        documents: by id; those that the rows come from are in 'Bronnen'.
        made: the date in 'Bronnen'; today when None.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.hyperlink import Hyperlink

    book = Workbook()
    sheet = book.active
    sheet.title = "Afspraken"
    sheet.append(COLUMNS)
    sources = book.create_sheet("Bronnen")
    sources.append(("document", "titel", "uitgever", "datum", "status", "paginanummers", "versie", "gemaakt op"))
    used = [key for key in documents if any(r.document == key for r in rows)]
    for key in used:
        about = documents[key].sidecar
        sources.append(
            [safe(c) for c in (key, about.titel, about.uitgever, about.datum, about.status, about.paginanummering)]
            + [documents[key].hash, (made or date.today()).isoformat()]
        )
    for number, row in enumerate(rows, start=2):
        sheet.append([safe(cell) for cell in cells(row)])
        for cell in sheet[number]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if row.document in used:
            place = f"Bronnen!A{used.index(row.document) + 2}"
            sheet.cell(number, 2).hyperlink = Hyperlink(ref=f"B{number}", location=place)
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        sources.column_dimensions[get_column_letter(number)].width = 30
    for cell in (*sheet[1], *sources[1]):
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(row: Commitment) -> tuple[str, ...]:
    """The cells of a row, in the order of COLUMNS. A page is written out: Excel reads '4-5' as a date."""
    theme = f"{row.theme} > {row.section}" if row.section else row.theme
    held = "; ".join(f"{h.name} ({h.party}): {h.duty}" if h.party else f"{h.name}: {h.duty}" for h in row.holders)
    return (
        row.id, row.document, row.page, theme, row.strength, row.text.replace("\t", " · "), row.plain,
        held or UNCLEAR, "; ".join(map(amounts_text, row.money, row.money_kinds, row.money_doubts)),
    )  # fmt: skip


def amounts_text(row: MoneyRow, table: TableKind, doubt: str = "") -> str:
    """'Gratis ophalen grofvuil (uitgave, incidenteel): 2027 € -300.000, …', the signs as printed; an empty cell is left
    out, a doubt about the sign stands behind."""
    kind = f"{table}, {row.duration}" if row.duration else table
    listed = ", ".join(f"{a.year} {euros(a.euro)}".strip() for a in row.amounts if a.euro is not None)
    return " ".join(filter(None, (f"{row.label} ({kind}): {listed or 'geen bedrag genoemd'}", doubt and f"[{doubt}]")))


def euros(amount: Decimal) -> str:
    """'€ -300.000'."""
    return f"€ {amount:,.0f}".replace(",", ".")


def safe(cell: str) -> str:
    """The cell as a spreadsheet may open it: no control characters, and no formula."""
    cell = _CONTROL.sub("", cell)
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell
