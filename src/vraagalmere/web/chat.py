"""The Gradio chat: our own accessible HTML in a Gradio page; each question is a Gradio event.

Gradio's components bring list boxes and buttons without a name, and its HTML component needs `eval`; a
Markdown component with our own markup needs neither, so the page can have a strict Content-Security-Policy.
The script (static/chat.js) sends a question to the Gradio event `chat`, or where a language model writes to
`/gesprek` (`live`). Gradio's tools and its event are answered by the built-in writer.
"""

from __future__ import annotations

import os
from typing import Any

from fastapi import FastAPI
from pydantic import ValidationError

from ..staff import PER_PAGE, Filters, commitments_out, people_out, tables_out
from .api import page_of
from .engine import Engine
from .gate import MAX_QUESTION, TOO_BIG
from .live import model_of, shown
from .render import Renderer, themes

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr


def has_mcp() -> bool:
    """Whether the package that Gradio's MCP server needs is installed (`pip install "gradio[mcp]"`)."""
    from importlib.util import find_spec

    return find_spec("mcp") is not None


def mount(app: FastAPI, blocks: Any) -> FastAPI:
    """Put the Gradio app at the root of `app`: no fonts from elsewhere, no uploads, no run history, no footer."""
    theme = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"])
    mounted: FastAPI = gr.mount_gradio_app(
        app, blocks, "/", footer_links=[], run_history=False, theme=theme, mcp_server=has_mcp(), show_error=True,
        max_file_size=0, enable_monitoring=False, pwa=False, ssr_mode=False,
    )  # fmt: skip
    return mounted


