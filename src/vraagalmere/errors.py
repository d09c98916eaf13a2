"""The errors a person can meet, each with a Dutch sentence that says what to do next.

VraagAlmereError
├── CorpusError        a document or its sidecar cannot be used
├── PdfError           a PDF cannot be read
├── EditionError       a plain-language file cannot be used
├── IndexMissing       there is no index yet
├── IndexBroken        the index is damaged, half written or of another version
├── IndexBusy          another program holds the index
├── SettingsError      a setting is unknown or has a wrong value
├── ModelError         the language model cannot be reached, is not there or cannot be used
├── ExtraMissing       an optional package is needed and not installed
└── InputError         a file or argument that the person gave cannot be used
"""

from __future__ import annotations


class VraagAlmereError(Exception):
    """Base of every error whose text (Dutch, one line) may be shown to a person."""


class CorpusError(VraagAlmereError):
    """A document or its sidecar cannot be used."""


class PdfError(VraagAlmereError):
    """A PDF cannot be read."""


class EditionError(VraagAlmereError):
    """A file of the plain-language edition or the word list cannot be used."""


class IndexMissing(VraagAlmereError):
    """There is no index yet."""


class IndexBroken(VraagAlmereError):
    """The index is damaged, half written or made by another version."""


class IndexBusy(VraagAlmereError):
    """Another program holds the index for too long."""


class SettingsError(VraagAlmereError):
    """A setting is unknown or has a wrong value."""


class ModelError(VraagAlmereError):
    """The language model cannot be reached, is not there or cannot be used."""


class ExtraMissing(VraagAlmereError):
    """An optional package is needed and not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"Hiervoor is het pakket '{package}' nodig. Installeer het met: pip install \"vraagalmere[{extra}]\""
        )


class InputError(VraagAlmereError):
    """A file or argument that the person gave cannot be used."""
