"""What follows every change of the store: editions made anew, the index brought up to date."""

from datetime import datetime
from functools import partial
from pathlib import Path

from broadsheet import wiring
from broadsheet.enrich.embed.base import EmbedderError
from broadsheet.index.base import IndexBusy, WordsIndex
from broadsheet.jobs import meaning, reading
from broadsheet.jobs.indexing import catch_up
from broadsheet.jobs.meaning import GoesOn, Meaning
from broadsheet.rank.trending import FORMULA
from broadsheet.rank.windows import rank_window
from broadsheet.store import editions, reader_signals

A_WHILE_S = 60.0  # the worker has other jobs too


def refresh_editions(*, now: datetime, most: int | None = None) -> editions.Refreshed:
    """Windows that have changed, by the formula in force and what the site has learned."""
    rank = partial(rank_window, basis=wiring.ranking_basis())
    refreshed = editions.refresh_stale(rank, FORMULA, now=now, most=most)
    editions.refresh_rolling(rank, FORMULA, now=now)
    return refreshed


def follow(index: WordsIndex, vectors: Meaning | None = None, *, now: datetime) -> str:
    """All of it, in one line for the log. A busy index is not waited for: its writer takes our papers too."""
    refreshed = refresh_editions(now=now)
    try:
        indexed = f"{catch_up(index):,} papers indexed"
    except IndexBusy:
        indexed = "index busy, left to its writer"
    embedded = f", {embed_news(vectors)}" if vectors else ""
    return f"{refreshed.windows:,} editions made, {indexed}{embedded}"


def count_readers(notes: Path, *, now: datetime) -> str:
    """What readers did meanwhile; a folder that cannot be used keeps nothing else from being done."""
    try:
        taken = reader_signals.take_in(notes, now=now)
    except OSError as error:
        return f"notes of readers left where they are ({error.strerror}), "
    return f"{taken:,} notes of readers, " if taken else ""


def embed_news(vectors: Meaning) -> str:
    """New papers get their vectors, for a while: what a slow model leaves comes with the next upkeep."""
    try:
        count = meaning.catch_up(vectors, goes_on=meaning.for_at_most(A_WHILE_S))
    except (IndexBusy, EmbedderError) as error:
        return _put_off(error)
    return f"{count:,} embedded"


def embed(vectors: Meaning, *, goes_on: GoesOn) -> str:
    """New papers get their vectors, then those from before the vectors began, for a while."""
    try:
        count = meaning.go_back(vectors, goes_on=meaning.for_at_most(A_WHILE_S, goes_on))
    except (IndexBusy, EmbedderError) as error:
        return _put_off(error)
    rest = "" if meaning.is_whole(vectors) else ", older papers follow with the next upkeep"
    return f"{count:,} embedded{rest}"


def read_papers(*, goes_on: GoesOn) -> str:
    """New papers are read, then those from before this reader began, for a while."""
    count = reading.catch_up(meaning.for_at_most(A_WHILE_S, goes_on))
    rest = "" if reading.is_whole() else ", older papers follow with the next upkeep"
    return f"{count:,} read{rest}"


def _put_off(error: IndexBusy | EmbedderError) -> str:
    """Words are found all the same, so the job has not failed; its line tells."""
    if isinstance(error, IndexBusy):
        return "vectors busy, left to their writer"
    return f"none embedded: {error}"
