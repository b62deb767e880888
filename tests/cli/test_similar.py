"""`broadsheet similar`: papers near in meaning, and what is no name of a paper."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from broadsheet import wiring
from broadsheet.store.intake import take_in
from broadsheet.store.models import Paper
from tests.fakes.vectors import VectorsInMemory
from tests.makers import NOW, arxiv

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three papers, the third nearer to the first than the second is; a fourth without a vector."""
    numbers = ("2605.00001", "2605.00002", "2605.00003", "2605.00004")
    take_in(
        [
            arxiv(number, title=f"Counting stars {number[-1]}", doi=f"10.1000/{number[-1]}")
            for number in numbers
        ],
        now=NOW,
    )
    ids = [Paper.objects.get(key=f"arxiv:{number}").pk for number in numbers]
    engines = wiring.engines()
    vectors = VectorsInMemory({ids[0]: (1, 0), ids[1]: (0, 1), ids[2]: (1, 1)})
    monkeypatch.setattr(wiring, "engines", lambda: replace(engines, vectors=vectors))


def printed(*words: str) -> str:
    output = StringIO()
    call_command("similar", *words, stdout=output)
    return output.getvalue()


@pytest.mark.parametrize("name", ["2605.00001v2", "10.1000/1", "https://arxiv.org/abs/2605.00001"])
def test_the_nearest_come_first_whatever_name_is_given(name: str) -> None:
    answer = json.loads(printed(name, "--json"))

    assert [hit["id"] for hit in answer["hits"]] == ["2605.00003", "2605.00002"]
    assert [set(hit) for hit in answer["hits"]] == [{"id", "title", "score", "why"}] * 2
    assert answer["hits"][0]["why"] == "close in meaning; shares “counting stars”"
    assert answer["query"] == "2605.00001"
    assert answer["took_ms"] > 0


def test_no_more_than_asked_for_are_listed() -> None:
    shown = printed("2605.00001", "--limit", "1")

    assert "Near in meaning to Counting stars 1 (2605.00001)" in shown
    assert "2605.00003" in shown
    assert "2605.00002" not in shown


def test_a_paper_without_a_vector_has_none() -> None:
    assert "its meaning has not been read yet" in printed("2605.00004")


@pytest.mark.parametrize(
    ("name", "why"), [("2401.01234", "no paper here is named"), ("stars", "names no paper")]
)
def test_what_names_no_paper_is_one_line(name: str, why: str) -> None:
    with pytest.raises(CommandError, match=why) as caught:
        printed(name)

    assert caught.value.returncode == 1
