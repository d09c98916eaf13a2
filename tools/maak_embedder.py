"""Train the built-in embedder on the plain-language edition (make embedder).

sentence-transformers' StaticEmbedding (a bag of feature vectors) with in-batch negatives
(MultipleNegativesRankingLoss, Henderson et al. 2017) on the edition's pairs: question and plain text,
question and passage, plain text and passage, two questions of one passage, everyday words and plain text,
synonyms. The neighbouring passage is the hard negative; typing errors are added to the questions.
On the CPU, seeded, a few minutes.

    python tools/maak_embedder.py [--uit MAP] [--rondes N] [--zonder K/N]
"""

from __future__ import annotations

import argparse
import random
import string
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from datasets import Dataset
from safetensors.numpy import save_file
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.base.sampler import BatchSamplers
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

from vraagalmere.corpus import read_corpus
from vraagalmere.dutch import synonym_groups
from vraagalmere.edition import read_edition
from vraagalmere.embeddings import features
from vraagalmere.passages import passages_of
from vraagalmere.settings import Settings

SEED = 2026
DIM = 192
"""Dimensions: 256 was no better on the development set and makes the file larger than 20 MB."""
UNKNOWN = "[UNK]"


def typo(text: str, rng: random.Random) -> str:
    """`text` with one or two slips of the finger: a letter changed, added, left out or two swapped."""
    letters = list(text)
    for _ in range(rng.choice((1, 1, 2))):
        i = rng.randrange(len(letters))
        kind = rng.randrange(4)
        if kind == 0:
            letters[i] = rng.choice(string.ascii_lowercase)
        elif kind == 1:
            letters.insert(i, rng.choice(string.ascii_lowercase))
        elif kind == 2 and len(letters) > 4:
            del letters[i]
        elif i + 1 < len(letters):
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
    return "".join(letters)


def expand(text: str) -> str:
    """The text as the tokenizer sees it: its features, with spaces between."""
    return " ".join(features(text))


def fold_of(index: int, without: tuple[int, int] | None) -> bool:
    """Whether question number `index` of a passage is trained on (see --zonder)."""
    return without is None or index % without[1] != without[0]


def pairs(without: tuple[int, int] | None) -> dict[str, list[tuple[str, ...]]]:
    """The training pairs by kind: (anchor, positive[, hard negative])."""
    rng = random.Random(SEED)
    settings = Settings.load()
    found: dict[str, list[tuple[str, ...]]] = {
        k: [] for k in ("vraag_taal", "vraag_tekst", "taal_tekst", "vraag_vraag", "woorden_taal", "synoniem")
    }
    for document in read_corpus(settings.corpus):
        passages = passages_of(document)
        records = read_edition(settings.corpus, passages).records
        known = [p for p in passages if p.id in records]
        for i, passage in enumerate(known):
            record = records[passage.id]
            neighbour = known[i - 1 if i else 1]
            text = f"{passage.searchable} {' '.join(passage.headings[-2:])}"
            other = records[neighbour.id].gewone_taal
            questions = [q for n, q in enumerate(record.vragen) if fold_of(n, without)]
            for question in questions:
                found["vraag_taal"].append((question, record.gewone_taal, other))
                found["vraag_taal"].append((typo(question, rng), record.gewone_taal, other))
                found["vraag_tekst"].append((typo(question, rng), text, neighbour.searchable))
                a = rng.choice(questions)
                if a != question:
                    found["vraag_vraag"].append((question, a))
            found["taal_tekst"].append((record.gewone_taal, text))
            for _ in range(3):
                sample = rng.sample(record.woorden, min(3, len(record.woorden)))
                found["woorden_taal"].append((" ".join(sample), record.gewone_taal))
    for group in synonym_groups():
        for _ in range(2):
            if len(group) > 1:
                a, b = rng.sample(group, 2)
                found["synoniem"].append((a, b))
    return found


def build_tokenizer(texts: list[str]) -> Tokenizer:
    """A word-level tokenizer over the features that occur at least twice (whole words: once)."""
    counts = Counter(f for t in texts for f in t.split())
    kept = sorted(f for f, n in counts.items() if n >= (3 if f[0] == "g" else 2))
    vocab = {UNKNOWN: 0, **{f: i for i, f in enumerate(kept, start=1)}}
    tokenizer = Tokenizer(models.WordLevel(vocab, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def train(folder: Path, epochs: int, without: tuple[int, int] | None) -> None:
    """Train and write tokenizer.json and model.safetensors (float16) into `folder`."""
    torch.manual_seed(SEED)
    random.seed(SEED)
    np.random.seed(SEED)
    expanded = {kind: [tuple(expand(t) for t in row) for row in rows] for kind, rows in pairs(without).items() if rows}
    tokenizer = build_tokenizer([t for rows in expanded.values() for row in rows for t in row])
    known = set(tokenizer.get_vocab())
    clean = lambda t: " ".join(f for f in t.split() if f in known)  # noqa: E731
    datasets = {}
    for kind, rows in expanded.items():
        kept = [r for r in (tuple(clean(t) for t in row) for row in rows) if all(r)]
        columns = ("anchor", "positive", "negative")[: len(kept[0])]
        datasets[kind] = Dataset.from_list([dict(zip(columns, r)) for r in kept])
    module = StaticEmbedding(tokenizer, embedding_dim=DIM)
    torch.nn.init.normal_(module.embedding.weight, std=0.1)
    model = SentenceTransformer(modules=[module], device="cpu")
    with tempfile.TemporaryDirectory() as scratch:
        arguments = SentenceTransformerTrainingArguments(
            output_dir=scratch,
            num_train_epochs=epochs,
            per_device_train_batch_size=512,
            learning_rate=0.05,
            lr_scheduler_type="linear",
            warmup_steps=20,
            batch_sampler=BatchSamplers.NO_DUPLICATES,
            save_strategy="no",
            report_to="none",
            seed=SEED,
            logging_steps=50,
            use_cpu=True,
            disable_tqdm=True,
        )
        SentenceTransformerTrainer(
            model=model,
            args=arguments,
            train_dataset=datasets,
            loss=MultipleNegativesRankingLoss(model, scale=20.0),
        ).train()
    weights = module.embedding.weight.detach().numpy().astype(np.float16)
    weights[0] = 0
    folder.mkdir(parents=True, exist_ok=True)
    save_file({"embedding.weight": weights}, folder / "model.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    print(f"{len(known)} kenmerken, {DIM} dimensies, {(folder / 'model.safetensors').stat().st_size / 1e6:.1f} MB")


def main() -> None:
    """Train as the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uit", type=Path, default=Path("src/vraagalmere/data/embedder"))
    parser.add_argument("--rondes", type=int, default=8)
    parser.add_argument("--zonder", help="K/N: laat van elke passage de vragen K, K+N, … weg (voor het leren wegen)")
    args = parser.parse_args()
    without = tuple(int(x) for x in args.zonder.split("/")) if args.zonder else None
    train(args.uit, args.rondes, without)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
