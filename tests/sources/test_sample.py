import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from broadsheet.domain.paper import BadRecord, Link, LinkKind, Listing, ListingKind, PaperRecord
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.sources.fields import Calendar
from broadsheet.sources.sample import read_lines, sample_edition

ENTRY: dict[str, Any] = {
    "arxiv_id": "2605.12882",
    "title": "A paper",
    "summary": "Our own words.",
    "tldr": "Fewer of them.",
    "authors": ["Ada Lovelace"],
    "names": ["ABC"],
    "keywords": ["counting"],
    "listed_on": "2026-05-18",
    "published_at": "2026-05-13T00:00:00.000Z",
    "upvotes": 269,
    "comments": 3,
    "code": "https://github.com/a/b",
    "project_page": "https://example.org",
    "github_stars": [{"day": "2026-05-18", "stars": 7}],
}


def record_of(**changes: Any) -> PaperRecord | BadRecord:
    [told] = read_lines([json.dumps(ENTRY | changes).encode()], "papers.jsonl", Calendar(None))
    assert isinstance(told, PaperRecord | BadRecord)
    return told


def test_the_edition_in_the_package_is_whole() -> None:
    told = list(sample_edition())

    records = [item for item in told if isinstance(item, PaperRecord)]
    assert len(records) == len(told) == 614
    days = Counter(listing.day for record in records for listing in record.listings)
    assert days == {date(2026, 5, day): 30 for day in range(18, 23)}
    assert all(record.summary or record.one_line for record in records)
    assert not any(record.abstract for record in records)


def test_an_entry_tells_listing_links_and_signals() -> None:
    record = record_of()

    assert isinstance(record, PaperRecord)
    assert record.key == "arxiv:2605.12882"
    assert record.submitted_at == datetime(2026, 5, 13, tzinfo=UTC)
    assert record.listings == (Listing("huggingface", date(2026, 5, 18), ListingKind.DAILY),)
    assert record.links == (
        Link(LinkKind.CODE, "https://github.com/a/b"),
        Link(LinkKind.PROJECT, "https://example.org"),
    )
    assert record.signals == (
        SignalReading(SignalKind.UPVOTES, date(2026, 5, 24), 269),
        SignalReading(SignalKind.COMMENTS, date(2026, 5, 24), 3),
        SignalReading(SignalKind.STARS, date(2026, 5, 18), 7),
    )


@pytest.mark.parametrize("code", [None, [], ""])
def test_code_may_be_missing(code: object) -> None:
    record = record_of(code=code, project_page=None, arxiv_id=None)

    assert isinstance(record, PaperRecord)
    assert record.links == ()
    assert record.key.startswith("title:")


def test_code_may_be_a_list_and_a_page_without_code_is_a_project() -> None:
    record = record_of(
        code=["https://github.com/a/b", "https://example.org/lab", "javascript:x"], project_page=None
    )

    assert isinstance(record, PaperRecord)
    assert [link.kind for link in record.links] == [LinkKind.CODE, LinkKind.PROJECT]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": None}, "no title"),
        ({"authors": "Ada", "title": 7}, "title is a number"),
        ({"names": [1]}, "names is a list; expected a list of texts"),
        ({"upvotes": 1.5}, "upvotes is 1.5"),
        ({"github_stars": [{"day": "2026-05-18"}]}, "without day or stars"),
        ({"github_stars": "many"}, "github_stars is text"),
        ({"listed_on": "0001-01-01"}, "lies too far back"),
    ],
)
def test_a_wrong_field_is_told(changes: dict[str, Any], reason: str) -> None:
    bad = record_of(**changes)

    assert isinstance(bad, BadRecord)
    assert reason in bad.reason
