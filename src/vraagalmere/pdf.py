"""Read a PDF exactly: its text with the place of every word, the printed page numbers, the headings.

The file is opened in a child process (`pdf_child`) with a limit on memory and time, so that a damaged or hostile file
gives a `PdfError` and nothing worse. Text is what a person sees on the sheets, without running headers and footers.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .corpus import HeadingLine, SkippedLines
from .errors import PdfError


@dataclass(frozen=True)
class PdfLimits:
    """How much one file may cost. A file above a limit is refused with one clear line."""

    file_bytes: int = 300_000_000
    """The largest municipal PDFs (a spatial plan with maps) are near 200 MB."""
    sheets: int = 3_000
    """A budget with all its annexes is about 1,000 sheets."""
    characters: int = 12_000_000
    """About 4,000 full sheets."""
    sheet_characters: int = 200_000
    """A sheet full of small print has 15,000."""
    memory_bytes: int = 3_000_000_000
    """Address space of the child process: 3,000 full sheets take less than 2 GB."""
    seconds: int = 300
    """Processor time and waiting time: ten times what 3,000 sheets take."""
    answer_bytes: int = 400_000_000
    """What the child may hand back."""
    picture_pixels: int = 12_000_000
    """Pixels of a picture of a sheet, whatever its size on paper."""


@dataclass(frozen=True)
class Box:
    """Where one word, or a piece of one, is printed."""

    start: int
    end: int
    """Columns [start, end) of its line of the text."""
    sheet: int
    """Place in the file, 1 is the first."""
    x0: float
    y0: float
    x1: float
    y1: float
    """Points from the bottom left of the visible part of the sheet, as it is turned on a screen."""


@dataclass(frozen=True)
class Line:
    """One line of the text: the first and last sheet it is printed on, and its words."""

    sheets: tuple[int, int]
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Reading:
    """A PDF as read."""

    text: str
    lines: tuple[Line, ...]
    """One for each line of `text.split("\\n")`."""
    labels: tuple[str, ...]
    """The page number printed on each sheet ('iv', '13'), '' where there is none."""
    label_source: str
    """Where the numbers come from, one Dutch clause."""
    headings: tuple[HeadingLine, ...]
    skipped: tuple[SkippedLines, ...]
    """Lines that are no text: a table of contents."""
    sizes: tuple[tuple[float, float], ...]
    """Width and height of each sheet in points."""
    title: str
    date: str
    """ISO; the best guess, '' when there is none."""
    notices: tuple[str, ...]
    """What the person must know, in Dutch."""


def read_pdf(path: Path, limits: PdfLimits = PdfLimits()) -> Reading:
    """Read a PDF in a child process.

    Raises:
        PdfError: when the file is missing, no PDF, protected, damaged, a scan without text, or above a limit.
    """
    return as_reading(_run(path, {"do": "read"}, limits)["reading"])


def as_reading(data: dict[str, Any]) -> Reading:
    """What the child hands back, as a `Reading`."""
    lines = tuple(
        Line((sheets[0], sheets[1]), tuple(Box(int(b[0]), int(b[1]), int(b[2]), *b[3:]) for b in boxes))
        for sheets, boxes in data["lines"]
    )
    return Reading(
        text=data["text"],
        lines=lines,
        labels=tuple(data["labels"]),
        label_source=data["label_source"],
        headings=tuple(HeadingLine(regels=(a, b), niveau=level) for a, b, level in data["headings"]),
        skipped=tuple(SkippedLines(regels=(a, b), waarom=why) for a, b, why in data["skipped"]),
        sizes=tuple((w, h) for w, h in data["sizes"]),
        title=data["title"],
        date=data["date"],
        notices=tuple(data["notices"]),
    )


def page_image(path: Path, sheet: int, width: int = 900, limits: PdfLimits = PdfLimits()) -> bytes:
    """A PNG of one sheet (1 is the first), `width` pixels wide.

    Raises:
        PdfError: as `read_pdf`, and when there is no such sheet.
    """
    answer = _run(path, {"do": "image", "sheet": sheet, "width": width}, limits)
    return base64.b64decode(answer["image"])


def _run(path: Path, order: dict[str, Any], limits: PdfLimits) -> dict[str, Any]:
    """Have the child do one order; its answer."""
    name = path.name
    _check(path, limits)
    too_much = f"{name}: dit bestand vraagt te veel geheugen of tijd. Deel het op, of bewaar het opnieuw als PDF."
    order |= {
        "path": str(path.resolve()),
        "memory": limits.memory_bytes,
        "seconds": limits.seconds,
        "sheets": limits.sheets,
        "chars": limits.characters,
        "sheet_chars": limits.sheet_characters,
        "pixels": limits.picture_pixels,
    }
    # The child gets no settings or keys of this process, only where Python and this package are.
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR")}
    kept |= {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "vraagalmere.pdf_child"],
            input=json.dumps(order).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds + 5,
            env=kept,
            check=False,
        )
        answer = json.loads(done.stdout) if done.returncode == 0 and len(done.stdout) <= limits.answer_bytes else None
    except (subprocess.TimeoutExpired, json.JSONDecodeError, MemoryError) as exc:
        raise PdfError(too_much) from exc
    if not isinstance(answer, dict):
        raise PdfError(too_much)
    if "refused" in answer:
        raise PdfError(f"{name}: {answer['refused'][:1].lower()}{answer['refused'][1:]}")
    return answer


def _check(path: Path, limits: PdfLimits) -> None:
    """What can be seen without opening the file as a PDF."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as exc:
        raise PdfError(f"{path.name}: dit bestand is er niet of mag niet gelezen worden. Controleer de naam.") from exc
    if size == 0:
        raise PdfError(f"{path.name}: dit bestand is leeg. Haal het opnieuw op.")
    if size > limits.file_bytes:
        raise PdfError(
            f"{path.name}: dit bestand is {size // 1_000_000} MB; de grens is {limits.file_bytes // 1_000_000} MB. "
            "Deel het op of verklein de beelden."
        )
    if b"%PDF-" not in head:
        kind = "een Word- of zip-bestand" if head[:2] == b"PK" else "een webpagina" if b"<html" in head.lower() else ""
        what = f"dit is geen PDF maar {kind}" if kind else "dit is geen PDF, of het begin is beschadigd"
        raise PdfError(f"{path.name}: {what}. Bewaar het als PDF en probeer het opnieuw.")
