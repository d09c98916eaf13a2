"""Answer the questions of the sets into a run folder: config.json and answers.jsonl. Scoring is separate.

A run folder, evals/runs/<name>/, holds:

- config.json: what made the answers: versions, documents, index, settings, sets
- answers.jsonl: one answer a line, `id` is the question's
- scores.csv (scoring): one question a row
- aggregates.json (scoring): means, intervals, tables
- tegenfeit.json (counterfactual): what changed with its source
- rapport.html (report)
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..answer import Answer, Sentence, Source
from ..errors import InputError
from ..pipeline import VraagAlmere
from ..settings import Settings
from .readability import explained_words
from .scoring import Row, aggregate, score, write_scores
from .sets import Question

ANSWERS, CONFIG, SCORES, AGGREGATES = "answers.jsonl", "config.json", "scores.csv", "aggregates.json"
COUNTERFACTUAL = "tegenfeit.json"
_PACKAGES = ("vraagalmere", "bm25s", "faiss-cpu", "numpy", "pydantic", "pystemmer", "rapidfuzz")
Progress = Callable[[int, int], None]


def evals_folder(settings: Settings) -> Path:
    """The folder evals/ beside the documents, or in the current folder where the package is installed without it."""
    beside = settings.corpus.parent / "evals"
    return beside if (beside / "sets").is_dir() else Path("evals")


def program_hash() -> str:
    """Of the modules that make an answer and of their data files; comments and layout do not count."""
    package = files("vraagalmere")
    digest = hashlib.sha256()
    todo, seen = ["pipeline"], set()
    while todo:
        name = todo.pop()
        if name in seen or not package.joinpath(f"{name}.py").is_file():
            continue
        seen.add(name)
        tree = ast.parse(package.joinpath(f"{name}.py").read_text(encoding="utf-8"))
        todo += [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level == 1 and n.module]
    for name in sorted(seen):
        tree = ast.parse(package.joinpath(f"{name}.py").read_text(encoding="utf-8"))
        digest.update(f"{name} {ast.dump(tree)}".encode())
    data = Path(str(package.joinpath("data")))
    for path in sorted(p for p in data.rglob("*") if p.is_file()):
        digest.update(path.relative_to(data).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def configuration(engine: VraagAlmere, settings: Settings, sets: Iterable[Path], part: str) -> dict[str, Any]:
    """What determines the answers of a run; nothing in it names this computer."""
    prompts = {"prompts": told} if (told := getattr(engine.writer, "version", "")) else {}
    return {
        "deel": part,
        "sets": {p.stem: hashlib.sha256(p.read_bytes()).hexdigest()[:12] for p in sets},
        "documenten": {d.id: d.hash[:12] for d in engine.index.documents.values()},
        "index": engine.index.fingerprint,
        "embedder": engine.index.embedder.name,
        "schrijver": engine.writer.name,
        **prompts,
        "gewone_taal": settings.edition,
        "drempels": engine.limits.model_dump(),
        "programma": program_hash(),
        "versies": {"python": platform.python_version(), **{p: version(p) for p in _PACKAGES}},
    }


def mark(config: dict[str, Any]) -> str:
    """Eight hex digits that change with what determines the answers; versions of packages do not count."""
    fixed = {k: v for k, v in config.items() if k not in ("versies", "gemaakt")}
    return hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()[:8]


def start(folder: Path, config: dict[str, Any]) -> None:
    """Make the run folder, or check that the run that is there was begun in the same way.

    Raises:
        InputError: when it was not.
    """
    path = folder / CONFIG
    if path.is_file():
        if mark(json.loads(path.read_text(encoding="utf-8"))) != mark(config):
            raise InputError(
                f"De run '{folder.name}' is begonnen met andere documenten, vragen, instellingen of code. "
                "Kies een andere naam met: --naam"
            )
        return
    folder.mkdir(parents=True, exist_ok=True)
    made = {**config, "gemaakt": datetime.now(UTC).isoformat(timespec="seconds")}
    path.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_config(folder: Path) -> dict[str, Any]:
    """The configuration of a run.

    Raises:
        InputError: when there is no such run.
    """
    try:
        config: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise InputError(f"Er is geen run '{folder.name}' in {folder.parent.name}/. Maak hem met: evalueer") from exc
    return config


def read_answers(folder: Path) -> dict[str, Answer]:
    """The answers of a run, by the id of the question; a last line that was cut off is left out."""
    path = folder / ANSWERS
    answers = {}
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    for number, line in enumerate(lines[:-1], start=1):
        try:
            answer = answer_from(json.loads(line))
        except (ValueError, TypeError, KeyError) as exc:
            raise InputError(f"{ANSWERS}, regel {number}: beschadigd. Haal de regel weg en start opnieuw.") from exc
        answers[answer.id] = answer
    return answers


def answer_from(raw: dict[str, Any]) -> Answer:
    """The answer that `Answer.as_dict` wrote."""
    parts = {
        "zinnen": tuple(Sentence(**{**z, "bronnen": tuple(z["bronnen"])}) for z in raw["zinnen"]),
        "bronnen": tuple(Source(**b) for b in raw["bronnen"]),
    }
    lists = {key: tuple(raw[key]) for key in ("inleiding", "slot", "meldingen", "uitleg")}
    return Answer(**{**raw, **parts, **lists})


def generate(
    folder: Path,
    questions: Sequence[Question],
    ask: Callable[[Question], Answer],
    progress: Progress = lambda done, of: None,
) -> None:
    """Ask every question that has no answer yet; each answer is written at once, so a stopped run goes on."""
    path = folder / ANSWERS
    done = read_answers(folder)
    if path.is_file():
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: text.rfind("\n") + 1], encoding="utf-8")
    with path.open("a", encoding="utf-8") as out:
        for number, question in enumerate(questions):
            progress(number, len(questions))
            if question.id not in done:
                out.write(json.dumps(ask(question).as_dict(), ensure_ascii=False) + "\n")
                out.flush()
    progress(len(questions), len(questions))


def written(answers: Iterable[Answer]) -> str:
    """How many answers a language model wrote, and how many of its sentences were left out; '' without one."""
    told = [a.uitleg for a in answers if any(u.startswith("taalmodel: ") for u in a.uitleg)]
    if not told:
        return ""
    left_out = sum(" weggelaten (" in step for steps in told for step in steps)
    instead = sum(any(s.startswith("de ingebouwde schrijver") for s in steps) for steps in told)
    return (
        f"Het taalmodel schreef {len(told) - instead} van {len(told)} antwoorden; "
        f"{left_out} zinnen weggelaten, {instead} keer antwoordde de ingebouwde schrijver."
    )


def score_run(
    folder: Path, questions: Sequence[Question], engine: VraagAlmere, settings: Settings
) -> tuple[list[Row], dict[str, Any]]:
    """Score the answers of a run, write scores.csv and aggregates.json, and give both back."""
    answers = read_answers(folder)
    explained = explained_words(settings.corpus)
    rows = [score(q, answers[q.id], engine.index.documents, explained) for q in questions if q.id in answers]
    write_scores(folder / SCORES, rows)
    figures = aggregate(rows, len(questions))
    (folder / AGGREGATES).write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return rows, figures
