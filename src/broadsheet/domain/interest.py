"""What a subscription wants to get: which papers, how often, when, how many, and in which form."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FEWEST, USUAL, MOST = 3, 12, 50  # papers in a digest
MOST_NAMED = 30  # categories, words or authors of one subscription
LONGEST_WORD = 80
LONGEST_QUERY = 500
SATURDAY = 5
ONE_DAY = timedelta(days=1)


class Often(StrEnum):
    WEEKDAYS = "weekdays"
    DAILY = "daily"
    WEEKLY = "weekly"  # on Mondays, or where the week has not ended at that hour on Tuesdays


class MailForm(StrEnum):
    HTML = "html"  # with a text part beside it
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Interest:
    """Without categories and query: everything. Raises ValueError with a sentence for its reader."""

    categories: tuple[str, ...] = ()
    query: str = ""  # in the query language of search
    boosted: tuple[str, ...] = ()  # words whose papers stand higher
    muted: tuple[str, ...] = ()  # words whose papers are left out
    authors: tuple[str, ...] = ()  # whose papers are always there
    often: Often = Often.WEEKDAYS
    hour: int = 8  # of the reader's clock
    zone: str = "UTC"
    most: int = USUAL
    form: MailForm = MailForm.HTML

    def __post_init__(self) -> None:
        if not 0 <= self.hour <= 23:
            raise ValueError("The hour is a whole number from 0 to 23.")
        if not FEWEST <= self.most <= MOST:
            raise ValueError(f"A digest has {FEWEST} to {MOST} papers.")
        if not is_zone(self.zone):
            raise ValueError(f"{self.zone[:40]!r} is no time zone; expected a name like Europe/Berlin.")
        if len(self.query) > LONGEST_QUERY:
            raise ValueError(f"A search has at most {LONGEST_QUERY} letters.")
        for words in (self.categories, self.boosted, self.muted, self.authors):
            if len(words) > MOST_NAMED or any(len(word) > LONGEST_WORD for word in words):
                raise ValueError(f"At most {MOST_NAMED} words of {LONGEST_WORD} letters each.")

    def as_json(self) -> dict[str, Any]:
        values = ((name, getattr(self, name)) for name in self.__dataclass_fields__)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values}


def interest_of(stored: dict[str, Any]) -> Interest:
    """As written by `as_json`, of any version: what is missing has its usual value."""
    known = {name: value for name, value in stored.items() if name in Interest.__dataclass_fields__}
    lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    often = Often(known.get("often", Often.WEEKDAYS))
    return Interest(**(known | lists | {"often": often, "form": MailForm(known.get("form", MailForm.HTML))}))


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def next_due(interest: Interest, after: datetime) -> datetime:
    """When the next digest goes out: at the reader's hour of the first fitting local day after a moment.

    An hour that the change to summer time skips is the one after; one that comes twice is the first.
    """
    day = after.astimezone(ZoneInfo(interest.zone)).date()
    while True:
        moment = _local(interest, day)
        if moment > after and _fits(interest, day):
            return moment
        day += ONE_DAY


def last_due(interest: Interest, before: datetime) -> datetime:
    """When the last digest before a moment went out, or would have."""
    day = before.astimezone(ZoneInfo(interest.zone)).date()
    while True:
        moment = _local(interest, day)
        if moment < before and _fits(interest, day):
            return moment
        day -= ONE_DAY


def _fits(interest: Interest, day: date) -> bool:
    if interest.often is Often.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        has_ended = _local(interest, monday) >= datetime.combine(monday, time(), UTC)
        return day.weekday() == (0 if has_ended else 1)
    return interest.often is Often.DAILY or day.weekday() < SATURDAY


def _local(interest: Interest, day: date) -> datetime:
    return datetime.combine(day, time(interest.hour), ZoneInfo(interest.zone)).astimezone(UTC)
