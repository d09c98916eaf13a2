"""Answers that a language model writes, in the chat and the API: sentences as they come, and a stop that stops.

`POST /gesprek` takes a question with its history and gives a line of JSON for each checked sentence
(`{"zin", "groep"}`), and last the whole answer as the Gradio event `chat` gives it.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from ..answer import Answer, Sentence, written_by
from ..pipeline import VraagAlmere
from ..writer import StreamingWriter
from .engine import Engine, Loaded
from .gate import MAX_QUESTION, TOO_BIG, problem
from .render import Renderer, spoken

LOOK = 0.1
"""Seconds between two looks whether the person is still there."""

Question = Annotated[str, Field(max_length=MAX_QUESTION, description="De vraag, hoogstens 5.000 tekens.")]


class Vraag(BaseModel):
    """Een vraag, met de vragen ervoor in hetzelfde gesprek."""

    model_config = ConfigDict(extra="forbid")

    vraag: Question
    geschiedenis: list[Question] = Field(default=[], max_length=20, description="Eerdere vragen, oudste eerst.")
    schrijver: Literal["ingebouwd"] | None = Field(
        default=None, description="'ingebouwd': het programma schrijft zelf, ook als er een taalmodel is."
    )


def model_of(vraagbaak: VraagAlmere) -> StreamingWriter | None:
    """The language model that writes, if one does."""
    return vraagbaak.writer if isinstance(vraagbaak.writer, StreamingWriter) else None


async def parts(
    request: Request, vraagbaak: VraagAlmere, question: str, history: Sequence[str]
) -> AsyncGenerator[Sentence | Answer, None]:
    """The parts of `VraagAlmere.stream`; it stops writing when the person is gone or reads no further."""
    loop = asyncio.get_running_loop()
    made: asyncio.Queue[Sentence | Answer | Exception] = asyncio.Queue()
    gone = threading.Event()

    def write() -> None:
        try:
            for part in vraagbaak.stream(question, history, stopped=gone.is_set):
                loop.call_soon_threadsafe(made.put_nowait, part)
        except Exception as exc:
            if not gone.is_set():
                loop.call_soon_threadsafe(made.put_nowait, exc)

    loop.run_in_executor(None, write)
    try:
        while True:
            try:
                part = await asyncio.wait_for(made.get(), LOOK)
            except TimeoutError:
                if await request.is_disconnected():
                    return
                continue
            if isinstance(part, Exception):
                raise part
            yield part
            if isinstance(part, Answer):
                return
    finally:
        gone.set()


async def whole(request: Request, vraagbaak: VraagAlmere, question: str, history: Sequence[str]) -> Answer | None:
    """The answer; None when the person is gone before it is there."""
    async with aclosing(parts(request, vraagbaak, question, history)) as coming:
        async for part in coming:
            if isinstance(part, Answer):
                return part
    return None


def shown(answer: Answer, loaded: Loaded, renderer: Renderer) -> dict[str, Any]:
    """An answer as the chat takes it: as a piece of the page, to read aloud and to paste."""
    html = renderer.answer(answer, loaded)
    if answer.soort not in ("hulp", "ongeldig"):
        html += renderer.page("_waardering.html", antwoord=answer)
    return {
        "html": html, "tekst": spoken(answer), "kopie": _copy(answer), "vraag": answer.vraag, "soort": answer.soort,
        "model": bool(written_by(answer)),
    }  # fmt: skip


def _copy(answer: Answer) -> str:
    """An answer as text to paste: question, answer, then each source with its words."""
    lines = [answer.vraag, "", *answer.meldingen, answer.antwoord]
    for s in answer.bronnen:
        said = s.citaat.replace("\t", " · ")
        lines += ["", f"[{s.nummer}] {s.titel} ({s.datum}), {s.pagina}. {s.status}", f"“{said}”"]
    by = f"{written_by(answer)} " if written_by(answer) else ""
    lines += ["", f"{by}Van Vraag Almere, een computerprogramma. Dit is geen besluit. Gemeente Almere: 14 036."]
    return "\n".join(lines)


def live_routes(engine: Engine, renderer: Renderer) -> APIRouter:
    """The route that streams."""
    router = APIRouter(include_in_schema=False)

    @router.post("/gesprek")
    async def converse(request: Request) -> Response:
        try:
            asked = Vraag.model_validate_json(await request.body())
        except ValidationError:
            return Response(problem(422, TOO_BIG), 422, media_type="application/problem+json")
        loaded = await run_in_threadpool(engine.current)
        vraagbaak = loaded.vraagbaak.without_model if asked.schrijver else loaded.vraagbaak

        async def lines() -> AsyncIterator[str]:
            async with aclosing(parts(request, vraagbaak, asked.vraag, asked.geschiedenis)) as coming:
                async for part in coming:
                    if isinstance(part, Answer):
                        data = shown(part, loaded, renderer)
                    else:
                        data = {"zin": part.tekst, "groep": part.groep}
                    yield json.dumps(data, ensure_ascii=False) + "\n"

        # nginx holds a stream back until it is complete, unless it is told not to.
        return StreamingResponse(lines(), media_type="application/x-ndjson", headers={"x-accel-buffering": "no"})

    return router
