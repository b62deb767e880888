import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet.domain.paper import BadRecord, Link, LinkKind, Listing, ListingKind, PaperRecord, Told
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.sources.huggingface import HuggingFace
from tests.fakes.clock import FakeClock
from tests.fakes.papers import FakeDailyPapers, FakePaper, daily_item, some_papers
from tests.fakes.upstream import Answer, Upstream

RECORDED = Path("tests/fixtures/huggingface/one_item.json")
TODAY = date(2026, 5, 22)
PAPER = FakePaper("2605.00001", day=TODAY)


@pytest.fixture
def source(client: PoliteClient, upstream: Upstream) -> HuggingFace:
    return HuggingFace(client, upstream.url, days=0)


def told_of(source: HuggingFace, upstream: Upstream, *rows: Any) -> list[Told]:
    upstream.will_answer(json.dumps(rows))
    [batch] = source.ask({}, None)
    return batch.told


def record_of(source: HuggingFace, upstream: Upstream, row: Any) -> PaperRecord:
    [record] = told_of(source, upstream, row)
    assert isinstance(record, PaperRecord), str(record)
    return record


def test_a_recorded_item_tells_all_it_knows(source: HuggingFace, upstream: Upstream) -> None:
    record = record_of(source, upstream, json.loads(RECORDED.read_text())[0])

    assert record == PaperRecord(
        source="huggingface",
        key=record.key,
        title="Large Multimodal Models as General In-Context Classifiers",
        abstract="A sentence of our own stands here.",
        authors=(
            *("Marco Garosi", "Matteo Farina", "Alessandro Conti"),
            *("Massimiliano Mancini", "Elisa Ricci"),
        ),
        submitted_at=datetime(2026, 2, 26, 17, 8, 18, tzinfo=UTC),
        told_on=TODAY,
        links=(
            Link(LinkKind.CODE, "https://github.com/marco-garosi/CIRCLE"),
            Link(LinkKind.PROJECT, "https://circle-lmm.github.io/"),
        ),
        listings=(Listing("huggingface", date(2026, 3, 6), ListingKind.DAILY),),
        signals=(
            SignalReading(SignalKind.UPVOTES, TODAY, 10),
            SignalReading(SignalKind.COMMENTS, TODAY, 1),
            SignalReading(SignalKind.STARS, TODAY, 9),
        ),
    )
    assert record.key == "arxiv:2602.23229"


def test_the_day_of_the_list_is_the_date_part(source: HuggingFace, upstream: Upstream) -> None:
    row = daily_item(PAPER, submittedOnDailyAt="2026-05-21T23:59:59.999Z")

    record = record_of(source, upstream, row)

    assert record.listings[0].day == date(2026, 5, 21)


def test_nearly_all_of_a_row_may_be_missing(source: HuggingFace, upstream: Upstream) -> None:
    record = record_of(source, upstream, {"paper": {"id": "2605.00001", "title": "A paper"}})

    assert record.listings == (Listing("huggingface", TODAY, ListingKind.DAILY),)
    assert record.signals == ()


def test_nearly_all_of_a_row_may_be_null(source: HuggingFace, upstream: Upstream) -> None:
    row = daily_item(PAPER)
    nulls = {name: None for name in row["paper"]} | {"id": "2605.00001"}  # type: ignore[attr-defined]

    record = record_of(source, upstream, row | {"paper": nulls, "numComments": None})

    assert record.title == "A paper"  # the outer one
    assert record.signals == ()


def test_a_link_that_is_no_web_address_is_dropped(source: HuggingFace, upstream: Upstream) -> None:
    row = daily_item(PAPER, githubRepo="javascript:alert(1)", projectPage="data:text/html,x")

    assert record_of(source, upstream, row).links == ()


