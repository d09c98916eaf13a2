"""Bad files: each gives one clear Dutch line, in bounded time and memory."""

from __future__ import annotations

import time
import zlib
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen import canvas

from vraagalmere.errors import PdfError, VraagAlmereError
from vraagalmere.pdf import PdfLimits, page_image, read_pdf

SMALL = PdfLimits(seconds=15, memory_bytes=1_500_000_000)


def simple(path: Path, sheets: int = 1, text: str = "De gemeente bouwt ieder jaar duizend woningen.") -> Path:
    page = canvas.Canvas(str(path), pagesize=(400, 400))
    for _ in range(sheets):
        page.drawString(40, 300, text)
        page.showPage()
    page.save()
    return path


def refusal(path: Path, limits: PdfLimits = SMALL) -> str:
    start = time.monotonic()
    with pytest.raises(PdfError) as caught:
        read_pdf(path, limits)
    assert time.monotonic() - start < limits.seconds + 10
    message = str(caught.value)
    assert "\n" not in message and message.startswith(path.name) and message.endswith((".", "uit.pdf"))
    return message


def raw_pdf(path: Path, *objects: bytes) -> Path:
    """A PDF of numbered objects written by hand; the first is the catalogue."""
    out = b"%PDF-1.7\n"
    places = []
    for n, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(out),
    )  # fmt: skip
    path.write_bytes(out)
    return path


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (extra, len(data), data)


def one_page(path: Path, content: bytes) -> Path:
    return raw_pdf(
        path,
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1"
        b"/BaseFont/Helvetica>>>>>>>>",
        content,
    )


