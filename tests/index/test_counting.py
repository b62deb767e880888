"""How many of the papers found have what."""

from datetime import date
from pathlib import Path

import pytest

from broadsheet.index.base import Facets
from broadsheet.index.counting import Counter
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.index.query import read
from tests.index.making import entry, index_of


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedIndex:
    return index_of(
        tmp_path,
        entry(1, "Graph networks", categories=("cs.LG", "stat.ML"), dated_on=date(2024, 3, 1), has_code=True),
        entry(2, "Graph images", categories=("cs.LG",), dated_on=date(2025, 12, 31)),
        entry(3, "Graph colours", categories=(), dated_on=None),
        entry(4, "Galaxies", categories=("astro-ph.GA",)),
    )


def test_categories_years_and_code_of_what_the_words_find(index: EmbeddedIndex) -> None:
    assert index.facets(read("graph")) == Facets(
        categories=(("cs.LG", 2), ("stat.ML", 1)), years=((2025, 1), (2024, 1)), with_code=1
    )


def test_filters_and_operators_count(index: EmbeddedIndex) -> None:
    assert index.facets(read("graph -images from:2024")).years == ((2024, 1),)


def test_nothing_found_has_nothing(index: EmbeddedIndex) -> None:
    assert index.facets(read("nothing")) == Facets()
    assert index.facets(read("")) == Facets()


def test_of_very_many_papers_the_best_are_counted_and_that_is_said(index: EmbeddedIndex) -> None:
    clauses = index._clauses(read("graph"))
    assert clauses is not None

    facets = Counter(clauses, most=2).facets(read("graph"))

    assert facets.of_best == 3
    assert facets.categories == (("cs.LG", 2), ("stat.ML", 1))
