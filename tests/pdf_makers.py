"""Real documents as PDFs of several producers, to hold what `read_pdf` reads against the text they were made from."""

from __future__ import annotations

import difflib
import html
import json
import re
import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pypdf

from vraagalmere.corpus import Document, PageSegment
from vraagalmere.dutch import collapse
from vraagalmere.passages import BULLET, Passage, _Cutter, heading_text, passages_of
from vraagalmere.pdf import Reading

FONT = Path("/usr/share/fonts/truetype/liberation")


@dataclass(frozen=True)
class Element:
    """A heading ('kop'), paragraph ('alinea'), list item ('punt') or table ('tabel')."""

    kind: str
    text: str = ""
    level: int = 0
    mark: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    new_page: bool = False
    """The original begins a page here."""


def elements_of(document: Document) -> list[Element]:
    """A document as its elements in order, words as they are."""
    cutter = _Cutter(document)
    starts = {document.line_of(b.start): b for b in cutter.cut() if b.kind != "rij"}
    inside = {
        n
        for b in starts.values()
        for n in range(document.line_of(b.start), document.line_of(max(b.start, b.end - 1)) + 1)
    }
    out: list[Element] = []
    page = None
    blank = True
    for number, line in enumerate(document.lines, start=1):
        if number in cutter.heading_at:
            heading = cutter.heading_at[number]
            out.append(Element("kop", heading_text(document, heading), heading.niveau))
        here = document.pages_of(*document.span_of_lines(number, number))
        new = bool(here and page is not None and here[0] > page)
        if number in starts:
            block = starts[number]
            text = collapse(document.text[block.start : block.end])
            mark = BULLET.match(line)
            if block.kind == "punt" and mark:
                out.append(Element("punt", text, mark=mark.group().strip(), new_page=new))
            else:
                out.append(Element("alinea", text, new_page=new))
            page = here[0] if here else None
        elif number not in cutter.skipped and number not in cutter.heading_lines and number not in inside:
            if "\t" in line:
                row = tuple(collapse(cell) for cell in line.split("\t"))
                if out[-1].kind == "tabel" and not blank:
                    out[-1] = Element("tabel", rows=(*out[-1].rows, row), new_page=out[-1].new_page)
                else:
                    out.append(Element("tabel", rows=(row,), new_page=new))
                page = here[0] if here else None
            elif line.strip():
                out.append(Element("alinea", collapse(line)))
        blank = not line.strip()
    return out


CSS = """
@page { size: A4; margin: 2.2cm 2.2cm 2.4cm }
body { font: 10.5pt/1.4 "Liberation Serif"; text-align: justify; hyphens: auto }
h1 { font: bold 20pt "Liberation Sans"; text-align: left } h2 { font: bold 14pt "Liberation Sans"; text-align: left }
h3, h4 { font: bold 11pt "Liberation Sans"; text-align: left } p { margin: 0 0 8pt } li { margin: 0 0 2pt }
table { border-collapse: collapse; width: 100%; text-align: left; hyphens: manual; font-size: 9pt }
td { padding: 2pt 4pt } td + td { text-align: right } table.lijn td { border: 0.5pt solid #888 }
.columns { columns: 2; column-gap: 22pt } .columns table { font-size: 6.5pt } .columns td { padding: 1pt 2pt } .new { break-before: page }
"""


