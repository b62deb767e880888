"""Lets the readings follow the store: news at once, old papers in the background, newest first.

Every batch is kept with how far it reaches, in one transaction: killed at any instant, the next run goes on
from there. A better reader reads everything again, while what the former one read stands.
"""

import logging
from collections.abc import Callable

from broadsheet.domain.reading import Reading
from broadsheet.enrich.readings.reader import VERSION, read
from broadsheet.lib.clock import Clock, SystemClock
from broadsheet.store import unread
from broadsheet.store.readings import Read, keep
from broadsheet.store.unread import Batch, Progress, Unread

log = logging.getLogger(__name__)
AT_ONCE = 500  # papers: a third of a second to read, some 2 MB

Reader = Callable[[str, str], Reading]
GoesOn = Callable[[], bool]
_CLOCK = SystemClock()


def always() -> bool:
    return True


def catch_up(
    goes_on: GoesOn = always, *, reader: Reader = read, version: str = VERSION, clock: Clock = _CLOCK
) -> int:
    """Read papers that are new or changed, and whenever there are none some old ones; how many were read."""
    progress, count = unread.begin(version, clock.now()), 0
    if progress is None:
        return 0
    while goes_on():
        batch = _next(progress)
        if batch.after == progress:
            break
        new = [paper for paper in batch.papers if not paper.is_read]
        if not keep([Read(paper, _read(reader, paper)) for paper in new], progress, batch.after):
            break  # another worker is at it
        count += len(new)
        progress = batch.after
    return count


def _read(reader: Reader, paper: Unread) -> Reading:
    """A text that the reader stumbles over costs its own reading alone; the next version tries it again."""
    try:
        return reader(paper.title, paper.text)
    except Exception:
        log.exception("Paper %s (%s) cannot be read; please report this.", paper.paper_id, paper.title[:80])
        return Reading()


def is_whole(version: str = VERSION, *, clock: Clock = _CLOCK) -> bool:
    """Whether this reader has read all old papers, or another version does."""
    progress = unread.begin(version, clock.now())
    return progress is None or progress.is_complete


def _next(progress: Progress) -> Batch:
    news = unread.news(progress, most=AT_ONCE)
    if news.after != progress or progress.is_complete:
        return news
    return unread.old(progress, most=AT_ONCE)
