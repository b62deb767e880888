"""Search, as a reader's browser asks for it."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet import wiring
from broadsheet.jobs.indexing import catch_up
from tests.deliver.conftest import TakeIn, record


def text_of(client: Client, query: str) -> str:
    reply = client.get("/search", {"q": query})
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


@pytest.fixture
def indexed(take: TakeIn) -> None:
    take(*(record(number) for number in range(1, 31)))
    take(record(77, "Folding origami by <b>robots</b>", summary="Hands are hard. Agents fold paper & more."))
    catch_up(wiring.words_index())


def test_words_find_papers_and_are_marked(indexed: None, client: Client) -> None:
    page = text_of(client, "robot folding")

    assert ">1 paper<" in page
    assert "<mark>Folding</mark> origami by &lt;b&gt;<mark>robots</mark>&lt;/b&gt;" in page
    assert "Why: both words in the title. Score" in page


def test_the_snippet_is_where_the_words_are(indexed: None, client: Client) -> None:
    assert "… <mark>Agents</mark> fold paper &amp; more." in text_of(client, "agent")


def test_results_go_on_over_pages(indexed: None, client: Client) -> None:
    first = text_of(client, "retrieval")
    second = " ".join(client.get("/search?q=retrieval&page=2").content.decode().split())

    assert "31 papers" in first
    assert "1 to 20" in first
    assert 'href="?q=retrieval&amp;page=2"' in first
    assert "21 to 31" in second


def test_the_newest_come_first_when_asked(indexed: None, client: Client) -> None:
    page = client.get("/search?q=retrieval&sort=new").content.decode()

    assert "by date" in page
    assert '<b aria-current="true">Newest</b>' in page


@pytest.mark.parametrize(
    "name",
    [
        "2605.00007",
        "arXiv:2605.00007v2",
        "https://arxiv.org/abs/2605.00007",
        "https://hf.co/papers/2605.00007",
    ],
)
def test_the_name_of_a_paper_leads_straight_to_it(indexed: None, client: Client, name: str) -> None:
    assert client.get("/search", {"q": name}).headers["Location"] == "/paper/2605.00007"


def test_nothing_found_says_what_was_looked_for(indexed: None, client: Client) -> None:
    page = text_of(client, "zebra quagga")

    assert "No paper here holds these words" in page
    assert "<b>zebra</b> and <b>quagga</b>" in page


def test_an_empty_query_offers_the_box(indexed: None, client: Client) -> None:
    assert "31 papers are held here" in text_of(client, "   ")


@pytest.mark.parametrize(
    "query", ['"', "***", "\0", "AND OR", "title:(", "a" * 5_000, "<script>alert(1)</script>", "\ud800x"]
)
def test_odd_queries_are_answered(indexed: None, client: Client, query: str) -> None:
    page = text_of(client, query.encode("utf-8", "replace").decode())

    assert "<script>alert" not in page


def test_a_page_far_away_is_refused(indexed: None, client: Client) -> None:
    assert client.get("/search?q=retrieval&page=51").status_code == 404
    assert "There are no results on page 9" in client.get("/search?q=retrieval&page=9").content.decode()


def test_the_number_of_queries_does_not_grow(
    indexed: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        client.get("/search?q=retrieval")


def test_the_reason_leaves_out_words_of_every_text(indexed: None, client: Client) -> None:
    page = text_of(client, "the folding of robots by agents")

    assert "Why: “folding” and “robots” in the title; “agents” in the summary." in page


def test_words_of_every_text_find_nothing_by_themselves(indexed: None, client: Client) -> None:
    assert ">1 paper<" in text_of(client, "the folding of it by the")


def test_a_damaged_index_is_said_and_not_an_error(indexed: None, client: Client) -> None:
    folder = wiring.words_index().folder
    for path in folder.glob("g-*/meta.json"):
        path.write_text("{")

    reply = client.get("/search", {"q": "folding"})

    assert reply.status_code == 503
    assert "being built anew" in reply.content.decode()


TYPED = {"HX-Request": "true", "HX-Trigger": "q"}
SUBMITTED = {"HX-Request": "true", "HX-Trigger": "ask"}


def test_one_who_types_gets_the_results_alone(indexed: None, client: Client) -> None:
    reply = client.get("/search", {"q": "folding"}, headers=TYPED)
    part = " ".join(reply.content.decode().split())

    assert part.startswith("<title>folding, search, Broadsheet")
    assert "<html" not in part
    assert 'id="q"' not in part
    assert '<div hx-swap-oob="innerHTML:#told">1 paper</div>' in part
    assert 'name="back" value="/search?q=folding"' in part
    assert "HX-Request" in reply.headers["Vary"]
    assert reply.headers["HX-Replace-Url"] == "/search?q=folding"
    assert "no-store" in reply.headers["Cache-Control"]


def test_submitting_adds_a_step_to_go_back_to(indexed: None, client: Client) -> None:
    reply = client.get("/search", {"q": "folding paper", "sort": "new"}, headers=SUBMITTED)

    assert reply.headers["HX-Push-Url"] == "/search?q=folding+paper&sort=new"
    assert "HX-Push-Url" not in client.get("/search", {"q": "folding"}).headers


def test_the_name_of_a_paper_is_shown_while_typing_and_followed_by_enter(
    indexed: None, client: Client
) -> None:
    typed = client.get("/search", {"q": "2605.00007"}, headers=TYPED)
    submitted = client.get("/search", {"q": "2605.00007"}, headers=SUBMITTED)

    assert "names one paper" in typed.content.decode()
    assert "Paper 7 on retrieval" in typed.content.decode()
    assert submitted.headers["HX-Redirect"] == "/paper/2605.00007"


def test_the_name_of_a_paper_that_is_not_here_says_so_while_typing(indexed: None, client: Client) -> None:
    assert "is not held here" in client.get("/search?q=2401.01234", headers=TYPED).content.decode()


def test_the_time_it_took_is_no_change_of_the_page(indexed: None, client: Client) -> None:
    first = client.get("/search?q=folding")
    tags = {client.get("/search?q=folding").headers["ETag"] for _ in range(5)}

    assert tags == {first.headers["ETag"]}
    assert client.get("/search?q=folding", headers={"if-none-match": tags.pop()}).status_code == 304
    assert client.get("/search?q=retrieval").headers["ETag"] != first.headers["ETag"]


def test_a_mended_word_is_said_and_can_be_taken_back(indexed: None, client: Client) -> None:
    page = text_of(client, "robot foldnig")

    assert "Showing results for <b>robot <mark>folding</mark></b>." in page
    assert 'href="?q=robot+foldnig&amp;mend=no">Search instead for “robot foldnig”' in page
    as_typed = client.get("/search?q=robot+foldnig&mend=no").content.decode()
    assert "Showing results" not in as_typed
    assert 'Did you mean <a href="?q=robot+folding">' in as_typed


def test_a_query_that_is_cut_says_so(indexed: None, client: Client) -> None:
    page = text_of(client, "folding " + "x" * 10_000)

    assert "Only the first 1,000 characters were read." in page
    assert 'id="q" name="q" value="folding ' + "x" * 992 + '"' in page


def test_a_query_keeps_its_signs_on_the_page(indexed: None, client: Client) -> None:
    page = text_of(client, '"folding" <b>&amp;')

    assert 'value="&quot;folding&quot; &lt;b&gt;&amp;amp;"' in page


def test_while_the_index_is_down_one_who_types_is_told_too(indexed: None, client: Client) -> None:
    for path in wiring.words_index().folder.glob("g-*/meta.json"):
        path.write_text("{")

    reply = client.get("/search", {"q": "folding"}, headers=TYPED)

    assert reply.status_code == 503
    assert reply.content.decode().startswith("<title>Search is being mended")