def as_html(title: str, elements: list[Element], columns: bool = False, ruled: bool = True, pages: bool = False) -> str:
    """A web page with the elements."""
    parts = [
        f"<!doctype html><html lang=nl><meta charset=utf-8><title>{html.escape(title)}</title><style>{CSS}</style>"
    ]
    parts.append("<div class=columns>" if columns else "<div>")
    listed = False
    for e in elements:
        if listed and e.kind != "punt":
            parts.append("</ul>")
        if e.kind == "punt" and not listed:
            parts.append("<ul>")
        listed = e.kind == "punt"
        text = html.escape(e.text)
        new = " class=new" if pages and e.new_page else ""
        if e.kind == "kop":
            parts.append(f"<h{min(e.level, 4)}>{text}</h{min(e.level, 4)}>")
        elif e.kind == "punt":
            parts.append(f"<li{new} style=\"list-style-type:'{e.mark} '\">{text}</li>")
        elif e.kind == "tabel":
            width = max(map(len, e.rows))
            rows = [
                "<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in (*r, *[""] * (width - len(r)))) + "</tr>"
                for r in e.rows
            ]
            parts.append(f"<table{' class=lijn' if ruled else ''}>{''.join(rows)}</table>")
        else:
            parts.append(f"<p{new}>{text}</p>")
    return "".join(parts) + "</div></html>"


def chromium(target: Path, title: str, elements: list[Element], **how: bool) -> Path:
    """Printed by Chromium, with its own header and footer."""
    source = target.with_suffix(".html")
    source.write_text(as_html(title, elements, **how), encoding="utf-8")
    subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
            f"--user-data-dir={target.parent / 'chromium'}", f"--print-to-pdf={target}", source.as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return target


def libreoffice(target: Path, title: str, elements: list[Element], columns: bool = False) -> Path:
    """Exported by LibreOffice Writer from a flat OpenDocument file, with page numbers 'Pagina 3 van 20'."""
    source = target.with_suffix(".fodt")
    source.write_text(_as_fodt(title, elements, columns), encoding="utf-8")
    profile = (target.parent / "soffice").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", str(target.parent), str(source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return target


def _as_fodt(title: str, elements: list[Element], columns: bool) -> str:
    body: list[str] = []
    listed = False
    tables = 0
    for e in elements:
        if listed and e.kind != "punt":
            body.append("</text:list>")
        if e.kind == "punt" and not listed:
            body.append('<text:list text:style-name="L">')
        listed = e.kind == "punt"
        text = html.escape(e.text)
        if e.kind == "kop":
            body.append(f'<text:h text:style-name="H{min(e.level, 3)}" text:outline-level="{e.level}">{text}</text:h>')
        elif e.kind == "punt" and e.mark[0].isalnum():
            body.append(
                f'</text:list><text:p text:style-name="P">{e.mark} {text}</text:p><text:list text:style-name="L">'
            )
        elif e.kind == "punt":
            body.append(f'<text:list-item><text:p text:style-name="P">{text}</text:p></text:list-item>')
        elif e.kind == "tabel":
            tables += 1
            width = max(map(len, e.rows))
            rows = "".join(
                "<table:table-row>"
                + "".join(
                    f'<table:table-cell table:style-name="C"><text:p text:style-name="{"T" if i == 0 else "N"}">{html.escape(c)}'
                    "</text:p></table:table-cell>"
                    for i, c in enumerate((*r, *[""] * (width - len(r))))
                )
                + "</table:table-row>"
                for r in e.rows
            )
            wide = '<table:table-column table:style-name="W"/>' + '<table:table-column table:style-name="S"/>' * (
                width - 1
            )
            body.append(f'<table:table table:name="t{tables}">{wide}{rows}</table:table>')
        else:
            body.append(f'<text:p text:style-name="P">{text}</text:p>')
    if listed:
        body.append("</text:list>")
    section = '<style:columns fo:column-count="2" fo:column-gap="0.8cm"/>' if columns else ""
    small = 6 if columns else 9
    names = "office text style fo table".split()
    urls = {"fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"}
    spaces = " ".join(f'xmlns:{n}="{urls.get(n, f"urn:oasis:names:tc:opendocument:xmlns:{n}:1.0")}"' for n in names)
    font = 'style:font-name="Carlito" fo:font-family="Liberation Sans" fo:language="nl" fo:country="NL"'

    def style(name: str, paragraph: str, text: str) -> str:
        return (
            f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties {paragraph}/>'
            f"<style:text-properties {font} {text}/></style:style>"
        )

    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {spaces} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles>
{style("P", 'fo:text-align="justify" fo:margin-bottom="0.2cm"', 'fo:font-size="10pt" fo:hyphenate="true"')}
{style("T", 'fo:text-align="left"', f'fo:font-size="{small}pt"')}{style("N", 'fo:text-align="right"', f'fo:font-size="{small}pt"')}
{style("F", 'fo:text-align="center"', 'fo:font-size="8pt"')}
{style("H1", 'fo:margin-top="0.5cm" fo:margin-bottom="0.3cm"', 'fo:font-size="18pt" fo:font-weight="bold"')}
{style("H2", 'fo:margin-top="0.4cm" fo:margin-bottom="0.2cm"', 'fo:font-size="13pt" fo:font-weight="bold"')}
{style("H3", 'fo:margin-top="0.3cm" fo:margin-bottom="0.1cm"', 'fo:font-size="10pt" fo:font-weight="bold"')}
<style:style style:name="W" style:family="table-column"><style:table-column-properties style:column-width="{"2.9cm" if columns else "9cm"}"/></style:style>
<style:style style:name="S" style:family="table-column"><style:table-column-properties style:column-width="{"0.95cm" if columns else "1.5cm"}"/></style:style>
<style:style style:name="C" style:family="table-cell"><style:table-cell-properties fo:padding="0.05cm" fo:border="0.5pt solid #000000"/></style:style>
<style:style style:name="X" style:family="section"><style:section-properties>{section}</style:section-properties></style:style>
<text:list-style style:name="L"><text:list-level-style-bullet text:level="1" text:bullet-char="•">
<style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment
 text:label-followed-by="listtab" text:list-tab-stop-position="0.8cm" fo:text-indent="-0.5cm" fo:margin-left="0.8cm"/>
