"""Every measure with its arithmetic written out, and each kind of error caught."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vraagalmere.answer import Answer, Sentence, Source
from vraagalmere.corpus import Document, PageSegment, Sidecar
from vraagalmere.evaluation import fidelity
from vraagalmere.evaluation import measures as m
from vraagalmere.evaluation.readability import common_words, flesch_douma, own_sentences, syllables, words_per_sentence
from vraagalmere.evaluation.sets import Place, Question

#        0123456789012345678901 2 (22 characters and a newline)
TEXT = "Grofvuil blijft gratis\nWe bouwen 400 huizen\nOok komt er 35% groen\n"


def document(name: str = "akkoord", text: str = TEXT, party: str = "Coalitie") -> Document:
    """Line 1 on page 4, line 2 on page 5, the rest on page 5 or 6."""
    pages = (
        PageSegment(regels=(1, 1), paginas=(4, 4), bewijs=""),
        PageSegment(regels=(2, 2), paginas=(5, 5), bewijs=""),
        PageSegment(regels=(3, 4), paginas=(5, 6), bewijs=""),
    )
    about = Sidecar(
        id=name, titel="Akkoord", korte_titel="Akkoord", partij=party, uitgever="", soort="coalitieakkoord",
        datum="2026", datum_bewijs="", status="", groep="Dit is afgesproken", spreker="", paginanummering="",
        paginas=pages,
    )  # fmt: skip
    return Document(about, text)


DOCUMENTS = {"akkoord": document(), "programma": document("programma", party="PvdA")}


def source(start: int, end: int, number: int = 1, name: str = "akkoord") -> Source:
    """A right source for the characters [start, end)."""
    d = DOCUMENTS[name]
    first, last = d.pages_of(start, end) or (None, None)
    return Source(
        nummer=number, passage=f"{name}:{start}", document=name, titel="Akkoord", soort="coalitieakkoord",
        partij=d.sidecar.partij, datum="2026", status="", pagina=f"pagina {first}", pagina_van=first,
        pagina_tot=last, kop="", citaat=d.text[start:end], kracht=None, versie=d.hash[:12], begin=start, eind=end,
    )  # fmt: skip


def answer(*sources: Source, sentences: tuple[str, ...] = ("Grofvuil is gratis.",), key: str = "v1") -> Answer:
    found = tuple(replace(s, nummer=n) for n, s in enumerate(sources, start=1))
    lines = tuple(Sentence(t, (n,), "") for n, t in enumerate(sentences, start=1))
    return Answer(key, "?", "antwoord", " ".join(sentences), lines, found, zekerheid="hoog")


def question(*parts: tuple[Place, ...], facts: tuple[tuple[str, ...], ...] = (), kind: str = "antwoord") -> Question:
    return Question("v1", "proef", "?", kind, parts, facts, ("kort",), "ontwikkeling")  # type: ignore[arg-type]


FIRST, SECOND, THIRD = Place("akkoord", 0, 22), Place("akkoord", 23, 43), Place("akkoord", 44, 65)
NOTHING = Answer("v1", "?", "geen_antwoord", "Dat staat niet in de documenten.")


# What is deliberately wrong is caught.


def test_a_right_source_is_right_in_everything() -> None:
    given = answer(source(0, 22))
    checks = (fidelity.quote_verbatim, fidelity.page_exact, fidelity.page_within_one, fidelity.speaker_right)
    assert [check(given, DOCUMENTS) for check in checks] == [1, 1, 1, 1]


def test_one_changed_letter_in_a_quote_is_caught() -> None:
    wrong = replace(source(0, 22), citaat="Grofvuil blijft grates")
    assert fidelity.quote_verbatim(answer(wrong), DOCUMENTS) == 0
    assert fidelity.quote_verbatim(answer(wrong, source(23, 43)), DOCUMENTS) == 1 / 2


def test_other_white_space_in_a_quote_is_no_error() -> None:
    assert fidelity.quote_verbatim(answer(replace(source(0, 22), citaat="Grofvuil\n blijft gratis")), DOCUMENTS) == 1


def test_a_wrong_page_is_caught() -> None:
    beside = replace(source(0, 22), pagina_van=5, pagina_tot=5)  # stands on 4
    far = replace(source(0, 22), pagina_van=9, pagina_tot=9)
    assert (fidelity.page_exact(answer(beside), DOCUMENTS), fidelity.page_within_one(answer(beside), DOCUMENTS)) == (
        0,
        1,
    )
    assert (fidelity.page_exact(answer(far), DOCUMENTS), fidelity.page_within_one(answer(far), DOCUMENTS)) == (0, 0)


def test_an_unknown_page_shown_as_page_one_is_caught() -> None:
    no_pages = document("web").sidecar.model_copy(
        update={"paginas": (PageSegment(regels=(1, 4), paginas=None, bewijs=""),)}
    )
    documents = {"web": Document(no_pages, TEXT)}
    honest = replace(source(0, 22), document="web", pagina_van=None, pagina_tot=None)
    assert fidelity.page_exact(answer(honest), documents) == 1
    assert fidelity.page_within_one(answer(replace(honest, pagina_van=1, pagina_tot=1)), documents) == 0


def test_a_page_is_held_to_the_quote_and_not_to_the_position_that_the_answer_names() -> None:
    moved = replace(source(0, 22), begin=23, eind=43, pagina_van=5, pagina_tot=5)
    assert fidelity.page_exact(answer(moved), DOCUMENTS) == 0


def test_a_wrong_party_is_caught() -> None:
    assert fidelity.speaker_right(answer(replace(source(0, 22), partij="PvdA")), DOCUMENTS) == 0


def test_a_wrong_abstention_is_caught() -> None:
    asked = question((FIRST,))
    assert m.outcome_right(asked, NOTHING) == m.good(asked, NOTHING) == 0
    assert m.hit_at(1, asked, NOTHING) == m.citation_recall(asked, NOTHING) == m.character_recall(asked, NOTHING) == 0
    assert m.reciprocal_rank(asked, NOTHING) == 0
    assert m.citation_precision(asked, NOTHING) is None  # nothing was shown: not measured


def test_an_answer_where_nothing_is_to_be_found_is_caught() -> None:
    asked = question(kind="geen_antwoord")
    assert (m.good(asked, answer(source(0, 22))), m.good(asked, NOTHING)) == (0, 1)
    assert m.hit_at(1, asked, NOTHING) is None


# Spans.


@pytest.mark.parametrize(
    ("start", "end", "hit"),
    [
        (0, 22, True),
        (0, 11, True),  # overlap 11, shorter 11: 11/11
        (11, 43, True),  # overlap 11 of the shorter 22: exactly half
        (12, 43, False),  # overlap 10 of 22
        (0, 66, True),  # the whole of it inside a long one
        (22, 44, False),  # side by side: overlap 0
    ],
)
def test_a_source_hits_with_half_of_the_shorter_one(start: int, end: int, hit: bool) -> None:
    assert m.hits(source(start, end), FIRST) is hit


def test_the_same_span_in_another_document_is_no_hit() -> None:
    assert not m.hits(source(0, 22, name="programma"), FIRST)


def test_hit_and_reciprocal_rank() -> None:
    given = answer(source(23, 43), source(0, 22))  # the right one is second
    asked = question((FIRST,))
    assert (m.hit_at(1, asked, given), m.hit_at(3, asked, given)) == (0, 1)
    assert m.reciprocal_rank(asked, given) == 1 / 2


def test_precision_and_recall_of_sources() -> None:
    asked = question((FIRST, SECOND), (THIRD,))  # (first or second) and third
    given = answer(source(0, 22), source(0, 22, name="programma"), source(23, 43))
    assert m.citation_precision(asked, given) == 2 / 3  # the middle one is of another document
    assert m.citation_recall(asked, given) == 1 / 2  # the third line is missing


def test_sentence_support() -> None:
    given = answer(source(0, 22), source(23, 43), sentences=("Gratis.", "Huizen."))
    assert m.sentence_support(question((FIRST,)), given) == 1 / 2


def test_precision_and_recall_of_characters() -> None:
    asked = question((FIRST,), (SECOND,))  # 22 + 20 = 42 characters
    given = answer(source(0, 33))  # shows 33: 22 of the first, 10 of the second, one newline
    assert m.character_precision(asked, given) == (22 + 10) / 33
    assert m.character_recall(asked, given) == (22 + 10) / 42


def test_of_alternatives_the_best_covered_one_counts_for_recall() -> None:
    assert m.character_recall(question((FIRST, SECOND)), answer(source(23, 43))) == 20 / 20


def test_the_page_shown_for_a_gold_place() -> None:
    long_chunk = replace(source(0, 43), pagina_van=4, pagina_tot=4)  # shows the page of its start
    assert m.page_of_gold(question((SECOND,)), answer(long_chunk), DOCUMENTS) == 0  # it stands on 5
    assert m.page_of_gold(question((FIRST,)), answer(long_chunk), DOCUMENTS) == 1
    assert m.page_of_gold(question((FIRST,)), answer(source(23, 43)), DOCUMENTS) is None  # no gold source


# Facts, numbers, readability.


@pytest.mark.parametrize(
    ("text", "fact", "there"),
    [
        ("voor 35% groen", "35%", True),
        ("voor 135% groen", "35%", False),
        ("400 huizen", "40", False),
        ("€ 1.400 huizen", "400", False),
        ("Cafés  mogen", "cafes mogen", True),
        ("in 2030.", "2030", True),
    ],
)
def test_a_fact_stands_in_a_text(text: str, fact: str, there: bool) -> None:
    assert m.holds(text, fact) is there


def test_facts_present_counts_one_wording_of_each() -> None:
    asked = question((FIRST,), facts=(("kosteloos", "gratis"), ("35%",)))
    assert m.facts_present(asked, answer(source(0, 22))) == 1 / 2
    assert m.facts_present(asked, NOTHING) == 0
    assert m.facts_present(question((FIRST,)), NOTHING) is None


def test_a_number_that_the_source_does_not_give_is_caught() -> None:
    assert fidelity.numbers_supported(answer(source(23, 43), sentences=("Er komen 400 huizen.",)), DOCUMENTS) == 1
    assert fidelity.numbers_supported(answer(source(23, 43), sentences=("400 huizen, of 500.",)), DOCUMENTS) == 1 / 2
    assert fidelity.numbers_supported(answer(source(0, 22)), DOCUMENTS) is None


def test_amounts_of_a_table_row_may_be_written_out() -> None:
    text = "\t2027\t2028\nStadspas\t0,2\t5,0\n"
    documents = {"akkoord": document(text=text)}
    row = replace(source(0, 22), citaat="Stadspas\t0,2\t5,0", begin=11, eind=27)
    said = "In 2027 is het 200.000 euro, in 2028 5 miljoen, in 2029 niets."
    assert fidelity.numbers_supported(answer(row, sentences=(said,)), documents) == 4 / 5


@pytest.mark.parametrize(
    ("word", "count"),
    [("huis", 1), ("coalitie", 4), ("ideeën", 3), ("gemeente", 3), ("WMO", 1), ("bureau", 2), ("pvv", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_flesch_douma() -> None:
    # 3 + 3 words in 2 sentences; syllables: De 1, gemeente 3, bouwt 1, Dat 1, is 1, goed 1 = 8
    text = ["De gemeente bouwt.", "Dat is goed."]
    assert words_per_sentence(text) == 6 / 2
    assert flesch_douma(text) == pytest.approx(206.84 - 0.77 * (100 * 8 / 6) - 0.93 * 3)
    assert flesch_douma([]) is None


def test_common_words() -> None:
    # 'de', 'is' and a number are common; of two odd words one is explained
    text = ["De participatieladdering is 3 zwermvuilheid"]
    assert common_words(text, frozenset({"zwermvuilheid"})) == 4 / 5


def test_a_literal_quote_is_not_our_own_sentence() -> None:
    given = answer(source(0, 22), source(23, 43), sentences=("Er staat: ‘Grofvuil blijft gratis’", "Er komen huizen."))
    assert own_sentences(given) == ["Er komen huizen."]
