"""Vraag Almere: questions about Almere's policy documents, answered with the page and the literal words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .answer import Answer
    from .errors import VraagAlmereError
    from .pipeline import VraagAlmere
    from .settings import Settings

__all__ = ["Answer", "Settings", "VraagAlmere", "VraagAlmereError"]

_HOME = {"Answer": "answer", "Settings": "settings", "VraagAlmere": "pipeline", "VraagAlmereError": "errors"}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: importing the package costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'vraagalmere' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f".{_HOME[name]}", __name__), name)
