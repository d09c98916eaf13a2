"""A language model: what it is told (prompts/), where it runs, and its words as they come.

Ollama on this computer, or a server that speaks OpenAI's protocol (vLLM, llama.cpp). A model elsewhere is used only
when the person allows it. All trouble is a `ModelError` of one Dutch line.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import queue
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from .dutch import collapse
from .errors import ExtraMissing, InputError, ModelError, SettingsError
from .settings import BUILTIN, Settings

LOADING = 600
"""Seconds without a sign of life while a model loads: a large one takes minutes from disk."""
LOOKING = 5
"""Seconds to connect, or to hear which models there are: a server that runs answers at once."""
CONTEXT = 8192
"""Tokens of the question, the passages and the answer together; four passages need about half."""
KEEP = "1h"
"""How long Ollama keeps the model in memory; with its own five minutes every quiet spell ends in a slow question."""
POLL = 0.05
"""Seconds between two looks whether the person has stopped."""

Message = tuple[str, str]
"""(role, text); the roles are 'system', 'human' and 'ai'."""
Stopped = Callable[[], bool]


class Slow(ModelError):
    """The model did not begin, or did not end, in time."""


class StoppedByPerson(Exception):
    """The person wants no answer any more."""


def never() -> bool:
    """Nobody stops."""
    return False


def read_parts(path: Path, names: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The version of a prompt file, and its parts by the heading that they stand under.

    Raises:
        InputError: when it is missing, or a part or the version is.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"{path} is niet te lezen als UTF-8-tekst ({exc}).") from exc
    head, *rest = re.split(r"^# (\w+)$", text, flags=re.MULTILINE)
    parts = {name: body.strip() for name, body in zip(rest[::2], rest[1::2])}
    version = re.match(r"versie: (\S+)\n", head)
    missing = set(names) - parts.keys()
    if not version or missing:
        raise InputError(f"{path}: hier ontbreekt {', '.join(sorted(missing)) or 'de regel versie: …'}.")
    return version[1], parts


def open_ollama(name: str, *, timeout: float, looking: float | None = None, **options: Any) -> Any:
    """The model `name` in the Ollama of this computer, or of OLLAMA_HOST, as a LangChain `ChatOllama`.

    Args:
        timeout: seconds without a sign of life.
        looking: the same, for the question whether the model is there.
        options: of `ChatOllama`.

    Raises:
        ExtraMissing: without langchain-ollama.
        ModelError: when Ollama does not run, the model is not pulled, or it cannot write text.
    """
    try:
        from langchain_ollama import ChatOllama
        from ollama import Client, ResponseError
    except ImportError as exc:
        raise ExtraMissing("langchain-ollama", "ollama") from exc
    _refuse_cloud(name)
    with ollama_errors(name), Client(**_connection(timeout if looking is None else looking)) as client:
        try:
            about = client.show(name)
        except ResponseError as exc:
            if exc.status_code != 404:
                raise
            there = ", ".join(m.model for m in client.list().models if m.model) or "nog geen"
            raise ModelError(
                f"Het model '{name}' is er niet. Haal het op met: ollama pull {name}. Modellen die er zijn: {there}."
            ) from exc
        can = about.capabilities
        if can is not None and "completion" not in can:
            raise ModelError(f"Het model '{name}' kan geen tekst schrijven. Kies een ander, of: ollama pull <model>")
        return ChatOllama(
            model=name,
            temperature=0,
            seed=1,
            reasoning=False if can and "thinking" in can else None,
            client_kwargs=_connection(timeout),
            **options,
        )


@contextmanager
def ollama_errors(name: str) -> Iterator[None]:
    """Makes the errors of Ollama's client a `ModelError` that says what to do."""
    import httpx
    from ollama import ResponseError

    try:
        yield
    except ResponseError as exc:
        raise ModelError(f"Ollama kan het model '{name}' niet gebruiken: {_short(exc.error)}") from exc
    except (ConnectionError, httpx.HTTPError, httpx.InvalidURL, ValueError) as exc:
        where = os.environ.get("OLLAMA_HOST") or "http://127.0.0.1:11434"
        raise ModelError(
            f"Ollama draait niet of antwoordt niet op {where}. Start het met: ollama serve. "
            f"Haal het model op met: ollama pull {name}"
        ) from exc