</style:list-level-properties></text:list-level-style-bullet></text:list-style>
<style:page-layout style:name="A"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/>
<style:header-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-bottom="0.5cm"/></style:header-style>
<style:footer-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-top="0.5cm"/></style:footer-style></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A">
<style:header><text:p text:style-name="F">{html.escape(title)}</text:p></style:header>
<style:footer><text:p text:style-name="F">Pagina <text:page-number/> van <text:page-count/></text:p></style:footer>
</style:master-page></office:master-styles>
<office:body><office:text><text:section text:style-name="X" text:name="s">{"".join(body)}</text:section></office:text></office:body>
</office:document>"""


def softened(text: str) -> str:
    """`text` with soft hyphens where Dutch words may roughly be broken: between two consonants in a long word."""

    def word(match: re.Match[str]) -> str:
        return re.sub(r"(?<=\w\w[aeiouy][bcdfghjklmnprstvz])(?=[bdfgklmnpstvz][aeiouy]\w)", "\u00ad", match.group())

    return re.sub(r"[a-zë]{9,}", word, text)


def reportlab(target: Path, title: str, elements: list[Element], columns: bool = False) -> Path:
    """Made with ReportLab Platypus; numbers left and right in the foot, soft hyphens in the text."""
    from reportlab.lib import colors
    from reportlab.lib.enums import TA_JUSTIFY, TA_RIGHT
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table

    for name, file in (("R", "LiberationSerif-Regular"), ("B", "LiberationSans-Bold"), ("S", "LiberationSans-Regular")):
        pdfmetrics.registerFont(TTFont(name, str(FONT / f"{file}.ttf")))
    base = ParagraphStyle(
        "p", fontName="R", fontSize=10, leading=13, alignment=TA_JUSTIFY, spaceAfter=6, embeddedHyphenation=1
    )
    item = ParagraphStyle("i", base, leftIndent=14, bulletIndent=2, spaceAfter=0)
    small = 5.8 if columns else 8
    cell = ParagraphStyle(
        "c", base, fontName="S", fontSize=small, leading=small * 1.2, spaceAfter=0, alignment=0, embeddedHyphenation=0
    )
    right = ParagraphStyle("r", cell, alignment=TA_RIGHT)
    heads = [
        ParagraphStyle(f"h{n}", fontName="B", fontSize=size, leading=size * 1.2, spaceBefore=size * 0.8, spaceAfter=size * 0.4, keepWithNext=1)
        for n, size in enumerate((19, 14, 11), start=1)
    ]  # fmt: skip
    width, height = A4
    margin = 62

    def decorate(canvas: object, document: object) -> None:
        number = document.page  # type: ignore[attr-defined]
        canvas.setFont("S", 8)  # type: ignore[attr-defined]
        if number % 2:
            canvas.drawRightString(width - margin, 34, f"{title}   {number}")  # type: ignore[attr-defined]
        else:
            canvas.drawString(margin, 34, f"{number}   {title}")  # type: ignore[attr-defined]

    inner = width - 2 * margin
    wide = (inner - 20) / 2 if columns else inner
    frames = [
        Frame(margin + i * (wide + 20), margin, wide, height - 2 * margin, id=str(i), leftPadding=0, rightPadding=0)
        for i in range(2 if columns else 1)
    ]
    story: list[object] = []
    for e in elements:
        text = html.escape(softened(e.text), quote=False)
        if e.kind == "kop":
            story.append(Paragraph(html.escape(e.text), heads[min(e.level, 3) - 1]))
        elif e.kind == "punt":
            story.append(Paragraph(text, item, bulletText=e.mark))
        elif e.kind == "tabel":
            count = max(map(len, e.rows))
            data = [
                [Paragraph(html.escape(c), right if i else cell) for i, c in enumerate((*r, *[""] * (count - len(r))))]
                for r in e.rows
            ]
            narrow = 23.0 if columns else 48.0
            story.append(
                Table(
                    data,
                    colWidths=[wide - narrow * (count - 1), *[narrow] * (count - 1)],
                    style=[
                        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey),
                        ("VALIGN", (0, 0), (-1, -1), "TOP"),
                        ("LEFTPADDING", (0, 0), (-1, -1), 2),
                        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                    ],
                )
            )
        else:
            story.append(Paragraph(text, base))
    document = BaseDocTemplate(str(target), pagesize=A4, title=title, invariant=1)
    document.addPageTemplates(PageTemplate(frames=frames, onPage=decorate))
    document.build(story)
    return target


def fpdf(target: Path, title: str, elements: list[Element]) -> Path:
    """Made with fpdf2; 'Pagina 3 van 20' in the foot, ragged lines."""
    from fpdf import FPDF

    class Paper(FPDF):
        def header(self) -> None:
            self.set_font("L", "", 8)
            self.cell(0, 6, title, new_x="LMARGIN", new_y="NEXT", align="R")
            self.ln(6)

        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("L", "", 8)
            self.cell(0, 8, f"Pagina {self.page_no()} van {{nb}}", align="C")

    pdf = Paper()
    pdf.add_font("L", "", str(FONT / "LiberationSans-Regular.ttf"))
    pdf.add_font("L", "B", str(FONT / "LiberationSans-Bold.ttf"))
    pdf.set_auto_page_break(True, 25)
    pdf.add_page()
    for e in elements:
        if e.kind == "kop":
            size = (18, 14, 11)[min(e.level, 3) - 1]
            pdf.ln(3)
            pdf.set_font("L", "B", size)
            pdf.multi_cell(0, size * 0.45, e.text, align="L", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(2)
        elif e.kind == "tabel":
            pdf.set_font("L", "", 8)
            count = max(map(len, e.rows))
            # Cells have a first column three times as wide as the others, and lines around them.
            with pdf.table(
                col_widths=(4, *[1] * (count - 1)),
                text_align=("LEFT", *["RIGHT"] * (count - 1)),
                first_row_as_headings=False,
            ) as table:
                for r in e.rows:
                    table.row((*r, *[""] * (count - len(r))))
            pdf.ln(3)
        else:
            pdf.set_font("L", "", 10)
            if e.kind == "punt":
                pdf.set_x(pdf.l_margin + 3)
                pdf.cell(5, 5, e.mark)
                pdf.multi_cell(0, 5, e.text, align="L", new_x="LMARGIN", new_y="NEXT")
            else:
                pdf.multi_cell(0, 5, e.text, align="L", new_x="LMARGIN", new_y="NEXT")
                pdf.ln(2.5)
    pdf.output(str(target))
    return target


def typst(target: Path, title: str, elements: list[Element], columns: bool = False, front: bool = False) -> Path:
    """Made with Typst: hyphenated Dutch, the chapter in the head, Roman numbers before the first chapter."""
    import typst as compiler

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    lines = [
        f"#set document(title: {quoted(title)})",
        '#set text(lang: "nl", hyphenate: true, size: 10.5pt, font: "Libertinus Serif")',
        "#set par(justify: true, leading: 0.62em, spacing: 1.1em)",
        "#let chapter() = context { let h = query(selector(heading.where(level: 1)).before(here()));"
        " if h.len() > 0 { text(size: 8.5pt, h.last().body) } }",
        f'#set page(paper: "a4", margin: 2.3cm, numbering: "1", header: chapter(), columns: {2 if columns else 1})',
        "#show heading.where(level: 1): it => { set text(18pt); block(below: 1em, it.body) }",
        "#show heading: set text(hyphenate: false)",
        "#show heading: set par(justify: false)",
    ]
    if front:
        lines += [
            '#set page(numbering: "i", columns: 1)',
            f'#align(center, text(26pt, weight: "bold", {quoted(title)}))',
            "#pagebreak()",
            '#outline(title: "Inhoud")',
            "#pagebreak()",
            f'#set page(numbering: "1", columns: {2 if columns else 1})',
            "#counter(page).update(1)",
        ]
    for e in elements:
        text = f"#{quoted(e.text)}"
        if e.kind == "kop":
            lines.append(f"#heading(level: {e.level}, {quoted(e.text)})")
        elif e.kind == "punt":
            mark = e.mark if not e.mark[0].isdigit() else "•"
            if e.mark[0].isalnum():
                lines.append(f"#enum(numbering: (..n) => {quoted(e.mark)}, tight: true, [{text}])")
            else:
                lines.append(f"#list(marker: {quoted(mark)}, tight: true, [{text}])")
        elif e.kind == "tabel":
            count = max(map(len, e.rows))
            cells = ", ".join(f"[#{quoted(c)}]" for r in e.rows for c in (*r, *[""] * (count - len(r))))
            align = "left, " + "right, " * (count - 1)
            lines.append(
                f"#[#set text(8.5pt, hyphenate: false)\n#set par(justify: false)\n"
                f"#table(columns: (1fr, {'auto, ' * (count - 1)}), align: ({align}), stroke: none, inset: 3pt, {cells})]"
            )
        else:
            lines.append(text)
        lines.append("")
    source = target.with_suffix(".typ")
    source.write_text("\n".join(lines), encoding="utf-8")
    compiler.compile(str(source), output=str(target))
    return target


@dataclass(frozen=True)
class Agreement:
    """How the statements read from a PDF agree with those of the text it was made from."""

    passages: int
    missed: tuple[tuple[str, str], ...]
    """(statement of the text, what was read in its place)"""
    extra: int
    wrong_sheet: tuple[str, ...]
    headings: int
    headings_missed: tuple[str, ...]
    sheets: int

    @property
    def share(self) -> float:
        return 1 - len(self.missed) / self.passages


def _key(passage: Passage) -> str:
    return "\t".join(collapse(cell) for cell in passage.quote.split("\t")) if passage.row else collapse(passage.quote)


def read_as(original: Document, reading: Reading) -> Document:
    """A reading as a document with the description of the original; its pages are the sheets."""
    segments = [
        PageSegment(regels=(n, n), paginas=line.sheets, bewijs="pdf") for n, line in enumerate(reading.lines, start=1)
    ]
    changes = {
        "koppen": reading.headings, "geen_tekst": reading.skipped, "samen": (), "paginas": tuple(segments),
    }  # fmt: skip
    return Document(original.sidecar.model_copy(update=changes), reading.text)


def agreement(original: Document, path: Path, reading: Reading) -> Agreement:
    """Hold a reading against the text its PDF was made from; pages against what pdftotext finds on each sheet."""
    document = read_as(original, reading)
    truth, found = passages_of(original), passages_of(document)
    matcher = difflib.SequenceMatcher(None, [_key(p) for p in truth], [_key(p) for p in found], autojunk=False)
    missed: list[tuple[str, str]] = []
    right: list[Passage] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            right.extend(found[c:d])
            continue
        for n, passage in enumerate(truth[a:b]):
            missed.append((_key(passage), _key(found[c + n]) if c + n < d else ""))
    printed = [heading_text(document, h) for h in reading.headings]
    wanted = [e.text for e in elements_of(original) if e.kind == "kop"]
    heads = difflib.SequenceMatcher(None, wanted, printed, autojunk=False)
    lost = [text for tag, a, b, _, _ in heads.get_opcodes() if tag != "equal" for text in wanted[a:b]]
    sheets = [_letters(text) for text in _sheets_of(path, len(reading.sizes))]
    wrong = [p.quote for p in right if p.pages and not _stands_on(p.quote, sheets, *p.pages)]
    return Agreement(
        len(truth), tuple(missed), len(found) - len(right), tuple(wrong), len(wanted), tuple(lost), len(reading.sizes)
    )


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _sheets_of(path: Path, count: int) -> list[str]:
    """The text of each sheet by a reader that is not ours: pdftotext, or pypdf where that is missing."""
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-enc", "UTF-8", str(path), "-"], check=True, capture_output=True)
        return done.stdout.decode("utf-8").split("\f")[:count]
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def _stands_on(quote: str, sheets: list[str], first: int, last: int) -> bool:
    """Whether the words of a quote are on its sheets, its first words on the first and its last on the last.

    Word by word: another reader takes columns and the cells of a table in another order.
    """
    words = [w for w in map(_letters, quote.split()) if w]
    long = [w for w in words if len(w) > 3] or words
    whole = "".join(sheets[first - 1 : last])
    if sum(w in whole for w in long) < 0.9 * len(long):
        return False
    return all(w in sheets[first - 1] for w in long[:1]) and all(w in sheets[last - 1] for w in words[-1:])


MAKERS = {
    "chromium": lambda t, n, e: chromium(t, n, e),
    "chromium-pagina": lambda t, n, e: chromium(t, n, e, pages=True, ruled=False),
    "chromium-kolommen": lambda t, n, e: chromium(t, n, e, columns=True),
    "libreoffice": lambda t, n, e: libreoffice(t, n, e),
    "libreoffice-kolommen": lambda t, n, e: libreoffice(t, n, e, columns=True),
    "reportlab": lambda t, n, e: reportlab(t, n, e),
    "reportlab-kolommen": lambda t, n, e: reportlab(t, n, e, columns=True),
    "fpdf2": lambda t, n, e: fpdf(t, n, e),
    "typst": lambda t, n, e: typst(t, n, e),
    "typst-kolommen": lambda t, n, e: typst(t, n, e, columns=True, front=True),
}
"""Producer by name: (target, title, elements) to a PDF."""


def can_make(name: str) -> bool:
    """Whether the program of a producer is here."""
    program = {"chromium": "chromium", "libreoffice": "soffice"}.get(name.split("-")[0])
    return program is None or shutil.which(program) is not None
