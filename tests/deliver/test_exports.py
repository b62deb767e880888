"""Exports, as those get them who ask for a file: forms, names, negotiation, what is refused."""

import csv
import re
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import orjson
import pytest
import rispy
import time_machine
from bibtexparser.entrypoint import parse_string
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet import wiring
from broadsheet.deliver.exports.formats import FORMS
from broadsheet.jobs import reading
from broadsheet.jobs.indexing import catch_up
from tests.deliver.conftest import NOW, TakeIn, record

HOSTILE = "<script>alert(1)</script> \x02\x1b ]]> & @misc{x, $x_i^{2}$ é } \\write18 | `a` [b](c) =1+1"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
LISTS = ["/day", "/day/2026-05-22", "/week", "/month/2026-05", "/search?q=retrieval", "/author/Ada Lovelace"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def indexed(fifty: None) -> None:
    catch_up(wiring.words_index())


@pytest.fixture(autouse=True)
def on_sunday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def address(page: str, form: str) -> str:
    path, mark, query = page.partition("?")
    return f"{path}.{form}{mark}{query}"


def lines(client: Client, path: str) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in client.get(path).content.splitlines()]


@pytest.mark.parametrize("form", FORMS)
def test_every_list_is_a_file_in_every_form(indexed: None, client: Client, form: str) -> None:
    name = re.compile(rf'filename="broadsheet-[\w.-]+\.{re.escape(form)}"')
    for page in LISTS:
        reply = client.get(address(page, form))
        assert reply.status_code == 200
        assert reply.headers["Content-Type"].startswith(FORMS[form].types[0])
        assert b"Paper 7 on retrieval" in reply.content
        assert name.search(reply.headers["Content-Disposition"])
        assert not reply.cookies


def test_an_edition_is_exported_whole_and_in_its_order(fifty: None, client: Client) -> None:
    told = lines(client, "/day/2026-05-22.jsonl")

    assert [one["rank"] for one in told] == list(range(1, 51))
    assert told[0]["id"] == "2605.00001"
    assert told[0]["reason"] == "Here for 299 upvotes on Hugging Face, top 2 % of its day."
    assert told[0]["authors"][1] == "Grace Hopper"


def test_a_category_alone_is_exported(fifty: None, client: Client) -> None:
    told = lines(client, "/day/2026-05-22.jsonl?cat=cs.CV")

    assert len(told) == 25
    assert all(one["categories"] == ["cs.CV"] for one in told)


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_is_a_file_under_any_of_its_names(fifty: None, client: Client, form: str) -> None:
    replies = [
        client.get(f"/paper/{name}.{form}") for name in ("2605.00007", "2605.00007v3", "arXiv:2605.00007")
    ]

    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.content for reply in replies}) == 1
    assert b"Paper 7 on retrieval" in replies[0].content
    assert f"broadsheet-paper-arxiv-2605.00007.{form}" in replies[0].headers["Content-Disposition"]


def test_chosen_papers_come_in_the_order_they_are_named(fifty: None, client: Client) -> None:
    told = lines(client, "/papers.jsonl?ref=2605.00009&ref=2605.00002&ref=2605.00009")

    assert [one["id"] for one in told] == ["2605.00009", "2605.00002"]


def test_saved_papers_are_exported_for_this_browser_alone(fifty: None, client: Client) -> None:
    client.post("/save", {"paper": "2605.00003", "chosen": "yes"})

    reply = client.get("/saved.bib")

    assert b"Paper 3 on retrieval" in reply.content
    assert "no-store" in reply.headers["Cache-Control"]
    assert "private" in reply.headers["Cache-Control"]
    assert "Cookie" in reply.headers["Vary"]
    assert Client().get("/saved.bib").content == b""


@pytest.mark.parametrize(
    "page", ["/", *LISTS[1:5], "/paper/2605.00007", "/similar/2605.00007", "/trending/all"]
)
def test_the_address_of_a_page_answers_in_the_form_that_is_asked_for(
    indexed: None, client: Client, page: str
) -> None:
    for form in FORMS.values():
        reply = client.get(page, headers={"accept": f"{form.types[0]}, */*;q=0.1"})
        assert reply.status_code == 200
        assert reply.headers["Content-Type"].startswith(form.types[0])
        assert "Accept" in reply.headers["Vary"]


@pytest.mark.parametrize(
    "accept",
    [
        BROWSER,
        "*/*",
        "",
        "text/html, text/csv",
        "text/html;q=0.9, text/csv;q=0.8",
        "text/*",
        "x" * 9_000,
        ";;q,",
    ],
)
def test_a_browser_gets_html(take: TakeIn, client: Client, accept: str) -> None:
    take(record(7))
    for page in ("/", "/day/2026-05-22", "/paper/2605.00007"):
        reply = client.get(page, headers={"accept": accept})
        assert reply.status_code == 200
        assert reply.headers["Content-Type"].startswith("text/html")
        assert "Accept" in reply.headers["Vary"]