def _refuse_cloud(name: str) -> None:
    if name.endswith(("-cloud", ":cloud")):
        raise ModelError(
            f"Het model '{name}' draait niet op deze computer maar bij Ollama op internet. Kies een ander."
        )


def _connection(timeout: float) -> dict[str, Any]:
    """How we connect: not through the proxy of the organisation, which is no road to this computer; not on to
    another address where a server points; no connection kept, so that a stop closes it."""
    import httpx

    return {
        "trust_env": False,
        "follow_redirects": False,
        "timeout": httpx.Timeout(timeout, connect=LOOKING),
        "limits": httpx.Limits(max_keepalive_connections=0),
    }


def _short(text: str) -> str:
    return collapse(text)[:200]


@dataclass(frozen=True)
class Wait:
    """How long a model is waited for, in seconds."""

    first: float
    """To its first word."""
    whole: float
    """To its last."""


class Model(Protocol):
    """A model that can be asked."""

    @property
    def name(self) -> str:
        """As an answer names its writer ('ollama:gemma3:4b', 'openai:qwen3@server.example.nl')."""

    host: str
    """Where it runs; '' for this computer."""

    def words(
        self, messages: Sequence[Message], schema: dict[str, Any], tokens: int, wait: Wait, stopped: Stopped = never
    ) -> Generator[str, None, None]:
        """The answer, piece by piece; closing the generator closes the connection.

        Args:
            messages: what it is told.
            schema: the JSON Schema that binds its answer.
            tokens: the longest answer.
            wait: how long it may take.
            stopped: looked at every POLL seconds.

        Raises:
            ModelError: for any trouble: not there, too slow, an error, an answer that stops halfway or is too long.
            StoppedByPerson: when `stopped` says so.
        """

    def load(self) -> None:
        """Have the model in memory; may take minutes.

        Raises:
            ModelError: when that cannot be done.
        """


class _Model:
    """What the two kinds share: the connection lives on a thread of its own, the words come through a queue."""

    kind = ""
    model: str
    host: str

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.model}{f'@{self.host}' if self.host else ''}"

    def words(
        self, messages: Sequence[Message], schema: dict[str, Any], tokens: int, wait: Wait, stopped: Stopped = never
    ) -> Generator[str, None, None]:
        pieces: queue.SimpleQueue[Any] = queue.SimpleQueue()
        started = time.monotonic()
        begun = ended = False
        future = asyncio.run_coroutine_threadsafe(self._pump(messages, schema, tokens, pieces), _loop())
        try:
            while True:
                until = started + (wait.whole if begun else wait.first)
                piece = self._next(pieces, until, wait, begun, stopped)
                if piece is None:
                    break
                if isinstance(piece, Exception):
                    raise self._trouble(piece, begun)
                begun = begun or bool(piece.text)
                end = self._end(piece)
                ended = ended or bool(end)
                if end == "length":
                    raise ModelError("Het taalmodel kwam niet tot een eind.")
                if piece.text:
                    yield piece.text
            if not ended:
                raise ModelError("Het taalmodel stopte halverwege.")
        finally:
            future.cancel()

    def _next(self, pieces: Any, until: float, wait: Wait, begun: bool, stopped: Stopped) -> Any:
        while True:
            if stopped():
                raise StoppedByPerson
            left = until - time.monotonic()
            if left <= 0:
                what = f"was na {wait.whole:g} seconden niet klaar" if begun else f"zei {wait.first:g} seconden niets"
                raise Slow(f"Het taalmodel is te traag: het {what}.")
            try:
                return pieces.get(timeout=min(left, POLL))
            except queue.Empty:
                continue

    async def _pump(self, messages: Sequence[Message], schema: dict[str, Any], tokens: int, pieces: Any) -> None:
        from langsmith import tracing_context

        try:
            # LangChain sends what it does to LangSmith where the environment says so; not from here.
            with tracing_context(enabled=False):
                chat = await asyncio.to_thread(lambda: self._chat)
                async with aclosing(self._stream(chat, list(messages), schema, tokens)) as chunks:
                    async for chunk in chunks:
                        pieces.put(chunk)
            pieces.put(None)
        except Exception as exc:
            pieces.put(exc)

    @cached_property
    def _chat(self) -> Any:
        raise NotImplementedError

    def _stream(self, chat: Any, messages: list[Message], schema: dict[str, Any], tokens: int) -> Any:
        raise NotImplementedError

    def _end(self, chunk: Any) -> str:
        raise NotImplementedError

    def _trouble(self, exc: Exception, begun: bool) -> Exception:
        raise NotImplementedError


