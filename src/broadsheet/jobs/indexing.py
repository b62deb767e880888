"""Lets the index follow the store, and builds it anew. The store is right; the index is derived from it."""

import logging
from collections.abc import Callable

from broadsheet.index.base import IndexMissing, IndexOutdated, WordsIndex, WordsWriter
from broadsheet.store.follow import changes_after

log = logging.getLogger(__name__)

AT_ONCE = 10_000  # papers per commit; some 20 MB of text

Progress = Callable[[int], object]


def _nothing(count: int) -> None:
    """Nobody watches."""


def catch_up(index: WordsIndex, progress: Progress = _nothing, *, only_full: bool = False) -> int:
    """Add what has changed since the index last looked; how many papers. Raises IndexBusy.

    An index of another database or an older version is built anew. With `only_full` a rest of less
    than AT_ONCE is left for later: many small commits make many small parts, which cost to merge.
    """
    try:
        with index.writing() as writer:
            return _follow(writer, progress, only_full)
    except IndexMissing:
        return rebuild(index, progress)
    except IndexOutdated as error:
        log.warning("The index of words is built anew, because %s", error)
        return rebuild(index, progress)


def rebuild(index: WordsIndex, progress: Progress = _nothing) -> int:
    """Build a new index beside the live one and swap. Killed at any instant, the live one still stands."""
    with index.rebuilding() as writer:
        return _follow(writer, progress, only_full=False)


def _follow(writer: WordsWriter, progress: Progress, only_full: bool) -> int:
    count = 0
    while True:
        changes = changes_after(writer.seen, most=AT_ONCE)
        if changes.is_last and only_full:
            return count
        if changes.entries or changes.gone:
            writer.add(changes)
        count += len(changes.entries)
        progress(len(changes.entries))
        if changes.is_last:
            return count
