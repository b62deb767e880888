"""What a paper usually gains: robust medians by kind of signal, age and category. Pure.

A new site begins with the figures that are shipped (`prior`); its own history takes over as it grows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from broadsheet.domain.pick import Floats, Ints
from broadsheet.rank.trending import KINDS, RECORD

PRIOR = files("broadsheet.rank") / "prior"  # what is shipped for a new site
AGES = (0, 1, 2, 3, 5, 7, 14, 30, 60, 120, 365)  # days since it was announced or listed
DOUBT = 200.0  # papers whose counts the shipped figures are worth
FIELD_DOUBT = 30.0  # papers of a category for which it is held to be like all others
FARTHEST_FIELD = 3.0  # doublings by which a category may differ
ENOUGH = 40.0  # papers with a kind, at which half of its weight counts


@dataclass(frozen=True, slots=True)
class Usual:
    """Medians of those papers that have any; a paper without counts says nothing of how counts grow."""

    as_of: date
    totals: dict[str, list[float]]  # by kind: the usual total at each of AGES, never falling
    papers: dict[str, float]  # by kind: how many papers these rest on
    fields: dict[str, dict[str, float]] = field(default_factory=dict)  # kind: {category: doublings}

    def gains(self, ages: Floats, before: Floats, categories: Sequence[str]) -> Floats:
        """What is usual between two ages.

        Args:
            ages: (papers, kinds) days since the paper could be noticed; nan where nobody told.
            before: (papers,) the same at the beginning; negative: it was not there yet.
            categories: (papers,) primary.

        Returns (papers, kinds), at least a small part of what is usual on the first day.
        """
        found = np.ones(ages.shape)
        names, numbers = np.unique(np.array(categories, dtype=object).astype(str), return_inverse=True)
        for column, kind in enumerate(KINDS):
            is_told = not np.isnan(ages[:, column]).all()  # where not, its usual is never read
            if kind == RECORD or not is_told:
                continue
            factors = np.array([2 ** self.fields.get(kind, {}).get(name, 0.0) for name in names])
            grown = self._total(kind, ages[:, column]) - self._total(kind, before)
            found[:, column] = np.maximum(grown, self.least(kind)) * factors[numbers]
        return found

    def least(self, kind: str) -> float:
        """An old paper usually gains nothing; a single star on it is no sensation."""
        return max(0.5, self.totals[kind][0] / 2)

    def _total(self, kind: str, ages: Floats) -> Floats:
        """Straight lines between the ages; nothing before the first day."""
        total: Floats = np.interp(np.nan_to_num(ages), AGES, self.totals[kind])
        return np.where(ages < 0, 0.0, total)

    @property
    def shares(self) -> Floats:
        """How much each kind may count on this site: by itself a kind that few papers have fades away."""
        counts = np.array([self.papers.get(kind, 0.0) for kind in KINDS])
        counts[KINDS.index(RECORD)] = np.inf
        with np.errstate(invalid="ignore"):
            return np.where(np.isinf(counts), 1.0, counts / (counts + ENOUGH))

    def as_bytes(self) -> bytes:
        return orjson.dumps(self.as_json())

    def as_json(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "ages": list(AGES),
            "totals": self.totals,
            "papers": self.papers,
            "fields": self.fields,
        }


def read(body: bytes | Mapping[str, Any]) -> Usual:
    """As written by `as_json`. Raises ValueError for figures of another version."""
    told = orjson.loads(body) if isinstance(body, bytes) else body
    totals = told.get("totals", {})
    if told.get("ages") != list(AGES) or any(len(totals.get(kind, ())) != len(AGES) for kind in KINDS[:-1]):
        raise ValueError("what is usual was written by another version")
    return Usual(date.fromisoformat(told["as_of"]), told["totals"], told["papers"], told["fields"])


@cache
def prior() -> Usual:
    """What is shipped; docs/ranking.md says which figures are measured and which are set."""
    return read((PRIOR / "usual.json").read_bytes())


@dataclass(frozen=True, slots=True)
class Observed:
    """Counts from the site's history, one a row: the newest reading of a paper and kind at about an age."""

    kinds: Ints  # (rows,) columns of KINDS
    ages: Ints  # (rows,) numbers of AGES
    values: Floats  # (rows,) totals
    categories: Sequence[str]  # (rows,) the paper's primary category, "" for none
    papers: Ints  # (rows,) ids


def learn(seen: Observed, as_of: date, before: Usual | None = None) -> Usual:
    """The site's own medians, mixed with the shipped ones by how many papers they rest on."""
    base = before or prior()
    categories = np.array(seen.categories, dtype=object)
    totals, papers, fields = {}, {}, {}
    for column, kind in enumerate(KINDS[:-1]):
        here = (seen.kinds == column) & (seen.values > 0)
        totals[kind] = _totals(seen.ages[here], seen.values[here], base.totals[kind])
        papers[kind] = base.papers.get(kind, 0.0) + float(len(np.unique(seen.papers[here])))
        fields[kind] = _fields(seen.ages[here], seen.values[here], categories[here])
    return Usual(as_of, totals, papers, fields)


def _totals(ages: Ints, values: Floats, shipped: Sequence[float]) -> list[float]:
    mixed = []
    for number, usual in enumerate(shipped):
        own = values[ages == number]
        if not len(own):
            mixed.append(float(np.log2(1 + usual)))
            continue
        median = float(np.median(np.log2(1 + own)))
        mixed.append((len(own) * median + DOUBT * np.log2(1 + usual)) / (len(own) + DOUBT))
    rising = np.maximum.accumulate(np.array(mixed))
    return [round(float(total), 3) for total in 2**rising - 1]


def _fields(ages: Ints, values: Floats, categories: NDArray[np.object_]) -> dict[str, float]:
    """By how many doublings each category differs from all papers of the same age."""
    if not len(values):
        return {}
    doublings = np.log2(1 + values)
    away = doublings.copy()
    for number in np.unique(ages):
        away[ages == number] -= np.median(doublings[ages == number])
    found = {}
    for name in np.unique(categories[categories != ""].astype(str)):
        own = away[categories == name]
        shrunk = float(np.median(own)) * len(own) / (len(own) + FIELD_DOUBT)
        found[str(name)] = round(float(np.clip(shrunk, -FARTHEST_FIELD, FARTHEST_FIELD)), 3)
    return found
