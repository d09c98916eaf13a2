import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT
from vraagalmere.settings import Settings


def run(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    where = ("--index", str(settings.index)) if arguments[0] in ("vraag", "index") else ()
    return subprocess.run(
        [sys.executable, "-m", "vraagalmere.cli", *arguments, *where], capture_output=True, text=True, cwd=ROOT
    )


@pytest.fixture(scope="module", autouse=True)
def built(vraagbaak: object) -> None:
    """The index is there before the commands run."""


def test_readable_answer(settings: Settings) -> None:
    done = run(settings, "vraag", "Is grofvuil gratis?", "--uitleg")
    assert done.returncode == 0
    assert "Dit heeft de coalitie afgesproken" in done.stdout and "pagina 18 · doen" in done.stdout
    assert "“we houden het ophalen van grofvuil gratis;”" in done.stdout and "Hoe dit antwoord ontstond" in done.stdout


def test_json_is_one_object(settings: Settings) -> None:
    answer = json.loads(run(settings, "vraag", "Is grofvuil gratis?", "--json").stdout)
    assert answer["soort"] == "antwoord" and answer["bronnen"][0]["pagina_van"] == 18


def test_batch_gives_one_line_for_every_line_in_order(settings: Settings, tmp_path: Path) -> None:
    questions = ["Is grofvuil gratis?", "", "x" * 5_000, "a\x00\x1b[31m\u202eb", "🙂", 'citaat " en \\']
    source, target = tmp_path / "in.jsonl", tmp_path / "uit.jsonl"
    source.write_text("".join(json.dumps({"id": f"v{n}", "vraag": q}) + "\n" for n, q in enumerate(questions)))
    done = run(settings, "vraag", "--invoer", str(source), "--uitvoer", str(target))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in target.read_text().splitlines()]
    assert [a["id"] for a in answers] == [f"v{n}" for n in range(len(questions))]
    assert [a["soort"] for a in answers][:3] == ["antwoord", "ongeldig", "ongeldig"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("vraag",), "Geef een vraag"),
        (("vraag", "--invoer", "x.jsonl"), "allebei"),
        (("vraag", "--invoer", "bestaat-niet.jsonl", "--uitvoer", "uit.jsonl"), "niet te lezen"),
        (("documenten", "--corpus", "bestaat-niet"), "geen documenten"),
    ],
)
def test_mistake_is_one_dutch_line_and_exit_code_2(settings: Settings, arguments: tuple[str, ...], says: str) -> None:
    done = run(settings, *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("Fout: ") and says in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_bad_batch_line_is_named_and_nothing_is_written(settings: Settings, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "uit.jsonl"
    source.write_text('{"id": "1", "vraag": "a"}\n{"id": 2}\n')
    done = run(settings, "vraag", "--invoer", str(source), "--uitvoer", str(target))
    assert done.returncode == 2 and "regel 2" in done.stderr and not target.exists()


def test_unknown_setting_is_an_error_that_names_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vraagalmere.cli", "documenten"], capture_output=True, text=True, cwd=ROOT,
        env={"VRAAGALMERE_CORPSU": "x", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 2 and "corpsu" in done.stderr and "Bekende instellingen: corpus, index" in done.stderr


def test_documents_are_listed_with_what_they_are_worth(settings: Settings) -> None:
    said = run(settings, "documenten").stdout
    assert said.count("Dit is een wens van een partij, geen besluit.") == 3 and "geen datum" in said


def test_edition_is_complete(settings: Settings) -> None:
    done = run(settings, "klaretaal", "controle")
    assert done.returncode == 0 and "887 van 887" in done.stdout


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom vraagalmere.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print([m for m in ('torch', 'gradio', 'faiss', 'numpy', 'langchain_core') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_document_is_added_asked_and_removed_on_the_command_line(settings: Settings, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for suffix in (".json", ".txt"):
        shutil.copy(ROOT / "corpus" / f"pvda-sterke-gemeente{suffix}", corpus)
    nota = tmp_path / "nota.md"
    nota.write_text("# Nota\n\nIn Haven komen vijf containers voor luiers.\n", encoding="utf-8")
    own = settings.model_copy(update={"index": tmp_path / "index"})
    where = ("--corpus", str(corpus), "--index", str(own.index))
    incomplete = run(own, "voegtoe", str(nota), "--titel", "Nota luiers", *where)
    assert incomplete.returncode == 2 and "--soort, --datum" in incomplete.stderr
    added = run(
        own, "voegtoe", str(nota), "--titel", "Nota luiers", "--soort", "gemeentestuk", "--datum", "2027", *where
    )
    assert added.stdout.startswith("Toegevoegd: nota-luiers\n") and "1 passage" in added.stdout
    assert (
        "vijf containers voor luiers"
        in run(own, "vraag", "komen er containers voor luiers in haven?", *where[:2]).stdout
    )
    assert "uit nota.md" in run(own, "documenten", *where[:2]).stdout
    unsure = run(own, "verwijder", "nota-luiers", *where)
    assert unsure.returncode == 2 and "--ja" in unsure.stderr
    assert run(own, "verwijder", "nota-luiers", "--ja", *where).stdout == "Verwijderd: nota-luiers (Nota luiers).\n"
    assert not (corpus / "nota-luiers.json").exists()
