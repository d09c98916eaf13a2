import pytest

from vraagalmere import VraagAlmere
from vraagalmere.corpus import Document
from vraagalmere.retrieval import RRF_K, asking_sentence
from vraagalmere.sources import Sources


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


def test_documents_that_a_question_names(documents: dict[str, Document]) -> None:
    named = Sources.of(documents.values()).named
    assert named("wat wil de PvdA?") == {"pvda-sterke-gemeente", "pvda-gelijke-kansen"}
    assert named("Samen voor Almere en de coalitie") == {"samen-voor-almere", "hoofdlijnenakkoord-2026-2030"}
    assert named("samen werken aan wonen") == frozenset()


@pytest.mark.parametrize(
    ("question", "party", "is_named"),
    [
        ("wat wil GroenLinks met bomen", "GroenLinks Almere", True),
        ("wat wil D66 met onderwijs", "D66 Almere", True),
        ("ik denk dat het kan", "DENK Almere", False),
        ("is de buurt leefbaar", "Leefbaar Almere", False),
        ("wat zegt Leefbaar Almere daarover", "Leefbaar Almere", True),
    ],
)
def test_document_that_is_added_can_be_named_by_its_description(
    documents: dict[str, Document], question: str, party: str, is_named: bool
) -> None:
    old = documents["samen-voor-almere"]
    new = {"partij": party, "spreker": party, "korte_titel": f"Programma {party}", "id": "nieuw"}
    added = Document(old.sidecar.model_copy(update=new), old.text)
    assert (Sources.of([*documents.values(), added]).named(question) == {"nieuw"}) == is_named


ACCORD, SAMEN = "hoofdlijnenakkoord-2026-2030", "samen-voor-almere"
PVDA = ("pvda-gelijke-kansen", "pvda-sterke-gemeente")
EVERYONE = {ACCORD, "dialoogverslag-2023", SAMEN, *PVDA}


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("welke partij wil gratis openbaar vervoer", EVERYONE),
        ("gratis zwemles, staat dat ook in het coalitieakkoord?", EVERYONE),
        ("hoe denken de partijen over jeugdzorg", EVERYONE),
        ("wat zeggen alle documenten over eenzaamheid", EVERYONE),
        ("wat willen PvdA en Samen voor Almere met afval", {SAMEN, *PVDA}),
        ("verschil tussen coalitie en pvda over wonen", {ACCORD, *PVDA}),
        ("pvda akkoord stadspas", {ACCORD, *PVDA}),
        ("parkeren, akkoord vs. Samen voor Almere", {ACCORD, SAMEN}),
        ("wat wil de pvda met armoede", set()),
        ("welke partijen vormen de coalitie", set()),
        ("met welke partijen werkt Samen voor Almere samen", set()),
        ("komen er huizen in verschillende wijken", set()),
    ],
)
def test_questions_that_put_speakers_side_by_side(documents: dict[str, Document], question: str, ids: set[str]) -> None:
    assert Sources.of(documents.values()).compared(question) == ids


@pytest.mark.parametrize(
    ("question", "theme"),
    [
        ("verschil tussen coalitie en pvda over wonen", "wonen"),
        ("hoe denken de partijen over het openbaar vervoer", "openbaar vervoer"),
        ("verschil tussen de VVD en de PvdA over armoede", "armoede"),
        ("samen voor almere", "samen voor almere"),
    ],
)
def test_theme_is_what_is_left_without_the_sources(documents: dict[str, Document], question: str, theme: str) -> None:
    assert Sources.of(documents.values()).theme(question) == theme


def test_party_without_a_document_is_known(documents: dict[str, Document]) -> None:
    sources = Sources.of(documents.values())
    assert sources.missing("Wat wil de VVD met wonen?") == ("de VVD",)
    assert sources.missing("Wat wil de PvdA?") == ()
    assert sources.missing("Zit de VVD in de coalitie?") == ()
    old = documents["samen-voor-almere"]
    theirs = {"partij": "VVD Almere", "spreker": "de VVD", "korte_titel": "Programma VVD", "id": "vvd"}
    added = Document(old.sidecar.model_copy(update=theirs), old.text)
    assert Sources.of([*documents.values(), added]).missing("Wat wil de VVD met wonen?") == ()


def test_search_within_documents_finds_only_theirs_and_judges_by_theirs(vraagbaak: VraagAlmere) -> None:
    found = vraagbaak.retriever.search("Is grofvuil gratis?", within=PVDA)
    assert {h.passage.document for h in found.hits} <= set(PVDA) and len(found.hits) == 30
    whole = vraagbaak.retriever.search("Is grofvuil gratis?")
    assert found.nearest_question < whole.nearest_question
    assert max(map(vraagbaak.retriever.log_odds, found.hits)) < max(map(vraagbaak.retriever.log_odds, whole.hits))


def test_named_party_comes_first(vraagbaak: VraagAlmere) -> None:
    hits = vraagbaak.retriever.search("Wat wil de PvdA met wijkbudgetten?").hits
    assert hits[0].passage.document == "pvda-sterke-gemeente"


@pytest.mark.parametrize("question", ["", "🙂", "a" * 5000, "qzx", "\x00\u202e"])
def test_anything_can_be_searched(vraagbaak: VraagAlmere, question: str) -> None:
    assert len(vraagbaak.retriever.search(question).hits) == 30
