"""Measure what our own code adds around a language model, and how soon trouble gives the built-in answer.

    python tools/meet_taalmodel.py [--uit docs/taalmodel-metingen.md]

The model is a script on loopback that answers at once (tests/ollama_server.py): no real model is run. What is left is
our search, the prompt, LangChain and the connection, the checks, and the answer.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from meet_snelheid import QUESTIONS
from models import honest, honest_sentences, reply
from ollama_server import MODEL, Ollama, Play
from vraagalmere import Settings, VraagAlmere
from vraagalmere.answer import Answer

ROUNDS = 10
WAIT = 1.0
"""Seconds to the first word in these measurements; people get `schrijver_wacht`."""


def milliseconds(ask: Callable[[str], object]) -> float:
    """Median over the questions, ROUNDS times each."""
    times = []
    for _ in range(ROUNDS):
        for question in QUESTIONS:
            started = time.perf_counter()
            ask(question)
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def after_a_sentence(engine: VraagAlmere, server: Ollama) -> float:
    """Median milliseconds from the moment that the server has sent a sentence to when it is checked and handed on."""
    sent: list[float] = []

    def pieces(body: dict[str, Any]) -> Any:
        every = honest_sentences(body, each=4)
        yield '{"zinnen": ['
        for n, sentence in enumerate(every):
            sent.append(time.perf_counter())
            yield json.dumps(sentence) + ("," if n + 1 < len(every) else "]}")

    server.answer = lambda body: Play(pieces(body), drip=0.05)
    took = []
    for question in QUESTIONS[:5]:
        sent.clear()
        got = [time.perf_counter() for part in engine.stream(question) if not isinstance(part, Answer)]
        took += [(b - a) * 1000 for a, b in zip(sent, got)]
    return statistics.median(took)


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uit", type=Path, default=Path("docs/taalmodel-metingen.md"))
    args = parser.parse_args()
    server = Ollama()
    os.environ["OLLAMA_HOST"] = server.address
    settings = Settings.load(schrijver=f"ollama:{MODEL}", schrijver_wacht=WAIT)
    with server.running():
        engine = VraagAlmere.open(settings)
        builtin = engine.without_model
        server.answer = honest
        for question in QUESTIONS:
            engine.ask(question)
        own, written = milliseconds(builtin.ask), milliseconds(engine.ask)
        sentence = after_a_sentence(engine, server)
        troubles: list[tuple[str, Callable[[dict[str, Any]], str | Play] | None, float]] = [
            ("geen JSON", lambda body: "Natuurlijk!", 0),
            ("verbinding breekt halverwege", lambda body: Play(honest(body)[:-30], end="drop"), 0),
            ("alle zinnen weggelaten", lambda body: reply(), 0),
            ("server geeft fout 500", None, 0),
            (f"geen woord binnen {WAIT:g} s", lambda body: Play(honest(body), first=30), WAIT),
        ]
        rows = []
        for name, play, noticed in troubles:
            server.fault = (500, "stuk") if play is None else None
            server.answer = play or honest
            started = time.perf_counter()
            answer = engine.ask(QUESTIONS[0])
            took = (time.perf_counter() - started - noticed) * 1000
            assert answer.schrijver == "ingebouwd", name
            rows.append((f"na '{name}': het ingebouwde antwoord", f"{took:.0f} ms"))
    rows = [
        ("vraag, ingebouwde schrijver (mediaan)", f"{own:.1f} ms"),
        ("vraag, taalmodel dat meteen antwoordt (mediaan)", f"{written:.1f} ms"),
        ("dus eigen werk rond het taalmodel", f"{written - own:.1f} ms"),
        ("van het laatste teken van een zin tot de nagekeken zin (mediaan)", f"{sentence:.1f} ms"),
        *rows,
    ]
    lines = [
        "# Wat het eigen werk rond een taalmodel kost",
        "",
        "Gemaakt door `python tools/meet_taalmodel.py`. Het taalmodel is hier een script dat meteen antwoordt: er is",
        "geen echt model gedraaid. De tijd van een echt model komt hierbij.",
        "",
        "| wat | gemeten |",
        "|---|---:|",
        *(f"| {name} | {value} |" for name, value in rows),
    ]
    args.uit.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
