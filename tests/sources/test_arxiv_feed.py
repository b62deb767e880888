from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from broadsheet.domain.paper import BadRecord, Link, LinkKind, Listing, ListingKind, PaperRecord, Told
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.sources.arxiv_feed import ArxivFeed
from tests.fakes.papers import FakePaper, atom_feed, rss_feed
from tests.fakes.upstream import Upstream

RECORDED = Path("tests/fixtures/arxiv_feed/atom.xml")
DAY = date(2026, 5, 18)
Feed = Callable[[FakePaper], bytes]


def ask(client: PoliteClient, upstream: Upstream, body: bytes) -> list[Told]:
    upstream.will_answer(body)
    [batch] = ArxivFeed(client, ("cs.LG",), upstream.url).ask({}, None)
    return batch.told


@pytest.mark.parametrize("feed", [atom_feed, rss_feed])
def test_a_feed_tells_its_papers(client: PoliteClient, upstream: Upstream, feed: Feed) -> None:
    paper = FakePaper("2605.00001", abstract="We count. Code: github.com/a/b", version=1)

    [record] = ask(client, upstream, feed(paper))

    assert record == PaperRecord(
        source="arxiv_feed",
        key=record.key,  # type: ignore[union-attr]
        title="A paper",
        abstract="We count. Code: github.com/a/b",
        authors=("Ada Lovelace", "Alan Turing"),
        categories=("cs.LG", "cs.AI"),
        announced_on=DAY,
        updated_on=DAY,
        told_on=DAY,
        version=1,
        licence="http://creativecommons.org/licenses/by/4.0/",
        links=(Link(LinkKind.CODE, "https://github.com/a/b"),),
        listings=(Listing("arxiv", DAY, ListingKind.NEW),),
    )
    assert record.key == "arxiv:2605.00001"


@pytest.mark.parametrize("feed", [atom_feed, rss_feed])
@pytest.mark.parametrize("kind", ["cross", "replace", "replace-cross"])
def test_only_new_papers_are_announced(
    client: PoliteClient, upstream: Upstream, feed: Feed, kind: str
) -> None:
    paper = FakePaper("2605.00001", announce_type=kind, version=3)

    [record] = ask(client, upstream, feed(paper))

    assert isinstance(record, PaperRecord)
    assert record.announced_on is None
    assert record.version == 3
    assert record.listings == (Listing("arxiv", DAY, ListingKind(kind)),)


def test_feeds_that_differ_in_the_kind_alone_tell_the_same_paper(
    client: PoliteClient, upstream: Upstream
) -> None:
    in_its_own, in_another = FakePaper("2605.00001"), FakePaper("2605.00001", announce_type="cross")

    [new] = ask(client, upstream, atom_feed(in_its_own))
    [cross] = ask(client, upstream, atom_feed(in_another))

    assert isinstance(new, PaperRecord)
    assert isinstance(cross, PaperRecord)
    assert replace(cross, listings=new.listings, announced_on=DAY) == new


def test_a_date_beyond_all_numbers_is_a_bad_entry(client: PoliteClient, upstream: Upstream) -> None:
    body = rss_feed(FakePaper("2605.00001")).replace(b"2026 00:00:00", b"2026 00:00:99999999999999999999")

    [bad] = ask(client, upstream, body)

    assert isinstance(bad, BadRecord)
    assert "is no date" in bad.reason


def test_a_recorded_feed_is_read_whole(client: PoliteClient, upstream: Upstream) -> None:
    told = ask(client, upstream, RECORDED.read_bytes())

    records = [record for record in told if isinstance(record, PaperRecord)]
    assert len(records) == len(told) == 7
    assert [record.announced_on for record in records] == [None] * 5 + [date(2025, 8, 20)] * 2
    assert records[2].authors == ("Paulo André Lima de Castro",)
    assert records[2].abstract.startswith("Sentence")


@pytest.mark.parametrize("feed", [atom_feed, rss_feed])
def test_markup_in_a_paper_stays_text(client: PoliteClient, upstream: Upstream, feed: Feed) -> None:
    paper = FakePaper(
        "2605.00001", title="<script>alert(1)</script> & <b>bold</b>", abstract="If a < b, then <i>c</i>."
    )

    [record] = ask(client, upstream, feed(paper))

    assert isinstance(record, PaperRecord)
    assert record.title == "<script>alert(1)</script> & <b>bold</b>"
    assert record.abstract == "If a < b, then <i>c</i>."


