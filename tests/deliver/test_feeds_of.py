"""Feeds of authors, names and subscriptions, their list for readers, and what specifications ask."""

import re
from html import unescape
from typing import Any

import feedparser
import listparser
import pytest
import time_machine
from django.test import Client
from jsonschema import Draft202012Validator
from lxml import etree

from broadsheet import wiring
from broadsheet.deliver import tokens
from broadsheet.deliver.tokens import Purpose
from broadsheet.domain.interest import Interest
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.jobs import reading
from broadsheet.jobs.indexing import catch_up
from broadsheet.lib.address import read as address
from broadsheet.store import subscriptions
from broadsheet.store.models import Claim, Subscription
from broadsheet.store.subscriptions import Handle
from tests.deliver.conftest import NOW, TakeIn, record
from tests.deliver.feed_grammars import GRAMMARS, JSON_FEED

HOSTILE = "<script>alert(1)</script> \x02 ]]> &amp; $x_i^{2}$ \u2028é"
FORMS = ["atom", "rss", "json"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_sunday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def claimed(take: TakeIn) -> None:
    said = "FastNet is 3.3x faster than SlowNet on Roads-1k."
    take(
        record(1, abstract=said),
        record(2, abstract="We say nothing."),
        record(3, title=HOSTILE, authors=(HOSTILE,)),
    )
    reading.catch_up()
    catch_up(wiring.words_index())


@pytest.fixture
def reader(fifty: None) -> Handle:
    catch_up(wiring.words_index())
    subscriptions.ask(address("a@example.org"), Interest(categories=("cs.CV",), most=5), network="n", now=NOW)
    row = Subscription.objects.get()
    handle = Handle(row.pk, row.generation)
    Subscription.objects.update(state=SubscriptionState.ACTIVE, confirmed_at=NOW, due_at=NOW)
    return handle


def titles(client: Client, path: str) -> list[str]:
    reply = client.get(path)
    assert reply.status_code == 200, reply.content[:200]
    return [one["title"] for one in reply.json()["items"]]


def own_path(client: Client, handle: Handle) -> str:
    """As its owner finds it, on the page of their choices."""
    page = client.get("/subscription", {"token": tokens.make(Purpose.MANAGE, handle)}).content.decode()
    found = re.search(r'href="(/subscription/feed\.json\?token=[^"]+)"', page)
    assert found
    return unescape(found[1])


def valid(content: bytes, form: str) -> None:
    assert not feedparser.parse(content).bozo or form == "json"
    if form == "json":
        Draft202012Validator(JSON_FEED).validate(_json(content))
    else:
        GRAMMARS[form].assertValid(etree.fromstring(content))


def _json(content: bytes) -> Any:
    import orjson  # noqa: PLC0415 - beside its one use

    return orjson.loads(content)


def test_the_grammars_find_what_is_wrong() -> None:
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><title>No id, no date</title></feed>'
    assert not GRAMMARS["atom"].validate(etree.fromstring(atom))
    rss = '<rss version="2.0"><channel><title>a</title><pubDate>today</pubDate></channel></rss>'
    assert not GRAMMARS["rss"].validate(etree.fromstring(rss))


@pytest.mark.parametrize("form", FORMS)
def test_feeds_are_as_their_specifications_ask(
    claimed: None, client: Client, settings: Any, form: str
) -> None:
    settings.OPTIONS = {**settings.OPTIONS, "WEBSUB_HUB": "https://hub.example.org/"}
    for page in ("/day", "/week", "/day/2026-05-22", "/search", "/author/Ada Lovelace", "/name/FastNet"):
        reply = client.get(f"{page}.{form}", {"q": "paper"} if page == "/search" else {})
        assert reply.status_code == 200, page
        valid(reply.content, form)
        is_told = page in ("/day", "/week")  # others the hub knows nothing of
        assert ('rel="hub"' in reply.headers.get("Link", "")) is is_told
        assert (b"hub.example.org" in reply.content) is is_told


def test_an_author_is_followed(claimed: None, client: Client) -> None:
    assert set(titles(client, "/author/Ada Lovelace.json")) == {
        "Paper 1 on retrieval",
        "Paper 2 on retrieval",
    }
    page = client.get("/author/Ada Lovelace")
    assert page.headers["Location"] == "/search?q=author%3A%22Ada+Lovelace%22&sort=new"


def test_a_name_is_followed_with_what_is_claimed_of_it(claimed: None, client: Client) -> None:
    assert Claim.objects.exists()
    (item,) = client.get("/name/fastnet.json").json()["items"]
    assert item["title"] == "Paper 1 on retrieval"
    assert "3.3×" in item["content_html"]
    assert titles(client, "/benchmark/Roads-1k.json") == ["Paper 1 on retrieval"]
    page = client.get("/name/FastNet").content.decode()
    for kind, feed in re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', page):
        assert client.get(unescape(feed)).headers["Content-Type"].startswith(kind)


def test_a_corrected_figure_is_told_anew(claimed: None, client: Client) -> None:
    first = client.get("/name/FastNet.atom")
    assert (
        client.get("/name/FastNet.atom", headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    )
    Claim.objects.update(is_removed=True)

    assert (
        client.get("/name/FastNet.atom", headers={"if-none-match": first.headers["ETag"]}).status_code == 404
    )


@pytest.mark.parametrize(
    "path", ["/search.atom?q=retrieval", "/author/Ada Lovelace.atom", "/search.bib?q=retrieval"]
)
def test_what_is_found_is_told_anew_when_the_index_has_followed(
    claimed: None, client: Client, take: TakeIn, path: str
) -> None:
    take(record(4, authors=("Ada Lovelace",)))
    before = client.get(path)
    known = {"if-none-match": before.headers["ETag"]}
    assert client.get(path, headers=known).status_code == 304

    catch_up(wiring.words_index())
    after = client.get(path, headers=known)

    assert after.status_code == 200
    assert b"Paper 4" in after.content
    assert b"Paper 4" not in before.content


def test_what_was_read_of_a_paper_is_told_anew(take: TakeIn, client: Client) -> None:
    take(record(1, abstract="FastNet is 3.3x faster than SlowNet on Roads-1k."))
    catch_up(wiring.words_index())
    known = {"if-none-match": client.get("/search.atom?q=retrieval").headers["ETag"]}
    assert client.get("/search.atom?q=retrieval", headers=known).status_code == 304

    reading.catch_up()

    assert client.get("/search.atom?q=retrieval", headers=known).status_code == 200


def test_a_search_is_told_anew_to_programs_that_know_dates_alone(claimed: None, client: Client) -> None:
    first = client.get("/search.atom?q=paper")

    again = client.get("/search.atom?q=paper", headers={"if-modified-since": "Sun, 24 May 2026 06:00:00 GMT"})

    assert "Last-Modified" not in first.headers
    assert again.status_code == 200


def test_a_subscription_has_a_feed_of_its_own(reader: Handle, client: Client, settings: Any) -> None:
    settings.OPTIONS = {**settings.OPTIONS, "WEBSUB_HUB": "https://hub.example.org/"}
    path = own_path(client, reader)

    assert titles(client, path) == [f"Paper {number} on retrieval" for number in (2, 4, 6, 8, 10)]
    for form in FORMS:
        reply = client.get(path.replace(".json", f".{form}"))
        valid(reply.content, form)
        assert b"hub.example.org" not in reply.content
        assert "Link" not in reply.headers
        assert "private" in reply.headers["Cache-Control"]
        assert "Access-Control-Allow-Origin" not in reply.headers
        assert reply.headers["Referrer-Policy"] == "no-referrer"
    known = client.get(path).headers["ETag"]
    assert client.get(path, headers={"if-none-match": known}).status_code == 304


def test_the_public_feeds_of_its_categories_come_together(reader: Handle, client: Client) -> None:
    manage = tokens.make(Purpose.MANAGE, reader)
    Subscription.objects.update(interest={"categories": ["cs", "cs.CV", "hep-th"]})

    page = client.get("/subscription", {"token": manage}).content.decode()
    (path,) = re.findall(r'href="(/feeds\.opml[^"]*)"', page)
    told = client.get(unescape(path)).content

    assert unescape(path) == "/feeds.opml?cat=cs.CV&cat=hep-th"  # no list is of all that is cs
    assert b"/day.atom?cat=hep-th" in told


def test_it_follows_the_choices_and_goes_on_while_mail_rests(reader: Handle, client: Client) -> None:
    path = own_path(client, reader)
    known = client.get(path).headers["ETag"]
    subscriptions.change(reader, Interest(categories=("cs.CL",), most=3), NOW)
    subscriptions.pause(reader)

    reply = client.get(path, headers={"if-none-match": known})

    assert reply.status_code == 200
    assert [one["title"] for one in reply.json()["items"]] == [f"Paper {n} on retrieval" for n in (1, 3, 5)]


def test_its_owner_can_give_it_another_address(reader: Handle, client: Client) -> None:
    path = own_path(client, reader)
    token = tokens.make(Purpose.MANAGE, reader)

    client.post("/subscription", {"token": token, "do": "feed"})

    assert client.get(path).status_code == 410
    assert client.get(own_path(client, reader)).status_code == 200


def test_it_ends_with_the_subscription(reader: Handle, client: Client) -> None:
    path = own_path(client, reader)
    subscriptions.end(reader, NOW)

    assert client.get(path).status_code == 410
    subscriptions.delete(reader)
    assert client.get(path).status_code == 410


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00", "y" * 9_000])
def test_a_feed_without_its_token_is_refused(reader: Handle, client: Client, token: str) -> None:
    reply = client.get("/subscription/feed.atom", {"token": token})

    assert reply.status_code == 403
    assert reply.content.decode().startswith("token: ")


def test_other_tokens_open_no_feed_and_its_own_opens_nothing_else(reader: Handle, client: Client) -> None:
    path = own_path(client, reader)
    for purpose in Purpose:
        told = client.get("/subscription/feed.json", {"token": tokens.make(purpose, reader)})
        assert told.status_code in (403, 410)
    own = path.partition("token=")[2]
    assert client.get(f"/subscription?token={own}").status_code == 403
    assert client.get(f"/unsubscribe?token={own}").status_code == 403


def test_feed_readers_import_the_feeds_of_categories(fifty: None, client: Client) -> None:
    reply = client.get("/feeds.opml?cat=cs.CL&cat=cs.CV,cs.CL")

    read = listparser.parse(reply.content)

    assert not read.bozo
    assert [feed.title for feed in read.feeds][2:] == [
        "The front page, cs.CL · Broadsheet",
        "The front page, cs.CV · Broadsheet",
    ]
    for feed in read.feeds[2:]:
        assert client.get(feed.url.removeprefix(wiring.site_url())).status_code == 200
    assert len(listparser.parse(client.get("/feeds.opml").content).feeds) == 2 + len(
        wiring.option("CATEGORIES")
    )


@pytest.mark.parametrize(
    ("cat", "expected"),
    [
        ("<x>", "got '<x>', expected a category like cs.LG"),
        ("cs.LG;drop", "expected a category like cs.LG"),
        ("x" * 100, "expected a category like cs.LG"),
        (" ".join(f"cs.{a}{b}" for a in "ABCDEFGH" for b in "STUVWXYZ"), "expected up to 50 categories"),
    ],
)
def test_odd_categories_are_refused(client: Client, cat: str, expected: str) -> None:
    reply = client.get("/feeds.opml", {"cat": cat})

    assert reply.status_code == 400
    assert expected in reply.content.decode()
