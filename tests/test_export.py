import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from vraagalmere import VraagAlmere
from vraagalmere.cli import app
from vraagalmere.commitments import Commitment, commitments
from vraagalmere.export import COLUMNS, as_csv, as_xlsx, cells, safe
from vraagalmere.settings import Settings


@pytest.fixture(scope="module")
def register(vraagbaak: VraagAlmere) -> tuple[Commitment, ...]:
    return commitments(vraagbaak.index)


def test_csv_opens_in_dutch_excel(register: tuple[Commitment, ...]) -> None:
    data = as_csv(register)
    assert data.startswith(b"\xef\xbb\xbfid;document;pagina;thema;kracht;tekst;gewone_taal;wethouder;bedragen\r\n")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == len(register) and tuple(rows[0]) == COLUMNS
    row = next(r for r in rows if r["tekst"] == "we houden het ophalen van grofvuil gratis;")
    assert (row["pagina"], row["kracht"]) == ("pagina 18", "doen")
    assert row["wethouder"] == "Wethouder J.S.A. Vroege (D66): Circulaire economie (afval en reiniging)"
    assert row["bedragen"] == (
        "Gratis ophalen grofvuil (uitgave, incidenteel): "
        "2027 € -300.000, 2028 € -300.000, 2029 € -300.000, 2030 € -300.000"
    )


def test_an_amount_says_its_kind_of_table_and_a_doubt_about_its_sign(register: tuple[Commitment, ...]) -> None:
    told = {c.money[0].label: cells(c)[-1] for c in register if c.kind == "bedrag"}
    assert told["Diversiteit en inclusie"].startswith("Diversiteit en inclusie (bezuiniging): 2027 € 400.000")
    assert told["Bouwen door de buurt"] == "Bouwen door de buurt (neutraal): € -1.400.000"
    building = told["Versnellen woningbouw/ Centrumontwikkeling"]
    assert building.endswith(
        "[Het teken klopt misschien niet: ‘Totaal incidenteel’ komt alleen uit met het andere teken.]"
    )
    assert sum("teken klopt misschien niet" in text for text in told.values()) == 1


def test_an_empty_cell_is_no_zero_and_nobody_is_said_so(register: tuple[Commitment, ...]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(register).decode("utf-8-sig")), delimiter=";"))
    pga = next(r for r in rows if r["tekst"].startswith("Positief Gezond Almere ·"))
    assert "2027" not in pga["bedragen"] and "2028 € -1.500.000" in pga["bedragen"]
    assert next(r for r in rows if r["tekst"].startswith("Zwemdiploma"))["wethouder"] == "onduidelijk"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"), ("+31", "+31"), ("-0,3", "-0,3"), ("- punt", "'- punt"), ("@naam", "'@naam"),
        ("\t=x", "'\t=x"), ("-1.500.000", "-1.500.000"), ("-2+3", "'-2+3"), ("gewoon", "gewoon"), ("a\x07b", "ab"),
    ],
)  # fmt: skip
def test_no_cell_runs_as_a_formula(cell: str, shown: str) -> None:
    assert safe(cell) == shown


def test_a_formula_in_a_text_is_text_in_both_files(register: tuple[Commitment, ...], vraagbaak: VraagAlmere) -> None:
    row = replace(register[0], text='=HYPERLINK("http://x")')
    assert b"'=HYPERLINK" in as_csv([row])
    sheet = load_workbook(io.BytesIO(as_xlsx([row], vraagbaak.index.documents)))["Afspraken"]
    assert sheet["F2"].data_type == "s" and sheet["F2"].value.startswith("'=")


def test_the_workbook_has_a_fixed_header_filters_and_its_sources(
    register: tuple[Commitment, ...], vraagbaak: VraagAlmere
) -> None:
    documents = vraagbaak.index.documents
    book = load_workbook(io.BytesIO(as_xlsx(register, documents, date(2026, 7, 1))))
    sheet, sources = book["Afspraken"], book["Bronnen"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:I{len(register) + 1}")
    assert tuple(c.value for c in sheet[1]) == COLUMNS
    assert sheet["B2"].hyperlink.location == "Bronnen!A2"
    about = dict(zip((c.value for c in sources[1]), (c.value for c in sources[2])))
    key = "hoofdlijnenakkoord-2026-2030"
    assert about["titel"] == documents[key].sidecar.titel and about["versie"] == documents[key].hash
    assert about["gemaakt op"] == "2026-07-01" and sources.max_row == 2


def test_the_command_writes_both_kinds_and_says_how_many(
    vraagbaak: VraagAlmere, settings: Settings, tmp_path: Path
) -> None:
    index = ["--index", str(settings.index)]
    for name in ("a.csv", "a.xlsx"):
        done = CliRunner().invoke(
            app, ["afspraken", "--export", str(tmp_path / name), "--kracht", "onderzoeken", *index]
        )
        assert done.exit_code == 0 and "afspraken en bedragen in" in done.output
        assert (tmp_path / name).stat().st_size > 1000
    wrong = CliRunner().invoke(app, ["afspraken", "--export", str(tmp_path / "a.pdf"), *index])
    assert "kies een naam die eindigt op .csv of .xlsx" in str(wrong.exception)


def test_the_register_and_the_persons_as_json(vraagbaak: VraagAlmere, settings: Settings) -> None:
    index = ["--index", str(settings.index)]
    rows = json.loads(CliRunner().invoke(app, ["afspraken", "--json", "--zoek", "grofvuil", *index]).output)
    assert [(r["soort"], r["pagina"]) for r in rows] == [("afspraak", "pagina 18"), ("bedrag", "pagina 32")]
    assert [m["soort"] for r in rows for m in r["geld"]] == ["uitgave", "uitgave"]
    assert all("grofvuil" in r["tekst"] and r["kracht_waarom"] for r in rows)
    people = json.loads(CliRunner().invoke(app, ["wie", "--json", *index]).output)
    tang = next(p for p in people if p["naam"] == "P.J.G. Tang")
    assert (tang["rol"], tang["partij"], tang["pagina"]) == ("Wethouder", "PRO", "pagina 36-37")
    assert len(tang["taken"]) == 6
