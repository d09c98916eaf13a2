import json
import shutil
from pathlib import Path

import pytest

from vraagalmere.corpus import Document, read_corpus, read_document
from vraagalmere.errors import CorpusError

ROOT = Path(__file__).parent.parent


def test_the_five_documents_are_there_the_accord_first(documents: dict[str, Document]) -> None:
    assert list(documents) == [
        "hoofdlijnenakkoord-2026-2030",
        "dialoogverslag-2023",
        "pvda-gelijke-kansen",
        "pvda-sterke-gemeente",
        "samen-voor-almere",
    ]


def test_status_says_what_a_line_is_worth(documents: dict[str, Document]) -> None:
    worth = {d.id: d.sidecar.status for d in documents.values()}
    assert worth["hoofdlijnenakkoord-2026-2030"] == "Dit is een afspraak van de coalitie."
    assert worth["samen-voor-almere"] == worth["pvda-gelijke-kansen"] == "Dit is een wens van een partij, geen besluit."
    assert worth["dialoogverslag-2023"] == "Dit zeiden deelnemers aan de dialoog in 2023."


def test_pvda_says_that_its_text_prints_no_date(documents: dict[str, Document]) -> None:
    about = documents["pvda-sterke-gemeente"].sidecar
    assert about.datum == "ongeveer 2022"
    assert "geen datum" in about.datum_bewijs


@pytest.mark.parametrize(
    ("document", "words", "pages"),
    [
        ("hoofdlijnenakkoord-2026-2030", "ophalen van grofvuil gratis", (18, 18)),
        ("hoofdlijnenakkoord-2026-2030", "we brengen het aantal thuiszitters omlaag", (12, 13)),
        ("hoofdlijnenakkoord-2026-2030", "AI mag nooit zelfstandig", (30, 30)),
        ("samen-voor-almere", "Geen loze kreten", (0, 0)),
        ("samen-voor-almere", "rechtstreeks gekozen burgemeester", (4, 4)),
        ("dialoogverslag-2023", "Opschalen voorzorgcirkels", (12, 12)),
        ("pvda-sterke-gemeente", "openbaar register van algoritmes", None),
    ],
)
def test_page_of_a_place(
    documents: dict[str, Document], document: str, words: str, pages: tuple[int, int] | None
) -> None:
    start = documents[document].text.index(words)
    assert documents[document].pages_of(start, start + len(words)) == pages


def test_a_span_over_two_pages_says_both(documents: dict[str, Document]) -> None:
    document = documents["dialoogverslag-2023"]
    start, _ = document.span_of_lines(27, 27)
    _, end = document.span_of_lines(30, 30)
    assert document.pages_of(start, end) == (1, 2)


def test_lines_of_a_page_and_of_no_page(documents: dict[str, Document]) -> None:
    assert documents["dialoogverslag-2023"].lines_of_page(3) == (70, 74)
    assert documents["dialoogverslag-2023"].lines_of_page(99) is None


def copy_of(tmp_path: Path, name: str = "pvda-sterke-gemeente") -> Path:
    for suffix in (".json", ".txt"):
        shutil.copy(ROOT / "corpus" / f"{name}{suffix}", tmp_path)
    return tmp_path / f"{name}.json"


def test_unknown_key_in_a_sidecar_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = copy_of(tmp_path)
    raw = json.loads(path.read_text())
    path.write_text(json.dumps({**raw, "titul": "x"}))
    with pytest.raises(CorpusError, match="titul"):
        read_document(path)


def test_missing_text_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    path = copy_of(tmp_path)
    path.with_suffix(".txt").unlink()
    with pytest.raises(CorpusError, match=r"pvda-sterke-gemeente\.txt ontbreekt"):
        read_document(path)


def test_page_map_with_a_gap_is_an_error(tmp_path: Path) -> None:
    path = copy_of(tmp_path)
    raw = json.loads(path.read_text())
    raw["paginas"] = [{"regels": [1, 40], "paginas": None, "bewijs": "x"}]
    path.write_text(json.dumps(raw))
    with pytest.raises(CorpusError, match="stopt bij regel 40"):
        read_document(path)


def test_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="geen documenten"):
        read_corpus(tmp_path)
