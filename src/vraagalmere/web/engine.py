"""The one shared `VraagAlmere` of a server: replaced in one step when another index takes its place on disk."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from ..errors import VraagAlmereError
from ..pipeline import VraagAlmere
from ..settings import Settings
from ..staff import Register
from ..store import current_name, documents_in, load

log = logging.getLogger("vraagalmere.web")


@dataclass(frozen=True)
class Loaded:
    """An index in use."""

    vraagbaak: VraagAlmere
    register: Register
    """What the staff pages show; made when first needed (`Register.warm`)."""


def _loaded(vraagbaak: VraagAlmere) -> Loaded:
    return Loaded(vraagbaak, Register(vraagbaak.index))


class Engine:
    """Hands out the index in use; a question under way keeps the one that it began with."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._name = current_name(settings.index)
        self._loaded = _loaded(VraagAlmere.open(settings))
        self._name = current_name(settings.index) or self._name
        self._lock = threading.Lock()

    def current(self) -> Loaded:
        """The index in use. A new one is read in the background, and waited for when a document is gone from it."""
        name = current_name(self.settings.index)
        if name and name != self._name:
            gone = self._loaded.vraagbaak.index.documents.keys() - set(documents_in(self.settings.index))
            if gone:
                with self._lock:
                    self._replace(name)
            elif self._lock.acquire(blocking=False):
                threading.Thread(target=self._replace_and_release, args=(name,), daemon=True).start()
        return self._loaded

    def _replace_and_release(self, name: str) -> None:
        try:
            self._replace(name)
            self._loaded.register.warm()
        finally:
            self._lock.release()

    def _replace(self, name: str) -> None:
        """Read the new index and put it in place; one that cannot be used leaves the old one at work."""
        if name == self._name:
            return
        try:
            index = load(self.settings, self._loaded.vraagbaak.index.embedder, fresh=False)
            self._loaded = _loaded(VraagAlmere.over(index, self.settings))
            log.info("Nieuwe index in gebruik: %s", name)
        except Exception as exc:
            known = isinstance(exc, VraagAlmereError)
            log.warning("De nieuwe index is niet bruikbaar, de oude blijft in gebruik. %s", exc, exc_info=not known)
        self._name = name
