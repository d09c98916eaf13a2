"""What goes before every request: limits on size, rate and number at once, security headers, the access log."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_QUESTION = 5_000
"""Characters of one question."""
MAX_BODY = 128 * 1024
"""Bytes of a request: a question, its history and room for encoding."""

log = logging.getLogger("vraagalmere.web.toegang")

_ASKS = re.compile(
    r"^/(api/v1/vraag|api/v1/vergelijk|vergelijk|eenvoudig|afdruk|waardering|gesprek|document/[^/]+/blad/.*|gradio_api/(run|call|mcp|queue/join)\b.*)"
)
_SLOT = re.compile(
    r"^/(api/v1/vraag|api/v1/vergelijk|vergelijk|eenvoudig|afdruk|document/[^/]+/blad/.*|gradio_api/run/.*)$"
)
"""Requests that hold a place while they run; streams (queue, MCP, a language model that writes, which has places of its
own) do not, or a listener would block others."""
_GRADIO = re.compile(
    r"^/($|config$|assets/|static/|theme\.css$|gradio_api/(info$|run/|call/|queue/(join|data)$|mcp|startup-events$))"
)
"""The routes of Gradio that this app uses; uploads, file serving, proxying and the like are closed."""
_OWN = re.compile(
    r"^/(api/v1(/|$)|eenvoudig$|afdruk$|document/|documenten$|waardering$|gesprek$|gezond$|statisch/|favicon\.ico$"
    r"|robots\.txt$|uitleg$|afspraken(\.csv|\.xlsx)?$|geld$|vergelijk$|wie$)"
)

PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
CHAT_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
"""Gradio's own page: scripts by nonce and no eval; styles inline, for Gradio sets style attributes."""
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

API_VERSION = "1.0.0"
BUSY = "Het is nu erg druk. Wacht een paar tellen en probeer het dan opnieuw."
TOO_OFTEN = "U stelt heel snel veel vragen. Wacht een halve minuut en probeer het dan opnieuw."
TOO_BIG = "Uw vraag is te lang. Maak hem korter dan 5.000 tekens."
NOT_FOUND = "Deze pagina bestaat niet. Kijk of het adres klopt, of ga naar het begin."


@dataclass(frozen=True)
class WebLimits:
    """How much a server takes on. A library shares one address: the rate allows a full reading room."""

    per_minute: int = 600
    """Questions a minute from one address, on average."""
    burst: int = 200
    """Questions at once from one address."""
    at_once: int = 4
    """Questions that are answered at the same moment."""
    waiting: int = 400
    """Questions that may wait; the next one hears that it is busy."""
    patience: float = 20.0
    """Seconds that a question waits at most."""


class RateLimit:
    """A bucket of tokens for each address; the address is kept as a salted hash, in memory, for a short while."""

    def __init__(self, per_minute: int, burst: int, keep: int = 10_000) -> None:
        self._rate = per_minute / 60
        self._burst = float(burst)
        self._keep = keep
        self._salt = secrets.token_bytes(16)
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def allows(self, address: str, now: float | None = None) -> bool:
        """Take a token of this address; False when there is none."""
        now = time.monotonic() if now is None else now
        key = hashlib.blake2b(address.encode(), key=self._salt, digest_size=12).digest()
        left, at = self._buckets.pop(key, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._rate)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        while len(self._buckets) > self._keep:
            self._buckets.popitem(last=False)
        return allowed


def problem(status: int, detail: str) -> bytes:
    """An error as application/problem+json (RFC 9457), with its text in Dutch."""
    titles = {400: "Ongeldig verzoek", 404: "Niet gevonden", 405: "Niet toegestaan", 413: "Te groot",
              422: "Ongeldig verzoek", 429: "Te veel verzoeken", 503: "Te druk"}  # fmt: skip
    body = {"type": "about:blank", "title": titles.get(status, "Fout"), "status": status, "detail": detail}
    return json.dumps(body, ensure_ascii=False).encode()


def error_page(status: int, detail: str) -> bytes:
    """An error as a page."""
    page = files("vraagalmere.web").joinpath("templates", "fout.html").read_text(encoding="utf-8")
    return page.replace("{{status}}", str(status)).replace("{{tekst}}", escape(detail)).encode()


