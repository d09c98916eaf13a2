import json

import pytest

from support import ROOT
from vraagalmere.passages import Passage
from vraagalmere.strength import judged, strength_of, strength_of_passage


@pytest.mark.parametrize(
    ("statement", "strength"),
    [
        ("we houden het ophalen van grofvuil gratis;", "doen"),
        ("we onderzoeken de mogelijkheden van hostels;", "onderzoeken"),
        ("we verkennen de inzet van multifunctionele parkeergarages", "onderzoeken"),
        ("we streven naar een compact aantal aanbieders", "streven"),
        ("we zetten in op de komst van Onderzoeksinstituut IAMM naar Almere;", "streven"),
        ("we zorgen dat woningen mogen worden verkocht, mits de voorraad niet afneemt;", "voorwaarde"),
    ],
)
def test_strength_is_read_from_the_line_itself(statement: str, strength: str) -> None:
    assert strength_of(statement)[0] == strength


@pytest.mark.parametrize(
    ("statement", "strength", "words"),
    [
        ("we schrappen eisen met als doel woningbouw te versnellen.", "doen", ""),
        ("we vernieuwen scholen en daar waar mogelijk versnellen we dit;", "doen", ""),
        ("we bouwen verder en starten pas zodra het Rijk dit toezegt;", "voorwaarde", "zodra"),
        ("we zorgen ervoor dat - als zij verkopen - het geld blijft.", "voorwaarde", "als zij verkopen"),
        ("Als het misgaat, treden we op.", "voorwaarde", "Als het misgaat"),
        ("we sturen op minder kosten van externe onderzoeken;", "doen", ""),
        ("we maken een plan, waarbij we een centrum onderzoeken;", "onderzoeken", "waarbij we een centrum onderzoeken"),
        ("we maken dat zichtbaar. Voor het KAF onderzoeken we hoe het kan.", "onderzoeken", "onderzoeken we"),
        ("we richten ons op winkels. Loodsen passen niet, tenzij ze klein zijn.", "streven", "we richten ons op"),
        ("Daarom zetten we in op goed onderwijs.", "streven", "Daarom zetten we in op"),
        ("we zetten wijkbudgetten in om ontmoeting te versterken.", "doen", ""),
        ("we betrekken mensen, ook als zij niet kunnen betalen;", "doen", ""),
    ],
)  # fmt: skip
def test_the_main_clause_decides_and_the_words_are_shown(statement: str, strength: str, words: str) -> None:
    verdict = judged(statement)
    assert (verdict.strength, verdict.words) == (strength, words)


def test_strength_agrees_with_statements_labelled_by_hand() -> None:
    rows = [json.loads(x) for x in (ROOT / "evals" / "sets" / "kracht-120.jsonl").read_text().splitlines()]
    right = sum(strength_of(r["citaat"])[0] == r["kracht"] for r in rows)
    assert len(rows) == 120 and right / len(rows) >= 0.95
    told_as_doing = [
        r["citaat"] for r in rows if r["kracht"] == "onderzoeken" and strength_of(r["citaat"])[0] == "doen"
    ]
    assert told_as_doing == []


def test_a_task_or_a_name_has_no_strength(passages: list[Passage]) -> None:
    kinds = {p.quote: strength_of_passage(p) for p in passages if p.document == "hoofdlijnenakkoord-2026-2030"}
    assert kinds["Sport en verenigingsbeleid"] is None and kinds["Aya Selman PRO Almere"] is None
    assert kinds["we houden het ophalen van grofvuil gratis;"] == "doen"


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("we vernieuwen scholen en daar waar mogelijk versnellen we dit;", "daar waar mogelijk"),
        ("we houden zoveel mogelijk bomen;", "zoveel mogelijk"),
        ("we stoppen hiermee na een evaluatie;", "na een evaluatie"),
    ],
)
def test_a_soft_reserve_is_named_in_the_reason_and_changes_no_strength(statement: str, why: str) -> None:
    assert strength_of(statement) == ("doen", f"hoofdzin zonder voorbehoud; wel: ‘{why}’")


def test_without_any_reserve_the_reason_says_so() -> None:
    assert strength_of("we houden het ophalen van grofvuil gratis;") == ("doen", "geen voorbehoud")
