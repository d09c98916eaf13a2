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
from collections.abc import Sequence
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
from vraagalmere.index import SearchIndex, build
from vraagalmere.passages import passages_of
from vraagalmere.retrieval import FEATURES, Retriever
from vraagalmere.settings import Settings

SEED = 2026
FOLD, FOLDS = 0, 4
PRIOR = {"rij": -0.4, "geld_rij": 0.4}
"""Set by hand: the edition gives a table row as many questions as a statement, but people ask for the statement
unless they ask for money ('Is grofvuil gratis?'). The development sets did not change."""
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
    answered = [q for r in records for q in r.vragen]
    gaps = [q for r in records for q in r.onbeantwoord]
    far, near_far = lines_of("ver"), lines_of("ver_wel")
    gap_model, gap_out = fit_text(gaps, answered + near_far, 8.0)
    far_model, far_out = fit_text(far, answered[::3] + near_far + gaps[::3], 8.0)
    write_text(
        "onbeantwoord", gap_model, "Hoe een vraag klinkt die geen document beantwoordt (onbeantwoord tegenover vragen)."
    )
    write_text("ver", far_model, "Hoe een vraag klinkt die over iets heel anders gaat (voorbeelden/ver.txt).")
    gap_logit = dict(zip(gaps + answered + near_far, gap_out))
    far_logit = dict(zip(far + answered[::3] + near_far + gaps[::3], far_out))
    retriever = Retriever(index, weights)
    questions = [(q, 1) for r in records for n, q in enumerate(r.vragen) if held_out("vraag", n)]
    questions += [(q, 1) for q in near_far]
    questions += [(q, 0) for r in records for n, q in enumerate(r.onbeantwoord) if held_out("onbeantwoord", n)]
    questions += [(q, 0) for q in far]
    rows, labels, kinds = [], [], []
    for question, label in questions:
        values = answerability.signals(question, retriever.search(question))
        if question in gap_logit:
            values[0] = gap_logit[question]
            values[2] = gap_logit[question]
        if question in far_logit:
            values[1] = far_logit[question]
        rows.append(values)
        labels.append(label)
        kinds.append("ver" if question in set(far[:]) else "dichtbij" if not label else "wel")
    x, y = np.array(rows), np.array(labels)
    model = LogisticRegression(C=1.0, max_iter=5000, class_weight="balanced")
    scale = x.std(axis=0)
    scale[scale == 0] = 1
    out = cross_val_predict(model, x / scale, y, cv=5, method="decision_function")
    model.fit(x / scale, y)
    kind = np.array(kinds)
    print(f"antwoordbaar: AUC {auc(out, y):.3f}; dichtbij {auc(out[kind != 'ver'], y[kind != 'ver']):.3f}; "
          f"ver {auc(out[kind != 'dichtbij'], y[kind != 'dichtbij']):.3f}")  # fmt: skip
    for name, column in zip(answerability.SIGNALS, x.T):
        print(f"   {name:24s} AUC {auc(column, y):.3f}")
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


def learn_limits() -> None:
    """The classifiers of requests to decide and of danger: their example sentences against those that look like
    them and against all questions of the edition."""
    settings = Settings.load()
    passages = [p for d in read_corpus(settings.corpus) for p in passages_of(d)]
    records = read_edition(settings.corpus, passages).records.values()
    answered = [q for r in records for q in r.vragen]
    gaps = [q for r in records for q in r.onbeantwoord]
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
