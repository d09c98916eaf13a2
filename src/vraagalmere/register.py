"""The entry for the Dutch Algoritmeregister, the privacy and the accessibility statement, from what is running.

The fields are those of publication standard 1.0 of algoritmes.overheid.nl (MinBZK, Algoritmeregister,
schemas/config/v1_0.json). Their texts are data (data/register.yaml, data/verklaringen/); what changes with the
configuration is filled in here. No dates: the same configuration gives the same files.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from . import privacy
from .corpus import read_corpus
from .edition import read_edition
from .embeddings import open_embedder
from .index import fingerprint
from .limits import rules
from .passages import passages_of
from .settings import BUILTIN, Settings
from .thresholds import thresholds

STEPS = ("ongeldig", "persoonsgegevens", "hulp", "kennismaking", "taal", "opdracht", "weigering")
"""The checks before the search, in the order of `limits`."""
RUNNING = "configuratie"
"""Key of what is running; it is no field of the standard."""

Value = str | list[str] | list[dict[str, str]]


class Field(BaseModel):
    """A field of the publication standard. Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sleutel: str
    titel: str
    veld: str
    """Its name in the register's own JSON."""
    tekst: Value
    """What we say in it, with $names to fill in; '' or [] is left to the organisation that takes it into use."""
    hoogstens: int | None = None
    """Characters that the register takes."""
    verplicht: bool = False
    keuzes: tuple[str, ...] = ()


