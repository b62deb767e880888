"""What other sites, browsers and reference managers make of a link to a paper."""

import io
import json
import os
import time
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from xml.etree.ElementTree import fromstring

import pytest
from django.test import Client
from PIL import Image

from broadsheet import wiring
from broadsheet.deliver.compat import kept_cards
from broadsheet.deliver.compat.cards import HEIGHT, WIDTH, Card, draw
from broadsheet.domain.ids import PaperKey
from tests.deliver.conftest import TakeIn, record

pytestmark = pytest.mark.django_db
PAPER = "/paper/2605.00001"
SITE = "http://127.0.0.1:8000"
HOSTILE = '</script><script>alert(1)</script> "><img src=x> <!-- \u2028 \u202e &amp; $x_i^{2}$ é'


class Head(HTMLParser):
    """The meta elements and data blocks of a page, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.metas: list[tuple[str, str]] = []
        self.links: list[dict[str, str | None]] = []
        self.data: list[str] = []
        self._is_data = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self._is_data = tag == "script" and told.get("type") == "application/ld+json"
        if tag == "meta":
            self.metas.append((str(told.get("name") or told.get("property")), str(told.get("content"))))
        elif tag == "link":
            self.links.append(told)

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data.append(data)
            self._is_data = False

    def all(self, name: str) -> list[str]:
        return [content for one, content in self.metas if one == name]


def head_of(client: Client, path: str = PAPER) -> Head:
    reply = client.get(path)
    assert reply.status_code == 200
    return Head(reply.content.decode())


def test_zotero_finds_what_it_reads(take: TakeIn, client: Client) -> None:
    authors = ("Ada Lovelace", "Q Collaboration", "Plato", "King, Martin")
    take(record(1, authors=authors, doi="10.1000/xyz", updated_on=date(2026, 5, 21)))

    head = head_of(client)

    assert head.all("citation_title") == ["Paper 1 on retrieval"]
    assert head.all("citation_author") == ["Lovelace, Ada", "Q Collaboration", "Plato", "King, Martin"]
    assert head.all("citation_publication_date") == ["2026/05/20"]
    assert head.all("citation_doi") == ["10.1000/xyz"]
    assert head.all("citation_arxiv_id") == ["2605.00001"]
    assert head.all("citation_pdf_url") == ["https://arxiv.org/pdf/2605.00001"]
    assert head.all("citation_keywords") == ["retrieval; long context"]
    assert head.all("og:type") == ["article"]  # "website" would make it a web page for Zotero
    assert head.all("og:image") == [f"{SITE}/card/2605.00001.png"]
    assert head.all("twitter:card") == ["summary_large_image"]


@pytest.mark.parametrize(
    ("authors", "told"),
    [
        (("Johannes van der Waals",), ["van der Waals, Johannes"]),
        (("Johannes Diderik van der Waals",), ["van der Waals, Johannes Diderik;"]),
        (
            ("Jan Jacob de Boer", "Martin L. King Jr.", "Gemini Team", "Fei-Fei Li", "王小明"),
            ["de Boer, Jan Jacob", "King, Martin L., Jr.", "Gemini Team", "Li, Fei-Fei", "王小明"],
        ),
    ],
)
def test_names_are_turned_so_that_zotero_reads_one_person_each(
    take: TakeIn, client: Client, authors: tuple[str, ...], told: list[str]
) -> None:
    take(record(1, authors=authors))

    assert head_of(client).all("citation_author") == told


def test_search_engines_find_a_scholarly_article(take: TakeIn, client: Client) -> None:
    take(record(1, licence="http://creativecommons.org/licenses/by/4.0/"))

    (text,) = head_of(client).data

    told = json.loads(text)
    assert (told["@context"], told["@type"]) == ("https://schema.org", "ScholarlyArticle")
    assert told["headline"] == "Paper 1 on retrieval"
    assert told["author"][0] == {"@type": "Person", "name": "Ada Lovelace"}
    assert told["datePublished"] == "2026-05-20"
    assert "https://arxiv.org/abs/2605.00001" in told["sameAs"]
    assert told["license"] == "http://creativecommons.org/licenses/by/4.0/"


def test_what_others_wrote_stays_text(take: TakeIn, client: Client) -> None:
    take(record(1, title=HOSTILE, summary=HOSTILE, one_line=HOSTILE, authors=(HOSTILE,), keywords=(HOSTILE,)))

    html = client.get(PAPER).content.decode()
    head = Head(html)

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "alert(1)" in json.loads(head.data[0])["name"]
    assert "alert(1)" in head.all("citation_title")[0]
    embed = client.get("/oembed", {"url": SITE + PAPER})
    assert "<script" not in embed.json()["html"]
    assert fromstring(client.get("/oembed", {"url": SITE + PAPER, "format": "xml"}).content).tag == "oembed"
    assert client.get("/card/2605.00001.png").status_code == 200


def test_a_page_leads_to_its_embed(take: TakeIn, client: Client) -> None:
    take(record(1))
    links = {one.get("type"): str(one.get("href")) for one in head_of(client).links}

    told = client.get(links["application/json+oembed"].removeprefix(SITE)).json()
    as_xml = fromstring(client.get(links["text/xml+oembed"].removeprefix(SITE)).content)

    assert (told["version"], told["type"]) == ("1.0", "rich")
    assert told["title"] == "Paper 1 on retrieval"
    assert told["author_name"] == "Ada Lovelace, Grace Hopper, Mary Somerville and others"
    assert f'<a href="{SITE}{PAPER}">Paper 1 on retrieval</a>' in told["html"]
    assert (told["thumbnail_width"], told["thumbnail_height"]) == (WIDTH, HEIGHT)
    assert {one.tag: one.text for one in as_xml} == {name: str(value) for name, value in told.items()}
    small = client.get("/oembed", {"url": SITE + PAPER, "maxwidth": "300", "maxheight": "90"}).json()
    assert (small["width"], small["height"]) == (300, 90)
    assert "thumbnail_url" not in small


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({}, 400, "url: got '', expected the address of a paper here"),
        ({"url": "http://[x"}, 400, "url: got 'http://[x', expected"),
        ({"url": SITE + PAPER, "maxwidth": "wide"}, 400, "maxwidth: got 'wide', expected a whole number"),
        ({"url": SITE + PAPER, "format": "yaml"}, 501, "format: expected json or xml"),
        ({"url": "https://evil.example/paper/2605.00001"}, 404, "url: expected the address of a paper here"),
        ({"url": f"javascript://127.0.0.1:8000{PAPER}"}, 404, "url: expected"),
        ({"url": f"{SITE}/paper/2605.99999"}, 404, "url: expected"),
        ({"url": f"{SITE}/paper/..%2f..%2fetc%00"}, 404, "url: expected"),
        ({"url": f"{SITE}/day/2026-05-22"}, 404, "url: expected"),
    ],
)
def test_what_cannot_be_embedded_is_refused(
    take: TakeIn, client: Client, asked: dict[str, str], status: int, words: str
) -> None:
    take(record(1))

    reply = client.get("/oembed", asked)

    assert reply.status_code == status
    assert words in reply.content.decode()


def test_a_browser_can_add_the_search_box(client: Client) -> None:
    (link,) = [one for one in head_of(client, "/about").links if one.get("rel") == "search"]

    reply = client.get(str(link["href"]))

    assert reply.headers["Content-Type"].startswith(str(link["type"]))
    root = fromstring(reply.content)
    ns = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.tag == f"{ns}OpenSearchDescription"
    assert len(str(root.findtext(f"{ns}ShortName"))) <= 16
    templates = {str(one.get("type")): str(one.get("template")) for one in root.iter(f"{ns}Url")}
    assert templates["text/html"] == f"{SITE}/search?q={{searchTerms}}"
    found = client.get(templates["text/html"].removeprefix(SITE).replace("{searchTerms}", "retrieval"))
    assert found.status_code == 200


def test_a_card_is_drawn_once_and_told_to_be_the_same(take: TakeIn, client: Client) -> None:
    take(record(1))
    first = client.get("/card/2605.00001.png")
    (file,) = (wiring.data_folder() / "cards").glob(f"{first.headers['ETag'].strip(chr(34))}.png")
    made = file.stat().st_mtime_ns

    again = client.get("/card/2605.00001.png")
    known = client.get("/card/2605.00001.png", headers={"if-none-match": first.headers["ETag"]})

    picture = Image.open(io.BytesIO(first.content))
    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert again.content == first.content
    assert file.stat().st_mtime_ns == made
    assert known.status_code == 304
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    take(record(1, title="Another title"))
    assert client.get("/card/2605.00001.png").content != first.content


@pytest.mark.parametrize("ref", ["2605.99999", "..%2f..%2fetc%2fpasswd", "%00", "a" * 3000])
def test_there_is_no_card_without_a_paper(client: Client, ref: str) -> None:
    assert client.get(f"/card/{ref}.png").status_code == 404


@pytest.mark.parametrize(
    "title",
    [
        "",
        "W" * 100_000,
        "深度学习" * 50,
        "a\u0301\u0302\u0303" * 5_000,
        "\u202eevil",
        "i " * 9_000,
        "⊗∮𝔸☃" * 80,
    ],
)
def test_drawing_is_bounded_whatever_the_title(title: str) -> None:
    began = time.process_time()

    picture = draw(Card(title, [title] * 5_000, title, "arXiv 2605.00001", title))

    assert time.process_time() - began < 2
    assert len(picture) < 100_000


def test_a_crowd_that_asks_for_cards_holds_few_threads(tmp_path: Path) -> None:
    is_open, answers = Event(), Queue[str]()

    def slowly() -> bytes:
        is_open.wait(20)
        return b"x"

    def ask(number: int) -> None:
        try:
            kept_cards.kept(tmp_path / "cards", str(number), slowly)
            answers.put("drawn")
        except kept_cards.Busy:
            answers.put("busy")

    began = time.monotonic()
    threads = [Thread(target=ask, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    refused = [answers.get(timeout=10) for _ in range(29)]
    waited = time.monotonic() - began
    is_open.set()
    for thread in threads:
        thread.join(20)

    assert (refused, answers.get_nowait()) == (["busy"] * 29, "drawn")
    assert waited < 2  # nobody waits for more than a few pictures


def test_the_oldest_cards_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_cards, "MOST_KEPT", 10)
    monkeypatch.setattr(kept_cards, "ABOVE", 5)
    for number in range(40):
        kept_cards.kept(tmp_path / "cards", f"{number:03}", lambda: b"x")
        os.utime(tmp_path / "cards" / f"{number:03}.png", (number, number))

    left = sorted(path.stem for path in (tmp_path / "cards").iterdir())

    assert 10 <= len(left) <= 15
    assert left[-1] == "039"
    assert "000" not in left


def test_a_doi_alone_is_named_too(take: TakeIn, client: Client) -> None:
    take(record(1, key=PaperKey("doi:10.1000/odd<name>"), source="bibtex"))

    head = head_of(client, "/paper/doi:10.1000/odd%3Cname%3E")

    assert head.all("citation_doi") == ["10.1000/odd<name>"]
    assert not head.all("citation_arxiv_id")
    assert client.get(head.all("og:image")[0].removeprefix(SITE)).status_code == 200
