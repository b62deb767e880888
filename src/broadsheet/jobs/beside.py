"""Runs the words index's following in a process of its own while an import keeps this one busy.

Words are split and stemmed on one core while papers are merged and stored on the other. Vectors come after:
made meanwhile they cost the import a fifth of its speed.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

import django

from broadsheet.index.base import IndexBusy
from broadsheet.index.embedded import EmbeddedIndex

PAUSE_S = 0.2


@contextmanager
def following(index: EmbeddedIndex) -> Iterator[Callable[[], None]]:
    """While the block runs, a child process adds to the index what comes into the store; then the rest.

    Calling what it gives says that nothing more comes, so that the rest is added while the block goes on.
    A child whose parent was killed stops by itself, after the commit it is at.
    """
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    arguments = (index.folder, index.database, stop, os.getpid())
    child = context.Process(target=_follow_until, args=arguments, daemon=True)
    child.start()
    try:
        yield stop.set
    finally:
        stop.set()
        child.join()


def _follow_until(folder: Path, database: str, stop: Event, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both of us: the parent says when to stop
    django.setup()
    from broadsheet.jobs.indexing import catch_up  # noqa: PLC0415  (models load after django.setup)

    index = EmbeddedIndex(folder, database)
    while os.getppid() == parent:
        is_last = stop.is_set()
        try:
            count = catch_up(index, only_full=not is_last)
        except IndexBusy:
            count = 0  # another process follows the store meanwhile
        if is_last:
            return
        if not count:
            stop.wait(PAUSE_S)
