"""Feeds, as programs that read them see them: what they hold, in which order, and when they change."""

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from xml.etree.ElementTree import fromstring

import feedparser
import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet.deliver.feeds.formats import WRITERS
from tests.deliver.conftest import NOW, TakeIn, record

FORMS = ["atom", "rss", "json"]
HOSTILE = "<script>alert(1)</script> \x02\x1b ]]> &amp; & \u202e $x_i^{2}$ é"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_sunday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def parsed(client: Client, path: str) -> Any:
    reply = client.get(path)
    assert reply.status_code == 200
    found = feedparser.parse(reply.content)
    assert not found.bozo
    return found


def items(client: Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(path).json()["items"]
    return found


@pytest.mark.parametrize(
    "path",
    ["/day.{}", "/day/2026-05-22.{}", "/week.{}", "/week/2026-W21.{}", "/month.{}", "/month/2026-05.{}"],
)
@pytest.mark.parametrize("form", FORMS)
def test_every_edition_is_a_feed(fifty: None, client: Client, path: str, form: str) -> None:
    reply = client.get(path.format(form))

    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == WRITERS[form][0]
    assert b"Paper 1 on retrieval" in reply.content
    assert b"Here for 299 upvotes" in reply.content
    assert not reply.cookies


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_program_that_sorts_by_date_keeps_the_order(fifty: None, client: Client, form: str) -> None:
    entries = parsed(client, f"/day/2026-05-22.{form}").entries

    shuffled = sorted(entries, key=lambda one: one.id)
    by_date = sorted(shuffled, key=lambda one: one.published_parsed, reverse=True)

    assert [one.title for one in by_date] == [f"Paper {number} on retrieval" for number in range(1, 51)]


def test_an_entry_keeps_its_id_in_a_list_and_has_another_in_another(take: TakeIn, client: Client) -> None:
    take(record(1))
    first = items(client, "/day.json")[0]["id"]
    take(record(2))

    ids = {one["title"]: one["id"] for one in items(client, "/day.json")}

    assert ids["Paper 1 on retrieval"] == first
    assert items(client, "/week.json")[0]["id"] not in ids.values()
    assert [one.id for one in parsed(client, "/day.atom").entries] == list(ids.values())


@pytest.mark.parametrize("form", FORMS)
def test_who_has_it_already_is_told_so_before_papers_are_read(
    fifty: None, client: Client, form: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    path = f"/day/2026-05-22.{form}"
    first = client.get(path)
    with django_assert_max_num_queries(3):
        again = client.get(path, headers={"if-none-match": first.headers["ETag"]})
    since = client.get(path, headers={"if-modified-since": first.headers["Last-Modified"]})

    assert again.status_code == since.status_code == 304
    assert not again.content
    assert parsedate_to_datetime(first.headers["Last-Modified"]) <= NOW + timedelta(seconds=1)


def test_a_changed_list_is_told_anew(take: TakeIn, client: Client) -> None:
    take(record(1))
    first = client.get("/day.atom")
    take(record(2))

    again = client.get("/day.atom", headers={"if-none-match": first.headers["ETag"]})

    assert again.status_code == 200
    assert len(feedparser.parse(again.content).entries) == 2


@pytest.mark.parametrize("form", FORMS)
def test_what_others_wrote_stays_text(take: TakeIn, client: Client, form: str) -> None:
    take(record(1, title=HOSTILE, summary=HOSTILE, authors=(HOSTILE, "Ada"), one_line=HOSTILE))
    path = f"/day.{form}"

    if form == "json":
        (item,) = items(client, path)
        html, title = item["content_html"], item["title"]
    else:
        fromstring(client.get(path).content)  # well-formed for a strict reader too
        (entry,) = parsed(client, path).entries
        html, title = (entry.content[0].value if form == "atom" else entry.description), entry.title

    assert "<script" not in html
    assert "\x02" not in html + title
    assert "\x1b" not in html + title
    assert "<math" in client.get("/day.json").json()["items"][0]["content_html"]
    assert "alert(1)" in title


def test_a_category_a_search_and_what_is_similar(fifty: None, client: Client) -> None:
    titles = [one.title for one in parsed(client, "/day.atom?cat=cs.CV").entries]
    assert titles
    assert "Paper 1 on retrieval" not in titles
    assert parsed(client, "/search.rss?q=cat:cs.CV").feed.title == "Search: cat:cs.CV · Broadsheet"
    assert parsed(client, "/similar/2605.00001.atom").feed.title.startswith("Similar to Paper 1")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/day.atom?cat=Robert'); drop", 400, 'cat: got "Robert\'); drop", expected a category like cs.LG'),
        ("/day/2026-13-99.rss", 400, "address: got '2026-13-99', expected newest, or a day like 2026-05-22"),
        ("/day/2026-05-21.rss", 404, "has no papers"),
        ("/search.json", 400, "q: got '', expected a query of 1 to 2000 characters"),
        ("/search.json?q=a&sort=best", 400, "sort: got 'best', expected one of relevance, new, trending"),
        ("/similar/..%2f..%2fetc.atom", 400, "expected an arXiv id"),
        ("/similar/2605.99999.atom", 404, "no paper named 2605.99999 is held here"),
        ("/trending.rss", 404, "There is no edition yet"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(client: Client, path: str, status: int, words: str) -> None:
    reply = client.get(path)

    assert reply.status_code == status
    assert words in reply.content.decode()


def test_feeds_are_only_read(fifty: None, client: Client) -> None:
    assert client.post("/day.atom").status_code == 405
    assert client.head("/day.atom").status_code == 200


def test_atom_has_what_its_specification_asks(fifty: None, client: Client) -> None:
    ns = "{http://www.w3.org/2005/Atom}"
    root = fromstring(client.get("/day.atom").content)

    assert root.tag == f"{ns}feed"
    for where in (root, *root.findall(f"{ns}entry")):
        told = {name: where.findall(f"{ns}{name}") for name in ("id", "title", "updated")}
        assert all(len(found) == 1 and found[0].text for found in told.values())
        assert str(told["id"][0].text).startswith("urn:uuid:")
        assert datetime.fromisoformat(str(told["updated"][0].text)) <= NOW + timedelta(seconds=1)
    assert [one.get("rel") for one in root.findall(f"{ns}link")] == ["alternate", "self"]


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/day/2026-05-22",
        "/week/2026-W21?cat=cs.CV",
        "/search?q=retrieval",
        "/similar/2605.00001",
        "/about",
    ],
)
def test_pages_name_feeds_that_are_there(fifty: None, client: Client, page: str) -> None:
    text = client.get(page).content.decode()

    found = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', text)
    assert len(found) == 3
    for kind, address in found:
        reply = client.get(unescape(address))
        assert reply.status_code == 200
        assert reply.headers["Content-Type"].startswith(kind)
