from dataclasses import replace

import pytest

from vraagalmere import VraagAlmere
from vraagalmere.checks import source_fault, verified
from vraagalmere.writer import BuiltinWriter, Draft


@pytest.fixture(scope="module")
def draft(vraagbaak: VraagAlmere) -> Draft:
    found = vraagbaak.retriever.search("Is grofvuil gratis?")
    return BuiltinWriter(vraagbaak.index.documents, vraagbaak.index.records).write("", found.hits[:2])


def test_a_right_source_has_no_fault(vraagbaak: VraagAlmere, draft: Draft) -> None:
    assert [source_fault(s, vraagbaak.index.documents) for s in draft.sources] == [None, None]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"citaat": "we houden het ophalen van grofvuil gratiz;"}, "citaat staat er niet letterlijk"),
        ({"citaat": ""}, "citaat staat er niet letterlijk"),
        ({"pagina_van": 19}, "pagina klopt niet"),
        ({"pagina_van": None, "pagina_tot": None}, "pagina klopt niet"),
        ({"partij": "PvdA Almere"}, "partij of soort klopt niet"),
        ({"soort": "verkiezingsprogramma"}, "partij of soort klopt niet"),
        ({"document": "ander"}, "document onbekend"),
        ({"versie": "0" * 12}, "andere versie van het document"),
        ({"begin": 0}, "citaat staat er niet letterlijk"),
    ],
)
def test_a_wrong_source_is_caught_and_its_sentences_go(
    vraagbaak: VraagAlmere, draft: Draft, change: dict[str, object], fault: str
) -> None:
    wrong = replace(draft.sources[0], **change)  # type: ignore[arg-type]
    assert source_fault(wrong, vraagbaak.index.documents) == fault
    kept = verified(replace(draft, sources=(wrong, draft.sources[1])), vraagbaak.index.documents)
    assert [s.passage for s in kept.sources] == [draft.sources[1].passage]
    assert kept.sentences and {s.bronnen for s in kept.sentences} == {(1,)}


def test_sentence_without_source_or_under_another_speaker_goes(vraagbaak: VraagAlmere, draft: Draft) -> None:
    loose = replace(draft.sentences[0], bronnen=())
    other = replace(draft.sentences[0], groep="Dit wil Samen voor Almere")
    unknown = replace(draft.sentences[0], bronnen=(7,))
    kept = verified(replace(draft, sentences=(loose, other, unknown)), vraagbaak.index.documents)
    assert kept.sentences == () and kept.sources == ()
