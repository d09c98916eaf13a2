"""Staff questions by kind of work."""

from vraagalmere.corpus import Document
from vraagalmere.evaluation.categories import STAFF, categories
from vraagalmere.evaluation.scoring import aggregate, score
from vraagalmere.evaluation.sets import Place, Question
from vraagalmere.pipeline import VraagAlmere

ACCORD, DIALOGUE = "hoofdlijnenakkoord-2026-2030", "dialoogverslag-2023"


def asked(documents: dict[str, Document], *words_of: tuple[str, str], style: str = "x", text: str = "?") -> Question:
    """A staff question whose parts are the first place of each (document, words)."""
    parts = []
    for document, words in words_of:
        start = documents[document].text.index(words)
        parts.append((Place(document, start, start + len(words)),))
    return Question("m", STAFF, text, "antwoord", tuple(parts), (), (style,), "ontwikkeling")


def test_gold_says_the_kind_of_work(documents: dict[str, Document]) -> None:
    row, duty, line = "Zwemdiploma\t", "Burgemeester W.H.J.M. van der Loo", "we houden het ophalen van grofvuil gratis"
    other = documents[DIALOGUE].text.strip()[:20]
    assert categories(asked(documents, (ACCORD, row)), documents) == ("geld",)
    assert categories(asked(documents, (ACCORD, duty)), documents) == ("wie",)
    assert categories(asked(documents, (ACCORD, line), (DIALOGUE, other)), documents) == ("vergelijking",)
    assert categories(asked(documents, (ACCORD, line)), documents) == ("overig",)


def test_style_and_words_count_too_and_a_question_may_have_several(documents: dict[str, Document]) -> None:
    line = (ACCORD, "we houden het ophalen van grofvuil gratis")
    found = categories(asked(documents, line, style="toezegging", text="Op welke pagina staat dat?"), documents)
    assert found == ("pagina", "toezegging")


def test_other_sets_have_no_category_and_figures_are_per_category(vraagbaak: VraagAlmere) -> None:
    documents = vraagbaak.index.documents
    staff = asked(documents, (ACCORD, "Zwemdiploma\t"), text="zwemdiploma geld")
    resident = Question("b", "bewoners", "zwemdiploma geld", "antwoord", staff.goud, (), ("kort",), "ontwikkeling")
    rows = [score(q, vraagbaak.ask(q.vraag, id=q.id), documents, frozenset()) for q in (staff, resident)]
    assert [r.categorie for r in rows] == ["geld", ""]
    figures = aggregate(rows, 2)["per_categorie"]
    assert (
        list(figures) == ["geld"] and figures["geld"]["hit_3"]["gemiddelde"] == 1 and figures["geld"]["goed"]["n"] == 1
    )