_starting = threading.Lock()
_loops: list[asyncio.AbstractEventLoop] = []


def _loop() -> asyncio.AbstractEventLoop:
    """The event loop on which all models are listened to, on a thread that does not hold up the end of the program."""
    with _starting:
        if not _loops:
            _loops.append(asyncio.new_event_loop())
            threading.Thread(target=_loops[0].run_forever, name="taalmodel", daemon=True).start()
        return _loops[0]


class OllamaModel(_Model):
    """A model in Ollama."""

    kind = "ollama"

    def __init__(self, model: str, host: str) -> None:
        self.model, self.host = model, host

    @cached_property
    def _chat(self) -> Any:
        return open_ollama(self.model, timeout=LOADING, looking=LOOKING, keep_alive=KEEP)

    def _stream(self, chat: Any, messages: list[Message], schema: dict[str, Any], tokens: int) -> Any:
        options = {"temperature": 0, "seed": 1, "num_ctx": CONTEXT, "num_predict": tokens}
        return chat.astream(messages, format=schema, options=options)

    def _end(self, chunk: Any) -> str:
        return str(chunk.response_metadata.get("done_reason") or "")

    def _trouble(self, exc: Exception, begun: bool) -> Exception:
        from ollama import ResponseError

        if isinstance(exc, ModelError | ExtraMissing):
            return exc
        if isinstance(exc, ResponseError) and exc.status_code == 404:
            self.__dict__.pop("_chat", None)  # removed since: look again, and name what is there
            try:
                _ = self._chat
            except ModelError as gone:
                return gone
        if begun and not isinstance(exc, ResponseError):
            return ModelError("Het taalmodel stopte halverwege.")
        try:
            with ollama_errors(self.model):
                raise exc
        except ModelError as told:
            return told
        except Exception:
            return ModelError("Ollama geeft geen antwoord dat bij zijn protocol hoort.")

    def load(self) -> None:
        from ollama import Client

        _ = self._chat
        with ollama_errors(self.model), Client(**_connection(LOADING)) as client:
            # The same num_ctx as a question, or Ollama loads the model again for it.
            client.chat(self.model, messages=[], keep_alive=KEEP, options={"num_ctx": CONTEXT})


