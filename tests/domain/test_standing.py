"""A correction wins over every re-reading, and is laid upon the claim it was made for and no other."""

from dataclasses import replace

import pytest

from broadsheet.domain.claim_values import claim_as_json, claim_of_json
from broadsheet.domain.naming import name_key
from broadsheet.domain.reading import Bound, Claim, Direction, Span
from broadsheet.domain.standing import Corrected, standing

TEXT = "Our engine answers queries 33x faster than Foo on Bar, and needs 40% less memory on Baz."


def claim(value: float, words: str, text: str = TEXT, **more: object) -> Claim:
    start = text.index(words)
    return Claim(value, "x", Span(words, start, start + len(words)), **more)  # type: ignore[arg-type]


READ = claim(33, "33x faster than Foo on Bar")
RIGHT = replace(READ, value=3.3)


def test_what_nobody_corrected_stands_as_read() -> None:
    assert [one.claim for one in standing([READ], [], TEXT)] == [READ]


def test_a_correction_is_laid_upon_its_claim() -> None:
    memory = claim(40, "40% less memory on Baz")

    first, second = standing([READ, memory], [Corrected("t", READ, RIGHT)], TEXT)

    assert (first.claim.value, first.thread) == (3.3, "t")
    assert (second.claim, second.thread) == (memory, "")


def test_it_survives_a_reader_that_cuts_the_quote_elsewhere() -> None:
    longer = claim(33, "answers queries 33x faster than Foo on Bar, and needs")

    (only,) = standing([longer], [Corrected("t", READ, RIGHT)], TEXT)

    assert only.claim.value == 3.3
    assert only.claim.quote == longer.quote


def test_a_reader_that_has_learned_better_adds_no_second_claim() -> None:
    (only,) = standing([RIGHT], [Corrected("t", READ, RIGHT)], TEXT)

    assert (only.claim.value, only.thread) == (3.3, "t")


def test_a_corrected_claim_that_is_no_longer_read_stays() -> None:
    (only,) = standing([], [Corrected("t", READ, RIGHT)], TEXT)

    assert only.claim == RIGHT


def test_without_its_words_a_correction_rests_and_with_them_it_comes_back() -> None:
    correction = Corrected("t", READ, RIGHT)

    assert standing([], [correction], "Another text altogether.") == []
    moved = f"One sentence more. {TEXT}"
    (only,) = standing([], [correction], moved)
    assert moved[only.claim.quote.start : only.claim.quote.end] == READ.quote.text


def test_what_was_removed_stays_removed() -> None:
    removed = Corrected("t", READ, None)

    (only,) = standing([READ], [removed], TEXT)

    assert only.is_removed
    assert standing([], [removed], TEXT) == []


def test_the_same_figure_elsewhere_is_another_claim() -> None:
    text = "It is 33x faster than Foo. Training became 33x cheaper under load."
    elsewhere = claim(33, "became 33x cheaper under load", text)

    (only,) = standing(
        [elsewhere], [Corrected("t", claim(33, "It is 33x faster than Foo", text), None)], text
    )

    assert not only.is_removed


def test_one_correction_told_twice_by_papers_that_were_merged_counts_once() -> None:
    other = Corrected("u", READ, replace(READ, value=3.4))

    told = standing([READ], [Corrected("t", READ, RIGHT), other], TEXT)

    assert [one.claim.value for one in told] == [3.3]


def test_of_twins_the_one_most_like_it_is_meant() -> None:
    one, other = replace(READ, dataset="Bar"), replace(READ, dataset="Baz")

    found = standing([one, other], [Corrected("t", other, None)], TEXT)

    assert [held.is_removed for held in found] == [False, True]


def test_a_claim_goes_through_json_unchanged() -> None:
    whole = replace(READ, value_max=40.0, bound=Bound.UP_TO, direction=Direction.BETTER, subject="Engine")

    assert claim_of_json(claim_as_json(whole)) == whole
    assert claim_as_json(READ)["baseline"] is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPT-4", "gpt4"),
        ("Qwen2.5-7B", "Qwen 2.5 7B"),
        ("ImageNet-1k", "the ImageNet-1K dataset"),
        ("GSM8K", "GSM 8K benchmark"),
    ],
)
def test_one_thing_spelled_in_two_ways_has_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Foo 1.15", "Foo 11.5"), ("Test", ""), ("Qwen2", "Qwen2.5"), ("Benchmark", "")]
)
def test_two_things_have_two(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
