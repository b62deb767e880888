"""How often a client may come: over time, beside others, from several threads, in a file that stays small."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from broadsheet.lib import rates
from broadsheet.lib.rates import Allowance, take

MINUTE = Allowance(10, 60)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rates"


def test_an_allowance_may_be_spent_at_once_and_comes_back_evenly(file: Path) -> None:
    spent = [take(file, "a", MINUTE, 1_000.0) for _ in range(11)]
    after_a_gap = [take(file, "a", MINUTE, 1_006.0) for _ in range(2)]
    rested = take(file, "a", MINUTE, 1_100.0)

    assert [turn.is_allowed for turn in spent] == [True] * 10 + [False]
    assert [turn.remaining for turn in spent[:10]] == list(range(9, -1, -1))
    assert spent[-1].retry_s == 6
    assert spent[-1].reset_s == 60
    assert [turn.is_allowed for turn in after_a_gap] == [True, False]
    assert rested.remaining == 9


def test_clients_do_not_share_their_allowance(file: Path) -> None:
    for _ in range(11):
        take(file, "a", MINUTE, 1_000.0)

    assert take(file, "b", MINUTE, 1_000.0).remaining == 9


def test_a_clock_that_was_set_back_blocks_nobody_for_longer_than_a_period(file: Path) -> None:
    for _ in range(10):
        take(file, "a", MINUTE, 900_000.0)

    assert take(file, "a", MINUTE, 1_000.0).retry_s <= 60
    assert take(file, "a", MINUTE, 1_060.0).is_allowed


def test_threads_together_get_no_more_than_one_alone(file: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        turns = list(threads.map(lambda _: take(file, "a", Allowance(50, 60), 1_000.0), range(200)))

    assert sum(turn.is_allowed for turn in turns) == 50


def test_the_file_never_grows_beyond_its_rows(file: Path) -> None:
    for number in range(20_000):
        take(file, f"client {number}", MINUTE, 1_000.0)

    assert file.stat().st_size <= rates.ROWS * rates.WAYS * 16


def test_a_crowd_of_others_does_not_free_who_is_at_the_limit(file: Path) -> None:
    """Who has its allowance back soonest makes room."""
    for _ in range(10):
        take(file, "greedy", MINUTE, 1_000.0)
    for number in range(20_000):
        take(file, f"client {number}", MINUTE, 1_000.0)

    assert not take(file, "greedy", MINUTE, 1_000.0).is_allowed
