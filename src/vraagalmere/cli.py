"""The command line: `vraagalmere …`. Heavy parts load when a command needs them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .errors import InputError, VraagAlmereError
from .evaluation.cli import add_commands

if TYPE_CHECKING:
    from .answer import Answer
    from .edition_maker import Outcome
    from .intake import Given
    from .pipeline import VraagAlmere
    from .settings import Settings

app = typer.Typer(
    help="Vragen over de plannen voor Almere, met bij elke zin de pagina en de letterlijke woorden.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
edition_app = typer.Typer(help="De uitgave in gewone taal.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(edition_app, name="klaretaal")


class Kracht(StrEnum):
    """How firm a commitment is."""

    doen = "doen"
    onderzoeken = "onderzoeken"
    streven = "streven"
    voorwaarde = "voorwaarde"


Corpus = Annotated[Path | None, typer.Option("--corpus", help="Map met de documenten.")]
Index = Annotated[Path | None, typer.Option("--index", help="Map voor de index.")]
Embedder = Annotated[
    str | None, typer.Option("--embedder", help="'ingebouwd', of de naam of map van een sentence-transformers-model.")
]
Writer = Annotated[
    str | None,
    typer.Option("--schrijver", help="'ingebouwd', of een taalmodel: ollama:<model> of openai:<url>#<model>."),
]


def _settings(corpus: Path | None, index: Path | None, embedder: str | None, writer: str | None = None) -> Settings:
    from .settings import Settings

    return Settings.load(corpus=corpus, index=index, embedder=embedder, schrijver=writer)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error, when that is a terminal; appears only when something takes time."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done)

        yield report


def _open(settings: Settings, load_model: bool = False) -> VraagAlmere:
    """The pipeline; with `load_model` a language model is in memory first: a command has no next question."""
    from .pipeline import VraagAlmere
    from .writer import StreamingWriter

    with progress_bar() as progress:
        vraagbaak = VraagAlmere.open(settings, progress)
        if load_model and isinstance(vraagbaak.writer, StreamingWriter):
            progress("Taalmodel laden", 0, 1)
            vraagbaak.writer.load()
        return vraagbaak


@app.command()
def vraag(
    tekst: Annotated[str | None, typer.Argument(help="De vraag, tussen aanhalingstekens.")] = None,
    als_json: Annotated[bool, typer.Option("--json", help="Geef het antwoord als één JSON-object.")] = False,
    uitleg: Annotated[bool, typer.Option("--uitleg", help="Zeg erbij welke regels beslisten.")] = False,
    invoer: Annotated[Path | None, typer.Option("--invoer", help='JSON Lines met {"id", "vraag"}.')] = None,
    uitvoer: Annotated[Path | None, typer.Option("--uitvoer", help="Bestand voor de antwoorden.")] = None,
    corpus: Corpus = None,
    index: Index = None,
    embedder: Embedder = None,
    schrijver: Writer = None,
) -> None:
    """Stel één vraag, of met --invoer en --uitvoer een bestand vol."""
    if (invoer is None) != (uitvoer is None):
        raise InputError("Geef --invoer en --uitvoer allebei.")
    if invoer and uitvoer:
        questions = _read_questions(invoer)
        _answer_all(_open(_settings(corpus, index, embedder, schrijver), load_model=True), questions, uitvoer)
        return
    if tekst is None:
        raise InputError('Geef een vraag, bijvoorbeeld: vraagalmere vraag "Is grofvuil gratis?"')
    answer = _open(_settings(corpus, index, embedder, schrijver), load_model=True).ask(tekst)
    if als_json:
        typer.echo(json.dumps(answer.as_dict(), ensure_ascii=False, indent=1))
    else:
        typer.echo(render(answer, uitleg))


def render(answer: Answer, explain: bool = False) -> str:
    """An answer as plain text for a terminal: the answer, then every source with its literal words."""
    from .answer import written_by

    lines = [*answer.meldingen, *([""] if answer.meldingen else []), answer.antwoord]
    for source in answer.bronnen:
        strength = f" · {source.kracht}" if source.kracht else ""
        lines += [
            "",
            f"[{source.nummer}] {source.titel} ({source.datum}), {source.pagina}{strength}",
            f"    {source.kop}",
            f"    {source.status}",
            f"    “{source.citaat}”",
        ]
    if by := written_by(answer):
        lines += ["", by]
    if explain:
        lines += ["", "Hoe dit antwoord ontstond:", *(f"  - {step}" for step in answer.uitleg)]
    return "\n".join(lines)


@app.command()
def vergelijk(
    thema: Annotated[str, typer.Argument(help="Een thema of vraag, tussen aanhalingstekens.")],
    als_json: Annotated[bool, typer.Option("--json", help="Geef de vergelijking als één JSON-object.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    embedder: Embedder = None,
) -> None:
    """Zet naast elkaar wat het akkoord en elke partij over een thema zeggen."""
    from .comparison import as_text

    found = _open(_settings(corpus, index, embedder)).compare(thema)
    typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1) if als_json else as_text(found))


def _read_questions(path: Path) -> list[tuple[str, str]]:
    """(id, question) of each line; a line that cannot be used is an error that names it."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"{path} is niet te lezen als UTF-8-tekst ({exc}).") from exc
    questions = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            raw: Any = json.loads(line)
            questions.append((str(raw["id"]), str(raw["vraag"])))
        except (json.JSONDecodeError, KeyError, TypeError) as exc:
            raise InputError(f'{path}, regel {number}: dit is geen JSON-object met "id" en "vraag".') from exc
    return questions


