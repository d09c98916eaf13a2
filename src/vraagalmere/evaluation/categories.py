"""What kind of work a staff question is about: money, who, comparison, strength, page. From its gold and its styles."""

from __future__ import annotations

from ..corpus import Document
from ..dutch import fold, words
from ..passages import heading_text
from .sets import Place, Question

STAFF = "medewerkers"
"""The set that is divided; questions of another set have no category."""
_BY_STYLE = {"geld": "geld", "wie": "wie", "vergelijking": "vergelijking", "toezegging": "toezegging"}
_PAGE = frozenset("pagina bladzijde blz".split())


def categories(question: Question, documents: dict[str, Document]) -> tuple[str, ...]:
    """The categories of a question of the staff set, by name; a question may have several, or only 'overig'.

    'geld' has gold on rows of a table, 'wie' in the list of portfolios, 'vergelijking' needs several documents,
    'pagina' asks for one; each also by its style, and 'toezegging' (how firm a line is) by its style alone.
    """
    if question.set != STAFF:
        return ()
    found = {_BY_STYLE[s] for s in question.stijl if s in _BY_STYLE}
    parts = [{place.document for place in part} for part in question.goud]
    if any("\t" in _line(place, documents[place.document]) for place in question.places):
        found.add("geld")
    if any("portefeuille" in fold(_heading(place, documents[place.document])) for place in question.places):
        found.add("wie")
    if any(not a & b for a in parts for b in parts):
        found.add("vergelijking")
    if _PAGE & set(words(question.vraag)):
        found.add("pagina")
    return tuple(sorted(found)) or ("overig",)


def _line(place: Place, document: Document) -> str:
    return document.lines[document.line_of(place.start) - 1]


def _heading(place: Place, document: Document) -> str:
    """The top heading that a place stands under; '' where the document names none."""
    line = document.line_of(place.start)
    above = [h for h in document.sidecar.koppen or () if h.niveau == 1 and (h.vanaf or h.regels[0]) <= line]
    return heading_text(document, above[-1]) if above else ""
