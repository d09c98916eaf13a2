import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from support import ROOT, LengthEmbedder
from vraagalmere.errors import IndexBroken, IndexMissing
from vraagalmere.index import QUESTION, TEXT, build
from vraagalmere.settings import Settings
from vraagalmere.store import CURRENT, load, open_index, save


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    """One small document, without its edition."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for suffix in (".json", ".txt"):
        shutil.copy(ROOT / "corpus" / f"pvda-sterke-gemeente{suffix}", corpus)
    return Settings.load(corpus=corpus, index=tmp_path / "index")


def test_vectors_of_one_passage_lie_together_the_text_first(small: Settings) -> None:
    index = build(small, embedder=LengthEmbedder())
    assert index.first.tolist() == list(range(len(index.passages) + 1))  # no edition: one vector each
    assert set(index.kind.tolist()) == {TEXT}
    assert index.vectors.dtype == np.float32


def test_saved_and_read_again_it_is_the_same(small: Settings) -> None:
    made = build(small, embedder=LengthEmbedder())
    save(made, small.index)
    read = load(small, LengthEmbedder())
    assert read.passages == made.passages
    assert (read.vectors == made.vectors).all() and (read.owner == made.owner).all()
    query = ["privacy", "burger"]
    known = [t for t in query if t in made.lexical["tekst"].vocab_dict]
    assert read.lexical["tekst"].get_scores(known) == pytest.approx(made.lexical["tekst"].get_scores(known))
    assert not list(small.index.rglob("*.pkl"))


def test_without_an_index_the_error_says_how_to_make_it(small: Settings) -> None:
    with pytest.raises(IndexMissing, match="vraagalmere index"):
        load(small, LengthEmbedder())


@pytest.mark.parametrize("damage", ["cut", "empty", "gone", "flipped"])
@pytest.mark.parametrize(
    "name", ["vectoren.npy", "passages.jsonl", "document.json", "index.json", "tekst/indices.csc.index.npy"]
)
def test_damaged_index_is_one_clear_line_never_an_answer(small: Settings, name: str, damage: str) -> None:
    save(build(small, embedder=LengthEmbedder()), small.index)
    path = next((small.index / (small.index / CURRENT).read_text()).rglob(name))
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(
            {"cut": data[: len(data) // 2], "empty": b"", "flipped": data[:-9] + b"\x07" + data[-8:]}[damage]
        )
    with pytest.raises(IndexBroken, match="vraagalmere index"):
        load(small, LengthEmbedder())


def test_changed_document_makes_the_index_stale_and_it_is_made_anew(small: Settings) -> None:
    first = open_index(small)
    path = small.corpus / "pvda-sterke-gemeente.txt"
    path.write_text(path.read_text().replace("openbaar register", "openbaar overzicht"))
    with pytest.raises(IndexBroken, match="hoort niet meer bij de documenten"):
        load(small)
    second = open_index(small)
    assert second.fingerprint != first.fingerprint
    assert any("openbaar overzicht" in p.quote for p in second.passages)


def test_half_written_index_is_not_seen(small: Settings) -> None:
    save(build(small, embedder=LengthEmbedder()), small.index)
    (small.index / "half").mkdir()
    (small.index / "half" / "vectoren.npy").write_bytes(b"")
    assert len(load(small, LengthEmbedder()).passages) == 59


def test_edition_gives_question_vectors(settings: Settings) -> None:
    index = open_index(settings)
    asked = sum(len(r.vragen) for r in index.records.values())
    assert int((index.kind == QUESTION).sum()) == asked > 9_000
    about = json.loads((settings.index / (settings.index / CURRENT).read_text() / "index.json").read_text())
    assert about["embedder"].startswith("ingebouwd-")
