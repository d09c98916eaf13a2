"""docs/resultaten.md belongs to the documents, questions, settings and code of now."""

from support import ROOT
from vraagalmere import VraagAlmere
from vraagalmere.evaluation.results import fault
from vraagalmere.evaluation.run import configuration
from vraagalmere.evaluation.sets import standard_sets
from vraagalmere.settings import Settings


def test_results_page_is_current(vraagbaak: VraagAlmere, settings: Settings) -> None:
    config = configuration(vraagbaak, settings, standard_sets(ROOT / "evals" / "sets"), "test")
    assert fault(ROOT / "docs" / "resultaten.md", ROOT / "evals" / "runs", config) is None
