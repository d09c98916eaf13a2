import re
from collections import Counter
from decimal import Decimal

import pytest

from vraagalmere import VraagAlmere
from vraagalmere.commitments import Commitment, commitments, select
from vraagalmere.corpus import Document
from vraagalmere.dutch import collapse
from vraagalmere.strength import strength_of_passage

ACCORD = "hoofdlijnenakkoord-2026-2030"


@pytest.fixture(scope="module")
def register(vraagbaak: VraagAlmere) -> tuple[Commitment, ...]:
    return commitments(vraagbaak.index)


def find(register: tuple[Commitment, ...], start: str) -> Commitment:
    return next(c for c in register if c.text.startswith(start))


def test_every_bullet_under_the_line_and_every_row_of_a_table_is_in_it_once(
    register: tuple[Commitment, ...], documents: dict[str, Document]
) -> None:
    # Counted apart from the cutter: bullets after 'Dit gaan we doen:', and rows with a label and a number that is
    # no total, up to 'Totaalbeeld': that table says how the budget stands.
    bullets, rows, under = [], [], False
    before, _, _picture = documents[ACCORD].text.rpartition("\nTotaalbeeld")
    for line in before.split("\n"):
        if line.startswith("Dit gaan we doen:"):
            under = True
        elif line.startswith("Voorgestelde portefeuille"):
            under = False
        elif under and line.startswith("- "):
            bullets.append(collapse(line[2:]))
        elif re.match(r"^(?!Totaal |Eindtotaal)[^\t]+\t+[^\t]*\d", line):
            rows.append(line.strip())
    assert (len(bullets), len(rows)) == (187, 41)
    assert Counter(c.text for c in register if c.kind == "afspraak") == Counter(bullets)
    assert Counter(c.text for c in register if c.kind == "bedrag") == Counter(rows)
    assert len({c.id for c in register}) == len(register) == 228


def test_text_page_and_version_are_those_of_the_document(
    register: tuple[Commitment, ...], documents: dict[str, Document]
) -> None:
    document = documents[ACCORD]
    for row in register:
        assert collapse(document.text[row.start : row.end]) == collapse(row.text)
        assert row.pages == document.pages_of(row.start, row.end) and row.version == document.hash[:12]


def test_one_statement_in_full(register: tuple[Commitment, ...]) -> None:
    row = find(register, "we houden het ophalen van grofvuil gratis")
    assert (row.theme, row.section, row.pages) == ("Zorg voor de bestaande stad", "Fysieke leefomgeving", (18, 18))
    assert (row.strength, row.strength_why, row.kind) == ("doen", "geen voorbehoud", "afspraak")
    assert [h.name for h in row.holders] == ["Wethouder J.S.A. Vroege"]
    assert [m.label for m in row.money] == ["Gratis ophalen grofvuil"]
    assert row.money[0].euro("2027") == Decimal(-300000)
    assert "grofvuil" in row.plain


def test_the_words_that_decide_the_strength_are_shown(register: tuple[Commitment, ...]) -> None:
    row = find(register, "we zorgen ervoor dat sociale huurwoningen mogen worden verkocht")
    assert (row.strength, row.strength_why) == ("voorwaarde", "er staat een voorwaarde in: ‘mits’")


@pytest.mark.parametrize(
    ("start", "labels"),
    [
        ("we ontwikkelen een stedelijke, integrale aanpak", ["Jeugdcriminaliteit"]),
        ("we willen dat de stadspas", ["Stadspas", "Stadspas"]),
        ("we onderzoeken de mogelijkheden van hostels", ["Hostel (economisch daklozen)"] * 2),
        ("we zetten de samenwerking binnen Positief Gezond Almere", ["Positief Gezond Almere"]),
        ("we kijken vanuit Positief Gezond Almere", []),
        ("we zorgen ervoor dat er op middelbare scholen jongerenwerk", ["Jongerenwerk op school"]),
        ("we houden de bestaande overdekte fietsenstallingen", []),
    ],
)
def test_amounts_belong_to_the_statement_that_has_their_words(
    register: tuple[Commitment, ...], start: str, labels: list[str]
) -> None:
    assert [m.label for m in find(register, start).money] == labels


def test_a_saving_pays_for_no_statement(register: tuple[Commitment, ...]) -> None:
    kinds = Counter(kind for c in register if c.kind == "afspraak" for kind in c.money_kinds)
    assert "bezuiniging" not in kinds and kinds["uitgave"] > 0
    assert all(len(c.money) == len(c.money_kinds) == len(c.money_doubts) for c in register)


def test_the_overall_picture_of_the_budget_promises_nothing(vraagbaak: VraagAlmere) -> None:
    picture = [p for p in vraagbaak.index.passages if p.row and p.row.table == "Totaalbeeld"]
    assert len(picture) == 7 and {strength_of_passage(p) for p in picture} == {None}
    assert {strength_of_passage(p) for p in vraagbaak.index.passages if p.row and p not in picture} == {"doen"}


def test_a_figure_carries_its_own_row(register: tuple[Commitment, ...]) -> None:
    figures = [c for c in register if c.kind == "bedrag"]
    assert all(len(c.money) == 1 and c.money[0].passage == c.id for c in figures)
    assert not any(c.money[0].is_total for c in figures)


def test_the_rows_that_fit_every_wish(register: tuple[Commitment, ...]) -> None:
    assert len(select(register)) == 228
    assert {c.strength for c in select(register, strength="onderzoeken")} == {"onderzoeken"}
    assert {c.section for c in select(register, theme="mobiliteit")} == {"Mobiliteit: Vlot en goed van A naar B"}
    assert [c.kind for c in select(register, search="grofvuil gratis")] == ["afspraak", "bedrag"]
    assert [c.kind for c in select(register, search="grofvuil", with_money=True)] == ["afspraak", "bedrag"]
    assert all(c.holders == () for c in select(register, holder="onduidelijk"))
    assert select(register, holder="hilten", theme="mobiliteit", search="parkeerplekken")
    assert not select(register, holder="tang", theme="mobiliteit")
