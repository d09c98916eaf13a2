"""`vraagalmere geld`: the money tables on the command line. Heavy parts load when the command runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def add_commands(app: typer.Typer) -> None:
    """Register `geld` on the command line."""
    app.command()(geld)


def geld(
    onderdeel: Annotated[
        str | None, typer.Option("--onderdeel", help="Alleen regels met dit woord in tabel, onderdeel of regel.")
    ] = None,
    als_json: Annotated[bool, typer.Option("--json", help="Geef de tabellen als JSON.")] = False,
    corpus: Annotated[Path | None, typer.Option("--corpus", help="Map met de documenten.")] = None,
) -> None:
    """Laat de tabellen met geld zien, en welke totalen niet kloppen."""
    from .corpus import read_corpus
    from .errors import InputError
    from .money import money_rows
    from .money_overview import as_text, money_overview
    from .passages import passages_of
    from .settings import Settings

    documents = {d.id: d for d in read_corpus(Settings.load(corpus=corpus).corpus)}
    passages = {p.id: p for d in documents.values() for p in passages_of(d)}
    rows = money_rows(list(passages.values()), documents)
    overview = money_overview(rows, passages, documents, onderdeel or "")
    if not overview["tabellen"]:
        raise InputError(f"Er is geen regel met '{onderdeel}' in een tabel met geld. Probeer een ander woord.")
    typer.echo(json.dumps(overview, ensure_ascii=False, indent=1) if als_json else as_text(overview))
