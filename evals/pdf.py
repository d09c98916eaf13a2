"""Write docs/pdf.md: how exactly PDFs are read, by producer and document, and how fast beside pypdf alone.

python evals/pdf.py [folder for the PDFs]
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import pypdf

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from pdf_makers import MAKERS, Agreement, agreement, can_make, elements_of  # noqa: E402
from vraagalmere.corpus import read_corpus  # noqa: E402
from vraagalmere.pdf import PdfLimits, read_pdf  # noqa: E402

PRODUCERS = {
    "chromium": "Chromium, één kolom, eigen kop en voet",
    "chromium-pagina": "Chromium, pagina's als in het origineel, tabel zonder lijnen",
    "chromium-kolommen": "Chromium, twee kolommen",
    "libreoffice": "LibreOffice Writer, 'Pagina 3 van 20'",
    "libreoffice-kolommen": "LibreOffice Writer, twee kolommen",
    "reportlab": "ReportLab, nummer links en rechts, afgebroken woorden",
    "reportlab-kolommen": "ReportLab, twee kolommen",
    "fpdf2": "fpdf2, 'Pagina 3 van 20'",
    "typst": "Typst, hoofdstuk in de kop, afgebroken woorden",
    "typst-kolommen": "Typst, twee kolommen, inhoudsopgave, Romeinse nummers vooraf",
}


def reason(wanted: str, read: str) -> str:
    """Why a statement was read otherwise, in a few words."""

    def bare(text: str) -> str:
        return "".join(c for c in text if c.isalnum())

    if bare(wanted) == bare(read):
        return "een koppelteken, schuine streep of spatie op het einde van een regel"
    if (read and bare(read).startswith(bare(wanted)[:60])) or bare(wanted) in bare(read):
        return "de grens met het stuk ernaast, op het einde van een kolom of blad"
    return "anders gelezen"


def short(text: str) -> str:
    text = text.replace("\t", " ¦ ").replace("|", "¦")
    return text if len(text) <= 90 else f"{text[:60]} … {text[-25:]}"


def dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def comma(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def spent() -> float:
    """Processor seconds of this process and its children: others may be at work on this machine."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}".replace(".", ",")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    documents = read_corpus(ROOT / "corpus")
    found: dict[str, list[tuple[str, Agreement]]] = defaultdict(list)
    limits = PdfLimits()
    ours = theirs = 0.0
    sheets = 0
    for producer, make in MAKERS.items():
        if not can_make(producer):
            continue
        for document in documents:
            path = folder / f"{document.id}.{producer}.pdf"
            if not path.exists():
                make(path, document.sidecar.titel, elements_of(document))
            start = spent()
            reading = read_pdf(path)
            ours += spent() - start
            start = spent()
            for page in pypdf.PdfReader(path).pages:
                page.extract_text()
            theirs += spent() - start
            sheets += len(reading.sizes)
            found[producer].append((document.sidecar.korte_titel, agreement(document, path, reading)))
    out = [
        HEAD,
        "| gemaakt met | uitspraken | gelijk | deel | fout blad | koppen gemist |",
        "|---|---|---|---|---|---|",
    ]
    for producer, rows in found.items():
        total = sum(a.passages for _, a in rows)
        missed = sum(len(a.missed) for _, a in rows)
        out.append(
            f"| {PRODUCERS[producer]} | {total} | {total - missed} | {percent(total - missed, total)}% "
            f"| {sum(len(a.wrong_sheet) for _, a in rows)} "
            f"| {sum(len(a.headings_missed) for _, a in rows)} van {sum(a.headings for _, a in rows)} |"
        )
    out += ["", "## Wat anders gelezen is", "", "| gemaakt met | document | uitspraak | reden |", "|---|---|---|---|"]
    for producer, rows in found.items():
        for title, a in rows:
            out += [f"| {producer} | {title} | {short(wanted)} | {reason(wanted, read)} |" for wanted, read in a.missed]
    out += [
        "", "## Snelheid", "",
        f"{sheets} bladen in één proef, in processortijd van één kern. Wij lezen {comma(sheets / ours)} bladen per seconde. "
        "`pypdf` alleen (`page.extract_text()`, zonder plaats van de woorden, kolommen, tabellen of controle) leest "
        f"{comma(sheets / theirs)} bladen per seconde: wij doen er {comma(ours / theirs)} keer zo lang over. Daar zit het "
        "starten van een apart proces per bestand in, en het nalezen van hoogstens veertig bladen met `pypdf` zelf.",
        LIMITS.format(
            mb=limits.file_bytes // 1_000_000, sheets=dots(limits.sheets), characters=dots(limits.characters),
            sheet_characters=dots(limits.sheet_characters), memory=dots(limits.memory_bytes // 1_000_000),
            seconds=limits.seconds,
        ),
    ]  # fmt: skip
    (ROOT / "docs" / "pdf.md").write_text("\n".join(out) + "\n", encoding="utf-8")


HEAD = """# Hoe precies lezen wij een PDF?

Deze pagina is gemaakt met `python evals/pdf.py`. De vijf documenten van de corpus zijn met verschillende programma's tot
PDF gemaakt en weer gelezen. Een uitspraak telt als gelijk als hij letter voor letter gelijk is aan die uit de tekst
(witruimte daargelaten; een tabel cel voor cel). Of het blad klopt, zegt een ander programma: `pdftotext`.

Deze PDF's zijn ook gebruikt om het lezen te verbeteren: op een nieuw document kan het minder zijn. Het zegt niets over
scans, foto's van tekst, of een opmaak die wij niet kennen. Controleer van een nieuw document altijd een paar bladen.
"""

LIMITS = """
## Wat het lezen doet en niet doet

- Koppen en voeten die terugkomen en paginanummers zijn geen tekst. Een voetnoot komt achter de alinea van zijn blad.
- Een woord dat op het einde van een regel is afgebroken, wordt weer één woord. Of het streepje bij het woord hoort, volgt
  uit het document zelf, de woordenlijst en `data/koppelteken.txt`. Dat kan misgaan als een woord met een streepje precies
  op zijn streepje is afgebroken en nergens anders in het document staat.
- Eindigt een alinea met een volle regel precies onderaan een kolom of blad, dan is niet te zien of hij doorgaat. Dan
  lezen wij hem als één alinea met de volgende.
- Een tabel zonder lijnen wordt herkend aan het wit. Een getal en zijn kolomkop blijven bij elkaar; een cel over meer
  kolommen telt als de eerste.
- Tekst die een mens niet ziet (wit op wit, buiten het blad, onder een zwarte balk, onzichtbaar gezet) wordt niet
  gelezen, en dat wordt gemeld. Bij een scan met een leeslaag is die laag de tekst.
- Een programma in het bestand (JavaScript) wordt nooit uitgevoerd.

## Grenzen

Elk bestand wordt in een apart proces geopend. Wat daarboven komt, wordt geweigerd met één regel die zegt wat te doen.

| grens | waarde |
|---|---|
| grootte van het bestand | {mb} MB |
| bladen | {sheets} |
| tekens | {characters} |
| tekens op één blad | {sheet_characters} |
| geheugen | {memory} MB |
| tijd | {seconds} seconden |
"""


if __name__ == "__main__":
    main()
