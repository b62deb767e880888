from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from broadsheet.domain.paper import PaperRecord, Removal
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.sources.arxiv_oai import ArxivOai
from broadsheet.sources.base import Batch, Progress
from broadsheet.sources.fields import Calendar
from broadsheet.sources.oai_records import read_page
from tests.fakes.clock import FakeClock
from tests.fakes.papers import FakeOai, FakePaper, oai_document, oai_record, some_papers
from tests.fakes.upstream import Upstream

RECORDED = Path("tests/fixtures/arxiv_oai")
ANY_DAY = Calendar(None)
URL = "https://oaipmh.arxiv.org/oai"


@pytest.fixture
def oai(upstream: Upstream) -> FakeOai:
    server = FakeOai(some_papers(25), page=10)
    upstream.routes["/oai"] = server
    return server


@pytest.fixture
def source(client: PoliteClient, upstream: Upstream) -> ArxivOai:
    return ArxivOai(client, ("cs.LG",), f"{upstream.url}/oai")


def keys(batches: Iterator[Batch] | list[Batch]) -> list[str]:
    return [told.key for batch in batches for told in batch.told if isinstance(told, PaperRecord | Removal)]


def test_a_harvest_follows_the_tokens_alone(oai: FakeOai, source: ArxivOai, upstream: Upstream) -> None:
    batches = list(source.ask({}, None))

    assert keys(batches) == [f"arxiv:2601.{number:05}" for number in range(1, 26)]
    assert upstream.requests[0].query == {
        "verb": "ListRecords",
        "metadataPrefix": "arXiv",
        "set": "cs:cs:LG",
    }
    assert [sorted(asked.query) for asked in upstream.requests[1:]] == [["resumptionToken", "verb"]] * 2


def test_the_next_harvest_starts_on_the_day_of_the_last_one(
    oai: FakeOai, source: ArxivOai, upstream: Upstream
) -> None:
    *_, last = source.ask({}, None)
    oai.papers.append(FakePaper("2605.99999", day=date(2026, 5, 22)))
    upstream.requests.clear()

    batches = list(source.ask(last.progress, None))

    assert upstream.requests[0].query["from"] == "2026-05-22"
    assert "until" not in upstream.requests[0].query
    assert keys(batches) == ["arxiv:2605.99999"]


def test_nothing_new_is_no_error(oai: FakeOai, source: ArxivOai) -> None:
    *_, last = source.ask({}, None)

    [batch] = source.ask(last.progress, None)

    assert batch.told == []
    assert batch.progress == last.progress


@pytest.mark.parametrize("pages", [0, 1, 2, 3])
def test_a_harvest_cut_short_goes_on_where_it_stopped(
    oai: FakeOai, source: ArxivOai, upstream: Upstream, pages: int
) -> None:
    before = list(islice(source.ask({}, None), pages))
    progress: Progress = before[-1].progress if before else {}
    asked = len(upstream.asked)

    after = list(source.ask(progress, None))

    assert keys(before) + keys(after) == [f"arxiv:2601.{number:05}" for number in range(1, 26)]
    assert len(upstream.asked) - asked == max(3 - pages, 1)


def test_an_expired_token_starts_the_set_again(oai: FakeOai, source: ArxivOai) -> None:
    [first] = islice(source.ask({}, None), 1)
    oai.expire_tokens()

    batches = list(source.ask(first.progress, None))

    assert len(keys(batches)) == 25


def test_a_token_from_yesterday_is_not_even_tried(
    oai: FakeOai, source: ArxivOai, upstream: Upstream, clock: FakeClock
) -> None:
    [first] = islice(source.ask({}, date(2026, 5, 18)), 1)
    clock.at += timedelta(days=1)
    upstream.requests.clear()

    list(source.ask(first.progress, None))

    assert upstream.requests[0].query["from"] == "2026-05-18"


def test_a_server_that_refuses_all_its_tokens_is_an_error(source: ArxivOai, upstream: Upstream) -> None:
    page = oai_record(FakePaper("2605.00001")) + "<resumptionToken>t</resumptionToken>"
    for _ in range(2):
        upstream.will_answer(oai_document(f"<ListRecords>{page}</ListRecords>"))
        upstream.will_answer(oai_document('<error code="badResumptionToken">expired</error>'))

    with pytest.raises(UpstreamError, match="refuses its own resumption tokens"):
        list(source.ask({}, None))


