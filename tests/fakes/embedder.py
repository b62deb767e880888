"""An embedder of a few lines: each word has a direction of its own, a text the mean of its words'."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from broadsheet.index.base import Floats


@dataclass
class HashingEmbedder:
    model: str = "hashing@1"
    dimensions: int = 32
    embedded: list[str] = field(default_factory=list)  # every text it was asked for

    def embed(self, texts: Sequence[str]) -> Floats:
        self.embedded += texts
        values = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().split():
                seed = crc32(f"{self.model} {word}".encode(errors="replace"))
                values[row] += np.random.default_rng(seed).standard_normal(self.dimensions)
        lengths = np.linalg.norm(values, axis=1, keepdims=True)
        found: Floats = (values / np.where(lengths > 0, lengths, 1)).astype(np.float32)
        return found
