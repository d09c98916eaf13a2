"""The chat and the API where a language model writes, over a real connection."""

from __future__ import annotations

import gc
import json
import logging
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from models import honest, honest_sentences, reply
from ollama_server import MODEL, Ollama, Play
from vraagalmere.settings import Settings
from vraagalmere.web.gate import TOO_BIG, WebLimits
from vraagalmere.web.server import create_app

GROFVUIL = "Is grofvuil gratis?"
PARKING = "Voert de coalitie overal betaald parkeren in?"


@pytest.fixture(scope="module")
def ollama() -> Iterator[Ollama]:
    with pytest.MonkeyPatch.context() as patch:
        server = Ollama()
        patch.setenv("OLLAMA_HOST", server.address)
        with server.running():
            yield server


@pytest.fixture(autouse=True)
def fresh(ollama: Ollama) -> None:
    ollama.answer = honest
    ollama.chats.clear()
    ollama.gone.clear()


@pytest.fixture(scope="module")
def address(ollama: Ollama, vraagbaak: object, settings: Settings) -> Iterator[str]:
    """A running server."""
    app = create_app(settings.model_copy(update={"schrijver": f"ollama:{MODEL}"}), chat=False)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_conversation_gives_each_sentence_and_then_the_answer(address: str) -> None:
    got = httpx.post(f"{address}/gesprek", json={"vraag": GROFVUIL})
    assert got.headers["content-type"] == "application/x-ndjson" and got.headers["cache-control"] == "no-store"
    *parts, last = [json.loads(line) for line in got.text.splitlines()]
    assert parts == [
        {"zin": "De coalitie houdt het ophalen van grofvuil gratis.", "groep": "Dit heeft de coalitie afgesproken"}
    ]
    assert f"Geschreven door het taalmodel {MODEL} op deze computer. Elke zin is nagekeken." in last["html"]
    assert f"Geschreven door het taalmodel {MODEL}" in last["kopie"]
    assert last["model"] is True and last["soort"] == "antwoord" and "pagina 18" in last["html"]


def test_sentence_is_sent_before_the_next_is_written(address: str, ollama: Ollama) -> None:
    ollama.answer = lambda body: Play(reply(*honest_sentences(body, each=4)), drip=0.05)
    with httpx.stream("POST", f"{address}/gesprek", json={"vraag": PARKING}) as got:
        at = [time.monotonic() for _ in got.iter_lines()]
    assert len(at) == 5 and at[-1] - at[0] > 0.3


@pytest.mark.parametrize("path", ["/gesprek", "/api/v1/vraag"])
@pytest.mark.parametrize("play", [{"first": 30}, {"drip": 1}], ids=["before the first word", "halfway"])
def test_reader_that_goes_away_stops_the_model(address: str, ollama: Ollama, path: str, play: dict[str, float]) -> None:
    ollama.answer = lambda body: Play(honest(body), **play)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{address}{path}", json={"vraag": GROFVUIL}, timeout=0.7)
    assert ollama.chats and ollama.gone.wait(1)


def test_model_that_writes_does_not_hold_up_others(address: str, ollama: Ollama) -> None:
    ollama.answer = lambda body: Play(honest(body), first=3)
    threads = [
        threading.Thread(target=httpx.post, args=(f"{address}{path}",), kwargs={"json": {"vraag": GROFVUIL}})
        for path in ["/gesprek", "/api/v1/vraag"]
    ]
    for thread in threads:
        thread.start()
    while len(ollama.chats) < 2:
        time.sleep(0.01)
    started = time.monotonic()
    own = httpx.post(f"{address}/api/v1/vraag", json={"vraag": GROFVUIL, "schrijver": "ingebouwd"}).json()
    plain = httpx.get(f"{address}/eenvoudig", params={"vraag": GROFVUIL}).text
    assert time.monotonic() - started < 1
    assert own["schrijver"] == "ingebouwd" and own["meldingen"] == []
    streamed = httpx.post(f"{address}/gesprek", json={"vraag": GROFVUIL, "schrijver": "ingebouwd"}).text
    assert json.loads(streamed.splitlines()[-1])["model"] is False
    assert "grofvuil" in plain and "Geschreven door" not in plain and len(ollama.chats) == 2
    for thread in threads:
        thread.join()


def test_api_answers_with_the_writer_that_is_asked_for(address: str) -> None:
    for body, writer in (({}, f"ollama:{MODEL}"), ({"schrijver": "ingebouwd"}, "ingebouwd")):
        got = httpx.post(f"{address}/api/v1/vraag", json={"vraag": GROFVUIL, **body}).json()
        assert got["schrijver"] == writer
    assert httpx.get(f"{address}/api/v1/vraag", params={"vraag": GROFVUIL}).json()["schrijver"] == f"ollama:{MODEL}"
    wrong = httpx.post(f"{address}/api/v1/vraag", json={"vraag": GROFVUIL, "schrijver": "gpt"})
    assert wrong.status_code == 422 and "schrijver" in wrong.json()["detail"]


@pytest.mark.parametrize("body", [{"vraag": "a" * 5001}, {"vraag": 3}, {}, {"vraag": "x", "anders": 1}])
def test_wrong_question_is_a_dutch_problem(address: str, body: dict[str, object]) -> None:
    got = httpx.post(f"{address}/gesprek", json=body)
    assert (got.status_code, got.json()["detail"]) == (422, TOO_BIG)


def test_conversation_counts_for_the_limit(ollama: Ollama, settings: Settings) -> None:
    with TestClient(create_app(settings, WebLimits(per_minute=1, burst=1), chat=False)) as client:
        codes = [client.post("/gesprek", json={"vraag": GROFVUIL}).status_code for _ in range(2)]
    assert codes == [200, 429]


def test_log_has_no_question(address: str, ollama: Ollama, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for play in (honest, lambda body: Play("{", end="drop")):
        ollama.answer = play
        httpx.post(f"{address}/gesprek", json={"vraag": "geheimwoord grofvuil"})
    assert ollama.chats
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("httpcore")]
    assert any("POST /gesprek 200" in line for line in ours) and not any("geheimwoord" in line for line in ours)


@pytest.mark.filterwarnings("ignore")  # Gradio leaves event loops open
@pytest.mark.parametrize("writer", [f"ollama:{MODEL}", "ingebouwd"])
def test_switch_is_there_where_a_model_writes_and_tools_stay_with_the_builtin_writer(
    ollama: Ollama, settings: Settings, writer: str
) -> None:
    with TestClient(create_app(settings.model_copy(update={"schrijver": writer}))) as client:
        shown = "Laat een taalmodel op deze computer het antwoord schrijven" in client.get("/").text
        assert shown == (writer != "ingebouwd")
        assert ("taalmodel" in client.get("/uitleg").text) == shown
        got = client.post("/gradio_api/run/chat", json={"data": [GROFVUIL, []]}).json()["data"][0]
        assert "grofvuil" in got["html"] and got["model"] is False
    assert ollama.chats == []
    gc.collect()
