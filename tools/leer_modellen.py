"""Learn the weights of the reranker and the small classifiers (make embedder does it after the embedder).

Everything is learned on the edition (`vragen`, `onbeantwoord`) and the sentences in data/voorbeelden/, never on
an evaluation set. Questions that are learned from are left out of the index and the embedder that they are
searched with: FOLD of FOLDS of each record's questions.

    python tools/leer_modellen.py --embedder-zonder MAP
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from maak_embedder import typo
from vraagalmere import answerability
from vraagalmere.classifier import TextClassifier, ngrams
from vraagalmere.corpus import read_corpus
from vraagalmere.edition import Record, read_edition
from vraagalmere.embeddings import BuiltinEmbedder
from vraagalmere.evaluation.counterfactual import without
from vraagalmere.index import SearchIndex, build
from vraagalmere.passages import passages_of
from vraagalmere.retrieval import FEATURES, Retriever
from vraagalmere.settings import Settings

SEED = 2026
FOLD, FOLDS = 0, 4
PRIOR = {"rij": -0.4, "geld_rij": 0.4}
"""Set by hand: the edition gives a table row as many questions as a statement, but people ask for the statement
unless they ask for money ('Is grofvuil gratis?'). The development sets did not change."""
TAKEN_AWAY, ALONE = 0.3, 0.35
"""Weight of a question whose passage was taken away, against one that nothing answers; and how near the next passage
may come for a question to count as answered by one only. A higher weight makes near questions less certain: chosen on
the development half."""
DATA = Path("src/vraagalmere/data")
MODELS = DATA / "modellen"


def held_out(kind: str, number: int) -> bool:
    """Whether question `number` of a record is kept out of the index that is learned with."""
    return number % (FOLDS if kind == "vraag" else 3) == FOLD


def lines_of(name: str) -> list[str]:
    """The sentences of data/voorbeelden/<name>.txt."""
    path = DATA / "voorbeelden" / f"{name}.txt"
    return [x.strip() for x in path.read_text("utf-8").splitlines() if x.strip() and not x.startswith("#")]


def fit_text(yes: Sequence[str], no: Sequence[str], strength: float) -> tuple[TextClassifier, np.ndarray]:
    """A text classifier, and its log-odds for each text (yes first) when that text was left out (5 folds)."""
    texts = [*yes, *no]
    labels = np.array([1] * len(yes) + [0] * len(no))
    rows = []
    for text in texts:
        found = ngrams(text)
        rows.append(dict.fromkeys(found, 1 / np.sqrt(max(1, len(found)))))
    vectorizer = DictVectorizer(dtype=np.float32)
    matrix = vectorizer.fit_transform(rows)
    common = np.asarray((matrix > 0).sum(axis=0)).ravel() >= 2
    matrix = matrix[:, common]
    names = vectorizer.get_feature_names_out()[common]
    model = LogisticRegression(C=strength, max_iter=2000, class_weight="balanced")
    out_of_fold = cross_val_predict(
        model, matrix, labels, cv=StratifiedKFold(5, shuffle=True, random_state=SEED), method="decision_function"
    )
    model.fit(matrix, labels)
    weights = {n: round(float(w), 3) for n, w in zip(names, model.coef_[0]) if abs(w) >= 0.02}
    return TextClassifier(float(model.intercept_[0]), weights), out_of_fold


def write_text(name: str, classifier: TextClassifier, about: str) -> None:
    """Write a classifier to data/modellen/<name>.json."""
    MODELS.mkdir(parents=True, exist_ok=True)
    weights = dict(sorted(classifier._weights.items()))
    (MODELS / f"{name}.json").write_text(
        json.dumps(
            {"uitleg": about, "basis": round(classifier._bias, 4), "gewichten": weights}, ensure_ascii=False, indent=0
        ),
        encoding="utf-8",
    )


def auc(values: np.ndarray, labels: np.ndarray) -> float:
    """Area under the ROC curve: the chance that a positive scores above a negative."""
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    n = labels.sum()
    return float((ranks[labels == 1].sum() - n * (n + 1) / 2) / (n * (len(labels) - n)))


def edition_of(index: SearchIndex) -> dict[str, Record]:
    """The whole records, also the questions that the index lacks."""
    return read_edition(Settings.load().corpus, index.passages).records


def learn_weights(index: SearchIndex) -> dict[str, Any]:
    """Weights of the reranker: softmax over the candidates, likelihood of the passage a question was written for."""
    rng = random.Random(SEED)
    flat = {"gemiddelde": dict.fromkeys(FEATURES, 0.0), "spreiding": dict.fromkeys(FEATURES, 1.0),
            "gewicht": {**dict.fromkeys(FEATURES, 0.0), "bm25_alles": 1.0, "cos_vraag": 3.0}}  # fmt: skip
    retriever = Retriever(index, flat)
    groups, targets = [], []
    everything = [(key, q) for key, record in edition_of(index).items()
                  for n, q in enumerate(record.vragen) if held_out("vraag", n)]  # fmt: skip
    for passage, question in everything:
        text = typo(question, rng) if rng.random() < 0.15 else question
        found = retriever.search(text)
        ids = [h.passage.id for h in found.hits]
        if passage in ids:
            groups.append(np.array([h.features for h in found.hits]))
            targets.append(ids.index(passage))
    print(f"{len(groups)} van {len(everything)} vragen hebben hun passage bij de kandidaten")
    stacked = np.concatenate(groups)
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0)
    scale[scale == 0] = 1
    cube = [((g - mean) / scale) for g in groups]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.02 * float(w @ w) * len(cube) / 100, 0.04 * w * len(cube) / 100
        for g, t in zip(cube, targets):
            z = g @ w
            p = np.exp(z - z.max())
            p /= p.sum()
            total -= float(np.log(p[t] + 1e-12))
            slope -= g[t] - p @ g
        return total, slope

    best = minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B").x
    for feature, more in PRIOR.items():
        best[FEATURES.index(feature)] += more
    right = sum(int(np.argmax(g @ best) == t) for g, t in zip(cube, targets)) / len(cube)
    print(f"passage eerst, op de vragen waarmee geleerd is: {right:.3f}")
    put = lambda v: {f: round(float(x), 5) for f, x in zip(FEATURES, v)}  # noqa: E731
    return {"uitleg": "Geleerd door tools/leer_modellen.py op vragen van de uitgave in gewone taal.",
            "gemiddelde": put(mean), "spreiding": put(scale), "gewicht": put(best)}  # fmt: skip


def learn_answerable(index: SearchIndex, weights: dict[str, Any]) -> None:
    """The text classifiers of the unanswered and the far, and the regression that joins them with the search."""
    records = list(edition_of(index).values())
    far, near_far, near = lines_of("ver"), lines_of("ver_wel"), lines_of("onbeantwoord")
    answered = [q for r in records for q in r.vragen] + near_far
    gaps = [q for r in records for q in r.onbeantwoord] + near
    gap_model, gap_out = fit_text(gaps, answered, 8.0)
    far_model, far_out = fit_text(far, answered[::3] + near_far + gaps[::3], 8.0)
    write_text("onbeantwoord", gap_model, "Hoe een vraag klinkt die geen document beantwoordt (onbeantwoord en "
               "voorbeelden/onbeantwoord.txt tegenover vragen en voorbeelden/ver_wel.txt).")  # fmt: skip
    write_text("ver", far_model, "Hoe een vraag klinkt die over iets heel anders gaat (voorbeelden/ver.txt).")
    gap_logit = dict(zip(gaps + answered, gap_out))
    far_logit = dict(zip(far + answered[::3] + near_far + gaps[::3], far_out))

    def signals(question: str, retriever: Retriever) -> np.ndarray:
        values = answerability.signals(question, retriever.search(question))
        values[[0, 2]] = gap_logit.get(question, values[[0, 2]])
        values[1] = far_logit.get(question, values[1])
        return values

    retriever = Retriever(index, weights)
    asked = [(key, q) for key, r in edition_of(index).items() for n, q in enumerate(r.vragen) if held_out("vraag", n)]
    held = [q for r in records for n, q in enumerate(r.onbeantwoord) if held_out("onbeantwoord", n)]
    rows, kinds = [], []
    for kind, questions in (("wel", [q for _, q in asked] + near_far), ("dichtbij", held + near), ("ver", far)):
        rows += [signals(q, retriever) for q in questions]
        kinds += [kind] * len(questions)
    for question, smaller in _taken_away(index, weights, asked):
        rows.append(signals(question, smaller))
        kinds.append("weg")
    x, kind = np.array(rows), np.array(kinds)
    y = (kind == "wel").astype(int)
    scale = x.std(axis=0)
    scale[scale == 0] = 1
    share = np.where(kind == "weg", TAKEN_AWAY, 1.0)
    share *= np.where(y == 1, 0.5 / share[y == 1].sum(), 0.5 / share[y == 0].sum()) * len(y)
    model = LogisticRegression(C=1.0, max_iter=5000)
    out = np.zeros(len(y))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=SEED).split(x, y):
        model.fit(x[train] / scale, y[train], sample_weight=share[train])
        out[test] = model.decision_function(x[test] / scale)
    model.fit(x / scale, y, sample_weight=share)
    sure = np.quantile(out[y == 1], 0.15)
    for name in ("dichtbij", "ver", "weg"):
        two = (y == 1) | (kind == name)
        print(f"antwoordbaar tegenover {name}: AUC {auc(out[two], y[two]):.3f}; waar 85 % van wel zeker is, "
              f"is {np.mean(out[kind == name] >= sure):.3f} van deze ten onrechte zeker")  # fmt: skip
    coefficients = model.coef_[0] / scale
    (MODELS / "antwoordbaar.json").write_text(
        json.dumps(
            {"uitleg": "Kans dat de documenten een vraag beantwoorden: logistische regressie op deze signalen.",
             "basis": round(float(model.intercept_[0]), 4),
             "gewichten": {s: round(float(c), 4) for s, c in zip(answerability.SIGNALS, coefficients)}},
            ensure_ascii=False, indent=1,
        ),
        encoding="utf-8",
    )  # fmt: skip


def _taken_away(
    index: SearchIndex, weights: dict[str, Any], asked: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, Retriever]]:
    """Questions that one passage answers and no other nearly as well, each with a search that lacks that passage.

    The passages are taken away a fifth at a time.
    """
    retriever = Retriever(index, weights)
    alone = []
    for key, question in asked:
        best, second = retriever.search(question).hits[:2]
        if best.passage.id == key and second.relevance < ALONE * best.relevance:
            alone.append((key, question))
    where = {p.id: i for i, p in enumerate(index.passages)}
    shuffled = list(where)
    random.Random(SEED).shuffle(shuffled)
    for part in range(5):
        gone = set(shuffled[part::5])
        smaller = Retriever(without(index, {where[key] for key in gone}), weights)
        yield from ((question, smaller) for key, question in alone if key in gone)


def learn_limits() -> None:
    """The classifiers of requests to decide and of danger: their example sentences against those that look like
    them and against all questions of the edition."""
    settings = Settings.load()
    passages = [p for d in read_corpus(settings.corpus) for p in passages_of(d)]
    records = read_edition(settings.corpus, passages).records.values()
    answered = [q for r in records for q in r.vragen]
    gaps = [q for r in records for q in r.onbeantwoord]
    gaps += lines_of("onbeantwoord")
    others = {
        "beslissing": answered + lines_of("ver") + lines_of("ver_wel") + lines_of("gevaar_niet"),
        "kennismaking": answered + gaps + lines_of("ver") + lines_of("ver_wel"),
        "gevaar": answered
        + gaps
        + lines_of("ver")
        + lines_of("ver_wel")
        + lines_of("beslissing_wel")
        + lines_of("beslissing_niet"),
    }
    for name, more in others.items():
        yes, near = lines_of(f"{name}_wel"), lines_of(f"{name}_niet")
        model, out = fit_text(yes, near + more, 4.0)
        y = np.array([1] * len(yes) + [0] * (len(near) + len(more)))
        n = len(yes)
        print(
            f"{name}: AUC {auc(out, y):.3f}; gemist {np.mean(out[:n] < 0):.3f}; onterecht, lijkt erop "
            f"{np.mean(out[n : n + len(near)] >= 0):.3f}, andere {np.mean(out[n + len(near) :] >= 0):.3f}"
        )
        write_text(name, model, f"voorbeelden/{name}_wel.txt tegenover {name}_niet.txt en de vragen van de uitgave.")


def main() -> None:
    """Learn and write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--embedder-zonder", type=Path, required=True)
    parser.add_argument("--alleen", choices=("weging", "antwoordbaar", "grenzen"))
    args = parser.parse_args()
    if args.alleen in (None, "grenzen"):
        learn_limits()
    if args.alleen == "grenzen":
        return
    index = build(
        Settings.load(),
        embedder=BuiltinEmbedder(args.embedder_zonder),
        keep=lambda kind, number: not held_out(kind, number),
    )
    path = DATA / "weging.json"
    if args.alleen in (None, "weging"):
        path.write_text(json.dumps(learn_weights(index), ensure_ascii=False, indent=1), encoding="utf-8")
    learn_answerable(index, json.loads(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
