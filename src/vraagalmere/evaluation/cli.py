"""`vraagalmere evalueer`: the command line of the suite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ..pipeline import VraagAlmere
    from ..settings import Settings
    from .scoring import Row
    from .sets import Question

REPORT = "rapport.html"


class Part(StrEnum):
    """Which half of the sets."""

    ontwikkeling = "ontwikkeling"
    test = "test"
    alles = "alles"


def add_commands(app: typer.Typer) -> None:
    """Register `evalueer` on the command line."""
    app.command()(evalueer)


def evalueer(
    sets: Annotated[
        list[Path] | None,
        typer.Option("--set", metavar="BESTAND", help="Eigen vragenset (JSON Lines); mag vaker. Anders alle van ons."),
    ] = None,
    deel: Annotated[
        Part, typer.Option("--deel", metavar="DEEL", help="Welk deel van de vragen: ontwikkeling, test of alles.")
    ] = Part.ontwikkeling,
    naam: Annotated[
        str | None,
        typer.Option("--naam", metavar="NAAM", help="Naam van de run; een gestopte run met die naam gaat verder."),
    ] = None,
    vergelijk: Annotated[
        tuple[str, str] | None,
        typer.Option("--vergelijk", metavar="A B", help="Wat is er veranderd van run A naar run B?"),
    ] = None,
    rapport: Annotated[
        bool, typer.Option("--rapport", help="Maak het verslag (HTML), en van het deel test docs/resultaten.md.")
    ] = False,
    steekproef: Annotated[
        int | None,
        typer.Option(
            "--steekproef",
            min=1,
            metavar="AANTAL",
            help="Blad voor twee beoordelaars; staat het er al, lees het terug.",
        ),
    ] = None,
    alleen_scoren: Annotated[
        bool, typer.Option("--alleen-scoren", help="Geen nieuwe antwoorden: scoor wat er al is.")
    ] = False,
    tegenfeit: Annotated[
        bool, typer.Option("--tegenfeit", help="Haal de bron weg of verander een getal: verandert het antwoord mee?")
    ] = False,
    schrijver: Annotated[
        str | None,
        typer.Option("--schrijver", help="'ingebouwd', of een taalmodel: ollama:<model> of openai:<url>#<model>."),
    ] = None,
) -> None:
    """Stel de vragen uit de vragensets en meet hoe goed de antwoorden en bronnen zijn."""
    from ..settings import Settings
    from . import run

    settings = Settings.load(schrijver=schrijver)
    evals = run.evals_folder(settings)
    if vergelijk:
        from .compare import as_text, compare, read_scores

        first, second = (read_scores(evals / "runs" / name) for name in vergelijk)
        typer.echo(as_text(compare(first, second), vergelijk))
        return
    _evaluate(settings, evals, sets, deel.value, naam, rapport, steekproef, alleen_scoren, tegenfeit)


def _evaluate(
    settings: Settings, evals: Path, sets: list[Path] | None, part: str, name: str | None,
    report: bool, sample: int | None, score_only: bool, trials: bool,
) -> None:  # fmt: skip
    from ..errors import InputError
    from ..pipeline import VraagAlmere
    from ..settings import BUILTIN
    from ..writer import StreamingWriter
    from . import run
    from .report import BY_CATEGORY, mean_from, shown
    from .scoring import LABELS
    from .sets import read_sets, standard_sets

    if trials and settings.schrijver != BUILTIN:
        raise InputError("De proeven van --tegenfeit zijn er alleen met de schrijver 'ingebouwd'.")
    engine = VraagAlmere.open(settings)
    paths = sets or standard_sets(evals / "sets")
    every = read_sets(paths, engine.index.documents)
    config = run.configuration(engine, settings, paths, part)
    folder = evals / "runs" / (name or f"{part}-{run.mark(config)}")
    if score_only:
        made = run.read_config(folder)
        if made["documenten"] != config["documenten"]:
            raise InputError(f"De documenten zijn veranderd sinds run '{folder.name}'. Maak een nieuwe met: evalueer")
        part = made["deel"]
    questions = [q for q in every if part in (q.deel, "alles")]
    if not questions:
        raise InputError(f"De sets hebben geen vragen in het deel '{part}'. Kies een ander deel met: --deel")
    if not score_only:
        run.start(folder, config)
        if isinstance(engine.writer, StreamingWriter):
            engine.writer.load()
        engine.ask("Is grofvuil gratis?")  # the first question of a process also loads; that is measured apart
        with progress_bar("Vragen beantwoorden") as progress:
            run.generate(folder, questions, lambda q: engine.ask(q.vraag, id=q.id), progress)
    rows, figures = run.score_run(folder, questions, engine, settings)
    if trials:
        _trials(folder, engine, settings, questions)
    if report:
        _report(folder, evals, engine, questions, rows, figures)
    if sample:
        _sample(folder, questions, sample)
    typer.echo(f"Run {folder.name}: {len(rows)} van {len(questions)} vragen.")
    if written := run.written(run.read_answers(folder).values()):
        typer.echo(written)
    for key in ("goed", "hit_1", "bron_precisie", "bron_volledig", "citaat_letterlijk", "pagina_exact"):
        mean = mean_from(figures["totaal"].get(key))
        value, interval = shown(mean, key)
        typer.echo(f"  {value:>12}  ({interval}, n={mean.n})  {LABELS[key]}")
    for name, means in figures["per_categorie"].items():
        values = ", ".join(f"{key} {shown(mean_from(means.get(key)), key)[0]}" for key in BY_CATEGORY)
        typer.echo(f"  {name:>12}  (n={mean_from(means.get('goed')).n})  {values}")


@contextmanager
def progress_bar(step: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, where that is a terminal."""
    from ..cli import progress_bar as bar

    with bar() as report:
        yield lambda done, of: report(step, done, of)


