import re

import pytest

from vraagalmere.corpus import Document
from vraagalmere.dutch import collapse
from vraagalmere.index import searchable_text
from vraagalmere.passages import Passage

ACCORD = "hoofdlijnenakkoord-2026-2030"


def find(passages: list[Passage], words: str) -> Passage:
    found = [p for p in passages if words in p.quote]
    assert len(found) == 1, f"{len(found)} passages met {words!r}"
    return found[0]


def test_every_quote_is_verbatim_and_every_page_is_the_page_of_its_span(
    passages: list[Passage], documents: dict[str, Document]
) -> None:
    for passage in passages:
        document = documents[passage.document]
        assert collapse(document.text[passage.start : passage.end]) == collapse(passage.quote)
        assert passage.pages == document.pages_of(passage.start, passage.end)


def test_ids_are_unique(passages: list[Passage]) -> None:
    assert len({p.id for p in passages}) == len(passages) == 887


def test_bullets_of_the_accord_are_all_passages(passages: list[Passage], documents: dict[str, Document]) -> None:
    bullets = sum(line.startswith("- ") for line in documents[ACCORD].lines)
    assert sum(p.kind == "punt" for p in passages if p.document == ACCORD) == bullets == 249


def test_table_rows_are_all_passages(passages: list[Passage], documents: dict[str, Document]) -> None:
    rows = sum(bool(re.search(r"^\S[^\t]*\t.*\d", line)) for line in documents[ACCORD].lines[545:])
    assert sum(p.kind == "rij" for p in passages) == rows == 59


def test_bullet_has_its_headings_and_the_line_that_opens_its_list(passages: list[Passage]) -> None:
    passage = find(passages, "ophalen van grofvuil gratis;")
    assert passage.headings == ("Zorg voor de bestaande stad", "Fysieke leefomgeving")
    assert passage.lead_in == "Dit gaan we doen:"


def test_heading_that_is_the_last_line_of_its_page_stands_over_the_page(passages: list[Passage]) -> None:
    passage = find(passages, "Ga niet uit van problemen, maar van kracht.")
    assert passage.headings == ("De kracht van inwoners en vrijwilligers",)
    assert find(passages, "Sociale kaart op orde.").headings == ("Succesvol samenwerken",)
    assert find(passages, "Elkaar (leren) kennen").lead_in == "Wat is belangrijk?"


@pytest.mark.parametrize(
    "words", ["The image is a composite", "A photograph of a business", "Deel dit", "Madere uitwerking"]
)
def test_what_is_no_document_text_is_in_no_passage(passages: list[Passage], words: str) -> None:
    assert not [p for p in passages if words in p.quote]


def test_scrambled_table_of_contents_is_in_no_passage(passages: list[Passage], documents: dict[str, Document]) -> None:
    first, last = documents[ACCORD].span_of_lines(35, 78)
    assert not [p for p in passages if p.document == ACCORD and first <= p.start < last]


def test_list_item_broken_over_lines_and_blank_lines_is_one_statement(passages: list[Passage]) -> None:
    assert find(passages, "Meer bestaanszekerheid").quote == (
        "Meer bestaanszekerheid - zorgen dat basisvoorwaarden voor mensen op orde zijn, zodat iedereen kan meedoen in "
        "de samenleving, zoals huizen, werk, opleiding en financiële zekerheid."
    )
    assert find(passages, "Transparantie in politieke keuzes").quote.endswith("bijv. t.a.v. woningbouw.")


def test_list_item_goes_on_over_a_page_break(passages: list[Passage]) -> None:
    before = find(passages, "we versnellen woningbouw door procedures")
    after = find(passages, "we verdichten rond de OV-knooppunten")
    assert before.pages == (8, 8) and after.pages == (9, 9)
    assert after.lead_in == "Dit gaan we doen:"
    assert after.headings[-1] == "Woningbouw en programmering"


@pytest.mark.parametrize(
    ("printed", "meant"),
    [("ledereen", "iedereen"), ("financiéle", "financiële"), ("tockomstbestendig", "toekomstbestendig"),
     ("VMO", "Wmo"), ("codperaties", "coöperaties"), ("{iberhaupt", "{überhaupt")],
)  # fmt: skip
def test_misread_word_stays_as_printed_in_the_quote_and_is_found_by_the_right_word(
    passages: list[Passage], documents: dict[str, Document], printed: str, meant: str
) -> None:
    passage = next(p for p in passages if re.search(rf"(?<!\w){re.escape(printed)}", p.quote))
    assert meant in searchable_text(passage, documents[passage.document])
    assert printed not in searchable_text(passage, documents[passage.document])


def test_invisible_narrow_space_is_white_space(documents: dict[str, Document], passages: list[Passage]) -> None:
    assert any("\u202f" in d.text for d in documents.values())
    assert not any("\u202f" in p.quote for p in passages)


def test_table_row_as_data_with_its_unit_section_and_empty_cells(passages: list[Passage]) -> None:
    rows = [p.row for p in passages if p.row and p.row.label == "Stadspas"]
    assert [r.cells for r in rows if r] == [
        (("2027", ""), ("2028", ""), ("2029", "-0,4"), ("2030", "-0,4"), ("I/S", "S")),
        (("2027", "-0,5"), ("2028", "-0,5"), ("2029", "-0,1"), ("2030", "-0,1"), ("I/S", "I")),
    ]
    assert {(r.section, r.unit) for r in rows if r} == {("Sociaal domein", "Bedragen x € 1 miljoen")}


def test_row_printed_without_a_minus_sign_stays_as_printed(passages: list[Passage]) -> None:
    passage = find(passages, "Versnellen woningbouw/ Centrumontwikkeling")
    assert passage.quote == "Versnellen woningbouw/ Centrumontwikkeling\t0,25\t0,25\t0,25\t0,25\tI"


def test_row_in_words_says_that_an_empty_cell_is_no_amount(passages: list[Passage]) -> None:
    words = next(p for p in passages if p.row and p.row.label == "Stadspas").searchable
    assert "2027 geen bedrag genoemd" in words and "structureel" in words


def test_web_page_cites_its_heading_path_and_no_page(passages: list[Passage]) -> None:
    passage = find(passages, "openbaar register van algoritmes")
    assert passage.pages is None
    assert passage.heading_path == "5. Een sterke gemeente van ons allemaal > Veiligheid"
