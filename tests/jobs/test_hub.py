"""A hub hears of the newest editions, not too often, and again when it did not listen."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from broadsheet.jobs import hub, schedule
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.lib.http import UpstreamError
from broadsheet.store.intake import take_in
from tests.fakes.clock import FakeClock
from tests.fakes.upstream import Answer, Upstream, run_upstream
from tests.makers import NOW, arxiv, daily, upvotes

SITE = "https://papers.example.org"

pytestmark = pytest.mark.django_db


def printed(now: datetime = NOW) -> None:
    take_in([arxiv(listings=daily(), signals=(upvotes(3),))], now=now)
    refresh_editions(now=now)


def tell(upstream: Upstream) -> str:
    return hub.tell(f"{upstream.url}/hub", SITE, ("cs.LG",), FakeClock())


def test_each_newest_edition_is_told_once() -> None:
    printed()
    with run_upstream() as upstream:
        upstream.routes["/hub"] = lambda _: Answer(status=204)

        first, again = tell(upstream), tell(upstream)

    (asked,) = upstream.requests
    fields = parse_qsl(asked.body.decode())
    assert ("hub.mode", "publish") in fields
    topics = [value for name, value in fields if name == "hub.url"]
    assert topics[:3] == [f"{SITE}/day.atom", f"{SITE}/day.atom?cat=cs.LG", f"{SITE}/day.rss"]
    assert first == f"the hub was told of {len(topics)} feeds"
    assert again == "nothing new for the hub"


def test_a_hub_that_fails_is_told_again() -> None:
    printed()
    with run_upstream() as upstream:
        upstream.will_answer(status=503, Retry_After="120")
        upstream.will_answer(status=202)

        with pytest.raises(UpstreamError, match="status 503") as caught:
            tell(upstream)
        told = tell(upstream)

    assert caught.value.retry_after == timedelta(seconds=120)
    assert "told of" in told


def test_a_hub_that_is_not_there_is_tried_later() -> None:
    printed()

    with pytest.raises(UpstreamError, match="cannot be told") as caught:
        hub.tell("http://127.0.0.1:9/", SITE, (), FakeClock())

    assert caught.value.retry_after is not None


def test_an_open_edition_is_told_once_an_hour_and_when_it_is_printed() -> None:
    closed = datetime(2026, 5, 23, 0, 5, tzinfo=UTC)
    opened = closed - timedelta(hours=4, minutes=5)
    told = []
    with run_upstream() as upstream:
        upstream.routes["/hub"] = lambda _: Answer(status=204)
        for votes, now in enumerate(
            (opened, opened + timedelta(minutes=20), opened + timedelta(hours=1), closed)
        ):
            take_in([arxiv(listings=daily(day=date(2026, 5, 22)), signals=(upvotes(votes),))], now=now)
            refresh_editions(now=now)
            told.append(tell(upstream) != "nothing new for the hub")

    assert told == [True, False, True, True]


def test_only_a_site_with_a_hub_that_may_ask_has_the_job() -> None:
    assert "hub" in schedule.Plan(may_ask=True, has_oai=False, has_hub=True).names
    assert "hub" not in schedule.Plan(may_ask=True, has_oai=False).names
    assert "hub" not in schedule.Plan(may_ask=False, has_oai=False, has_hub=True).names