def test_the_same_token_twice_is_an_error(source: ArxivOai, upstream: Upstream) -> None:
    page = oai_record(FakePaper("2605.00001")) + "<resumptionToken>t</resumptionToken>"
    for _ in range(2):
        upstream.will_answer(oai_document(f"<ListRecords>{page}</ListRecords>"))

    with pytest.raises(UpstreamError, match="goes in a circle"):
        list(source.ask({}, None))


def test_an_empty_page_before_the_end_is_an_error(source: ArxivOai, upstream: Upstream) -> None:
    upstream.will_answer(oai_document("<ListRecords><resumptionToken>t</resumptionToken></ListRecords>"))

    with pytest.raises(UpstreamError, match="empty page before the end") as caught:
        list(source.ask({}, None))

    assert caught.value.retry_after == timedelta(minutes=10)


def test_a_later_date_leaves_no_gap_after_the_last_harvest(
    oai: FakeOai, source: ArxivOai, upstream: Upstream
) -> None:
    progress = {"cs:cs:LG": {"since": "2026-05-19"}}

    list(source.ask(progress, date(2026, 5, 21)))

    assert upstream.requests[0].query["from"] == "2026-05-19"


def test_an_earlier_date_harvests_again_from_there(
    oai: FakeOai, source: ArxivOai, upstream: Upstream
) -> None:
    progress = {"cs:cs:LG": {"since": "2026-05-19"}}

    list(source.ask(progress, date(2026, 5, 18)))

    assert upstream.requests[0].query["from"] == "2026-05-18"


@pytest.mark.parametrize(
    "progress",
    [
        {"cs:cs:LG": None},
        {"cs:cs:LG": "2026"},
        {"cs:cs:LG": {"since": "soon"}},
        {"cs:cs:LG": {"token": "t", "token_at": "?"}},
        {"cs:cs:LG": {"token": "t"}},
    ],
)
def test_a_damaged_progress_means_all_of_it_again(oai: FakeOai, source: ArxivOai, progress: Progress) -> None:
    assert len(keys(source.ask(progress, None))) == 25


def test_each_category_is_a_set_of_its_own(client: PoliteClient, upstream: Upstream) -> None:
    upstream.routes["/oai"] = FakeOai(some_papers(5))
    source = ArxivOai(client, ("cs.LG", "hep-th", "cs.AI"), f"{upstream.url}/oai")

    *_, last = source.ask({}, None)

    assert [asked.query["set"] for asked in upstream.requests] == ["cs:cs:LG", "physics:hep-th", "cs:cs:AI"]
    assert set(last.progress) == {"cs:cs:LG", "physics:hep-th", "cs:cs:AI"}


def test_a_date_before_the_first_datestamp_is_not_asked_for(
    oai: FakeOai, source: ArxivOai, upstream: Upstream
) -> None:
    list(source.ask({}, date(1991, 1, 1)))

    assert upstream.requests[0].query["from"] == "2005-09-16"


def test_a_deleted_record_is_a_removal(oai: FakeOai, source: ArxivOai) -> None:
    oai.papers[:] = [FakePaper("2605.00001", is_deleted=True)]

    [batch] = source.ask({}, None)

    [removal] = batch.told
    assert isinstance(removal, Removal)
    assert (removal.key, removal.told_on) == ("arxiv:2605.00001", date(2026, 5, 18))


def test_the_raw_format_tells_versions(oai: FakeOai, client: PoliteClient, upstream: Upstream) -> None:
    oai.papers[:] = [FakePaper("2605.00001", version=3)]
    source = ArxivOai(client, ("cs.LG",), f"{upstream.url}/oai", format="arXivRaw")

    [batch] = source.ask({}, None)

    [record] = batch.told
    assert isinstance(record, PaperRecord)
    assert record.version == 3
    assert record.submitted_at == datetime(2026, 5, 18, 13, 55, 30, tzinfo=UTC)
    assert record.authors == ("Ada Lovelace", "Alan Turing")


