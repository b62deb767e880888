"""Editions: who stands in a window, in which order, and when it is made again."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from broadsheet.domain.edition import View
from broadsheet.domain.paper import Listing, ListingKind
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.domain.tally import Tally
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.rank.windows import rank_window
from broadsheet.store.editions import refresh_stale
from broadsheet.store.intake import take_in
from broadsheet.store.models import Edition, Place, StaleWindow
from broadsheet.wiring import ranking_basis
from tests.makers import FRIDAY, NOW, arxiv, daily, listed, stars, upvotes

pytestmark = pytest.mark.django_db
OPEN = datetime(2026, 5, 22, 20, tzinfo=NOW.tzinfo)  # on the Friday itself
MIDNIGHT = datetime(2026, 5, 23, tzinfo=NOW.tzinfo)
LATER = NOW + timedelta(days=3)


def publish(*records: Any, now: datetime = NOW) -> None:
    take_in(records, now=NOW)
    refresh_editions(now=now)


def keys(kind: str, start: date, view: View = View.LATEST) -> list[str]:
    places = Place.objects.filter(edition__kind=kind, edition__start=start, edition__view=view)
    return list(places.order_by("rank").values_list("paper__key", flat=True))


def key(number: int) -> str:
    return f"arxiv:2605.{number:05}"


def test_a_day_holds_what_arxiv_announced_and_what_was_listed() -> None:
    publish(
        arxiv("2605.00001", announced_on=FRIDAY),
        arxiv("2605.00002", listings=daily(), signals=(upvotes(3),)),
        arxiv("2605.00003", listings=(Listing("arxiv", FRIDAY, ListingKind.CROSS),)),
        arxiv("2605.00004", announced_on=date(2026, 5, 21)),
    )

    assert keys("day", FRIDAY) == ["arxiv:2605.00002", "arxiv:2605.00001"]
    assert len(keys("week", date(2026, 5, 18))) == 3
    assert len(keys("month", date(2026, 5, 1))) == 3


def test_what_was_gained_beyond_the_usual_then_the_newest() -> None:
    before = date(2026, 5, 21)
    publish(
        arxiv("2605.00001", listings=daily(), signals=(upvotes(3),)),
        arxiv("2605.00002", listings=daily(), signals=(upvotes(3), stars(10, before), stars(15))),
        arxiv("2605.00003", listings=daily(), signals=(upvotes(9),)),
        arxiv("2605.00004", listings=daily(before)),
        arxiv("2605.00005", listings=daily()),
    )

    assert keys("week", date(2026, 5, 18)) == [key(number) for number in (3, 2, 1, 5, 4)]


def test_the_reason_names_the_figures_and_the_terms_add_up_to_the_score() -> None:
    publish(arxiv(listings=daily(), signals=(upvotes(204), stars(1, date(2026, 5, 21)), stars(5))))

    place = Place.objects.get(edition__kind="day", edition__view=View.LATEST)
    told = "204 upvotes on Hugging Face, where 4 are usual; 4 stars in 24 hours, where 4 are usual"
    assert place.reason == f"Here for {told}."
    assert place.score == pytest.approx(sum(points for _, _, _, _, points, _ in place.terms), abs=0.001)


def test_a_change_makes_the_edition_anew_and_nothing_else() -> None:
    publish(arxiv("2605.00001", listings=daily()), arxiv("2605.00002", announced_on=date(2026, 5, 19)))
    assert not StaleWindow.objects.exists()

    take_in([arxiv("2605.00001", listings=daily(), signals=(upvotes(7),))], now=NOW)
    refreshed = refresh_editions(now=NOW)

    assert refreshed.windows == 3
    latest = Place.objects.get(edition__kind="day", edition__start=FRIDAY, edition__view=View.LATEST)
    assert "7 upvotes" in latest.reason


def test_an_open_edition_follows_what_is_counted() -> None:
    publish(arxiv("2605.00001", listings=daily(), signals=(upvotes(9),)), now=OPEN)
    publish(arxiv("2605.00002", listings=daily(), signals=(upvotes(90),)), now=OPEN)

    assert keys("day", FRIDAY) == [key(2), key(1)]
    assert keys("day", FRIDAY, View.PRINTED) == []


def test_a_closed_edition_shows_the_same_list_for_ever() -> None:
    publish(
        arxiv("2605.00001", listings=daily(), signals=(upvotes(9),)),
        arxiv("2605.00002", listings=daily(), signals=(upvotes(8),)),
        now=OPEN,
    )
    refresh_editions(now=MIDNIGHT)  # nothing has changed: it is printed all the same
    before = list(Place.objects.filter(edition__view=View.PRINTED).values())

    publish(arxiv("2605.00002", listings=daily(), signals=(upvotes(500),)), now=LATER)

    assert keys("day", FRIDAY, View.PRINTED) == [key(1), key(2)]
    assert keys("day", FRIDAY) == [key(2), key(1)]
    day = Edition.objects.get(kind="day", view=View.PRINTED)
    assert [row for row in before if row["edition_id"] == day.pk] == list(day.places.values())
    assert day.inputs["printed_at"] == MIDNIGHT.isoformat()


def test_papers_of_a_slow_harvest_get_into_the_printed_edition_for_some_hours() -> None:
    publish(arxiv("2605.00001", listings=daily()), now=OPEN)
    refresh_editions(now=MIDNIGHT)
    publish(arxiv("2605.00002", listings=daily(), signals=(upvotes(9),)), now=MIDNIGHT + timedelta(hours=5))
    publish(arxiv("2605.00003", listings=daily(), signals=(upvotes(99),)), now=MIDNIGHT + timedelta(hours=7))

    assert keys("day", FRIDAY, View.PRINTED) == [key(2), key(1)]
    assert keys("day", FRIDAY) == [key(3), key(2), key(1)]


def test_what_was_made_before_the_closing_is_printed_even_when_the_worker_comes_late() -> None:
    publish(
        arxiv("2605.00001", listings=daily(), signals=(upvotes(9),)),
        arxiv("2605.00002", listings=daily(), signals=(upvotes(8),)),
        now=OPEN,
    )
    publish(arxiv("2605.00002", listings=daily(), signals=(upvotes(500),)), now=LATER)

    assert keys("day", FRIDAY, View.PRINTED) == [key(1), key(2)]


def test_a_window_of_the_past_takes_in_more_papers_but_no_counts() -> None:
    publish(
        arxiv("2605.00001", listings=daily(), signals=(upvotes(9),)),
        arxiv("2605.00002", listings=daily(), signals=(upvotes(8),)),
    )
    publish(arxiv("2605.00002", listings=daily(), signals=(upvotes(500),)), now=LATER)
    assert keys("day", FRIDAY, View.PRINTED) == [key(1), key(2)]

    publish(arxiv("2605.00003", listings=daily()), now=LATER + timedelta(days=30))
    assert keys("day", FRIDAY, View.PRINTED) == [key(2), key(1), key(3)]


def test_a_clock_that_was_ahead_prints_nothing_for_good() -> None:
    publish(arxiv("2605.00001", listings=daily()), now=OPEN)
    refresh_editions(now=OPEN + timedelta(days=30))
    publish(arxiv("2605.00002", listings=daily(), signals=(upvotes(9),)), now=OPEN)
    assert keys("day", FRIDAY, View.PRINTED) == []

    refresh_editions(now=MIDNIGHT)

    assert keys("day", FRIDAY, View.PRINTED) == [key(2), key(1)]
    assert Edition.objects.get(kind="day", view=View.PRINTED).inputs["printed_at"] == MIDNIGHT.isoformat()


def test_what_is_printed_stays_when_another_process_is_a_little_behind() -> None:
    publish(arxiv("2605.00001", listings=daily(), signals=(upvotes(9),)), now=OPEN)
    refresh_editions(now=MIDNIGHT + timedelta(minutes=2))

    publish(
        arxiv("2605.00001", listings=daily(), signals=(upvotes(99),)), now=MIDNIGHT + timedelta(minutes=1)
    )

    printed = Place.objects.get(edition__kind="day", edition__view=View.PRINTED)
    assert "9 upvotes" in printed.reason


def test_counts_that_come_while_a_window_is_ranked_are_not_lost() -> None:
    take_in([arxiv("2605.00001", listings=daily())], now=NOW)

    def and_meanwhile(candidates: Any, most: int) -> Any:
        found = rank_window(candidates, most, basis=ranking_basis())
        points = SignalReading(SignalKind.POINTS, FRIDAY, 200)
        take_in([Tally("hackernews", arxiv("2605.00001").key, (points,))], now=NOW)
        return found

    refresh_stale(and_meanwhile, "trending-2", now=NOW)
    refresh_editions(now=NOW)

    for kind in ("day", "week", "month"):
        place = Place.objects.get(edition__kind=kind, edition__view=View.LATEST)
        assert "200 points" in place.reason, kind


def test_a_month_that_closed_while_the_worker_was_off_is_printed() -> None:
    publish(arxiv("2605.00001", listings=daily()), now=OPEN)
    refresh_editions(now=OPEN + timedelta(days=90))

    assert keys("month", date(2026, 5, 1), View.PRINTED) == [key(1)]


def test_a_new_formula_leaves_what_was_printed_and_makes_the_latest_anew() -> None:
    publish(
        arxiv("2605.00001", listings=daily()), arxiv("2605.00002", listings=daily(), signals=(upvotes(9),))
    )
    Edition.objects.filter(view=View.PRINTED).delete()  # as the version before left it
    Edition.objects.update(formula="upvotes-1", inputs={}, beside={})
    places = Place.objects.filter(edition__kind="day")
    before = list(places.order_by("-rank").values_list("paper__key", flat=True))
    for place, rank in zip(list(places.order_by("rank")), (12, 11), strict=True):
        Place.objects.filter(pk=place.pk).update(rank=rank, terms=[])

    refresh_editions(now=LATER)
    publish(arxiv("2605.00003", listings=daily()), now=LATER + timedelta(hours=1))

    found = set(Edition.objects.filter(kind="day").values_list("view", "formula"))
    assert found == {("printed", "upvotes-1"), ("latest", "trending-2")}
    assert keys("day", FRIDAY, View.PRINTED) == before
    assert keys("day", FRIDAY) == [key(2), key(1), key(3)]


def test_a_window_that_changes_while_its_edition_is_made_stays_stale() -> None:
    take_in([arxiv(announced_on=FRIDAY)], now=NOW)

    def and_meanwhile(candidates: Any, most: int) -> Any:
        StaleWindow.objects.update(mark=99)
        return rank_window(candidates, most, basis=ranking_basis())

    refresh_stale(and_meanwhile, "test", now=NOW, most=1)

    assert StaleWindow.objects.count() == 3


def test_what_is_trending_holds_old_papers_that_gain_now() -> None:
    old = date(2024, 3, 1)
    publish(
        arxiv("2403.00001", announced_on=old, signals=(stars(10, date(2026, 5, 15)), stars(40, NOW.date()))),
        arxiv("2403.00002", announced_on=old, signals=(stars(900, old),)),
        arxiv("2605.00001", listings=daily(), signals=(upvotes(60),)),
    )

    assert keys("trending", NOW.date()) == [key(1), "arxiv:2403.00001"]
    assert len(keys("all", date(1991, 1, 1))) == 3


def test_the_best_of_a_small_field_are_kept_however_far_down() -> None:
    many = (arxiv(f"2605.{n:05}", listings=daily(), signals=(upvotes(20),)) for n in range(600))
    few = (arxiv(f"2606.{n:05}", listings=daily(), categories=("math.GT",)) for n in range(3))
    take_in([*many, *few], now=NOW)
    refresh_stale(partial(rank_window, basis=ranking_basis()), "test", now=NOW)

    places = Place.objects.filter(edition__kind="day", edition__view=View.LATEST)
    assert places.filter(paper__categories="math.GT").count() == 3
    assert places.count() <= 503


def test_a_printed_list_keeps_a_paper_that_turns_out_to_be_another() -> None:
    title = "Counting the stars of all our repositories"
    publish(listed(title, listings=daily()), arxiv("2605.00001", title="Another name", listings=daily()))
    before = keys("day", FRIDAY, View.PRINTED)

    publish(arxiv("2605.00001", title=title, listings=daily()), listed(title), now=LATER)

    after = keys("day", FRIDAY, View.PRINTED)
    assert len(before) == 2
    assert key(1) in after
