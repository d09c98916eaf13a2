"""How far does one machine carry? Search in 1 thousand to 1 million passages.

    python evals/groei.py [--tot 100000] [--uit docs/groei.md]

The passages are made by recombining sentences of the documents, three each. Building and searching each happen in
a process of their own, so the memory is their own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
QUERIES, TOP, SAMPLE = 200, 10, 2_000
WAYS = {"exact": "vectoren exact", "benaderd": "vectoren benaderd (HNSW)", "bm25": "woorden (bm25s)"}
MOST_MS, MOST_MB = 200, 8_000
"""'Enough': p95 of each way of searching stays under this, and its memory."""


def _sentences() -> list[str]:
    from vraagalmere.corpus import read_corpus
    from vraagalmere.dutch import sentences
    from vraagalmere.passages import passages_of
    from vraagalmere.settings import Settings

    documents = read_corpus(Settings.load().corpus)
    return [s for d in documents for p in passages_of(d) for s in sentences(p.quote) if len(s.split()) > 2]


def _queries() -> list[str]:
    """Questions of the plain-language edition, drawn by chance (no gold questions)."""
    from vraagalmere.corpus import read_corpus
    from vraagalmere.edition import read_edition
    from vraagalmere.passages import passages_of
    from vraagalmere.settings import Settings

    folder = Settings.load().corpus
    records = read_edition(folder, [p for d in read_corpus(folder) for p in passages_of(d)]).records
    return random.Random(2).sample([q for r in records.values() for q in r.vragen], QUERIES)


def build(size: int, folder: Path) -> dict[str, float]:
    """Make `size` passages and index them in three ways.

    Passage vectors are means of unit sentence vectors, which takes seconds; what the embedder itself would take is
    reckoned from SAMPLE passages.
    """
    import bm25s
    import faiss
    import numpy as np

    from vraagalmere.dutch import terms
    from vraagalmere.embeddings import open_embedder, unit_rows

    sentences, embedder = _sentences(), open_embedder("ingebouwd")
    picks = np.random.default_rng(1).integers(0, len(sentences), (size, 3))
    begin = time.perf_counter()
    embedder.passages([" ".join(sentences[i] for i in row) for row in picks[:SAMPLE]])
    figures = {"vectoren_s": (time.perf_counter() - begin) * size / min(size, SAMPLE)}
    single = embedder.passages(sentences)
    vectors = unit_rows(single[picks].mean(axis=1))

    begin = time.perf_counter()
    exact = faiss.IndexFlatIP(vectors.shape[1])
    exact.add(vectors)
    faiss.write_index(exact, str(folder / "exact"))
    figures["bouw_exact_s"] = time.perf_counter() - begin

    begin = time.perf_counter()
    near = faiss.IndexHNSWFlat(vectors.shape[1], 32, faiss.METRIC_INNER_PRODUCT)
    near.hnsw.efConstruction, near.hnsw.efSearch = 40, 128
    near.add(vectors)
    faiss.write_index(near, str(folder / "benaderd"))
    figures["bouw_benaderd_s"] = time.perf_counter() - begin

    begin = time.perf_counter()
    tokens = [terms(s) or ["∅"] for s in sentences]
    index = bm25s.BM25()
    index.index([tokens[a] + tokens[b] + tokens[c] for a, b, c in picks], show_progress=False)
    index.save(str(folder / "bm25"), show_progress=False)
    figures["bouw_bm25_s"] = time.perf_counter() - begin
    for way in WAYS:
        files = (folder / way).rglob("*") if way == "bm25" else [folder / way]
        figures[f"schijf_{way}_mb"] = sum(f.stat().st_size for f in files) / 1e6
    return figures


def _open(way: str, folder: Path) -> Callable[[str], list[int]]:
    import numpy as np

    if way == "bm25":
        import bm25s

        from vraagalmere.dutch import terms

        index = bm25s.BM25.load(str(folder / "bm25"), show_progress=False, allow_pickle=False)

        def lexical(question: str) -> list[int]:
            known = [t for t in terms(question) if t in index.vocab_dict]
            if not known:
                return []
            found = index.get_scores(known)
            best = np.argpartition(-found, TOP)[:TOP]
            return [int(i) for i in best[np.argsort(-found[best])]]

        return lexical
    import faiss

    from vraagalmere.embeddings import open_embedder

    faiss.omp_set_num_threads(1)  # one question is searched by one core, so that others can ask too
    embedder, vectors = open_embedder("ingebouwd"), faiss.read_index(str(folder / way))
    return lambda question: [int(i) for i in vectors.search(embedder.queries([question]), TOP)[1][0]]


def search(way: str, folder: Path) -> dict[str, Any]:
    """Answer the queries in one way: times in milliseconds, peak memory, and what was found."""
    import numpy as np

    queries = _queries()
    ask = _open(way, folder)
    ask(queries[0])
    times, found = [], []
    for query in queries:
        begin = time.perf_counter()
        found.append(ask(query))
        times.append((time.perf_counter() - begin) * 1000)
    median, p95 = np.percentile(times, [50, 95])
    return {"mediaan_ms": float(median), "p95_ms": float(p95), "geheugen_mb": _peak_mb(), "gevonden": found}


def _peak_mb() -> float:
    """Peak memory (RSS) of this process, in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def _child(*arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"Mislukt: {' '.join(arguments[:2])}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def measure(size: int) -> dict[str, Any]:
    """All figures for one size."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        figures: dict[str, Any] = {"n": size, **_child("--stap", "bouwen", "--grootte", str(size), "--map", folder)}
        found = {}
        for way in WAYS:
            result = _child("--stap", way, "--map", folder)
            found[way] = result.pop("gevonden")
            figures.update({f"{key}_{way}": value for key, value in result.items()})
        pairs = zip(found["exact"], found["benaderd"], strict=True)
        figures["recall"] = sum(len(set(a) & set(b)) / TOP for a, b in pairs) / QUERIES
        print(f"{size}: {time.perf_counter() - begin:.0f} s", file=sys.stderr)
        return figures


def enough(rows: list[dict[str, Any]], way: str) -> int:
    """The largest size at which a way of searching stays within MOST_MS (p95) and MOST_MB; 0 when none does."""
    within = [r["n"] for r in rows if r[f"p95_ms_{way}"] <= MOST_MS and r[f"geheugen_mb_{way}"] <= MOST_MB]
    return max(within, default=0)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tot", type=int, default=30_000, help="tot hoeveel passages (hele meting: 1000000)")
    options.add_argument("--uit", type=Path, default=ROOT / "docs" / "groei.md")
    for hidden in ("--stap", "--grootte", "--map"):
        options.add_argument(hidden, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.stap:
        folder = Path(given.map)
        print(json.dumps(build(int(given.grootte), folder) if given.stap == "bouwen" else search(given.stap, folder)))
        return
    busy = os.getloadavg()[0]
    rows = [measure(size) for size in SIZES if size <= given.tot]
    write(rows, given.uit, max(busy, os.getloadavg()[2]))


def write(rows: list[dict[str, Any]], path: Path, load: float) -> None:
    """docs/groei.md and the plot docs/groei.svg (a page on GitHub shows no SVG inside the text)."""
    from vraagalmere.evaluation.plots import lines

    path.parent.mkdir(exist_ok=True)
    series = {name: [(r["n"], r[f"p95_ms_{way}"]) for r in rows] for way, name in WAYS.items()}
    plot = lines("Zoektijd bij groei", series, "passages", "milliseconden, p95")
    path.with_suffix(".svg").write_text(plot, encoding="utf-8")

    def row(cells: list[object]) -> str:
        return "| " + " | ".join(str(c) for c in cells) + " |"

    def dutch(value: float) -> str:
        text = f"{value:,.0f}" if value >= 100 else f"{value:,.1f}" if value >= 1 else f"{value:.2f}"
        return text.replace(",", "_").replace(".", ",").replace("_", ".")

    search_table = [
        row(["passages", *(f"{name}: mediaan / p95 (ms)" for name in WAYS.values()), "recall van benaderd"]),
        "|---:" * (len(WAYS) + 2) + "|",
    ]
    cost_table = [
        row(["passages", "vectoren maken (s)", *(f"{w}: bouwen (s) / schijf (MB) / geheugen (MB)" for w in WAYS)]),
        "|---:" * (len(WAYS) + 2) + "|",
    ]
    for r in rows:
        times = [f"{dutch(r[f'mediaan_ms_{w}'])} / {dutch(r[f'p95_ms_{w}'])}" for w in WAYS]
        search_table.append(row([dutch(r["n"]), *times, f"{r['recall']:.3f}".replace(".", ",")]))
        costs = [
            f"{dutch(r[f'bouw_{w}_s'])} / {dutch(r[f'schijf_{w}_mb'])} / {dutch(r[f'geheugen_mb_{w}'])}" for w in WAYS
        ]
        cost_table.append(row([dutch(r["n"]), dutch(r["vectoren_s"]), *costs]))
    limits = ", ".join(f"{name} tot {dutch(enough(rows, way))}" for way, name in WAYS.items())
    now = dutch(min(enough(rows, "exact"), enough(rows, "bm25")))
    path.write_text(
        f"""# Groei: tot waar is één computer genoeg?

**Eén computer is genoeg tot en met {now} passages, met de manier van zoeken die we nu gebruiken (exact, met
vectoren en woorden).** Per manier: {limits}.

Genoeg is: 95 van de 100 vragen zijn binnen {MOST_MS} milliseconden gezocht, met hoogstens {MOST_MB // 1000} GB
geheugen. Groter dan {dutch(rows[-1]["n"])} is in deze meting niet bekeken.

De vijf documenten van nu hebben ongeveer 900 passages. Met de uitgave in gewone taal horen daar ongeveer 15.000
vectoren bij: reken voor vectoren dus met 17 keer zo veel.

![Zoektijd bij groei](groei.svg)

## Zoeken

De eerste {TOP} van {QUERIES} vragen uit de uitgave in gewone taal. Recall: welk deel van de exacte eerste {TOP} de
benaderde index ook vindt. Eén kern zoekt: de andere zijn vrij voor andere vragen.

{chr(10).join(search_table)}

## Maken en bewaren

'Vectoren maken' is gerekend met de snelheid bij {dutch(SAMPLE)} passages. Geheugen is de piek van het proces dat zoekt.

{chr(10).join(cost_table)}

Gemaakt met `python evals/groei.py --tot {rows[-1]["n"]}` op een computer met {os.cpu_count()} kernen; de drukte
(load) was {dutch(load)}: boven het aantal kernen zijn de tijden hoger dan op een rustige computer. De passages zijn
gemaakt door zinnen uit de documenten opnieuw te combineren, drie per passage.
""",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
