"""Where things are and what is chosen: one object, from defaults, environment and command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import SettingsError

ENV_PREFIX = "VRAAGALMERE_"
BUILTIN = "ingebouwd"
_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def _home() -> Path:
    """The folder that holds corpus/ and prompts/: the checkout, or the copy inside an installed wheel."""
    if (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "corpus").is_dir():
        return _CHECKOUT
    return _PACKAGE / "meegeleverd"


def _index_home() -> Path:
    if _home() == _CHECKOUT:
        return _CHECKOUT / "index"
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "vraagalmere" / "index"


class Settings(BaseModel):
    """The settings. Each can be set in the environment, as VRAAGALMERE_<NAME>; unknown names are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    corpus: Path = _home() / "corpus"
    """Folder with the documents, their sidecars, klaretaal/ and woordenlijst.yaml."""
    index: Path = _index_home()
    """Folder where the index is kept."""
    prompts: Path = _home() / "prompts"
    """Folder with what a language model is told."""
    embedder: str = "ingebouwd"
    """'ingebouwd', or the name or folder of a sentence-transformers model."""
    edition: bool = True
    """Whether the plain-language edition is used, for finding and for answering."""
    schrijver: str = BUILTIN
    """Who writes answers: 'ingebouwd', 'ollama:<model>' or 'openai:<url>' ('#<model>' behind it is optional)."""
    schrijver_wacht: float = Field(default=20, gt=0, allow_inf_nan=False)
    """Seconds to wait for the first word of a language model; its whole answer may take three times as long. A person
    who sees nothing for longer goes away, and the built-in writer needs a few milliseconds."""
    vragen_naar_buiten: Literal["ja", "nee"] = "nee"
    """Whether questions may go to a language model on another computer."""

    @classmethod
    def load(cls, **chosen: object) -> Settings:
        """Defaults, overruled by the environment, overruled by `chosen` (None means: not chosen).

        Raises:
            SettingsError: for an unknown name or a value of the wrong kind.
        """
        values: dict[str, object] = {
            key[len(ENV_PREFIX) :].lower(): value for key, value in os.environ.items() if key.startswith(ENV_PREFIX)
        }
        values.update({k: v for k, v in chosen.items() if v is not None})
        try:
            return cls.model_validate(values)
        except ValidationError as exc:
            first = exc.errors()[0]
            name = ".".join(str(p) for p in first["loc"])
            raise SettingsError(
                f"De instelling '{name}' bestaat niet of heeft een verkeerde waarde. "
                f"Bekende instellingen: {', '.join(cls.model_fields)}."
            ) from exc
