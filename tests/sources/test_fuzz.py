"""Whatever comes, nothing but values and UpstreamError comes out."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.domain.code_links import code_links, github_name, is_github_name, repository_url
from broadsheet.domain.paper import BadRecord, PaperRecord, Removal
from broadsheet.domain.tally import RepositoryDue, RepositoryTold, Tally
from broadsheet.lib.http import Reply, UpstreamError
from broadsheet.lib.tex import without_accent_commands
from broadsheet.rank import backtest
from broadsheet.rank.records import NO_RECORDS
from broadsheet.sources import (
    arxiv_snapshot,
    bibtex,
    github_answers,
    github_batches,
    huggingface,
    listing,
    sample,
)
from broadsheet.sources.arxiv_feed import read_feed
from broadsheet.sources.authors import author_names
from broadsheet.sources.fields import Calendar
from broadsheet.sources.files import READERS, BadFile
from broadsheet.sources.hackernews import _Found
from broadsheet.sources.histories import read_histories
from broadsheet.sources.lines import split_lines
from broadsheet.sources.oai_records import BadToken, read_page
from tests.fakes.papers import FakePaper, atom_feed, daily_item, oai_document, oai_record, rss_feed
from tests.fakes.signals import json_of, node, repository, story
from tests.sources.test_arxiv_snapshot import FULL
from tests.sources.test_sample import ENTRY

ANY_DAY = Calendar(None)
PAPER = FakePaper("2605.00001")
DOCUMENTS = [
    atom_feed(PAPER),
    rss_feed(PAPER),
    oai_document(f"<ListRecords>{oai_record(PAPER)}{oai_record(PAPER, 'arXivRaw')}</ListRecords>"),
]
BIBTEX = b'@article{a,\n title={{A} \\"o $x$},\n author={Doe, J. and Roe},\n eprint={2401.01234}\n}\n'

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["2026-05-22", "v1"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def damaged(draw: st.DrawFn, documents: list[bytes]) -> bytes:
    """A good document in which some bytes were cut out or replaced."""
    body = draw(st.sampled_from(documents))
    for _ in range(draw(st.integers(1, 4))):
        start, length = draw(st.integers(0, len(body))), draw(st.integers(0, 40))
        body = body[:start] + draw(st.binary(max_size=8) | st.just(b"&#1;<![CDATA[")) + body[start + length :]
    return body


def entries(good: dict[str, Any]) -> st.SearchStrategy[Any]:
    wrong = st.dictionaries(st.sampled_from(sorted(good)), values, max_size=4)
    return wrong.map(lambda changes: good | changes) | values


@given(damaged(DOCUMENTS) | st.binary())
@settings(max_examples=150, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_any_feed_gives_values_or_one_error(body: bytes) -> None:
    try:
        told = read_feed(Reply("https://rss.arxiv.org/atom/cs.LG", body), ANY_DAY)
    except UpstreamError:
        return
    assert all(isinstance(item, PaperRecord | BadRecord) for item in told)


@given(damaged(DOCUMENTS) | st.binary())
@settings(max_examples=150, deadline=None)
def test_any_oai_page_gives_values_or_one_error(body: bytes) -> None:
    try:
        told = read_page(body, "https://oaipmh.arxiv.org/oai", ANY_DAY).told
    except (UpstreamError, BadToken):
        return
    assert all(isinstance(item, PaperRecord | BadRecord | Removal) for item in told)


@given(entries(daily_item(PAPER)) | entries(daily_item(PAPER)["paper"]).map(lambda paper: {"paper": paper}))  # type: ignore[arg-type]
@settings(max_examples=150, deadline=None)
def test_any_daily_row_gives_a_value(row: Any) -> None:
    day = PAPER.day

    assert isinstance(huggingface._told(row, day, day), PaperRecord | BadRecord)


@given(entries(FULL) | entries(ENTRY))
@settings(max_examples=200, deadline=None)
def test_any_json_line_gives_a_value(entry: Any) -> None:
    line = json.dumps(entry).encode()

    for read in (arxiv_snapshot.read_lines, sample.read_lines):
        assert all(isinstance(item, PaperRecord | BadRecord) for item in read([line], "x", ANY_DAY))


FOLLOWED = {
    "arxiv_id": "2605.00001",
    "authors": ["Ada Lovelace"],
    "listed_on": "2026-05-18",
    "published_at": "2026-05-17T12:00:00Z",
    "final_upvotes": 9,
    "github_stars": [{"day": "2026-05-18", "stars": 4}],
}


@given(st.lists(entries(FOLLOWED), max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_can_be_replayed_or_is_refused(tmp_path: Path, rows: list[Any]) -> None:
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    with suppress(BadFile):
        for day in backtest.replay(read_histories(tmp_path), (date.min, NO_RECORDS)):
            assert set(backtest.SCORERS[backtest.OURS](day)) <= set(-0.5 * n for n in range(9))


@given(damaged([BIBTEX * 3]) | st.text().map(str.encode))
@settings(max_examples=100, deadline=None)
def test_any_bibtex_gives_values(text: bytes) -> None:
    told = bibtex.read_lines(text.split(b"\n"), "x", ANY_DAY)

    assert all(isinstance(item, PaperRecord | BadRecord) for item in told)


@given(st.lists(st.text(max_size=50) | st.just("word " * 100), max_size=12))
def test_any_page_gives_values(lines: list[str]) -> None:
    told = listing.read_lines([line.encode(errors="replace") for line in lines], "x", ANY_DAY)

    assert all(isinstance(item, PaperRecord | BadRecord) for item in told)


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_lines_are_the_same_however_the_content_is_cut(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)

    lines = list(split_lines(chunks))

    assert lines == (whole.removesuffix(b"\n").split(b"\n") if whole else [])


@pytest.mark.parametrize("name", sorted(READERS))
@given(content=st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_values(name: str, content: bytes) -> None:
    told = READERS[name](content.split(b"\n"), "x", ANY_DAY)

    assert all(isinstance(item, PaperRecord | BadRecord) for item in told)


@pytest.mark.parametrize("read", [author_names, without_accent_commands, bibtex.cleaned])
@given(text=st.text(alphabet="aE\\'\"{}$~^ ,;()&and", max_size=60) | st.text())
@settings(max_examples=80, deadline=None)
def test_any_text_can_be_tidied(read: Callable[[str], object], text: str) -> None:
    assert isinstance(read(text), str | tuple)


DUE = RepositoryDue("https://github.com/a/b", "a/b")
NOON = datetime(2026, 5, 22, 12, tzinfo=UTC)


@given(entries(repository("a/b")))
@settings(max_examples=150, deadline=None)
def test_any_repository_gives_values_or_one_error(found: Any) -> None:
    try:
        told = github_answers.read_one(DUE, PAPER.day, Reply("https://api.github.com", json_of(found)))
    except UpstreamError:
        return
    assert all(isinstance(item, RepositoryTold | BadRecord) for item in told)
    assert all(is_github_name(item.full_name or "a/b") for item in told if isinstance(item, RepositoryTold))


GOOD_BATCH = {
    "rateLimit": {"remaining": 4999, "resetAt": "2026-05-22T13:00:00Z"},
    "r0": node("a/b"),
    "r1": None,
}


@given(
    st.fixed_dictionaries(
        {"data": entries(GOOD_BATCH) | entries(node("a/b")).map(lambda one: {"r0": one})},
        optional={"errors": values | st.lists(entries({"type": "NOT_FOUND", "path": ["r1"]}), max_size=3)},
    )
    | values
)
@settings(max_examples=200, deadline=None)
def test_any_batch_of_repositories_gives_values_or_one_error(body: Any) -> None:
    reply = Reply("https://api.github.com/graphql", json_of(body))
    try:
        told, rest = github_batches.read_many([DUE, DUE], PAPER.day, reply, NOON)
    except UpstreamError:
        return
    assert all(isinstance(item, RepositoryTold | BadRecord) for item in told)
    assert github_answers.is_resting(rest, NOON) in (True, False)


@given(st.lists(entries(story()), max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_stories_give_values(hits: list[Any]) -> None:
    found = _Found(PAPER.day)

    for hit in hits:
        found.add(hit)

    assert all(isinstance(item, Tally | BadRecord) for item in found.told())


HOSTILE = st.text(alphabet="ab/.-_%?#@:\\\"'{}()[]$ \t\n\r\0ü\u202e", max_size=40) | st.text(max_size=40)


@given(HOSTILE, HOSTILE)
@settings(max_examples=300, deadline=None)
def test_a_hostile_name_in_a_link_never_leaves_its_place(owner: str, name: str) -> None:
    text = f"Code: https://github.com/{owner}/{name} and github.com/{name}."

    for url in [*code_links(text), text, f"https://github.com/{owner}/{name}"]:
        found = github_name(url)
        assert found is None or found.count("/") == 1
        assert (found is None) is (repository_url(url) is None)
        question = github_batches.question([RepositoryDue(url, found or owner)])
        assert question["query"] == github_batches.question([DUE])["query"]


@given(st.dictionaries(st.sampled_from(["wait_until", "rest_until", "hour", "used"]), values))
def test_any_memory_can_be_read(progress: Any) -> None:
    assert github_answers.is_resting(progress, NOON) in (True, False)
    with suppress(UpstreamError):
        github_answers.raise_if_waiting(progress, "https://api.github.com", NOON)