class OpenAIModel(_Model):
    """A model behind OpenAI's chat completions protocol."""

    kind = "openai"

    def __init__(self, url: str, model: str, host: str) -> None:
        self.url, self.model, self.host = url, model, host
        self._chosen = bool(model)
        self.model = model or "model"

    @cached_property
    def _chat(self) -> Any:
        try:
            from langchain_openai import ChatOpenAI
        except ImportError as exc:
            raise ExtraMissing("langchain-openai", "openai") from exc
        import httpx

        key = os.environ.get("OPENAI_API_KEY") or "geen"
        if not self._chosen:
            with httpx.Client(**_connection(LOOKING), headers={"Authorization": f"Bearer {key}"}) as client:
                reply = client.get(f"{self.url}/models")
                reply.raise_for_status()
                self.model = str(reply.json()["data"][0]["id"])
        return ChatOpenAI(
            model=self.model,
            base_url=self.url,
            api_key=key,  # type: ignore[arg-type]
            temperature=0,
            seed=1,
            max_retries=0,
            use_responses_api=False,
            stream_usage=False,
            stream_chunk_timeout=None,
            http_client=httpx.Client(**_connection(LOADING)),
            http_async_client=httpx.AsyncClient(**_connection(LOADING)),
        )

    def _stream(self, chat: Any, messages: list[Message], schema: dict[str, Any], tokens: int) -> Any:
        form = {"type": "json_schema", "json_schema": {"name": "antwoord", "strict": True, "schema": schema}}
        # In the body, not as a parameter: OpenAI's own client would parse and judge the answer before we do.
        return chat.astream(messages, extra_body={"response_format": form, "max_tokens": tokens})

    def _end(self, chunk: Any) -> str:
        return str(chunk.response_metadata.get("finish_reason") or "")

    def _trouble(self, exc: Exception, begun: bool) -> Exception:
        import httpx
        import openai

        if isinstance(exc, ModelError | ExtraMissing):
            return exc
        if isinstance(exc, openai.APIStatusError):
            return ModelError(f"De server op {self.url} weigert ({exc.status_code}): {_short(exc.message)}")
        if begun:
            return ModelError("Het taalmodel stopte halverwege.")
        if isinstance(exc, httpx.HTTPStatusError):
            return ModelError(f"De server op {self.url} geeft geen lijst met modellen ({exc.response.status_code}).")
        if isinstance(exc, openai.OpenAIError | httpx.HTTPError | httpx.InvalidURL | OSError):
            return ModelError(f"Er draait geen taalmodel op {self.url}. Start de server, of kies een ander adres.")
        return ModelError(f"De server op {self.url} geeft geen antwoord dat bij dit protocol hoort.")

    def load(self) -> None:
        """Nothing to do: such a server has its model in memory from its start."""


def open_writer_model(settings: Settings) -> Model:
    """The model that `settings.schrijver` names; it is not connected to before it is asked.

    Raises:
        SettingsError: for a name of another form, or a model on another computer that the person did not allow.
        ModelError: for a model in the cloud of Ollama.
        ExtraMissing: when the package for it is not installed.
    """
    kind, _, rest = settings.schrijver.partition(":")
    if kind == "ollama" and rest:
        _needs("langchain_ollama", "ollama")
        _refuse_cloud(rest)
        return OllamaModel(rest, _elsewhere(os.environ.get("OLLAMA_HOST", ""), settings))
    if kind == "openai" and rest.startswith(("http://", "https://")):
        _needs("langchain_openai", "openai")
        url, _, model = rest.partition("#")
        return OpenAIModel(url.rstrip("/"), model, _elsewhere(url, settings))
    raise SettingsError(
        f"De schrijver '{settings.schrijver}' bestaat niet. "
        f"Kies '{BUILTIN}', 'ollama:<model>' of 'openai:<url>#<model>'."
    )


def _needs(package: str, extra: str) -> None:
    if find_spec(package) is None:
        raise ExtraMissing(package.replace("_", "-"), extra)


def _elsewhere(address: str, settings: Settings) -> str:
    """The host of `address`, or '' when that is this computer.

    Raises:
        SettingsError: when it is another computer and the person did not say that questions may go there.
    """
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or "localhost"
    except ValueError as exc:
        raise SettingsError(f"Het adres '{address}' klopt niet.") from exc
    if _is_here(host):
        return ""
    if settings.vragen_naar_buiten != "ja":
        raise SettingsError(
            f"Met deze schrijver gaan vragen naar {host}. Mag dat? Zet dan VRAAGALMERE_VRAGEN_NAAR_BUITEN=ja"
        )
    return host


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
