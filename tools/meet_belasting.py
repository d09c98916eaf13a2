"""Measure the server under load: 50 people at once, a restart, a new index under way, memory over 10,000 questions.

    python tools/meet_belasting.py [--vragen 10000] [--mensen 50]

Everything goes over the loopback; the rate limit is lifted, for all 'people' share one address here. An answer
is right when it is the same as that of the pipeline itself, but for its id and its time.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from vraagalmere import Settings, VraagAlmere
from vraagalmere.index import build
from vraagalmere.store import save
from vraagalmere.web.render import themes

SERVER = (
    "import sys, uvicorn; from vraagalmere.web.server import create_app; from vraagalmere.web.gate import WebLimits;"
    "uvicorn.run(create_app(None, WebLimits(per_minute=10**7, burst=10**7)), port=int(sys.argv[1]),"
    " log_level='warning', access_log=False, timeout_graceful_shutdown=10)"
)
OTHERS = ("Heb ik recht op bijstand?", "Wat is de hoofdstad van Peru?", "Hallo", "What time is it?", "")


@dataclass
class Outcome:
    """What a run gave."""

    milliseconds: list[float] = field(default_factory=list)
    wrong: int = 0
    lost: int = 0
    tried_again: int = 0

    def __str__(self) -> str:
        ms = sorted(self.milliseconds)
        p95 = ms[int(0.95 * (len(ms) - 1))]
        return (
            f"{len(ms)} antwoorden, {self.wrong} fout, {self.lost} kwijt, {self.tried_again} keer opnieuw geprobeerd; "
            f"mediaan {statistics.median(ms):.0f} ms, p95 {p95:.0f} ms, langste {ms[-1]:.0f} ms"
        )


class Server:
    """The web app in a process of its own."""

    def __init__(self, index: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._env = {**os.environ, "VRAAGALMERE_INDEX": str(index)}
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen([sys.executable, "-c", SERVER, str(self.port)], env=self._env)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/gezond")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("De server start niet.")

    def stop(self) -> None:
        """Stop it as a supervisor does: with a signal, so that it can finish what it was doing."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def memory(self) -> float:
        """Resident memory in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(x for x in status.splitlines() if x.startswith("VmRSS")).split()[1]) / 1024


def same(body: dict[str, object], expected: dict[str, object]) -> bool:
    """Whether two answers are the same, but for id and time."""
    return all(body.get(k) == v for k, v in expected.items() if k not in ("id", "milliseconden"))


def person(
    port: int, questions: Iterable[str], right: dict[str, dict[str, object]], out: Outcome, lock: threading.Lock,
    start: threading.Barrier | None,
) -> None:  # fmt: skip
    """Ask one question after another; after a broken connection, ask it again for at most half a minute."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for question in questions:
        if start:
            start.wait()
        began = time.perf_counter()
        deadline, again, body, status = began + 30, 0, None, 0
        while time.perf_counter() < deadline:
            try:
                connection.request("GET", f"/api/v1/vraag?vraag={quote(question)}")
                reply = connection.getresponse()
                status, body = reply.status, json.loads(reply.read())
                if status == 200:
                    break
            except (OSError, http.client.HTTPException):
                connection.close()
            again += 1
            time.sleep(0.1)
        took = (time.perf_counter() - began) * 1000
        with lock:
            out.tried_again += again
            if body is None or status != 200:
                out.lost += 1
            else:
                out.milliseconds.append(took)
                out.wrong += not same(body, right[question])
    connection.close()


def crowd(
    server: Server, people: int, each: int, right: dict[str, dict[str, object]], together: bool, step: int = 7
) -> Outcome:
    """`people` at once, who ask `each` questions; `together`: all press the button at the same moment, each time."""
    out, lock = Outcome(), threading.Lock()
    start = threading.Barrier(people) if together else None
    asked = list(right)
    threads = [
        threading.Thread(
            target=person,
            args=(server.port, itertools.islice(itertools.cycle(asked[n * step % len(asked) :] + asked), each),
                  right, out, lock, start),
        )
        for n in range(people)
    ]  # fmt: skip
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return out


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vragen", type=int, default=10_000)
    parser.add_argument("--mensen", type=int, default=50)
    given = parser.parse_args()
    print(f"Processors: {os.cpu_count()}, belasting vooraf: {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        settings = Settings.load(index=index)
        vraagbaak, made_again = VraagAlmere.open(settings), build(settings)
        questions = [*dict.fromkeys(q for t in themes() for q in t.vragen), *OTHERS]
        right = {q: json.loads(json.dumps(vraagbaak.ask(q).as_dict())) for q in questions}
        server = Server(index)
        try:
            crowd(server, 4, 50, right, together=False)
            print("Tegelijk op de knop:", crowd(server, given.mensen, 20, right, together=True), flush=True)

            made: list[Outcome] = []
            asking = threading.Thread(target=lambda: made.append(crowd(server, given.mensen, 30, right, False)))
            asking.start()
            for _ in range(2):
                time.sleep(1.5)
                save(made_again, index)
            asking.join()
            print("Met een nieuwe index onderweg:", made[0], flush=True)

            asking = threading.Thread(target=lambda: made.append(crowd(server, given.mensen, 30, right, False)))
            asking.start()
            time.sleep(1.5)
            server.stop()
            server.start()
            asking.join()
            print("Met een herstart onderweg:", made[1], flush=True)

            crowd(server, 4, 100, right, together=False)
            before_mb, done = server.memory(), 0
            while done < given.vragen:
                part = crowd(server, 8, 250, right, together=False)
                done += len(part.milliseconds)
                print(f"  {done} vragen, {part.wrong} fout, {part.lost} kwijt: {server.memory():.0f} MiB", flush=True)
            print(f"Geheugen: {before_mb:.0f} MiB voor, {server.memory():.0f} MiB na {done} vragen", flush=True)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
