"""Shared: the real documents and one built index."""

from __future__ import annotations

import pytest

from support import ROOT
from vraagalmere import VraagAlmere
from vraagalmere.corpus import Document, read_corpus
from vraagalmere.passages import Passage, passages_of
from vraagalmere.settings import Settings


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    return {d.id: d for d in read_corpus(ROOT / "corpus")}


@pytest.fixture(scope="session")
def passages(documents: dict[str, Document]) -> list[Passage]:
    return [p for d in documents.values() for p in passages_of(d)]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.load(index=tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="session")
def vraagbaak(settings: Settings) -> VraagAlmere:
    return VraagAlmere.open(settings)
