from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.paper import BadRecord, Told
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.domain.tally import Tally
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.sources.hackernews import HackerNews
from tests.fakes.signals import FakeHackerNews, json_of, story
from tests.fakes.upstream import Upstream

TODAY = date(2026, 5, 22)


def ask(client: PoliteClient, upstream: Upstream, *stories: Any) -> list[Told]:
    upstream.routes["/api"] = FakeHackerNews(list(stories))
    [batch] = HackerNews(client, upstream.url).ask({}, None)
    return batch.told


def tally(key: str, points: int, replies: int) -> Tally:
    counts = {SignalKind.POINTS: points, SignalKind.REPLIES: replies}
    readings = tuple(SignalReading(kind, TODAY, value) for kind, value in counts.items())
    return Tally("hackernews", PaperKey(key), readings)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://arxiv.org/abs/2605.00001", "arxiv:2605.00001"),
        ("https://arxiv.org/pdf/2605.00001v3.pdf", "arxiv:2605.00001"),
        ("http://www.arxiv.org/html/2605.00001v1#S2", "arxiv:2605.00001"),
        ("https://www.alphaxiv.org/overview/2605.00001", "arxiv:2605.00001"),
        ("https://huggingface.co/papers/2605.00001", "arxiv:2605.00001"),
        ("https://ar5iv.labs.arxiv.org/html/2605.00001", "arxiv:2605.00001"),
        ("https://ar5iv.org/abs/2605.00001", "arxiv:2605.00001"),
        ("https://arxiv.org/abs/hep-th/9901001", "arxiv:hep-th/9901001"),
        ("https://doi.org/10.48550/arXiv.2605.00001", "arxiv:2605.00001"),
        ("https://dl.acm.org/doi/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
    ],
)
def test_a_paper_is_found_in_every_kind_of_address(
    client: PoliteClient, upstream: Upstream, url: str, key: str
) -> None:
    assert ask(client, upstream, story(url)) == [tally(key, 120, 30)]


@pytest.mark.parametrize(
    "url", ["https://arxiv.org/list/cs.LG/new", "https://github.com/a/2605.00001", "odd"]
)
def test_other_stories_are_no_news(client: PoliteClient, upstream: Upstream, url: str) -> None:
    assert ask(client, upstream, story(url)) == []


def test_a_text_post_is_of_the_paper_that_it_names(client: PoliteClient, upstream: Upstream) -> None:
    text = 'Read <a href="https:&#x2F;&#x2F;arxiv.org&#x2F;abs&#x2F;2605.00002" rel="nofollow">this</a>.'

    assert ask(client, upstream, story(None, story_text=text)) == [tally("arxiv:2605.00002", 120, 30)]


def test_a_text_that_names_several_papers_is_about_none(client: PoliteClient, upstream: Upstream) -> None:
    text = "https://arxiv.org/abs/2605.00002 and https://arxiv.org/abs/2605.00003"

    assert ask(client, upstream, story(None, story_text=text)) == []


def test_of_several_stories_of_a_paper_the_best_counts(client: PoliteClient, upstream: Upstream) -> None:
    first = story(points=100, num_comments=3, objectID="1")
    again = story("https://arxiv.org/pdf/2605.00001", points=40, num_comments=9, objectID="2")

    assert ask(client, upstream, first, again) == [tally("arxiv:2605.00001", 100, 9)]


def test_a_story_without_comments_yet_tells_its_points(client: PoliteClient, upstream: Upstream) -> None:
    [told] = ask(client, upstream, story(num_comments=None))

    assert isinstance(told, Tally)
    assert [reading.kind for reading in told.readings] == [SignalKind.POINTS]


RENAMED = {name: value for name, value in story().items() if name != "points"} | {"score": 120}


@pytest.mark.parametrize(
    ("hit", "reason"),
    [
        (RENAMED, "no points"),
        (story(points="120"), "expected a count"),
        (story(points=-1), "expected a count"),
        (story(points=10**12), "expected at most"),
        (story(num_comments=[3]), "expected a count"),
        (story(url=["https://arxiv.org/abs/2605.00001"]), "expected text"),  # type: ignore[arg-type]
        (story(None, story_text={"a": 1}), "expected text"),
        ("a story", "no story"),
        (None, "no story"),
    ],
)
def test_a_story_that_cannot_be_read_stops_nothing(
    client: PoliteClient, upstream: Upstream, hit: Any, reason: str
) -> None:
    good, bad = ask(client, upstream, hit, story("https://arxiv.org/abs/2605.00009", objectID="9"))

    assert good == tally("arxiv:2605.00009", 120, 30)
    assert isinstance(bad, BadRecord)
    assert reason in bad.reason


def test_the_question_is_of_two_weeks_and_few_requests(client: PoliteClient, upstream: Upstream) -> None:
    ask(client, upstream, story())

    queries = [asked.query for asked in upstream.requests]
    since = int((datetime(2026, 5, 22, 12, tzinfo=UTC) - timedelta(days=14)).timestamp())
    assert [query["query"] for query in queries][:3] == ["arxiv.org", "huggingface.co/papers", "alphaxiv.org"]
    assert len(queries) == 5
    assert {query["numericFilters"] for query in queries} == {f"created_at_i>{since}"}
    assert {query["tags"] for query in queries} == {"story"}


def test_more_stories_than_a_page_holds_are_read_to_the_end(client: PoliteClient, upstream: Upstream) -> None:
    stories = [story(f"https://arxiv.org/abs/2605.{n:05}", objectID=str(n)) for n in range(1, 1_501)]

    assert len(ask(client, upstream, *stories)) == 1_500


def test_pages_without_end_are_left(client: PoliteClient, upstream: Upstream) -> None:
    for _ in range(20):
        upstream.will_answer(json_of({"hits": [story()], "nbPages": 10**9}))
    upstream.routes["/api"] = FakeHackerNews([])

    list(HackerNews(client, upstream.url).ask({}, None))

    assert len(upstream.asked) <= 25


@pytest.mark.parametrize("body", ["<html>", "", "[]", '{"hits": ', '{"hits": {}}', '{"stories": []}', "null"])
def test_what_is_no_list_of_stories_is_an_error(client: PoliteClient, upstream: Upstream, body: str) -> None:
    upstream.will_answer(body)

    with pytest.raises(UpstreamError, match="sent no"):
        list(HackerNews(client, upstream.url).ask({}, None))


def test_many_stories_without_any_address_mean_a_new_format(client: PoliteClient, upstream: Upstream) -> None:
    renamed = [
        {"objectID": str(n), "link": "https://arxiv.org/abs/2605.00001", "points": 1} for n in range(30)
    ]

    with pytest.raises(UpstreamError, match="told no address with any of 30 stories"):
        ask(client, upstream, *renamed)
