"""The front page and the editions of days, weeks and months, as a reader's browser asks for them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet.domain.paper import Listing, ListingKind
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.store.intake import take_in
from broadsheet.store.source_state import answered, failed
from tests.deliver.conftest import FRIDAY, NOW, TakeIn, record, signals

SATURDAY = datetime(2026, 5, 23, 12, tzinfo=UTC)
MONDAY = datetime(2026, 5, 25, 12, tzinfo=UTC)


def text_of(client: Client, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status
    return " ".join(reply.content.decode().split())


@pytest.fixture(autouse=True)
def on_sunday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_front_page_is_the_newest_day_with_papers(fifty: None, client: Client) -> None:
    page = text_of(client, "/")

    assert "Friday 22 May 2026" in page
    assert "first of 50" in page
    assert "Ranks 2 to 30" in page
    assert page.index("Paper 1 on retrieval") < page.index("Paper 2 on retrieval")
    assert "Here for 299 upvotes on Hugging Face, top 2 % of its day." in page


def test_an_edition_goes_on_over_pages(fifty: None, client: Client) -> None:
    assert "Ranks 31 to 50" in text_of(client, "/day/2026-05-22")

    second = text_of(client, "/day/2026-05-22?page=2")

    assert "Paper 31 on retrieval" in second
    assert "Paper 30 on retrieval" not in second
    assert "Ranks 1 to 30" in second


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=3", "page=99999", "page=51", "cat=<x>"])
def test_a_page_that_is_not_there_says_so(fifty: None, client: Client, query: str) -> None:
    assert "no such page" in text_of(client, f"/day/2026-05-22?{query}", status=404)


def test_one_category_can_be_read_alone(fifty: None, client: Client) -> None:
    page = text_of(client, "/day/2026-05-22?cat=cs.CV")

    assert "Papers in <b>cs.CV</b>: 25 of 50" in page
    assert "Paper 2 on retrieval" in page
    assert "Paper 3 on retrieval" not in page.partition("<aside")[0]


def test_a_category_without_papers_says_so_and_shows_the_others(fifty: None, client: Client) -> None:
    page = text_of(client, "/day/2026-05-22?cat=math.GT")

    assert "No papers in math.GT" in page
    assert "Paper 1 on retrieval" in page


@pytest.mark.parametrize(
    ("path", "title"), [("/week/2026-W21", "Week 21 of 2026"), ("/month/2026-05", "May 2026")]
)
def test_weeks_and_months_are_editions_too(fifty: None, client: Client, path: str, title: str) -> None:
    page = text_of(client, path)

    assert f">{title}</time>" in page
    assert "first of 50" in page


@pytest.mark.parametrize(("path", "to"), [("/week", "/week/2026-W21"), ("/month", "/month/2026-05")])
def test_the_sections_lead_to_the_newest_edition(fifty: None, client: Client, path: str, to: str) -> None:
    assert client.get(path).headers["Location"] == to


@pytest.mark.parametrize("path", ["/day/2026-13-01", "/day/yesterday", "/week/2026-W60", "/month/0001-01"])
def test_an_address_that_is_no_edition_is_explained(db: None, client: Client, path: str) -> None:
    assert "There is no such edition" in text_of(client, path, status=404)


def test_a_weekend_says_that_arxiv_rests(fifty: None, client: Client) -> None:
    with time_machine.travel(SATURDAY, tick=False):
        page = text_of(client, "/day/2026-05-23")

    assert "It is Saturday, and arXiv is resting" in page
    assert 'Last edition: <a href="/day/2026-05-22">Friday 22 May 2026, 50 papers</a>' in page
    assert "Paper 5 on retrieval" in page
    assert "Paper 6 on retrieval" not in page.partition("<aside")[0]


def test_a_holiday_is_named(take: TakeIn, client: Client) -> None:
    take(record(1), record(2, listings=(Listing("sample", date(2025, 7, 1), ListingKind.DAILY),)))

    assert "arXiv is resting: Independence Day" in text_of(client, "/day/2025-07-07")


def test_a_day_to_come_has_no_papers_yet(fifty: None, client: Client) -> None:
    assert "Monday 1 June 2026 has not come yet" in text_of(client, "/day/2026-06-01")


def test_a_day_before_the_first_edition_says_so(fifty: None, client: Client) -> None:
    assert "The oldest edition here is that of Friday 22 May 2026" in text_of(client, "/day/2026-05-20")


def test_today_may_not_be_announced_yet(fifty: None, client: Client) -> None:
    with time_machine.travel(datetime(2026, 5, 27, 2, tzinfo=UTC), tick=False):
        assert "Today’s papers are not here yet" in text_of(client, "/day/2026-05-27")


def test_a_day_that_was_missed_says_which_source_failed(fifty: None, client: Client) -> None:
    failed("arxiv_feed", "no route", datetime(2026, 5, 27, 20, 14, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 5, 28, 12, tzinfo=UTC), tick=False):
        page = text_of(client, "/day/2026-05-28")

    assert "arXiv could not be read since Wednesday 27 May 2026, 20:14 UTC (15 hours ago)" in page


def test_the_first_start_says_that_papers_are_coming(db: None, client: Client) -> None:
    assert "No papers have come in yet" in text_of(client, "/")


def test_the_edition_line_says_when_sources_were_read(fifty: None, client: Client) -> None:
    answered("huggingface", "30 papers", datetime(2026, 5, 24, 3, tzinfo=UTC))

    page = text_of(client, "/")

    assert 'title="Sunday 24 May 2026, 03:00 UTC">3 hours ago</time>' in page
    assert "Hugging Face" in page


def test_the_edition_line_says_since_when_a_source_fails(fifty: None, client: Client) -> None:
    failed("arxiv_feed", "no route", datetime(2026, 5, 24, 4, tzinfo=UTC))

    page = text_of(client, "/")

    assert "arXiv could not be read since 04:00 UTC (2 hours ago)." in page
    assert "Showing what we have." in page


def test_a_front_page_that_is_behind_says_so(fifty: None, client: Client) -> None:
    assert "newest edition held here" not in text_of(client, "/")

    with time_machine.travel(datetime(2026, 5, 26, 12, tzinfo=UTC), tick=False):
        assert "newest edition held here" in text_of(client, "/")


def test_replacements_are_counted_but_not_ranked(take: TakeIn, client: Client) -> None:
    take(
        record(1),
        record(2, listings=(Listing("arxiv", FRIDAY, ListingKind.REPLACE),), announced_on=date(2024, 1, 2)),
    )

    page = text_of(client, "/day/2026-05-22")

    assert "first of 1" in page
    assert 'New versions of older papers</span> <span class="num">1<' in page


def test_a_change_shows_at_once(take: TakeIn, client: Client) -> None:
    take(record(1))
    assert "Paper 1 on retrieval" in text_of(client, "/")

    with time_machine.travel(SATURDAY, tick=False):
        take(record(1, "A better title", told_on=FRIDAY))

    assert "A better title" in text_of(client, "/")


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/", 14),
        ("/day/2026-05-22", 13),
        ("/?cat=cs.CV", 14),
        ("/week/2026-W21?page=2", 13),
        ("/day/2026-05-23", 16),
    ],
)
def test_the_number_of_queries_does_not_grow(
    take: TakeIn, client: Client, path: str, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    take(*(record(number) for number in range(1, 70)))

    with django_assert_num_queries(count):
        client.get(path)


def test_an_edition_seen_before_costs_three_queries(
    fifty: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/day/2026-05-22")

    with django_assert_num_queries(3):
        client.get("/day/2026-05-22")


def test_a_closed_edition_leads_to_what_is_counted_now_and_back(take: TakeIn, client: Client) -> None:
    take(record(1), record(2))
    later = record(2, signals=signals(SignalKind.UPVOTES, 1, 2, 999))
    with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
        take_in([later], now=MONDAY)
        refresh_editions(now=MONDAY + timedelta(days=2))

        printed, latest = (text_of(client, f"/day/2026-05-22{query}") for query in ("", "?view=latest"))

    assert printed.index("Paper 1 on") < printed.index("Paper 2 on")
    assert "As first counted here" in printed
    assert '<a href="/day/2026-05-22?view=latest">As counted now</a>' in printed
    assert "<b>999</b>" not in printed
    assert latest.index("Paper 2 on") < latest.index("Paper 1 on")
    assert "by the formula <code>trending-2</code>" in latest


def test_a_broken_network_is_told_once(fifty: None, client: Client) -> None:
    for name in ("arxiv_feed", "github", "huggingface"):
        failed(name, "no route", datetime(2026, 5, 24, 4, tzinfo=UTC))

    page = text_of(client, "/")

    assert "arXiv, GitHub and Hugging Face could not be read since 04:00 UTC (2 hours ago)." in page
    assert page.count("could not be read") == 1


def test_late_papers_are_counted_on_the_printed_page(db: None, client: Client) -> None:
    friday = datetime(2026, 5, 22, 20, tzinfo=UTC)
    take_in([record(1)], now=NOW)
    refresh_editions(now=friday)
    refresh_editions(now=friday + timedelta(hours=5))
    take_in([record(2)], now=MONDAY)
    refresh_editions(now=MONDAY)

    page = text_of(client, "/day/2026-05-22")

    assert "1 paper came in later." in page
    assert "Paper 2 on" not in page
    assert "Paper 2 on" in text_of(client, "/day/2026-05-22?view=latest")


def test_trending_holds_what_gains_now(fifty: None, client: Client) -> None:
    page = text_of(client, "/trending")

    assert "Trending, Sunday 24 May 2026" in page
    assert "What gained most in the last seven days" in page
    assert "Paper 1 on retrieval" in page
    assert "All time" in text_of(client, "/trending/all")
    assert text_of(client, "/trending/2026-05-24") != ""


@pytest.mark.parametrize(
    ("query", "to"),
    [("day", "/"), ("week", "/week"), ("month", "/month"), ("all", "/trending/all")],
)
def test_trending_leads_to_the_windows(db: None, client: Client, query: str, to: str) -> None:
    assert client.get(f"/trending?window={query}").headers["Location"] == to


def test_nothing_trends_where_nothing_is_counted(fifty: None, client: Client) -> None:
    with time_machine.travel(datetime(2026, 8, 1, tzinfo=UTC), tick=False):
        page = text_of(client, "/trending/2026-08-01")

    assert "No source has counted anything lately" in page
    assert "Last edition:" in page
    assert "no such window" in text_of(client, "/trending?window=year", status=404)


def test_a_silent_signal_is_named(take: TakeIn, client: Client) -> None:
    quiet = signals(SignalKind.STARS, 5)
    told = tuple(SignalReading(SignalKind.UPVOTES, FRIDAY + timedelta(days=day), 9) for day in range(7))
    with time_machine.travel(MONDAY + timedelta(days=9), tick=False):
        take_in([record(1, signals=quiet + told)], now=MONDAY + timedelta(days=9))
        refresh_editions(now=MONDAY + timedelta(days=9))
        page = text_of(client, "/day/2026-05-22")

    assert "Not read lately, so counted for less: GitHub stars." in page
    assert "stars" in page


def test_a_category_has_its_own_papers_before_cross_lists(take: TakeIn, client: Client) -> None:
    cross = [record(number, categories=("cs.LG", "q-bio.NC")) for number in range(1, 5)]
    take(*cross, record(9, categories=("q-bio.NC",), signals=()))

    page = text_of(client, "/day/2026-05-22?cat=q-bio.NC")

    assert page.index("Paper 9 on") < page.index("Paper 1 on") < page.index("Paper 2 on")
