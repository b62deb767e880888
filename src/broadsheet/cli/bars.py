"""A progress bar that several commands share, shown when a terminal listens."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

BAR_AFTER_S = 2


@contextmanager
def bar(what: str, total: int | None, unit: str) -> Iterator[Callable[[int], object]]:
    """A progress bar on anything over two seconds, when a terminal listens; call it with what was done."""
    shown = tqdm(
        desc=what,
        total=total,
        unit=unit,
        unit_scale=True,
        unit_divisor=1024 if unit == "B" else 1000,
        delay=BAR_AFTER_S,
        leave=False,
        disable=not sys.stderr.isatty(),
    )
    with shown:
        yield shown.update
