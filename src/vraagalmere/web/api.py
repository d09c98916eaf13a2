"""The API (Dutch API Design Rules): the same answers as data, under /api/v1."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from ..answer import Answer, Sentence, Source
from ..corpus import Document
from ..staff import AfsprakenUit, Filters, PersoonUit, TabelUit, commitments_out, people_out, tables_out
from .engine import Engine
from .gate import API_VERSION, MAX_QUESTION, NOT_FOUND, problem
from .live import Vraag, model_of, whole
from .page import pages


class DocumentUit(BaseModel):
    """Een document waarin gezocht wordt."""

    id: str
    titel: str
    partij: str
    uitgever: str
    soort: str
    datum: str
    status: str
    paginas: list[int] = Field(
        description="De nummers van de pagina's, bij een bestand met bladen die van de bladen; leeg zonder pagina's."
    )
    versie: str = Field(description="Eerste 12 tekens van de SHA-256 van de tekst.")


class PaginaUit(BaseModel):
    """De letterlijke tekst van een pagina."""

    document: str
    pagina: int
    naam: str = Field(description="Zoals mensen hem noemen: 'pagina 13 (blad 14 van het bestand)'.")
    tekst: str
    begin: int = Field(description="Plaats van het eerste teken in de tekst van het document.")
    eind: int = Field(description="Plaats na het laatste teken.")
    vorige: int | None
    volgende: int | None
    versie: str


class CommitmentQuery(Filters):
    """De filters, en welk blad."""

    blad: int = Field(1, ge=1, le=10_000, description="Welk blad, vanaf 1.")
    per_blad: int = Field(50, ge=1, le=500, description="Hoeveel op een blad.")


class KolomUit(BaseModel):
    """Wat één spreker over het thema zegt."""

    spreker: str
    kop: str
    documenten: list[str]
    datum: str
    oud: bool = Field(description="Ouder dan het akkoord.")
    zinnen: list[Sentence] = Field(description="Leeg: niets gevonden.")
    bronnen: list[Source]


class VergelijkingUit(BaseModel):
    """Eén thema naast elkaar. De volgorde zegt niets: eerst het akkoord, dan op alfabet."""

    thema: str
    inleiding: list[str]
    kolommen: list[KolomUit]
    tegenspraken: list[KolomUit]


class Probleem(BaseModel):
    """Een fout (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


def about(document: Document) -> DocumentUit:
    """What the API says about a document."""
    d = document.sidecar
    return DocumentUit(
        id=d.id, titel=d.titel, partij=d.partij, uitgever=d.uitgever, soort=d.soort, datum=d.datum,
        status=d.status, paginas=pages(document), versie=document.hash[:12],
    )  # fmt: skip


def page_of(document: Document, number: int) -> PaginaUit | None:
    """The text of a page; None when there is no such page."""
    numbers = pages(document)
    lines = document.lines_of_page(number) if number in numbers else None
    if lines is None:
        return None
    start, end = document.span_of_lines(*lines)
    at = numbers.index(number)
    return PaginaUit(
        document=document.id, pagina=number, naam=document.page_label((number, number)),
        tekst=document.text[start:end], begin=start, eind=end,
        vorige=numbers[at - 1] if at else None, volgende=numbers[at + 1] if at + 1 < len(numbers) else None,
        versie=document.hash[:12],
    )  # fmt: skip


def create_api(engine: Engine) -> FastAPI:
    """The API as an app of its own, to be mounted on /api/v1."""
    errors: dict[int | str, dict[str, Any]] = {
        code: {"model": Probleem, "description": text, "content": {"application/problem+json": {}}}
        for code, text in ((422, "De vraag klopt niet."), (429, "Te veel vragen."), (503, "Het is te druk."))
    }
    bad: dict[int | str, dict[str, Any]] = {422: errors[422]}
    missing: dict[int | str, dict[str, Any]] = {
        404: {"model": Probleem, "description": "Dat is er niet.", "content": {"application/problem+json": {}}}
    }
    api = FastAPI(
        title="Vraag Almere",
        version=API_VERSION,
        description="Vragen over de plannen voor Almere, met bij elke zin de pagina en de letterlijke woorden. "
        "Vragen worden niet bewaard.",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        servers=[{"url": "/api/v1"}],
        root_path_in_servers=False,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )

    @api.exception_handler(RequestValidationError)
    def invalid(request: Request, exc: RequestValidationError) -> Response:
        first = exc.errors()[0]
        where = ".".join(str(p) for p in first["loc"] if p not in ("query", "body", "path"))
        kinds = {"missing": "ontbreekt", "string_too_long": "is te lang: maak het korter dan 5.000 tekens",
                 "extra_forbidden": "bestaat niet", "json_invalid": "is geen geldige JSON",
                 "too_long": "heeft te veel delen: hoogstens 20", "string_too_short": "is leeg"}  # fmt: skip
        text = f"Het veld '{where}' {kinds.get(first['type'], 'heeft een verkeerde waarde')}."
        return Response(problem(422, text), 422, media_type="application/problem+json")

    @api.exception_handler(HTTPException)
    def failed(request: Request, exc: HTTPException) -> Response:
        texts = {404: NOT_FOUND, 405: "Deze methode kan hier niet. Kijk in /api/v1/openapi.json wat wel kan."}
        text = str(exc.detail)
        if text in ("Not Found", "Method Not Allowed"):
            text = texts[exc.status_code]
        return Response(
            problem(exc.status_code, text), exc.status_code,
            headers=dict(exc.headers or {}), media_type="application/problem+json",
        )  # fmt: skip

    async def answered(request: Request, question: str, history: list[str], builtin: bool = False) -> Answer:
        vraagbaak = (await run_in_threadpool(engine.current)).vraagbaak
        if builtin or not model_of(vraagbaak):
            return await run_in_threadpool(vraagbaak.without_model.ask, question, history)
        answer = await whole(request, vraagbaak, question, history)
        if answer is None:
            raise HTTPException(499, "De verbinding is verbroken.")
        return answer

    @api.get("/vraag", operation_id="stelVraag", summary="Stel een vraag", responses=errors)
    async def ask(
        request: Request, vraag: Annotated[str, Query(max_length=MAX_QUESTION, description="De vraag.")]
    ) -> Answer:
        return await answered(request, vraag, [])

    @api.post("/vraag", operation_id="stelVraagInGesprek", summary="Stel een vraag in een gesprek", responses=errors)
    async def ask_in_conversation(request: Request, vraag: Vraag) -> Answer:
        return await answered(request, vraag.vraag, vraag.geschiedenis, vraag.schrijver is not None)

    @api.get("/documenten", operation_id="documenten", summary="De documenten")
    def documents() -> list[DocumentUit]:
        return [about(d) for d in engine.current().vraagbaak.index.documents.values()]

    def found(name: str) -> Document:
        document = engine.current().vraagbaak.index.documents.get(name)
        if document is None:
            raise HTTPException(404, "Dit document is er niet. Kijk in /api/v1/documenten welke er wel zijn.")
        return document

    @api.get("/documenten/{id}", operation_id="document", summary="Eén document", responses=missing)
    def document(name: Annotated[str, Path(alias="id")]) -> DocumentUit:
        return about(found(name))

    @api.get("/documenten/{id}/paginas/{nummer}", operation_id="pagina", summary="Eén pagina", responses=missing)
    def page(name: Annotated[str, Path(alias="id")], nummer: int) -> PaginaUit:
        made = page_of(found(name), nummer)
        if made is None:
            raise HTTPException(404, "Deze pagina is er niet. Kijk bij het document welke pagina's er wel zijn.")
        return made

    @api.get("/afspraken", operation_id="afspraken", summary="De afspraken en bedragen van het akkoord", responses=bad)
    def commitments(filters: Annotated[CommitmentQuery, Query()]) -> AfsprakenUit:
        return commitments_out(engine.current().register, filters, filters.blad, filters.per_blad)

    @api.get("/geld", operation_id="geld", summary="De tabellen met geld, nagerekend")
    def money() -> list[TabelUit]:
        return tables_out(engine.current().register)

    @api.get("/vergelijk", operation_id="vergelijk", summary="Eén thema bij elke partij", responses=errors)
    def comparison(
        thema: Annotated[str, Query(min_length=1, max_length=MAX_QUESTION, description="Een thema of vraag.")],
    ) -> VergelijkingUit:
        return VergelijkingUit.model_validate(engine.current().vraagbaak.compare(thema).as_dict())

    @api.get("/wie", operation_id="wie", summary="Wie de documenten noemen")
    def who() -> list[PersoonUit]:
        return people_out(engine.current().register)

    return api