def test_what_has_no_other_form_stays_as_it_is(fifty: None, client: Client) -> None:
    for path in ("/about", "/healthz", "/day.atom", "/day/2026-05-22.csv"):
        plain = client.get(path)
        asked = client.get(path, headers={"accept": "application/x-bibtex"})
        assert asked.headers["Content-Type"] == plain.headers["Content-Type"]
    assert client.get("/day/%0a", headers={"accept": "text/csv"}).status_code == 400
    assert client.get("/paper/no-name", headers={"accept": "text/csv"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/day/2026-05-22.bib", "/paper/2605.00007.ris", "/search.csv?q=retrieval", "/similar/2605.00007.bib"],
)
def test_who_has_it_already_is_told_so_before_papers_are_read(
    indexed: None, client: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(path)
    with django_assert_max_num_queries(4):
        again = client.get(path, headers={"if-none-match": first.headers["ETag"]})

    assert again.status_code == 304
    assert not again.content


def test_an_export_costs_a_fixed_number_of_queries(
    fifty: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        client.get("/day/2026-05-22.jsonl")


def test_what_others_wrote_stays_text(take: TakeIn, client: Client) -> None:
    take(record(1, title=HOSTILE, summary=HOSTILE, authors=(HOSTILE, "Ada", "=cmd()"), one_line=HOSTILE))

    library = parse_string(client.get("/day.bib").content.decode())
    (entry,) = rispy.loads(client.get("/day.ris").content.decode())
    (row,) = list(csv.DictReader(StringIO(client.get("/day.csv").content.decode())))
    markdown = client.get("/day.md").content.decode()

    assert [one.key for one in library.entries]
    assert len(library.blocks) == 1
    assert len(entry["authors"]) == 3
    assert row["title"].startswith("<script>")
    assert not row["authors"].startswith("=")
    assert "<script>" not in markdown
    assert "[b](c)" not in markdown
    for form in [*FORMS, "md"]:
        content = client.get(f"/day.{form}").content
        assert b"\x02" not in content
        assert b"\x1b" not in content


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/day.bib?cat=Robert'); drop", 400, 'cat: got "Robert\'); drop", expected a category like cs.LG'),
        ("/day/2026-13-99.csv", 400, "address: got '2026-13-99', expected newest, or a day like 2026-05-22"),
        ("/search.ris", 400, "q: got '', expected a query of 1 to 2000 characters"),
        ("/search.ris?q=a&sort=best", 400, "sort: got 'best', expected one of relevance, new, trending"),
        ("/papers.bib", 400, "ref: got '0 papers', expected 1 to 500 papers"),
        ("/papers.bib?ref=hello", 400, "ref: got 'hello', expected an arXiv id"),
        ("/papers.bib?ref=2605.00001&ref=2605.99999", 404, "ref: 2605.99999 not held here"),
        ("/paper/2605.99999.bib", 404, "no paper named 2605.99999 is held here"),
        ("/paper/..%2f..%2fetc%2fpasswd.bib", 400, "expected an arXiv id"),
        ("/paper/%00.bib", 400, "expected an arXiv id"),
        ("/similar/..%2f..%2fetc.bib", 400, "expected an arXiv id"),
        ("/author/%22%22.bib", 400, "expected a name of 1 to 200 characters"),
        ("/name/nothing.bib", 404, "claims a figure"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    fifty: None, client: Client, path: str, status: int, words: str
) -> None:
    reply = client.get(path)

    assert reply.status_code == status
    assert words in reply.content.decode()


def test_exports_are_only_read(fifty: None, client: Client) -> None:
    assert client.post("/day.bib").status_code == 405
    head = client.head("/day.bib")
    assert (head.status_code, head.content) == (200, b"")


def test_the_year_is_that_of_the_first_version(take: TakeIn, client: Client) -> None:
    told: dict[str, Any] = {"submitted_at": None, "updated_on": datetime(2026, 5, 20, tzinfo=UTC).date()}
    take(
        record(1, key="arxiv:1706.03762", **told),
        record(2, key="arxiv:hep-th/9901001", **told),
        record(3, submitted_at=datetime(2025, 12, 31, 23, tzinfo=UTC)),
        record(4, key="doi:10.1000/xyz", title="Of a journal alone", **told),
    )

    years = {one["id"]: one["year"] for one in lines(client, "/day.jsonl")}

    assert years == {"1706.03762": 2017, "hep-th/9901001": 1999, "2605.00003": 2025, "doi:10.1000/xyz": 2026}


@pytest.mark.parametrize(
    "page", ["/", "/day/2026-05-22?cat=cs.CV", "/search?q=retrieval", "/paper/2605.00007"]
)
def test_pages_link_to_files_that_are_there(indexed: None, client: Client, page: str) -> None:
    text = client.get(page).content.decode()

    found = re.findall(r'<a href="([^"]+\.(?:bib|ris|csl\.json|csv|jsonl|md)(?:\?[^"]*)?)"', text)

    assert len(found) == len(FORMS) + 1  # Markdown
    assert {client.get(one.replace("&amp;", "&")).status_code for one in found} == {200}


def test_what_was_read_of_a_paper_since_is_told_anew(take: TakeIn, client: Client) -> None:
    said = "FastNet is 3.3x faster than SlowNet on Roads-1k. It is small. It is free."
    take(record(7, abstract=said, one_line="", names=(), keywords=()))
    paths = ("/paper/2605.00007.jsonl", "/day.jsonl", "/day.atom")
    known = {path: {"if-none-match": client.get(path).headers["ETag"]} for path in paths}

    reading.catch_up()

    assert {client.get(path, headers=known[path]).status_code for path in paths} == {200}
    assert lines(client, paths[0])[0]["names"] == ["FastNet"]
