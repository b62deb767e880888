"""What follows every change of the store: editions made anew, the index brought up to date."""

from datetime import datetime

from broadsheet.index.base import IndexBusy, WordsIndex
from broadsheet.jobs.indexing import catch_up
from broadsheet.rank import trending
from broadsheet.store import editions


def refresh_editions(*, now: datetime, most: int | None = None) -> editions.Refreshed:
    return editions.refresh_stale(trending.rank, trending.FORMULA, now=now, most=most)


def follow(index: WordsIndex, *, now: datetime) -> str:
    """Both, in one line for the log. A busy index is not waited for: its writer takes our papers too."""
    refreshed = refresh_editions(now=now)
    try:
        indexed = f"{catch_up(index):,} papers indexed"
    except IndexBusy:
        indexed = "index busy, left to its writer"
    return f"{refreshed.windows:,} editions made, {indexed}"
