"""Attacks on real days: each moves a paper by a few places at most, and something says what was damped."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from statistics import median

import numpy as np
import pytest

from broadsheet.domain.signal import NUMBERS, SignalKind
from broadsheet.rank.gains import gains_of
from broadsheet.rank.records import shipped
from broadsheet.rank.usual import Usual
from broadsheet.rank.windows import Basis, rank_window
from tests.rank.windows_of import BASIS, DAY, Made, pick_of, ranked, real_days, window_of

FROM_PLACES = (5, 10, 15, 20, 25)  # of thirty, where the attacker's paper stands before
A_FEW = 5  # places gained, at the median over days and places
AT_MOST = 10
STARS = SignalKind.STARS
WHERE_PEOPLE_VOTE = replace(BASIS.usual, papers={**BASIS.usual.papers, "votes": 200.0})
Attacked = tuple[Made, Made]  # the paper as it was, and with what was bought
Attack = Callable[[Made], Attacked]


def order(papers: list[Made], basis: Basis) -> list[int]:
    return [pick.paper_id for pick in rank_window(window_of(papers), 500, basis).picks]


def gained(days: list[list[Made]], attack: Attack, usual: Usual = BASIS.usual) -> list[int]:
    """How many places the attack brings to the papers at some places of each day."""
    basis = Basis(usual, shipped())
    found = []
    for day in days:
        for at in FROM_PLACES:
            number = order(day, basis)[at]
            before, after = attack(next(paper for paper in day if paper.number == number))
            stood, stands = (order(instead(day, paper), basis).index(number) for paper in (before, after))
            found.append(stood - stands)
    return found


def instead(papers: list[Made], paper: Made) -> list[Made]:
    return [paper if one.number == paper.number else one for one in papers]


def bought_stars(paper: Made) -> Attacked:
    """Three thousand for a repository of yesterday: some two hundred dollars."""
    return paper.counted(STARS, (0, 3), (1, 6)), paper.counted(STARS, (0, 3), (1, 3_006))


def bought_stars_for_an_old_repository(paper: Made) -> Attacked:
    history = tuple((day, 100 + 2 * day) for day in range(-20, 1))
    return paper.counted(STARS, *history, (1, 102)), paper.counted(STARS, *history, (1, 5_102))


def a_ring_of_voters(paper: Made) -> Attacked:
    return paper, paper.counted(SignalKind.VOTES, (0, 0), (1, 60))


def a_famous_repository(paper: Made) -> Attacked:
    """Naming the repository of a framework that twenty papers name."""
    without = {kind: told for kind, told in paper.series.items() if kind is not STARS}
    famous = replace(paper, sharers=20.0, has_old_code=True).counted(STARS, (0, 50_000), (1, 50_150))
    return replace(paper, series=without), famous


@pytest.mark.parametrize("attack", [bought_stars, bought_stars_for_an_old_repository, a_famous_repository])
def test_bought_or_borrowed_stars_move_a_paper_a_few_places(attack: Attack) -> None:
    moves = gained(real_days(), attack)

    assert min(moves) >= 0
    assert median(moves) <= A_FEW
    assert max(moves) <= AT_MOST


def test_a_ring_of_voters_moves_a_paper_a_few_places_and_none_where_nobody_votes() -> None:
    days = [
        [paper.counted(SignalKind.VOTES, (0, 0), (1, paper.number % 3)) for paper in day]
        for day in real_days()
    ]

    moves = gained(days, a_ring_of_voters, WHERE_PEOPLE_VOTE)

    assert median(moves) <= A_FEW
    assert max(moves) <= AT_MOST
    assert set(gained(days, a_ring_of_voters)) == {0}


def test_two_crowds_that_are_cheap_to_buy_do_not_vouch_for_each_other() -> None:
    def both(paper: Made) -> Attacked:
        before, after = bought_stars(paper)
        return before, a_ring_of_voters(after)[1]

    assert median(gained(real_days(), both, WHERE_PEOPLE_VOTE)) <= 2 * A_FEW


def test_what_was_damped_is_told() -> None:
    day = real_days()[4]
    before, bought = bought_stars(day[20])
    old = bought_stars_for_an_old_repository(day[21])[1]
    shared = a_famous_repository(day[22])[1]
    attacked = instead(instead(instead(day, bought), old), shared)

    notes = {
        paper.number: {term.note for term in pick_of(attacked, paper.number).terms} for paper in attacked
    }
    told = {brief.paper_id: brief.words for brief in ranked(attacked).damped}

    assert "damped" in notes[bought.number]
    assert "no other crowd goes along" in told[bought.number]
    assert "capped" in notes[old.number]
    assert told[old.number] == "5,004 stars told, 10 counted: above its own pace before"
    assert "shared" in notes[shared.number]
    assert "20 papers share the repository" in told[shared.number]
    assert before.number == bought.number


def test_an_old_repository_brings_no_stars_from_before_the_paper() -> None:
    paper = Made(1, has_old_code=True).counted(STARS, (0, 50_000), (1, 50_004))

    assert _stars_gained(paper) == 4


def test_a_count_that_falls_gains_nothing_until_it_passes_its_height() -> None:
    fallen = Made(1).counted(STARS, (-3, 900), (0, 400), (1, 890))

    assert _stars_gained(fallen) == 0
    assert _stars_gained(fallen.counted(STARS, (-3, 900), (0, 400), (1, 905))) == 5
    assert "Here for its date" in ranked([fallen]).picks[0].reason


def _stars_gained(paper: Made) -> float:
    held = window_of([paper])
    found = gains_of(held, DAY.toordinal() - 1)
    return float(np.asarray(found.gains)[0, NUMBERS[STARS]])


def test_a_famous_repository_does_not_rise() -> None:
    day = real_days()[4]
    target = replace(day[20], sharers=5_000.0, has_old_code=True).counted(STARS, (-2, 150_000), (1, 150_300))

    assert target.number not in [brief.paper_id for brief in ranked(instead(day, target)).rising]


def test_the_first_reading_of_an_old_paper_is_no_gain() -> None:
    old = Made(1, days_old=900).counted(STARS, (0, 90_000), (1, 90_002))
    held = replace(window_of([old]), listed_on=[DAY - timedelta(days=900)])

    found = gains_of(held, DAY.toordinal() - 7)

    assert found.gains[0, NUMBERS[STARS]] == 2


def test_what_is_counted_monthly_gains_no_month_in_a_week() -> None:
    old = Made(1, days_old=400).counted(STARS, (-28, 100), (2, 400))
    held = replace(window_of([old]), listed_on=[DAY - timedelta(days=400)])

    found = gains_of(held, DAY.toordinal() - 5)

    assert found.gains[0, NUMBERS[STARS]] == pytest.approx(70)


def test_an_old_paper_that_is_listed_again_brings_no_old_stars() -> None:
    paper = Made(1, days_old=800).counted(STARS, (0, 9_000), (1, 9_003))

    assert _stars_gained(paper) == 3
