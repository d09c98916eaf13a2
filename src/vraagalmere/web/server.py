"""The server: the Gradio chat, the plain pages and the API in one FastAPI app, on this computer only."""

from __future__ import annotations

import logging
import threading
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from ..settings import Settings
from .api import create_api
from .engine import Engine
from .gate import NOT_FOUND, Gate, WebLimits, error_page
from .live import live_routes, model_of
from .plain import routes
from .render import Renderer, read_glossary
from .staff_pages import staff_routes

log = logging.getLogger("vraagalmere.web")


def create_app(settings: Settings | None = None, limits: WebLimits | None = None, *, chat: bool = True) -> FastAPI:
    """The whole web app; opens the index (and makes it when there is none).

    Args:
        settings: where the documents and the index are; the defaults and the environment when None.
        limits: how much it takes on.
        chat: False leaves Gradio out (the plain pages and the API start faster, for tests).
    """
    settings = settings or Settings.load()
    engine = Engine(settings)
    renderer = Renderer(read_glossary(settings.corpus))
    app = FastAPI(title="Vraag Almere", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.engine = engine

    @app.exception_handler(HTTPException)
    def failed(request: Request, exc: HTTPException) -> Response:
        text = NOT_FOUND if exc.detail == "Not Found" else str(exc.detail)
        return HTMLResponse(error_page(exc.status_code, text), exc.status_code)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, exc: RequestValidationError) -> Response:
        return HTMLResponse(error_page(422, "Dit adres klopt niet helemaal. Begin opnieuw."), 422)

    @app.exception_handler(Exception)
    def broken(request: Request, exc: Exception) -> Response:
        text = "Er ging iets mis in het programma. Probeer het opnieuw. Lukt het niet? Bel 14 036."
        return HTMLResponse(error_page(500, text), 500)

    @app.get("/gezond", include_in_schema=False)
    def healthy() -> dict[str, object]:
        index = engine.current().vraagbaak.index
        return {"status": "goed", "documenten": len(index.documents), "passages": len(index.passages),
                "index": index.fingerprint}  # fmt: skip

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> Response:
        return RedirectResponse("/statisch/icoon.svg")

    @app.get("/robots.txt", include_in_schema=False)
    def robots() -> Response:
        return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")

    app.include_router(routes(engine, renderer))
    app.include_router(live_routes(engine, renderer))
    app.include_router(staff_routes(engine, renderer))
    app.mount("/statisch", StaticFiles(directory=str(files("vraagalmere.web").joinpath("static"))))
    app.mount("/api/v1", create_api(engine))
    if chat:
        from .chat import create_blocks, has_mcp, mount

        if not has_mcp():
            log.warning('MCP staat uit. Zet het aan met: pip install "gradio[mcp]"')
        app = mount(app, create_blocks(engine, renderer))
    app.add_middleware(Gate, limits=limits or WebLimits())
    return app


def serve(host: str = "127.0.0.1", port: int = 7860, settings: Settings | None = None) -> None:
    """Run the web app until it is stopped. Listens on this computer only, unless `host` says otherwise."""
    import uvicorn

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("vraagalmere").setLevel(logging.INFO)
    for handler in logging.getLogger().handlers:  # some libraries raise the level of their own logger
        handler.addFilter(lambda r: r.name.startswith("vraagalmere") or r.levelno >= logging.WARNING)
    app = create_app(settings)
    if model := model_of(app.state.engine.current().vraagbaak):
        log.info("Het taalmodel %s schrijft de antwoorden; het wordt nu geladen.", model.name)
        threading.Thread(target=model.load, daemon=True).start()
    threading.Thread(target=app.state.engine.current().register.warm, daemon=True).start()
    shown = f"[{host}]" if ":" in host else host
    log.info("Vraag Almere draait op http://%s:%d (stoppen: Ctrl+C)", shown, port)
    # Uvicorn's own access log would hold the query string, and so the question.
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, server_header=False,
                timeout_graceful_shutdown=10)  # fmt: skip
