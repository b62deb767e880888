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
# Each at a minute of its own, so that one worker is not asked for all at once.
HOURLY = {"github": timedelta(minutes=37), "hackernews": timedelta(minutes=47)}
CITATIONS = ("semantic_scholar", "openalex")
CITATIONS_TIME = time(5, 27, tzinfo=UTC)  # after midnight UTC, when OpenAlex fills up the day's budget
GAPS = {
    "upkeep": timedelta(seconds=30),
    "digest": timedelta(minutes=1),
    "bounces": timedelta(minutes=5),
    "hub": timedelta(minutes=1),
    "summaries": timedelta(minutes=1),
    "webhooks": timedelta(seconds=30),
}
MAIL = ("digest",)  # what readers wait for at their hour, and a long harvest must not keep back
OWN = ("upkeep", *MAIL, "webhooks")  # what asks no source
WRITTEN = ("summaries",)
SLOW = (
    *WRITTEN,
    "webhooks",
)  # half a minute a reply, perhaps: a worker runs each of these beside its other jobs


@dataclass(frozen=True, slots=True)
class Plan:
    """What this site does by itself."""

    may_ask: bool  # False: offline
    has_oai: bool
    citations: str = ""  # the source that counts them; "": nobody does
    has_mailbox: bool = False  # that bounces come to
    has_hub: bool = False  # that is told of new editions
    has_writer: bool = False  # a language model that writes the one line of papers

    @property
    def names(self) -> tuple[str, ...]:
        own = (*OWN, "bounces") if self.has_mailbox else OWN
        if not self.may_ask:
            return own
        own = (*own, "hub") if self.has_hub else own
        harvest = ("arxiv_oai",) if self.has_oai else ()
        citations = (self.citations,) if self.citations else ()
        written = WRITTEN if self.has_writer else ()
        return (*own, "arxiv_feed", "huggingface", *harvest, *HOURLY, *citations, *written)


def next_run(name: str, now: datetime) -> datetime:
    """When a job that has just run is due again; after `now`, both UTC."""
    if name in GAPS:
        return now + GAPS[name]
    if name == "huggingface":
        return _next_weekday_hour(now)
    if name in HOURLY:
        return _next_hour(now, HOURLY[name])
    if name in CITATIONS:
        return _next_day(now, CITATIONS_TIME)
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


def _next_hour(now: datetime, past_the_hour: timedelta) -> datetime:
    moment = now.replace(minute=0, second=0, microsecond=0) + past_the_hour
    return moment if moment > now else moment + timedelta(hours=1)


def _next_weekday_hour(now: datetime) -> datetime:
    """Hourly on weekdays, when Hugging Face's list is made; every six hours on weekends."""
    moment = _next_hour(now, PAST_THE_HOUR)
    while moment.weekday() >= 5 and moment.hour % WEEKEND_HOURS:
        moment += timedelta(hours=1)
    return moment


def _next_day(now: datetime, at: time) -> datetime:
    moment = datetime.combine(now.astimezone(UTC).date(), at)
    return moment if moment > now else moment + ONE_DAY
