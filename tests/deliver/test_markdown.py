"""Pages as Markdown, as two readers of Markdown see them: what they say, and what hostile texts cannot do."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import cmarkgfm
import pytest
import time_machine
from cmarkgfm.cmark import Options
from django.conf import settings
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pytest_django import DjangoAssertNumQueries

from broadsheet import wiring
from broadsheet.deliver.markdown.text import line, link, paragraph
from broadsheet.jobs.indexing import catch_up
from tests.deliver.claiming import claim, hostile, take_claims
from tests.deliver.conftest import NOW, TakeIn, keep, record

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
READERS = ("text/markdown", "text/markdown, text/html;q=0.9, */*;q=0.8", "text/markdown, text/html, */*")
EVIL = [
    *(
        "[a](http://evil.com)",
        "![a](http://evil.com/x.png)",
        "<script>alert(1)</script>",
        "<http://evil.com>",
    ),
    *("http://evil.com", "HTTPS://evil.com/x?y", "www.evil.com", "_www.evil.com_", "//evil.com", "evil.com"),
    *(
        "a@evil.com",
        "+@evil.com",
        "mailto:a@evil.com",
        "xmpp:a@evil.com/c",
        "ftp://evil.com",
        "[a]: http://evil.com",
    ),
    *("[^1]: foo", "# H", "- l", "1. l", "2) l", "> q", "+ x", "---", "***", "===", "~~~", "```js", "`code`"),
    *(
        "**b** _i_ ~~s~~",
        "| a | b |",
        "&lt;script&gt;",
        "&#60;b&#62;",
        "\\[a\\](http://evil.com)",
        "a\\",
        "a\n\n# b",
    ),
    *(
        "x](http://evil.com)",
        "<!-- c",
        "<![CDATA[x]]>",
        "<?php",
        "www\u200b.evil.com",
        "http:\u2060//evil.com",
    ),
    *(
        "$`[x](http://evil.com)`$",
        "$[x](http://evil.com)$ $x$",
        "$x_1<script>$",
        r"\(a`b\) [x](http://evil.com)",
    ),
    *("$`$`$[x](http://evil.com)$", "$\\$[x](http://evil.com)$", "`$x$`[a](http://evil.com)$`y`$", "\t code"),
    *(
        r"\href{http://evil.com}{x}",
        r"\url{www.evil.com}",
        "1.evil.com",
        "https:///evil.com",
        "javascript:alert(1)",
    ),
]
OURS = "https://good.example/"
_OTHER = MarkdownIt("gfm-like")


@pytest.fixture(autouse=True)
def on_sunday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def github(text: str) -> str:
    """As GitHub, but without taking out what is dangerous afterwards."""
    return str(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))


def htmls(text: str) -> tuple[str, str]:
    return github(text), _OTHER.render(text)


def document(client: Client, path: str) -> str:
    reply = client.get(path)
    assert reply.status_code == 200, path
    assert reply.headers["Content-Type"] == "text/markdown; charset=utf-8"
    return reply.content.decode()


def assert_is_only_text(text: str) -> None:
    for made in (
        f"# {line(text)}",
        paragraph(text),
        f"> {paragraph(text)}",
        f"- {link(text, OURS)}: {line(text)}",
    ):
        for html in htmls(made):
            assert [url for url in _links(html) if url != OURS] == [], (made, html)
            assert set(re.findall(r"<(\w+)", html)) <= {"h1", "p", "blockquote", "ul", "li", "a", "code"}, (
                made,
                html,
            )
            assert len(re.findall(r"<(?:h1|p|blockquote|ul|li)\b", html)) <= 2, (made, html)


def _links(html: str) -> list[str]:
    return re.findall(r'(?:href|src)="([^"]*)"', html)


@pytest.mark.parametrize("text", EVIL)
def test_text_from_outside_is_only_text(text: str) -> None:
    assert_is_only_text(text)


@given(
    st.lists(st.sampled_from([*"[](){}<>!#*_`~$\\&;:/@.-+=|\"' \n1a", "www.", "http://", "evil.com", "$x$"]))
)
def test_any_text_is_only_text(parts: list[str]) -> None:
    assert_is_only_text("".join(parts))


def test_what_is_shown_is_what_was_written() -> None:
    text = "A *star* of 5 < 6 & 7_8 [sic] at evil.com, 100% `ok` #1 $\\alpha_i$ a@b.de"

    shown = unescape(re.sub(r"<[^>]+>", "", github(line(text)))).replace("\u2060", "").strip()

    assert shown == text


PAGES = [
    *(
        "/index.md",
        "/day.md",
        "/week.md",
        "/month.md",
        "/trending.md",
        "/trending/all.md",
        "/day/2026-05-22.md",
    ),
    *(
        "/week/2026-W21.md",
        "/month/2026-05.md",
        "/search.md?q=retrieval",
        "/paper/2605.00001.md",
        "/about.md",
    ),
    *("/about/ranking.md", "/similar/2605.00001.md", "/author/Ada%20Lovelace.md"),
    *("/papers.md?ref=2605.00002&ref=2605.00001", "/papers/2605.00001.md"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_a_document(fifty: None, client: Client, path: str) -> None:
    catch_up(wiring.words_index())

    text = document(client, path)

    assert text.startswith("# ")
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405
    again = client.get(path, headers={"if-none-match": client.get(path).headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
def test_an_edition_keeps_its_order_and_leads_on(fifty: None, client: Client) -> None:
    first, second = (document(client, f"/day/2026-05-22.md?page={page}") for page in (1, 2))
    narrowed = document(client, "/index.md?cat=cs.CV")

    assert re.findall(r"^## (\d+)\.", first + second, re.MULTILINE) == [
        str(number) for number in range(1, 41)
    ]
    assert "## 1. [Paper 1 on retrieval](http://127.0.0.1:8000/paper/2605.00001.md)" in first
    assert "- Why: Here for 299 upvotes" in first
    assert (
        "`cs.CL` · `cs.AI` · 20 May 2026 · 299 upvotes · 2 stars · [Code](https://github.com/owner/" in first
    )
    assert "[Thursday 21 May 2026](http://127.0.0.1:8000/day/2026-05-21.md)" in first
    assert "Paper 1 on" not in narrowed


@pytest.mark.django_db
def test_a_whole_list_is_one_document(fifty: None, client: Client) -> None:
    catch_up(wiring.words_index())
    for page in ("/day/2026-05-22?cat=cs.CV", "/search?q=retrieval"):
        (found,) = re.findall(r'href="([^"]+\.md[^"]*)"', client.get(page).content.decode())
        text = document(client, unescape(found))
        assert text.count("\n## ") == (25 if "cat" in page else 50)
    assert document(client, "/author/Ada%20Lovelace.md?limit=7").count("\n## ") == 7
    chosen = document(client, "/papers.md?ref=2605.00009&ref=2605.00002&ref=arXiv:2605.00009v2")
    assert re.findall(r"^## .*(2605\.\d{5})", chosen, re.MULTILINE) == ["2605.00009", "2605.00002"]


@pytest.mark.django_db
def test_what_is_saved_is_for_its_browser_alone(fifty: None, client: Client) -> None:
    client.post("/save", {"paper": "2605.00003", "chosen": "yes"})

    for reply in (client.get("/saved.md"), client.get("/saved", headers={"accept": "text/markdown"})):
        assert "Paper 3 on retrieval" in reply.content.decode()
        assert {"no-store", "private"} <= set(reply.headers["Cache-Control"].split(", "))
        assert "Cookie" in reply.headers["Vary"]
        assert "ETag" not in reply.headers
        assert "Access-Control-Allow-Origin" not in reply.headers
    assert "Paper 3" not in document(Client(), "/saved.md")
    for path in ("/saved.md", "/saved.bib"):
        with override_settings(OPTIONS=settings.OPTIONS | {"READERS": False}):
            gone = client.get(path)
        assert gone.status_code == 404
        assert "no-store" in gone.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("/day", "?cat=xx!"),
        ("/day/2026-05-22", "?view=worst"),
        ("/day/2026-13-99", ""),
        ("/search", ""),
        ("/search", "?q=" + "a" * 2_001),
        ("/search", "?q=a&sort=best"),
        ("/similar/nonsense", ""),
        ("/similar/2605.99999", ""),
        ("/author/%22%22", ""),
        ("/name/" + "a" * 201, ""),
    ],
)
def test_the_same_mistake_is_refused_in_the_same_words(
    fifty: None, client: Client, page: str, query: str
) -> None:
    replies = [client.get(f"{page}.{ending}{query}") for ending in ("atom", "csv", "md")]

    assert len({(reply.status_code, reply.content) for reply in replies}) == 1
    assert replies[0].status_code == (404 if "99999" in page else 400)
    assert re.match(rb"\w+: (got|no paper named) .+", replies[0].content)


@pytest.mark.django_db
def test_an_empty_day_says_why(client: Client, fifty: None) -> None:
    assert "Saturday and Sunday bring no new papers" in document(client, "/day/2026-05-23.md")


@pytest.mark.django_db
def test_a_paper_tells_all_of_itself(client: Client) -> None:
    take_claims(claim())

    text = document(client, "/paper/arXiv:2605.00001v2.md")

    assert text.startswith("# Paper 1 on retrieval\n")
    assert "- arXiv: [2605.00001](https://arxiv.org/abs/2605.00001)" in text
    assert "**3.3× faster · vs SlowNet · Roads-1k**: “3.3x faster than SlowNet on Roads-1k”" in text
    for page in ("/name/QuickNet.md", "/benchmark/roads%201k.md"):
        assert "[Paper 1 on retrieval](http://127.0.0.1:8000/paper/2605.00001.md)" in document(client, page)


@pytest.mark.django_db
def test_hostile_papers_add_no_link_and_no_html(take: TakeIn, client: Client) -> None:
    for number, words in enumerate(EVIL, start=1):
        more: dict[str, Any] = {
            "one_line": words,
            "summary": words,
            "authors": (words,),
            "keywords": (words,),
        }
        keep([record(number, f"Evil {words}", comments=words, journal_ref=words, **more)])
    take_claims(*hostile(EVIL[0]), number=90, text=f"It has 3.3x faster than SlowNet on Roads-1k {EVIL[0]}")
    catch_up(wiring.words_index())
    pages = [
        "/index.md",
        "/index.md?page=2",
        "/week.md",
        "/search.md?q=evil",
        "/search.md?q=%5Bx%5D(http://evil.com)",
    ]
    pages += ["/author/evil.md?limit=500", "/papers.md?ref=2605.00001&ref=2605.00002"]
    pages += [f"/paper/2605.{number:05}.md" for number in (*range(1, len(EVIL) + 1), 90)]

    for page in pages:
        for html in htmls(document(client, page)):
            assert not [url for url in _links(html) if "evil" in url.split("?")[0]], page
            tags = {"h1", "h2", "p", "blockquote", "ul", "li", "a", "code", "strong", "hr"}
            assert set(re.findall(r"<(\w+)", html)) <= tags, page
        assert not re.search(r"<(?![-a-z]*http)[a-z/!?]", document(client, page)), page  # for any reader


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/day/2026-13-99.md", 400, "address: got '2026-13-99', expected newest, or a day like 2026-05-22"),
        ("/index.md?page=0", 400, "page: got '0', expected a whole number from 1 to 50"),
        ("/index.md?cat=Robert');drop", 400, "cat: got"),
        ("/day/2026-05-22.md?page=9", 404, "Friday 22 May 2026 is shorter than that"),
        ("/paper/2401.01234.md", 404, "no paper named 2401.01234 is held here"),
        ("/paper/..%2f..%2fetc%2fpasswd.md", 400, "expected an arXiv id like 2401.01234"),
        ("/paper/%00.md", 400, "expected an arXiv id"),
        ("/similar/nonsense.md", 400, "expected an arXiv id"),
        ("/search.md", 400, "q: got '', expected a query of 1 to 2000 characters"),
        ("/search.md?q=a&sort=best", 400, "sort: got 'best', expected one of relevance, new, trending"),
        ("/name/nobody.md", 404, "no paper here claims a figure"),
        ("/benchmark/" + "a" * 300 + ".md", 400, "expected a name of 1 to 200 characters"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    fifty: None, client: Client, path: str, status: int, words: str
) -> None:
    reply = client.get(path)

    assert reply.status_code == status
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert words in reply.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/day/2026-05-22", "/paper/2605.00001", "/search?q=retrieval", "/about"]
)
def test_who_asks_for_markdown_gets_it_and_browsers_do_not(fifty: None, client: Client, path: str) -> None:
    for accept in READERS:
        reply = client.get(path, headers={"accept": accept})
        assert reply.headers["Content-Type"] == "text/markdown; charset=utf-8"
        assert "Accept" in reply.headers["Vary"]
        assert client.get(reply.headers["Content-Location"]).content == reply.content
    for accept in (BROWSER, "*/*", "", "text/html, text/markdown;q=0.5", "text/markdown;q=0"):
        reply = client.get(path, headers={"accept": accept})
        assert reply.headers["Content-Type"].startswith("text/html"), accept
        assert "Accept" in reply.headers["Vary"]
        found = re.fullmatch(r'<([^>]+)>; rel="alternate"; type="text/markdown"', reply.headers["Link"])
        assert found is not None
        assert client.get(found[1]).status_code == 200


@pytest.mark.django_db
def test_forms_and_pages_without_a_document_are_as_they_were(client: Client) -> None:
    assert (
        client.get("/keys", headers={"accept": "text/markdown"})
        .headers["Content-Type"]
        .startswith("text/html")
    )
    assert client.post("/search", headers={"accept": "text/markdown"}).status_code == 405
    assert "Link" not in client.get("/keys").headers


@pytest.mark.django_db
def test_an_edition_is_read_with_few_queries(
    fifty: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(9):
        first = client.get("/day/2026-05-22.md")
    with django_assert_max_num_queries(3):
        client.get("/day/2026-05-22.md", headers={"if-none-match": first.headers["ETag"]})


@pytest.mark.django_db
def test_llms_txt_lists_what_is_there(fifty: None, client: Client) -> None:
    reply = client.get("/llms.txt")
    text = reply.content.decode()

    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert re.match(r"# Broadsheet\n\n> .+\n\n", text)
    paths = [address.removeprefix("http://127.0.0.1:8000") for address in re.findall(r"\]\(([^)]+)\)", text)]
    assert len(paths) > 10
    for path in paths:
        assert client.get(path).status_code in (200, 405), path  # /mcp takes POST