def _answer_all(vraagbaak: VraagAlmere, questions: list[tuple[str, str]], path: Path) -> None:
    with progress_bar() as progress, path.open("w", encoding="utf-8") as out:
        for n, (key, question) in enumerate(questions):
            progress("Vragen beantwoorden", n, len(questions))
            answer = vraagbaak.ask(question, id=key)
            out.write(json.dumps(answer.as_dict(), ensure_ascii=False) + "\n")
            out.flush()


@app.command(name="index")
def make_index(corpus: Corpus = None, index: Index = None, embedder: Embedder = None) -> None:
    """Maak de index opnieuw."""
    from .index import build
    from .store import locked, save

    settings = _settings(corpus, index, embedder)
    with progress_bar() as progress, locked(settings.index, progress):
        made = build(settings, progress)
        save(made, settings.index)
    typer.echo(f"Klaar: {len(made.passages)} passages uit {len(made.documents)} documenten in {settings.index}.")


@app.command()
def voegtoe(
    bestand: Annotated[Path, typer.Argument(help="Een .pdf, .txt, .md of .html.")],
    titel: Annotated[str | None, typer.Option("--titel", help="De titel, zoals mensen hem kennen.")] = None,
    soort: Annotated[
        str | None,
        typer.Option("--soort", help="coalitieakkoord, verkiezingsprogramma, dialoogverslag of gemeentestuk."),
    ] = None,
    partij: Annotated[str | None, typer.Option("--partij", help="Wie er spreekt, bijvoorbeeld 'D66 Almere'.")] = None,
    datum: Annotated[
        str | None, typer.Option("--datum", help="Wanneer het is vastgesteld: 2026-06-30 of 2026.")
    ] = None,
    vervangt: Annotated[
        str | None, typer.Option("--vervangt", help="Id van het document dat dit bestand vervangt.")
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
    embedder: Embedder = None,
) -> None:
    """Voeg een document toe, of vervang er een: de index leest alleen wat nieuw is."""
    from .intake import Given, add

    given = Given(titel, soort, partij, datum)
    if vervangt is None and sys.stdin.isatty():
        given = _ask_for(given)
    with progress_bar() as progress:
        added = add(_settings(corpus, index, embedder), bestand, given, vervangt, progress)
    about = added.document.sidecar
    typer.echo(f"{'Vervangen' if vervangt else 'Toegevoegd'}: {about.id}\n  {about.titel}. {about.status}")
    sheets = f" op {len(about.bestand.bladen)} bladen" if about.bestand and about.bestand.bladen else ""
    count = f"{added.passages} passage{'s' * (added.passages != 1)}"
    typer.echo(f"  {count}{sheets}, in {added.seconds:.1f} seconden. {about.paginanummering}")
    for notice in added.notices:
        typer.echo(f"  Let op: {notice}")
    if vervangt:
        typer.echo(f"  {added.kept} passages houden hun gewone taal.")
        for record in added.lost[:10]:
            typer.echo(f"  gewone taal hoort bij niets meer: {record.passage} ('{record.begin} …')")
        if len(added.lost) > 10:
            typer.echo(f"  en nog {len(added.lost) - 10}; u ziet ze alle met: vraagalmere klaretaal controle")
    if added.kept < added.passages:
        bare = added.passages - added.kept
        typer.echo(f"  Nog zonder gewone taal: {bare}. Het antwoord toont daar de letterlijke tekst.")


def _ask_for(given: Given) -> Given:
    """Ask at the terminal for what was not said."""
    from dataclasses import replace

    from .intake import kinds, missing

    questions = {
        "titel": "Titel", "soort": f"Soort ({', '.join(kinds())})", "datum": "Datum (2026-06-30 of 2026)",
        "partij": "Wie spreekt er",
    }  # fmt: skip
    for name in missing(given):
        if name in missing(given):  # an earlier answer can make a later question needless
            given = replace(given, **{name: typer.prompt(questions[name])})
    return given


@app.command()
def verwijder(
    document: Annotated[str, typer.Argument(help="Id van het document (zie: vraagalmere documenten).")],
    ja: Annotated[bool, typer.Option("--ja", help="Vraag niet of het zeker is.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    embedder: Embedder = None,
) -> None:
    """Verwijder een document, met zijn gewone taal, uit de map en uit elk antwoord."""
    from .intake import remove

    if not ja and not sys.stdin.isatty():
        raise InputError("Verwijderen kan niet terug. Weet u het zeker? Zet er dan --ja bij.")
    if not ja and not typer.confirm(f"'{document}' en zijn gewone taal verwijderen? Dit kan niet terug"):
        raise typer.Exit(1)
    with progress_bar() as progress:
        gone = remove(_settings(corpus, index, embedder), document, progress)
    typer.echo(f"Verwijderd: {gone.id} ({gone.sidecar.titel}).")


@app.command()
def documenten(corpus: Corpus = None, index: Index = None, embedder: Embedder = None) -> None:
    """Laat zien welke documenten er zijn en wat ze waard zijn."""
    from .corpus import read_corpus

    for document in read_corpus(_settings(corpus, index, embedder).corpus):
        about = document.sidecar
        typer.echo(f"{about.id}\n  {about.titel}\n  {about.uitgever}, {about.datum}. {about.status}")
        typer.echo(f"  {about.datum_bewijs}\n  {about.paginanummering}")
        origin = f" uit {about.bestand.naam}" if about.bestand else ""
        typer.echo(f"  versie {document.hash[:12]}{origin}\n")


@app.command()
def chat(
    host: Annotated[str, typer.Option("--host", help="Adres om op te luisteren.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Poort om op te luisteren.")] = 7860,
    corpus: Corpus = None,
    index: Index = None,
    embedder: Embedder = None,
    schrijver: Writer = None,
) -> None:
    """Open de chat in de browser: http://localhost:7860."""
    from .web.server import serve

    settings = _settings(corpus, index, embedder, schrijver)
    _open(settings)
    serve(host, port, settings)


@app.command()
def register(
    map_: Annotated[Path, typer.Option("--map", help="Map voor de bestanden.")] = Path("docs"),
    corpus: Corpus = None,
    index: Index = None,
    embedder: Embedder = None,
) -> None:
    """Schrijf het Algoritmeregister, de privacyverklaring en de toegankelijkheidsverklaring."""
    from .register import write_all

    for path in write_all(map_, _settings(corpus, index, embedder)):
        typer.echo(str(path))


@app.command()
def afspraken(
    export: Annotated[Path | None, typer.Option("--export", help="Schrijf ze naar een .csv of .xlsx.")] = None,
    thema: Annotated[str, typer.Option("--thema", help="Deel van de naam van een hoofdstuk of paragraaf.")] = "",
    kracht: Annotated[Kracht | None, typer.Option("--kracht", help="Hoe vast de afspraak is.")] = None,
    wethouder: Annotated[str, typer.Option("--wethouder", help="Deel van een naam of partij, of 'onduidelijk'.")] = "",
    met_geld: Annotated[bool, typer.Option("--met-geld", help="Alleen afspraken met een bedrag.")] = False,
    zoek: Annotated[str, typer.Option("--zoek", help="Woorden die erin staan.")] = "",
    als_json: Annotated[bool, typer.Option("--json", help="Geef ze als één JSON-lijst.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    embedder: Embedder = None,
) -> None:
    """Laat alle afspraken en bedragen van het akkoord zien, met pagina, kracht, wethouder en geld."""
    from .commitments import select
    from .export import as_csv, as_xlsx, cells
    from .staff import Register, commitment_out

    register = Register(_open(_settings(corpus, index, embedder)).index)
    rows = select(
        register.rows, theme=thema, strength=kracht.value if kracht else "", holder=wethouder, search=zoek,
        with_money=met_geld,
    )  # fmt: skip
    if export is not None:
        kind = export.suffix.lower()
        if kind not in (".csv", ".xlsx"):
            raise InputError(f"{export.name}: kies een naam die eindigt op .csv of .xlsx.")
        try:
            export.write_bytes(as_csv(rows) if kind == ".csv" else as_xlsx(rows, register.index.documents))
        except OSError as exc:
            raise InputError(f"{export} is niet te schrijven ({exc.strerror}). Kies een andere map of naam.") from exc
        typer.echo(f"{len(rows)} afspraken en bedragen in {export}.")
    elif als_json:
        typer.echo(json.dumps([commitment_out(r, register).model_dump() for r in rows], ensure_ascii=False))
    else:
        for row in rows:
            _, _, page, theme, strength, text, _, held, money = cells(row)
            typer.echo(f"[{strength}] {text}\n    {theme}, {page}. {held}" + (f"\n    {money}" if money else ""))
        typer.echo(f"{len(rows)} afspraken en bedragen.")


@app.command()
def wie(
    als_json: Annotated[bool, typer.Option("--json", help="Geef ze als één JSON-lijst.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    embedder: Embedder = None,
) -> None:
    """Laat zien wie de documenten noemen: het college met zijn taken, en wie ondertekenden."""
    from .staff import Register, people_out

    people = people_out(Register(_open(_settings(corpus, index, embedder)).index))
    if als_json:
        typer.echo(json.dumps([p.model_dump() for p in people], ensure_ascii=False))
        return
    for person in people:
        party = f" ({person.partij})" if person.partij else ""
        typer.echo(f"{person.naam}{party}, {person.rol.lower()}. {person.document}, {person.pagina}")
        for duty in person.taken:
            typer.echo(f"  - {duty.taak}")


@app.command()
def geld(
    onderdeel: Annotated[
        str, typer.Option("--onderdeel", help="Alleen regels met dit woord in tabel, onderdeel of regel.")
    ] = "",
    als_json: Annotated[bool, typer.Option("--json", help="Geef ze als één JSON-lijst.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    embedder: Embedder = None,
) -> None:
    """Laat de tabellen met geld zien, en welke totalen niet kloppen."""
    from .money_overview import as_text
    from .staff import Register, tables_out

    tables = tables_out(Register(_open(_settings(corpus, index, embedder)).index), onderdeel)
    if not tables and onderdeel:
        raise InputError(f"Er is geen regel met '{onderdeel}' in een tabel met geld. Probeer een ander woord.")
    typer.echo(json.dumps([t.model_dump() for t in tables], ensure_ascii=False) if als_json else as_text(tables))


@edition_app.command()
def controle(corpus: Corpus = None) -> None:
    """Noem de records die niet meer bij hun passage horen, en de passages zonder record."""
    from .corpus import read_corpus
    from .edition import read_edition
    from .passages import passages_of

    folder = _settings(corpus, None, None).corpus
    passages = [p for d in read_corpus(folder) for p in passages_of(d)]
    edition = read_edition(folder, passages)
    for record in edition.stale:
        typer.echo(f"verouderd: {record.passage} ('{record.begin} …'): de tekst is veranderd of weg")
    for passage in edition.missing:
        typer.echo(f"zonder record: {passage.id} ('{passage.quote[:60]} …')")
    concepts = sum(r.status == "concept" for r in edition.records.values())
    typer.echo(
        f"{len(edition.records)} van {len(passages)} passages hebben een record"
        f" ({concepts} concept); {len(edition.stale)} verouderd."
    )
    if edition.stale or edition.missing:
        raise typer.Exit(1)


@edition_app.command()
def maak(
    model: Annotated[str, typer.Option("--model", help="Naam van een model in Ollama, bijvoorbeeld gemma3:12b.")],
    document: Annotated[str | None, typer.Option("--document", help="Alleen dit document (zijn id).")] = None,
    hoogstens: Annotated[int | None, typer.Option("--hoogstens", min=1, help="Stop na zo veel records.")] = None,
    corpus: Corpus = None,
) -> None:
    """Laat een taalmodel op deze computer records schrijven voor passages die er geen hebben."""
    from .edition_maker import make, open_model, without_record

    settings = _settings(corpus, None, None)
    todo = without_record(settings, document)
    if not todo:
        typer.echo("Elke passage heeft al een record.")
        return
    ask = open_model(model)
    outcomes: list[Outcome] = []
    try:
        with progress_bar() as progress:
            total = min(len(todo), hoogstens or len(todo))
            progress("Records schrijven", 0, total)
            for outcome in make(settings, todo, ask, model, hoogstens):
                outcomes.append(outcome)
                done = [o for o in outcomes if o.record or hoogstens is None]
                progress("Records schrijven", len(done), total)
    finally:
        # Also after a stop or an error: what was made is in the files.
        _report_made(outcomes, len(todo))
    if any(o.record is None for o in outcomes):
        raise typer.Exit(1)


def _report_made(outcomes: list[Outcome], total: int) -> None:
    made = [o for o in outcomes if o.record]
    for outcome in outcomes:
        if outcome.faults:
            quote = outcome.passage.quote[:60]
            typer.echo(f"weggelaten: {outcome.passage.id} ('{quote} …'): {'; '.join(outcome.faults)}")
    for outcome in made:
        typer.echo(f"concept: {outcome.passage.id}")
    typer.echo(
        f"{len(made)} records geschreven, {len(outcomes) - len(made)} weggelaten;"
        f" {total - len(made)} passages zijn nog zonder record."
    )
    if made:
        typer.echo("Lees elk concept naast zijn passage. Is het goed? Dan: vraagalmere klaretaal keurgoed PASSAGE_ID")


@edition_app.command()
def keurgoed(
    passages: Annotated[list[str], typer.Argument(metavar="PASSAGE_ID", help="Ids van nagelezen concepten.")],
    corpus: Corpus = None,
) -> None:
    """Keur nagelezen concepten goed: vanaf dan staan ze in de antwoorden."""
    from .edition_maker import approve

    changed = approve(_settings(corpus, None, None), passages)
    for key in dict.fromkeys(passages):
        typer.echo(f"{'nagekeken' if key in changed else 'was al nagekeken'}: {key}")


add_commands(app)


def main() -> None:
    """Run the command line; an error that a person can mend is one Dutch line, exit code 2."""
    try:
        app()
    except VraagAlmereError as exc:
        typer.echo(f"Fout: {exc}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("Gestopt.", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
