"""The maker against a server on loopback that speaks Ollama's protocol, with an honest model and liars."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from ollama_server import MODEL, Ollama
from support import ROOT
from vraagalmere import edition_maker
from vraagalmere.corpus import Document, read_corpus
from vraagalmere.edition import read_edition, read_records
from vraagalmere.edition_maker import (
    Draft,
    Outcome,
    approve,
    as_yaml,
    make,
    open_model,
    read_prompt,
    without_record,
)
from vraagalmere.errors import EditionError, ExtraMissing, InputError, ModelError
from vraagalmere.faithful import faults_of_text, numbers
from vraagalmere.passages import Passage, passages_of
from vraagalmere.settings import Settings

LINES = {
    "geld": "Wij geven 2,5 miljoen euro aan twaalf buurthuizen in 2027.",
    "fouilleren": "Wij zijn niet voor fouilleren op straat.",
    "tram": "Wij onderzoeken of een tram naar Pampus haalbaar is.",
}
HONEST = {
    "geld": "Stadspartij Test wil 2,5 miljoen euro geven. Het is voor 12 buurthuizen, in 2027.",
    "fouilleren": "Stadspartij Test wil niet dat de politie mensen op straat fouilleert.",
    "tram": "Stadspartij Test wil onderzoeken of een tram naar Pampus haalbaar is (of het kan).",
}
WORDS = "metro ov reizen wijk overheid kas ruimte samen bus vervoer".split()


def draft(name: str, plain: str | None = None, **other: object) -> str:
    return json.dumps(
        {
            "gewone_taal": HONEST[name] if plain is None else plain,
            "vragen": [f"Wat zegt {name} over {n}?" for n in "abcdefghij"],
            "woorden": WORDS,
            "onbeantwoord": [f"Wanneer is {name} {n} klaar?" for n in "abc"],
            **other,
        }
    )


Script = Callable[[str, list[dict[str, str]]], str]


def honest(name: str, messages: list[dict[str, str]]) -> str:
    return draft(name)


class Writing(Ollama):
    """`script` gets the name of the passage that is asked for, and the messages."""

    def __init__(self) -> None:
        super().__init__()
        self.script: Script = honest
        self.answer = self._answer

    def _answer(self, body: dict[str, Any]) -> str:
        name = next(k for k, line in LINES.items() if line in body["messages"][1]["content"])
        return self.script(name, body["messages"])


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[Writing]:
    server = Writing()
    monkeypatch.setenv("OLLAMA_HOST", server.address)
    with server.running():
        yield server


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A new document of three passages, without records."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    text = "Plannen\n\n" + "".join(f"- {line}\n" for line in LINES.values())
    about = json.loads((ROOT / "corpus" / "pvda-sterke-gemeente.json").read_text()) | {
        "id": "stadspartij",
        "titel": "Programma van Stadspartij Test",
        "korte_titel": "Programma Stadspartij Test",
        "partij": "Stadspartij Test",
        "spreker": "Stadspartij Test",
        "geen_tekst": [],
        "koppen": [{"regels": [1, 1], "niveau": 1}],
        "paginas": [{"regels": [1, 6], "paginas": None, "bewijs": "web-page"}],
    }
    (folder / "stadspartij.txt").write_text(text)
    (folder / "stadspartij.json").write_text(json.dumps(about))
    return folder


def path_of(corpus: Path) -> Path:
    return corpus / "klaretaal" / "stadspartij.yaml"


def made(corpus: Path, at_most: int | None = None) -> dict[str, Outcome]:
    """One run with the model on the server: what came of each passage, by its name in LINES."""
    settings = Settings.load(corpus=corpus)
    outcomes = make(settings, without_record(settings), open_model(MODEL), MODEL, at_most)
    return {next(k for k, line in LINES.items() if line == o.passage.quote): o for o in outcomes}


def run(corpus: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vraagalmere.cli", "klaretaal", *arguments, "--corpus", str(corpus)],
        capture_output=True,
        text=True,
    )


# The honest model


def test_honest_model_gives_a_concept_for_every_passage(ollama: Writing, corpus: Path) -> None:
    assert all(o.record and o.faults == () for o in made(corpus).values())
    records = read_records(path_of(corpus))
    assert [r.gewone_taal for r in records] == list(HONEST.values())
    passages = passages_of(read_corpus(corpus)[0])
    assert [(r.passage, r.hash) for r in records] == [(p.id, p.hash) for p in passages]
    assert {r.status for r in records} == {"concept"}
    assert records[0].begin == "Wij geven 2,5 miljoen euro aan twaalf buurthuizen"
    assert (len(records[0].vragen), records[0].woorden, len(records[0].onbeantwoord)) == (10, tuple(WORDS), 3)
    edition = read_edition(corpus, passages)
    assert not edition.missing and not edition.stale


def test_file_says_which_document_model_and_prompt(ollama: Writing, corpus: Path) -> None:
    made(corpus)
    lines = path_of(corpus).read_text().splitlines()
    version = read_prompt(ROOT / "prompts").version
    assert lines[0] == "# Programma Stadspartij Test in gewone taal. Uitleg: docs/klaretaal.md"
    assert lines[1:3] == ["", f"# concept van {MODEL}, prompts/klaretaal.md versie {version}"]
    assert lines[3].startswith("- passage: stadspartij:")


def test_model_gets_rules_passage_and_schema_and_no_chance(ollama: Writing, corpus: Path) -> None:
    made(corpus, at_most=1)
    (chat,) = ollama.chats
    assert chat["format"] == Draft.model_json_schema() and chat["options"]["temperature"] == 0
    system, human = chat["messages"]
    assert (system["role"], human["role"]) == ("system", "user")
    assert system["content"] == read_prompt(ROOT / "prompts").system
    for part in ("Spreker: Stadspartij Test", "Kop: Plannen", f"<passage>\n{LINES['geld']}\n</passage>"):
        assert part in human["content"]
    assert "${" not in human["content"]


def test_thinking_is_switched_off_where_a_model_thinks(ollama: Writing) -> None:
    for name in ("denker:8b", MODEL):
        open_model(name)([("system", "x"), ("human", LINES["tram"])])
    assert [c.get("think") for c in ollama.chats] == [False, None]


def test_words_of_the_passage_itself_are_left_out(ollama: Writing, corpus: Path) -> None:
    ollama.script = lambda name, _: draft(name, woorden=["tram", "Tram ", *WORDS, "metro"])
    record = made(corpus)["tram"].record
    assert record and record.woorden == tuple(WORDS)


# The liars


@pytest.mark.parametrize(
    ("name", "plain", "says"),
    [
        ("geld", "Stadspartij Test wil 3,5 miljoen euro geven aan 12 buurthuizen in 2027.", "ontbreekt: 2500000"),
        ("geld", "Stadspartij Test wil 2,5 miljard euro geven aan 12 buurthuizen in 2027.", "passage: 2500000000"),
        ("geld", "Stadspartij Test wil 2,5 miljoen euro geven aan 12 buurthuizen.", "ontbreekt: 2027"),
        ("geld", HONEST["geld"] + " Elk krijgt 50.000 euro.", "staat niet in de passage: 50000"),
        ("geld", HONEST["geld"] + " Dat duurt drie jaar.", "staat niet in de passage: 3"),
        ("geld", "De gemeente geeft 2,5 miljoen euro aan 12 buurthuizen, in 2027.", "wie spreekt"),
        ("geld", HONEST["geld"][:-1] + " en" * 14 + ".", "een zin van 21 woorden"),
        ("fouilleren", "Stadspartij Test wil dat de politie mensen op straat fouilleert.", "ontkenning verloren"),
        ("tram", "Stadspartij Test legt een tram aan naar Pampus.", "'onderzoeken' verloren"),
        ("tram", "", "leeg"),
    ],
)
def test_liar_is_named_and_left_out(ollama: Writing, corpus: Path, name: str, plain: str, says: str) -> None:
    ollama.script = lambda asked, _: draft(asked, plain if asked == name else None)
    outcomes = made(corpus)
    assert outcomes[name].record is None and says in "; ".join(outcomes[name].faults)
    assert {r.gewone_taal for r in read_records(path_of(corpus))} == set(HONEST.values()) - {HONEST[name]}


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("Natuurlijk! Hier is het record.", "geen volledig record"),
        (draft("tram")[:-3], "geen volledig record"),
        (json.dumps({"gewone_taal": HONEST["tram"]}), "geen volledig record (vragen"),
        (draft("tram", extra="x"), "geen volledig record (extra"),
        (draft("tram", vragen=["Komt er een tram?"] * 10), "twee keer"),
        (draft("tram", vragen=[f"Vraag {n}" for n in range(9)]), "(vragen"),
        (draft("tram", woorden=["tram", "naar", "of", "een", "is", "wij", "haalbaar", "een tram"]), "minder dan 8"),
        (draft("tram", onbeantwoord=["Wat zegt tram over a", "b", "c"]), "beantwoord en onbeantwoord"),
        (draft("tram", onbeantwoord=["Wat zegt geld over a?", "b", "c"]), "beantwoord en onbeantwoord"),
    ],
)  # fmt: skip
def test_half_or_broken_record_is_left_out(ollama: Writing, corpus: Path, answer: str, says: str) -> None:
    ollama.script = lambda name, _: answer if name == "tram" else draft(name)
    outcome = made(corpus)["tram"]
    assert outcome.record is None and says in "; ".join(outcome.faults)
    assert len(read_records(path_of(corpus))) == 2


def test_model_hears_once_what_was_wrong(ollama: Writing, corpus: Path) -> None:
    def mends(name: str, messages: list[dict[str, str]]) -> str:
        return draft(name, "Stadspartij Test legt een tram aan." if len(messages) == 2 else None)

    ollama.script = mends
    assert made(corpus)["tram"].record
    assert len(ollama.chats) == 6
    last = ollama.chats[-1]["messages"]
    assert [m["role"] for m in last] == ["system", "user", "assistant", "user"]
    assert "'onderzoeken' verloren" in last[3]["content"]


def test_written_out_number_is_the_number() -> None:
    assert numbers("€ 2 miljoen, 2.000.000 en twee miljoen") == {Decimal(2_000_000)}
    assert numbers("vijfentwintig, 25 en tweeëntwintig") == {Decimal(25), Decimal(22)}
    assert numbers("één plek, 1 plek") == {Decimal(1)} and numbers("een plek, een tweede kans") == set()
    assert numbers("0,25 en 10% van 60 m²") == {Decimal("0.25"), Decimal(10), Decimal(60)}
    assert numbers("driehonderd, drieduizend") == {Decimal(300), Decimal(3000)}


def test_amount_of_a_table_row_counts_in_its_unit(documents: dict[str, Document], passages: list[Passage]) -> None:
    """'-0,2' under 'Bedragen x € 1 miljoen' is 200.000 euro, for each of four years."""
    row = next(p for p in passages if p.row and p.row.label == "Ondersteunen noodhulporganisaties")
    document = documents[row.document]
    years = "In 2027, 2028, 2029 en 2030"
    assert faults_of_text(f"{years} is het 200.000 euro.", row, document) == []
    assert faults_of_text(f"{years} is het 0,2 miljoen euro.", row, document) == []
    assert len(faults_of_text(f"{years} is het 2 miljoen euro.", row, document)) == 2
    assert faults_of_text("In 2027, 2028 en 2029 is het 200.000 euro.", row, document) == ["getal ontbreekt: 2030"]


def test_checks_let_nearly_all_records_that_people_checked_through(
    documents: dict[str, Document], passages: list[Passage]
) -> None:
    """The year of the dialogue and the party of an alderman stand elsewhere in the document: a reader knew them."""
    records = read_edition(ROOT / "corpus", passages).records
    elsewhere = [f"getal staat niet in de passage: {n}" for n in ("2023", "66")]
    refused = [
        p.id
        for p in passages
        if [f for f in faults_of_text(records[p.id].gewone_taal, p, documents[p.document]) if f not in elsewhere]
    ]
    assert len(refused) <= 0.04 * len(passages), refused


# The file


def test_record_is_laid_out_as_those_of_the_edition(passages: list[Passage]) -> None:
    files = {p.stem: p.read_text() for p in (ROOT / "corpus" / "klaretaal").glob("*.yaml")}
    records = read_edition(ROOT / "corpus", passages).records
    same = [as_yaml(r) in files[r.passage.split(":")[0]] for r in records.values()]
    assert sum(same) >= 0.9 * len(same)


@pytest.mark.parametrize("end", ["\n", "", "\n# einde\n"])
def test_what_was_in_the_file_stays_to_the_byte(ollama: Writing, corpus: Path, end: str) -> None:
    made(corpus, at_most=1)
    path = path_of(corpus)
    before = path.read_text().replace("status: concept", 'status:   "nagekeken"   # door Ans').rstrip("\n") + end
    path.write_text(before)
    path.chmod(0o640)
    assert set(made(corpus)) == {"fouilleren", "tram"}
    assert path.read_bytes().startswith(before.encode()) and len(read_records(path)) == 3
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in path.parent.iterdir()] == ["stadspartij.yaml"]


def test_file_of_another_layout_is_left_as_it_was(ollama: Writing, corpus: Path) -> None:
    made(corpus, at_most=1)
    path = path_of(corpus)
    flow = json.dumps(yaml.safe_load(path.read_text()))
    path.write_text(flow)
    with pytest.raises(EditionError, match=r"stadspartij\.yaml"):
        made(corpus)
    assert path.read_text() == flow and [p.name for p in path.parent.iterdir()] == ["stadspartij.yaml"]


def test_second_run_goes_on_where_the_first_stopped(ollama: Writing, corpus: Path) -> None:
    assert list(made(corpus, at_most=1)) == ["geld"]
    assert list(made(corpus, at_most=1)) == ["fouilleren"]
    assert list(made(corpus)) == ["tram"] and made(corpus) == {}


def test_passage_that_is_left_out_does_not_hold_up_those_after_it(ollama: Writing, corpus: Path) -> None:
    ollama.script = lambda name, _: "{" if name == "geld" else draft(name)
    for passage in ("fouilleren", "tram"):
        assert [k for k, o in made(corpus, at_most=1).items() if o.record] == [passage]


def test_stop_in_the_middle_loses_at_most_one_record(ollama: Writing, corpus: Path) -> None:
    reached, release = threading.Event(), threading.Event()

    def waits(name: str, messages: list[dict[str, str]]) -> str:
        if name == "tram":
            reached.set()
            release.wait(20)
        return draft(name)

    ollama.script = waits
    command = [sys.executable, "-m", "vraagalmere.cli", "klaretaal", "maak", "--model", MODEL, "--corpus", str(corpus)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert reached.wait(60)
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=20)
    release.set()
    assert process.returncode == 130 and "Traceback" not in errors
    assert "2 records geschreven, 0 weggelaten; 1 passages zijn nog zonder record." in said
    assert len(read_records(path_of(corpus))) == 2
    ollama.script = honest
    assert list(made(corpus)) == ["tram"]


# No model


def test_model_that_is_not_pulled_names_how_to_get_it_and_what_is_there(ollama: Writing, corpus: Path) -> None:
    done = run(corpus, "maak", "--model", "weg:3b")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr == (
        "Fout: Het model 'weg:3b' is er niet. Haal het op met: ollama pull weg:3b. "
        "Modellen die er zijn: eerlijk:7b, denker:8b.\n"
    )
    assert not path_of(corpus).exists()


def test_ollama_that_does_not_run_is_one_line(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{port}")
    done = run(corpus, "maak", "--model", "gemma3:4b")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert f"Ollama draait niet of antwoordt niet op 127.0.0.1:{port}." in done.stderr
    assert "ollama pull gemma3:4b" in done.stderr


def test_proxy_of_the_organisation_is_passed_by(ollama: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert json.loads(open_model(MODEL)([("system", "x"), ("human", LINES["geld"])]))["gewone_taal"] == HONEST["geld"]


def test_server_that_is_no_ollama_is_told(monkeypatch: pytest.MonkeyPatch, ollama: Writing) -> None:
    ollama.models = {}
    with pytest.raises(ModelError, match="Modellen die er zijn: nog geen"):
        open_model("x")
    monkeypatch.setenv("OLLAMA_HOST", f"{ollama.address}/pad")
    with pytest.raises(ModelError):
        open_model("x")


def test_model_that_fails_halfway_keeps_what_was_made(ollama: Writing, corpus: Path) -> None:
    def breaks(name: str, messages: list[dict[str, str]]) -> str:
        ollama.fault = (500, "model requires more\nsystem memory")
        return draft(name)

    ollama.script = breaks
    with pytest.raises(ModelError, match="niet gebruiken: model requires more system memory"):
        made(corpus)
    assert len(read_records(path_of(corpus))) == 1


@pytest.mark.parametrize(("name", "says"), [("gpt-oss:120b-cloud", "internet"), ("vectoren", "geen tekst schrijven")])
def test_model_that_cannot_be_used_is_refused(ollama: Writing, name: str, says: str) -> None:
    ollama.models["vectoren"] = ["embedding"]
    with pytest.raises(ModelError, match=says):
        open_model(name)


def test_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_ollama", None)
    with pytest.raises(ExtraMissing, match=r"vraagalmere\[ollama\]"):
        open_model(MODEL)


def test_prompt_without_a_part_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="niet te lezen"):
        read_prompt(tmp_path)
    (tmp_path / "klaretaal.md").write_text("versie: 2\n\n# Opdracht\n\nSchrijf.\n\n# Passage\n\n${passage}\n")
    with pytest.raises(InputError, match="Opnieuw"):
        read_prompt(tmp_path)


# The commands


def test_command_says_what_it_made_and_what_it_left_out(ollama: Writing, corpus: Path) -> None:
    ollama.script = lambda name, _: draft(name, "Stadspartij Test legt een tram aan." if name == "tram" else None)
    done = run(corpus, "maak", "--model", MODEL, "--document", "stadspartij")
    assert done.returncode == 1 and done.stderr == ""
    assert done.stdout.startswith("weggelaten: stadspartij:") and "'onderzoeken' verloren" in done.stdout
    assert "2 records geschreven, 1 weggelaten; 1 passages zijn nog zonder record." in done.stdout


def test_unknown_document_is_named_with_the_known(corpus: Path) -> None:
    done = run(corpus, "maak", "--model", MODEL, "--document", "andere")
    assert done.returncode == 2 and done.stderr.endswith("Bekende documenten: stadspartij.\n")


def test_approval_changes_the_status_and_nothing_else(ollama: Writing, corpus: Path) -> None:
    made(corpus)
    path = path_of(corpus)
    before = path.read_text()
    key = read_records(path)[1].passage
    done = run(corpus, "keurgoed", key, key)
    assert (done.returncode, done.stdout) == (0, f"nagekeken: {key}\n")
    assert [r.status for r in read_records(path)] == ["concept", "nagekeken", "concept"]
    assert path.read_text().replace("nagekeken", "concept") == before
    assert run(corpus, "keurgoed", key).stdout == f"was al nagekeken: {key}\n"


def test_approval_is_of_all_or_none(ollama: Writing, corpus: Path) -> None:
    made(corpus)
    before = path_of(corpus).read_bytes()
    key = read_records(path_of(corpus))[0].passage
    with pytest.raises(InputError, match="'x:1' is er niet"):
        approve(Settings.load(corpus=corpus), [key, "x:1"])
    text = corpus / "stadspartij.txt"
    text.write_text(text.read_text().replace("twaalf", "elf"))
    with pytest.raises(InputError, match="verouderd"):
        approve(Settings.load(corpus=corpus), [key])
    assert path_of(corpus).read_bytes() == before


def test_corpus_that_cannot_be_written_is_an_error(
    ollama: Writing, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(fd: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(edition_maker.os, "fsync", refuses)
    with pytest.raises(EditionError, match="niet te schrijven"):
        made(corpus)
    assert list(path_of(corpus).parent.iterdir()) == []


def test_help_of_the_maker_loads_no_model_package() -> None:
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom vraagalmere.cli import app\n"
        "assert CliRunner().invoke(app, ['klaretaal', 'maak', '--help']).exit_code == 0\n"
        "print([m for m in ('langchain_ollama', 'ollama', 'langchain_core', 'httpx') if m in sys.modules])"
    )
    started = time.monotonic()
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
    assert time.monotonic() - started < 20
