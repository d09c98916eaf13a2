"""The pages for staff, their exports and their API, without a browser."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import escape, unescape

import pytest
from fastapi.testclient import TestClient

from vraagalmere.dutch import collapse
from vraagalmere.settings import Settings
from vraagalmere.staff import Filters, Register, dutch_number
from vraagalmere.web.server import create_app

PAGES = ("/afspraken", "/geld", "/vergelijk", "/vergelijk?thema=armoede", "/wie")
ACCORD = "hoofdlijnenakkoord-2026-2030"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(index=tmp_path_factory.mktemp("staf") / "index")
    with TestClient(create_app(settings, chat=False), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="module")
def register(client: TestClient) -> Register:
    return client.app.state.engine.current().register  # type: ignore[attr-defined, no-any-return]


def counts(page: str) -> list[int]:
    """The numbers in the line that counts."""
    line = re.search(r'<p role="status">(.*?)</p>', page, re.S)
    assert line
    return [int(n) for n in re.findall(r"<b>(\d+)</b>", line[1])]


def rows_of(page: str) -> list[str]:
    """The literal texts of the rows."""
    return [unescape(t) for t in re.findall(r'class="letterlijk">“<bdi>(.*?)</bdi>', page, re.S)]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_says_what_it_is_and_links_to_the_others(client: TestClient, path: str) -> None:
    got = client.get(path)
    assert got.status_code == 200
    assert got.text.count("<h1") == 1
    assert "geen besluit" in got.text
    tabs = re.search(r'<nav class="tabs".*?</nav>', got.text, re.S)
    assert tabs
    assert re.findall(r'href="([^"]+)"', tabs[0]) == ["/afspraken", "/geld", "/vergelijk", "/wie"]
    assert re.findall(r'href="([^"]+)" aria-current="page"', tabs[0]) == [path.split("?")[0]]


@pytest.mark.parametrize("path", PAGES)
def test_pages_need_no_inline_script_or_style(client: TestClient, path: str) -> None:
    got = client.get(path)
    assert "unsafe-inline" not in got.headers["content-security-policy"]
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! src=)", got.text)


def test_plain_pages_and_chat_link_to_the_pages_for_staff(client: TestClient) -> None:
    assert '<a href="/afspraken">Voor medewerkers</a>' in client.get("/eenvoudig").text


def test_all_commitments_are_counted_and_a_page_is_shown(client: TestClient, register: Register) -> None:
    page = client.get("/afspraken").text
    assert counts(page) == [len(register.rows), len(register.rows), 50]
    assert len(rows_of(page)) == 50
    every = client.get("/afspraken?blad=alles").text
    assert rows_of(every) == [
        collapse(r.text) if "\t" not in r.text else r.text.replace("\t", " · ") for r in register.rows
    ]


def test_filters_narrow_the_list(client: TestClient) -> None:
    page = client.get("/afspraken", params={"kracht": "onderzoeken", "zoek": "hostels", "thema": "", "pagina": ""}).text
    assert rows_of(page) == ["we onderzoeken de mogelijkheden van hostels;"]
    page = client.get("/afspraken", params={"pagina": "18"}).text
    assert "we houden het ophalen van grofvuil gratis;" in rows_of(page)
    assert "we onderzoeken de mogelijkheden van hostels;" not in rows_of(page)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"kracht": "voorwaarde"}, lambda r: r.strength == "voorwaarde"),
        ({"thema": "Bestaanszekerheid"}, lambda r: r.section == "Bestaanszekerheid"),
        ({"thema": "Opgave 3: Financiën structureel op orde"}, lambda r: r.theme.startswith("Opgave 3")),
        ({"wethouder": "Tang"}, lambda r: any("Tang" in h.name for h in r.holders)),
        ({"wethouder": "onduidelijk"}, lambda r: not r.holders),
        ({"soort": "bedrag"}, lambda r: r.kind == "bedrag"),
        ({"met_geld": True}, lambda r: bool(r.money)),
        ({"pagina": 27}, lambda r: r.pages is not None and r.pages[0] <= 27 <= r.pages[1]),
    ],
)
def test_each_filter_keeps_exactly_what_fits(register: Register, query: dict[str, object], fits: object) -> None:
    found = register.find(Filters.model_validate(query))
    assert found == [r for r in register.rows if fits(r)]  # type: ignore[operator]
    assert 0 < len(found) < len(register.rows)


def test_sorting_keeps_every_row(register: Register) -> None:
    by_strength = [r.strength for r in register.find(Filters(sorteer="kracht"))]
    assert by_strength[0] == "doen" and by_strength[-1] == "voorwaarde" and len(by_strength) == len(register.rows)
    themes = [r.theme for r in register.find(Filters(sorteer="thema"))]
    assert themes == sorted(themes)
    assert [r.start for r in register.find(Filters())] == sorted(r.start for r in register.rows)


def test_every_row_links_to_its_page_with_exactly_its_words_marked(client: TestClient, register: Register) -> None:
    page = client.get("/afspraken?blad=alles").text
    links = re.findall(r'<td role="cell" class="wat">\s*<p class="plek"><a href="([^"]+)"', page)
    assert len(links) == len(register.rows)
    for link, row in list(zip(links, register.rows))[::25]:
        seen = client.get(unescape(link)).text
        marks = [unescape(m) for m in re.findall(r"<mark[^>]*>(.*?)</mark>", seen, re.S)]
        if row.kind == "afspraak" and row.pages and row.pages[0] == row.pages[1]:
            assert collapse(" ".join(marks)) == collapse(row.text)


def test_plot_counts_every_statement_once(client: TestClient, register: Register) -> None:
    bars = register.bars(register.rows)
    assert sum(b.total for b in bars) == sum(r.kind == "afspraak" for r in register.rows)
    assert "Mobiliteit: Vlot en goed van A naar B" in [b.theme for b in bars]
    page = client.get("/afspraken").text
    for bar in bars:
        assert f">{escape(bar.theme)}</a></th>" in page
    assert page.count('class="balkcel"') == len(bars)


def test_nothing_found_is_said(client: TestClient) -> None:
    page = client.get("/afspraken?zoek=vliegveld").text
    assert "Er past geen afspraak bij deze keuzes." in page and counts(page)[1] == 0


@pytest.mark.parametrize("query", ["kracht=hard", "pagina=twee", "sorteer=partij", f"zoek={'a' * 201}"])
def test_a_choice_that_is_none_is_an_error_that_helps(client: TestClient, query: str) -> None:
    got = client.get(f"/afspraken?{query}")
    assert got.status_code == 422 and "Begin opnieuw bij ‘Afspraken’" in got.text


def test_what_is_typed_is_never_markup(client: TestClient) -> None:
    for path in ("/afspraken?zoek=", "/vergelijk?thema="):
        page = client.get(path + "%22%3E%3Cimg+src=x%3E+afval").text
        assert "<img src=x" not in page and "&lt;img" in page


def test_export_has_the_filtered_rows(client: TestClient) -> None:
    got = client.get("/afspraken.csv?kracht=onderzoeken")
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    assert got.headers["content-disposition"] == 'attachment; filename="afspraken-almere.csv"'
    listed = list(csv.DictReader(io.StringIO(got.content.decode("utf-8-sig")), delimiter=";"))
    shown = counts(client.get("/afspraken?kracht=onderzoeken").text)[1]
    assert len(listed) == shown and {r["kracht"] for r in listed} == {"onderzoeken"}


def test_workbook_has_the_filtered_rows(client: TestClient) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    got = client.get("/afspraken.xlsx?thema=Bestaanszekerheid")
    sheet = openpyxl.load_workbook(io.BytesIO(got.content))["Afspraken"]
    assert sheet.max_row - 1 == counts(client.get("/afspraken?thema=Bestaanszekerheid").text)[1]


def test_other_exports_do_not_exist(client: TestClient) -> None:
    assert client.get("/afspraken.pdf").status_code == 404


def test_money_page_shows_the_printed_cells_and_what_does_not_add_up(client: TestClient) -> None:
    page = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/geld").text)))
    assert "Totaal incidenteel , pagina 33 -7,2 -8,9 -8,5 -8,5 -33,1 incidenteel" in page
    assert "Nagerekend: som van alle regels die incidenteel zijn -6,7 -8,4 -8 -8" in page
    assert "Met het andere teken bij ‘Versnellen woningbouw/ Centrumontwikkeling’ klopt het wel." in page


def test_numbers_are_printed_the_dutch_way() -> None:
    from decimal import Decimal

    assert [dutch_number(Decimal(n)) for n in ("-6.70", "8", "-0.25", "0", "1200.5")] == [
        "-6,7", "8", "-0,25", "0", "1200,5",
    ]  # fmt: skip


def test_comparison_page_has_a_column_for_each_and_says_nothing_found(client: TestClient) -> None:
    page = client.get("/vergelijk?thema=buurtrechtbank").text
    assert page.count('<section class="kolom ') == 4
    assert page.count('<p class="leeg">Niets gevonden.</p>') == 3
    assert page.count("Oud: van vóór het akkoord") == 2


def test_comparison_page_shows_a_contradiction_with_both_sides(client: TestClient) -> None:
    page = client.get("/vergelijk?thema=preventief+fouilleren").text
    section = re.search(r'<section class="tegenspraak">.*?</section>', page, re.S)
    assert section and section[0].count("<blockquote>") == 2


@pytest.mark.parametrize(
    ("theme", "line"), [("welke partij is het beste voor ouderen", "Ik geef geen stemadvies"), ("ik wil dood", "113")]
)
def test_limits_decide_before_a_comparison(client: TestClient, theme: str, line: str) -> None:
    page = client.get("/vergelijk", params={"thema": theme}).text
    assert line in page and '<section class="kolom ' not in page


def test_who_page_names_the_college_and_who_signed(client: TestClient) -> None:
    page = client.get("/wie").text
    for part in (
        "Wethouder P.J.G. Tang",
        "Volkshuisvesting",
        "Suzanne van de Laar",
        "Voorgestelde portefeuilleverdeling",
    ):
        assert part in page


# The API.


def test_api_gives_the_register_by_page_and_filter(client: TestClient, register: Register) -> None:
    body = client.get("/api/v1/afspraken?kracht=streven&per_blad=10&blad=2").json()
    expected = register.find(Filters(kracht="streven"))
    assert (body["totaal"], body["gevonden"], body["blad"]) == (len(register.rows), len(expected), 2)
    assert body["bladen"] == -(-len(expected) // 10)
    assert [a["id"] for a in body["afspraken"]] == [r.id for r in expected[10:20]]
    first = body["afspraken"][0]
    document = register.index.documents[first["document"]]
    assert collapse(document.text[first["begin"] : first["eind"]]) == collapse(first["tekst"])
    assert first["versie"] == document.hash[:12]


def test_api_gives_money_in_euros_with_the_printed_cells(client: TestClient) -> None:
    tables = client.get("/api/v1/geld").json()
    rows = {r["regel"]: r for t in tables for r in t["regels"]}
    assert rows["Gratis ophalen grofvuil"]["bedragen"][0] == {"jaar": "2027", "gedrukt": "-0,3", "euro": -300_000}
    assert [c["regel"] for t in tables for c in t["controles"] if not c["klopt"]] == ["Totaal incidenteel"]


def test_api_compares_and_names_persons(client: TestClient) -> None:
    body = client.get("/api/v1/vergelijk?thema=buurtrechtbank").json()
    assert [bool(k["zinnen"]) for k in body["kolommen"]] == [False, False, False, True]
    people = client.get("/api/v1/wie").json()
    tang = next(p for p in people if "Tang" in p["naam"])
    assert (tang["rol"], tang["partij"], tang["taken"][0]["taak"]) == ("Wethouder", "PRO", "Volkshuisvesting")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/afspraken?kracht=hard", "/api/v1/afspraken?onbekend=1", "/api/v1/afspraken?blad=0",
        "/api/v1/afspraken?per_blad=9999", "/api/v1/vergelijk", "/api/v1/vergelijk?thema=",
    ],
)  # fmt: skip
def test_api_error_is_a_dutch_problem(client: TestClient, path: str) -> None:
    got = client.get(path)
    assert got.status_code == 422
    assert got.headers["content-type"] == "application/problem+json"
    assert re.search(r"Het veld '\w+' (heeft|bestaat|ontbreekt|is)", got.json()["detail"])
