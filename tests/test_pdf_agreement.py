"""Real documents, made into PDFs by several producers, read back: the statements must be the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_makers import MAKERS, agreement, can_make, elements_of
from vraagalmere.corpus import read_corpus
from vraagalmere.pdf import read_pdf

CORPUS = {d.id: d for d in read_corpus(Path(__file__).parent.parent / "corpus")}


@pytest.mark.parametrize("document", ["hoofdlijnenakkoord-2026-2030", "dialoogverslag-2023"])
@pytest.mark.parametrize("producer", ["typst", "typst-kolommen", "reportlab-kolommen", "chromium"])
def test_a_pdf_gives_the_statements_of_the_text_on_the_right_sheets(
    tmp_path: Path, document: str, producer: str
) -> None:
    if not can_make(producer):
        pytest.skip(f"{producer} is not here")
    original = CORPUS[document]
    path = MAKERS[producer](tmp_path / "a.pdf", original.sidecar.titel, elements_of(original))
    reading = read_pdf(path)
    found = agreement(original, path, reading)
    assert found.share >= 0.99, found.missed
    assert not found.wrong_sheet
    assert len(found.headings_missed) <= 0.02 * found.headings
    if producer == "typst-kolommen":
        assert reading.labels[:2] == ("i", "ii") and "1" in reading.labels
    else:
        assert reading.labels == tuple(str(n) for n in range(1, found.sheets + 1))
