"""What readers did becomes totals by day: nothing lost, nothing twice, nobody named."""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from broadsheet.domain.ids import PaperKey, arxiv_key, title_key
from broadsheet.domain.signal import SignalKind
from broadsheet.jobs.upkeep import count_readers
from broadsheet.store import reader_notes
from broadsheet.store.intake import take_in as keep
from broadsheet.store.models import Fact, Signal, StaleWindow
from broadsheet.store.reader_signals import GAP, take_in
from tests.makers import FRIDAY, arxiv, daily, listed

pytestmark = pytest.mark.django_db

ONE, OTHER = arxiv_key("2605.00001"), arxiv_key("2605.00002")
NOW = datetime(2026, 5, 24, 12, tzinfo=UTC)
TODAY = NOW.date()
OPENS, SAVES, VOTES = SignalKind.OPENS, SignalKind.SAVES, SignalKind.VOTES


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "readers"


@pytest.fixture(autouse=True)
def papers() -> None:
    keep([arxiv("2605.00001", listings=daily()), arxiv("2605.00002", announced_on=FRIDAY)], now=NOW)
    StaleWindow.objects.all().delete()


def leave(notes: Path, key: PaperKey, kind: SignalKind, *steps: int, day: date = TODAY) -> None:
    for step in steps:
        reader_notes.leave(notes, day, key, kind, step=step)


def rows(kind: SignalKind = OPENS, key: PaperKey = ONE) -> list[tuple[date, int]]:
    found = Signal.objects.filter(paper__key=key, kind=kind).order_by("day")
    return list(found.values_list("day", "value"))


def stale() -> set[tuple[str, date]]:
    return set(StaleWindow.objects.values_list("kind", "start"))


def test_notes_become_the_total_of_their_day(notes: Path) -> None:
    leave(notes, ONE, OPENS, 1, 1, 1)
    leave(notes, ONE, VOTES, 1, 1, -1)
    leave(notes, OTHER, SAVES, 1)

    assert take_in(notes, now=NOW) == 7

    assert rows() == [(TODAY, 3)]
    assert rows(VOTES) == [(TODAY, 1)]
    assert rows(SAVES, OTHER) == [(TODAY, 1)]


def test_the_next_day_goes_on_from_the_last_total(notes: Path) -> None:
    leave(notes, ONE, OPENS, 1, 1)
    take_in(notes, now=NOW)
    leave(notes, ONE, OPENS, 1)
    take_in(notes, now=NOW + GAP)
    later = NOW + timedelta(days=3)
    leave(notes, ONE, OPENS, 1, day=later.date())
    take_in(notes, now=later)

    assert rows() == [(TODAY, 3), (later.date(), 4)]


def test_notes_of_yesterday_count_today_too(notes: Path) -> None:
    yesterday = TODAY - timedelta(days=1)
    leave(notes, ONE, OPENS, 1, 1)
    take_in(notes, now=NOW)
    leave(notes, ONE, OPENS, 1, day=yesterday)
    take_in(notes, now=NOW + GAP)

    assert rows() == [(yesterday, 1), (TODAY, 3)]


def test_a_total_is_never_below_nothing(notes: Path) -> None:
    leave(notes, ONE, VOTES, 1)
    take_in(notes, now=NOW)
    leave(notes, ONE, VOTES, -1, -1, -1)
    take_in(notes, now=NOW + GAP)

    assert rows(VOTES) == [(TODAY, 0)]


def test_what_was_taken_back_at_once_leaves_no_trace(notes: Path) -> None:
    leave(notes, ONE, VOTES, 1, -1)

    take_in(notes, now=NOW)

    assert rows(VOTES) == []
    assert stale() == set()


def test_the_editions_of_these_papers_are_made_anew(notes: Path) -> None:
    leave(notes, ONE, OPENS, 1)

    take_in(notes, now=NOW)

    assert stale() == {("day", FRIDAY), ("week", date(2026, 5, 18)), ("month", date(2026, 5, 1))}


def test_an_old_edition_stays_as_it_is(notes: Path) -> None:
    later = NOW + timedelta(days=60)
    leave(notes, ONE, OPENS, 1, day=later.date())

    take_in(notes, now=later)

    assert rows() == [(later.date(), 1)]
    assert stale() == set()


