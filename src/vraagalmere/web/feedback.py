"""What people thought of an answer, in a local file: without the question, unless they asked to keep it."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Sequence
from pathlib import Path

from ..privacy import mask
from ..settings import Settings

MAX_BYTES = 20 * 1024 * 1024
"""The file grows no further than this."""

_lock = threading.Lock()


def feedback_file(settings: Settings) -> Path:
    """Where it is kept: beside the index, so that making the index anew does not remove it."""
    return settings.index.parent / "waarderingen.jsonl"


def keep(path: Path, helped: bool, kind: str, sources: Sequence[str], question: str | None) -> None:
    """Add a line: the day, yes or no, the kind of answer, the sources, and the question (masked) if given."""
    line: dict[str, object] = {
        "dag": datetime.date.today().isoformat(), "hielp": helped, "soort": kind, "bronnen": list(sources),
    }  # fmt: skip
    if question is not None:
        line["vraag"] = mask(question).text[:1000]
    with _lock:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > MAX_BYTES:
            return
        with path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
