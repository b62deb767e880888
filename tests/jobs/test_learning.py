"""What a site learns from its own history, and that it begins with what is shipped."""

from datetime import date, timedelta

import pytest

from broadsheet.domain.paper import PaperRecord
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.jobs.learning import learn_daily, observed, own_records
from broadsheet.rank import usual
from broadsheet.store.intake import take_in
from broadsheet.store.models import Learned
from broadsheet.wiring import ranking_basis
from tests.makers import NOW, arxiv, daily

pytestmark = pytest.mark.django_db
LISTED = date(2026, 5, 12)


def liked(number: int, final: int, category: str = "cs.CL", author: str = "Ada Lovelace") -> PaperRecord:
    readings = (
        SignalReading(SignalKind.UPVOTES, LISTED + timedelta(days=day), final * (day + 1) // 8)
        for day in range(8)
    )
    return arxiv(
        f"2605.{number:05}",
        listings=daily(LISTED),
        signals=tuple(readings),
        categories=(category,),
        authors=(author,),
    )


def test_a_new_site_begins_with_what_is_shipped() -> None:
    assert learn_daily(NOW)

    assert ranking_basis().usual.totals == usual.prior().totals
    assert not learn_daily(NOW + timedelta(hours=1))  # once a day


def test_its_own_medians_take_over_as_it_grows() -> None:
    take_in((liked(number, 80) for number in range(400)), now=NOW)

    learn_daily(NOW)

    before, after = usual.prior().totals["upvotes"], ranking_basis().usual.totals["upvotes"]
    assert 2 * before[5] < after[5] < 80  # a week after: between what is shipped and what is seen
    assert after == sorted(after)
    assert ranking_basis().usual.papers["upvotes"] == usual.prior().papers["upvotes"] + 400


def test_a_quiet_field_is_compared_with_itself() -> None:
    take_in(
        (liked(number, 80 if number % 2 else 8, f"cs.{'AB'[number % 2]}") for number in range(300)), now=NOW
    )

    learn_daily(NOW)

    fields = ranking_basis().usual.fields["upvotes"]
    assert fields["cs.A"] < -0.5
    assert fields["cs.B"] > 0.5


def test_authors_are_known_by_papers_that_have_settled() -> None:
    take_in([liked(1, 400), liked(2, 1, author="Nobody Noticed")], now=NOW)

    known = own_records(NOW.date())

    hers, nobodys = known.of([("Ada Lovelace",), ("Nobody Noticed",)])
    assert hers > 0.5
    assert nobodys == 0
    assert list(own_records(LISTED + timedelta(days=6)).of([("Ada Lovelace",)])) == [0]


def test_only_counts_near_an_age_are_looked_at() -> None:
    take_in([liked(1, 80)], now=NOW)

    assert sorted(observed(NOW.date()).ages.tolist()) == [0, 1, 2, 3, 4, 5]  # days 0, 1, 2, 3, 5, 7


def test_figures_of_another_version_are_not_believed() -> None:
    Learned.objects.create(name="usual", as_of=NOW.date(), made_at=NOW, body=b'{"ages": [1], "totals": {}}')

    assert ranking_basis().usual is usual.prior()
