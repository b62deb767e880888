"""`broadsheet trending`: the places of an edition with their reasons, as text and as JSON."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.store.intake import take_in
from tests.makers import NOW, arxiv, daily, upvotes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def papers() -> None:
    told = [
        arxiv(f"2605.0000{number}", listings=daily(), categories=("cs.CL",), signals=(upvotes(9 * number),))
        for number in range(1, 4)
    ]
    take_in([*told, arxiv("2605.00009", listings=daily(), categories=("math.GT",))], now=NOW)
    refresh_editions(now=NOW)


def printed(*words: str) -> str:
    output = StringIO()
    call_command("trending", *words, stdout=output)
    return output.getvalue()


def test_the_newest_day_with_the_reason_of_each_place() -> None:
    told = printed()

    assert told.startswith("Friday 22 May 2026: 4 papers, as printed, by trending-2\n")
    assert "  1  Paper 2605.00003 of tests (2605.00003)" in told
    assert "Here for 27 upvotes on Hugging Face" in told


def test_as_json_every_place_has_its_terms() -> None:
    told = json.loads(printed("--window", "week", "--date", "2026-05-20", "--json", "--limit", "2"))

    assert (told["window"], told["start"], told["papers"]) == ("week", "2026-05-18", 4)
    assert [place["rank"] for place in told["places"]] == [1, 2]
    first = told["places"][0]
    assert first["score"] == pytest.approx(sum(term["points"] for term in first["terms"]), abs=0.001)
    assert first["terms"][0]["kind"] == "upvotes"


def test_one_category_and_what_is_known_now() -> None:
    told = printed("--category", "math.GT", "--latest")

    assert "as counted now" in told
    assert "2605.00009" in told
    assert "2605.00001" not in told


def test_all_time_and_what_trends() -> None:
    assert "All time: 3 papers" in printed("--window", "all")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--limit", "0"], "--limit 0: expected 1 to 500"),
        (["--date", "2020-01-01"], "no papers of Wednesday 1 January 2020 are held here"),
        (["--date", "1900-01-01"], "--date: 1900-01-01 lies outside"),
    ],
)
def test_what_cannot_be_listed_says_why(words: list[str], problem: str) -> None:
    with pytest.raises(CommandError) as raised:
        printed(*words)

    assert problem in str(raised.value)
