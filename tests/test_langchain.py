"""The retriever contract of langchain-tests."""

import pytest
from langchain_tests.integration_tests import RetrieversIntegrationTests

from vraagalmere import VraagAlmere
from vraagalmere.langchain import PassageRetriever


class TestPassageRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _engine(self, vraagbaak: VraagAlmere) -> None:
        type(self)._vraagbaak = vraagbaak  # type: ignore[attr-defined]

    @property
    def retriever_constructor(self) -> type[PassageRetriever]:
        return PassageRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, object]:
        return {"engine": self._vraagbaak.retriever}  # type: ignore[attr-defined]

    @property
    def retriever_query_example(self) -> str:
        return "Is grofvuil gratis?"


def test_documents_hold_the_literal_words_and_the_place(vraagbaak: VraagAlmere) -> None:
    first = vraagbaak.as_retriever(k=2).invoke("Is grofvuil gratis?")[0]
    assert first.page_content == "we houden het ophalen van grofvuil gratis;"
    assert first.metadata["paginas"] == (18, 18)
