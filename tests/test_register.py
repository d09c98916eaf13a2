import json
import re
from pathlib import Path

import pytest

from support import ROOT
from vraagalmere import limits
from vraagalmere.register import (
    RUNNING,
    STEPS,
    accessibility_statement,
    as_markdown,
    entry,
    fields,
    privacy_statement,
    write_all,
)
from vraagalmere.settings import Settings
from vraagalmere.thresholds import thresholds

STANDARD = """
    name description_short organization category status begin_date end_date contact_email website publication_category
    url goal proportionality human_intervention risks lawful_basis lawful_basis_grouping process_index_url
    impacttoetsen_grouping impacttoetsen source_data source_data_grouping methods_and_models provider publiccode lang
    standard_version source_id tags
""".split()
"""The fields of publication standard 1.0 (MinBZK, Algoritmeregister, layouts/v1_0.json)."""


@pytest.fixture(scope="module")
def made() -> dict[str, object]:
    return entry(Settings.load())


def test_the_files_in_docs_are_what_is_generated(tmp_path: Path) -> None:
    for path in write_all(tmp_path, Settings.load()):
        kept = ROOT / "docs" / path.name
        assert kept.read_text() == path.read_text(), (
            f"docs/{path.name} is oud. Maak hem opnieuw met: vraagalmere register"
        )


def test_a_language_model_is_told_in_the_entry_and_the_privacy_statement() -> None:
    settings = Settings.load(schrijver="ollama:gemma3:4b")
    text = as_markdown(entry(settings))
    assert "De schrijver is een taalmodel." in text and "| schrijver | ollama:gemma3:4b |" in text
    assert "geen taalmodel" not in text and "hetzelfde antwoord" not in text
    assert "Uw vraag gaat niet naar een ander bedrijf." in privacy_statement(settings)
    outside = settings.model_copy(update={"vragen_naar_buiten": "ja"})
    assert "niet naar een ander bedrijf" not in privacy_statement(outside)
    assert "Dan gaat uw vraag daarheen." in privacy_statement(outside)


def test_the_fields_are_those_of_the_standard() -> None:
    assert sorted(f.veld for g in fields() for f in g.velden) == sorted(STANDARD)


def test_every_text_fits_the_register(made: dict[str, object]) -> None:
    for field in (f for g in fields() for f in g.velden):
        value = made[field.sleutel]
        if isinstance(value, str):
            assert "\n" not in value and "$" not in value, field.sleutel
            assert len(value) <= (field.hoogstens or 100), field.sleutel
        assert not field.keuzes or value in field.keuzes, field.sleutel


def test_only_what_an_organisation_knows_is_open_among_the_required(made: dict[str, object]) -> None:
    assert [f.sleutel for g in fields() for f in g.velden if f.verplicht and not made[f.sleutel]] == ["contactgegevens"]


def test_it_says_what_was_not_done(made: dict[str, object]) -> None:
    assert made["status"] == "In ontwikkeling"
    assert made["begindatum"] == ""
    assert made["impacttoetsen"] == []
    assert str(made["toelichting_impacttoetsen"]).startswith("Nog niet uitgevoerd door een gemeente")


def test_it_is_made_from_what_is_running(made: dict[str, object]) -> None:
    now = made[RUNNING]
    assert isinstance(now, dict)
    assert now["documenten"][0]["id"] == "hoofdlijnenakkoord-2026-2030"
    assert now["drempels"] == thresholds().model_dump(exclude={"uitleg"})
    assert set(now["modellen"]) == {p.stem for p in (ROOT / "src/vraagalmere/data/modellen").glob("*.json")}
    for part in (now["index"], now["embedder"], now["versie"]):
        assert str(part) in str(made["technische_werking"])


def test_without_the_edition_no_passage_is_in_plain_language() -> None:
    now = entry(Settings.load(edition=False))[RUNNING]
    assert now["passages_in_gewone_taal"] == 0 < now["passages"]


def test_the_checks_are_those_of_the_limits_in_their_order() -> None:
    assert tuple(re.findall(r"^ +\d\. (\w+)", limits.__doc__ or "", re.MULTILINE)) == STEPS


def test_no_path_of_this_machine_is_in_it(made: dict[str, object]) -> None:
    assert str(ROOT) not in json.dumps(made) + as_markdown(dict(made)) + privacy_statement(Settings.load())


def test_statements_are_honest() -> None:
    assert "Status: nog niet vastgesteld" in accessibility_statement()
    assert "Namen van mensen herkent het niet" in " ".join(privacy_statement(Settings.load()).split())
