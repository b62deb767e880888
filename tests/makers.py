"""Small records for tests, made with one line each."""

from datetime import UTC, date, datetime
from typing import Any

from broadsheet.domain.ids import arxiv_key, title_key
from broadsheet.domain.paper import Listing, ListingKind, PaperRecord
from broadsheet.domain.signal import SignalKind, SignalReading

NOW = datetime(2026, 5, 24, 12, tzinfo=UTC)
FRIDAY = date(2026, 5, 22)


def arxiv(number: str = "2605.00001", **said: Any) -> PaperRecord:
    """A record of arXiv's OAI-PMH."""
    return PaperRecord(
        **{"source": "arxiv_oai", "key": arxiv_key(number), "title": f"Paper {number} of tests", **said}
    )


def listed(title: str = "A paper of no known number", **said: Any) -> PaperRecord:
    """A record of a listing page, which gives no id."""
    return PaperRecord(**{"source": "listing", "key": title_key(title), "title": title, **said})


def daily(day: date = FRIDAY) -> tuple[Listing, ...]:
    return (Listing("huggingface", day, ListingKind.DAILY),)


def upvotes(value: int, day: date = FRIDAY) -> SignalReading:
    return SignalReading(SignalKind.UPVOTES, day, value)


def stars(value: int, day: date = FRIDAY) -> SignalReading:
    return SignalReading(SignalKind.STARS, day, value)
