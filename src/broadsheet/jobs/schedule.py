"""Which jobs there are and when each runs next. Pure: no database, no clock of its own.

arXiv announces at 20:00 and rebuilds its feeds at midnight, both US Eastern, so its jobs keep Eastern
time through daylight saving: https://info.arxiv.org/help/availability.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from broadsheet.domain.edition import EASTERN, ONE_DAY, why_no_announcement

# The second and third time catch a feed that was built late or changed after the fact.
FEED_TIMES = (time(0, 20), time(2, 20), time(6, 20))
HARVEST_TIME = time(23, 0)  # new metadata is there at about 22:30, Sunday to Thursday
HARVEST_WEEKDAYS = (6, 0, 1, 2, 3)
PAST_THE_HOUR = timedelta(minutes=17)  # not on the hour, when everybody asks
WEEKEND_HOURS = 6
UPKEEP_GAP = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Plan:
    """What this site does by itself."""

    may_ask: bool  # False: offline
    has_oai: bool

    @property
    def names(self) -> tuple[str, ...]:
        if not self.may_ask:
            return ("upkeep",)
        harvest = ("arxiv_oai",) if self.has_oai else ()
        return ("upkeep", "arxiv_feed", "huggingface", *harvest)


def next_run(name: str, now: datetime) -> datetime:
    """When a job that has just run is due again; after `now`, both UTC."""
    if name == "upkeep":
        return now + UPKEEP_GAP
    if name == "huggingface":
        return _next_hour(now)
    moments = {"arxiv_feed": _feed_moments, "arxiv_oai": _harvest_moments}[name]
    return next(moment for moment in moments(now.astimezone(EASTERN).date()) if moment > now)


def _feed_moments(day: date) -> Iterator[datetime]:
    while True:
        if why_no_announcement(day) is None:
            yield from (_eastern(day, at) for at in FEED_TIMES)
        day += ONE_DAY


def _harvest_moments(day: date) -> Iterator[datetime]:
    while True:
        if day.weekday() in HARVEST_WEEKDAYS:
            yield _eastern(day, HARVEST_TIME)
        day += ONE_DAY


def _eastern(day: date, at: time) -> datetime:
    return datetime.combine(day, at, EASTERN).astimezone(UTC)


def _next_hour(now: datetime) -> datetime:
    """Hourly on weekdays, when Hugging Face's list is made; every six hours on weekends."""
    moment = now.replace(minute=0, second=0, microsecond=0) + PAST_THE_HOUR
    while moment <= now or (moment.weekday() >= 5 and moment.hour % WEEKEND_HOURS):
        moment += timedelta(hours=1)
    return moment
