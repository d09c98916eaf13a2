"""The child process that opens a PDF: whatever is in the file, only this process can suffer from it.

`python -m vraagalmere.pdf_child` reads one JSON order from standard input and writes one JSON answer to
standard output. PDFium gives the glyphs, their boxes and the picture of a sheet; pypdf checks the file, gives page
labels and bookmarks, and is the second reader.
"""

from __future__ import annotations

import base64
import ctypes
import io
import json
import logging
import math
import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from .pdf_layout import RAISED, Page, Rule, Word

_ARROWS = {0xF0E0: "→", 0xF0E8: "→", 0xF0DF: "←"}
_BOLD = re.compile(r"bold|black|heavy|demi|semibd", re.IGNORECASE)
_WORD_GAP = 0.2
"""Space between two glyphs, in ems, above which they are two words: the narrowest space in use is about 0.2 em.
Half of it where PDFium sees a space too."""
_MAX_OBJECTS = 20_000
"""Drawn objects of a sheet that are looked at for lines of tables; a map may have a million."""


class Refused(Exception):
    """The file cannot be read: one Dutch line that says what to do."""


def _refuse_doors(event: str, _: Any) -> None:
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "urllib.")):
        raise PermissionError(event)


def _limit_process(order: dict[str, Any]) -> None:
    """Memory, processor time and files of this process; a system without them keeps the clock of the parent.

    No connections and no other programs, by an audit hook: a second lock, since nothing here asks for either.
    """
    sys.addaudithook(_refuse_doors)
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"] + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (order["answer"], order["answer"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Sheet:
    """One opened sheet: its glyphs, boxes and lines in points from the bottom left of what is visible."""

    def __init__(self, page: Any, raw: Any) -> None:
        self.page, self.raw = page, raw
        self.width: float = raw.FPDF_GetPageWidthF(page)
        self.height: float = raw.FPDF_GetPageHeightF(page)
        rect = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page, rect)
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
        turn = raw.FPDFPage_GetRotation(page)
        self.matrix = (
            (1.0, 0.0, 0.0, 1.0, -left, -bottom),
            (0.0, -1.0, 1.0, 0.0, -bottom, right),
            (-1.0, 0.0, 0.0, -1.0, right, top),
            (0.0, 1.0, -1.0, 0.0, top, -left),
        )[turn]

    def objects(self) -> Iterator[tuple[Any, tuple[float, ...]]]:
        """The drawn objects with the matrix of the form they are in, in the order they are painted."""
        raw = self.raw
        left = _MAX_OBJECTS

        def walk(
            get: Any, count: int, matrix: tuple[float, ...], depth: int
        ) -> Iterator[tuple[Any, tuple[float, ...]]]:
            nonlocal left
            for i in range(count):
                left -= 1
                if left < 0:
                    return
                found = get(i)
                if raw.FPDFPageObj_GetType(found) == raw.FPDF_PAGEOBJ_FORM and depth < 8:
                    inner = raw.FS_MATRIX()
                    raw.FPDFPageObj_GetMatrix(found, inner)
                    yield from walk(
                        lambda n, f=found: raw.FPDFFormObj_GetObject(f, n),
                        raw.FPDFFormObj_CountObjects(found),
                        _times(_tuple(inner), matrix),
                        depth + 1,
                    )
                else:
                    yield found, matrix

        yield from walk(
            lambda n: raw.FPDFPage_GetObject(self.page, n), raw.FPDFPage_CountObjects(self.page), self.matrix, 0
        )


