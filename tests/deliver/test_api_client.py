"""The client in the package, against the site itself: every address, page after page, and what goes wrong."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import time_machine
from django.test import Client as Browser

from broadsheet.client import ApiError, Client, answers
from broadsheet.config.wsgi import application
from broadsheet.deliver.api.document import document
from broadsheet.deliver.api.examples import Here
from broadsheet.deliver.api.typed import source
from broadsheet.domain.scope import Scope
from tests.deliver.api_world import api, held_site, token_for
from tests.deliver.conftest import NOW

__all__ = ["api"]
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "list_papers": Client.papers,
    "get_paper": Client.paper,
    "get_signals": Client.signals,
    "list_similar": Client.similar,
    "search": Client.search,
    "list_categories": Client.categories,
    "list_editions": Client.editions,
    "get_edition": Client.edition,
    "trending": Client.trending,
    "list_claims": Client.claims,
    "get_claim": Client.claim,
    "list_names": Client.names,
    "get_subscription": Client.subscription,
    "change_subscription": Client.change_subscription,
    "end_subscription": Client.end_subscription,
    "get_status": Client.status,
}
OTHERWISE_NAMED = {"q": "query", "limit": "most", "date": "day", "id": "number", "cursor": ""}


def client(token: str = "") -> Client:
    return Client("http://localhost", token=token, transport=httpx.WSGITransport(app=application))


@pytest.fixture
def site(api: Browser) -> Iterator[Client]:
    with client() as opened:
        yield opened


def test_its_types_are_those_of_the_document() -> None:
    written = Path(str(answers.__file__)).read_text()

    assert written == source(document("", Here())), "write it again: make docs"


def test_it_has_a_function_for_each_address_with_its_parameters() -> None:
    found = {
        one["operationId"]: [row["name"] for row in one["parameters"]]
        for methods in document("", Here())["paths"].values()
        for one in methods.values()
    }

    assert found.keys() == FUNCTIONS.keys()
    for name, parameters in found.items():
        taken = inspect.signature(FUNCTIONS[name]).parameters
        wanted = {OTHERWISE_NAMED.get(one, one) for one in parameters} - {""}
        assert wanted - taken.keys() <= {"most"}, name


def test_lists_are_read_to_their_end(site: Client) -> None:
    assert len(list(site.papers())) == 52
    assert [one["rank"] for one in site.edition("day", "2026-05-22")] == list(range(1, 53))
    assert len(list(site.papers(category="cs.CV", most=7))) == 7
    assert [one["id"] for one in site.papers(since=NOW.date())] == []
    assert {one["paper"] for one in site.claims(name="QuickNet")} == {"2605.00051", "2605.00052"}
    assert [one["name"] for one in site.names(about="benchmark")] == ["Lanes", "Roads-1k"]
    assert [one["slug"] for one in site.editions()] == ["2026-05-22"]


def test_one_thing_is_told_as_it_is(site: Client) -> None:
    paper = site.paper("https://arxiv.org/abs/2605.00051v2")
    (claim,) = site.claims(paper=paper["id"])

    assert paper["names"] == ["QuickNet"]
    assert site.claim(claim["id"]) == claim
    assert site.signals("2605.00001")["series"]
    assert site.similar("2605.00001") == []
    assert set(site.paper("2605.00001", fields=["title"])) == {"id", "title"}
    assert next(site.search("retreival", most=1))["reason"]
    assert list(site.search("retreival", mend=False)) == []
    assert next(site.trending("day"))["terms"]
    assert site.categories()[0]["papers"] >= 0


def test_what_goes_wrong_is_told_in_the_words_of_the_site(site: Client) -> None:
    with pytest.raises(ApiError, match="404 not_found: No source that is read here") as missing:
        site.paper("2605.99999")
    with pytest.raises(ApiError, match="sort: expected") as wrong:
        list(site.search("a", sort="best"))
    with pytest.raises(ApiError, match="401 unauthorized"):
        site.status()

    assert missing.value.status == 404
    assert wrong.value.errors[0]["field"] == "sort"


def test_a_token_opens_what_needs_one(api: Browser) -> None:
    with client(token_for(Scope.STATUS)) as owner, client(token_for(Scope.SUBSCRIPTION)) as reader:
        assert owner.status()["papers"] == 52
        assert reader.change_subscription(often="weekly", state="paused")["state"] == "paused"
        assert reader.subscription()["interest"]["often"] == "weekly"
        reader.end_subscription()
        assert reader.subscription()["state"] == "ended"


def test_who_asks_too_often_waits_as_long_as_the_site_says(api: Browser, settings: Any) -> None:
    held_site(settings, API_RATE=100)
    rates = settings.OPTIONS["DATA"] / "rates"
    rates.unlink(missing_ok=True)
    with time_machine.travel(NOW), client() as site:
        for _ in range(101):
            site.categories()
    rates.unlink()
