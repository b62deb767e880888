"""Where training begins: words and parts of words, and what a transformer thinks of each alone."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.enrich.embed.base import Embedder

MOST_ROWS = 58_000  # x 258 bytes: 15 MB
LEAST_PAPERS = 4  # that hold a word
LONGEST = 30
COMMON = 1e-4  # share of the text above which a word begins to count less

Floats = NDArray[np.float32]


def vocabulary(counts: Counter[str], pieces: Sequence[str]) -> list[str]:
    """Words of the transformer, then the most frequent of the papers, then parts of words ("##ing")."""
    known = [piece for piece in pieces if piece.isascii()]
    parts = [word for word in known if word.startswith("##") and word[2:].isalnum()]
    whole = [
        word for word in known if word.isalnum() and (counts[word] or (word.isalpha() and len(word) > 1))
    ]
    held = set(whole)
    new = (word for word, count in counts.items() if count >= LEAST_PAPERS and word not in held)
    often = sorted((word for word in new if len(word) <= LONGEST), key=lambda word: (-counts[word], word))
    return [*whole, *often[: MOST_ROWS - len(whole) - len(parts)], *parts]


def first_values(words: Sequence[str], shares: Floats, teacher: Embedder, dimensions: int) -> Floats:
    """The transformer's vector of each word alone, on its main axes, shorter for frequent words.

    Source: Tulkens and van Dongen, Model2Vec, 2024; weights as in Arora, Liang and Ma, ICLR 2017.
    """
    vectors = teacher.embed([word.removeprefix("##") for word in words])
    vectors = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    vectors = vectors @ axes[:, ::-1][:, :dimensions]
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Floats = (vectors / (lengths + 1e-6) * (COMMON / (COMMON + shares))[:, None]).astype(np.float32)
    return found
