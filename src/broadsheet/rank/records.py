"""How the earlier papers of an author fared, as a first guess at a paper that nobody has voted on yet.

Fame is a poor judge, so this term is bounded, halves with every day, counts for no place among the first
three, and gives way to what the paper itself gains. `docs/ranking.md` says what it adds and what it costs.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from hashlib import blake2b
from io import BytesIO
from math import log2
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from broadsheet.rank.usual import PRIOR

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

MOST = 3.0  # doublings that a record may promise
HALVES_IN = 1.0  # days, from the day after the paper could be noticed: a first guess, soon forgotten
DOUBT = 3.0  # papers: an author with so many counts for half of their mean
MOST_AUTHORS = 50  # of a paper are looked up: the first and the last
SETTLED_AFTER = 7  # days after which the upvotes of a paper hardly change


@dataclass(frozen=True, slots=True)
class Records:
    """For each author (a digest of the name) the number of papers and their mean, above what is usual."""

    keys: Keys  # (authors,) rising
    papers: Floats  # (authors,)
    sums: Floats  # (authors,) of log2(1 + upvotes) less the usual

    def of(self, papers: Sequence[Sequence[str]]) -> Floats:
        """Doublings that the record of each paper's authors promises, from 0 to MOST.

        The root of the sum over authors: several who are known say more than one, but not in proportion.
        """
        named = [names if len(names) <= MOST_AUTHORS else (*names[:25], *names[-25:]) for names in papers]
        pairs = [(row, author_key(name)) for row, names in enumerate(named) for name in dict.fromkeys(names)]
        if not pairs or not len(self.keys):
            return np.zeros(len(papers))
        rows = np.array([row for row, _ in pairs], np.int64)
        keys = np.array([key for _, key in pairs], np.uint64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        is_known = self.keys[at] == keys
        above = np.maximum(0.0, self.sums[at] / (self.papers[at] + DOUBT)) * is_known
        return np.minimum(MOST, np.sqrt(np.bincount(rows, weights=above, minlength=len(papers))))

    def as_bytes(self) -> bytes:
        """A NumPy archive; small numbers need no more."""
        packed = BytesIO()
        counts, sums = self.papers.astype(np.uint16), self.sums.astype(np.float16)
        np.savez_compressed(packed, keys=self.keys, papers=counts, sums=sums)
        return packed.getvalue()


NO_RECORDS = Records(np.empty(0, np.uint64), np.empty(0), np.empty(0))


def learn(papers: Iterable[tuple[Sequence[str], int]], usual: float | None = None) -> Records:
    """Records from the authors and settled upvotes of papers; the usual is their median in doublings."""
    held = [(authors, log2(1 + upvotes)) for authors, upvotes in papers]
    if not held:
        return NO_RECORDS
    middle = float(np.median([value for _, value in held])) if usual is None else usual
    pairs = [
        (author_key(name), value - middle)
        for authors, value in held
        for name in dict.fromkeys(authors[:MOST_AUTHORS])
    ]
    if not pairs:
        return NO_RECORDS
    keys, inverse = np.unique(np.array([key for key, _ in pairs], np.uint64), return_inverse=True)
    sums: Floats = np.bincount(inverse, weights=[value for _, value in pairs]).astype(np.float64)
    return Records(keys, np.bincount(inverse).astype(np.float64), sums)


def joined(one: Records, other: Records) -> Records:
    """Both together; for a site's own history on top of what is shipped."""
    keys, inverse = np.unique(np.concatenate([one.keys, other.keys]), return_inverse=True)
    papers = np.bincount(inverse, weights=np.concatenate([one.papers, other.papers]))
    sums: Floats = np.bincount(inverse, weights=np.concatenate([one.sums, other.sums])).astype(np.float64)
    return Records(keys, papers.astype(np.float64), sums) if len(keys) else NO_RECORDS


def read(body: bytes) -> Records:
    """As written by `as_bytes`. Raises ValueError for anything else."""
    try:
        with np.load(BytesIO(body), allow_pickle=False) as held:
            return Records(held["keys"], held["papers"].astype(np.float64), held["sums"].astype(np.float64))
    except (KeyError, OSError, BadZipFile) as error:
        raise ValueError(f"the authors' records cannot be read: {error}") from error


SHIPPED_AS_OF = date(2026, 5, 8)  # the last list whose papers the shipped records know of


@cache
def shipped() -> Records:
    """Of the papers of Hugging Face's lists of 2024 and of early 2026; made by `python -m bench.trending`."""
    return read((PRIOR / "records.npz").read_bytes())


@lru_cache(maxsize=65_536)
def author_key(name: str) -> int:
    """A digest of a name as different lists spell it.

    >>> author_key("José García-López") == author_key("Jose Garcia Lopez")
    True
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = "".join(sign if sign.isalnum() else " " for sign in plain or name.casefold()).split()
    return int.from_bytes(blake2b(" ".join(words).encode(errors="replace"), digest_size=8).digest(), "big")