class Gate:
    """ASGI middleware; see the module."""

    def __init__(self, app: ASGIApp, limits: WebLimits) -> None:
        self.app = app
        self.limits = limits
        self.rate = RateLimit(limits.per_minute, limits.burst)
        self._slots = asyncio.Semaphore(limits.at_once)
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (ASGI); web sockets are closed by not answering them."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        path, started, seen = str(scope["path"]), time.perf_counter(), [0]
        nonce = secrets.token_urlsafe(16)
        policy = CHAT_POLICY.format(nonce=nonce) if path == "/" else PLAIN_POLICY

        async def outgoing(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen[0] = message["status"]
                headers = [(k, v) for k, v in message["headers"] if k.lower() != b"server"]
                have = {k.lower() for k, _ in headers}
                extra = {**_HEADERS, "content-security-policy": policy}
                if path.startswith("/api/v1"):
                    extra |= {"api-version": API_VERSION, "access-control-allow-origin": "*",
                              "cross-origin-resource-policy": "cross-origin"}  # fmt: skip
                if not path.startswith(("/assets/", "/static/", "/statisch/", "/theme.css")):
                    extra["cache-control"] = "no-store"
                headers += [(k.encode(), v.encode()) for k, v in extra.items() if k.encode() not in have]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self._admit(scope, receive, outgoing, path, nonce)
        finally:
            # Only the path: the query string of a request holds the question.
            took = (time.perf_counter() - started) * 1000
            log.info("%s %s %d %.0f ms", scope["method"], path, seen[0], took)

    async def _admit(self, scope: Scope, receive: Receive, send: Send, path: str, nonce: str) -> None:
        if not (_OWN.match(path) or _GRADIO.match(path)):
            return await _refuse(scope, send, 404, NOT_FOUND)
        size = dict(scope["headers"]).get(b"content-length", b"0")
        if not size.isdigit() or int(size) > MAX_BODY:
            return await _refuse(scope, send, 413, TOO_BIG)
        if _ASKS.match(path) and not self.rate.allows(_address(scope)):
            return await _refuse(scope, send, 429, TOO_OFTEN)
        if path == "/":
            return await self.app(scope, receive, _Rewritten(send, nonce).send)
        if not (_SLOT.match(path) and scope["method"] in ("GET", "POST")):
            return await self.app(scope, _bounded(receive), send)
        if self._inside >= self.limits.at_once + self.limits.waiting:
            return await _refuse(scope, send, 503, BUSY)
        self._inside += 1
        try:
            try:
                await asyncio.wait_for(self._slots.acquire(), self.limits.patience)
            except TimeoutError:
                return await _refuse(scope, send, 503, BUSY)
            try:
                await self.app(scope, _bounded(receive), send)
            finally:
                self._slots.release()
        finally:
            self._inside -= 1


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _bounded(receive: Receive) -> Receive:
    """`receive`, cut off when a request without a stated length grows too long."""
    total = 0

    async def limited() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        return {"type": "http.disconnect"} if total > MAX_BODY else message

    return limited


async def _refuse(scope: Scope, send: Send, status: int, detail: str) -> None:
    machine = str(scope["path"]).startswith(("/api/", "/gradio_api/", "/gezond"))
    body = problem(status, detail) if machine else error_page(status, detail)
    kind = b"application/problem+json" if machine else b"text/html; charset=utf-8"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    if status in (429, 503):
        headers.append((b"retry-after", b"30" if status == 429 else b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class _Rewritten:
    """Gradio's own page made ours: Dutch, without references to elsewhere, scripts by nonce, our style and script."""

    def __init__(self, send: Send, nonce: str) -> None:
        self._send, self._nonce = send, nonce
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._parts.append(message.get("body", b""))
        if message.get("more_body") or self._start is None:
            return
        body = b"".join(self._parts)
        headers = [(k, v) for k, v in self._start["headers"] if k.lower() != b"content-length"]
        if any(k.lower() == b"content-type" and v.startswith(b"text/html") for k, v in headers):
            body = rewrite(body.decode("utf-8"), self._nonce).encode()
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


_META = re.compile(r"<meta\s+(?:property=\"og:|name=\"twitter:|name=\"viewport)[^>]*>\s*")
_MANIFEST = re.compile(r'<link rel="manifest"[^>]*>')


def rewrite(page: str, nonce: str) -> str:
    """The page of Gradio, adapted (see `_Rewritten`)."""
    own = files("vraagalmere.web").joinpath("templates", "hoofd.html").read_text(encoding="utf-8")
    page = _MANIFEST.sub("", _META.sub("", page)).replace('lang="en"', 'lang="nl"', 1)
    head, body = page.split("</head>", 1)
    first, last = own.split("<!-- lijf -->")
    body = body.replace("<gradio-app", last.strip() + "\n<gradio-app", 1)
    return (head + first + "</head>" + body).replace("<script", f'<script nonce="{nonce}"')
