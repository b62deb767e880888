"""Filters stand in the query itself: links add them, and take them away again."""

import re
from html import unescape

import pytest
from django.test import Client

from broadsheet import wiring
from broadsheet.deliver.web.narrowing import Asking, filters_in, without_filters
from broadsheet.index.base import Sort
from broadsheet.jobs.indexing import catch_up
from tests.deliver.conftest import TakeIn, record


@pytest.fixture(autouse=True)
def indexed(take: TakeIn) -> None:
    """Six papers of cs.CV, seven of cs.CL and cs.AI, all of 2026, one of each without code."""
    take(*(record(number) for number in range(1, 12)))
    take(*(record(number, links=()) for number in (12, 13)))
    catch_up(wiring.words_index())


def link(page: str, words: str) -> str:
    """Where the first link of the search itself with these words leads."""
    found = re.search(rf'<a href="(\?[^"]+)"[^>]*>{re.escape(words)}', page)
    assert found, f"no link {words!r}"
    return unescape(found[1])


def page_of(client: Client, address: str) -> str:
    return " ".join(client.get(f"/search{address}").content.decode().split())


def test_a_category_is_chosen_and_taken_back(client: Client) -> None:
    every = page_of(client, "?q=retrieval")

    address = link(every, "cs.CV")
    narrowed = page_of(client, address)

    assert address == "?q=retrieval+cat%3Acs.CV"
    assert ">6 papers<" in narrowed
    assert 'value="retrieval cat:cs.CV"' in narrowed
    assert "Narrowed to <span" in narrowed
    assert link(narrowed, "remove") == link(narrowed, "cs.CV") == "?q=retrieval"


def test_another_category_takes_the_place_of_the_first(client: Client) -> None:
    assert link(page_of(client, "?q=retrieval+cat:cs.CV"), "cs.CL") == "?q=retrieval+cat%3Acs.CL"


def test_years_and_code_are_counted(client: Client) -> None:
    page = page_of(client, "?q=retrieval")

    assert '>2026</a> <span class="num">13<' in page
    assert '>Code</a> <span class="num">11<' in page
    assert link(page, "2026") == "?q=retrieval+year%3A2026"


def test_the_order_stays_while_narrowing_and_the_filter_while_ordering(client: Client) -> None:
    page = page_of(client, "?q=retrieval+cat:cs.CV&sort=new")

    assert link(page, "Code") == "?q=retrieval+cat%3Acs.CV+has%3Acode&sort=new"
    assert link(page, "Trending") == "?q=retrieval+cat%3Acs.CV&sort=trending"
    assert '<input type="hidden" name="sort" value="new">' in page


def test_by_trending_the_most_upvoted_comes_first(client: Client) -> None:
    page = page_of(client, "?q=retrieval&sort=trending")

    assert page.index("/paper/2605.00001") < page.index("/paper/2605.00002") < page.index("/paper/2605.00013")
    assert "By upvotes" in page


def test_filters_alone_list_what_they_let_through(client: Client) -> None:
    page = page_of(client, "?q=cat:cs.CV")

    assert ">6 papers<" in page
    assert "Why:" not in page


def test_nothing_found_counts_what_would_be_without_a_filter(client: Client) -> None:
    page = page_of(client, "?q=retrieval+cat:hep-th")

    assert "No paper within these limits holds these words" in page
    assert '>Without cat:hep-th</a> <span class="num">13 papers<' in page


def test_what_stands_in_quotes_is_no_filter() -> None:
    asking = Asking('"cat:cs.CV or not" -cat:cs.LG has:code', Sort.NEWEST)

    assert [(one.text, one.rest.query) for one in filters_in(asking)] == [
        ("-cat:cs.LG", '"cat:cs.CV or not" has:code'),
        ("has:code", '"cat:cs.CV or not" -cat:cs.LG'),
    ]
    assert without_filters(asking.query) == '"cat:cs.CV or not"'


def test_a_value_that_could_not_be_read_narrows_nothing() -> None:
    found = filters_in(Asking('graphs has:cats cat:"cs.LG" year:abc -has:code'))

    assert [one.text for one in found] == ['cat:"cs.LG"', "-has:code"]