def test_a_recorded_page_is_read_whole() -> None:
    page = read_page((RECORDED / "arxiv-physics-hep-th.xml").read_bytes(), URL, ANY_DAY)

    records = [told for told in page.told if isinstance(told, PaperRecord)]
    assert (len(records), page.token, page.response_date) == (3, "", "2017-12-14")
    assert records[1].key == "arxiv:1507.07790"
    assert records[1].authors == ("Luis B. Castro", "Edilberto O. Silva")
    assert records[1].categories == ("hep-th", "math-ph", "math.MP", "quant-ph")
    assert records[1].submitted_at == datetime(2015, 7, 28, tzinfo=UTC)
    assert records[1].updated_on == date(2016, 3, 4)
    assert records[1].told_on == date(2017, 12, 14)
    assert records[1].doi == "10.1088/1751-8121/aa9c53"
    assert records[1].journal_ref == "J. Phys. A: Math. Theor. 51 (2018) 035201"
    assert records[1].licence == "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.xml")), ids=lambda path: str(path.name))
def test_no_recorded_reply_holds_a_bad_record(path: Path) -> None:
    page = read_page(path.read_bytes(), URL, ANY_DAY)

    assert page.told
    assert all(isinstance(told, PaperRecord) for told in page.told)


def test_a_colon_among_the_authors_is_nobody() -> None:
    page = read_page((RECORDED / "sample_arxiv_record8.xml").read_bytes(), URL, ANY_DAY)

    [record] = page.told
    assert isinstance(record, PaperRecord)
    assert record.authors[0] == "Super-Kamiokande Collaboration"
    assert ":" not in record.authors


@pytest.mark.parametrize("sign", [b"\x01", b"&#x1;", b"&#0;", b"&#xD800;", b"&#99999999999;", b"\xff"])
def test_a_sign_that_xml_forbids_stops_nothing(sign: bytes) -> None:
    records = oai_record(FakePaper("2605.00001", title="MARK One")) + oai_record(FakePaper("2605.00002"))
    body = oai_document(f"<ListRecords>{records}</ListRecords>").replace(b"MARK", sign)

    first, second = read_page(body, URL, ANY_DAY).told

    assert isinstance(first, PaperRecord)
    assert first.title in ("One", "\N{REPLACEMENT CHARACTER} One")
    assert isinstance(second, PaperRecord)


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><OAI-PMH>&b;</OAI-PMH>'


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<html><body>arXiv is down</body></html>", "sent no OAI-PMH page"),
        (b"", "sent no OAI-PMH page"),
        (oai_document("<ListRecords>" + oai_record(FakePaper("2605.00001")))[:-20], "sent no OAI-PMH page"),
        (BOMB, "sent no OAI-PMH page"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "sent no OAI-PMH page"),
        (oai_document('<error code="badArgument">no such set</error>'), "refuses the question"),
        (b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"/>', "without its date"),
    ],
)
def test_what_is_no_page_is_an_error(body: bytes, problem: str) -> None:
    with pytest.raises(UpstreamError, match=problem):
        read_page(body, URL, ANY_DAY)


def test_an_entry_that_cannot_be_read_stops_nothing() -> None:
    papers = [
        FakePaper("2605.00001", title=""),
        FakePaper("nonsense"),
        FakePaper("2605.00003", day=date(2099, 1, 1)),
        FakePaper("2605.00004", title="A\x0b <b>title</b>"),
    ]
    body = oai_document(f"<ListRecords>{''.join(map(oai_record, papers))}<record/></ListRecords>")

    *bad, good, empty = read_page(body, URL, Calendar(date(2026, 5, 23))).told

    assert [str(told) for told in bad] == [
        "oai:arXiv.org:2605.00001: no title",
        "oai:arXiv.org:nonsense: 'oai:arXiv.org:nonsense' is not an arXiv id; "
        "expected one like 2401.01234 or hep-th/9901001",
        "oai:arXiv.org:2605.00003: 2099-01-01 lies in the future; expected 1900-01-01 to 2026-05-23",
    ]
    assert isinstance(good, PaperRecord)
    assert good.title == "A <b>title</b>"
    assert str(empty) == "a record without a header: no header"
