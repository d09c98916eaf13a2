"""A real HTTP server on loopback that speaks OpenAI's chat completions protocol, as vLLM and llama.cpp do."""

from __future__ import annotations

import json

from ollama_server import Scripted, ScriptedHandler


class OpenAIHandler(ScriptedHandler):
    def do_GET(self) -> None:
        assert self.path == "/v1/models"
        self.send_json(200, {"object": "list", "data": [{"id": "proef-model", "object": "model"}]})

    def do_POST(self) -> None:
        assert self.path == "/v1/chat/completions"
        body = self.body()
        if self.server.fault:
            self.send_json(self.server.fault[0], {"error": {"message": self.server.fault[1], "type": "error"}})
            return
        self.server.chats.append(body | {"sleutel": self.headers["Authorization"]})
        self.play(self.server.answer(body))

    def _event(self, delta: dict[str, str], why: str | None = None) -> None:
        part = {
            "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "proef-model",
            "choices": [{"index": 0, "delta": delta, "finish_reason": why}],
        }  # fmt: skip
        self.chunk(f"data: {json.dumps(part)}\n\n".encode())

    def start(self) -> None:
        self.start_stream("text/event-stream")
        self._event({"role": "assistant", "content": ""})

    def piece(self, text: str) -> None:
        self._event({"content": text})

    def end(self, why: str) -> None:
        if why == "fout":
            self.chunk(b'data: {"error": {"message": "engine died", "type": "server_error"}}\n\n')
        else:
            self._event({}, why)
            self.chunk(b"data: [DONE]\n\n")
        self.chunk(b"")


class OpenAI(Scripted):
    """A server with one scripted model."""

    handler = OpenAIHandler
