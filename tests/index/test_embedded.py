"""The words index: it finds what was added, forgets what is gone, and is swapped whole."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from broadsheet.domain.entry import Changes, Entry
from broadsheet.index.base import IndexBusy, IndexDamaged, IndexOutdated, Sort
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.index.generations import Generations
from broadsheet.index.query import read
from tests.index.making import entry, found


def changes(*entries: Entry, gone: tuple[int, ...] = (), up_to: int = 0) -> Changes:
    return Changes(
        list(entries), list(gone), up_to or max((one.paper_id for one in entries), default=1), True
    )


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedIndex:
    index = EmbeddedIndex(tmp_path / "words", "database one")
    with index.rebuilding():
        pass
    return index


def add(index: EmbeddedIndex, told: Changes) -> None:
    with index.writing() as writer:
        writer.add(told)


def test_words_are_found_in_title_text_and_authors_whatever_their_form(index: EmbeddedIndex) -> None:
    add(
        index,
        changes(
            entry(1, "Diffusion Models for Images"),
            entry(2, "On Graphs", text="We train a network."),
            entry(3, "On Trees", authors=("Zoë Müller",)),
        ),
    )

    assert found(index, "modelling image") == [1]
    assert found(index, "networks") == [2]
    assert found(index, "muller") == [3]


def test_a_word_in_the_title_counts_more(index: EmbeddedIndex) -> None:
    add(
        index,
        changes(
            entry(1, "On other things", text="A word on sparsity."), entry(2, "Sparsity of other things")
        ),
    )

    assert found(index, "sparsity") == [2, 1]


def test_a_phrase_must_stand_as_it_is_quoted(index: EmbeddedIndex) -> None:
    add(index, changes(entry(1, "Graph neural networks"), entry(2, "Neural methods on a graph")))

    assert found(index, '"graph neural"') == [1]


@pytest.mark.parametrize(
    "query", ['"', "title:", "a OR", "((", "-", "", "   ", "*", "~~", '""', "\\", "a\x00b"]
)
def test_no_query_fails(index: EmbeddedIndex, query: str) -> None:
    add(index, changes(entry(1, "A OR B")))

    assert index.search(read(query), limit=5).total in (0, 1)


def test_the_newest_first_holds_all_of_the_words(index: EmbeddedIndex) -> None:
    add(
        index,
        changes(
            entry(1, "Graph networks", dated_on=date(2026, 1, 1)),
            entry(2, "Graph networks again", dated_on=date(2026, 3, 1)),
            entry(3, "Graphs alone", dated_on=date(2026, 4, 1)),
        ),
    )

    assert found(index, "graph network", sort=Sort.NEWEST) == [2, 1]


def test_a_paper_added_again_is_there_once_with_its_new_words(index: EmbeddedIndex) -> None:
    add(index, changes(entry(1, "The first title")))

    add(index, changes(entry(1, "The second heading"), up_to=2))

    assert index.count() == 1
    assert found(index, "first") == []
    assert found(index, "heading") == [1]


def test_the_first_batch_may_come_twice(index: EmbeddedIndex) -> None:
    with index.writing() as writer:
        writer.add(Changes([entry(1, "A title")], [], 0, True))  # as if killed before `seen` was written

    add(index, changes(entry(1, "A title")))

    assert index.count() == 1


def test_a_gone_paper_is_forgotten(index: EmbeddedIndex) -> None:
    add(index, changes(entry(1, "One"), entry(2, "Two")))

    add(index, changes(gone=(1,), up_to=3))

    assert index.count() == 1
    assert index.seen() == 3


def test_another_process_finds_what_was_added_and_what_was_swapped_in(index: EmbeddedIndex) -> None:
    reader = EmbeddedIndex(index.folder, index.database)
    assert reader.count() == 0

    add(index, changes(entry(1, "One thing")))
    assert found(reader, "thing") == [1]

    with index.rebuilding() as writer:
        writer.add(changes(entry(2, "Another thing")))
        assert found(reader, "thing") == [1]
    assert found(reader, "thing") == [2]


def test_a_rebuild_that_fails_leaves_the_live_index_and_its_rest_is_swept(index: EmbeddedIndex) -> None:
    add(index, changes(entry(1, "One thing")))

    with pytest.raises(RuntimeError), index.rebuilding():
        raise RuntimeError("killed")

    assert found(index, "thing") == [1]
    with index.rebuilding() as writer:
        writer.add(changes(entry(1, "One thing")))
    assert len(list(index.folder.glob("g-*"))) == 1


def test_there_is_one_writer_at_a_time(index: EmbeddedIndex) -> None:
    other = EmbeddedIndex(index.folder, index.database)

    with index.writing(), pytest.raises(IndexBusy), other.writing():
        pass


def test_the_index_of_another_database_is_neither_read_nor_written(index: EmbeddedIndex) -> None:
    add(index, changes(entry(1, "One thing")))
    other = EmbeddedIndex(index.folder, "database two")

    assert found(other, "thing") == []
    assert other.seen() is None
    with pytest.raises(IndexOutdated), other.writing():
        pass


def test_a_damaged_seen_file_asks_for_a_rebuild(index: EmbeddedIndex) -> None:
    for path in index.folder.glob("g-*/seen.json"):
        path.write_text("{")

    with pytest.raises(IndexOutdated), index.writing():
        pass


def test_pages_of_an_answer_follow_each_other(index: EmbeddedIndex) -> None:
    add(index, changes(*(entry(number, f"Thing number {number}") for number in range(1, 8))))

    first, second = index.search(read("thing"), limit=4), index.search(read("thing"), limit=4, offset=4)

    assert first.total == second.total == 7
    assert len({hit.paper_id for hit in (*first.hits, *second.hits)}) == 7


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_text("{")])
def test_a_damaged_index_says_so_and_is_to_be_built_anew(
    index: EmbeddedIndex, damage: Callable[[Path], Any]
) -> None:
    damage(next(index.folder.glob("g-*/meta.json")))

    with pytest.raises(IndexDamaged, match="broadsheet reindex"):
        index.count()
    with pytest.raises(IndexOutdated), index.writing():
        pass


@pytest.mark.parametrize("length", [0, 5, 30])
@pytest.mark.parametrize("kind", ["store", "idx", "pos", "term", "fast", "fieldnorm"])
def test_a_truncated_file_says_so_and_is_to_be_built_anew(
    index: EmbeddedIndex, kind: str, length: int
) -> None:
    add(index, changes(*(entry(number, f"Thing number {number}") for number in range(1, 8))))
    os.truncate(next(index.folder.glob(f"g-*/*.{kind}")), length)
    fresh = EmbeddedIndex(index.folder, index.database)

    with pytest.raises(IndexDamaged, match="broadsheet reindex"):
        fresh.search(read('"thing number" 3'), limit=3)
    with pytest.raises(IndexOutdated), fresh.writing():
        pass


def test_a_reader_that_opens_an_index_just_swept_takes_its_successor(
    index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(index, changes(entry(1, "One thing")))
    swept, real = [index.folder / "g-swept"], Generations.live
    monkeypatch.setattr(Generations, "live", lambda self: swept.pop() if swept else real(self))

    assert found(index, "thing") == [1]
