"""The measures of an answer against the documents alone: are quote, page, party and numbers as printed?

Nothing here trusts the positions or pages that the answer names: a quote is looked up in the text. Every function
gives the share that is right, 0…1, or None where there is nothing to measure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..answer import Answer, Source
from ..corpus import Document
from .sets import find_quote

Documents = dict[str, Document]
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def share(checks: Sequence[bool]) -> float | None:
    """The share that is true; None for an empty list."""
    return sum(checks) / len(checks) if checks else None


def quote_span(source: Source, documents: Documents) -> tuple[int, int] | None:
    """Where the literal words of a source stand in its document; nearest to where it says, None: nowhere."""
    document = documents.get(source.document)
    if document is None:
        return None
    here = find_quote(document.text, source.citaat, source.begin, source.eind)
    return here or find_quote(document.text, source.citaat)


def quote_verbatim(answer: Answer, documents: Documents) -> float | None:
    """Share of the shown quotes that stand word for word in their document (white space may differ)."""
    return share([quote_span(s, documents) is not None for s in answer.bronnen])


def _page_within(source: Source, documents: Documents, slack: int) -> bool:
    span = quote_span(source, documents)
    if span is None:
        return False
    right = documents[source.document].pages_of(*span)
    if right is None or source.pagina_van is None or source.pagina_tot is None:
        return right is None and source.pagina_van is None
    return abs(source.pagina_van - right[0]) <= slack and abs(source.pagina_tot - right[1]) <= slack


def page_exact(answer: Answer, documents: Documents) -> float | None:
    """Share of the sources that show exactly the page, or page range, where their quote stands.

    The page comes from the document's page map; 'no page' is right where the document has none.
    """
    return share([_page_within(s, documents, 0) for s in answer.bronnen])


def page_within_one(answer: Answer, documents: Documents) -> float | None:
    """As `page_exact`, one page beside it also counts."""
    return share([_page_within(s, documents, 1) for s in answer.bronnen])


def speaker_right(answer: Answer, documents: Documents) -> float | None:
    """Share of the sources that name the party and the kind of document as the document's description does."""
    return share(
        [
            (d := documents.get(s.document)) is not None and (s.partij, s.soort) == (d.sidecar.partij, d.sidecar.soort)
            for s in answer.bronnen
        ]
    )


def _numbers_behind(source: Source, documents: Documents) -> set[str]:
    """The numbers that a source gives: in its quote, heading, title and date; of a table row also the column
    headings and its amounts (millions) written out."""
    found = set(_NUMBER.findall(" ".join((source.citaat, source.kop, source.titel, source.datum))))
    if "\t" in source.citaat and (span := quote_span(source, documents)):
        above = documents[source.document].text[: span[0]].split("\n")
        found |= set(_NUMBER.findall(next((line for line in reversed(above) if line.startswith("\t")), "")))
        for amount in _NUMBER.findall(source.citaat):
            if amount.count(",") == 1 and "." not in amount:
                found.add(amount.removesuffix(",0"))
                found.add(f"{round(float(amount.replace(',', '.')) * 1_000_000):,}".replace(",", "."))
    return found


def numbers_supported(answer: Answer, documents: Documents) -> float | None:
    """Share of the numbers in the sentences that a cited source gives (see `_numbers_behind`); None: no numbers."""
    behind = {s.nummer: _numbers_behind(s, documents) for s in answer.bronnen}
    checks = []
    for sentence in answer.zinnen:
        given: set[str] = set().union(*(behind.get(n, set()) for n in sentence.bronnen))
        checks += [number in given for number in _NUMBER.findall(sentence.tekst)]
    return share(checks)
