"""Semantic Scholar and OpenAlex: what is known, what is unknown, and what a day may cost."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.paper import BadRecord, Told
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.domain.tally import Tally
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.sources.base import Batch
from broadsheet.sources.openalex import OpenAlex
from broadsheet.sources.semantic_scholar import SemanticScholar
from tests.fakes.clock import FakeClock
from tests.fakes.signals import FakeOpenAlex, FakeSemanticScholar, json_of
from tests.fakes.upstream import Answer, Upstream

TODAY = date(2026, 5, 22)
ONE, OTHER = PaperKey("arxiv:2605.00001"), PaperKey("doi:10.1000/xyz")
DAY = "2026-05-22"


def keys(count: int) -> list[PaperKey]:
    return [PaperKey(f"arxiv:2605.{number:05}") for number in range(1, count + 1)]


def scholar(
    client: PoliteClient, upstream: Upstream, papers: list[PaperKey], daily: int = 100
) -> SemanticScholar:
    return SemanticScholar(client, lambda limit: papers[:limit], "s3cret", daily, upstream.url)


def alex(client: PoliteClient, upstream: Upstream, papers: list[PaperKey], daily: int = 100) -> OpenAlex:
    return OpenAlex(client, lambda limit: papers[:limit], "s3cret", daily, upstream.url)


def told_of(batches: list[Batch]) -> list[Told]:
    return [told for batch in batches for told in batch.told]


def tally(source: str, key: PaperKey, count: int | None) -> Tally:
    readings = () if count is None else (SignalReading(SignalKind.CITATIONS, TODAY, count),)
    return Tally(source, key, readings)


def test_semantic_scholar_is_asked_for_many_papers_at_once(client: PoliteClient, upstream: Upstream) -> None:
    upstream.routes["/graph"] = FakeSemanticScholar({"ARXIV:2605.00001": 12})

    batches = list(scholar(client, upstream, [ONE, OTHER]).ask({}, None))

    [asked] = upstream.requests
    assert told_of(batches) == [tally("semantic_scholar", ONE, 12), tally("semantic_scholar", OTHER, None)]
    assert json.loads(asked.body) == {"ids": ["ARXIV:2605.00001", "DOI:10.1000/xyz"]}
    assert (asked.query, asked.headers["x-api-key"]) == ({"fields": "citationCount"}, "s3cret")


def test_semantic_scholar_may_know_none_of_the_papers(client: PoliteClient, upstream: Upstream) -> None:
    upstream.will_answer(b'{"error": "No valid paper ids given"}', status=400)

    assert told_of(list(scholar(client, upstream, [ONE]).ask({}, None))) == [
        tally("semantic_scholar", ONE, None)
    ]


def test_openalex_is_asked_for_one_paper_after_the_other(client: PoliteClient, upstream: Upstream) -> None:
    upstream.routes["/works"] = FakeOpenAlex({"10.48550/arxiv.2605.00001": 12})

    batches = list(alex(client, upstream, [ONE, OTHER]).ask({}, None))

    assert told_of(batches) == [tally("openalex", ONE, 12), tally("openalex", OTHER, None)]
    assert upstream.requests[0].query == {"select": "cited_by_count", "api_key": "s3cret"}
    assert batches[-1].progress == {"day": DAY, "used": 2}


@pytest.mark.parametrize("source", [scholar, alex])
@pytest.mark.parametrize(
    ("count", "reason"),
    [
        ("12", "expected a count"),
        (-1, "expected a count"),
        (1.5, "expected a count"),
        (10**12, "expected at most"),
        ([12], "expected a count"),
    ],
)
def test_a_count_that_is_none_is_a_bad_record(
    client: PoliteClient, upstream: Upstream, source: Any, count: Any, reason: str
) -> None:
    upstream.routes["/graph"] = FakeSemanticScholar({"ARXIV:2605.00001": count})
    upstream.routes["/works"] = FakeOpenAlex({"10.48550/arxiv.2605.00001": count})

    [bad] = told_of(list(source(client, upstream, [ONE]).ask({}, None)))

    assert isinstance(bad, BadRecord)
    assert (bad.where, reason in bad.reason) == (ONE, True)


@pytest.mark.parametrize("body", [b'[{"citations": 3}]', b'[{"citationCount": null}]', b'["x"]', b"[3]"])
def test_a_renamed_field_of_semantic_scholar_is_no_zero(
    client: PoliteClient, upstream: Upstream, body: bytes
) -> None:
    upstream.will_answer(body)

    assert isinstance(told_of(list(scholar(client, upstream, [ONE]).ask({}, None)))[0], BadRecord)


@pytest.mark.parametrize("body", [b'{"citations": 3}', b'{"cited_by_count": null}', b"{}"])
def test_a_renamed_field_of_openalex_is_no_zero(
    client: PoliteClient, upstream: Upstream, body: bytes
) -> None:
    upstream.will_answer(body)

    assert isinstance(told_of(list(alex(client, upstream, [ONE]).ask({}, None)))[0], BadRecord)


@pytest.mark.parametrize("source", [scholar, alex])
@pytest.mark.parametrize("body", ["<html>down</html>", "", "[1, ", '"text"', "null", "7"])
def test_what_is_no_answer_is_an_error(
    client: PoliteClient, upstream: Upstream, source: Any, body: str
) -> None:
    upstream.will_answer(body)

    with pytest.raises(UpstreamError, match="sent no"):
        list(source(client, upstream, [ONE]).ask({}, None))


def test_answers_that_do_not_fit_the_questions_are_an_error(client: PoliteClient, upstream: Upstream) -> None:
    upstream.will_answer(b'[{"citationCount": 3}]')

    with pytest.raises(UpstreamError, match="sent 1 answers to 2 questions"):
        list(scholar(client, upstream, [ONE, OTHER]).ask({}, None))


@pytest.mark.parametrize("source", [scholar, alex])
@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_no_key_stands_in_an_error(
    client: PoliteClient, upstream: Upstream, source: Any, status: int
) -> None:
    upstream.will_answer(status=status)

    with pytest.raises(UpstreamError) as caught:
        list(source(client, upstream, [ONE]).ask({}, None))

    assert "s3cret" not in f"{caught.value} {caught.value.__dict__}"


@pytest.mark.parametrize(("source", "papers_a_request"), [(scholar, 500), (alex, 1)])
def test_no_more_than_the_budget_of_a_day_is_asked(
    client: PoliteClient, upstream: Upstream, clock: FakeClock, source: Any, papers_a_request: int
) -> None:
    upstream.routes["/graph"] = FakeSemanticScholar({})
    upstream.routes["/works"] = FakeOpenAlex({})
    asked = source(client, upstream, keys(20 * papers_a_request), 12)

    *_, last = asked.ask({"day": DAY, "used": 5}, None)
    first_day = len(upstream.asked)
    again = list(asked.ask(last.progress, None))
    clock.at += timedelta(days=1)
    list(asked.ask(last.progress, None))

    assert (first_day, last.progress) == (7, {"day": DAY, "used": 12})
    assert again == []
    assert len(upstream.asked) == 7 + 12


@pytest.mark.parametrize("source", [scholar, alex])
def test_requests_are_written_down_before_they_are_made(
    client: PoliteClient, upstream: Upstream, source: Any
) -> None:
    run = source(client, upstream, [ONE]).ask({}, None)

    assert next(run) == Batch([], {"day": DAY, "used": 1})
    assert upstream.asked == []


def test_openalex_says_when_the_day_is_used_up(client: PoliteClient, upstream: Upstream) -> None:
    upstream.will(Answer(json_of({"cited_by_count": 3}), headers={"x-ratelimit-remaining": "0"}))

    batches = list(alex(client, upstream, keys(5)).ask({}, None))

    assert len(upstream.asked) == len(told_of(batches)) == 1
    assert batches[-1].progress == {"day": DAY, "used": 100}


def test_a_paper_over_which_openalex_stumbles_lets_others_go_first(
    client: PoliteClient, upstream: Upstream
) -> None:
    upstream.will_answer(json_of({"cited_by_count": 3}))
    upstream.will_answer(status=500)
    told: list[Told] = []

    def run() -> None:
        for batch in alex(client, upstream, keys(3)).ask({}, None):
            told.extend(batch.told)

    with pytest.raises(UpstreamError, match="is in trouble"):
        run()

    assert told == [tally("openalex", keys(2)[0], 3), tally("openalex", keys(2)[1], None)]
