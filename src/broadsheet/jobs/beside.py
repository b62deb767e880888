"""Runs the index's following in a process of its own while an import keeps this one busy.

Words are split and stemmed on one core while papers are merged and stored on the other.
"""

import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

import django

from broadsheet.index.base import IndexBusy
from broadsheet.index.embedded import EmbeddedIndex

PAUSE_S = 0.2


@contextmanager
def following(index: EmbeddedIndex) -> Iterator[None]:
    """While the block runs, a child process adds to the index what comes into the store.

    What it has not reached when the block ends is left to the caller. A child whose parent was
    killed stops by itself, between two commits.
    """
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    arguments = (index.folder, index.database, stop, os.getpid())
    child = context.Process(target=_follow_until, args=arguments, daemon=True)
    child.start()
    try:
        yield
    finally:
        stop.set()
        child.join()


def _follow_until(folder: Path, database: str, stop: Event, parent: int) -> None:
    django.setup()
    from broadsheet.jobs.indexing import catch_up  # noqa: PLC0415  (models load after django.setup)

    index = EmbeddedIndex(folder, database)
    while not stop.is_set() and os.getppid() == parent:
        try:
            count = catch_up(index, is_over=lambda: stop.is_set() or os.getppid() != parent)
        except IndexBusy:
            count = 0  # another process follows the store meanwhile
        if not count:
            time.sleep(PAUSE_S)
