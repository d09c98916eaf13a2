"""The report of a run: one HTML page that needs nothing else. Every miss, what was shown beside what was right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from ..answer import Answer
from ..corpus import Document
from ..dutch import collapse
from . import plots
from .measures import OUTCOMES, is_gold
from .plots import number
from .scoring import LABELS, NO_SHARE, Row
from .sets import Place, Question
from .uncertainty import Mean

_STYLE = """
body{font:16px/1.5 sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
table{border-collapse:collapse;margin:1rem 0}
td,th{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top}
td.n,th.n{text-align:right}
.mis{border-top:3px solid #888;padding:.5rem 0}
.naast{display:grid;grid-template-columns:1fr 1fr;gap:1.5rem}
.juist{background:#e5f3e8;padding:0 .8rem}
.antwoord{white-space:pre-line}
.goed{font-weight:bold}
blockquote{margin:.3rem 0 .8rem;padding-left:.8rem;border-left:3px solid #888}
pre{white-space:pre-wrap;font:14px/1.4 sans-serif}
pre span:target{background:#ffe680}
@media(max-width:45rem){.naast{grid-template-columns:1fr}}
"""


def mean_from(raw: Mapping[str, Any] | None) -> Mean:
    """A mean as it stands in aggregates.json; an absent one was not measured."""
    return Mean(**raw) if raw else Mean(None, 0, 0, None, None)


def shown(mean: Mean, key: str) -> tuple[str, str]:
    """A mean and its interval as text."""
    if mean.gemiddelde is None or mean.laag is None or mean.hoog is None:
        return "niet gemeten", ""
    if key in NO_SHARE:
        return number(mean.gemiddelde, 1), f"{number(mean.laag, 1)} tot {number(mean.hoog, 1)}"
    return f"{number(100 * mean.gemiddelde, 1)} %", f"{number(100 * mean.laag, 1)} tot {number(100 * mean.hoog, 1)} %"


def html_report(
    config: Mapping[str, Any],
    figures: Mapping[str, Any],
    rows: Sequence[Row],
    questions: Mapping[str, Question],
    answers: Mapping[str, Answer],
    documents: Mapping[str, Document],
    trials: Mapping[str, Any] | None = None,
) -> str:
    """The whole page. `trials` is counterfactual.json of the run, where there is one."""
    misses = [row for row in rows if not row.maten["goed"]]
    times = [float(row.milliseconden) for row in rows]
    parts = [
        f"<h1>Evaluatie: {escape(config['deel'])}</h1>",
        f"<p>{figures['vragen']['beantwoord']} van {figures['vragen']['gesteld']} vragen gesteld op "
        f"{escape(config.get('gemaakt', ''))}. Uitleg van de maten: docs/evaluatie.md.</p>",
        "<h2>Scorekaart</h2>", _scorecard(figures["totaal"]),
        "<h2>Per stijl: goed</h2>", plots.bars("Goed per stijl", _group(figures, "stijl", "goed")),
        *([f"<h2>Vragen van medewerkers, per soort werk</h2>{_categories(figures['per_categorie'])}"]
          if figures.get("per_categorie") else []),
        "<h2>Per document: eerste bron juist</h2>",
        plots.bars("hit@1 per document", _group(figures, "document", "hit_1")),
        "<h2>Per partij: eerste bron juist</h2>",
        plots.bars("hit@1 per partij", _group(figures, "partij", "hit_1")),
        "<h2>Betrouwbaarheid</h2><p>Op de lijn is de genoemde kans precies goed.</p>",
        plots.reliability("Genoemde kans en hoe vaak het klopt", figures["betrouwbaarheid"]),
        "<h2>Antwoordtijd</h2>", plots.histogram("Antwoordtijd", times, "milliseconden"),
        "<h2>Wat gebeurde er, en wat was goed?</h2>", _confusion(figures["verwarring"]),
        *([_trials(trials)] if trials else []),
        f"<h2>Alle missers ({len(misses)})</h2>",
        *(_miss(row, questions[row.id], answers[row.id], documents) for row in misses),
        "<h2>Waarmee gemaakt</h2>", _table([[k, _flat(v)] for k, v in config.items()], ("wat", "waarde")),
        "<h2>De documenten</h2>", *(_document(d) for d in documents.values()),
    ]  # fmt: skip
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Evaluatie Vraag Almere</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def _group(figures: Mapping[str, Any], group: str, key: str) -> dict[str, Mean]:
    groups = {name: mean_from(means.get(key)) for name, means in figures[f"per_{group}"].items()}
    return {name: mean for name, mean in groups.items() if mean.n}


def _table(rows: Iterable[Sequence[object]], head: Sequence[str]) -> str:
    """A table; every column but the first is numbers."""

    def cells(row: Sequence[object], tag: str) -> str:
        return "".join(f"<{tag}{' class=n' if i else ''}>{escape(str(cell))}</{tag}>" for i, cell in enumerate(row))

    lines = [cells(head, "th"), *(cells(row, "td") for row in rows)]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _scorecard(total: Mapping[str, Any]) -> str:
    lines = []
    for key, label in LABELS.items():
        mean = mean_from(total.get(key))
        lines.append((label, *shown(mean, key), mean.n))
    return _table(lines, ("maat", "gemiddelde", "95 %-interval", "n"))


BY_CATEGORY = ("goed", "hit_1", "hit_3", "bron_volledig", "feiten")
"""The measures shown for each category of staff questions."""


def _categories(groups: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        (name, *(shown(mean_from(means.get(key)), key)[0] for key in BY_CATEGORY), mean_from(means.get("goed")).n)
        for name, means in groups.items()
    ]
    return _table(rows, ("soort werk", *(LABELS[key].split(":")[0] for key in BY_CATEGORY), "n"))


def _confusion(table: Mapping[str, Mapping[str, int]]) -> str:
    rows = [(right, *(counts[o] for o in OUTCOMES)) for right, counts in table.items()]
    return _table(rows, ("goed was", *OUTCOMES))


def _trials(trials: Mapping[str, Any]) -> str:
    rows = [(name, t["n"], t["goed"], _flat(t["uitkomst"])) for name, t in trials.items()]
    return "<h2>Rust het antwoord op zijn bron?</h2>" + _table(rows, ("proef", "n", "veranderd", "nieuw antwoord"))


def _flat(value: object) -> str:
    return ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)


def _miss(row: Row, question: Question, answer: Answer, documents: Mapping[str, Document]) -> str:
    sources = "".join(
        f"<p class={'goed' if is_gold(s, question) else 'bron'}>[{s.nummer}] "
        f"{_link(documents[s.document], s.begin, s.eind, f'{s.titel}, {s.pagina}')}"
        f"{' (juist)' if is_gold(s, question) else ''}</p><blockquote>{escape(s.citaat)}</blockquote>"
        for s in answer.bronnen
        if s.document in documents
    )
    gold = "".join(
        f"<p>Onderdeel {i}{', een van deze' if len(part) > 1 else ''}:</p>"
        + "".join(_gold(place, documents[place.document]) for place in part)
        for i, part in enumerate(question.goud, start=1)
    )
    facts = "; ".join(" of ".join(fact) for fact in question.feiten)
    notes = [f"<p>Feiten: {escape(facts)}</p>"] if facts else []
    notes += [f"<p>{escape(question.notitie)}</p>"] if question.notitie else []
    return (
        f'<div class="mis" id="{escape(row.id)}"><h3>{escape(row.id)}: {escape(question.vraag)}</h3>'
        f'<div class="naast"><div><h4>Getoond: {escape(row.uitkomst_soort)}</h4>'
        f'<p class="antwoord">{escape(answer.antwoord)}</p>{sources}</div>'
        f'<div class="juist"><h4>Goed was: {escape(question.soort)}</h4>{gold}{"".join(notes)}</div></div></div>'
    )


def _gold(place: Place, document: Document) -> str:
    pages = document.pages_of(place.start, place.end)
    page = "zonder paginanummer" if pages is None else f"pagina {pages[0]}" + f"-{pages[1]}" * (pages[0] != pages[1])
    link = _link(document, place.start, place.end, f"{document.sidecar.titel}, {page}")
    return f"<p>{link}</p><blockquote>{escape(collapse(document.text[place.start : place.end]))}</blockquote>"


def _link(document: Document, start: int, end: int, text: str) -> str:
    """A link to the line in the document, lower on this same page."""
    return f'<a href="#{document.id}-r{document.line_of(start)}">{escape(text)}</a>'


def _document(document: Document) -> str:
    """A document, a line per element, with the page above each new one."""
    lines, last = [], None
    for n, line in enumerate(document.lines, start=1):
        start = document.line_starts[n - 1]
        page = document.pages_of(start, start + 1)
        if page and page != last:
            first, final = page
            lines.append(f"<b>Pagina {first}{f'-{final}' if final != first else ''}</b>")
            last = page
        lines.append(f'<span id="{document.id}-r{n}">{escape(line)}</span>')
    return (
        f"<details open><summary>{escape(document.sidecar.titel)}</summary><pre>{chr(10).join(lines)}</pre></details>"
    )
