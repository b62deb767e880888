"""The example of docs/ranking.md is worked out again from the sample edition, with the code in force."""

import re
from datetime import date
from math import log2
from pathlib import Path

import pytest

from broadsheet.domain.edition import View
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.rank import backtest, trending, usual
from broadsheet.sources.sample import sample_edition
from broadsheet.store.intake import take_in
from broadsheet.store.models import Place
from tests.makers import NOW

PAGE = (Path(__file__).parents[2] / "docs" / "ranking.md").read_text()
ROW = re.compile(r"^\| (upvotes|stars|comments|age|score) \|(.*)\|$", re.MULTILINE)


def told() -> dict[str, list[str]]:
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in ROW.findall(PAGE)}


@pytest.mark.django_db
def test_the_example_is_what_the_sample_edition_shows() -> None:
    take_in(sample_edition(), now=NOW)
    refresh_editions(now=NOW)

    place = Place.objects.get(
        edition__kind="day",
        edition__start=date(2026, 5, 22),
        edition__view=View.PRINTED,
        paper__title__startswith="Forecasting Scientific Progress",
    )

    rows, terms = told(), {kind: term for kind, *term in place.terms}
    shares = dict(zip(trending.KINDS, usual.prior().shares, strict=True))
    for name in ("upvotes", "stars", "comments"):
        gained, is_usual, doublings, weight, share, points = map(float, rows[name])
        assert (gained, is_usual) == tuple(terms[name][:2])
        assert doublings == pytest.approx(log2(1 + gained / is_usual), abs=0.0005)
        assert weight == trending.WEIGHTS[name]
        assert share == pytest.approx(shares[name], abs=0.0005)
        assert points == pytest.approx(doublings * weight * share, abs=0.006)
        assert points == pytest.approx(terms[name][3], abs=0.005)
    assert rows["age"][0] == f"{terms['age'][0]:.0f} days"
    assert float(rows["age"][-1].replace("−", "-")) == pytest.approx(terms["age"][3], abs=0.005)
    assert float(rows["score"][-1]) == pytest.approx(place.score, abs=0.005)
    assert place.reason in " ".join(PAGE.split())
    assert f"stood {_ORDINALS[place.rank]} of the {place.edition.paper_count} papers" in " ".join(
        PAGE.split()
    )


_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def test_the_page_names_the_figures_in_force() -> None:
    words = " ".join(PAGE.split())
    weights = trending.WEIGHTS

    assert f"upvotes {weights['upvotes']:g}, stars {weights['stars']:g}" in words
    assert f"points {weights['points']:g} and comments {weights['replies']:g}" in words
    assert f"citations {weights['citations']:g}" in words
    assert (
        f"readers here {weights['votes']:g}, saves {weights['saves']:g}, opens {weights['opens']:g}" in words
    )
    assert f"{weights['record']:g} points a doubling" in words
    assert f"less {trending.AGE_WEIGHT:g} × log2(1 + age in days)" in words
    assert f"**{trending.FORMULA}**" in words
    assert f"`n / (n + {usual.ENOUGH:.0f})`" in words
    assert set(backtest.SCORERS) - {trending.FORMULA} <= set(re.split(r" \| |, |\| ", words))
