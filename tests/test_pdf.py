"""What `read_pdf` makes of the difficulties of real documents, each in a small PDF made here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import NameObject, RectangleObject
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from vraagalmere import pdf_child
from vraagalmere.corpus import Document, PageSegment, Sidecar
from vraagalmere.passages import BULLET, Passage, heading_text, passages_of
from vraagalmere.pdf import Reading, as_reading, read_pdf

FONTS = Path("/usr/share/fonts/truetype/liberation")
PROSE = (
    "De gemeente bouwt de komende vier jaar woningen voor iedereen die in de stad wil wonen, en zorgt dat er in elke "
    "wijk genoeg groen, scholen en winkels zijn voor de mensen die er komen wonen en voor wie er al woont. "
)


def read(path: Path) -> Reading:
    """As `read_pdf`, but in this process: faster, and a failure shows where it is."""
    order = {"path": str(path), "sheets": 3000, "chars": 10**7, "sheet_chars": 10**6}
    return as_reading(pdf_child._read(order))


def document_of(reading: Reading) -> Document:
    sidecar = Sidecar.model_validate(
        dict(
            id="proef", titel="Proef", korte_titel="Proef", partij="p", uitgever="u", soort="coalitieakkoord",
            datum="2026", datum_bewijs="", status="", groep="", spreker="", paginanummering="",
            paginas=[PageSegment(regels=(1, len(reading.lines)), paginas=None, bewijs="")],
        )
    )  # fmt: skip
    return Document(
        sidecar.model_copy(update={"koppen": reading.headings, "geen_tekst": reading.skipped}), reading.text
    )


def statements(reading: Reading) -> list[Passage]:
    return passages_of(document_of(reading))


class Paper:
    """A PDF drawn line by line."""

    def __init__(self, path: Path, size: tuple[float, float] = (420, 595)) -> None:
        self.path, self.size = path, size
        self.canvas = canvas.Canvas(str(path), pagesize=size, invariant=1)
        pdfmetrics.registerFont(TTFont("Serif", str(FONTS / "LiberationSerif-Regular.ttf")))
        pdfmetrics.registerFont(TTFont("Vet", str(FONTS / "LiberationSans-Bold.ttf")))

    def at(self, x: float, y: float, text: str, size: float = 10, font: str = "Serif") -> Paper:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, text)
        return self

    def lines(
        self, x: float, y: float, lines: list[str], size: float = 10, font: str = "Serif", pitch: float = 13
    ) -> float:
        for line in lines:
            self.at(x, y, line, size, font)
            y -= pitch
        return y

    def right(self, x: float, y: float, text: str, size: float = 9) -> Paper:
        self.canvas.setFont("Serif", size)
        self.canvas.drawRightString(x, y, text)
        return self

    def sheet(self) -> Paper:
        self.canvas.showPage()
        return self

    def read(self) -> Reading:
        self.canvas.save()
        return read(self.path)


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path / "proef.pdf")


def wrapped(text: str, width: float, size: float = 10) -> list[str]:
    return list(simpleSplit(text, "Serif", size, width))


def numbered(path: Path, sheets: int, foot: Callable[[int], tuple[float, str]], head: str = "") -> Reading:
    paper = Paper(path)
    for n in range(1, sheets + 1):
        if head:
            paper.at(40, 570, head, 8)
        paper.lines(40, 520, wrapped(f"Op blad {n} staat dit. " + PROSE * 3, 340))
        x, text = foot(n)
        paper.at(x, 24, text, 8).sheet()
    return paper.read()


# Words


def test_a_broken_word_is_whole_on_its_first_line_and_has_two_boxes(paper: Paper) -> None:
    paper.lines(40, 500, ["Wij zijn er voor alle inwoners van onze gemeen-", "te, en ook voor de verenigin-", "gen."])
    reading = paper.read()
    assert reading.text == "Wij zijn er voor alle inwoners van onze gemeente,\nen ook voor de verenigingen."
    first = [b for b in reading.lines[0].boxes if reading.text[b.start : b.end] in ("gemeen", "te,")]
    assert [(b.start, b.end) for b in first] == [(40, 46), (46, 49)]
    assert first[0].y0 > first[1].y1


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Stuur ons een e-", "mail over de gemeen-", "te."], "Stuur ons een e-mail\nover de gemeente."),
        (["Wij helpen elk vve-", "beheer in de gemeen-", "te."], "Wij helpen elk vve-beheer\nin de gemeente."),
        (["Dit geldt voor in-", "en uitstroom in de gemeen-", "te."], "Dit geldt voor in-\nen uitstroom in de gemeente."),
        (["Ook in heel Noord-", "Holland en de gemeen-", "te."], "Ook in heel Noord-Holland\nen de gemeente."),
        (["Dit doet de oud-", "wethouder van de gemeen-", "te."], "Dit doet de oud-wethouder\nvan de gemeente."),
        (["Dit is het OV-", "knooppunt van de gemeen-", "te."], "Dit is het OV-knooppunt\nvan de gemeente."),
        (["Wij bouwen wijk-", "gericht. Dat wijk-gericht bouwen doet de gemeen-", "te."],
         "Wij bouwen wijk-gericht.\nDat wijk-gericht bouwen doet de gemeente."),
        (["Er zijn te weinig mantelzorgwoon-", "plekken in de gemeen-", "te."],
         "Er zijn te weinig mantelzorgwoonplekken\nin de gemeente."),
    ],
)  # fmt: skip
def test_a_hyphen_at_a_line_end_stays_where_it_belongs_to_the_word(paper: Paper, lines: list[str], text: str) -> None:
    paper.lines(40, 500, lines)
    assert paper.read().text == text


def test_ligatures_become_letters_with_one_box_and_soft_hyphens_go(tmp_path: Path) -> None:
    import typst

    source = tmp_path / "a.typ"
    source.write_text(
        '#set text(font: "Libertinus Serif")\nDe officiële afvloeiing is effec\u00adtief.', encoding="utf-8"
    )
    typst.compile(str(source), output=str(tmp_path / "a.pdf"))
    reading = read(tmp_path / "a.pdf")
    assert reading.text == "De officiële afvloeiing is effectief."
    assert len(reading.lines[0].boxes) == 5


def test_a_raised_note_mark_is_no_part_of_a_number(paper: Paper) -> None:
    paper.at(40, 500, "Dit kost € 500").at(40 + pdfmetrics.stringWidth("Dit kost € 500", "Serif", 10), 504, "1", 6)
    paper.at(125, 500, "per jaar.")
    assert paper.read().text == "Dit kost € 500¹ per jaar."


def test_words_without_a_space_in_the_file_are_apart(paper: Paper) -> None:
    paper.at(40, 500, "De").at(54, 500, "gemeente").at(96, 500, "bouwt.")
    assert paper.read().text == "De gemeente bouwt."


def test_spaced_letters_are_one_word(paper: Paper) -> None:
    text = paper.canvas.beginText(40, 500)
    text.setFont("Vet", 10)
    text.setCharSpace(3)
    text.textOut("WONEN EN LEVEN")
    text.setCharSpace(0)
    paper.canvas.drawText(text)
    paper.lines(40, 400, wrapped(PROSE, 340))
    assert paper.read().text.startswith("WONEN EN LEVEN\n")


def test_control_and_direction_characters_go_and_hebrew_is_in_reading_order(tmp_path: Path) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.add_font("D", "", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    pdf.set_font("D", "", 12)
    pdf.set_text_shaping(False)
    pdf.text(20, 30, "Welkom \u200e\u202astad\u202c \u200bhier")
    pdf.text(20, 50, "\u05dd\u05d5\u05dc\u05e9 dag")
    pdf.output(str(tmp_path / "a.pdf"))
    text = read(tmp_path / "a.pdf").text
    assert "Welkom stad hier" in text
    assert not any(c in text for c in "\u200e\u202a\u202c\u200b")
    assert "\u05e9\u05dc\u05d5\u05dd" in text


# Paragraphs and lists


def test_a_statement_over_a_page_break_stays_one(paper: Paper) -> None:
    for n, lines in ((1, ["Wij zorgen dat iedereen in deze stad een woning kan vinden die", "past bij het loon en bij"]),
                     (2, ["het gezin, ook als dat jaren duurt."])):  # fmt: skip
        paper.at(40, 570, "Akkoord 2026", 8)
        paper.lines(40, 60 if n == 1 else 540, lines)
        paper.at(200, 20, str(n), 8).sheet()
    reading = paper.read()
    (passage,) = statements(reading)
    assert passage.quote == (
        "Wij zorgen dat iedereen in deze stad een woning kan vinden die past bij het loon en bij het gezin, "
        "ook als dat jaren duurt."
    )
    assert [line.sheets for line in reading.lines] == [(1, 1), (1, 1), (2, 2)]


def test_a_word_broken_over_a_page_break_has_a_box_on_each_sheet(paper: Paper) -> None:
    paper.lines(40, 500, ["Wij werken samen met de verenigin-"])
    paper.at(40, 200, "Dit staat lager op het blad en gaat over de gemeen-").sheet()
    paper.lines(40, 540, ["te en de wijk, en ook over andere zaken."])
    reading = paper.read()
    line = next(n for n, text in enumerate(reading.text.split("\n")) if "gemeente" in text)
    assert reading.lines[line].sheets == (1, 2)
    assert [b.sheet for b in reading.lines[line].boxes][-2:] == [1, 2]


@pytest.mark.parametrize("mark", ["•", "-", "–", "o", "1.", "a.", "▪", "➢", "✓"])
def test_list_items_begin_with_a_mark_that_the_cutter_knows(tmp_path: Path, mark: str) -> None:
    from fpdf import FPDF

    pdf = FPDF(format=(148, 210))
    pdf.add_page()
    pdf.add_font("D", "", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    pdf.set_font("D", "", 10)
    pdf.text(20, 20, "Dit gaan we doen:")
    for n, lines in enumerate((["meer woningen bouwen in alle wijken van", "de stad;"], ["meer groen planten."])):
        marks = {"1.": f"{n + 1}.", "a.": f"{'ab'[n]}."}
        pdf.text(22, 28 + 12 * n, marks.get(mark, mark))
        for m, line in enumerate(lines):
            pdf.text(28, 28 + 12 * n + 5 * m, line)
    pdf.output(str(tmp_path / "a.pdf"))
    reading = read(tmp_path / "a.pdf")
    items = [line for line in reading.text.split("\n") if BULLET.match(line)]
    if mark in "•-–o▪":
        assert all(line.startswith(f"{mark} ") for line in items)
    found = statements(reading)
    assert [(p.kind, p.quote, p.lead_in) for p in found] == [
        ("punt", "meer woningen bouwen in alle wijken van de stad;", "Dit gaan we doen:"),
        ("punt", "meer groen planten.", "Dit gaan we doen:"),
    ]


@pytest.mark.parametrize(("font", "code"), [("Symbol", "\xb7"), ("ZapfDingbats", "n"), ("ZapfDingbats", "l")])
def test_marks_of_symbol_fonts_become_a_bullet(paper: Paper, font: str, code: str) -> None:
    paper.at(40, 500, "Dit gaan we doen:")
    for y, text in ((480, "meer woningen bouwen;"), (465, "meer groen planten.")):
        paper.at(44, y, code, 9, font).at(58, y, text)
    assert [(p.kind, p.quote) for p in statements(paper.read())] == [
        ("punt", "meer woningen bouwen;"), ("punt", "meer groen planten."),
    ]  # fmt: skip


def test_a_dash_at_the_start_of_a_line_inside_a_sentence_is_no_list_item(paper: Paper) -> None:
    paper.lines(
        40,
        500,
        [
            "Wij willen dat de stad groeit en dat ook de wijken groeien",
            "- als dat kan - zonder dat het groen verdwijnt.",
        ],
    )
    (passage,) = statements(paper.read())
    assert passage.kind == "alinea" and passage.quote.endswith(
        "groeien - als dat kan - zonder dat het groen verdwijnt."
    )


def test_headings_by_size_and_weight_with_levels(paper: Paper) -> None:
    y = 550.0
    for chapter in ("Wonen", "Zorg"):
        paper.at(40, y, chapter, 18, "Vet")
        y = paper.lines(40, y - 24, wrapped(PROSE, 340))
        paper.at(40, y - 8, f"Meer over {chapter.lower()}", 10, "Vet")
        y = paper.lines(40, y - 24, wrapped(PROSE, 340)) - 20
    reading = paper.read()
    document = document_of(reading)
    assert [(heading_text(document, h), h.niveau) for h in reading.headings] == [
        ("Wonen", 1), ("Meer over wonen", 2), ("Zorg", 1), ("Meer over zorg", 2),
    ]  # fmt: skip
    assert statements(reading)[-1].headings == ("Zorg", "Meer over zorg")


def test_a_bookmark_makes_a_line_a_heading(paper: Paper) -> None:
    paper.at(40, 520, "Wonen in de stad")
    paper.lines(40, 490, wrapped(PROSE, 340))
    paper.canvas.bookmarkPage("a")
    paper.canvas.addOutlineEntry("Wonen in de stad", "a", 0)
    reading = paper.read()
    assert [(h.regels, h.niveau) for h in reading.headings] == [((1, 1), 1)]


# Columns and tables


def two_columns(paper: Paper, top: float, left: str, right: str) -> None:
    paper.lines(40, top, wrapped(left, 160))
    paper.lines(220, top - 5, wrapped(right, 160))


def test_two_columns_under_a_heading_over_both(paper: Paper) -> None:
    paper.at(40, 560, "Een titel die over allebei de kolommen heen loopt", 15, "Vet")
    two_columns(paper, 520, "Links begint het. " + PROSE, "Rechts gaat het door. " + PROSE)
    found = [p.quote for p in statements(paper.read())]
    assert found == [f"Links begint het. {PROSE}".strip(), f"Rechts gaat het door. {PROSE}".strip()]


def test_two_columns_between_lines_over_the_whole_width(paper: Paper) -> None:
    paper.lines(40, 570, wrapped("Vooraf. " + PROSE, 340))
    two_columns(paper, 480, "Links. " + PROSE + "Ook dit.", "Rechts. " + PROSE)
    paper.lines(40, 250, wrapped("Achteraf. " + PROSE, 340))
    assert [p.quote.split()[0] for p in statements(paper.read())] == ["Vooraf.", "Links.", "Rechts.", "Achteraf."]


TABLE = [
    ("", "2027", "2028", "2029"),
    ("Wonen", "", "", ""),
    ("Versnellen woningbouw", "0,25", "0,25", "-3,0"),
    ("Stadspas", "", "-0,4", "-1.200,5"),
    ("Totaal Wonen", "0,25", "-0,15", "-4,0"),
]


@pytest.mark.parametrize("ruled", ["grid", "rows", "none"])
def test_a_table_is_rows_with_tabs_and_its_empty_cells(paper: Paper, ruled: str) -> None:
    paper.lines(40, 560, wrapped(PROSE, 340))
    y = 480.0
    for row in TABLE:
        paper.at(44, y, row[0], 9)
        for n, cell in enumerate(row[1:]):
            paper.right(240 + 50 * n, y, cell)
        if ruled != "none":
            paper.canvas.line(40, y - 4, 345, y - 4)
        y -= 15
    if ruled == "grid":
        paper.canvas.line(40, 491, 345, 491)
        for x in (40, 195, 245, 295, 345):
            paper.canvas.line(x, 491, x, y + 11)
    paper.lines(40, y - 20, wrapped(PROSE, 340))
    reading = paper.read()
    assert [tuple(line.split("\t")) for line in reading.text.split("\n") if "\t" in line] == TABLE
    rows = [p.row for p in statements(reading) if p.row]
    assert rows[1].label == "Stadspas" and rows[1].section == "Wonen"
    assert rows[1].cells == (("2027", ""), ("2028", "-0,4"), ("2029", "-1.200,5"))


def test_a_label_over_two_lines_is_one_cell(paper: Paper) -> None:
    y = 480.0
    for label, values in ((["Onderhoud van wegen"], "1,0 2,0"),
                          (["Startsituatie na tweede", "financieel overzicht"], "3,0 4,0"),
                          (["Eindtotaal"], "4,0 6,0")):  # fmt: skip
        for n, cell in enumerate(values.split()):
            paper.right(240 + 50 * n, y, cell)
        for part in label:
            paper.at(44, y, part, 9)
            y -= 10
        y -= 6
    assert [line for line in paper.read().text.split("\n") if "\t" in line] == [
        "Onderhoud van wegen\t1,0\t2,0",
        "Startsituatie na tweede financieel overzicht\t3,0\t4,0",
        "Eindtotaal\t4,0\t6,0",
    ]  # fmt: skip


def test_a_footnote_does_not_break_the_sentence_over_the_page_break(paper: Paper) -> None:
    paper.lines(40, 500, wrapped(PROSE, 340))
    paper.lines(40, 110, ["De gemeente doet dit samen met alle partners in de regio en"])
    paper.canvas.line(40, 80, 120, 80)
    paper.at(40, 68, "1", 5).at(44, 65, "Zie de Woonvisie van de gemeente Almere uit 2020.", 7.5).sheet()
    paper.lines(40, 540, ["met het Rijk, dat meebetaalt."])
    paper.lines(40, 500, wrapped("Daarna komt er meer. " + PROSE, 340))
    found = [p.quote for p in statements(paper.read())]
    assert found[1] == "De gemeente doet dit samen met alle partners in de regio en met het Rijk, dat meebetaalt."
    assert "¹ Zie de Woonvisie van de gemeente Almere uit 2020." in found


# Page numbers, headers, footers


def test_page_labels_of_the_file(tmp_path: Path) -> None:
    paper = Paper(tmp_path / "a.pdf")
    for n in range(5):
        paper.lines(40, 500, wrapped(f"Blad {n}. " + PROSE, 340))
        paper.sheet()
    paper.canvas.save()
    writer = pypdf.PdfWriter(clone_from=paper.path)
    writer.set_page_label(0, 1, "/r")
    writer.set_page_label(2, 4, "/D", start=1)
    writer.write(tmp_path / "b.pdf")
    reading = read(tmp_path / "b.pdf")
    assert reading.labels == ("i", "ii", "1", "2", "3")
    assert "paginalabels" in reading.label_source


@pytest.mark.parametrize(
    ("foot", "labels"),
    [
        (lambda n: (200, str(n + 12)), ("13", "14", "15", "16")),
        (lambda n: (180, f"Pagina {n + 12} van 40"), ("13", "14", "15", "16")),
        (lambda n: (190, f"- {n + 12} -"), ("13", "14", "15", "16")),
        (lambda n: (40 if n % 2 else 330, f"{n + 12}"), ("13", "14", "15", "16")),
        (lambda n: (40, f"{n + 12} | Akkoord 2026-2030"), ("13", "14", "15", "16")),
        (lambda n: (200, ("iv", "v", "vi", "vii")[n - 1]), ("iv", "v", "vi", "vii")),
        (lambda n: (200, "" if n == 2 else str(n)), ("1", "2", "3", "4")),
        (lambda n: (200, f"{2026 - n * 3}"), ("", "", "", "")),
    ],
)
def test_printed_page_numbers_are_recognised(
    tmp_path: Path, foot: Callable[[int], tuple[float, str]], labels: tuple[str, ...]
) -> None:
    reading = numbered(tmp_path / "a.pdf", 4, foot, head="Hoofdlijnenakkoord Almere")
    assert reading.labels == labels
    if any(labels):
        assert "Akkoord 2026" not in reading.text and "Pagina" not in reading.text
        assert all(not line.strip(" -").isdigit() for line in reading.text.split("\n") if line)
    assert "Hoofdlijnenakkoord" not in reading.text
    assert all(f"Op blad {n} staat dit." in reading.text for n in range(1, 5))


def test_printed_numbers_go_before_labels_that_only_count_sheets(tmp_path: Path) -> None:
    numbered(tmp_path / "a.pdf", 4, lambda n: (200, str(n + 4)))
    writer = pypdf.PdfWriter(clone_from=tmp_path / "a.pdf")
    writer.set_page_label(0, 3, "/D", start=1)
    writer.write(tmp_path / "b.pdf")
    reading = read(tmp_path / "b.pdf")
    assert reading.labels == ("5", "6", "7", "8")
    assert any("anders dan de gedrukte" in notice for notice in reading.notices)


def test_a_list_of_years_in_the_text_gives_no_page_numbers(paper: Paper) -> None:
    for n in range(4):
        paper.lines(40, 560, wrapped(PROSE * 4 + f"Dit geldt tot en met {n + 1}", 340))
        paper.sheet()
    assert paper.read().labels == ("", "", "", "")


# The place of words


def ink(path: Path, sheet: int, box: Any, scale: float = 4) -> tuple[int, int]:
    """(dark pixels in the box, dark pixels in a frame two points around it)."""
    import pypdfium2

    page = pypdfium2.PdfDocument(path)[sheet - 1]
    picture = page.render(scale=scale).to_pil().convert("L")
    height = picture.size[1]

    def dark(x0: float, y0: float, x1: float, y1: float) -> int:
        part = picture.crop(
            (int(x0 * scale), int(height - y1 * scale), int(x1 * scale) + 1, int(height - y0 * scale) + 1)
        )
        return sum(part.histogram()[:120])

    inside = dark(box.x0, box.y0, box.x1, box.y1)
    return inside, dark(box.x0 - 1, box.y0 - 1, box.x1 + 1, box.y1 + 1) - inside


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [False, True])
def test_boxes_cover_the_ink_of_their_words(tmp_path: Path, turn: int, cropped: bool) -> None:
    paper = Paper(tmp_path / "a.pdf")
    paper.at(60, 500, "Gemeente    Almere    bouwt    woningen.", 14).at(60, 460, "Tweede    regel    hier.", 14)
    paper.canvas.save()
    writer = pypdf.PdfWriter(clone_from=paper.path)
    if cropped:
        writer.pages[0][NameObject("/CropBox")] = RectangleObject((30, 40, 400, 560))
    writer.pages[0][NameObject("/Rotate")] = pypdf.generic.NumberObject(turn)
    writer.write(tmp_path / "b.pdf")
    reading = read(tmp_path / "b.pdf")
    size = (370.0, 520.0) if cropped else (420.0, 595.0)
    assert reading.sizes == ((size if turn % 180 == 0 else size[::-1]),)
    words = [(line.boxes, text) for line, text in zip(reading.lines, reading.text.split("\n")) if text]
    assert " ".join(text for _, text in words).split() == "Gemeente Almere bouwt woningen. Tweede regel hier.".split()
    for boxes, text in words:
        for box in boxes:
            inside, around = ink(tmp_path / "b.pdf", box.sheet, box)
            assert inside > 50 and around <= 0.05 * inside, text[box.start : box.end]


def test_every_word_has_a_box_and_the_columns_are_its_words(paper: Paper) -> None:
    paper.lines(40, 500, wrapped(PROSE, 340))
    reading = paper.read()
    for line, text in zip(reading.lines, reading.text.split("\n"), strict=True):
        assert [text[b.start : b.end] for b in line.boxes] == text.split()


# What is not seen


def test_hidden_text_is_not_read_and_named(paper: Paper) -> None:
    paper.lines(40, 500, wrapped(PROSE, 340))
    hidden = paper.canvas.beginText(40, 300)
    hidden.setFont("Serif", 10)
    hidden.setTextRenderMode(3)
    hidden.textOut("Geheim onzichtbaar.")
    hidden.setTextRenderMode(0)
    paper.canvas.drawText(hidden)
    paper.canvas.setFillGray(1)
    paper.at(40, 280, "Geheim wit op wit.")
    paper.canvas.setFillGray(0)
    paper.at(40, -50, "Geheim buiten beeld.").at(40, 260, "Geheim klein.", 0.3)
    paper.at(40, 240, "Geheim zwartgelakt.")
    paper.canvas.rect(38, 236, 120, 14, stroke=0, fill=1)
    paper.canvas.rect(38, 196, 120, 20, stroke=0, fill=1)
    paper.canvas.setFillGray(1)
    paper.at(40, 200, "Wit op zwart is te zien.")
    reading = paper.read()
    assert "Geheim" not in reading.text
    assert "Wit op zwart is te zien." in reading.text
    assert "Blad 1 heeft tekst die niet te zien is. Die is niet gelezen." in reading.notices


def test_the_invisible_text_of_a_scan_is_its_text(tmp_path: Path) -> None:
    from PIL import Image

    paper = Paper(tmp_path / "a.pdf")
    paper.canvas.drawInlineImage(Image.new("L", (100, 140), 210), 0, 0, 420, 595)
    text = paper.canvas.beginText(40, 500)
    text.setFont("Serif", 10)
    text.setTextRenderMode(3)
    for line in wrapped(PROSE, 340):
        text.textLine(line)
    paper.canvas.drawText(text)
    reading = paper.read()
    assert " ".join(reading.text.split()) == PROSE.strip()
    assert any("scan" in notice for notice in reading.notices)


def test_turned_text_in_the_margin_comes_last(paper: Paper) -> None:
    paper.lines(60, 500, wrapped(PROSE, 320))
    paper.canvas.saveState()
    paper.canvas.translate(25, 200)
    paper.canvas.rotate(90)
    paper.at(0, 0, "Zijkant van het blad", 8)
    paper.canvas.restoreState()
    assert paper.read().text.endswith("\n\nZijkant van het blad")


# Title, date, contents, the second reader


def test_title_date_and_contents(tmp_path: Path) -> None:
    paper = Paper(tmp_path / "a.pdf")
    paper.canvas.setTitle("Microsoft Word - concept.docx")
    paper.at(40, 400, "Almere vooruit", 26, "Vet").at(40, 360, "Almere, 30 juni 2026").sheet()
    paper.at(40, 540, "Inhoud", 16, "Vet")
    for n, name in enumerate(("Wonen", "Zorg", "Veiligheid")):
        paper.at(40, 500 - 15 * n, name).right(380, 500 - 15 * n, str(3 + n), 10)
    paper.sheet()
    for name in ("Wonen", "Zorg", "Veiligheid"):
        paper.at(40, 540, name, 16, "Vet")
        paper.lines(40, 500, wrapped(PROSE * 2, 340))
        paper.sheet()
    reading = paper.read()
    assert (reading.title, reading.date) == ("Almere vooruit", "2026-06-30")
    assert [p.headings[-1] for p in statements(reading) if p.quote.startswith("De gemeente")] == [
        "Wonen",
        "Zorg",
        "Veiligheid",
    ]
    assert not any("\t" in p.quote for p in statements(reading))


def test_the_second_reader_is_silent_about_a_good_file_and_names_a_sheet_it_reads_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = numbered(tmp_path / "a.pdf", 3, lambda n: (200, str(n)))
    assert reading.notices == ()
    monkeypatch.setattr(
        pdf_child._Second,
        "words",
        lambda self, n: pdf_child.bag("heel iets anders" if n == 2 else PROSE * 3 + f"Op blad {n} staat dit {n}."),
    )
    assert read(tmp_path / "a.pdf").notices == ("Blad 2 leest een tweede programma anders. Controleer de tekst.",)


def test_the_sample_is_spread_and_never_larger_than_forty() -> None:
    assert pdf_child.sampled(3) == [1, 2, 3]
    sample = pdf_child.sampled(2000)
    assert len(sample) == 40 and sample[0] == 1 and sample[-1] == 2000


def test_the_child_gives_what_this_process_reads(tmp_path: Path) -> None:
    paper = Paper(tmp_path / "a.pdf")
    paper.at(40, 540, "Wonen", 18, "Vet")
    paper.lines(40, 500, wrapped(PROSE, 340))
    assert paper.read() == read_pdf(paper.path)