def test_an_empty_feed_is_no_error(client: PoliteClient, upstream: Upstream) -> None:
    assert ask(client, upstream, atom_feed()) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<html><body>arXiv is down</body></html>", "sent no feed"),
        (b"", "sent no feed"),
        (b"\x00\x01\x02", "sent no feed"),
        (atom_feed(FakePaper("2605.00001"))[:-30], "breaks off"),
        (rss_feed(FakePaper("2605.00001"))[:-30], "breaks off"),
    ],
)
def test_what_is_no_feed_is_an_error(
    client: PoliteClient, upstream: Upstream, body: bytes, problem: str
) -> None:
    with pytest.raises(UpstreamError, match=problem) as caught:
        ask(client, upstream, body)

    assert caught.value.retry_after == timedelta(minutes=30)


def test_a_wrong_category_is_told_after_the_others_were_read(
    client: PoliteClient, upstream: Upstream
) -> None:
    upstream.will_answer(atom_feed(title="Feed error for query: cs.XX"))
    upstream.will_answer(atom_feed(FakePaper("2605.00001")))
    batches = ArxivFeed(client, ("cs.XX", "cs.LG"), upstream.url).ask({}, None)

    assert len(next(batches).told) == 1
    with pytest.raises(UpstreamError, match=r"/cs\.XX answers that there is no such category") as caught:
        next(batches)

    assert caught.value.retry_after is None


def test_a_busy_arxiv_is_not_asked_for_the_other_categories(client: PoliteClient, upstream: Upstream) -> None:
    upstream.will_answer(status=503, retry_after="600")

    with pytest.raises(UpstreamError, match="slow down"):
        list(ArxivFeed(client, ("cs.AI", "cs.LG"), upstream.url).ask({}, None))

    assert upstream.asked == ["/cs.AI"]


def test_a_feed_that_has_not_changed_is_not_sent_again(client: PoliteClient, upstream: Upstream) -> None:
    feed = ArxivFeed(client, ("cs.LG",), upstream.url)
    upstream.will_answer(atom_feed(FakePaper("2605.00001")), etag='"v1"')
    upstream.will_answer(status=304)
    [first] = feed.ask({}, None)

    [second] = feed.ask(first.progress, None)

    assert second.told == []
    assert second.progress == first.progress
    assert upstream.requests[1].headers["if-none-match"] == '"v1"'


def test_asking_since_a_day_asks_anew(client: PoliteClient, upstream: Upstream) -> None:
    feed = ArxivFeed(client, ("cs.LG",), upstream.url)
    upstream.will_answer(atom_feed(FakePaper("2605.00001")), etag='"v1"')
    upstream.will_answer(atom_feed(FakePaper("2605.00001")), etag='"v1"')
    [first] = feed.ask({}, None)

    [second] = feed.ask(first.progress, DAY)

    assert len(second.told) == 1
    assert upstream.requests[1].headers["if-none-match"] is None


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        (FakePaper("2605.00001", title=" "), "no title"),
        (FakePaper("no-id"), "is not an arXiv id"),
        (FakePaper("2605.00001", announce_type="revoked"), "announce type 'revoked'"),
        (FakePaper("2605.00001", day=date(2099, 1, 1)), "2099-01-01 lies in the future"),
        (FakePaper("2605.00001", title="x" * 100_000), "title of 100,000 characters"),
    ],
)
def test_an_entry_that_cannot_be_read_stops_nothing(
    client: PoliteClient, upstream: Upstream, paper: FakePaper, reason: str
) -> None:
    bad, good = ask(client, upstream, atom_feed(paper, FakePaper("2605.00002")))

    assert isinstance(bad, BadRecord)
    assert reason in bad.reason
    assert isinstance(good, PaperRecord)


def test_control_characters_are_dropped(client: PoliteClient, upstream: Upstream) -> None:
    body = atom_feed(FakePaper("2605.00001", title="A\x07 title\u202e turned"))

    [record] = ask(client, upstream, body)

    assert isinstance(record, PaperRecord)
    assert record.title == "A title turned"


@pytest.mark.parametrize("feed", [atom_feed, rss_feed])
@pytest.mark.parametrize("sign", [b"&#x1;", b"&#xD800;", b"&#99999999999;", b"&bogus;", b"&"])
def test_a_sign_that_xml_forbids_stops_nothing(
    client: PoliteClient, upstream: Upstream, feed: Feed, sign: bytes
) -> None:
    body = feed(FakePaper("2605.00001", title="MARK One")).replace(b"MARK", sign)

    [record] = ask(client, upstream, body)

    assert isinstance(record, PaperRecord)
    assert record.title.endswith("One")
