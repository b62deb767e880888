"""arXiv's query API, asked by the package `arxiv` with its address changed, and read by feedparser."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import arxiv
import feedparser
import pytest
import time_machine
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from broadsheet import wiring
from broadsheet.deliver.compat.programs import FORM
from broadsheet.index.clauses import Budget
from broadsheet.jobs.indexing import catch_up
from tests import makers
from tests.deliver.conftest import NOW, TakeIn, keep, record

pytestmark = pytest.mark.django_db

PAPERS = (
    record(1, title="Quantum criticality of spins", authors=("Adrian Del Maestro", "Yann LeCun")),
    record(
        2,
        title="A checkerboard of spins",
        authors=("Adrian Del Maestro",),
        categories=("cs.LG",),
        comments="Accepted at the Workshop on Boards, 12 pages",
        journal_ref="Journal of Boards 3 (2026) 1-9",
        doi="10.1000/boards",
        version=3,
        updated_on=date(2026, 5, 23),
        submitted_at=datetime(2026, 5, 21, 9, 30, tzinfo=UTC),
    ),
    record(3, title="Electrons on a lattice", authors=("Geoffrey E. Hinton",), categories=("hep-th",)),
)


ALL = "search_query=all:retrieval"


@pytest.fixture(autouse=True)
def on_sunday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def papers(db: None) -> None:
    keep(PAPERS)
    catch_up(wiring.words_index())


@pytest.fixture
def ask(transactional_db: None, live_server: LiveServer) -> Iterator[arxiv.Client]:
    client = arxiv.Client(page_size=20, delay_seconds=0, num_retries=0)
    client.query_url_format = live_server.url + "/api/query?{}"
    yield client
    client._session.close()  # it would keep a thread of the server until the very end


def found(client: Client, query: str, **more: str) -> list[str]:
    reply = client.get("/api/query", {"search_query": query, **more})
    assert reply.status_code == 200, reply.content.decode()
    feed = feedparser.parse(reply.content)
    assert not feed.bozo
    assert int(feed.feed.opensearch_totalresults) >= len(feed.entries)
    return sorted(one.id.rpartition("/")[2].partition("v")[0][-1] for one in feed.entries)


def test_the_package_goes_through_all_results(ask: arxiv.Client, indexed: None) -> None:
    search = arxiv.Search(query="all:retrieval", max_results=None, sort_by=arxiv.SortCriterion.SubmittedDate)

    results = list(ask.results(search))

    assert sorted(one.get_short_id() for one in results) == [f"2605.{n:05}" for n in range(1, 51)]
    assert [one.get_short_id() for one in ask.results(search, offset=45)] == [
        one.get_short_id() for one in results[45:]
    ]


def test_a_result_has_all_that_the_package_reads(ask: arxiv.Client, papers: None) -> None:
    (result,) = ask.results(arxiv.Search(query="ti:checkerboard"))

    assert result.entry_id == "http://arxiv.org/abs/2605.00002v3"
    assert result.title == "A checkerboard of spins"
    assert [one.name for one in result.authors] == ["Adrian Del Maestro"]
    assert result.summary.startswith("Paper 2 reads evidence")
    assert result.published == datetime(2026, 5, 21, 9, 30, tzinfo=UTC)
    assert result.updated == datetime(2026, 5, 23, tzinfo=UTC)
    assert result.comment == "Accepted at the Workshop on Boards, 12 pages"
    assert result.journal_ref == "Journal of Boards 3 (2026) 1-9"
    assert result.doi == "10.1000/boards"
    assert result.primary_category == "cs.LG"
    assert result.pdf_url == "http://arxiv.org/pdf/2605.00002v3"


def test_the_package_asks_for_ids(ask: arxiv.Client, papers: None) -> None:
    def ids(*names: str, query: str = "") -> list[str]:
        search = arxiv.Search(query=query, id_list=list(names))
        return [one.get_short_id() for one in ask.results(search)]

    assert ids("2605.00003", "2605.00002v1", "2605.99999") == ["2605.00003", "2605.00002v3"]
    assert ids("2605.00003", "2605.00002", query="au:hinton") == ["2605.00003"]
    assert ids("2605.99999", query="au:hinton") == []
    assert list(ask.results(arxiv.Search())) == []
    with pytest.raises(arxiv.HTTPError):
        ids("1234.12345x")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("au:del_maestro", "12"),
        ("au:maestro_adrian", "12"),
        ('au:"Adrian Del Maestro"', "12"),
        ("au:lecun_y", "1"),
        ('au:"Hinton, Geoffrey"', "3"),
        ("au:del_maestro AND ti:checkerboard", "2"),
        ("au:del_maestro ANDNOT ti:checkerboard", "1"),
        ("au:del_maestro ANDNOT (ti:checkerboard OR ti:criticality)", ""),
        ('au:del_maestro AND ti:"quantum criticality"', "1"),
        ('ti:"criticality quantum"', ""),
        ("ti:checkerboard OR ti:electrons", "23"),
        ("ti:checkerboard electrons", "23"),
        ("ti:(checkerboard OR electrons)", "23"),
        ("all:spins", "12"),
        ("spins AND cat:cs.LG", "2"),
        ("co:workshop", "2"),
        ("jr:boards", "2"),
        ("all:workshop", "2"),
        ("abs:evidence", "123"),
        ("abs:checkerboard", ""),
        ("cat:cs.*", "12"),
        ("cat:hep-th", "3"),
        ("cat:CS.lg", "2"),
        ("id:2605.00003", "3"),
        ("rn:anything", ""),
        ("rn:anything OR ti:electrons", "3"),
        ("submittedDate:[202605210000 TO 202605220000]", "2"),
        ("submittedDate:[20260520 TO 20260520]", "13"),
        ("submittedDate:[202605210931 TO *]", ""),
        ("ti:spins AND submittedDate:[* TO 202605201200]", "1"),
        ("NOTAFIELD", ""),
        ("$$$", ""),
        ("au:del_maestro AND NOT ti:checkerboard", "1"),
        ("au:del_maestro AND  NOT (ti:checkerboard OR ti:criticality)", ""),
        ("ti:not AND ti:spins", ""),
        ("ti:$$$ ANDNOT ti:checkerboard", ""),
        ("(ti:$$$ ANDNOT ti:checkerboard) OR ti:electrons", "3"),
        ("ti:spins ANDNOT ti:$$$", "12"),
        ("ti:spins ANDNOT ti:checkerboard AND abs:evidence", "1"),
        ("all:cs.LG", "2"),
        ("all:CS.lg OR all:hep-th", "23"),
        ("all:cs", ""),
        ('ti:")"', ""),
        ('ti:spins AND ti:"AND checkerboard NOT"', ""),
    ],
)
def test_the_query_language(papers: None, client: Client, query: str, expected: str) -> None:
    assert found(client, query) == list(expected)


@pytest.fixture
def dated(db: None) -> None:
    """Papers of which each is known in another way."""
    noon = datetime(2026, 5, 20, 12, tzinfo=UTC)
    keep(
        [
            record(1, version=1, updated_on=date(2026, 5, 23)),  # the day of its announcement
            record(2, version=2, updated_on=date(2026, 5, 22)),
            record(3, submitted_at=noon + timedelta(seconds=50)),
            record(4, submitted_at=noon + timedelta(seconds=10), version=1, updated_on=date(2026, 5, 20)),
            record(5, submitted_at=None, announced_on=date(2026, 5, 19)),
            record(6, submitted_at=None, listings=(), signals=()),
            record(
                7, submitted_at=datetime(2019, 1, 1, tzinfo=UTC), version=None, updated_on=date(2020, 2, 2)
            ),
        ]
    )
    catch_up(wiring.words_index())


@pytest.mark.parametrize("order", ["ascending", "descending"])
@pytest.mark.parametrize(("by", "told"), [("submittedDate", "published"), ("lastUpdatedDate", "updated")])
def test_the_order_is_that_of_the_dates_told(
    dated: None, client: Client, by: str, told: str, order: str
) -> None:
    names = ",".join(f"2605.{number:05}" for number in range(1, 8))
    for asked in ({"search_query": "abs:evidence"}, {"id_list": names}):
        reply = client.get("/api/query", {**asked, "sortBy": by, "sortOrder": order})
        dates = [entry[told] for entry in feedparser.parse(reply.content).entries]
        assert len(dates) == 7
        assert dates == sorted(dates, reverse=order == "descending")


def test_phrases_that_are_too_much_are_refused(
    papers: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(client, 'ti:"quantum criticality"') == ["1"]
    monkeypatch.setattr(Budget, "has", spent)

    reply = client.get("/api/query", {"search_query": 'ti:"quantum criticality"'})

    assert reply.status_code == 400
    assert "search_query: its phrases are of words too common" in reply.content.decode()


def spent(budget: Budget, papers: int) -> bool:
    """As the budget of a store of millions of papers."""
    budget.is_spent = True
    return False


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"start": "not_an_int"}, "start must be an integer, not 'not_an_int'"),
        ({"start": "-1"}, "start must be non-negative, not -1"),
        ({"max_results": "x"}, "max_results must be an integer"),
        ({"max_results": "-1"}, "max_results must be non-negative"),
        ({"max_results": "30001"}, "max_results must be at most 30000"),
        ({"start": "100000"}, "start must be at most 98000"),
        ({"id_list": "1234.1234.5"}, "incorrect id format for 1234.1234.5"),
        ({"id_list": "cond—mat/0709123"}, "incorrect id format for cond"),
        ({"id_list": "../../etc/passwd"}, "incorrect id format"),
        ({"id_list": ",".join(f"2605.{n:05}" for n in range(2001))}, "at most 2000 ids, not 2001"),
        ({"sortBy": "best"}, "sortBy must be in: relevance, lastUpdatedDate, submittedDate, not 'best'"),
        ({"sortOrder": "up"}, "sortOrder must be in: ascending, descending"),
        ({"search_query": "ti:"}, "search_query: got 'its end', expected a term"),
        ({"search_query": "ti:a AND"}, "expected a term"),
        ({"search_query": "ti:" * 1200 + "x"}, "expected a term"),
        ({"search_query": "ti:au:x"}, "expected a term"),
        ({"search_query": "ti:a NOT ti:b"}, "expected AND, OR or ANDNOT"),
        ({"search_query": "ti:a OR NOT ti:b"}, "expected a term"),
        ({"search_query": "NOT ti:b"}, "expected a term"),
        ({"search_query": "ANDNOT ti:a"}, "expected a term"),
        ({"search_query": "(ti:a"}, "expected a closing bracket"),
        ({"search_query": "ti:a)"}, "expected brackets in pairs"),
        ({"search_query": 'ti:"a'}, "quotation marks and square brackets in pairs"),
        ({"search_query": "title:a"}, "one of the fields ti, au, abs"),
        ({"search_query": "submittedDate:2026"}, "a range like submittedDate:[202301010600"),
        ({"search_query": "submittedDate:[x TO y]"}, "a range like"),
        ({"search_query": "submittedDate:[202613010000 TO *]"}, "a time like 202301010600"),
        ({"search_query": "ti:[20260101 TO 20260102]"}, "a range like"),
        ({"search_query": "a " * 61}, "at most 60 terms"),
        ({"search_query": "(" * 20}, "at most 12 deep"),
        ({"search_query": "a" * 5000}, "at most 4,000 characters"),
    ],
)
def test_an_error_is_a_feed_of_one_entry(papers: None, client: Client, asked: Any, words: str) -> None:
    reply = client.post("/api/query", urlencode(asked), content_type=FORM)

    assert reply.status_code == 400
    feed = feedparser.parse(reply.content)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == "Error"
    assert entry.id.startswith("http://arxiv.org/api/errors#")
    assert words in entry.summary


def test_the_id_of_an_error_is_that_of_the_manual(client: Client) -> None:
    (entry,) = feedparser.parse(client.get("/api/query?id_list=1234.12345").content).entries

    assert entry.id == "http://arxiv.org/api/errors#incorrect_id_format_for_1234.12345"


def test_pages_and_heads(indexed: None, client: Client) -> None:
    reply = client.get("/api/query?search_query=all:retrieval&start=10&max_results=0")
    feed = feedparser.parse(reply.content)

    assert not feed.entries
    assert feed.feed.opensearch_totalresults == "50"
    assert feed.feed.opensearch_startindex == "10"
    assert feed.feed.opensearch_itemsperpage == "0"
    last = feedparser.parse(
        client.get("/api/query?search_query=all:retrieval&start=45&max_results=20").content
    )
    assert (len(last.entries), last.feed.opensearch_itemsperpage) == (5, "20")
    assert "search_query=all:retrieval&id_list=&start=10&max_results=0" in feed.feed.title
    first, second = (found(client, "all:retrieval", start=start, max_results="25") for start in ("0", "25"))
    assert len(first) == len(second) == 25
    again = client.get(
        "/api/query?search_query=all:retrieval&start=10&max_results=0",
        headers={"if-none-match": reply.headers["ETag"]},
    )
    assert again.status_code == 304


def test_what_others_wrote_stays_text(take: TakeIn, client: Client) -> None:
    hostile = "]]> <script>x</script> & \x02\x1b \u202e é"
    take(record(1, title=hostile, summary=hostile, authors=(hostile,), comments=hostile, journal_ref=hostile))
    take(makers.listed("No number <b>at all</b>"))

    feed = feedparser.parse(client.get("/api/query?id_list=2605.00001").content)

    assert not feed.bozo
    assert "\x02" not in feed.entries[0].title
    key = client.get("/api/papers").json()
    assert len(key) == 1
