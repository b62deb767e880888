import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from broadsheet.domain.paper import BadRecord, Link, LinkKind, PaperRecord, Told
from broadsheet.sources.arxiv_snapshot import arxiv_categories, bare_doi, read_lines
from broadsheet.sources.fields import Calendar
from broadsheet.sources.lines import BadLine, Line

FULL: dict[str, Any] = {
    "id": "0704.0001",
    "submitter": "Ada Lovelace",
    "authors": "A. Lovelace, A. Turing",
    "title": "Counting to\n  ten",
    "comments": "12 pages",
    "journal-ref": "J. Count. 1 (2008) 1-12",
    "doi": "10.1000/ABC",
    "report-no": None,
    "categories": "hep-ph cs.LG",
    "license": "http://creativecommons.org/licenses/by/4.0/",
    "abstract": "  We count\nto ten.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
    ],
    "update_date": "2008-11-26",
    "authors_parsed": [["Lovelace", "Ada", ""], ["Turing", "Alan", "Jr."]],
}
SHORT: dict[str, Any] = {
    "id": "2507.02519",
    "authors": "A. Doe (MIT), B. Roe and C. Foe",
    "title": "A paper",
    "comments": None,
    "categories": "cs.CV I.2.10; 68T07 (Primary)",
    "abstract": "We see. Code: github.com/a/b",
    "update_date": "2025-07-04",
    "announced": "2025-07-04",
}


def told(*entries: Mapping[str, Any] | bytes, latest: date | None = None) -> list[Told]:
    lines = [entry if isinstance(entry, bytes) else json.dumps(entry).encode() for entry in entries]
    return list(read_lines(lines, "some.jsonl", Calendar(latest)))


def test_the_full_layout_tells_versions() -> None:
    [record] = told(FULL)

    assert record == PaperRecord(
        source="arxiv_snapshot",
        key=record.key,  # type: ignore[union-attr]
        title="Counting to ten",
        abstract="We count to ten.",
        authors=("Ada Lovelace", "Alan Turing Jr."),
        categories=("hep-ph", "cs.LG"),
        submitted_at=datetime(2007, 4, 2, 19, 18, 42, tzinfo=UTC),
        updated_on=date(2007, 7, 24),
        told_on=date(2008, 11, 26),
        version=2,
        comments="12 pages",
        journal_ref="J. Count. 1 (2008) 1-12",
        doi="10.1000/abc",
        licence="http://creativecommons.org/licenses/by/4.0/",
    )
    assert record.key == "arxiv:0704.0001"


