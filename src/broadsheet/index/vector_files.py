"""The columns of a generation of vectors: files that only grow, one row a record, read through memory."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from broadsheet.index.base import MOST_TOKENS, Tokens, VectorsDamaged

CATEGORY_WORDS = 4
MOST_CATEGORIES = 64 * CATEGORY_WORDS

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """Record by record. A later record of a paper replaces its earlier ones."""

    ids: NDArray[np.int64]  # ~id: the paper is gone
    bits: NDArray[np.uint8]  # (records, dimensions / 8): signs of the centred and rotated vector
    vectors: NDArray[np.int8]  # (records, dimensions)
    scales: NDArray[
        np.float32
    ]  # what makes the row of `vectors` one of length 1; 0 for a text that says nothing
    days: NDArray[np.int32]  # since 1970
    has_code: Bools
    texts: NDArray[np.uint64]  # hash of what was embedded
    tokens: Tokens  # (records, MOST_TOKENS)
    title_lengths: NDArray[np.uint8]
    categories_0: NDArray[np.uint64]  # bit sets, a word a file: most filters read one word
    categories_1: NDArray[np.uint64]
    categories_2: NDArray[np.uint64]
    categories_3: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.ids)

    def named(self) -> Iterator[tuple[str, NDArray[Any]]]:
        return ((one.name, getattr(self, one.name)) for one in fields(self))

    def category_word(self, number: int) -> NDArray[np.uint64]:
        words = (self.categories_0, self.categories_1, self.categories_2, self.categories_3)
        return words[number]

    def at(self, rows: NDArray[Any] | slice) -> "Columns":
        return Columns(**{name: column[rows] for name, column in self.named()})


def _shapes(dimensions: int) -> Mapping[str, tuple[str, tuple[int, ...]]]:
    return {
        "ids": ("<i8", ()),
        "bits": ("u1", (dimensions // 8,)),
        "vectors": ("i1", (dimensions,)),
        "scales": ("<f4", ()),
        "days": ("<i4", ()),
        "has_code": ("?", ()),
        "texts": ("<u8", ()),
        "tokens": ("<u2", (MOST_TOKENS,)),
        "title_lengths": ("u1", ()),
        **{f"categories_{number}": ("<u8", ()) for number in range(CATEGORY_WORDS)},
    }


def mapped(generation: Path, rows: int, dimensions: int) -> Columns:
    """The first `rows` records. Raises VectorsDamaged when a file is missing or too short."""
    return Columns(
        **{
            name: _mapped(generation / name, kind, (rows, *shape))
            for name, (kind, shape) in _shapes(dimensions).items()
        }
    )


def _mapped(path: Path, kind: str, shape: tuple[int, ...]) -> NDArray[Any]:
    if not shape[0]:
        return np.empty(shape, kind)
    try:
        # Without the subclass, whose every slice costs microseconds; it stays mapped through `base`.
        return np.asarray(np.memmap(path, kind, "r", shape=shape))
    except (OSError, ValueError) as error:
        raise VectorsDamaged(_damage(path, str(error))) from error


def _damage(path: Path, what: str) -> str:
    return f"the vectors in {path.parent} are damaged ({path.name}: {what}); run broadsheet reindex --meaning"


class Appender:
    """The columns opened for adding. What a crash left behind the last finished record is cut off first."""

    def __init__(self, generation: Path, rows: int, dimensions: int) -> None:
        self._open = ExitStack()
        self._files: dict[str, BinaryIO] = {}
        try:
            for name, (kind, shape) in _shapes(dimensions).items():
                length = rows * np.dtype((kind, shape)).itemsize
                self._files[name] = self._open.enter_context(_opened(generation / name, length))
        except BaseException:
            self._open.close()
            raise

    def append(self, columns: Columns) -> None:
        for name, column in columns.named():
            self._files[name].write(np.ascontiguousarray(column).data)

    def sync(self) -> None:
        """Return when the disk has all of it."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        self._open.close()


def _opened(path: Path, length: int) -> BinaryIO:
    if length and (not path.exists() or path.stat().st_size < length):
        raise VectorsDamaged(_damage(path, "it is missing or too short"))
    file = path.open("r+b" if path.exists() else "w+b")
    file.truncate(length)
    file.seek(length)
    return file
