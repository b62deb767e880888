"""What the rest may ask of an embedder, whichever model is behind it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class EmbedderError(ValueError):
    """The model cannot be used; the message says which file is wrong and what to do."""


class Embedder(Protocol):
    model: str  # name and version; vectors of different models never meet
    dimensions: int

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, dimensions), each row of length 1; zeros for a text without a word that it knows."""
        ...
