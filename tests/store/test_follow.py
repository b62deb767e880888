"""The index follows the store by change numbers and ends with the same papers."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.index.query import read
from broadsheet.jobs.indexing import catch_up, rebuild
from broadsheet.store.follow import changes_after
from broadsheet.store.intake import take_in
from tests.makers import NOW, arxiv, listed

pytestmark = pytest.mark.django_db
TITLE = "A title of several words"


def test_changes_come_in_their_order_and_in_parts() -> None:
    take_in([arxiv(f"2605.{number:05}") for number in range(5)], now=NOW)

    first = changes_after(0, most=3)
    second = changes_after(first.up_to, most=3)

    assert [len(first.entries), len(second.entries)] == [3, 2]
    assert (first.is_last, second.is_last) == (False, True)
    assert changes_after(second.up_to, most=3).entries == []


def test_papers_that_come_between_two_of_its_queries_are_not_passed_over() -> None:
    take_in([arxiv("2605.00001")], now=NOW)
    came: list[str] = []

    def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        answer = execute(sql, *rest)
        if "abstract" in sql and not came:  # the query for changed papers; what is gone is asked after it
            came.append(sql)
            take_in([listed(TITLE), arxiv("2605.00002"), arxiv("2605.00003")], now=NOW)
            take_in([arxiv("2605.00002", title=TITLE)], now=NOW)
        return answer

    with connection.execute_wrapper(meanwhile):
        first = changes_after(0, most=10)
    second = changes_after(first.up_to, most=10)

    assert [entry.key for entry in (*first.entries, *second.entries)] == [
        "arxiv:2605.00001",
        "arxiv:2605.00003",
        "arxiv:2605.00002",
    ]
    assert len(second.gone) == 1


def test_a_joined_paper_is_forgotten_by_the_index(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path, "one")
    take_in([listed("A title that comes later"), arxiv(title="The title of version one")], now=NOW)
    assert catch_up(index) == 2

    take_in([arxiv(title="A title that comes later")], now=NOW)
    catch_up(index)

    assert index.count() == 1
    assert index.search(read("version"), limit=5).total == 0


def test_catching_up_twice_adds_nothing(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path, "one")
    take_in([arxiv()], now=NOW)

    assert (catch_up(index), catch_up(index)) == (1, 0)


def test_an_index_of_another_database_is_built_anew_with_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    take_in([arxiv()], now=NOW)
    catch_up(EmbeddedIndex(tmp_path, "one"))

    other = EmbeddedIndex(tmp_path, "two")

    assert catch_up(other) == 1
    assert other.count() == 1
    assert [
        message for message in caplog.messages if "built anew" in message and "another database" in message
    ]


def test_a_rebuild_holds_the_same_papers(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path, "one")
    take_in([arxiv(f"2605.{number:05}") for number in range(5)], now=NOW)
    catch_up(index)

    assert rebuild(index) == 5
    assert index.count() == 5