def test_its_own_summaries_are_left_out(source: HuggingFace, upstream: Upstream) -> None:
    record = record_of(source, upstream, daily_item(PAPER))

    assert (record.summary, record.one_line) == ("", "")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (None, "holds no paper"),
        ([], "holds no paper"),
        ({"paper": None}, "holds no paper"),
        (daily_item(PAPER, id=None), "is not an arXiv id"),
        (daily_item(PAPER, id=["2605.00001"]), "id is a list; expected text"),
        (daily_item(PAPER, title=["A"]), "title is a list; expected text"),
        (daily_item(PAPER, upvotes="ten"), "upvotes is 'ten'; expected a count"),
        (daily_item(PAPER, upvotes=-1), "upvotes is -1; expected a count"),
        (daily_item(PAPER, upvotes=True), "upvotes is True; expected a count"),
        (daily_item(PAPER, upvotes=10**12), "expected 0 to 1,000,000,000"),
        (daily_item(PAPER, authors="Ada"), "authors is text; expected a list of objects"),
        (daily_item(PAPER, publishedAt="yesterday"), "publishedAt 'yesterday' is no moment"),
        (daily_item(PAPER, publishedAt="2099-01-01T00:00:00Z"), "lies in the future"),
    ],
)
def test_a_row_that_cannot_be_read_stops_nothing(
    source: HuggingFace, upstream: Upstream, row: Any, reason: str
) -> None:
    bad, good = told_of(source, upstream, row, daily_item(PAPER))

    assert isinstance(bad, BadRecord)
    assert reason in bad.reason
    assert bad.where.startswith("the list of 2026-05-22")
    assert isinstance(good, PaperRecord)


@pytest.mark.parametrize("body", ["<html>down</html>", "", "{}", '{"error": "busy"}', '"text"', "[1, 2"])
def test_what_is_no_list_is_an_error(source: HuggingFace, upstream: Upstream, body: str) -> None:
    upstream.will_answer(body)

    with pytest.raises(UpstreamError, match="sent no") as caught:
        list(source.ask({}, None))

    assert caught.value.retry_after == timedelta(minutes=30)


def test_an_empty_list_is_no_error(source: HuggingFace, upstream: Upstream) -> None:
    assert told_of(source, upstream) == []


def test_a_day_that_has_not_begun_there_is_an_empty_list(client: PoliteClient, upstream: Upstream) -> None:
    upstream.will_answer('{"error": "date is in the future"}', status=400)
    upstream.will_answer(json.dumps([daily_item(PAPER)]))

    today, yesterday = HuggingFace(client, upstream.url, days=1).ask({}, None)

    assert today.told == []
    assert len(yesterday.told) == 1


def test_a_refused_list_of_an_earlier_day_is_an_error(client: PoliteClient, upstream: Upstream) -> None:
    upstream.will_answer("[]")
    upstream.will_answer(status=400)

    with pytest.raises(UpstreamError, match="answered status 400"):
        list(HuggingFace(client, upstream.url, days=1).ask({}, None))


def test_a_long_list_is_read_in_pages(source: HuggingFace, upstream: Upstream) -> None:
    papers = [FakePaper(paper.id, title=paper.title, day=TODAY) for paper in some_papers(230)]
    upstream.routes["/api/daily_papers"] = FakeDailyPapers(papers)

    [batch] = source.ask({}, None)

    assert len(batch.told) == 230
    assert [asked.query["p"] for asked in upstream.requests] == ["0", "1", "2"]


def test_a_server_that_sends_one_page_for_ever_is_left(source: HuggingFace, upstream: Upstream) -> None:
    rows = [daily_item(FakePaper(paper.id, day=TODAY)) for paper in some_papers(100)]
    upstream.routes["/api/daily_papers"] = lambda _: Answer(json.dumps(rows).encode())

    [batch] = source.ask({}, None)

    assert len(batch.told) == 100
    assert len(upstream.asked) == 2


def test_two_weeks_are_asked_and_old_lists_once_a_day(
    client: PoliteClient, upstream: Upstream, clock: FakeClock
) -> None:
    upstream.routes["/api/daily_papers"] = FakeDailyPapers([])
    source = HuggingFace(client, upstream.url)
    *_, last = source.ask({}, None)
    first_days = [asked.query["date"] for asked in upstream.requests]
    upstream.requests.clear()

    list(source.ask(last.progress, None))
    again = [asked.query["date"] for asked in upstream.requests]
    clock.at += timedelta(days=1)
    upstream.requests.clear()
    *_, newest = source.ask(last.progress, None)

    assert (first_days[0], first_days[-1], len(first_days)) == ("2026-05-22", "2026-05-08", 15)
    assert again == ["2026-05-22", "2026-05-21", "2026-05-20", "2026-05-19"]
    assert len(upstream.requests) == 15
    assert min(newest.progress["asked"]) == "2026-05-09"


def test_a_date_asks_all_lists_since(client: PoliteClient, upstream: Upstream) -> None:
    upstream.routes["/api/daily_papers"] = FakeDailyPapers([])

    list(HuggingFace(client, upstream.url).ask({"asked": "damaged"}, date(2026, 5, 20)))

    assert [asked.query["date"] for asked in upstream.requests] == ["2026-05-22", "2026-05-21", "2026-05-20"]
