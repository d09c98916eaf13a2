"""The plain pages: the same answers, sources and document pages without JavaScript, and the hand-out."""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from ..answer import Answer, AnswerKind
from ..errors import PdfError
from .engine import Engine, Loaded
from .feedback import feedback_file, keep
from .gate import MAX_QUESTION, TOO_BIG
from .live import model_of
from .page import contents, pages, view
from .render import KINDS, Renderer, themes
from .sheet import picture, sheet_view

Version = Annotated[str | None, Query(pattern="^[0-9a-f]{12}$")]
"""First 12 hex digits of the SHA-256 of a document's text."""


def routes(engine: Engine, renderer: Renderer) -> APIRouter:
    """The routes of the plain pages."""
    router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    def ask(question: str, before: str) -> tuple[Answer, Loaded]:
        if len(question) > MAX_QUESTION or len(before) > MAX_QUESTION:
            raise HTTPException(422, TOO_BIG)
        loaded = engine.current()
        # Without a script there is no stop and no sentence by sentence: here the built-in writer answers at once.
        return loaded.vraagbaak.without_model.ask(question, [before] if before.strip() else []), loaded

    @router.get("/eenvoudig")
    def plain(vraag: str | None = None, eerder: str = "", thema: str = "") -> str:
        if vraag is None:
            chosen = next((t for t in themes() if t.id == thema), themes()[0])
            return renderer.page("eenvoudig.html", thema=chosen)
        answer, loaded = ask(vraag, eerder)
        return renderer.page("eenvoudig.html", eerder=eerder, **renderer.about(answer, loaded))

    @router.get("/afdruk")
    def hand_out(vraag: str = "", eerder: str = "") -> str:
        return renderer.page("afdruk.html", **renderer.about(*ask(vraag, eerder)))

    @router.post("/afdruk")
    def hand_out_posted(vraag: Annotated[str, Form()] = "", eerder: Annotated[str, Form()] = "") -> str:
        """The same from a form: the question does not end up in the history of a shared computer."""
        return renderer.page("afdruk.html", **renderer.about(*ask(vraag, eerder)))

    @router.get("/documenten")
    def documents() -> str:
        return renderer.page("documenten.html", documenten=list(engine.current().vraagbaak.index.documents.values()))

    @router.get("/uitleg")
    def explanation() -> str:
        model = model_of(engine.current().vraagbaak)
        return renderer.page("uitleg.html", taalmodel=bool(model), elders=model.host if model else "")

    def shown(name: str, page: int | None, begin: int | None, end: int | None, version: str | None, part: bool) -> str:
        document = engine.current().vraagbaak.index.documents.get(name)
        if document is None:
            raise HTTPException(404, "Dit document is er niet. Kijk bij ‘Documenten’ welke er wel zijn.")
        kind = KINDS[document.sidecar.soort]
        if page is None and pages(document) and not part:
            return renderer.page("document.html", document=document, inhoud=contents(document), soort=kind)
        marked = (begin, end) if begin is not None and end is not None else None
        seen = view(document, page, marked, version)
        if seen is None:
            raise HTTPException(404, "Deze pagina is er niet in het document. Ga naar het begin van het document.")
        query = f"?begin={begin}&eind={end}&versie={document.hash[:12] if version is None else version}"
        picture_of = sheet_view(engine.settings.corpus, document, page, seen.mark) if page is not None else None
        return renderer.page(
            "_bladzijde.html" if part else "bladzijde.html",
            blad=seen, soort=kind, zoek=query if seen.mark else "", beeld=picture_of,
        )  # fmt: skip

    @router.get("/document/{name}")
    def document(
        name: str, begin: int | None = None, eind: int | None = None,
        versie: Version = None, deel: bool = False,
    ) -> str:  # fmt: skip
        return shown(name, None, begin, eind, versie, deel)

    @router.get("/document/{name}/pagina/{page}")
    def document_page(
        name: str, page: int, begin: int | None = None, eind: int | None = None,
        versie: Version = None, deel: bool = False,
    ) -> str:  # fmt: skip
        return shown(name, page, begin, eind, versie, deel)

    @router.get("/document/{name}/blad/{sheet}.png")
    def sheet_picture(name: str, sheet: int, versie: Version = None) -> Response:
        document = engine.current().vraagbaak.index.documents.get(name)
        if document is None or sheet_view(engine.settings.corpus, document, sheet, None) is None:
            raise HTTPException(404, "Van deze pagina is er geen afbeelding.")
        about = document.sidecar.bestand
        assert about is not None and about.kopie is not None
        try:
            data = picture(engine.settings.corpus / about.kopie, sheet)
        except PdfError as exc:
            raise HTTPException(404, str(exc)) from exc
        return Response(data, media_type="image/png", headers={"cache-control": "private, max-age=3600"})

    @router.post("/waardering")
    def feedback(
        request: Request, hielp: Annotated[str, Form(pattern="^(ja|nee)$")], soort: Annotated[str, Form()] = "",
        bronnen: Annotated[str, Form()] = "", vraag: Annotated[str, Form()] = "", bewaar: Annotated[str, Form()] = "",
    ) -> str:  # fmt: skip
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise HTTPException(400, "Dit formulier komt van een andere website.")
        known = engine.current().vraagbaak.index.by_id
        asked = vraag if bewaar == "ja" and vraag.strip() else None
        kind = soort if soort in get_args(AnswerKind) else ""
        sources = [p for p in bronnen.split()[:20] if p in known]
        keep(feedback_file(engine.settings), hielp == "ja", kind, sources, asked)
        return renderer.page("bedankt.html", hielp=hielp, met_vraag=asked is not None)

    return router
