"""A run can be stopped and goes on, is scored without new answers, compared, judged and reported."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import typer

from test_evaluation_measures import DOCUMENTS, FIRST, NOTHING, SECOND, answer, question, source
from vraagalmere.answer import Answer
from vraagalmere.embeddings import Vectors, unit_rows
from vraagalmere.errors import InputError
from vraagalmere.evaluation import counterfactual as cf
from vraagalmere.evaluation import run
from vraagalmere.evaluation.cli import add_commands
from vraagalmere.evaluation.compare import as_text, compare, read_scores
from vraagalmere.evaluation.report import html_report
from vraagalmere.evaluation.results import fault, newest_test_run, results_page
from vraagalmere.evaluation.sample import JUDGES, read_sheet, write_sheet
from vraagalmere.evaluation.scoring import LABELS, aggregate, confusion, reliability, score
from vraagalmere.evaluation.sets import Question
from vraagalmere.index import build
from vraagalmere.settings import Settings

CONFIG: dict[str, Any] = {"deel": "test", "documenten": {"akkoord": "abc"}, "versies": {"numpy": "2"}}
QUESTIONS = [
    replace(question((FIRST,)), id="v1", deel="test"),
    replace(question((SECOND,)), id="v2", deel="test"),
    replace(question(kind="geen_antwoord"), id="v3", deel="test"),
]
ANSWERS = {
    "v1": answer(source(0, 22), key="v1"),
    "v2": answer(source(0, 22), key="v2"),
    "v3": replace(NOTHING, id="v3", uitleg=("kans dat de documenten dit beantwoorden: 0.12",)),
}


def ask(asked: Question) -> Answer:
    return ANSWERS[asked.id]


def score_of(folder: Path) -> tuple[Any, Any]:
    engine: Any = SimpleNamespace(index=SimpleNamespace(documents=DOCUMENTS))
    return run.score_run(folder, QUESTIONS, engine, Settings(corpus=folder))


def made(folder: Path, config: dict[str, Any] = CONFIG) -> Path:
    run.start(folder, config)
    run.generate(folder, QUESTIONS, ask)
    score_of(folder)
    return folder


# Generate.


def test_an_answer_comes_back_as_it_was_written(tmp_path: Path) -> None:
    assert run.read_answers(made(tmp_path / "a")) == ANSWERS


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    asked: list[str] = []

    def stops(q: Question) -> Answer:
        asked.append(q.id)
        if q.id == "v2" and asked.count("v2") == 1:
            raise KeyboardInterrupt
        return ask(q)

    run.start(tmp_path, CONFIG)
    with pytest.raises(KeyboardInterrupt):
        run.generate(tmp_path, QUESTIONS, stops)
    with (tmp_path / run.ANSWERS).open("a", encoding="utf-8") as out:
        out.write('{"id": "v2", "vra')  # the power went off in the middle of a line
    run.start(tmp_path, {**CONFIG, "versies": {"numpy": "3"}})
    run.generate(tmp_path, QUESTIONS, stops)
    assert asked == ["v1", "v2", "v2", "v3"]
    assert list(run.read_answers(tmp_path)) == ["v1", "v2", "v3"]


def test_a_run_is_not_mixed_with_another(tmp_path: Path) -> None:
    run.start(tmp_path, CONFIG)
    with pytest.raises(InputError, match="--naam"):
        run.start(tmp_path, {**CONFIG, "documenten": {"akkoord": "def"}})


def test_the_program_hash_does_not_see_comments_or_the_suite_itself() -> None:
    assert len(run.program_hash()) == 12
    assert run.program_hash() == run.program_hash()


# Score.


def test_scores_and_means_of_three_questions(tmp_path: Path) -> None:
    rows, figures = score_of(made(tmp_path))
    assert [row.maten["goed"] for row in rows] == [1, 0, 1]  # right; wrong source; rightly nothing
    total = figures["totaal"]
    assert total["goed"]["gemiddelde"] == 2 / 3
    assert (total["hit_1"]["gemiddelde"], total["hit_1"]["n"], total["hit_1"]["van"]) == (1 / 2, 2, 3)
    assert figures["verwarring"]["geen_antwoord"]["geen_antwoord"] == 1
    assert figures["verwarring"]["antwoord"]["antwoord, zeker"] == 2
    assert figures["per_partij"]["Coalitie"]["hit_1"]["n"] == 2
    assert figures["betrouwbaarheid"] == [{"kans": 0.12, "waar": 0, "n": 1}]


def test_an_unfinished_run_says_so(tmp_path: Path) -> None:
    row = score(QUESTIONS[0], ANSWERS["v1"], DOCUMENTS, frozenset())
    assert aggregate([row], 3)["vragen"] == {"gesteld": 3, "beantwoord": 1}


def test_the_scores_file_leaves_what_was_not_measured_empty(tmp_path: Path) -> None:
    found = read_scores(made(tmp_path))
    assert (found["v1"]["hit_1"], found["v3"]["hit_1"]) == ("1", "")


def test_a_wrong_abstention_is_in_the_confusion_table() -> None:
    row = score(QUESTIONS[0], NOTHING, DOCUMENTS, frozenset())
    assert confusion([row])["antwoord"]["geen_antwoord"] == 1


def test_reliability_bins() -> None:
    rows = [score(q, ANSWERS["v3"], DOCUMENTS, frozenset()) for q in QUESTIONS]
    (found,) = reliability(rows)  # all say 0.12; two of three are answerable
    assert (found["n"], found["waar"]) == (3, 2 / 3)
    assert found["kans"] == pytest.approx(0.12)


# Compare, judge, report.


def test_two_runs_compared_question_by_question(tmp_path: Path) -> None:
    first = read_scores(made(tmp_path / "a"))
    (tmp_path / "b").mkdir()
    better = {**ANSWERS, "v2": answer(source(23, 43), key="v2")}
    run.start(tmp_path / "b", CONFIG)
    run.generate(tmp_path / "b", QUESTIONS, lambda q: better[q.id])
    score_of(tmp_path / "b")
    found = compare(first, read_scores(tmp_path / "b"))
    (change,) = found.changes
    assert (change.id, change.richting, change.maten["hit_1"]) == ("v2", "beter", (0, 1))
    assert (found.differences["hit_1"].verschil, found.differences["hit_1"].n) == (1 / 2, 2)  # (0 + 1) / 2
    assert "Van a naar b: 3 vragen in beide, 1 veranderd." in as_text(found, ("a", "b"))


def test_comparing_with_a_run_without_scores(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--alleen-scoren"):
        read_scores(tmp_path)


def test_two_judges(tmp_path: Path) -> None:
    sheet = tmp_path / "blad.csv"
    assert write_sheet(sheet, QUESTIONS, ANSWERS, 50) == 3
    with pytest.raises(InputError, match=r"vraag 1 \(v1\), kolom 'beoordelaar_1'"):
        read_sheet(sheet)
    fill(sheet, [("goed", "Goed"), ("fout", "fout"), ("goed", "fout")])
    found = read_sheet(sheet)
    assert found.goed == (2 / 3, 1 / 3)
    assert found.eens == 2 / 3
    # chance: 2/3 · 1/3 + 1/3 · 2/3 = 4/9; kappa = (2/3 - 4/9) / (1 - 4/9) = 2/5
    assert found.kappa == pytest.approx(2 / 5)


def fill(sheet: Path, verdicts: list[tuple[str, str]]) -> None:
    """As a Dutch spreadsheet saves it: with semicolons."""
    with sheet.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with sheet.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
        writer.writeheader()
        for row, verdict in zip(rows, verdicts, strict=True):
            writer.writerow({**row, **dict(zip(JUDGES, verdict, strict=True))})


def test_a_sheet_holds_no_formula(tmp_path: Path) -> None:
    sheet = tmp_path / "blad.csv"
    write_sheet(sheet, [replace(QUESTIONS[0], vraag="=1+1")], ANSWERS, 1)
    assert "'=1+1" in sheet.read_text(encoding="utf-8-sig")


def test_the_report_stands_alone_and_shows_every_miss(tmp_path: Path) -> None:
    rows, figures = score_of(made(tmp_path))
    asked = {q.id: replace(q, vraag="Hoe <b>?") for q in QUESTIONS}
    page = html_report(run.read_config(tmp_path), figures, rows, asked, run.read_answers(tmp_path), DOCUMENTS)
    assert "Alle missers (1)" in page
    assert 'href="#akkoord-r2">Akkoord, pagina 5' in page  # the right place of v2
    assert 'id="akkoord-r2"' in page
    assert "Hoe &lt;b&gt;?" in page
    assert not any(word in page for word in ("<script", "<link", "@import", "url(", 'src="http', 'href="http'))
    assert "nan" not in page.lower().split()


def test_the_results_page_is_current_until_something_changes(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    folder = made(runs / "a")
    page = tmp_path / "resultaten.md"
    assert "ontbreekt" in str(fault(page, runs, CONFIG))
    page.write_text(results_page(folder), encoding="utf-8")
    assert fault(page, runs, CONFIG) is None
    assert "andere documenten" in str(fault(page, runs, {**CONFIG, "documenten": {"akkoord": "def"}}))
    page.write_text(page.read_text(encoding="utf-8").replace("66,7 %", "99,9 %"), encoding="utf-8")
    assert "wijkt af" in str(fault(page, runs, CONFIG))


def test_an_unfinished_or_development_run_is_not_the_newest_test_run(tmp_path: Path) -> None:
    made(tmp_path / "dev", {**CONFIG, "deel": "ontwikkeling"})
    run.start(tmp_path / "half", CONFIG)
    run.generate(tmp_path / "half", QUESTIONS[:1], ask)
    score_of(tmp_path / "half")
    assert newest_test_run(tmp_path) is None
    made(tmp_path / "heel")
    assert newest_test_run(tmp_path) == tmp_path / "heel"


# Counterfactual.


class LetterEmbedder:
    """Counts letters: deterministic and without a model."""

    name = "letters"

    def passages(self, texts: Any) -> Vectors:
        letters = "abcdefghijklmnopqrstuvwxyz"
        return unit_rows(np.array([[t.lower().count(c) for c in letters] for t in texts], dtype=np.float32))

    queries = passages


def small_corpus(folder: Path) -> Settings:
    for document in DOCUMENTS.values():
        (folder / f"{document.id}.txt").write_text(document.text.replace("\n", ".\n\n"), encoding="utf-8")
        about = json.loads(document.sidecar.model_dump_json())
        about["paginas"] = [{"regels": [1, 9], "paginas": [1, 1], "bewijs": ""}]
        (folder / f"{document.id}.json").write_text(json.dumps(about), encoding="utf-8")
    return Settings(corpus=folder, index=folder / "index", edition=False)


def test_an_index_without_a_passage_is_the_index_of_the_rest(tmp_path: Path) -> None:
    engine: Any = SimpleNamespace(index=build(small_corpus(tmp_path), embedder=LetterEmbedder()), limits=None)
    whole = engine.index
    less = cf.without(engine.index, {1})
    assert [p.id for p in less.passages] == [p.id for i, p in enumerate(whole.passages) if i != 1]
    assert less.owner.tolist() == list(range(len(less.passages)))
    assert less.dense.ntotal == len(less.vectors) == len(whole.vectors) - 1
    before = whole.lexical["alles"].get_scores(["grat", "hui"])
    after = less.lexical["alles"].get_scores(["grat", "hui"])
    assert after.tolist() == np.delete(before, 1).tolist()


def test_another_number_has_the_same_length_and_no_equal_digit() -> None:
    assert [cf.other_number(n) for n in ("35", "0,9", "1.400")] == ["46", "1,1", "2.511"]


def test_an_answer_that_keeps_the_old_number_is_caught() -> None:
    before = answer(source(23, 43), sentences=("Er komen 400 huizen.",))
    follows = answer(
        replace(source(23, 43), citaat="We bouwen 511 huizen"), sentences=("Er staat: ‘We bouwen 511 huizen’",)
    )
    stale = answer(replace(source(23, 43), citaat="We bouwen 511 huizen"), sentences=("Er komen 400 huizen.",))
    assert cf.follows(before, follows)
    assert cf.follows(before, NOTHING)
    assert not cf.follows(before, stale)
    assert not cf.follows(before, before)


def test_a_summary_names_what_did_not_change() -> None:
    trials = [cf.Trial("v1", "bron weg", "geen_antwoord", True), cf.Trial("v2", "bron weg", "antwoord, zeker", False)]
    assert cf.summary(trials)["bron weg"] == {
        "n": 2, "goed": 1, "uitkomst": {"geen_antwoord": 1, "antwoord, zeker": 1}, "niet_veranderd": ["v2"],
    }  # fmt: skip


# The door.


def test_every_option_and_measure_is_explained_in_the_docs() -> None:
    app = typer.Typer(add_completion=False)
    add_commands(app)
    command: Any = typer.main.get_command(app)
    page = (Settings().corpus.parent / "docs" / "evaluatie.md").read_text(encoding="utf-8")
    options = [option for parameter in command.params for option in parameter.opts if option != "--help"]
    assert len(options) == 9
    assert [o for o in options if f"`{o}" not in page] == []
    assert [key for key in LABELS if f"`{key}`" not in page] == []
