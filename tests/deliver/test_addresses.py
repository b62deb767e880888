"""Addresses of papers whose DOI holds what means something in an address: each leads to its own paper."""

import html
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client

import broadsheet
from broadsheet.domain.addresses import doi_url, paper_path
from broadsheet.domain.ids import doi_key, find_key
from tests.deliver.conftest import NOW, TakeIn, record

PLAIN, ODD, DOTS = "10.1000/a", "10.1000/a#b?c=d&e+f<g>", "10.1000/x/../a"
PACKAGE = Path(broadsheet.__file__).parent
PLACES = [
    *(
        "/day",
        "/day.atom",
        "/day.rss",
        "/day.json",
        "/day.jsonl",
        "/day.md",
        "/week.csv",
        "/day.bib",
        "/day.ris",
    ),
    *("/day.csl.json", "/api/v1/editions/day/2026-05-22", "/index.md"),
    *("/api/daily_papers?date=2026-05-22", "/api/query?search_query=all:retrieval", "/saved"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_sunday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def three(take: TakeIn) -> None:
    named = {PLAIN: "The plain one", ODD: "The odd one", DOTS: "The one of dots"}
    take(
        *(
            record(at, title, key=doi_key(doi), doi=doi)
            for at, (doi, title) in enumerate(named.items(), start=1)
        )
    )


def leads_to(client: Client, address: str) -> str:
    """The heading of the page, as a browser gets it, which keeps what is behind a # to itself."""
    parts = urlsplit(address)
    reply = client.get(f"{parts.path}?{parts.query}", follow=True)
    found = re.search(r"<h1[^>]*>(?:<a[^>]*>)?([^<]+)", reply.content.decode())
    return found[1] if found else f"{reply.status_code} at {address}"


@pytest.mark.parametrize(
    ("doi", "title"), [(PLAIN, "The plain one"), (ODD, "The odd one"), (DOTS, "The one of dots")]
)
def test_its_own_address_leads_to_each(three: None, client: Client, doi: str, title: str) -> None:
    key = doi_key(doi)

    assert leads_to(client, paper_path(key)) == title
    assert find_key(doi_url(doi)) == key


@pytest.mark.parametrize("place", PLACES)
def test_every_address_that_is_told_leads_to_a_paper(three: None, client: Client, place: str) -> None:
    text = html.unescape(client.get(place).content.decode())
    told = set(re.findall(r"/(?:paper|similar)/[^\s\"'<>\\]+", text))
    told = {re.sub(r"(?:\)|\.md\)?|\.\w+(?:,\S*)?)$", "", one) for one in told}

    for address in told:
        assert leads_to(client, address).startswith("The "), place
    assert "doi.org/10.1000/a#" not in text
    assert "/doi:10.1000/a#" not in text
    assert "/doi:10.1000/x/.." not in text
    assert "doi.org/10.1000/x/.." not in text


@pytest.mark.parametrize("doi", [PLAIN, ODD, DOTS])
def test_a_page_and_what_embeds_it_tell_the_same_address(three: None, client: Client, doi: str) -> None:
    path = paper_path(doi_key(doi))
    page = html.unescape(client.get(path).content.decode())

    found = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)
    assert found
    told = client.get(found[1].removeprefix("http://localhost:8000")).json()

    assert f'<link rel="canonical" href="{path}">' in page
    assert path in told["html"]
    assert client.get(urlsplit(told["thumbnail_url"]).path).headers["Content-Type"] == "image/png"


def test_addresses_of_papers_are_made_in_one_place() -> None:
    by_hand = re.compile(
        r'/(?:paper|card)/\{(?!paper_in_path)|doi\.org/\{|https://arxiv\.org/abs/\{|"/(?:paper|similar)/"\|add'
    )
    files = [one for one in PACKAGE.rglob("*") if one.suffix in (".py", ".html", ".txt", ".xml")]
    own = PACKAGE / "domain" / "addresses.py"

    found = [
        f"{path.name}:{number}"
        for path in files
        if path != own
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if by_hand.search(line)
    ]

    assert not found
