"""One allowance for all that answers programs; each says in its clients' own way that it is used up."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from broadsheet.domain.scope import Scope
from tests.deliver.api_world import bearer, held_site, token_for
from tests.deliver.conftest import NOW

pytestmark = pytest.mark.django_db

PATHS = {
    "/api/v1/categories": 429,
    "/api/daily_papers": 429,
    "/api/query?search_query=all:retrieval": 429,
    "/oai?verb=Identify": 503,
    "/search.bib?q=retrieval": 429,
    "/author/Ada.atom": 429,
    "/papers.md?ref=2605.00001": 429,
    "/oembed?url=http://testserver/paper/2605.00001": 429,
}


@pytest.fixture
def limited(settings: Any) -> Iterator[Client]:
    held_site(settings, API_RATE=5, API_TOKEN_RATE=8)
    rates = settings.OPTIONS["DATA"] / "rates"
    rates.unlink(missing_ok=True)
    with time_machine.travel(NOW, tick=False):
        yield Client()
    rates.unlink(missing_ok=True)


@pytest.mark.parametrize("path", PATHS)
def test_who_has_asked_too_often_is_told_by_every_address(limited: Client, path: str) -> None:
    left = [limited.get(path).headers["RateLimit-Remaining"] for _ in range(5)]

    assert left == ["4", "3", "2", "1", "0"]
    for other, status in PATHS.items():
        refused = limited.get(other)
        assert (refused.status_code, refused.headers["Retry-After"]) == (status, "12"), other
        assert b"Too many requests. The next one is answered in 12 s." in refused.content
        assert refused.headers["Cache-Control"] == "no-store"
    assert limited.post("/mcp").status_code == 429
    assert limited.get("/api/daily_papers", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_a_token_of_ours_has_its_own_allowance_and_others_are_none(limited: Client) -> None:
    ours, others = bearer(token_for(Scope.READ)), {"Authorization": "Bearer hf_1234"}

    assert limited.get("/api/daily_papers", headers=ours).headers["RateLimit-Limit"] == "8"
    assert limited.get("/api/daily_papers", headers=others).headers["RateLimit-Remaining"] == "4"
    revoked = {"Authorization": "Bearer bs_none"}
    assert limited.get("/api/daily_papers", headers=revoked).headers["RateLimit-Remaining"] == "3"


def test_pages_and_lists_that_are_there_have_no_limit(limited: Client) -> None:
    for path in ("/about", "/llms.txt", "/opensearch.xml", "/feeds.opml"):
        assert {limited.get(path).status_code for _ in range(7)} == {200}, path