def _trials(folder: Path, engine: VraagAlmere, settings: Settings, questions: list[Question]) -> None:
    from .counterfactual import run_trials, summary
    from .run import COUNTERFACTUAL, read_answers

    with progress_bar("Bron weghalen en opnieuw vragen") as progress:
        found = summary(run_trials(engine, settings, questions, read_answers(folder), progress))
    (folder / COUNTERFACTUAL).write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, trial in found.items():
        now = ", ".join(f"{kind} {n}" for kind, n in trial["uitkomst"].items())
        typer.echo(f"Proef '{name}': {trial['goed']} van {trial['n']} antwoorden veranderden mee. Nu: {now}.")


def _report(
    folder: Path, evals: Path, engine: VraagAlmere, questions: list[Question], rows: list[Row], figures: dict[str, Any]
) -> None:
    from . import run
    from .report import html_report
    from .results import newest_test_run, results_page

    config, answers = run.read_config(folder), run.read_answers(folder)
    trials = folder / run.COUNTERFACTUAL
    page = html_report(
        config, figures, rows, {q.id: q for q in questions}, answers, engine.index.documents,
        json.loads(trials.read_text(encoding="utf-8")) if trials.is_file() else None,
    )  # fmt: skip
    (folder / REPORT).write_text(page, encoding="utf-8")
    typer.echo(f"Verslag: {folder / REPORT}")
    docs = evals.parent / "docs"
    if config["deel"] == "test" and docs.is_dir() and newest_test_run(evals / "runs") == folder:
        (docs / "resultaten.md").write_text(results_page(folder), encoding="utf-8")
        typer.echo("docs/resultaten.md is bijgewerkt.")


def _sample(folder: Path, questions: list[Question], size: int) -> None:
    from .run import read_answers
    from .sample import SHEET, read_sheet, write_sheet

    path = folder / SHEET
    if not path.is_file():
        written = write_sheet(path, questions, read_answers(folder), size)
        typer.echo(f"{path}: {written} antwoorden. Laat twee mensen elk 'goed' of 'fout' invullen; start dan opnieuw.")
        return
    found = read_sheet(path)
    kappa = "niet te berekenen" if found.kappa is None else f"{found.kappa:.2f}".replace(".", ",")
    typer.echo(
        f"Steekproef van {found.n}: goed volgens beoordelaar 1 {found.goed[0]:.0%}, volgens beoordelaar 2 "
        f"{found.goed[1]:.0%}; {found.eens:.0%} hetzelfde oordeel; kappa {kappa}."
    )
