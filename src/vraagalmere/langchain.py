"""The retriever as a LangChain-core retriever, for chains of others."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from .retrieval import Retriever


class PassageRetriever(BaseRetriever):
    """Gives the k passages most likely to answer, as LangChain documents: the literal quote, the place as metadata.

    Two passages with the same words on two pages, or of two parties, stay two documents (they have other ids).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    engine: Retriever
    k: int = 4

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None, **kwargs: Any
    ) -> list[Document]:
        hits = self.engine.search(query).hits[: self.k if k is None else k]
        return [
            Document(
                id=hit.passage.id,
                page_content=hit.passage.quote,
                metadata={
                    "document": hit.passage.document,
                    "paginas": hit.passage.pages,
                    "kop": hit.passage.heading_path,
                    "begin": hit.passage.start,
                    "eind": hit.passage.end,
                    "kans": hit.relevance,
                },
            )
            for hit in hits
        ]
