"""Readings follow the store: each text is read once by each version of the reader, whatever dies."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from broadsheet.domain.reading import Claim, Reading, Span
from broadsheet.enrich.readings.reader import VERSION
from broadsheet.jobs import reading
from broadsheet.store import models, unread
from broadsheet.store.intake import take_in
from broadsheet.store.models import Paper
from tests.fakes.clock import FakeClock
from tests.fakes.reader import FakeReader
from tests.makers import NOW, arxiv, listed

pytestmark = pytest.mark.django_db


def take(*numbers: int, text: str = "It runs 3.3x faster than before.") -> None:
    take_in(
        [arxiv(f"2605.{n:05}", title=f"Thing{n}: a paper", abstract=f"{text} {n}") for n in numbers], now=NOW
    )


def values() -> list[float]:
    return list(models.Claim.objects.order_by("paper_id", "place").values_list("value", flat=True))


def times(count: int) -> Callable[[], bool]:
    left = iter(range(count))
    return lambda: next(left, None) is not None


def test_new_papers_are_read_with_their_proof() -> None:
    take(1)

    assert reading.catch_up() == 1

    paper, claim = Paper.objects.get(), models.Claim.objects.get()
    assert (claim.value, claim.unit) == (3.3, "x")
    assert paper.abstract[claim.start : claim.end] == claim.quote
    assert claim.subject_key == "thing1"
    assert models.Reading.objects.get().reader == VERSION


def test_a_text_that_the_reader_stumbles_over_costs_no_other(caplog: pytest.LogCaptureFixture) -> None:
    take(1, 2)

    def stumbling(title: str, text: str) -> Reading:
        if title.startswith("Thing1"):
            raise ValueError("could not convert")
        return FakeReader()(title, text)

    assert reading.catch_up(reader=stumbling, version="a") == 2
    assert reading.catch_up(reader=stumbling, version="a") == 0
    assert [claim.paper.key for claim in models.Claim.objects.all()] == ["arxiv:2605.00002"]
    assert caplog.text.count("cannot be read; please report this") == 1


def test_claims_without_a_subject_are_about_what_sources_call_the_paper() -> None:
    take_in(
        [arxiv(title="On things", abstract="It runs 3.3x faster than before.", names=("Fleet",))], now=NOW
    )
    reading.catch_up(
        reader=lambda _, text: Reading(claims=FakeReader()("Other: x", text).claims), version="a"
    )

    assert models.Claim.objects.get().subject_key == "fleet"


def test_what_was_read_is_not_read_again() -> None:
    reader = FakeReader()
    take(1, 2)
    reading.catch_up(reader=reader, version="a")
    Paper.objects.filter(key="arxiv:2605.00001").update(change_no=1_000)
    models.Counter.objects.update(value=1_000)

    assert reading.catch_up(reader=reader, version="a") == 0
    assert len(reader.asked) == 2


def test_a_changed_text_is_read_again_in_place_of_the_old_one() -> None:
    take(1)
    reading.catch_up()

    take(1, text="It runs 4.5x faster than before, truly.")
    reading.catch_up()

    assert values() == [4.5]


def test_another_version_reads_everything_again_newest_first() -> None:
    take(*range(1, 5))
    reading.catch_up(reader=FakeReader(), version="a")
    better = FakeReader(misread={3.3: 3.4})

    assert reading.catch_up(reader=better, version="b") == 4

    assert values() == [3.4] * 4
    assert better.asked[0].startswith("Thing4")
    assert set(models.Reading.objects.values_list("reader", flat=True)) == {"b"}


def test_news_come_before_old_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    take(*range(1, 7))
    reader = FakeReader()
    reading.catch_up(times(1), reader=reader, version="a")
    take(9)

    reading.catch_up(times(1), reader=reader, version="a")

    assert [title[:6] for title in reader.asked] == ["Thing6", "Thing5", "Thing9"]
    assert not reading.is_whole("a")


def test_a_run_that_stops_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    take(*range(1, 8))
    reader = FakeReader()

    while not reading.is_whole("a"):
        reading.catch_up(times(1), reader=reader, version="a")

    assert sorted(reader.asked) == sorted(set(reader.asked))
    assert len(values()) == 7


def test_of_two_workers_one_keeps_what_it_read() -> None:
    take(1)
    started = unread.begin("a", NOW)

    def other_first(title: str, text: str) -> Reading:
        reading.catch_up(reader=FakeReader(), version="a")
        return Reading()

    assert reading.catch_up(reader=other_first, version="a") == 0

    assert values() == [3.3]
    assert unread.begin("a", NOW) != started


def test_of_two_versions_side_by_side_the_newer_one_reads() -> None:
    take(1)
    clock, former, newer = FakeClock(NOW), FakeReader(), FakeReader()
    reading.catch_up(reader=former, version="a", clock=clock)

    for _ in range(3):
        reading.catch_up(reader=newer, version="b", clock=clock)
        assert reading.catch_up(reader=former, version="a", clock=clock) == 0
        assert reading.is_whole("a", clock=clock)

    assert len(newer.asked) == len(former.asked) == 1
    take(2)
    assert reading.catch_up(reader=newer, version="b", clock=clock) == 1


@pytest.mark.parametrize("step", [unread.GIVES_WAY, -unread.GIVES_WAY])
def test_a_former_version_that_comes_back_to_stay_reads_again(step: timedelta) -> None:
    take(1)
    clock = FakeClock(NOW)
    for version in ("a", "b"):
        reading.catch_up(reader=FakeReader(), version=version, clock=clock)
    clock.at += step  # back too: by a clock that was ahead

    assert reading.catch_up(reader=FakeReader(), version="a", clock=clock) == 1

    assert models.Reading.objects.get().reader == "a"


def test_a_paper_that_changes_while_it_is_read_is_read_again() -> None:
    take(1)
    changed: list[str] = []

    def meanwhile(title: str, text: str) -> Reading:
        if not changed:
            changed.append(title)
            take(1, text="It runs 9x faster by now.")
        return FakeReader()(title, text)

    reading.catch_up(reader=meanwhile, version="a")

    assert values() == [9]


def test_a_merged_papers_claims_go_with_it() -> None:
    take_in([listed("Thing1: a paper", abstract="It runs 8x faster than before.")], now=NOW)
    reading.catch_up()
    take_in([arxiv("2605.00001", title="Thing1: a paper")], now=NOW)

    reading.catch_up()

    assert Paper.objects.count() == models.Reading.objects.count() == 1
    assert values() == [8]


@pytest.mark.parametrize(
    "bad",
    [
        Claim(float("nan"), "x", Span("It", 0, 2)),
        Claim(1.0, "x", Span("It", 1, 3)),
        Claim(1.0, "x", Span("", 0, 0)),
        Claim(1.0, "x", Span("It runs", -9, 7)),
        Claim(1.0, "x", Span("It", 0, 2), value_max=float("inf")),
    ],
)
def test_a_claim_without_a_number_or_its_proof_is_left_out(bad: Claim) -> None:
    take(1)

    reading.catch_up(reader=lambda title, text: Reading(claims=[bad]), version="a")

    assert values() == []


def test_thousands_of_numbers_are_cut_short() -> None:
    take(1, text=" ".join(f"{n}% of it." for n in range(3_000)))

    reading.catch_up()

    assert len(values()) == 50


def test_what_is_long_is_kept_short() -> None:
    take(1)
    long = "n" * 10_000
    claim = Claim(1.0, long, Span("It", 0, 2), metric=long, subject=long, dataset=long, baseline=long)

    reading.catch_up(reader=lambda title, text: Reading(names=[long] * 99, claims=[claim]), version="a")

    row = models.Claim.objects.get()
    assert max(len(row.unit), len(row.metric), len(row.subject_key)) <= 200
    assert len(models.Reading.objects.get().names) == 20


def test_where_no_source_told_an_abstract_the_summary_is_read() -> None:
    take_in([arxiv("2605.00001", summary="In short, it saves 12% of time.")], now=NOW)

    reading.catch_up()

    assert values() == [12]