class Group(BaseModel):
    """A group of fields, as the register shows them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    groep: str
    velden: tuple[Field, ...]


def _data(*path: str) -> str:
    return files("vraagalmere").joinpath("data", *path).read_text(encoding="utf-8")


@cache
def fields() -> tuple[Group, ...]:
    """The fields of publication standard 1.0, by group, in its order."""
    return TypeAdapter(tuple[Group, ...]).validate_python(yaml.safe_load(_data("register.yaml")))


def running(settings: Settings) -> dict[str, Any]:
    """What is running: version, documents, index, embedder, writer, thresholds, models and rules.

    Raises:
        VraagAlmereError: when the documents, the edition or the embedder cannot be used.
    """
    documents = read_corpus(settings.corpus)
    passages = [p for d in documents for p in passages_of(d)]
    records = read_edition(settings.corpus, passages).records if settings.edition else {}
    embedder = open_embedder(settings.embedder)
    limits, texts = thresholds(), rules()
    models = sorted(p.name for p in files("vraagalmere").joinpath("data", "modellen").iterdir())
    return {
        "versie": version("vraagalmere"),
        "documenten": [
            {
                "id": d.id, "titel": d.sidecar.titel, "uitgever": d.sidecar.uitgever, "soort": d.sidecar.soort,
                "datum": d.sidecar.datum, "status": d.sidecar.status, "versie": d.hash[:12],
            }
            for d in documents
        ],
        "passages": len(passages),
        "passages_in_gewone_taal": sum(r.status == "nagekeken" for r in records.values()),
        "index": fingerprint(settings, embedder),
        "embedder": Path(embedder.name).name if Path(embedder.name).is_absolute() else embedder.name,
        "schrijver": settings.schrijver,
        "drempels": limits.model_dump(exclude={"uitleg"}),
        "modellen": {m.removesuffix(".json"): json.loads(_data("modellen", m))["uitleg"] for m in models},
        "grenzen": list(STEPS),
        "regels": {
            "hulp": [k["soort"] for k in texts["hulp"]["soorten"]],
            "kennismaking": sorted({k["soort"] for k in texts["kennismaking"]["patronen"]}),
            "taal": [t["taal"] for part in ("woordlijsten", "schriften") for t in texts["talen"][part]],
            "weigering": [p["regel"] for p in texts["weigering"]["patronen"]],
        },
        "persoonsgegevens": _private_kinds(),
    }  # fmt: skip


def entry(settings: Settings) -> dict[str, Any]:
    """The entry: the standard's fields by their Dutch key, and under RUNNING what it was made from.

    Raises:
        VraagAlmereError: as `running`.
    """
    now = running(settings)
    words = _words(now)
    made: dict[str, Any] = {f.sleutel: _filled(f.tekst, words) for group in fields() for f in group.velden}
    return {**made, RUNNING: now}


def as_markdown(entry: dict[str, Any]) -> str:
    """An entry as a page: each field under its title, with its name in the register, then what is running."""
    lines = [
        "# Vraag Almere in het Algoritmeregister", "",
        "Concept van de inschrijving, in de publicatiestandaard "
        f"{entry['publicatiestandaard']} van het Algoritmeregister van de Nederlandse overheid.",
        "Gemaakt door `vraagalmere register` uit de draaiende configuratie; verander deze pagina niet met de hand.",
        "Tussen haakjes staat hoe het veld in het register zelf heet.", "",
        f"Verplicht, en nog leeg: {', '.join(_open_fields(entry)) or 'niets'}.",
    ]  # fmt: skip
    for group in fields():
        lines += ["", f"## {group.groep}"]
        for field in group.velden:
            lines += ["", f"### {field.titel} (`{field.veld}`)", "", *_shown(entry[field.sleutel])]
    return "\n".join([*lines, "", *_running_lines(entry[RUNNING])]) + "\n"


def privacy_statement(settings: Settings) -> str:
    """The privacy statement, in Dutch, as Markdown."""
    network = "Bij het antwoorden gebruikt het programma geen internet."
    if settings.embedder != "ingebouwd":
        network += " Alleen het zoekmodel kan bij het starten van internet worden gehaald."
    outside = settings.schrijver != BUILTIN and settings.vragen_naar_buiten == "ja"
    if outside:
        network = ""
    return Template(_data("verklaringen", "privacy.md")).substitute(
        versie=version("vraagalmere"), gegevenssoorten=", ".join(_private_kinds()), netwerk=network,
        vraag=_about_the_writer()["privacy"]["naar_buiten" if outside else "binnen"],
    )  # fmt: skip


def _about_the_writer() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = yaml.safe_load(_data("verklaringen", "schrijver.yaml"))
    return read


def accessibility_statement() -> str:
    """The accessibility statement, in Dutch, as Markdown."""
    return Template(_data("verklaringen", "toegankelijkheid.md")).substitute(versie=version("vraagalmere"))


def write_all(folder: Path, settings: Settings) -> list[Path]:
    """Write the entry (JSON and Markdown) and the two statements into `folder`; gives their paths."""
    made = entry(settings)
    texts = {
        "algoritmeregister.json": json.dumps(made, ensure_ascii=False, indent=1) + "\n",
        "algoritmeregister.md": as_markdown(made),
        "privacy.md": privacy_statement(settings),
        "toegankelijkheid.md": accessibility_statement(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def _private_kinds() -> list[str]:
    return [kind for kind, _, _ in privacy._KINDS]


def _words(now: dict[str, Any]) -> dict[str, str]:
    """What the texts can name with a $."""
    limits = {name: str(value).replace(".", ",") for name, value in now["drempels"].items()}
    return {
        **limits,
        **_about_the_writer()["ingebouwd" if now["schrijver"] == BUILTIN else "taalmodel"],
        "versie": now["versie"],
        "aantal_documenten": str(len(now["documenten"])),
        "documenten": "; ".join(f"{d['titel']} ({d['uitgever']}, {d['datum']})" for d in now["documenten"]),
        "passages": str(now["passages"]),
        "records": str(now["passages_in_gewone_taal"]),
        "vingerafdruk": now["index"],
        "embedder": now["embedder"],
        "schrijver": now["schrijver"],
        "stappen": ", ".join(now["grenzen"]),
        "gegevenssoorten": ", ".join(now["persoonsgegevens"]),
    }


def _filled(text: Value, words: dict[str, str]) -> Value:
    return Template(text).substitute(words) if isinstance(text, str) else text


def _open_fields(entry: dict[str, Any]) -> list[str]:
    return [f.titel for group in fields() for f in group.velden if f.verplicht and not entry[f.sleutel]]


def _shown(value: Value) -> list[str]:
    if not value:
        return ["*Leeg: vult de organisatie in die het programma gebruikt.*"]
    if isinstance(value, str):
        return [value]
    return [f"- {v}" if isinstance(v, str) else f"- [{v['titel']}]({v['link']})" for v in value]


def _running_lines(now: dict[str, Any]) -> list[str]:
    lines = [
        "## Wat er draait", "", "Dit is geen veld van de standaard. Wat een drempel betekent, staat in "
        "[instellingen.md](instellingen.md).", "",
        "| onderdeel | stand |", "|---|---|",
        f"| versie | {now['versie']} |",
        f"| passages | {now['passages']}, waarvan {now['passages_in_gewone_taal']} met een tekst in gewone taal |",
        f"| index | `{now['index']}` |",
        f"| embedder | `{now['embedder']}` |",
        f"| schrijver | {now['schrijver']} |",
        f"| grenzen, in volgorde | {', '.join(now['grenzen'])} |",
        *(f"| regels voor {name} | {', '.join(names)} |" for name, names in now["regels"].items()),
        f"| herkende persoonsgegevens | {', '.join(now['persoonsgegevens'])} |",
        "", "| document | uitgever | datum | status | versie |", "|---|---|---|---|---|",
        *(f"| {d['titel']} | {d['uitgever']} | {d['datum']} | {d['status']} | `{d['versie']}` |"
          for d in now["documenten"]),
        "", "| drempel | waarde |", "|---|---:|",
        *(f"| `{name}` | {str(value).replace('.', ',')} |" for name, value in now["drempels"].items()),
        "", "| model | wat het leerde |", "|---|---|",
        *(f"| `{name}` | {learned} |" for name, learned in now["modellen"].items()),
    ]  # fmt: skip
    return lines
