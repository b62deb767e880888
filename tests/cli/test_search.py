"""`broadsheet search`: the contract of its JSON, for one query and for a file of them."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from broadsheet import wiring
from broadsheet.jobs.indexing import catch_up
from broadsheet.store.intake import take_in
from tests.makers import NOW, arxiv, listed, upvotes

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Counting of all the stars"


@pytest.fixture(autouse=True)
def papers() -> None:
    take_in([listed(TITLE)], now=NOW)
    take_in(
        [
            arxiv("2605.00001", title=TITLE, doi="10.1000/xyz", signals=(upvotes(2),)),
            arxiv("2605.00002", title="Stars, stars, stars", authors=("Ada Lovelace",)),
            arxiv("2605.00003", title="A survey", abstract="Of stars.", signals=(upvotes(9),)),
        ],
        now=NOW,
    )
    catch_up(wiring.words_index())


def printed(*words: str) -> list[dict[str, Any]]:
    output = StringIO()
    call_command("search", *words, "--json", stdout=output)
    return [json.loads(line) for line in output.getvalue().split("\n") if line]


def ids(*words: str) -> list[str]:
    return [hit["id"] for hit in printed(*words)[0]["hits"]]


def test_an_answer_holds_what_the_contract_says() -> None:
    (answer,) = printed("lovelace", "stars", "--limit", "2")

    assert answer["query"] == "lovelace stars"
    assert [set(hit) for hit in answer["hits"]] == [{"id", "title", "score", "why"}] * 2
    assert answer["hits"][0]["id"] == "2605.00002"
    assert answer["hits"][0]["why"] == "“stars” in the title; “lovelace” among the authors"
    assert isinstance(answer["took_ms"], float)


def test_sorted_by_trending_the_most_upvoted_comes_first() -> None:
    assert ids("stars", "--sort", "trending") == ["2605.00003", "2605.00001", "2605.00002"]


@pytest.mark.parametrize(
    "query",
    [
        "2605.00001v2",
        "https://arxiv.org/abs/2605.00001",
        "10.1000/xyz",
        listed(TITLE).key,
    ],
)
def test_a_paper_is_found_by_every_name_it_has_or_had(query: str) -> None:
    (answer,) = printed(query)

    assert answer["hits"][0]["id"] == "2605.00001"
    assert answer["hits"][0]["why"] == "named by the query"


def test_a_file_of_queries_is_answered_line_by_line_under_its_own_ids(tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text(
        '{"id": "a", "query": "counting"}\n\n{"id": 2, "query": "no\u2028such"}\n', encoding="utf-8"
    )

    answers = printed("--queries", str(file))

    assert [(answer["id"], len(answer["hits"])) for answer in answers] == [("a", 1), (2, 0)]


def test_a_bad_line_of_queries_is_named(tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text('{"id": "a"}\n')

    with pytest.raises(CommandError, match=r"queries\.jsonl line 1"):
        printed("--queries", str(file))


def shown(*words: str) -> str:
    output = StringIO()
    call_command("search", *words, stdout=output)
    return output.getvalue()


def test_on_the_terminal_each_paper_has_its_id_its_year_and_its_reason() -> None:
    lines = shown("lovelace", "stars").splitlines()

    assert lines[0] == "  1  Stars, stars, stars"
    assert lines[1].strip().startswith("2605.00002")
    assert "“stars” in the title; “lovelace” among the authors (1.00)" in lines[2]
    assert lines[-1].startswith("3 of 3 papers in ")


def test_nothing_found_is_said() -> None:
    assert shown("zebra").startswith("Nothing found in ")


@pytest.mark.parametrize("query", ["https://arxiv.org/abs/1706.03762", "arXiv:1706.03762v5"])
def test_a_name_that_is_not_held_is_said(query: str) -> None:
    first, last = shown(query).splitlines()

    assert first == "No paper here is named 1706.03762."
    assert last.startswith("Nothing found in ")
