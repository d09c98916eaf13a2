"""The page image of a PDF, with the quote marked where it is printed."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from support import ROOT, LengthEmbedder
from vraagalmere import store
from vraagalmere.intake import Given, add
from vraagalmere.passages import Passage, passages_of
from vraagalmere.settings import Settings
from vraagalmere.web.server import create_app


def two_sheets(path: Path) -> Path:
    """A cover without a number, and a page that is printed as 1 with three paragraphs."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 30)
    canvas.drawString(72, 700, "Nota water")
    canvas.showPage()
    canvas.setFont("Helvetica", 11)
    for y, text in (
        (700, "De eerste sloot wordt breder."),
        (640, "De tweede vijver krijgt een brug."),
        (580, "Klaar is het plan."),
    ):
        canvas.drawString(72, y, text)
    canvas.drawString(290, 30, "1")
    canvas.showPage()
    canvas.save()
    return path


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TestClient, Passage]]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for suffix in (".json", ".txt"):
        shutil.copy(ROOT / "corpus" / f"pvda-sterke-gemeente{suffix}", corpus)
    settings = Settings.load(corpus=corpus, index=tmp_path / "index")
    monkeypatch.setattr(store, "open_embedder", lambda name: LengthEmbedder())
    document = add(
        settings, two_sheets(tmp_path / "nota.pdf"), Given("Nota water", "gemeentestuk", None, "2027")
    ).document
    passage = next(p for p in passages_of(document) if "brug" in p.quote)
    monkeypatch.undo()
    with TestClient(create_app(settings, chat=False)) as made:
        yield made, passage


def test_printed_number_and_sheet_are_both_named(client: tuple[TestClient, Passage]) -> None:
    web, passage = client
    page = web.get(f"/document/nota-water/pagina/2?begin={passage.start}&eind={passage.end}").text
    assert "pagina 1 (blad 2 van het bestand)" in page
    about = web.get("/api/v1/documenten/nota-water/paginas/2").json()
    assert about["naam"] == "pagina 1 (blad 2 van het bestand)"


def test_mark_on_the_picture_covers_the_words_and_no_others(client: tuple[TestClient, Passage]) -> None:
    web, passage = client
    page = web.get(f"/document/nota-water/pagina/2?begin={passage.start}&eind={passage.end}").text
    width, height = map(float, re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)" role="img"', page)[0])
    boxes = [
        tuple(map(float, b))
        for b in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', page)
    ]
    address = re.findall(r'<image href="([^"]+)"', page)[0].replace("&amp;", "&")
    shown = web.get(address)
    assert shown.headers["content-type"] == "image/png"
    picture = np.asarray(Image.open(io.BytesIO(shown.content)).convert("L"))
    scale = picture.shape[1] / width
    assert picture.shape[0] == pytest.approx(height * scale, abs=2)
    assert len(boxes) == 1
    x, y, w, h = (v * scale for v in boxes[0])
    line = np.argwhere(picture[:, : int(500 * scale)] < 128)
    inside = [(r, c) for r, c in line if y <= r <= y + h and x <= c <= x + w]
    second = [(r, c) for r, c in line if abs(r / scale - (height - 640)) < 20]
    assert inside and len(inside) == len(second)  # all ink of the second paragraph, and nothing else


def test_document_without_a_file_has_no_picture(client: tuple[TestClient, Passage]) -> None:
    web, _ = client
    assert web.get("/document/pvda-sterke-gemeente/blad/1.png").status_code == 404
    assert web.get("/document/nota-water/blad/3.png").status_code == 404
