"""Numbers, days and moments in the words of our pages."""

from datetime import UTC, date, datetime, timedelta

from broadsheet.domain.edition import day_in_words

_SOURCES = {
    "arxiv_feed": "arXiv",
    "arxiv_oai": "arXiv OAI-PMH",
    "arxiv_snapshot": "arXiv’s snapshot",
    "huggingface": "Hugging Face",
    "github": "GitHub",
    "hackernews": "Hacker News",
    "semantic_scholar": "Semantic Scholar",
    "openalex": "OpenAlex",
    "summaries": "written summaries",
    "bibtex": "a BibTeX file",
    "listing": "a listing page",
    "sample": "the sample edition",
}
_LISTS = {"arxiv": "arXiv", "huggingface": "Hugging Face", "sample": "the sample edition"}
_UNITS = (
    (31_557_600, "year"),
    (2_629_800, "month"),
    (604_800, "week"),
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
)
RECENT = timedelta(days=45)


def source_name(name: str) -> str:
    return _SOURCES.get(name, name.replace("_", " "))


def list_name(name: str) -> str:
    return _LISTS.get(name, source_name(name))


def counted(number: int, word: str) -> str:
    """
    >>> counted(1, "paper"), counted(2300, "paper")
    ('1 paper', '2,300 papers')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def short_date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def moment_in_words(when: datetime) -> str:
    """
    >>> moment_in_words(datetime(2026, 5, 22, 4, 12, tzinfo=UTC))
    'Friday 22 May 2026, 04:12 UTC'
    """
    when = when.astimezone(UTC)
    return f"{day_in_words(when.date())}, {when:%H:%M} UTC"


def ago(when: datetime, now: datetime) -> str:
    """
    >>> ago(datetime(2026, 5, 22, 4, 12, tzinfo=UTC), datetime(2026, 5, 22, 9, 50, tzinfo=UTC))
    '5 hours ago'
    >>> ago(datetime(2026, 5, 22, 10, tzinfo=UTC), datetime(2026, 5, 22, 9, 50, tzinfo=UTC))
    'in 10 minutes'
    """
    seconds = (now - when).total_seconds()
    for size, word in _UNITS:
        if abs(seconds) >= size:
            span = counted(int(abs(seconds) // size), word)
            return f"{span} ago" if seconds > 0 else f"in {span}"
    return "just now"


def days_ago(day: date, today: date) -> str:
    """Near days in relation to today; others by their date.

    >>> days_ago(date(2026, 5, 21), date(2026, 5, 22)), days_ago(date(1998, 1, 5), date(2026, 5, 22))
    ('yesterday', '5 January 1998')
    """
    days = (today - day).days
    if abs(days) > RECENT.days:
        return short_date(day)
    near = {0: "today", 1: "yesterday", -1: "tomorrow"}
    if days in near:
        return near[days]
    span = counted(abs(days) // 7, "week") if abs(days) >= 14 else counted(abs(days), "day")
    return f"{span} ago" if days > 0 else f"in {span}"
