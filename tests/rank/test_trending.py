"""What must hold of the formula for any input, and what it does with plain ones."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.domain.signal import SignalKind
from broadsheet.rank import trending
from broadsheet.rank.records import learn
from broadsheet.rank.trending import KINDS, Field, rank
from broadsheet.rank.windows import rank_window
from tests.rank.windows_of import BASIS, DAY, Made, order, pick_of, place, ranked, real_days, window_of

COUNTED = [SignalKind.UPVOTES, SignalKind.STARS, SignalKind.POINTS, SignalKind.CITATIONS, SignalKind.VOTES]
series = st.dictionaries(
    st.sampled_from(COUNTED),
    st.lists(st.integers(0, 5_000), min_size=1, max_size=4).map(
        lambda totals: tuple(enumerate(sorted(totals)))
    ),
    max_size=3,
)
papers = st.lists(
    st.builds(
        lambda told, days_old, category: (told, days_old, category),
        series,
        st.integers(0, 400),
        st.sampled_from(["", "cs.LG", "math.GT"]),
    ),
    min_size=1,
    max_size=14,
).map(lambda rows: [Made(n, told, old, category) for n, (told, old, category) in enumerate(rows, 1)])
numbers = st.floats(allow_nan=True, allow_infinity=True)


@given(papers, st.data())
def test_more_signal_never_lowers_a_paper(made: list[Made], data: Any) -> None:
    row = data.draw(st.integers(0, len(made) - 1))
    kind = data.draw(st.sampled_from(COUNTED))
    more = data.draw(st.integers(1, 5_000))
    before = made[row].series.get(kind, ((1, 0),))
    lifted = made.copy()
    lifted[row] = made[row].counted(kind, *(before[:-1]), (before[-1][0], before[-1][1] + more))
    # All else equal: the same last day is known of, with or without the new reading.
    anchor = Made(99, {SignalKind.OPENS: ((4, 1),), **{kind: ((4, 1),) for kind in COUNTED}})

    assert place([*lifted, anchor], made[row].number) <= place([*made, anchor], made[row].number)


@given(papers, st.randoms(use_true_random=False))
def test_the_order_does_not_hang_on_the_order_of_the_input(made: list[Made], chance: Any) -> None:
    shuffled = made.copy()
    chance.shuffle(shuffled)

    one, other = ranked(made), ranked(shuffled)

    assert one.picks == other.picks
    assert (one.rising, one.radar) == (other.rising, other.radar)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=20, unique=True))
def test_papers_without_signals_stand_by_age_alone(ages: list[int]) -> None:
    made = [Made(number, days_old=days) for number, days in enumerate(ages, 1)]

    assert order(made) == [made[at].number for at in np.argsort(ages)]


@given(st.integers(1, 8), st.data())
def test_no_input_gives_nonsense(count: int, data: Any) -> None:
    def table(width: int) -> np.ndarray:
        row = st.lists(numbers, min_size=width, max_size=width)
        return np.array(data.draw(st.lists(row, min_size=count, max_size=count)), np.float64)

    field = Field(
        paper_ids=np.arange(count),
        ages=table(1)[:, 0],
        categories=np.array(data.draw(st.lists(st.integers(-1, 3), min_size=count, max_size=count))),
        gains=table(len(KINDS)),
        usual=table(len(KINDS)),
        stale_days=table(len(KINDS)),
        shares=table(len(KINDS))[0],
    )

    found = rank(field)

    assert sorted(found.rows) == list(range(count))
    for values in (found.scores, found.terms, found.age_terms):
        assert np.isfinite(values).all()


def test_twice_the_attention_is_a_point_of_the_weight() -> None:
    field = Field(
        paper_ids=np.arange(2),
        ages=np.zeros(2),
        categories=np.full(2, -1),
        gains=np.array([[9.0], [27.0]]) * np.eye(len(KINDS))[0],
        usual=np.full((2, len(KINDS)), 9.0),
        stale_days=np.zeros((2, len(KINDS))),
        shares=np.ones(len(KINDS)),
    )

    assert rank(field).scores.tolist() == [1.0, 2.0]


def test_equal_papers_stand_newest_first_then_as_they_came_in() -> None:
    same = {SignalKind.UPVOTES: ((1, 5),)}
    made = [Made(3, same, days_old=2), Made(1, same, days_old=2), Made(2, same, days_old=1)]

    assert order(made) == [2, 1, 3]


def test_a_source_that_falls_silent_fades_and_is_named() -> None:
    stars = Made(1).counted(SignalKind.STARS, (0, 3), (1, 40))
    going_on = Made(2).counted(SignalKind.UPVOTES, (0, 1), (6, 2))

    fresh, silent = pick_of([stars], 1), pick_of([stars, going_on], 1)

    assert 0 < silent.terms[0].points < fresh.terms[0].points / 1.5
    assert silent.terms[0].note == "stale"
    assert "not read lately" in silent.reason
    assert ranked([stars, going_on]).inputs["silent_days"] == {"stars": 5}


def test_a_kind_that_few_papers_of_the_site_have_counts_for_little() -> None:
    assert pick_of([Made(1).counted(SignalKind.VOTES, (0, 0), (1, 9))], 1).terms[0].points == 0


def test_the_first_places_go_to_papers_that_two_crowds_noticed() -> None:
    loud = [Made(n).counted(SignalKind.UPVOTES, (1, 100 + n)) for n in range(1, 6)]
    both = Made(9).counted(SignalKind.UPVOTES, (1, 40)).counted(SignalKind.STARS, (1, 30))

    assert order([*loud, both])[0] == 9
    assert order([*loud, both])[1:] == [5, 4, 3, 2, 1]


def test_a_large_field_does_not_bury_a_small_one() -> None:
    large = [Made(n, category="cs.LG").counted(SignalKind.UPVOTES, (1, 60 - n)) for n in range(1, 31)]
    small = [Made(100 + n, category="math.GT").counted(SignalKind.UPVOTES, (1, 20 - n)) for n in range(3)]

    found = order([*large, *small])

    assert [number for number in found if number >= 100] == [100, 101, 102]
    assert found.index(100) < 15
    assert found[0] == 1
    assert pick_of([*large, *small], 101).field_rank == 2


def test_the_record_of_authors_speaks_first_and_gives_way() -> None:
    known = learn([(("Ada Lovelace",), 300), (("Ada Lovelace",), 200), (("N. N.",), 3), (("O. O.",), 2)])
    hers, nobodys = Made(1, authors=("Ada Lovelace",)), Made(2, days_old=1)
    upvoted = nobodys.counted(SignalKind.UPVOTES, (0, 9), (1, 60))

    assert order([hers, nobodys], known)[0] == 1
    assert "earlier papers of its authors" in ranked([hers, nobodys], known).picks[0].reason
    assert order([hers, upvoted], known)[0] == 2


def test_every_reason_is_a_sentence_and_every_score_the_sum_of_its_terms() -> None:
    for pick in ranked(real_days()[0]).picks:
        assert pick.reason.startswith("Here for ")
        assert pick.reason.endswith(".")
        assert pick.score == pytest.approx(sum(term.points for term in pick.terms), abs=0.001)


def test_the_formula_is_short_enough_to_be_read() -> None:
    from pathlib import Path  # noqa: PLC0415

    assert len(Path(trending.__file__).read_text().splitlines()) < 150


def test_an_empty_window_has_no_places() -> None:
    assert ranked([]).picks == []


def test_over_all_time_old_counts_do_not_fade() -> None:
    made = [Made(1).counted(SignalKind.STARS, (-300, 400)), Made(2).counted(SignalKind.STARS, (0, 40))]
    held = replace(window_of(made, DAY - timedelta(days=9_000)), counts_age=False)

    found = rank_window(held, 9, BASIS)

    assert [pick.paper_id for pick in found.picks] == [1, 2]
    assert {term.note for term in found.picks[0].terms} <= {"", "damped"}
