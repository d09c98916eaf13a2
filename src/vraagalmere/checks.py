"""The last look at every answer: what is not literally so is dropped, whoever wrote it."""

from __future__ import annotations

from dataclasses import replace

from .answer import Source
from .corpus import Document
from .dutch import collapse
from .writer import Draft


def source_fault(source: Source, documents: dict[str, Document]) -> str | None:
    """What is wrong with a source, or None: quote not verbatim, page wrong, document or version unknown."""
    document = documents.get(source.document)
    if document is None:
        return "document onbekend"
    if document.hash[:12] != source.versie:
        return "andere versie van het document"
    if not source.citaat or collapse(document.text[source.begin : source.eind]) != collapse(source.citaat):
        return "citaat staat er niet letterlijk"
    pages = document.pages_of(source.begin, source.eind)
    if (source.pagina_van, source.pagina_tot) != (pages or (None, None)):
        return "pagina klopt niet"
    if (source.partij, source.soort) != (document.sidecar.partij, document.sidecar.soort):
        return "partij of soort klopt niet"
    return None


def verified(draft: Draft, documents: dict[str, Document]) -> Draft:
    """The draft without sources that are wrong, and without sentences that rest on them, on nothing, or on
    sources of another speaker than the line they stand under."""
    good = {s.nummer: s for s in draft.sources if source_fault(s, documents) is None}
    kept = tuple(
        s
        for s in draft.sentences
        if s.bronnen and all(n in good and documents[good[n].document].sidecar.groep == s.groep for n in s.bronnen)
    )
    used = {n for s in kept for n in s.bronnen}
    order = {n: i for i, n in enumerate((n for n in good if n in used), start=1)}
    return replace(
        draft,
        sentences=tuple(replace(s, bronnen=tuple(order[n] for n in s.bronnen)) for s in kept),
        sources=tuple(replace(good[n], nummer=i) for n, i in order.items()),
    )
