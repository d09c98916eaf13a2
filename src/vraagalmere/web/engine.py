"""The one shared `VraagAlmere` of a server: replaced in one step when another index takes its place on disk."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from ..errors import VraagAlmereError
from ..index import CURRENT, load
from ..passages import Passage
from ..pipeline import VraagAlmere
from ..settings import Settings

LOOK_EVERY = 1.0
"""Seconds between two looks at the file that names the index in use."""

log = logging.getLogger("vraagalmere.web")


@dataclass(frozen=True)
class Loaded:
    """An index in use, and its passages by id."""

    vraagbaak: VraagAlmere
    passages: dict[str, Passage]


def _loaded(vraagbaak: VraagAlmere) -> Loaded:
    return Loaded(vraagbaak, {p.id: p for p in vraagbaak.index.passages})


class Engine:
    """Hands out the index in use; a question under way keeps the one that it began with."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._pointer = self._read_pointer()
        self._loaded = _loaded(VraagAlmere.open(settings))
        self._pointer = self._read_pointer() or self._pointer
        self._looked = time.monotonic()
        self._lock = threading.Lock()

    def current(self) -> Loaded:
        """The index in use. Never waits: a new index is read in the background."""
        if time.monotonic() - self._looked >= LOOK_EVERY and self._lock.acquire(blocking=False):
            self._looked = time.monotonic()
            name = self._read_pointer()
            if name and name != self._pointer:
                threading.Thread(target=self._replace, args=(name,), daemon=True).start()
            else:
                self._lock.release()
        return self._loaded

    def _read_pointer(self) -> str:
        try:
            return (self.settings.index / CURRENT).read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def _replace(self, name: str) -> None:
        """Read the new index and put it in place; one that cannot be used leaves the old one at work."""
        try:
            index = load(self.settings)
            self._loaded = _loaded(VraagAlmere.over(index, self.settings))
            log.info("Nieuwe index in gebruik: %s", name)
        except VraagAlmereError as exc:
            log.warning("De nieuwe index is niet bruikbaar, de oude blijft in gebruik. %s", exc)
        finally:
            self._pointer = name
            self._lock.release()
