"""The plain-language edition: for a passage, what it says in plain Dutch and what it answers.

`corpus/klaretaal/<document>.yaml` holds a record for each passage of that document, pinned by the hash of the
passage's words. A record whose passage has changed is stale: it is not used, and `vraagalmere klaretaal controle`
names it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from .errors import EditionError
from .passages import Passage

FOLDER = "klaretaal"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Record(BaseModel):
    """One record of the edition. Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    passage: str
    hash: str
    begin: str
    """The first words of the passage, for the reader of the file."""
    status: Literal["nagekeken", "concept"]
    """'concept' is what a language model wrote and no person approved: found with, not shown."""
    gewone_taal: str
    vragen: tuple[str, ...]
    """Questions that the passage answers."""
    woorden: tuple[str, ...]
    """Everyday words that lead here and are not in the passage."""
    onbeantwoord: tuple[str, ...]
    """Near questions that no document answers."""


_records = TypeAdapter(list[Record])


@dataclass(frozen=True)
class Edition:
    """The records that may be used, by passage id, and what is wrong with the rest."""

    records: dict[str, Record]
    stale: tuple[Record, ...]
    """Records whose passage is gone or has other words."""
    missing: tuple[Passage, ...]
    """Passages without a usable record."""


def read_edition(corpus: Path, passages: Iterable[Passage], documents: Collection[str] | None = None) -> Edition:
    """Read the edition and hold each record to its passage.

    Args:
        documents: ids of the documents whose files are read; None: all files.

    Raises:
        EditionError: when a file is no valid YAML of records.
    """
    by_id = {p.id: p for p in passages}
    records: dict[str, Record] = {}
    stale = []
    for path in sorted((corpus / FOLDER).glob("*.yaml")):
        if documents is not None and path.stem not in documents:
            continue
        for record in read_records(path):
            passage = by_id.get(record.passage)
            if passage is None or passage.hash != record.hash:
                stale.append(record)
            else:
                records[record.passage] = record
    missing = tuple(p for p in by_id.values() if p.id not in records)
    return Edition(records, tuple(stale), missing)


def read_records(path: Path) -> list[Record]:
    """All records of one file of the edition.

    Raises:
        EditionError: when it is no valid YAML of records.
    """
    try:
        return _records.validate_python(yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader) or [])
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise EditionError(f"klaretaal/{path.name} is beschadigd: {exc}".replace("\n", " ")) from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(p) for p in first["loc"])
        raise EditionError(f"klaretaal/{path.name}: record {place} klopt niet ({first['msg']}).") from exc