def test_editions_rest_for_a_while(notes: Path) -> None:
    leave(notes, ONE, OPENS, 1)
    assert take_in(notes, now=NOW) == 1
    leave(notes, ONE, OPENS, 1)

    assert take_in(notes, now=NOW + GAP / 2) == 0
    assert take_in(notes, now=NOW + GAP) == 1


def test_a_paper_that_got_a_better_key_gets_its_notes(notes: Path) -> None:
    title = "A paper that a listing gave without an id"
    keep([listed(title)], now=NOW)
    leave(notes, title_key(title), OPENS, 1)
    keep([arxiv("2605.00009", title=title)], now=NOW)
    leave(notes, arxiv_key("2605.00009"), OPENS, 1)

    take_in(notes, now=NOW)

    assert rows(key=arxiv_key("2605.00009")) == [(TODAY, 2)]


@pytest.mark.parametrize(
    "line",
    [
        b"\narxiv:2605.00001 opens +",
        b"\narxiv:2605.0",
        b"\narxiv:2605.00001 opens +9",
        b"\narxiv:2605.00001 upvotes +1",
        b"\n\xff opens +1",
        b"\n" + b"x" * 10_000,
    ],
)
def test_a_torn_note_spoils_no_other(notes: Path, line: bytes) -> None:
    leave(notes, ONE, OPENS, 1)
    with (notes / TODAY.isoformat()).open("ab") as file:
        file.write(line)
    leave(notes, ONE, OPENS, 1)
    leave(notes, arxiv_key("2605.09999"), OPENS, 1)  # which nobody holds

    take_in(notes, now=NOW)

    assert rows() == [(TODAY, 2)]
    assert Signal.objects.count() == 1


def test_a_crash_before_the_file_is_deleted_counts_once(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    leave(notes, ONE, OPENS, 1, 1)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", crash)
        with pytest.raises(KeyboardInterrupt):
            take_in(notes, now=NOW)
    assert rows() == [(TODAY, 2)]

    assert take_in(notes, now=NOW + GAP) == 0

    assert rows() == [(TODAY, 2)]
    assert [path.name for path in notes.iterdir()] == ["lock"]
    assert not Fact.objects.filter(name__startswith="notes ").exists()


def test_a_crash_before_the_totals_are_written_loses_nothing(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    leave(notes, ONE, OPENS, 1, 1)
    with monkeypatch.context() as patched:
        patched.setattr("django.db.models.query.QuerySet.create", crash)  # of the memory that it was taken
        with pytest.raises(KeyboardInterrupt):
            take_in(notes, now=NOW)
    assert rows() == []
    leave(notes, ONE, OPENS, 1)

    assert take_in(notes, now=NOW) == 3
    assert rows() == [(TODAY, 3)]


def _leave_many(notes: Path, key: PaperKey, count: int) -> None:
    leave(notes, key, OPENS, *[1] * count)


def _together(notes: Path, keys: Sequence[PaperKey], count: int) -> int:
    """So many notes from each of eight processes, while this one sets files aside; how often it did."""
    at_once = [get_context("fork").Process(target=_leave_many, args=(notes, key, count)) for key in keys]
    for process in at_once:
        process.start()
    times = 0
    while any(process.is_alive() for process in at_once):
        times += sum(1 for _ in reader_notes.set_aside(notes)) if notes.is_dir() else 0
    for process in at_once:
        process.join()
        assert process.exitcode == 0
    return times


def test_eight_processes_and_a_worker_lose_nothing(notes: Path) -> None:
    times = _together(notes, [ONE, OTHER] * 4, 500)

    assert times > 1
    assert take_in(notes, now=NOW) == 8 * 500
    assert (rows()[0][1], rows(key=OTHER)[0][1]) == (2_000, 2_000)


def test_files_are_their_owners_alone(notes: Path) -> None:
    leave(notes, ONE, OPENS, 1)

    path = notes / TODAY.isoformat()
    assert path.stat().st_mode & 0o777 == 0o600
    assert notes.stat().st_mode & 0o777 == 0o700
    assert path.read_bytes() == b"\narxiv:2605.00001 opens +1"


def test_a_folder_that_cannot_be_read_stops_no_upkeep(notes: Path) -> None:
    (notes / TODAY.isoformat()).mkdir(parents=True)

    assert "left where they are" in count_readers(notes, now=NOW)


def test_where_nobody_reads_there_is_nothing_to_do(notes: Path) -> None:
    assert count_readers(notes, now=NOW) == ""
    assert not os.path.lexists(notes)
