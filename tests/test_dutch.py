import pytest

from vraagalmere.dutch import Speller, collapse, compound_parts, fold, sentences, stem, terms, words


def test_fold_makes_look_alikes_plain_and_drops_what_cannot_be_seen() -> None:
    assert fold("Ｇrofvuil\u200b \u202eÉén ’t") == "grofvuil een 't"


def test_words_keep_amounts_and_years() -> None:
    assert words("€ 0,25 miljoen in 2027; 30% OV-knooppunt") == [
        "0,25",
        "miljoen",
        "in",
        "2027",
        "30",
        "ov",
        "knooppunt",
    ]


@pytest.mark.parametrize(
    ("word", "parts"),
    [("woningtoewijzing", ("woning", "toewijzing")), ("daklozenopvang", ("daklozen", "opvang")),
     ("verkeersveiligheid", ("verkeer", "veiligheid")), ("besluiten", ()), ("wethouder", ()), ("huis", ())],
)  # fmt: skip
def test_compound_parts(word: str, parts: tuple[str, ...]) -> None:
    assert compound_parts(word) == parts


def test_terms_answer_to_the_whole_and_to_the_parts_without_stop_words() -> None:
    found = terms("de woningtoewijzing in Almere")
    assert found == [stem("woningtoewijzing"), stem("woning"), stem("toewijzing")]


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller({"stadspas": 9, "grofvuil": 5, "coalitie": 40, "schuldhulpverlening": 3, "jeugdzorg": 8})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("grofvul", "grofvuil"), ("coaltie", "coalitie"), ("jeugtzorg", "jeugdzorg"),
     ("schuldhulpverlenning", "schuldhulpverlening"), ("fiets", "fiets"), ("xqzwv", "xqzwv")],
)  # fmt: skip
def test_typing_errors_are_mended_towards_the_documents(speller: Speller, typed: str, meant: str) -> None:
    assert speller.mend(typed) == meant


def test_two_words_are_joined_where_the_documents_write_one(speller: Speller) -> None:
    assert speller.mend_text("stads pas") == "stads stadspas pas"


def test_sentences_do_not_end_at_an_abbreviation() -> None:
    text = "Dat kan o.a. bij W.H.J.M. van der Loo. Het kost 0,5 miljoen. Echt waar?"
    assert sentences(text) == ["Dat kan o.a. bij W.H.J.M. van der Loo.", "Het kost 0,5 miljoen.", "Echt waar?"]


def test_collapse_knows_every_kind_of_space() -> None:
    assert collapse(" a\u202f\u00a0\n\tb ") == "a b"
