"""A real HTTP server on loopback that speaks Ollama's protocol, and plays a script instead of a model.

The protocol is that of https://github.com/ollama/ollama/blob/main/docs/api.md: /api/tags, /api/show and
/api/chat, which streams a JSON object a line, in chunks.
"""

from __future__ import annotations

import json
import select
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "eerlijk:7b"


@dataclass(frozen=True)
class Play:
    """What a model says, and how."""

    text: str | Iterable[str]
    """Cut in pieces of 40 characters; an iterable may go on for ever."""
    first: float = 0
    """Seconds before the first piece."""
    drip: float = 0
    """Seconds between two pieces."""
    end: str = "stop"
    """Why it ends: 'stop', 'length', 'drop' (the connection breaks) or 'fout' (an error halfway)."""

    @property
    def pieces(self) -> Iterator[str]:
        if isinstance(self.text, str):
            return (self.text[i : i + 40] for i in range(0, len(self.text), 40))
        return iter(self.text)


class Gone(Exception):
    """Who asked has closed the connection."""


class Scripted(ThreadingHTTPServer):
    """A server with scripted models. `answer` gives what is played for the body of a request."""

    handler: type[BaseHTTPRequestHandler]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), self.handler)
        self.answer: Callable[[dict[str, Any]], str | Play] = lambda body: ""
        self.chats: list[dict[str, Any]] = []
        self.loads: list[dict[str, Any]] = []
        self.fault: tuple[int, str] | None = None
        self.gone = threading.Event()
        """Set when someone closed the connection before the end."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()
            self.server_close()


class ScriptedHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Scripted

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def body(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return read

    def send_json(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def start_stream(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def wait(self, seconds: float) -> None:
        """Sleep, but notice at once when who asked has gone."""
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            readable, _, _ = select.select([self.connection], [], [], max(0.0, min(left, 0.02)))
            if readable and not self.connection.recv(1, 2):  # MSG_PEEK
                raise Gone
            if left <= 0:
                return

    def drop(self) -> None:
        """Break the connection without an end."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(2)

    def play(self, played: str | Play) -> None:
        play = Play(played) if isinstance(played, str) else played
        try:
            self.wait(play.first)
            self.start()
            for piece in play.pieces:
                self.piece(piece)
                self.wait(play.drip)
            if play.end == "drop":
                self.drop()
            else:
                self.end(play.end)
        except (Gone, BrokenPipeError, ConnectionResetError):
            self.close_connection = True
            self.server.gone.set()

    def start(self) -> None:
        raise NotImplementedError

    def piece(self, text: str) -> None:
        raise NotImplementedError

    def end(self, why: str) -> None:
        raise NotImplementedError


class OllamaHandler(ScriptedHandler):
    server: Ollama

    def do_GET(self) -> None:
        assert self.path == "/api/tags"
        self.send_json(200, {"models": [{"name": m, "model": m, "size": 1} for m in self.server.models]})

    def do_POST(self) -> None:
        body = self.body()
        if body["model"] not in self.server.models:
            self.send_json(404, {"error": f"model '{body['model']}' not found"})
        elif self.path == "/api/show":
            capabilities = self.server.models[body["model"]]
            self.send_json(200, {"details": {}, "model_info": {}, "capabilities": capabilities})
        elif self.server.fault:
            self.send_json(self.server.fault[0], {"error": self.server.fault[1]})
        elif not body["messages"]:
            self.server.loads.append(body)
            self.send_json(200, self._line({"message": {"role": "assistant", "content": ""}, "done_reason": "load"}))
        else:
            assert self.path == "/api/chat"
            self.server.chats.append(body)
            self.play(self.server.answer(body))

    def _line(self, part: dict[str, object]) -> dict[str, object]:
        return {"model": MODEL, "created_at": "2026-07-01T12:00:00Z", "done": "done_reason" in part} | part

    def _send(self, part: dict[str, object]) -> None:
        self.chunk((json.dumps(part) + "\n").encode())

    def start(self) -> None:
        self.start_stream("application/x-ndjson")

    def piece(self, text: str) -> None:
        self._send(self._line({"message": {"role": "assistant", "content": text}}))

    def end(self, why: str) -> None:
        if why == "fout":
            self._send({"error": "an error was encountered while running the model"})
        else:
            self._send(self._line({"message": {"role": "assistant", "content": ""}, "done_reason": why}))
        self.chunk(b"")


class Ollama(Scripted):
    """Ollama with scripted models."""

    handler = OllamaHandler

    def __init__(self) -> None:
        super().__init__()
        self.models: dict[str, list[str]] = {MODEL: ["completion"], "denker:8b": ["completion", "thinking"]}
