"""What a generation of vectors knows of itself: its model, its length, how far it follows the store.

    vectors/
      current            "g-5f3a…"                    the generation that answers
      next               "g-77b0…"                    the one that grows beside it, while the model changes
      g-5f3a…/
        state.json       the State below
        centre.f32       what is taken off each vector before its signs are read
        ids.i64 …        one file per column (vector_files.py), one row per record

`state.json` is written last: what the columns hold beyond its `rows` was never finished.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from broadsheet.index.base import IndexOutdated
from broadsheet.index.generations import write_atomically

VERSION = 1
NAME = "state.json"


@dataclass(frozen=True, slots=True)
class Made:
    """What the vectors of a generation were made with."""

    model: str  # Embedder.model
    dimensions: int  # a multiple of 8
    setting: str = ""  # the value of BROADSHEET_EMBEDDER that gave it, to embed queries with
    table: str = ""  # whose rows the tokens are

    def __post_init__(self) -> None:
        if self.dimensions < 8 or self.dimensions % 8:
            raise ValueError(f"{self.model} has {self.dimensions} dimensions; expected a multiple of 8")

    def is_like(self, other: "Made") -> bool:
        """Whether what both made can be compared."""
        return replace(self, setting="") == replace(other, setting="")


@dataclass(frozen=True, slots=True)
class Place:
    """How far back old papers have been embedded: newest first, by date and then by id."""

    day: date | None  # None: among those without a date, which come last
    paper_id: int


@dataclass(frozen=True, slots=True)
class State:
    database: str
    made: Made
    seed: int  # of the rotation
    began_at: int  # change number when the generation began: papers changed since come as news
    up_to: int  # the news that it has seen
    place: Place | None = None  # None: no old paper yet
    is_complete: bool = False  # all old papers are in
    rows: int = 0
    has_centre: bool = False
    categories: tuple[str, ...] = ()  # in the order of their bits
    version: int = VERSION


def read_state(generation: Path, database: str) -> State:
    """Raises IndexOutdated when it is not to be used: another database's, another version's, unreadable."""
    try:
        said = json.loads((generation / NAME).read_text())
        if said["version"] != VERSION:
            raise _outdated(generation, f"is of version {said['version']!r}, not {VERSION}")
        if said["database"] != database:
            raise _outdated(generation, "belong to another database")
        return _state(said)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _outdated(generation, f"have no readable {NAME} ({type(error).__name__})") from error


def write_state(generation: Path, state: State) -> None:
    write_atomically(generation / NAME, json.dumps(asdict(state), default=str))


def _state(said: dict[str, object]) -> State:
    columns = dict(said)
    columns["made"] = Made(**columns["made"])  # type: ignore[arg-type]
    columns["categories"] = tuple(columns["categories"])  # type: ignore[arg-type]
    if place := columns["place"]:
        day = place["day"]  # type: ignore[index]
        columns["place"] = Place(date.fromisoformat(day) if day else None, int(place["paper_id"]))  # type: ignore[index]
    state = State(**columns)  # type: ignore[arg-type]
    if not all(isinstance(value, int) and value >= 0 for value in (state.rows, state.up_to, state.began_at)):
        raise ValueError("a number is not one")
    return state


def _outdated(generation: Path, problem: str) -> IndexOutdated:
    return IndexOutdated(f"the vectors in {generation} {problem}; run broadsheet reindex --meaning")
