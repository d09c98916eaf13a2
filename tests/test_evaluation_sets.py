"""Question sets: what is read, and the Dutch error that names file, line and field. And: no leaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from test_evaluation_measures import DOCUMENTS
from vraagalmere.corpus import read_corpus
from vraagalmere.errors import InputError
from vraagalmere.evaluation.contamination import contaminations, folded, four_grams, jaccard, used_texts
from vraagalmere.evaluation.sets import Place, Question, find_quote, read_sets, standard_sets
from vraagalmere.settings import Settings

PLACE = {"document": "akkoord", "regels": [1, 1], "citaat": "Grofvuil  blijft gratis"}
GOOD: dict[str, Any] = {
    "id": "v1", "vraag": "Is grofvuil gratis?", "soort": "antwoord", "goud": [[PLACE]],
    "feiten": ["gratis", ["a", "b"]], "stijl": ["kort"], "deel": "ontwikkeling",
}  # fmt: skip


def written(folder: Path, *lines: object) -> Path:
    path = folder / "proef.jsonl"
    text = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def test_a_question_is_read_with_its_character_spans(tmp_path: Path) -> None:
    (found,) = read_sets([written(tmp_path, GOOD)], DOCUMENTS)
    assert found.goud == ((Place("akkoord", 0, 22),),)
    assert found.feiten == (("gratis",), ("a", "b"))
    assert (found.set, found.deel) == ("proef", "ontwikkeling")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"antwoord": "ja"}, "proef.jsonl, regel 2, veld 'antwoord': onbekende sleutel"),
        ({"deel": "train"}, "regel 2, veld 'deel': moet een van deze zijn: 'ontwikkeling' of 'test'"),
        ({"vraag": 3}, "regel 2, veld 'vraag': moet tekst zijn"),
        ({"goud": []}, "regel 2, veld 'goud': ontbreekt"),
        ({"goud": [[]]}, "regel 2, veld 'goud.0': is leeg"),
        (
            {"goud": [[{**PLACE, "document": "x"}]]},
            "veld 'goud.0.0.document': 'x' is geen document. Bekend zijn: akkoord",
        ),
        ({"goud": [[{**PLACE, "regels": [9, 12]}]]}, "veld 'goud.0.0.regels'"),
        ({"goud": [[{**PLACE, "citaat": "Grofvuil kost geld"}]]}, "veld 'goud.0.0.citaat': deze woorden staan niet op"),
        ({"goud": [[{**PLACE, "pagina": 4}]]}, "veld 'goud.0.0.pagina': onbekende sleutel"),
        ({"id": "v1"}, "regel 2, veld 'id': 'v1' staat ook al in proef.jsonl, regel 1"),
    ],
)
def test_a_bad_line_gives_a_dutch_error_with_line_and_field(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        read_sets([written(tmp_path, GOOD, {**GOOD, "id": "v2", **change})], DOCUMENTS)
    assert said in str(error.value)


def test_a_missing_key_and_broken_json(tmp_path: Path) -> None:
    without_style = {k: v for k, v in GOOD.items() if k != "stijl"}
    with pytest.raises(InputError, match=r"regel 1, veld 'stijl': ontbreekt"):
        read_sets([written(tmp_path, without_style)], DOCUMENTS)
    with pytest.raises(InputError, match=r"regel 1, .*geen geldige JSON"):
        read_sets([written(tmp_path, "{")], DOCUMENTS)


def test_a_file_that_is_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"weg\.jsonl bestaat niet"):
        read_sets([tmp_path / "weg.jsonl"], DOCUMENTS)
    (tmp_path / "fout.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        read_sets([tmp_path / "fout.jsonl"], DOCUMENTS)


def test_labels_of_strength_and_claims_are_no_question_set(tmp_path: Path) -> None:
    for name in ("kracht-120.jsonl", "leugens-110.jsonl", "eigen.jsonl"):
        (tmp_path / name).touch()
    assert [p.name for p in standard_sets(tmp_path)] == ["eigen.jsonl"]


def test_a_quote_is_found_whatever_its_white_space() -> None:
    assert find_quote("a  b\tc", "b c") == (3, 6)
    assert find_quote("a b", "b a") is None


def test_likeness_of_four_character_groups() -> None:
    assert four_grams("abcdef") == {"abcd", "bcde", "cdef"}
    assert jaccard(four_grams("abcdef"), four_grams("abcdeg")) == 2 / 4  # shared abcd, bcde; in all 4
    assert jaccard(frozenset(), frozenset()) == 0


def test_a_leaked_question_is_found_equal_or_nearly_so() -> None:
    asked = "Hoeveel sociale huurwoningen komen er in de stad?"
    question = Question("v1", "proef", asked, "antwoord", (), (), (), "test")
    texts = [
        ("a", "hoeveel sociale huurwoningen komen er in de STAD"),
        ("b", "Hoeveel sociale huurwoningen komen er in onze stad?"),
        ("c", "Hoe duur is een huurwoning?"),
    ]
    found = contaminations([question], texts)
    assert [(c.question, c.place) for c in found] == [("v1", "a"), ("v1", "b")]
    assert folded(asked) == "hoeveel sociale huurwoningen komen er in de stad"


def test_no_gold_question_is_in_what_the_index_or_the_training_uses() -> None:
    corpus = Settings().corpus
    documents = {d.id: d for d in read_corpus(corpus)}
    questions = read_sets(standard_sets(corpus.parent / "evals" / "sets"), documents)
    found = contaminations(questions, used_texts(corpus))
    assert not found, "Gelekte vragen:\n" + "\n".join(f"{c.question}: {c.place} ({c.likeness:.2f})" for c in found)
