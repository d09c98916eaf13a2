import json

import pytest

from support import ROOT
from vraagalmere.passages import Passage
from vraagalmere.strength import strength_of, strength_of_passage


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


def test_strength_agrees_with_statements_labelled_by_hand() -> None:
    rows = [json.loads(x) for x in (ROOT / "evals" / "sets" / "kracht-120.jsonl").read_text().splitlines()]
    right = sum(strength_of(r["citaat"])[0] == r["kracht"] for r in rows)
    assert len(rows) == 120 and right / len(rows) >= 0.88
    told_as_doing = [
        r["citaat"] for r in rows if r["kracht"] == "onderzoeken" and strength_of(r["citaat"])[0] == "doen"
    ]
    assert len(told_as_doing) <= 1, told_as_doing


def test_a_task_or_a_name_has_no_strength(passages: list[Passage]) -> None:
    kinds = {p.quote: strength_of_passage(p) for p in passages if p.document == "hoofdlijnenakkoord-2026-2030"}
    assert kinds["Sport en verenigingsbeleid"] is None and kinds["Aya Selman PRO Almere"] is None
    assert kinds["we houden het ophalen van grofvuil gratis;"] == "doen"
