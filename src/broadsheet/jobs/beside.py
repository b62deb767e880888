"""Runs the indexes' following in a process of its own while an import keeps this one busy.

Words are split and stemmed on one core while papers are merged and stored on the other. Texts are embedded
when there is nothing else to do.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path

import django

from broadsheet.index.base import IndexBusy
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.index.vectors import EmbeddedVectors

PAUSE_S = 0.2


@contextmanager
def following(index: EmbeddedIndex, vectors: EmbeddedVectors | None = None) -> Iterator[None]:
    """While the block runs, a child process adds to both what comes into the store; then the other words.

    A child whose parent was killed stops by itself, after the commit it is at.
    """
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    folder = vectors.folder if vectors else None
    arguments = (index.folder, folder, index.database, stop, os.getpid())
    child = context.Process(target=_follow_until, args=arguments, daemon=True)
    child.start()
    try:
        yield
    finally:
        stop.set()
        child.join()


def _follow_until(words: Path, vectors: Path | None, database: str, stop: Event, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both of us: the parent says when to stop
    django.setup()
    from broadsheet import wiring  # noqa: PLC0415  (models load after django.setup)
    from broadsheet.jobs.indexing import catch_up  # noqa: PLC0415
    from broadsheet.jobs.meaning import BATCH_S, Meaning, for_at_most  # noqa: PLC0415
    from broadsheet.jobs.upkeep import embed_news  # noqa: PLC0415

    index, meaning = EmbeddedIndex(words, database), None
    if vectors:
        kept = EmbeddedVectors(vectors, database)
        former = partial(wiring.query_embedder, kept)
        meaning = Meaning(kept, wiring.embedder, wiring.option("EMBEDDER"), former)
        embed_news(meaning, goes_on=lambda: False)  # vectors that begin now take all that comes for news
    while os.getppid() == parent:
        is_last = stop.is_set()
        try:
            count = catch_up(index, only_full=not is_last)
        except IndexBusy:
            count = 0  # another process follows the store meanwhile
        if is_last:
            return
        if not count:
            if meaning:  # in time that is left over: words come first
                embed_news(meaning, goes_on=for_at_most(BATCH_S, lambda: not stop.is_set()), only_full=True)
            stop.wait(PAUSE_S)
