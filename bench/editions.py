"""How long a year's editions take to make: python -m bench.editions [--days 365] [--papers 300]

A database of its own, with papers announced each day, one in ten on a daily list with upvotes, comments and
stars for two weeks; then all days, weeks and months are made anew, as after a change of the formula.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from tempfile import TemporaryDirectory

import numpy as np

from broadsheet.domain.ids import arxiv_key
from broadsheet.domain.paper import Listing, ListingKind, PaperRecord
from broadsheet.domain.signal import SignalKind, SignalReading

FIRST = date(2025, 7, 1)
LISTED = 10  # one paper in so many is on the daily list
FOLLOWED_DAYS = 14


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How long a year's editions take to make.")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--papers", type=int, default=300, help="a day")
    arguments = parser.parse_args(words)
    with TemporaryDirectory(prefix="broadsheet-editions-") as folder:
        os.environ |= {"BROADSHEET_DATA": folder, "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings"}
        import django  # noqa: PLC0415 - the settings read the environment

        django.setup()
        _measure(arguments.days, arguments.papers)
    return 0


def _measure(days: int, papers: int) -> None:
    from broadsheet.cli import prepare  # noqa: PLC0415
    from broadsheet.jobs.upkeep import refresh_editions  # noqa: PLC0415
    from broadsheet.store.intake import take_in  # noqa: PLC0415
    from broadsheet.store.models import Edition, Place, Signal  # noqa: PLC0415

    prepare.migrate()
    now = datetime.combine(FIRST + timedelta(days=days + 1), datetime.min.time(), UTC)
    take_in(_records(days, papers), now=now)
    print(f"{days * papers:,} papers, {Signal.objects.count():,} counts", flush=True)
    refresh_editions(now=now)
    Edition.objects.update(formula="another")  # what a new formula finds: windows that have rested enough
    began = time.perf_counter()
    made = refresh_editions(now=now)
    took = time.perf_counter() - began
    print(f"{made.windows:,} windows, {Place.objects.count():,} places in all, made anew in {took:.1f} s")
    head_ms = [_front_ms() for _ in range(30)]
    print(f"front page of the newest day: median {sorted(head_ms)[15]:.1f} ms")


def _front_ms() -> float:
    """Read as a page reads it, without rendering."""
    from broadsheet.domain.edition import WindowKind  # noqa: PLC0415
    from broadsheet.store import pages  # noqa: PLC0415

    began = time.perf_counter()
    window = pages.newest_window(WindowKind.DAY, up_to=date(2100, 1, 1))
    assert window is not None
    pages.edition_body(pages.edition_head(window))
    return (time.perf_counter() - began) * 1_000


def _records(days: int, papers: int) -> Iterator[PaperRecord]:
    chance = np.random.default_rng(11)
    categories = ["cs.LG", "cs.CL", "cs.CV", "cs.AI", "stat.ML", "math.GT", "hep-th", "q-bio.NC"]
    for number in range(days * papers):
        on = FIRST + timedelta(days=number // papers)
        is_listed = number % LISTED == 0
        counts = (
            np.cumsum(chance.geometric(0.2, (3, FOLLOWED_DAYS)) - 1, axis=1).tolist() if is_listed else []
        )
        kinds = (SignalKind.UPVOTES, SignalKind.COMMENTS, SignalKind.STARS)
        yield PaperRecord(
            source="arxiv_feed",
            key=arxiv_key(f"{2501 + number // 90_000:04}.{number % 90_000 + 1:05}"),
            title=f"Paper number {number} of a long year",
            abstract="We count and report.",
            authors=tuple(f"Author {int(one)}" for one in chance.integers(0, 20_000, 5)),
            categories=(categories[int(chance.integers(0, len(categories)))],),
            submitted_at=datetime.combine(on - timedelta(days=1), datetime.min.time(), UTC),
            announced_on=on,
            listings=(Listing("huggingface", on, ListingKind.DAILY),) if is_listed else (),
            signals=tuple(
                SignalReading(kind, on + timedelta(days=day), total)
                for kind, totals in zip(kinds, counts, strict=False)
                for day, total in enumerate(totals)
                if on + timedelta(days=day) <= FIRST + timedelta(days=days)
            ),
        )


if __name__ == "__main__":
    sys.exit(main())
