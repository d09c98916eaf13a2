import re
import shutil
from pathlib import Path

import pytest
import yaml

from support import ROOT
from vraagalmere.corpus import read_document
from vraagalmere.dutch import sentences, words
from vraagalmere.edition import Edition, Record, read_edition
from vraagalmere.errors import EditionError
from vraagalmere.passages import Passage, passages_of


@pytest.fixture(scope="module")
def edition(passages: list[Passage]) -> Edition:
    return read_edition(ROOT / "corpus", passages)


@pytest.fixture(scope="module")
def pairs(edition: Edition, passages: list[Passage]) -> list[tuple[Passage, Record]]:
    return [(p, edition.records[p.id]) for p in passages]


def test_every_statement_has_a_record(edition: Edition) -> None:
    assert edition.missing == () and edition.stale == ()


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:,\d+)?", re.sub(r"(?<=\d)\.(?=\d{3}\b)", "", text)))


def test_numbers_of_the_plain_text_are_those_of_the_passage(pairs: list[tuple[Passage, Record]]) -> None:
    counted = dict(zip("een twee drie vier vijf zes zeven acht negen tien".split(), map(str, range(1, 11))))
    for passage, record in pairs:
        if passage.row:
            continue
        source = f"{passage.quote} {passage.heading_path}"
        allowed = numbers(source) | {n for w, n in counted.items() if w in words(source)} | {"2023"}
        assert numbers(record.gewone_taal) <= allowed, record.passage
        assert numbers(passage.quote) <= numbers(record.gewone_taal), record.passage


def test_amounts_of_a_table_row_are_said_as_people_say_them(pairs: list[tuple[Passage, Record]]) -> None:
    """Every amount printed in the row, and no other: '0,25' in millions is '250.000 euro'."""
    for passage, record in pairs:
        if not passage.row:
            continue
        printed = {c.lstrip("-") for _, c in passage.row.cells if re.match(r"^-?\d", c)}
        said = record.gewone_taal
        for amount in printed:
            value = float(amount.replace(",", "."))
            forms = {amount, amount.removesuffix(",0"), f"{round(value * 1e6):,}".replace(",", ".")}
            assert any(re.search(rf"(?<![\d,.]){re.escape(f)}(?![\d]|,\d)", said) for f in forms), (passage.id, amount)


def test_sentences_are_short(pairs: list[tuple[Passage, Record]]) -> None:
    lengths = [len(re.findall(r"[\w€%'’.,/-]*\w[\w€%'’.,/-]*", s)) for _, r in pairs for s in sentences(r.gewone_taal)]
    assert max(lengths) <= 20
    assert sum(lengths) / len(lengths) <= 11


def test_looking_into_stays_looking_into(pairs: list[tuple[Passage, Record]]) -> None:
    for passage, record in pairs:
        if re.match(r"(we|wij) (onderzoeken|verkennen)\b", passage.quote, re.IGNORECASE):
            assert re.search(r"onderzoek|verken|bekijk|kijk|zoek", record.gewone_taal), record.passage


def test_a_negation_is_not_lost(pairs: list[tuple[Passage, Record]]) -> None:
    said = re.compile(r"\b(niet|geen|nooit|zonder|niemand|tegen|terughoudend|minder|onbe\w+|alleen|pas|voorkom\w*)\b")
    lost = [
        r.passage
        for p, r in pairs
        if re.search(r"\b(niet|geen|nooit|niemand)\b", p.quote, re.IGNORECASE)
        and not said.search(r.gewone_taal.lower())
    ]
    assert len(lost) <= 0.02 * len(pairs), lost


def test_wish_of_a_party_names_the_party(pairs: list[tuple[Passage, Record]]) -> None:
    for passage, record in pairs:
        if passage.document == "samen-voor-almere":
            assert re.search(r"Samen voor Almere|[Dd]e partij|lijsttrekkers", record.gewone_taal), record.passage
        if passage.document.startswith("pvda"):
            assert re.search(r"PvdA|Partij van de Arbeid|[Dd]e partij", record.gewone_taal), record.passage


def test_no_question_is_both_answered_and_unanswered(pairs: list[tuple[Passage, Record]]) -> None:
    answered = {" ".join(words(q)) for _, r in pairs for q in r.vragen}
    unanswered = {" ".join(words(q)) for _, r in pairs for q in r.onbeantwoord}
    assert not answered & unanswered


def test_changed_passage_makes_its_record_stale_and_unused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    path = tmp_path / "corpus" / "pvda-sterke-gemeente.txt"
    path.write_text(
        path.read_text().replace("Wij zijn tegen preventief fouilleren.", "Wij zijn voor preventief fouilleren.")
    )
    changed = passages_of(read_document(path.with_suffix(".json")))
    edition = read_edition(tmp_path / "corpus", changed)
    stale = [r.begin for r in edition.stale if r.passage.startswith("pvda-sterke")]
    assert len(stale) == 1 and stale[0].startswith("Wij zijn tegen preventief")
    assert [p.quote[:11] for p in edition.missing] == ["Wij zijn vo"]


def test_damaged_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "klaretaal").mkdir()
    (tmp_path / "klaretaal" / "x.yaml").write_text("- passage: [\n")
    with pytest.raises(EditionError, match=r"x\.yaml"):
        read_edition(tmp_path, [])
    (tmp_path / "klaretaal" / "x.yaml").write_text(yaml.safe_dump([{"passage": "a:1", "soort": "b"}]))
    with pytest.raises(EditionError, match="record 0"):
        read_edition(tmp_path, [])
