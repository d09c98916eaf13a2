"""Speakers side by side, and nobody's words taken for another's."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vraagalmere import VraagAlmere
from vraagalmere.answer import Answer
from vraagalmere.checks import source_fault
from vraagalmere.cli import app
from vraagalmere.comparison import compare, speakers
from vraagalmere.contradictions import contradiction_records, contradictions
from vraagalmere.corpus import Document
from vraagalmere.dutch import collapse
from vraagalmere.passages import Passage
from vraagalmere.retrieval import Retriever
from vraagalmere.settings import Settings
from vraagalmere.writer import BuiltinWriter

ACCORD = "hoofdlijnenakkoord-2026-2030"
NOT_IN_ACCORD = "In het akkoord van de coalitie heb ik dit niet gevonden."


def headings(answer: Answer) -> list[str]:
    return list(dict.fromkeys(z.groep for z in answer.zinnen))


def test_order_of_speakers_is_fixed_the_accord_first_then_by_name(documents: dict[str, Document]) -> None:
    order = [[d.id for d in group] for group in speakers(reversed(documents.values()))]
    assert order == [
        [ACCORD], ["dialoogverslag-2023"], ["pvda-gelijke-kansen", "pvda-sterke-gemeente"], ["samen-voor-almere"],
    ]  # fmt: skip


@pytest.mark.parametrize("theme", ["armoede", "wonen", "veiligheid", "afval", "Komt er gratis openbaar vervoer?"])
def test_columns_have_equal_room_and_only_what_is_verified(vraagbaak: VraagAlmere, theme: str) -> None:
    found = compare(theme, vraagbaak.retriever, vraagbaak.limits)
    assert [c.speaker for c in found.columns] == [
        "de coalitie", "deelnemers aan de dialoog", "de PvdA", "Samen voor Almere",
    ]  # fmt: skip
    for column in found.columns:
        assert len(column.sources) <= vraagbaak.limits.kolom_hoogstens == 3
        assert {s.document for s in column.sources} <= set(column.document_ids)
        assert all(source_fault(s, vraagbaak.index.documents) is None for s in column.sources)
        assert bool(column.sentences) == bool(column.sources)


def test_only_what_is_from_before_the_accord_is_old(vraagbaak: VraagAlmere) -> None:
    found = compare("armoede", vraagbaak.retriever, vraagbaak.limits)
    assert [(c.date, c.old) for c in found.columns] == [
        ("2026-06-30", False), ("2023-06-27", True), ("ongeveer 2022", True), ("ongeveer 2026", False),
    ]  # fmt: skip


def test_column_without_anything_about_the_theme_is_empty(vraagbaak: VraagAlmere) -> None:
    accord, dialogue, pvda, samen = compare("buurtrechtbank", vraagbaak.retriever, vraagbaak.limits).columns
    assert (accord.sentences, dialogue.sentences, pvda.sentences) == ((), (), ())
    assert "buurtrechtbank" in samen.sources[0].citaat


def test_passage_that_holds_the_word_counts_however_well_others_fit(vraagbaak: VraagAlmere) -> None:
    dialogue = compare("armoede", vraagbaak.retriever, vraagbaak.limits).columns[1]
    assert dialogue.sources and all("rmoede" in s.citaat for s in dialogue.sources)


def test_theme_of_two_parts_gives_room_to_each(vraagbaak: VraagAlmere) -> None:
    accord = compare("grofvuil en dierenasiel", vraagbaak.retriever, vraagbaak.limits).columns[0]
    quotes = " ".join(s.citaat for s in accord.sources)
    assert "grofvuil" in quotes and "dierenasiel" in quotes
    assert len({s.passage for s in accord.sources}) == len(accord.sources) <= 3


def test_theme_that_nobody_mentions_gives_only_empty_columns(vraagbaak: VraagAlmere) -> None:
    found = compare("vliegtuigen naar de maan", vraagbaak.retriever, vraagbaak.limits)
    assert all(c.sentences == () for c in found.columns)


def test_question_that_names_two_gets_their_groups_in_order(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("Samen voor Almere of de coalitie over parkeren: wat is het verschil?")
    assert headings(answer)[0] == "Dit heeft de coalitie afgesproken"
    assert "pvda" not in json.dumps([b.document for b in answer.bronnen])


def test_question_which_party_wants_it_says_where_nothing_was_found(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("Welke partij wil een buurtrechtbank?")
    assert headings(answer) == ["Dit wil Samen voor Almere"]
    assert answer.inleiding == (
        "In het akkoord van de coalitie heb ik hierover niets gevonden.",
        "In het verslag van de dialoog heb ik hierover niets gevonden.",
        "In de documenten van de PvdA heb ik hierover niets gevonden.",
    )


def test_whether_it_is_in_the_accord_too_is_answered_after_a_question(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("Staat dat ook in het akkoord?", ["Wil de PvdA een stadspas?"])
    assert headings(answer)[:1] == ["Dit heeft de coalitie afgesproken"]
    assert "Dit wil de PvdA (programma van rond 2022)" in headings(answer)
    assert any("stadspas" in b.citaat for b in answer.bronnen if b.document == ACCORD)


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("Gaat de gemeente een Flex-City bouwen?", "Samen voor Almere"),
        ("Komt er een informatiecommissaris?", "de PvdA"),
        ("Heeft het college een containerdorp voor dakloze jongeren afgesproken?", "Samen voor Almere"),
        ("Wat gaat de gemeente doen aan gratis maandverband?", "de PvdA"),
        ("Heeft de coalitie toegezegd dat er een sociale supermarkt komt?", "de PvdA"),
        ("Gaat de gemeente repaircafés stimuleren?", "Samen voor Almere"),
        ("Wil de coalitie bewonersplatforms een formele status geven?", "de PvdA"),
        ("Heeft het college besloten dat er zeven wethouders komen?", "Samen voor Almere"),
    ],
)
def test_wish_asked_as_if_it_were_agreed(vraagbaak: VraagAlmere, question: str, speaker: str) -> None:
    answer = vraagbaak.ask(question)
    assert answer.inleiding[-2:] == (NOT_IN_ACCORD, f"Het is een wens van {speaker}, geen besluit.")
    assert all(b.document != ACCORD for b in answer.bronnen)


@pytest.mark.parametrize(
    "question",
    [
        "Houdt de gemeente het ophalen van grofvuil gratis?",
        "Heeft de coalitie een nieuw dierenasiel beloofd?",
        "Wat gaat de gemeente doen tegen discriminatie?",
        "Komen er hostels voor daklozen?",
        "Blijven de fietsenstallingen bewaakt?",
        "Wat doet de gemeente voor mantelzorgers?",
    ],
)
def test_what_the_accord_says_is_not_denied(vraagbaak: VraagAlmere, question: str) -> None:
    answer = vraagbaak.ask(question)
    assert not any("akkoord van de coalitie heb ik" in line for line in answer.inleiding)
    assert any(b.document == ACCORD for b in answer.bronnen)


def test_wish_that_fits_much_better_stands_beside_the_accord_as_a_wish(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("Heeft de coalitie een MKB-tafel afgesproken?")
    assert answer.inleiding[-2:] == (
        "Let op: niet alles hieronder staat in het akkoord.", "Het is een wens van Samen voor Almere, geen besluit.",
    )  # fmt: skip
    assert headings(answer) == ["Dit heeft de coalitie afgesproken", "Dit wil Samen voor Almere"]


def test_what_the_municipality_itself_writes_is_nobodys_wish(vraagbaak: VraagAlmere) -> None:
    old = vraagbaak.index.documents["samen-voor-almere"]
    own = Document(old.sidecar.model_copy(update={"soort": "gemeentestuk"}), old.text)
    index = replace(vraagbaak.index, documents={**vraagbaak.index.documents, own.id: own})
    writer = BuiltinWriter(index.documents, index.records)
    theirs = replace(vraagbaak, index=index, retriever=Retriever(index), writer=writer)
    assert theirs.ask("Komt er een buurtrechtbank?").inleiding == ()
    assert NOT_IN_ACCORD in theirs.ask("Heeft de coalitie een buurtrechtbank beloofd?").inleiding


def test_which_party_is_best_stays_refused(vraagbaak: VraagAlmere) -> None:
    for question in ("Welke partij is het beste voor ouderen?", "Vergelijk de partijen en zeg wie ik moet kiezen"):
        assert vraagbaak.ask(question).soort == "weigering"


def test_party_of_which_there_is_no_document_is_named(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("Wat is het verschil tussen de VVD en de PvdA over armoede?")
    assert answer.inleiding[-1] == "Van de VVD is er geen programma bij deze documenten."


def test_every_side_of_a_contradiction_stands_in_one_passage_of_its_document(
    passages: list[Passage], documents: dict[str, Document]
) -> None:
    for record in contradiction_records():
        for side in record.uitspraken:
            assert collapse(side.citaat) in collapse(documents[side.document].text), side.citaat
    assert len(contradictions(passages)) == len(contradiction_records()) == 2


def test_contradiction_of_which_a_side_is_gone_is_left_out(passages: list[Passage]) -> None:
    left = [p for p in passages if "tegen preventief fouilleren" not in p.quote]
    assert [c.note[:21] for c in contradictions(left)] == ["Let op: de documenten"]


@pytest.mark.parametrize(
    "question", ["Is de PvdA tegen preventief fouilleren?", "Wanneer wil de PvdA preventief fouilleren?"]
)
def test_one_side_of_a_contradiction_brings_the_other(vraagbaak: VraagAlmere, question: str) -> None:
    answer = vraagbaak.ask(question)
    quotes = " ".join(b.citaat for b in answer.bronnen)
    assert "alleen als er een concrete dreiging is" in quotes and "Wij zijn tegen preventief fouilleren" in quotes
    assert any("niet bij elkaar passen" in line for line in answer.inleiding)
    assert len({b.passage for b in answer.bronnen}) == len(answer.bronnen)


def test_numbers_of_two_speakers_stand_side_by_side(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("Naar hoeveel inwoners groeit Almere volgens de coalitie?")
    assert {"300.000 inwoners in 2040", "350.000 inwoners"} <= {
        part
        for part in ("300.000 inwoners in 2040", "350.000 inwoners")
        if any(part in b.citaat for b in answer.bronnen)
    }
    assert headings(answer) == ["Dit heeft de coalitie afgesproken", "Dit wil Samen voor Almere"]


def test_passage_about_something_else_brings_no_contradiction(vraagbaak: VraagAlmere) -> None:
    answer = vraagbaak.ask("Wanneer wil de PvdA cameratoezicht?")
    assert any("cameratoezicht" in b.citaat for b in answer.bronnen)
    assert not any("niet bij elkaar passen" in line for line in answer.inleiding)


def test_command_compares_as_text_and_as_json(vraagbaak: VraagAlmere, settings: Settings, tmp_path: Path) -> None:
    runner = CliRunner()
    where = ["--index", str(settings.index)]
    text = runner.invoke(app, ["vergelijk", "afval", *where]).stdout
    assert text.startswith("Dit heeft de coalitie afgesproken\n(2026-06-30.)") and "Niets gevonden." in text
    assert "Dit is ouder dan het akkoord." in text and text.rstrip().endswith("dan op alfabet.")
    data = json.loads(runner.invoke(app, ["vergelijk", "afval", "--json", *where]).stdout)
    assert data["thema"] == "afval" and len(data["kolommen"]) == 4 and data["kolommen"][1]["zinnen"] == []


@pytest.mark.parametrize(
    ("question", "party"),
    [
        ("Heeft PRO in haar verkiezingsprogramma iets over wonen", "PRO"),
        ("verkiezingsprogramma van de VVD over veiligheid", "de VVD"),
        ("hoeveel wil de VVD uitgeven aan armoede in 2028", "de VVD"),
        ("wat wil de PVV", "de PVV"),
    ],
)
def test_a_programme_that_is_not_there_is_said_and_the_accord_is_not_blamed(
    vraagbaak: VraagAlmere, question: str, party: str
) -> None:
    answer = vraagbaak.ask(question)
    assert f"Van {party} is er geen programma bij deze documenten." in answer.inleiding
    assert NOT_IN_ACCORD not in answer.inleiding


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("Wil de PvdA 35% sociale huur", "In de documenten van de PvdA heb ik hierover niets gevonden."),
        (
            "belooft Samen voor Almere geen zero-emissiezones",
            "In het programma van Samen voor Almere heb ik hierover niets gevonden.",
        ),
        (
            "hoeveel wil de PvdA uitgeven aan armoede in 2028",
            "In de documenten van de PvdA heb ik hierover niets gevonden.",
        ),
    ],
)
def test_a_named_speaker_of_whom_nothing_follows_is_told_first(
    vraagbaak: VraagAlmere, question: str, line: str
) -> None:
    assert vraagbaak.ask(question).inleiding[0] == line


@pytest.mark.parametrize("theme", ["ontmoetingsplekken", "wijkteams", "verkeersveiligheid"])
def test_no_absence_where_the_accord_has_the_parts_of_the_word(vraagbaak: VraagAlmere, theme: str) -> None:
    assert NOT_IN_ACCORD not in vraagbaak.ask(f"wat doet de coalitie aan {theme}").inleiding