def test_the_short_layout_tells_the_announcement() -> None:
    [record] = told(SHORT)

    assert isinstance(record, PaperRecord)
    assert record.authors == ("A. Doe", "B. Roe", "C. Foe")
    assert record.categories == ("cs.CV",)
    assert (record.submitted_at, record.announced_on) == (None, date(2025, 7, 4))
    assert record.updated_on == record.told_on == date(2025, 7, 4)
    assert record.links == (Link(LinkKind.CODE, "https://github.com/a/b"),)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("0704.0001", "arxiv:0704.0001"),
        ("704.0010", "arxiv:0704.0010"),
        (704.001, "arxiv:0704.0010"),
        ("1912.1328899999999", "arxiv:1912.13289"),
        ("math.GT/0309136", "arxiv:math/0309136"),
    ],
)
def test_an_id_that_was_taken_for_a_number_is_mended(written: object, key: str) -> None:
    [record] = told(SHORT | {"id": written})

    assert isinstance(record, PaperRecord)
    assert record.key == key


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "no id"),
        ({"id": "nonsense"}, "'nonsense' is not an arXiv id"),
        ({"id": ["0704.0001"]}, "no id"),
        ({"title": ""}, "no title"),
        ({"title": " \n "}, "no title"),
        ({"title": ["A", "paper"]}, "title is a list; expected text"),
        ({"title": "x" * 100_000}, "title of 100,000 characters; expected at most 2,000"),
        ({"abstract": {"a": 1}}, "abstract is an object; expected text"),
        ({"categories": 7}, "categories is a number; expected text"),
        ({"update_date": "yesterday"}, "update_date 'yesterday' is no date like 2026-05-22"),
        ({"update_date": "2025-02-30"}, "update_date '2025-02-30' is no date"),
        ({"update_date": "2099-01-01"}, "2099-01-01 lies in the future"),
        ({"announced": "1850-01-01"}, "1850-01-01 lies too far back"),
        ({"versions": "v1"}, "versions is no list of objects"),
        ({"versions": [{"created": "long ago"}]}, "created 'long ago' is no moment like"),
        ({"versions": [{"created": "Mon, 2 Apr 2099 19:18:42 GMT"}]}, "lies in the future"),
        ({"authors_parsed": [["Doe", 7]]}, "authors_parsed holds ['Doe', 7]"),
        ({"authors_parsed": "Doe"}, "authors_parsed is no list"),
    ],
)
def test_a_wrong_field_is_told_with_its_line(change: dict[str, Any], reason: str) -> None:
    good, bad, after = told(SHORT, SHORT | change, SHORT, latest=date(2026, 5, 22))

    assert isinstance(bad, BadRecord)
    assert bad.where == "some.jsonl line 2"
    assert reason in bad.reason
    assert good == after


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "0704.0001", "titl', "broken JSON"),
        (b"[1, 2]", "no object"),
        (b"7", "no object"),
        (b"null", "no object"),
        (b"[" * 5000, "broken JSON"),
        ('{"id": "Café"}'.encode("latin-1"), "not UTF-8 text (byte 0xe9 at place 12)"),
        (b'{"title": "\\ud800"}', "broken JSON"),
    ],
)
def test_a_broken_line_is_told_with_its_number(line: bytes, reason: str) -> None:
    bad, good = told(line, SHORT)

    assert isinstance(bad, BadRecord)
    assert bad.where == "some.jsonl line 1"
    assert reason in bad.reason
    assert isinstance(good, PaperRecord)


def test_blank_lines_are_passed_over_and_counted() -> None:
    lines: list[Line] = [b"", b"  \r", b"{", BadLine("a line of more than 5 MB")]

    told = list(read_lines(lines, "some.jsonl", Calendar(None)))

    assert [bad.where for bad in told if isinstance(bad, BadRecord)] == [
        "some.jsonl line 3",
        "some.jsonl line 4",
    ]


def test_markup_stays_text_and_signs_that_hide_go() -> None:
    title, abstract = "<script>alert(1)</script>\x00 a\u202eb", '<a href="javascript:x">&lt;</a>'

    [record] = told(SHORT | {"title": title, "abstract": abstract})

    assert isinstance(record, PaperRecord)
    assert record.title == "<script>alert(1)</script> ab"
    assert record.abstract == abstract
    assert record.links == ()


def test_a_withdrawn_paper_is_marked() -> None:
    [record] = told(SHORT | {"comments": "This paper has been withdrawn by the author"})

    assert isinstance(record, PaperRecord)
    assert record.is_withdrawn


def test_only_categories_of_arxiv_are_categories() -> None:
    words = "astro-ph cond-mat.str-el cs.CV eess.IV cmp-lg q-alg math-ph hep-lat physics.data-an stat.ML"

    found = arxiv_categories(f"{words} and neural Networks I.2.6; 68T07, (Secondary) cs.vision.x")

    assert found == tuple(words.split())


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1000/ABC", "10.1000/abc"),
        ("doi:10.1000/abc.", "10.1000/abc"),
        ("https://dx.doi.org/10.1000/abc 10.2/b", "10.1000/abc"),
        ("10.48550/arXiv.2401.00001", ""),
        ("none yet", ""),
        ("", ""),
    ],
)
def test_a_doi_is_bare(written: str, doi: str) -> None:
    assert bare_doi(written) == doi
