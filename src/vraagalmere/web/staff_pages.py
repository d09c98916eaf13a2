"""The pages for staff: commitments, money, comparison, who is who. Made on the server; they work without a script."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from ..commitments import UNCLEAR
from ..comparison import texts
from ..export import as_csv, as_xlsx, euros
from ..money import doubt_line
from ..portfolios import SIGNED
from ..staff import PER_PAGE, STRENGTHS, Filters, sheets
from .engine import Engine
from .gate import MAX_QUESTION, TOO_BIG
from .render import Renderer, themes

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRONG = "Een van de keuzes bij ‘Afspraken’ klopt niet. Begin opnieuw bij ‘Afspraken’."


def filters_of(asked: dict[str, str]) -> Filters:
    """The filters of a form: an empty field is no filter.

    Raises:
        HTTPException: (422) for a value that no filter takes.
    """
    chosen: dict[str, Any] = {k: v for k, v in asked.items() if k in Filters.model_fields and v.strip()}
    if "met_geld" in chosen:
        chosen["met_geld"] = chosen["met_geld"] == "ja"
    try:
        return Filters.model_validate(chosen)
    except ValidationError as exc:
        raise HTTPException(422, WRONG) from exc


def staff_routes(engine: Engine, renderer: Renderer) -> APIRouter:
    """The routes of the staff pages."""
    router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    def whole(number: str, most: int) -> int:
        return min(most, max(1, int(number))) if number.isascii() and number.isdigit() and len(number) < 6 else 1

    @router.get("/afspraken")
    def commitments(request: Request) -> str:
        asked = dict(request.query_params)
        register = engine.current().register
        filters = filters_of(asked)
        found = register.find(filters)
        everything = asked.get("blad") == "alles"
        last = sheets(len(found), PER_PAGE)
        page = whole(asked.get("blad", ""), last)
        shown = found if everything else found[(page - 1) * PER_PAGE : page * PER_PAGE]
        bars = register.bars(found)
        return renderer.page(
            "afspraken.html", filters=filters, rijen=shown, gevonden=len(found), register=register,
            balken=bars, meeste=max((b.total for b in bars), default=1), krachten=STRENGTHS, blad=page, bladen=last,
            alles=everything, per_blad=PER_PAGE, euros=euros, onduidelijk=UNCLEAR,
            naar=lambda **more: "/afspraken?" + urlencode({**_plain(filters), **more}),
        )  # fmt: skip

    @router.get("/afspraken.{kind}")
    def export(kind: Literal["csv", "xlsx"], request: Request) -> Response:
        loaded = engine.current()
        rows = loaded.register.find(filters_of(dict(request.query_params)))
        body = as_csv(rows) if kind == "csv" else as_xlsx(rows, loaded.vraagbaak.index.documents)
        media = "text/csv; charset=utf-8" if kind == "csv" else _XLSX
        return Response(
            body, media_type=media, headers={"content-disposition": f'attachment; filename="afspraken-almere.{kind}"'}
        )

    @router.get("/geld")
    def money() -> str:
        register = engine.current().register
        doubts = {key: doubt_line(d) for key, d in register.doubts.items()}
        return renderer.page("geld.html", register=register, twijfels=doubts)

    @router.get("/vergelijk")
    def comparison(thema: str = "") -> str:
        if len(thema) > MAX_QUESTION:
            raise HTTPException(422, TOO_BIG)
        loaded = engine.current()
        found = loaded.vraagbaak.compare(thema) if thema.strip() else None
        starts = tuple(t.naam for t in themes()[1:])
        return renderer.page(
            "vergelijk.html", thema=thema, gevonden=found, starts=starts, teksten=texts(),
            documenten=loaded.vraagbaak.index.documents, hoogstens=loaded.vraagbaak.limits.kolom_hoogstens,
        )  # fmt: skip

    @router.get("/wie")
    def who() -> str:
        register = engine.current().register
        return renderer.page("wie.html", register=register, ondertekenaar=SIGNED)

    return router


def _plain(filters: Filters) -> dict[str, str]:
    return {k: "ja" if v is True else str(v) for k, v in filters.chosen.items()}