def _tuple(m: Any) -> tuple[float, ...]:
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _times(m: tuple[float, ...], n: tuple[float, ...]) -> tuple[float, ...]:
    """First `m`, then `n`."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _rect(
    m: tuple[float, ...], left: float, bottom: float, right: float, top: float
) -> tuple[float, float, float, float]:
    xs = [m[0] * x + m[2] * y + m[4] for x in (left, right) for y in (bottom, top)]
    ys = [m[1] * x + m[3] * y + m[5] for x in (left, right) for y in (bottom, top)]
    return min(xs), min(ys), max(xs), max(ys)


class _Paint:
    """What is drawn on a sheet besides text: lines of tables, and fills that text lies on or under."""

    def __init__(self, sheet: _Sheet) -> None:
        self.raw = sheet.raw
        self.rules: list[Rule] = []
        self.fills: list[tuple[int, tuple[float, float, float, float], bool]] = []
        """(order, box, is white or see-through)"""
        self.covers: list[tuple[int, tuple[float, float, float, float]]] = []
        """Opaque rectangles: (order, box)"""
        self.order: dict[int, int] = {}
        self.picture = 0.0
        """Share of the sheet under its largest picture."""
        raw = sheet.raw
        area = max(1.0, sheet.width * sheet.height)
        for order, (found, matrix) in enumerate(sheet.objects()):
            kind = raw.FPDFPageObj_GetType(found)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                self.order[ctypes.cast(found, ctypes.c_void_p).value or 0] = order
            elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
                box = self._bounds(found, matrix)
                self.fills.append((order, box, False))
                self.picture = max(self.picture, (box[2] - box[0]) * (box[3] - box[1]) / area)
            elif kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(order, found, matrix, area)

    def _bounds(self, found: Any, matrix: tuple[float, ...]) -> tuple[float, float, float, float]:
        edges = [ctypes.c_float() for _ in range(4)]
        if not self.raw.FPDFPageObj_GetBounds(found, *edges):
            return (0.0, 0.0, 0.0, 0.0)
        return _rect(matrix, *(e.value for e in edges))

    def _path(self, order: int, found: Any, matrix: tuple[float, ...], area: float) -> None:
        raw = self.raw
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(found, mode, stroke)
        box = self._bounds(found, matrix)
        size = (box[2] - box[0]) * (box[3] - box[1])
        count = raw.FPDFPath_CountSegments(found)
        points: list[tuple[float, float]] = []
        if count <= 400:
            own = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(found, own)
            points = self._segments(found, count, _times(_tuple(own), matrix), size < 0.9 * area)
        if mode.value:
            r, g, b, alpha = (ctypes.c_uint() for _ in range(4))
            raw.FPDFPageObj_GetFillColor(found, r, g, b, alpha)
            white = min(r.value, g.value, b.value) >= 250 or alpha.value < 25
            corners = {(round(x), round(y)) for x, y in points}
            opaque = (
                alpha.value == 255
                and len(corners) == 4
                and len({x for x, _ in corners}) == 2
                and not raw.FPDFPageObj_HasTransparency(found)
            )
            self.fills.append((order, box, white))
            if opaque:
                self.covers.append((order, self._clipped(found, box, matrix)))

    def _clipped(
        self, found: Any, box: tuple[float, float, float, float], matrix: tuple[float, ...]
    ) -> tuple[float, float, float, float]:
        """The part of `box` that the clip path leaves; none where the clip is not simple."""
        raw = self.raw
        clip = raw.FPDFPageObj_GetClipPath(found)
        x, y = ctypes.c_float(), ctypes.c_float()
        for i in range(max(0, raw.FPDFClipPath_CountPaths(clip)) if clip else 0):
            points = []
            count = raw.FPDFClipPath_CountPathSegments(clip, i)
            for n in range(min(count, 9)):
                raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, i, n), x, y)
                points.append((x.value, y.value))
            if not points or count > 8:
                return (0.0, 0.0, 0.0, 0.0)
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            inner = _rect(matrix, min(xs), min(ys), max(xs), max(ys))
            box = (max(box[0], inner[0]), max(box[1], inner[1]), min(box[2], inner[2]), min(box[3], inner[3]))
        return box

    def _segments(self, found: Any, count: int, matrix: tuple[float, ...], as_rules: bool) -> list[tuple[float, float]]:
        raw = self.raw
        x, y = ctypes.c_float(), ctypes.c_float()
        points: list[tuple[float, float]] = []
        start = last = (0.0, 0.0)
        for i in range(count):
            segment = raw.FPDFPath_GetPathSegment(found, i)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = (
                matrix[0] * x.value + matrix[2] * y.value + matrix[4],
                matrix[1] * x.value + matrix[3] * y.value + matrix[5],
            )
            points.append(point)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = point
            elif as_rules and kind == raw.FPDF_SEGMENT_LINETO:
                self._rule(last, point)
            last = point
            if as_rules and raw.FPDFPathSegment_GetClose(segment):
                self._rule(last, start)
        return points

    def _rule(self, a: tuple[float, float], b: tuple[float, float]) -> None:
        if abs(a[1] - b[1]) < 1 and abs(a[0] - b[0]) > 6:
            self.rules.append(Rule(min(a[0], b[0]), max(a[0], b[0]), (a[1] + b[1]) / 2, True))
        elif abs(a[0] - b[0]) < 1 and abs(a[1] - b[1]) > 6:
            self.rules.append(Rule(min(a[1], b[1]), max(a[1], b[1]), (a[0] + b[0]) / 2, False))

    def hides(self, pointer: int, x: float, y: float, white: bool) -> bool:
        """Whether a glyph with its middle at (x, y) cannot be seen: white on white, or under a later rectangle."""
        order = self.order.get(pointer, 1 << 30)
        if any(n > order and x0 <= x <= x1 and y0 <= y <= y1 for n, (x0, y0, x1, y1) in self.covers):
            return True
        return white and not any(
            n < order and not pale and x0 <= x <= x1 and y0 <= y <= y1 for n, (x0, y0, x1, y1), pale in self.fills
        )


Glyph = tuple[str, "_Style | None", float, float, float, tuple[float, float, float, float]]
"""(character, style, x, end of the advance, baseline, ink box); a space that PDFium only guesses has no style."""


class _Style:
    """What all glyphs of one text object share."""

    __slots__ = ("angle", "bold", "hidden", "invisible", "pointer", "size", "symbol", "track", "white")

    def __init__(self, sheet: _Sheet, text: Any, i: int, found: Any, pointer: int) -> None:
        raw = sheet.raw
        m = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(text, i, m)
        whole = _times(_tuple(m), sheet.matrix)
        # The font size PDFium reports is before the text matrix; one that turns only has length 1.
        self.size = raw.FPDFText_GetFontSize(text, i) * math.hypot(whole[2], whole[3])
        self.angle = round(math.degrees(math.atan2(whole[1], whole[0])))
        name = ctypes.create_string_buffer(128)
        flags = ctypes.c_int()
        raw.FPDFText_GetFontInfo(text, i, name, 128, flags)
        font = name.value.decode("utf-8", "replace")
        weight = raw.FPDFText_GetFontWeight(text, i)
        self.bold = bool(_BOLD.search(font)) or weight >= 700
        self.symbol = bool(re.search(r"symbol|wingding|dingbat", font, re.IGNORECASE))
        mode = raw.FPDFTextObj_GetTextRenderMode(found)
        r, g, b, a = (ctypes.c_uint() for _ in range(4))
        raw.FPDFText_GetFillColor(text, i, r, g, b, a)
        self.white = mode in (0, 2, 4, 6) and min(r.value, g.value, b.value) >= 250
        self.invisible = mode in (3, 7)
        self.hidden = self.size < 1 or (mode == 0 and a.value == 0)
        self.pointer = pointer
        self.track = 0.0
        """Points between all letters of this object, where they are set apart."""


def _set_tracks(glyphs: list[Glyph]) -> None:
    """Find the text objects whose letters are spaced: then a gap of that size is no space between words."""
    gaps: dict[int, list[float]] = {}
    before: Glyph | None = None
    for glyph in glyphs:
        style = glyph[1]
        if style is None:
            continue
        if before is not None and before[1] is style and glyph[0] != " " and before[0] != " ":
            gaps.setdefault(style.pointer, []).append((glyph[2] - before[3]) / max(style.size, 0.1))
        before = glyph
    for glyph in glyphs:
        style = glyph[1]
        found = gaps.get(style.pointer, ()) if style is not None else ()
        if style is not None and len(found) >= 4:
            usual = sorted(found)[len(found) // 2]
            style.track = usual * style.size if 0.08 < usual < 0.7 else 0.0
            gaps[style.pointer] = []


def _glyphs(sheet: _Sheet, text: Any, count: int) -> Iterator[Glyph]:
    """Each printed glyph, as the file orders them."""
    raw = sheet.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    loose = raw.FS_RECTF()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    styles: dict[int, _Style] = {}
    a, b, c, d, e, f = sheet.matrix
    plain = (a, b, c, d) == (1.0, 0.0, 0.0, 1.0)
    get_unicode, get_object, get_origin = (
        raw.FPDFText_GetUnicode,
        raw.FPDFText_GetTextObject,
        raw.FPDFText_GetCharOrigin,
    )
    get_loose, get_box, void = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharBox, ctypes.c_void_p
    for i in range(count):
        code = get_unicode(text, i)
        found = get_object(text, i)
        pointer = ctypes.cast(found, void).value if found else None
        if pointer is None:
            yield " ", None, 0.0, 0.0, 0.0, (0.0, 0.0, 0.0, 0.0)
            continue
        style = styles.get(pointer)
        if style is None:
            style = styles[pointer] = _Style(sheet, text, i, found, pointer)
        get_origin(text, i, x, y)
        get_loose(text, i, loose)
        get_box(text, i, left, right, bottom, top)
        if plain:
            box = (left.value + e, bottom.value + f, right.value + e, top.value + f)
            start, base, end = x.value + e, y.value + f, loose.right + e
            if style.angle:
                advance = (loose.left + e, loose.bottom + f, loose.right + e, loose.top + f)
        else:
            box = _rect(sheet.matrix, left.value, bottom.value, right.value, top.value)
            advance = _rect(sheet.matrix, loose.left, loose.bottom, loose.right, loose.top)
            start, base = a * x.value + c * y.value + e, b * x.value + d * y.value + f
            end = advance[2]
        if style.angle:
            # Text that is turned gets coordinates in which it runs to the right.
            if style.angle == 90:
                start, end, base = base, advance[3], -start
            elif style.angle == -90:
                start, end, base = -base, -advance[1], start
            elif abs(style.angle) == 180:
                start, end, base = -start, -advance[0], -base
        yield _char(code, style), style, start, end, base, box


def _char(code: int, style: _Style) -> str:
    if code in (0x02, 0xFFFE):
        return "-"
    if code == 0xAD:
        return "\u00ad"
    if code < 32 or code in (0xFFFF, 0x7F):
        return ""
    char = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    category = unicodedata.category(char)
    if category == "Co":
        return _ARROWS.get(code, "•")
    if category in ("Cf", "Cc", "Cn", "Cs"):
        return ""
    if style.symbol and code in (0xA7, 0xB7, 0x6C, 0x6E, 0x71, 0x75, 0x76, 0xD8, 0xFC, 0x6F) and code != 0xB7:
        return "•"
    return " " if category == "Zs" and code != 0x20 and char in "\u00a0\u2002\u2003\u2009" else char


def _words(sheet: _Sheet, text: Any, paint: _Paint, read_invisible: bool) -> tuple[list[Word], Counter[str]]:
    """The words of a sheet as the file orders them, and what was left out ('verborgen', 'schuin', 'onleesbaar')."""
    raw = sheet.raw
    count = raw.FPDFText_CountChars(text)
    out: Counter[str] = Counter()
    words: list[Word] = []
    word: Word | None = None
    space = guessed = False
    glyphs = list(_glyphs(sheet, text, count))
    _set_tracks(glyphs)
    for char, style, start, end, base, box in glyphs:
        if style is None:
            guessed = True
            continue
        if not char:
            continue
        if char == " " or char.isspace():
            space = True
            continue
        middle_x, middle_y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not (-1 <= middle_x <= sheet.width + 1 and -1 <= middle_y <= sheet.height + 1):
            out["verborgen"] += 1
            continue
        if style.hidden or (style.invisible and not read_invisible):
            out["verborgen"] += 1
            continue
        if not style.invisible and paint.hides(style.pointer, middle_x, middle_y, style.white):
            out["verborgen"] += 1
            continue
        if style.angle % 90:
            out["schuin"] += 1
            continue
        if char == "\ufffd":
            out["onleesbaar"] += 1
        out["gelezen"] += 1
        size = style.size
        if char.isdigit() and style.angle == 0 and box[1] > base + 0.2 * size and box[3] - box[1] < 0.55 * size:
            # A digit stands on the line; one that floats is the mark of a note, also when its font raised it.
            char = char.translate(RAISED)
        if word is not None and word.angle == style.angle:
            gap = start - word.x1
            level = abs(base - word.base) < 0.12 * max(size, word.size)
            raised = (
                size < 0.85 * word.size
                and 0.12 * word.size < base - word.base < 0.65 * word.size
                and -0.1 * word.size < gap < 0.25 * word.size
            )
            same_glyph = level and box == word.glyph
            room = (0.1 if guessed and not style.track else _WORD_GAP) * size + style.track
            near = same_glyph or -0.35 * size < gap < room
            backwards = unicodedata.bidirectional(char) in ("R", "AL") and abs(end - word.x0) < 0.3 * size
            if not space and ((level and (near or backwards)) or raised):
                word.text += char.translate(RAISED) if raised else char
                word.x0, word.x1 = min(word.x0, start), max(word.x1, end)
                b = word.box
                word.box = (min(b[0], box[0]), min(b[1], box[1]), max(b[2], box[2]), max(b[3], box[3]))
                word.glyph = box
                word.bold = word.bold and style.bold
                guessed = False
                continue
        word = Word(char, start, end, base, size, style.bold, box, style.angle, box)
        words.append(word)
        space = guessed = False
    return words, out


def _read_sheet(raw: Any, document: Any, number: int, limit: int) -> tuple[Page, Counter[str]]:
    page = raw.FPDF_LoadPage(document, number - 1)
    if not page:
        return Page(number, 595.0, 842.0, [], []), Counter({"kapot": 1})
    text = raw.FPDFText_LoadPage(page)
    try:
        sheet = _Sheet(page, raw)
        count = raw.FPDFText_CountChars(text)
        if count > limit:
            raise Refused(
                f"Blad {number} heeft {count:,} tekens; dat is meer dan de grens van {limit:,}. "
                "Dit is geen gewoon blad tekst.".replace(",", ".")
            )
        paint = _Paint(sheet)
        words, out = _words(sheet, text, paint, False)
        if out["gelezen"] < 30 and out["verborgen"] > out["gelezen"] and paint.picture > 0.5:
            words, out = _words(sheet, text, paint, True)
            out["ocr"] = 1
        if not words and paint.picture > 0.1:
            out["beeld"] = 1
        return Page(number, sheet.width, sheet.height, words, paint.rules), out
    finally:
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(page)


def _open(path: str, raw: Any) -> Any:
    document = raw.FPDF_LoadDocument(path.encode(), None)
    if document:
        return document
    code = raw.FPDF_GetLastError()
    if code == raw.FPDF_ERR_PASSWORD:
        raise Refused("Dit bestand is beveiligd met een wachtwoord. Haal de beveiliging eraf en probeer het opnieuw.")
    raise Refused("Dit PDF-bestand is beschadigd of niet compleet. Vraag of maak het opnieuw en probeer het nog eens.")


class _Second:
    """What pypdf says about the file; none of it is needed to read the text, so a failure is silent."""

    def __init__(self, path: str, sheets: int) -> None:
        self.labels: list[str] = []
        self.outline: list[tuple[int, str, int]] = []
        self.title = self.created = ""
        self.notices: list[str] = []
        self.reader: Any = None
        logging.disable(logging.CRITICAL)
        try:
            import pypdf

            self.reader = pypdf.PdfReader(path)
            if self.reader.is_encrypted and not self.reader.decrypt(""):
                self.reader = None
                return
            if len(self.reader.pages) != sheets:
                self.reader = None
                return
            root = self.reader.root_object
            self._metadata()
            if "/PageLabels" in root:
                self.labels = [str(label) for label in self.reader.page_labels]
            self._outline(self.reader.outline, 1)
            self._active(root)
        except Exception:
            return

    def _metadata(self) -> None:
        data = self.reader.metadata
        if data is None:
            return
        self.title = str(data.title or "")
        if data.creation_date:
            self.created = data.creation_date.date().isoformat()

    def _outline(self, items: list[Any], level: int) -> None:
        for item in items:
            if isinstance(item, list):
                if level < 8:
                    self._outline(item, level + 1)
            elif len(self.outline) < 5000:
                number = self.reader.get_destination_page_number(item)
                self.outline.append((level, str(item.title), -1 if number is None else int(number) + 1))

    def _active(self, root: Any) -> None:
        names = root.get("/Names")
        names = names.get_object() if names is not None else {}
        script = "/JavaScript" in names
        action = root.get("/OpenAction")
        action = action.get_object() if action is not None else None
        if isinstance(action, dict) and action.get("/S") == "/JavaScript":
            script = True
        if script or "/AA" in root:
            self.notices.append("In dit bestand zit een programma (JavaScript). Het wordt niet uitgevoerd.")
        if "/EmbeddedFiles" in names:
            self.notices.append("In dit bestand zitten andere bestanden. Die worden niet gelezen.")

    def words(self, number: int) -> Counter[str] | None:
        """The letters-only words that pypdf reads on a sheet; None where it cannot."""
        try:
            return bag(self.reader.pages[number - 1].extract_text())
        except Exception:
            return None


def bag(text: str) -> Counter[str]:
    """Words as two readers must agree on them: ligatures and accents made plain, hyphens and spacing apart."""
    text = unicodedata.normalize("NFKC", text.replace("\u00ad", ""))
    text = re.sub(r"[-‐]\s*\n\s*", "", text)
    return Counter(re.findall(r"[^\W\d_]+|\d+", re.sub(r"[-‐]", "", text).lower()))


def sampled(sheets: int, most: int = 40) -> list[int]:
    """At most `most` sheet numbers, spread over the document."""
    if sheets <= most:
        return list(range(1, sheets + 1))
    return sorted({1 + round(i * (sheets - 1) / (most - 1)) for i in range(most)})


def _read(order: dict[str, Any]) -> dict[str, Any]:
    import pypdfium2.raw as raw

    from .pdf_text import compose

    raw.FPDF_InitLibrary()
    document = _open(order["path"], raw)
    sheets = raw.FPDF_GetPageCount(document)
    if sheets == 0:
        raise Refused("Dit PDF-bestand heeft geen bladen. Vraag of maak het opnieuw en probeer het nog eens.")
    if sheets > order["sheets"]:
        raise Refused(
            f"Dit bestand heeft {sheets} bladen; dat is meer dan de grens van {order['sheets']}. Deel het op in delen."
        )
    pages: list[Page] = []
    seen: list[Counter[str]] = []
    left = order["chars"]
    for number in range(1, sheets + 1):
        page, out = _read_sheet(raw, document, number, order["sheet_chars"])
        left -= out["gelezen"]
        if left < 0:
            raise Refused(
                f"Dit bestand heeft meer dan {order['chars']:,} tekens. Deel het op in delen.".replace(",", ".")
            )
        pages.append(page)
        seen.append(out)
    raw.FPDF_CloseDocument(document)
    if not any(out["gelezen"] for out in seen):
        if any(out["beeld"] for out in seen):
            raise Refused(
                "Dit bestand heeft geen tekst, alleen beelden (een scan). "
                "Maak er eerst tekst van: ocrmypdf -l nld in.pdf uit.pdf"
            )
        raise Refused("In dit bestand staat geen tekst die te lezen is. Vraag de maker om een PDF met tekst.")
    second = _Second(order["path"], sheets)
    composed = compose(pages, second.labels, second.outline, second.title, second.created)
    composed["notices"] = [*_notices(seen), *second.notices, *composed["notices"], *_compared(second, composed, sheets)]
    del composed["sheet_text"]
    return composed


def _numbers(found: list[int]) -> str:
    """'Blad 3' or 'Bladen 3, 5 en 8', never more than ten."""
    shown = [str(n) for n in found[:10]]
    if len(found) > 10:
        return f"Bladen {', '.join(shown)} en nog {len(found) - 10} andere"
    return f"Blad {shown[0]}" if len(shown) == 1 else f"Bladen {', '.join(shown[:-1])} en {shown[-1]}"


def _notices(seen: list[Counter[str]]) -> list[str]:
    def having(test: Any) -> list[int]:
        return [n for n, out in enumerate(seen, start=1) if test(out)]

    notices = []
    for found, one, more in (
        (having(lambda o: o["kapot"]), "is beschadigd en niet gelezen.", "zijn beschadigd en niet gelezen."),
        (
            having(lambda o: o["beeld"]),
            "heeft geen tekst (een scan of een foto).",
            "hebben geen tekst (een scan of een foto).",
        ),
        (
            having(lambda o: o["ocr"]),
            "is een scan: de tekst komt van een leesprogramma en kan fouten hebben.",
            "zijn scans: de tekst komt van een leesprogramma en kan fouten hebben.",
        ),
        (
            having(lambda o: o["verborgen"] and not o["ocr"]),
            "heeft tekst die niet te zien is. Die is niet gelezen.",
            "hebben tekst die niet te zien is. Die is niet gelezen.",
        ),
        (
            having(lambda o: o["schuin"]),
            "heeft schuine tekst. Die is niet gelezen.",
            "hebben schuine tekst. Die is niet gelezen.",
        ),
        (
            having(lambda o: o["onleesbaar"] > 0.02 * o["gelezen"]),
            "heeft letters zonder betekenis in het bestand. Controleer de tekst.",
            "hebben letters zonder betekenis in het bestand. Controleer de tekst.",
        ),
    ):
        if found:
            notices.append(f"{_numbers(found)} {one if len(found) == 1 else more}")
    return notices


def _compared(second: _Second, composed: dict[str, Any], sheets: int) -> list[str]:
    """The sheets of a sample on which pypdf and we read other words."""
    if second.reader is None:
        return []
    differ = []
    for number in sampled(sheets):
        theirs = second.words(number)
        ours: Counter[str] = bag(composed["sheet_text"][number - 1])
        if theirs is None or not ours:
            continue
        # Letters are compared, not words: where a space is, two readers may see otherwise.
        a, b = Counter("".join(ours.elements())), Counter("".join(theirs.elements()))
        words = sum((ours & theirs).values()) / max(1, sum(ours.values()))
        letters = sum((a & b).values()) / max(1, sum(a.values()))
        if words < 0.95 and letters < 0.995:
            differ.append(number)
    if not differ:
        return []
    verb = "leest" if len(differ) == 1 else "lezen"
    return [f"{_numbers(differ)} {verb} een tweede programma anders. Controleer de tekst."]


def _image(order: dict[str, Any]) -> bytes:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(_open(order["path"], pdfium.raw))
    if not 1 <= order["sheet"] <= len(document):
        raise Refused(f"Blad {order['sheet']} bestaat niet: het bestand heeft {len(document)} bladen.")
    page = document[order["sheet"] - 1]
    width, height = page.get_size()
    scale = order["width"] / max(width, 1.0)
    # A sheet a hundred times as high as wide must not become a picture of a gigabyte.
    scale = min(scale, math.sqrt(order["pixels"] / max(1.0, width * height)))
    picture = page.render(scale=scale).to_pil()
    out = io.BytesIO()
    picture.save(out, format="PNG", optimize=False)
    return out.getvalue()


def main() -> None:
    """Do the one order on standard input; the answer is JSON with 'reading', 'image' or 'refused'."""
    order = json.load(sys.stdin)
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What a library prints must not end up in the answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit_process(order)
    sys.setrecursionlimit(2000)
    try:
        if order["do"] == "read":
            result: dict[str, Any] = {"reading": _read(order)}
        else:
            result = {"image": base64.b64encode(_image(order)).decode("ascii")}
    except Refused as exc:
        result = {"refused": str(exc)}
    json.dump(result, answer, ensure_ascii=False)
    answer.close()
    os._exit(0)


if __name__ == "__main__":
    main()
