import pytest

from vraagalmere import VraagAlmere
from vraagalmere.retrieval import RRF_K, asking_sentence
from vraagalmere.sources import compares, documents_named


def test_reciprocal_rank_fusion_constant_of_cormack() -> None:
    assert RRF_K == 60
    assert pytest.approx(0.032266, abs=1e-6) == 1 / (RRF_K + 3) + 1 / (RRF_K + 1)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Is grofvuil gratis?", "ophalen van grofvuil gratis"),
        ("oude bank laten ophalen kost dat wat", "grofvuil"),
        ("grofvul gratiss", "grofvuil"),
        ("nachtopvang daklozen", "opvang"),
        ("wie gaat er over sport", "Sport en verenigingsbeleid"),
    ],
)
def test_everyday_words_and_slips_find_the_passage(vraagbaak: VraagAlmere, question: str, words: str) -> None:
    hits = vraagbaak.retriever.search(question).hits
    assert any(words.lower() in h.passage.quote.lower() for h in hits[:3])


def test_relevance_is_a_probability_over_the_candidates_best_first(vraagbaak: VraagAlmere) -> None:
    chances = [h.relevance for h in vraagbaak.retriever.search("Komt er een dierenasiel?").hits]
    assert sum(chances) == pytest.approx(1.0) and chances == sorted(chances, reverse=True)


def test_rambling_question_is_searched_by_the_sentence_that_asks() -> None:
    story = "Ik woon hier al jaren. Mijn hond is oud. Komt er een nieuw dierenasiel in de stad? Groeten van Ans."
    assert asking_sentence(story) == "Komt er een nieuw dierenasiel in de stad?"
    assert asking_sentence("dierenasiel nieuw") == "dierenasiel nieuw"


def test_documents_that_a_question_names() -> None:
    assert documents_named("wat wil de PvdA?") == {"pvda-sterke-gemeente", "pvda-gelijke-kansen"}
    assert documents_named("Samen voor Almere en de coalitie") == {"samen-voor-almere", "hoofdlijnenakkoord-2026-2030"}
    assert documents_named("samen werken aan wonen") == frozenset()


def test_a_question_that_names_two_parties_compares() -> None:
    assert compares("wat wil de pvda en wat wil de coalitie", documents_named("pvda coalitie"))
    assert not compares("wat wil de pvda", documents_named("pvda"))


def test_named_party_comes_first(vraagbaak: VraagAlmere) -> None:
    hits = vraagbaak.retriever.search("Wat wil de PvdA met wijkbudgetten?").hits
    assert hits[0].passage.document == "pvda-sterke-gemeente"


@pytest.mark.parametrize("question", ["", "🙂", "a" * 5000, "qzx", "\x00\u202e"])
def test_anything_can_be_searched(vraagbaak: VraagAlmere, question: str) -> None:
    assert len(vraagbaak.retriever.search(question).hits) == 30
