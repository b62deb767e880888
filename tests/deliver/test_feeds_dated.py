"""Dates and marks of feeds: order in readers that sort by date, no paper twice, news when there is some."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from lxml import etree

from broadsheet import wiring
from broadsheet.deliver import tokens
from broadsheet.domain.interest import Interest
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.jobs.indexing import catch_up
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.lib.address import read as address
from broadsheet.store import subscriptions
from broadsheet.store.intake import take_in
from broadsheet.store.models import Subscription
from broadsheet.store.subscriptions import Handle
from tests.deliver.conftest import NOW, TakeIn, record
from tests.makers import arxiv, daily, upvotes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_sunday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def items(client: Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(path).json()["items"]
    return found


def days(*told: tuple[str, date, int]) -> None:
    """Papers with the day on which they were listed and their upvotes, all taken in at once."""
    take_in(
        [arxiv(number, listings=daily(day), signals=(upvotes(votes, day),)) for number, day, votes in told],
        now=NOW,
    )
    refresh_editions(now=NOW)


THURSDAY, FRIDAY = date(2026, 5, 21), date(2026, 5, 22)


def test_editions_made_in_one_run_keep_their_order_by_date(client: Client) -> None:
    days(
        *(
            (f"2605.{number:05}", day, 90 - number)
            for number, day in zip(range(8), [THURSDAY, FRIDAY] * 4, strict=True)
        )
    )

    told = items(client, "/day.json")

    assert len(told) == 8
    assert [one["id"] for one in sorted(told, key=lambda one: one["date_published"], reverse=True)] == [
        one["id"] for one in told
    ]
    assert len({one["date_published"] for one in told}) == 8
    assert all(datetime.fromisoformat(one["date_published"]) <= NOW for one in told)


def test_a_paper_of_two_days_stands_once_as_in_the_newer(client: Client) -> None:
    days(("2605.00001", THURSDAY, 9), ("2605.00002", THURSDAY, 5), ("2605.00001", FRIDAY, 30))

    told = items(client, "/day.json")

    assert [one["url"][-10:] for one in told] == ["2605.00001", "2605.00002"]
    assert told[0]["date_published"].startswith("2026-05-22")


def test_an_edition_made_anew_leaves_dates_as_they_are(client: Client, take: TakeIn) -> None:
    days(("2605.00001", FRIDAY, 9), ("2605.00002", FRIDAY, 5))
    path = "/day/2026-05-22.json?view=latest"
    before = {one["id"]: one["date_published"] for one in items(client, path)}

    take_in([arxiv("2605.00002", signals=(upvotes(6, FRIDAY),))], now=NOW + timedelta(hours=1))
    refresh_editions(now=NOW + timedelta(hours=1))

    assert {
        one["id"]: one["date_published"] for one in items(client, "/day/2026-05-22.json?view=latest")
    } == before


@pytest.mark.parametrize(
    "path", ["/day/2026-05-22.atom", "/day.json", "/day/2026-05-22.bib", "/", "/day/2026-05-22.md"]
)
def test_what_changes_of_a_printed_paper_is_told(client: Client, take: TakeIn, path: str) -> None:
    take(record(1), record(2))
    first = client.get(path)
    etag, since = first.headers["ETag"], first.headers.get("Last-Modified")
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304

    with time_machine.travel(NOW + timedelta(hours=8), tick=False):
        take_in([record(1, title="A corrected title")], now=NOW + timedelta(hours=8))
        again = client.get(path, headers={"if-none-match": etag})
        by_date = client.get(path, headers={"if-modified-since": since}) if since else again

    assert (again.status_code, by_date.status_code) == (200, 200)
    assert b"A corrected title" in again.content


def test_a_signal_alone_tells_nothing_new_of_a_printed_edition(client: Client, take: TakeIn) -> None:
    take(record(1), record(2))
    etag = client.get("/day/2026-05-22.atom").headers["ETag"]

    take_in([record(1, signals=(upvotes(500, date(2026, 5, 24)),))], now=NOW)

    assert client.get("/day/2026-05-22.atom", headers={"if-none-match": etag}).status_code == 304


def test_a_list_by_date_has_the_day_of_each_and_stays_when_one_comes(client: Client, take: TakeIn) -> None:
    take(
        *(
            record(number, submitted_at=datetime(2026, 5, 20 + number % 2, 9, tzinfo=UTC))
            for number in range(1, 7)
        )
    )
    catch_up(wiring.words_index())
    before = {one["id"]: one["date_published"] for one in items(client, "/search.json?q=retrieval")}
    assert {day[:10] for day in before.values()} == {"2026-05-20", "2026-05-21"}

    take(record(7, submitted_at=datetime(2026, 5, 21, 10, tzinfo=UTC)))
    catch_up(wiring.words_index())
    told = items(client, "/search.json?q=retrieval")

    after = {one["id"]: one["date_published"] for one in told}
    assert len(after) == 7
    assert {one: after[one] for one in before} == before
    assert sorted(after.values(), reverse=True) == [one["date_published"] for one in told]


def test_an_entry_is_updated_by_a_newer_version(client: Client, take: TakeIn) -> None:
    take(record(1), record(2))
    take(record(1, version=2, updated_on=date(2026, 5, 23)))

    told = {one["url"][-5:]: one for one in items(client, "/day/2026-05-22.json")}

    assert told["00001"]["date_modified"].startswith("2026-05-23")
    assert told["00002"]["date_modified"] == told["00002"]["date_published"]


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\x0b"])
def test_no_search_makes_a_feed_that_no_reader_reads(client: Client, take: TakeIn, sign: str) -> None:
    take(record(1))
    catch_up(wiring.words_index())

    for form in ("atom", "rss"):
        for path in (f"/search.{form}", f"/author/Ada{sign}Lovelace.{form}"):
            etree.fromstring(client.get(path, {"q": f"retrieval{sign}b"}).content)


def test_a_search_for_a_name_finds_that_paper(client: Client, take: TakeIn) -> None:
    take(record(1), record(2))
    catch_up(wiring.words_index())

    for query in ("2605.00001", "https://arxiv.org/abs/2605.00001v2"):
        (found,) = items(client, f"/search.json?q={query}")
        assert found["url"].endswith("/paper/2605.00001")
        assert b"2605.00001" in client.get("/search.bib", {"q": query}).content
    assert items(client, "/search.json?q=2605.99999") == []


@pytest.fixture
def own(client: Client) -> Any:
    def make(**chosen: Any) -> str:
        subscriptions.ask(address("a@example.org"), Interest(**chosen), network="n", now=NOW)
        row = Subscription.objects.get()
        Subscription.objects.update(state=SubscriptionState.ACTIVE, confirmed_at=NOW, due_at=NOW)
        word = tokens.make_feed(Handle(row.pk, row.generation), row.feed_key)
        return f"/subscription/feed.json?token={word}"

    return make


def test_a_subscription_feed_waits_for_the_index(client: Client, take: TakeIn, own: Any) -> None:
    take(*(record(number) for number in range(1, 4)), record(4, title="Zebras of the plain"))
    path = own(query="title:zebras")

    before = client.get(path)
    catch_up(wiring.words_index())

    assert (before.status_code, before.headers.get("Retry-After")) == (503, "60")
    assert [one["title"] for one in items(client, path)] == ["Zebras of the plain"]


def test_a_subscription_feed_is_chosen_once(
    client: Client, take: TakeIn, own: Any, django_assert_max_num_queries: Any
) -> None:
    take(*(record(number) for number in range(1, 40)))
    catch_up(wiring.words_index())
    path = own(categories=("cs.CL",), most=10)
    first = client.get(path).content

    with django_assert_max_num_queries(17):
        assert client.get(path).content == first