def create_blocks(engine: Engine, renderer: Renderer) -> Any:
    """The Gradio app: the page, the event behind it, and the tools vraag, zoek and pagina (also over MCP)."""

    def chat(vraag: str, geschiedenis: list[str]) -> dict[str, Any]:
        """A question and the answer of the built-in writer as a piece of the page."""
        questions = [q for q in geschiedenis if isinstance(q, str)][-10:]
        if any(len(q) > MAX_QUESTION for q in (vraag, *questions)):
            raise gr.Error(TOO_BIG)
        loaded = engine.current()
        return shown(loaded.vraagbaak.without_model.ask(vraag, questions), loaded, renderer)

    def vraag(vraag: str) -> dict[str, Any]:
        """Beantwoordt een vraag over de plannen voor Almere, in gewone taal, met bij elke zin de bron.

        Args:
            vraag: De vraag, in het Nederlands.

        Returns:
            Het antwoord met de zinnen, de bronnen (document, pagina, letterlijk citaat) en de meldingen.
        """
        if len(vraag) > MAX_QUESTION:
            raise gr.Error(TOO_BIG)
        return engine.current().vraagbaak.without_model.ask(vraag).as_dict()

    def zoek(woorden: str, hoeveel: int = 5) -> list[dict[str, Any]]:
        """Zoekt letterlijke stukken tekst in de documenten van Almere.

        Args:
            woorden: Waarnaar gezocht wordt.
            hoeveel: Hoeveel stukken, 1 tot en met 20.

        Returns:
            De stukken, het best passende eerst, met document, pagina, kop en letterlijke tekst.
        """
        if len(woorden) > MAX_QUESTION:
            raise gr.Error(TOO_BIG)
        vraagbaak = engine.current().vraagbaak
        hits = vraagbaak.retriever.search(woorden).hits[: max(1, min(20, int(hoeveel)))]
        return [
            {
                "passage": h.passage.id, "document": h.passage.document,
                "titel": vraagbaak.index.documents[h.passage.document].sidecar.titel,
                "status": vraagbaak.index.documents[h.passage.document].sidecar.status,
                "paginas": list(h.passage.pages or ()),
                "pagina": vraagbaak.index.page_label(h.passage.id),
                "kop": h.passage.heading_path, "citaat": h.passage.quote,
            }
            for h in hits
        ]  # fmt: skip

    def pagina(document: str, nummer: int) -> dict[str, Any]:
        """Geeft de letterlijke tekst van één pagina van een document.

        Args:
            document: Het id van het document, bijvoorbeeld hoofdlijnenakkoord-2026-2030.
            nummer: Het paginanummer.

        Returns:
            De tekst van de pagina, en de vorige en volgende pagina.
        """
        found = engine.current().vraagbaak.index.documents.get(document)
        made = page_of(found, int(nummer)) if found else None
        if made is None:
            raise gr.Error("Dit document of deze pagina is er niet.")
        return made.model_dump()

    def afspraken(
        zoek: str = "", thema: str = "", kracht: str = "", wethouder: str = "", blad: int = 1
    ) -> dict[str, Any]:
        """Geeft de afspraken en bedragen van het coalitieakkoord, met pagina, kracht, wethouder en geld.

        Args:
            zoek: Woorden die allemaal in de afspraak staan.
            thema: Naam van een hoofdstuk of paragraaf, of een deel ervan.
            kracht: 'doen', 'onderzoeken', 'streven' of 'voorwaarde'; leeg voor alles.
            wethouder: Deel van een naam of partij, of 'onduidelijk'.
            blad: Welk blad van 50, vanaf 1.

        Returns:
            Hoeveel er zijn en gevonden zijn, en de afspraken van dit blad.
        """
        try:
            asked = {"zoek": zoek, "thema": thema, "kracht": kracht, "wethouder": wethouder}
            filters = Filters.model_validate(asked)
        except ValidationError as exc:
            raise gr.Error("Kracht is 'doen', 'onderzoeken', 'streven' of 'voorwaarde'. Houd woorden kort.") from exc
        return commitments_out(engine.current().register, filters, max(1, int(blad)), PER_PAGE).model_dump()

    def geld() -> list[dict[str, Any]]:
        """Geeft de tabellen met geld uit het coalitieakkoord, met elk totaal nagerekend.

        Returns:
            De tabellen met hun regels en bedragen, en wat er niet klopt.
        """
        return [t.model_dump() for t in tables_out(engine.current().register)]

    def vergelijk(thema: str) -> dict[str, Any]:
        """Zet naast elkaar wat het akkoord en elke partij over een thema zeggen. Geen stemadvies, geen oordeel.

        Args:
            thema: Een thema, bijvoorbeeld 'armoede'.

        Returns:
            Per spreker een kolom met zinnen en bronnen; leeg als er niets gevonden is. En tegenspraken.
        """
        if len(thema) > MAX_QUESTION:
            raise gr.Error(TOO_BIG)
        return engine.current().vraagbaak.compare(thema).as_dict()

    def wie() -> list[dict[str, Any]]:
        """Geeft wie de documenten noemen: het college met zijn taken, wie ondertekenden, en anderen.

        Returns:
            De personen met rol, partij, taken en pagina.
        """
        return [p.model_dump() for p in people_out(engine.current().register)]

    model = model_of(engine.current().vraagbaak)
    shell = renderer.page("schil.html", themas=themes(), taalmodel=bool(model), elders=model.host if model else "")
    with gr.Blocks(title="Vraag Almere", analytics_enabled=False) as blocks:
        gr.Markdown(
            "\n".join(line for line in shell.splitlines() if line.strip()), sanitize_html=False, container=False,
            latex_delimiters=[],
        )  # fmt: skip
        gr.api(chat, api_name="chat", queue=False, api_visibility="undocumented")
        gr.api(vraag, api_name="vraag", concurrency_limit=4)
        gr.api(zoek, api_name="zoek", concurrency_limit=4)
        gr.api(pagina, api_name="pagina", concurrency_limit=4)
        for tool in (afspraken, geld, vergelijk, wie):
            gr.api(tool, api_name=tool.__name__, concurrency_limit=4)
    return blocks
