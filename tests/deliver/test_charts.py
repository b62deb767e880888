"""Charts say in words and strokes what the numbers say."""

from datetime import date, timedelta

from broadsheet.deliver.web import charts
from broadsheet.domain.signal import SignalKind
from broadsheet.store.page_values import Facts, Series

FRIDAY = date(2026, 5, 22)


def totals(*values: int) -> Series:
    return tuple((FRIDAY + timedelta(days=day), value) for day, value in enumerate(values))


def paper(**series: Series) -> Facts:
    known = {SignalKind(kind): readings for kind, readings in series.items()}
    return Facts(1, "arxiv:2605.00001", "T", "", "", "", (), (), FRIDAY, False, series=known)


def test_one_reading_draws_no_bars() -> None:
    assert charts.spark(paper(upvotes=totals(204))) == ""


def test_bars_show_the_gain_of_each_day_and_the_newest_stands_out() -> None:
    drawn = charts.spark(paper(upvotes=totals(0, 10, 10, 40)))

    assert 'aria-label="Upvotes gained by day, 40 from 22 May to 25 May"' in drawn
    assert '<path class="last" d="M139.5 29v-27.0"/>' in drawn
    assert drawn.count("29v-") == 2  # the day without a gain has no bar


def test_stars_stand_in_where_upvotes_were_read_once() -> None:
    assert "GitHub stars gained" in charts.spark(paper(upvotes=totals(204), stars=totals(1, 6)))


def test_a_fall_draws_no_bar_and_is_told() -> None:
    stars = paper(stars=totals(9, 4))

    assert 'class="last"' not in charts.spark(stars)
    assert "GitHub stars fall from 9 on 22 May to 4 on 23 May" in charts.panels(stars)[0].chart


def test_each_signal_has_its_panel_on_the_same_days() -> None:
    upvotes, stars = charts.panels(paper(upvotes=totals(0, 6, 12), stars=totals(7)))

    assert upvotes.total == 12
    assert 'd="M34.0 88.0L123.0 59.5L212.0 31.0"' in upvotes.chart
    assert stars.chart == ""
    assert stars.only_day == FRIDAY


def test_the_table_says_where_a_signal_was_not_read() -> None:
    rows = charts.table(paper(upvotes=totals(1, 2), stars=totals(7)))

    assert rows == [(FRIDAY + timedelta(days=1), [2, None]), (FRIDAY, [1, 7])]
