"""Clients from the package index, unchanged, against a server that holds 150,000 papers."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import arxiv
import feedparser
import httpx
import pytest
from huggingface_hub import HfApi, close_session
from mcp import Client, StdioServerParameters, stdio_client

from tests.deliver.asking_tools import call, with_client
from tests.large.papers import PAPERS, WORDS
from tests.sites import BROADSHEET, ROOT

pytestmark = pytest.mark.slow
DAY, WEEK, MONTH = "2026-06-19", "2026-W25", "2026-06"
NEWEST = "2606.00358"


@pytest.fixture
def hub(large: str) -> Iterator[HfApi]:
    yield HfApi(endpoint=large, token=False)
    close_session()


@pytest.fixture
def query_api(large: str) -> Iterator[arxiv.Client]:
    client = arxiv.Client(page_size=1_000, delay_seconds=0, num_retries=0)
    client.query_url_format = large + "/api/query?{}"
    yield client
    client._session.close()


def test_hugging_faces_lists_and_papers(hub: HfApi) -> None:
    day = list(hub.list_daily_papers(date=DAY, limit=100))
    month = [one.id for page in range(4) for one in hub.list_daily_papers(month=MONTH, p=page, limit=100)]

    assert day
    assert {one.id for one in day} <= set(month)
    assert len(month) == len(set(month)) > 200
    assert len(list(hub.list_daily_papers(week=WEEK, limit=50, sort="trending"))) == 50
    assert hub.paper_info(NEWEST).title in {one.title for one in hub.list_papers(query=WORDS[0], limit=1)} | {
        one.title for one in hub.list_papers(query=NEWEST)
    }
    assert NEWEST in hub.read_paper(NEWEST)


def test_hugging_faces_commands(large: str, tmp_path: Path) -> None:
    def hf(*words: str) -> str:
        env = {**os.environ, "HF_ENDPOINT": large, "HF_HOME": str(tmp_path), "HF_TOKEN": ""}
        command = [str(Path(sys.executable).parent / "hf"), "papers", *words]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=60).stdout

    found = json.loads(hf("search", " ".join(WORDS[:3]), "--limit", "20", "--format", "json"))

    assert len(found) == 20
    assert json.loads(hf("ls", "--week", WEEK, "--limit", "5", "--format", "json"))
    assert found[0]["id"] in hf("info", found[0]["id"])
    assert "# " in hf("read", found[0]["id"])


def test_arxivs_package_pages_through_thousands(query_api: arxiv.Client) -> None:
    newest = arxiv.Search(
        query=f"all:{WORDS[0]} OR all:{WORDS[1]}",
        max_results=3_000,
        sort_by=arxiv.SortCriterion.SubmittedDate,
    )

    results = list(query_api.results(newest))

    assert len({one.entry_id for one in results}) == 3_000
    dates = [one.published for one in results]
    assert dates == sorted(dates, reverse=True)
    deep = list(islice(query_api.results(newest, offset=2_990), 5))
    assert [one.entry_id for one in deep] == [one.entry_id for one in results[2_990:2_995]]


def test_arxivs_package_asks_for_authors_categories_and_ids(query_api: arxiv.Client) -> None:
    def found(query: str = "", **more: Any) -> list[arxiv.Result]:
        return list(query_api.results(arxiv.Search(query=query, max_results=500, **more)))

    assert all("Author42 Brightwell" in str(one.authors) for one in found('au:"Author42 Brightwell"'))
    assert len(found('au:"Author42 Brightwell"')) == PAPERS // 5_000
    old = found("cat:hep-th AND submittedDate:[199201010000 TO 199203010000]")
    assert old
    assert all(one.published.year == 1992 for one in old)
    (paper,) = found(id_list=[NEWEST])
    assert paper.get_short_id().startswith(NEWEST)
    assert paper.comment == "39 pages"


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_every_kind_of_feed_is_read_by_feedparser(large: str, form: str) -> None:
    lists = (
        f"/day/{DAY}.{form}",
        f"/day.{form}",
        f"/week/{WEEK}.{form}?cat=cs.LG",
        f"/month/{MONTH}.{form}",
        f"/search.{form}?q={WORDS[0]}",
        f"/search.{form}?q={WORDS[0]}&sort=relevance",
        f"/similar/{NEWEST}.{form}",
        f"/author/Author42%20Brightwell.{form}",
        f"/name/FastNet.{form}",
        f"/benchmark/Roads-1k.{form}",
    )
    with httpx.Client(base_url=large) as client:
        for path in lists:
            reply = client.get(path)
            parsed = feedparser.parse(reply.content)
            assert not parsed.bozo, (path, parsed.bozo_exception)
            assert 2 <= len(parsed.entries) <= 60, path
            again = client.get(path, headers={"If-None-Match": reply.headers["ETag"]})
            assert again.status_code == 304, path


ASKED: list[tuple[str, dict[str, Any]]] = [
    ("search", {"query": f"{WORDS[0]} {WORDS[3]}", "limit": 20}),
    ("search", {"query": 'author:"Author42 Brightwell"', "sort": "new"}),
    ("edition", {"kind": "week", "when": WEEK, "limit": 20}),
    ("edition", {"kind": "month", "when": MONTH, "limit": 20, "page": 3}),
    ("similar", {"id": NEWEST, "limit": 10}),
    ("get_paper", {"id": NEWEST}),
    ("claims", {"name": "FastNet"}),
]


async def _ask_all(client: Client) -> list[dict[str, Any]]:
    told = [await client.call_tool(tool, arguments) for tool, arguments in ASKED]
    return [one.structured_content["untrusted"] for one in told if one.structured_content]


def test_the_sdk_of_mcp_gets_the_same_over_http_and_stdio(large: str, large_env: dict[str, str]) -> None:
    program = StdioServerParameters(command=BROADSHEET, args=["mcp"], env=large_env, cwd=ROOT)

    over_http, over_stdio = (with_client(way, _ask_all) for way in (f"{large}/mcp", stdio_client(program)))

    assert len(over_http) == len(ASKED)
    assert [_ids(one) for one in over_http] == [_ids(one) for one in over_stdio]
    assert all(one["papers"] for one in over_http[:5])
    assert over_http[5]["paper"]["id"] == NEWEST
    assert over_http[6]["claims"][0]["subject"] == "FastNet"
    assert not call(f"{large}/mcp", "trending", window="now").is_error


def _ids(told: dict[str, Any]) -> list[str]:
    return [paper["id"] for paper in told.get("papers", [])]
