"""Editions: who stands in a window, in which order, and when it is made again."""

from datetime import date
from typing import Any

import pytest

from broadsheet.domain.paper import Listing, ListingKind
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.store.intake import take_in
from broadsheet.store.models import Edition, Place, StaleWindow
from tests.makers import FRIDAY, NOW, arxiv, daily, stars, upvotes

pytestmark = pytest.mark.django_db


def publish(*records: Any) -> None:
    take_in(records, now=NOW)
    refresh_editions(now=NOW)


def keys(kind: str, start: date) -> list[str]:
    places = Place.objects.filter(edition__kind=kind, edition__start=start).order_by("rank")
    return list(places.values_list("paper__key", flat=True))


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


def test_upvotes_then_stars_gained_then_the_newest() -> None:
    before = date(2026, 5, 21)
    publish(
        arxiv("2605.00001", listings=daily(), signals=(upvotes(3),)),
        arxiv("2605.00002", listings=daily(), signals=(upvotes(3), stars(10, before), stars(15))),
        arxiv("2605.00003", listings=daily(), signals=(upvotes(9),)),
        arxiv("2605.00004", listings=daily(before)),
        arxiv("2605.00005", listings=daily()),
    )

    assert keys("week", date(2026, 5, 18)) == [f"arxiv:2605.0000{number}" for number in (3, 2, 1, 5, 4)]


def test_the_reason_names_the_figures() -> None:
    publish(arxiv(listings=daily(), signals=(upvotes(204), stars(1, date(2026, 5, 21)), stars(5))))

    reason = Place.objects.get(edition__kind="day").reason
    assert reason == "Here for 204 upvotes, first of 1; its code gained 4 stars since Thursday 21 May."


def test_a_change_makes_the_edition_anew_and_nothing_else() -> None:
    publish(arxiv("2605.00001", listings=daily()), arxiv("2605.00002", announced_on=date(2026, 5, 19)))
    assert not StaleWindow.objects.exists()

    take_in([arxiv("2605.00001", listings=daily(), signals=(upvotes(7),))], now=NOW)
    refreshed = refresh_editions(now=NOW)

    assert refreshed.windows == 3
    assert Place.objects.get(edition__kind="day", edition__start=FRIDAY).score == 7


def test_making_an_edition_again_gives_the_same_places() -> None:
    publish(*(arxiv(f"2605.{number:05}", listings=daily()) for number in range(30)))
    before = keys("day", FRIDAY)

    StaleWindow.objects.create(kind="day", start=FRIDAY, mark=1)
    refresh_editions(now=NOW)

    assert keys("day", FRIDAY) == before


def test_an_edition_whose_papers_have_moved_away_is_gone() -> None:
    publish(arxiv(announced_on=FRIDAY, told_on=FRIDAY))

    publish(arxiv(announced_on=date(2026, 4, 1), told_on=FRIDAY))

    assert not Edition.objects.filter(kind="day", start=FRIDAY).exists()
    assert not StaleWindow.objects.exists()


def test_a_window_that_changes_while_its_edition_is_made_stays_stale() -> None:
    take_in([arxiv(announced_on=FRIDAY)], now=NOW)

    def and_meanwhile(candidates: Any, most: int) -> Any:
        from broadsheet.rank.trending import rank  # noqa: PLC0415

        StaleWindow.objects.update(mark=99)
        return rank(candidates, most)

    from broadsheet.store.editions import refresh_stale  # noqa: PLC0415

    refresh_stale(and_meanwhile, "test", now=NOW, most=1)

    assert StaleWindow.objects.count() == 3
