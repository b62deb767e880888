"""A static table of word vectors, made for papers and shipped in the package: a text is a sum of rows.

`training/` made the table and says how. A word that the table lacks is put together from the longest
parts that it has, as WordPiece does.
"""

import gzip
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.enrich.embed.base import EmbedderError

FOLDER = Path(__file__).parent / "table"
LONGESTWORD = 40  # letters; longer ones are formulas or noise
MOST_KEPT = 200_000  # unknown words whose parts are remembered
MOST_ROWS = 2_000  # of one text: ten times an abstract
WORD = re.compile(r"[^\W_]+")
_SPACES = {number: " " for number in range(128) if not chr(number).isalnum()}

Tokens = NDArray[np.uint16]


def folded(text: str) -> str:
    """Lower case, without accents, full-width forms made plain.

    >>> folded("Erdős–Rényi ＧＰＴ")
    'erdos–renyi gpt'
    """
    text = text.lower()
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """As the table is asked for them.

    >>> words_of("k_means++ of Erdős")
    ['k', 'means', 'of', 'erdos']
    """
    text = folded(text)
    # The pattern finds the same in plain text, in eight times as long.
    return text.translate(_SPACES).split() if text.isascii() else WORD.findall(text)


class Rows(dict[str, tuple[int, ...]]):
    """The rows of every word: known ones from the table, others found by their parts when first met."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__((word, (row,)) for row, word in enumerate(words) if not word.startswith("##"))
        self._parts = {word: row for row, word in enumerate(words)}
        self._kept = 0

    def __missing__(self, word: str) -> tuple[int, ...]:
        rows = tuple(self._split(word)) if len(word) <= LONGESTWORD else ()
        if self._kept < MOST_KEPT:
            self._kept += 1
            self[word] = rows
        return rows

    def _split(self, word: str) -> list[int]:
        rows: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self._parts), None)
            if end is None:
                return []
            rows.append(self._parts[mark + word[start:end]])
            start = end
        return rows


@dataclass(frozen=True)
class StaticTable:
    """The table as it is stored, and what turns words into its rows."""

    name: str
    values: NDArray[np.int8]  # (rows, dimensions), mapped from the disk
    scales: NDArray[np.float32]  # (rows,); a row's vector is its values times its scale
    stems: NDArray[np.uint16]  # (rows,): rows of words with one stem have one number
    padded_stems: NDArray[np.uint16]  # (65,536,): the same, and what is no row for itself
    lengths: NDArray[np.float32]  # (rows,) of `values`
    rows: Rows

    def tokens(self, text: str) -> Tokens:
        """The rows of a text's words, in their order."""
        rows = chain.from_iterable(map(self.rows.__getitem__, words_of(text)))
        return np.fromiter(islice(rows, MOST_ROWS), dtype=np.uint16)

    def padded(self, texts: Sequence[str], most: int, filler: int) -> tuple[Tokens, NDArray[np.uint8]]:
        """(texts, most) their tokens, `filler` behind the last; (texts,) how many are of the first line."""
        tokens = np.full((len(texts), most), filler, np.uint16)
        firsts = np.zeros(len(texts), np.uint8)
        for place, text in enumerate(texts):
            title, _, rest = text.partition("\n")
            first, more = self.tokens(title), self.tokens(rest)
            both = np.concatenate([first, more])[:most]
            tokens[place, : len(both)] = both
            firsts[place] = min(len(first), 255)
        return tokens, firsts

    def vectors(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """(rows, dimensions); their lengths say how much a word tells."""
        values: NDArray[np.float32] = self.values[rows].astype(np.float32)
        return values * self.scales[rows, None]


@cache
def shipped_table(folder: Path = FOLDER) -> StaticTable:
    try:
        about = json.loads((folder / "about.json").read_text())
        words = gzip.decompress((folder / "words.txt.gz").read_bytes()).decode().split("\n")
        values = np.asarray(np.load(folder / "values.npy", mmap_mode="r"))
        scales = np.load(folder / "scales.npy").astype(np.float32)
        stems = np.load(folder / "stems.npy")
    except (OSError, ValueError) as error:
        raise EmbedderError(f"the table in {folder} cannot be read ({error}); install again") from error
    if not len(words) == len(values) == len(scales) == len(stems):
        raise EmbedderError(f"the files of the table in {folder} do not fit together; install again")
    padded_stems = np.arange(2**16, dtype=np.uint16)
    padded_stems[: len(stems)] = stems
    lengths = np.concatenate(
        [_lengths(values[start : start + 4_096]) for start in range(0, len(values), 4_096)]
    )
    return StaticTable(str(about["name"]), values, scales, stems, padded_stems, lengths, Rows(words))


def _lengths(values: NDArray[np.int8]) -> NDArray[np.float32]:
    """At least 1, for rows of nothing."""
    squares = np.square(values, dtype=np.int32).sum(axis=1)
    lengths: NDArray[np.float32] = np.sqrt(np.maximum(squares, 1)).astype(np.float32)
    return lengths


class StaticEmbedder:
    """Sums the rows of a text's words. Ten thousand papers a second on one core."""

    def __init__(self, table: StaticTable | None = None) -> None:
        self.table = table or shipped_table()
        self.model = self.table.name
        self.dimensions = int(self.table.values.shape[1])
        self._loaded: NDArray[np.float32] | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.embed_tokens([self.table.tokens(text) for text in texts])

    def embed_tokens(self, texts: Sequence[Tokens]) -> NDArray[np.float32]:
        """As `embed`, of texts whose rows are known."""
        sums = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for place, rows in enumerate(texts):
            if len(rows):
                vectors = self._all[rows] if len(texts) > 1 else self.table.vectors(rows)
                sums[place] = np.ones(len(rows), dtype=np.float32) @ vectors
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        found: NDArray[np.float32] = (sums / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
        return found

    @property
    def _all(self) -> NDArray[np.float32]:
        """The whole table as floats, 58 MB: for many texts only; a query does without."""
        if self._loaded is None:
            self._loaded = self.table.vectors(np.arange(len(self.table.values)))
        return self._loaded