def zeros(size: int) -> bytes:
    """`size` bytes of white space, deflated: one block that stands on its own, many times over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\xda" + block * (size // 1_000_000) + b"\x03\x00"


def test_the_error_is_one_that_a_person_may_see() -> None:
    assert issubclass(PdfError, VraagAlmereError)


def test_missing_empty_or_another_kind_of_file(tmp_path: Path) -> None:
    assert "is er niet" in refusal(tmp_path / "weg.pdf")
    empty = tmp_path / "leeg.pdf"
    empty.write_bytes(b"")
    assert "is leeg" in refusal(empty)
    word = tmp_path / "word.pdf"
    word.write_bytes(b"PK\x03\x04" + b"x" * 3000)
    assert "Word" in refusal(word)
    page = tmp_path / "pagina.pdf"
    page.write_text("<!doctype html><html><body>Hallo</body></html>")
    assert "webpagina" in refusal(page)
    garbage = tmp_path / "ruis.pdf"
    garbage.write_bytes(bytes(range(256)) * 40)
    assert "geen PDF" in refusal(garbage)


def test_a_damaged_file(tmp_path: Path) -> None:
    whole = simple(tmp_path / "heel.pdf", 5).read_bytes()
    noise = tmp_path / "kapot.pdf"
    noise.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 50)
    assert "beschadigd" in refusal(noise)
    cut = tmp_path / "half.pdf"
    cut.write_bytes(whole[:400])
    assert "beschadigd" in refusal(cut)


def test_a_password_is_needed_or_only_for_changing(tmp_path: Path) -> None:
    source = simple(tmp_path / "open.pdf")
    for name, password in (("dicht.pdf", "geheim"), ("vrij.pdf", "")):
        writer = pypdf.PdfWriter(clone_from=source)
        writer.encrypt(user_password=password, owner_password="eigenaar", algorithm="RC4-128")
        writer.write(tmp_path / name)
    assert "wachtwoord" in refusal(tmp_path / "dicht.pdf")
    assert "duizend woningen" in read_pdf(tmp_path / "vrij.pdf").text


def test_a_scan_without_text_names_the_program_to_use(tmp_path: Path) -> None:
    from PIL import Image

    scan = tmp_path / "scan.pdf"
    page = canvas.Canvas(str(scan), pagesize=(400, 400))
    page.drawInlineImage(Image.new("L", (200, 200), 200), 0, 0, 400, 400)
    page.save()
    assert "ocrmypdf -l nld in.pdf uit.pdf" in refusal(scan)


def test_a_sheet_that_is_a_scan_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "deels.pdf"
    page = canvas.Canvas(str(path), pagesize=(400, 400))
    page.drawString(40, 300, "De gemeente bouwt woningen.")
    page.showPage()
    page.drawInlineImage(Image.new("L", (200, 200), 200), 0, 0, 400, 400)
    page.save()
    reading = read_pdf(path)
    assert reading.text == "De gemeente bouwt woningen."
    assert reading.notices == ("Blad 2 heeft geen tekst (een scan of een foto).",)


def test_limits_on_bytes_sheets_and_characters_are_named(tmp_path: Path) -> None:
    path = simple(tmp_path / "groot.pdf", 12)
    assert "de grens is 0 MB" in refusal(path, PdfLimits(file_bytes=1000))
    assert "12 bladen" in refusal(path, PdfLimits(sheets=10))
    assert "meer dan 100 tekens" in refusal(path, PdfLimits(characters=100))


def test_a_sheet_of_a_million_characters_is_refused(tmp_path: Path) -> None:
    line = b"BT /F 2 Tf %d %d.%03d Td (" + b"woorden en meer " * 6 + b") Tj ET\n"
    path = one_page(
        tmp_path / "vol.pdf", stream(b"".join(line % (n % 7 + 1, n % 390, n % 1000) for n in range(12_000)))
    )
    assert "tekens" in refusal(path)


def test_a_stream_that_swells_to_two_gigabytes(tmp_path: Path) -> None:
    packed = zeros(2_000_000_000)
    assert len(packed) < 3_000_000
    path = one_page(tmp_path / "bom.pdf", stream(packed, b"/Filter/FlateDecode"))
    assert "te veel geheugen of tijd" in refusal(path) or "geen tekst" in refusal(path)


def test_an_object_stream_that_swells(tmp_path: Path) -> None:
    packed = zeros(1_000_000_000)
    path = raw_pdf(
        tmp_path / "objecten.pdf",
        b"<</Type/Catalog/Pages 9 0 R>>",
        stream(packed, b"/Type/ObjStm/N 1/First 8/Filter/FlateDecode"),
    )
    refusal(path)


def test_thousands_of_nested_objects(tmp_path: Path) -> None:
    deep = raw_pdf(
        tmp_path / "diep.pdf",
        b"<</Type/Catalog/Pages 2 0 R/Diep " + b"[" * 20_000 + b"]" * 20_000 + b">>",
        b"<</Type/Pages/Kids[]/Count 0>>",
    )
    refusal(deep)
    forms = b"".join(b"%d 0 obj<</Type/Pages/Kids[%d 0 R]/Count 1>>endobj\n" % (n, n + 1) for n in range(2, 6000))
    chain = tmp_path / "keten.pdf"
    chain.write_bytes(b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" + forms + b"trailer<</Root 1 0 R>>")
    refusal(chain)


def test_a_child_that_dies_gives_the_same_line(tmp_path: Path) -> None:
    path = simple(tmp_path / "a.pdf")
    assert "te veel geheugen of tijd" in refusal(path, PdfLimits(memory_bytes=20_000_000, seconds=20))


def test_two_thousand_sheets_are_read(tmp_path: Path) -> None:
    path = simple(tmp_path / "lang.pdf", 2000)
    reading = read_pdf(path)
    assert len(reading.sizes) == 2000
    assert reading.text.count("duizend woningen") == 2000


def test_javascript_and_files_inside_are_named_and_the_text_is_read(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=simple(tmp_path / "a.pdf"))
    writer.add_attachment("bijlage.txt", b"x")
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.write(tmp_path / "js.pdf")
    reading = read_pdf(tmp_path / "js.pdf")
    assert "duizend woningen" in reading.text
    assert any("JavaScript" in n and "niet uitgevoerd" in n for n in reading.notices)
    assert any("andere bestanden" in n for n in reading.notices)


def test_the_picture_of_a_sheet_is_a_png_of_the_width_asked(tmp_path: Path) -> None:
    import io

    from PIL import Image

    path = simple(tmp_path / "a.pdf", 2)
    picture = Image.open(io.BytesIO(page_image(path, 2, width=300)))
    assert picture.format == "PNG" and picture.size == (300, 300)
    with pytest.raises(PdfError, match="blad 3 bestaat niet"):
        page_image(path, 3)


def test_a_picture_is_never_larger_than_the_limit(tmp_path: Path) -> None:
    import io

    from PIL import Image

    path = tmp_path / "lint.pdf"
    page = canvas.Canvas(str(path), pagesize=(10, 14_000))
    page.drawString(1, 100, "x")
    page.save()
    picture = Image.open(io.BytesIO(page_image(path, 1, width=5000)))
    assert picture.size[0] * picture.size[1] <= 12_100_000
