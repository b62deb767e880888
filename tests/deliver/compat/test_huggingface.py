"""Hugging Face's own client, unchanged, against a server of ours on loopback."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from huggingface_hub import HfApi, close_session
from huggingface_hub.errors import HfHubHTTPError
from pytest_django import DjangoAssertNumQueries
from pytest_django.live_server_helper import LiveServer

from broadsheet.domain.paper import Listing, ListingKind
from tests.deliver.conftest import FRIDAY, NOW, TakeIn, key_of, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_sunday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def api(transactional_db: None, live_server: LiveServer) -> Iterator[HfApi]:
    yield HfApi(endpoint=live_server.url, token=False)
    close_session()  # it would keep its connection, and with it a thread of the server, until the very end


def test_the_papers_of_a_day(api: HfApi, fifty: None) -> None:
    found = list(api.list_daily_papers(date="2026-05-22", limit=10, sort="trending"))

    assert [one.id for one in found] == [f"2605.{number:05}" for number in range(1, 11)]
    first = found[0]
    assert first.title == "Paper 1 on retrieval"
    assert str(first.summary).startswith("Paper 1 reads evidence")
    assert first.upvotes == 299
    assert [author.name for author in first.authors or []][:2] == ["Ada Lovelace", "Grace Hopper"]
    assert first.published_at == datetime(2026, 5, 20, 12, tzinfo=UTC)
    assert first.github_repo == "https://github.com/owner/paper-1"
    assert first.ai_summary == "Paper 1 in one line."


def test_pages_of_a_day_a_week_and_a_month_have_every_paper_once(api: HfApi, fifty: None) -> None:
    windows: list[dict[str, Any]] = [{"date": "2026-05-22"}, {"week": "2026-W21"}, {"month": "2026-05"}, {}]
    for asked in windows:
        ids = [one.id for page in range(4) for one in api.list_daily_papers(**asked, p=page, limit=20)]
        assert sorted(ids) == [f"2605.{number:05}" for number in range(1, 51)], asked


def test_the_newest_come_first_when_that_is_asked_for(api: HfApi, take: TakeIn) -> None:
    take(record(1), record(2, submitted_at=datetime(2026, 5, 21, tzinfo=UTC)))

    assert [one.id for one in api.list_daily_papers()] == ["2605.00002", "2605.00001"]
    assert next(iter(api.list_daily_papers(date="2026-05-22", sort="publishedAt"))).id == "2605.00002"
    assert not list(api.list_daily_papers(submitter="somebody"))
    assert not list(api.list_daily_papers(date="2026-05-20"))


def test_without_a_day_the_newest_edition_comes_first(take: TakeIn, client: Client) -> None:
    listed = (Listing("sample", date(2026, 5, 21), ListingKind.DAILY),)
    take(
        *(record(n, submitted_at=datetime(2026, 5, 20, n, tzinfo=UTC)) for n in range(1, 5)),
        *(record(n, submitted_at=datetime(2026, 5, 20, n, tzinfo=UTC), listings=listed) for n in range(5, 9)),
    )

    def ids(**asked: int) -> list[str]:
        return [row["paper"]["id"][-1] for row in client.get("/api/daily_papers", asked).json()]

    assert ids() == list("43218765")
    assert ids(limit=3, p=1) == list("187")
    assert ids(limit=3, p=3) == []


def test_search_and_one_paper(api: HfApi, indexed: None) -> None:
    found = list(api.list_papers(query="paper 7 retrieval", limit=5))

    assert len(found) == 5
    assert all("retrieval" in str(one.title) for one in found)
    assert next(iter(api.list_papers(query="2605.00031"))).id == "2605.00031"
    paper = api.paper_info("2605.00007")
    assert paper.title == "Paper 7 on retrieval"
    assert paper.upvotes == 293
    assert paper.linked_models == []
    assert "# Paper 7 on retrieval" in api.read_paper("2605.00007")


@pytest.mark.parametrize("ref", ["2605.99999", "nonsense", "..%2f..%2fetc", "a" * 900])
def test_a_paper_that_is_not_there_is_the_error_that_the_client_knows(api: HfApi, ref: str) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        api.paper_info(ref)

    assert caught.value.response.status_code == 404


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"date": "2026-13-01"}, "date: got '2026-13-01', expected a day like 2026-05-22"),
        ({"date": "2026-06-01"}, "date: got '2026-06-01', expected a date that has begun"),
        ({"week": "21"}, "week: got '21', expected an ISO week"),
        ({"date": "2026-05-22", "month": "2026-05"}, "only one of date, week and month"),
        ({"limit": 101}, "limit: got '101', expected a whole number from 1 to 100"),
        ({"limit": "²"}, "limit: got '²', expected a whole number"),
        ({"p": -1}, "p: got '-1', expected a whole number"),
        ({"sort": "best"}, "sort: got 'best', expected publishedAt or trending"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(client: Client, asked: dict[str, Any], words: str) -> None:
    reply = client.get("/api/daily_papers", asked)

    assert reply.status_code == 400
    assert words in reply.json()["error"]


def test_all_papers_by_cursor(fifty: None, client: Client) -> None:
    address, ids = "/api/papers?limit=20", []
    while address:
        reply = client.get(address)
        ids += [row["paper"]["id"] for row in reply.json()]
        address = reply.headers.get("Link", "").partition(">")[0].partition("8000")[2]

    assert sorted(ids) == [f"2605.{number:05}" for number in range(1, 51)]
    assert client.get("/api/papers?cursor=2026-99-01.5").status_code == 400


def test_the_command_lists_searches_and_tells(live_server: LiveServer, indexed: None, tmp_path: Path) -> None:
    def hf(*words: str) -> Any:
        env = {**os.environ, "HF_ENDPOINT": live_server.url, "HF_HOME": str(tmp_path), "HF_TOKEN": ""}
        command = [str(Path(sys.executable).parent / "hf"), "papers", *words]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = json.loads(hf("ls", "--date", "2026-05-22", "--limit", "3", "--format", "json"))
    assert len(listed) == 3
    assert len(json.loads(hf("search", "retrieval", "--limit", "2", "--format", "json"))) == 2
    assert "Paper 9 on retrieval" in hf("info", "2605.00009")
    assert "# Paper 9 on retrieval" in hf("read", "2605.00009")


def test_lists_cost_a_fixed_number_of_queries(
    fifty: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(11):
        assert len(client.get("/api/daily_papers?date=2026-05-22&limit=50").json()) == 50


def test_who_has_it_already_is_told_so(fifty: None, client: Client) -> None:
    first = client.get("/api/daily_papers")

    assert (
        client.get("/api/daily_papers", headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    )
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert not first.cookies


def test_what_others_wrote_stays_text(take: TakeIn, client: Client) -> None:
    take(record(1, title="# <script>x</script>\x02 [a](javascript:b)", summary="<b>\n# no heading</b>"))

    text = client.get("/papers/2605.00001.md").content.decode()

    assert "<script" not in text
    assert "<b>" not in text
    assert "[a](" not in text
    assert "\n# no" not in text
    assert client.get("/papers/2605.00001").headers["Location"] == "/paper/2605.00001"
    assert key_of(1)
    assert FRIDAY.isoformat() in client.get("/api/papers/2605.00001").json()["submittedOnDailyAt"]
