"""Says why an edition has no papers. Decides from what it is given; asks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from broadsheet.deliver.words import ago, moment_in_words, source_name
from broadsheet.domain.edition import (
    ANNOUNCED_AT,
    CALENDAR,
    EASTERN,
    WindowKind,
    day_in_words,
    next_announcement,
    why_no_announcement,
)
from broadsheet.store.page_values import EditionHead, SourceLine

COUNTING = ("github", "hackernews", "semantic_scholar", "openalex")  # whose silence leaves no day empty
NEWS_LASTS = timedelta(days=7)
SATURDAY = 5
READ_WITHIN = timedelta(hours=6)  # after its announcement, a day's papers may still be on their way


@dataclass(frozen=True, slots=True)
class Emptiness:
    label: str
    headline: str
    words: str


def announced_at(day: date) -> datetime:
    """When arXiv announces the papers of a feed's day."""
    return datetime.combine(day - timedelta(days=1), ANNOUNCED_AT, EASTERN).astimezone(UTC)


def why_empty(head: EditionHead, sources: Sequence[SourceLine], now: datetime) -> Emptiness:
    window, today = head.window, now.date()
    if window.kind not in CALENDAR:
        return _nothing_counted(sources, now)
    if head.newest is None:
        return _nothing_at_all(sources, now)
    if window.start > today:
        return Emptiness("Not yet", f"{window.title} has not come yet", _next_words(now))
    if head.first is not None and window.start < head.first.start:
        words = f"The oldest edition here is that of {head.first.title}. Search finds older papers."
        return Emptiness("Before our time", f"No papers of {window.title} are held here", words)
    if window.kind is WindowKind.DAY:
        return _empty_day(window.start, sources, now)
    return _missed(f"of {window.title}", sources, now)


def nothing_in(category: str, head: EditionHead) -> Emptiness:
    others = f"{head.paper_count:,} are in others"
    words = f"None of the ranked papers of {head.window.title} is in {category}; {others}."
    return Emptiness("Nothing in this category", f"No papers in {category}", words)


def _empty_day(day: date, sources: Sequence[SourceLine], now: datetime) -> Emptiness:
    calendar = why_no_announcement(day)
    if calendar is not None:
        return _resting(day, calendar, _news(day, sources, now))
    if day == now.date() and now < announced_at(day) + READ_WITHIN:
        words = f"arXiv announces the papers of {day_in_words(day)} on {moment_in_words(announced_at(day))}."
        return Emptiness("Not yet", "Today’s papers are not here yet", f"{words}{_news(day, sources, now)}")
    return _missed(f"of {day_in_words(day)}", sources, now)


def _resting(day: date, calendar: str, news: str) -> Emptiness:
    if day.weekday() < SATURDAY:
        holiday = calendar.rpartition(", ")[2]
        return Emptiness("No papers on this day", f"arXiv is resting: {holiday}", f"{calendar}.{news}")
    words = (
        "arXiv announces on five evenings a week, Sunday to Thursday in New York,"
        f" so Saturday and Sunday bring no new papers.{news}"
    )
    return Emptiness("No papers on this day", f"It is {day:%A}, and arXiv is resting", words)


def _missed(of_window: str, sources: Sequence[SourceLine], now: datetime) -> Emptiness:
    words = (
        f"No source has told of papers {of_window} in the categories that are read here,"
        f" or Broadsheet was not running then. {_sources_words(sources, now)}"
    )
    return Emptiness("No papers", f"No papers {of_window} are held here", words)


def _nothing_at_all(sources: Sequence[SourceLine], now: datetime) -> Emptiness:
    words = (
        "The sources are asked in the background; the first papers are here within minutes."
        f" The owner can also load a file with the command broadsheet import. {_sources_words(sources, now)}"
    )
    return Emptiness("The first edition", "No papers have come in yet", words)


def _nothing_counted(sources: Sequence[SourceLine], now: datetime) -> Emptiness:
    words = (
        "Trending is what gained upvotes, stars, points or readers in the last seven days, whatever its age."
    )
    told = " ".join(failing_words(sources, now))
    return Emptiness("Nothing moves", "No source has counted anything lately", f"{words} {told}".rstrip())


def _sources_words(sources: Sequence[SourceLine], now: datetime) -> str:
    """How those sources are doing that tell of papers; the others only count."""
    sources = [line for line in sources if line.name not in COUNTING]
    failing = failing_words(sources, now)
    if failing:
        return " ".join(failing)
    if not any(line.answered_at for line in sources):
        return "No source has been asked yet."
    return "All sources were asked and answered."


def failing_words(sources: Sequence[SourceLine], now: datetime) -> list[str]:
    """One sentence for all that fail since the same minute: a broken network is one trouble, not five."""
    names: dict[datetime, list[str]] = {}
    for line in sources:
        if line.failing_since:
            names.setdefault(line.failing_since.replace(second=0, microsecond=0), []).append(line.name)
    return [_not_read(unread, since, now) for since, unread in names.items()]


def _not_read(names: Sequence[str], since: datetime, now: datetime) -> str:
    *others, last = (source_name(name) for name in names)
    listed = f"{', '.join(others)} and {last}" if others else last
    day = "" if since.date() == now.date() else f"{day_in_words(since.date())}, "
    return f"{listed} could not be read since {day}{since:%H:%M} UTC ({ago(since, now)})."


def _news(day: date, sources: Sequence[SourceLine], now: datetime) -> str:
    """How the sources are doing and what comes next: no news to who looks at a day of long ago."""
    if now.date() - day > NEWS_LASTS:
        return ""
    return f" {_sources_words(sources, now)} {_next_words(now)}"


def _next_words(now: datetime) -> str:
    return f"The next announcement is on {moment_in_words(next_announcement(now))}."


def is_behind(newest: date, now: datetime) -> bool:
    """Whether a day that should have papers has passed since the newest edition."""
    day = now.date()
    while day > newest:
        if why_no_announcement(day) is None and announced_at(day) + READ_WITHIN < now:
            return True
        day -= timedelta(days=1)
    return False
