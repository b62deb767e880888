"""The address that a message of matches leads to: it finds what was told, within what services take."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from broadsheet import wiring
from broadsheet.deliver.push.forms import listed, written
from broadsheet.deliver.push.news import Kind, News
from broadsheet.deliver.push.searches import query_of
from broadsheet.domain.interest import Interest
from broadsheet.domain.webhook import Form
from broadsheet.index.query import read
from broadsheet.jobs.indexing import catch_up
from tests.deliver.conftest import keep, record
from tests.deliver.test_push_forms import TARGETS, news, placed

WIDE = Interest(
    query="\N{CJK UNIFIED IDEOGRAPH-4E00} " * 240,
    categories=tuple(f"cs.A{number}" for number in range(30)),
    authors=tuple(f"Somebody With A Long Name {number}" for number in range(30)),
)


def matched(interest: Interest) -> News:
    some = [placed(rank, f"Paper {rank}") for rank in range(1, 13)]
    return replace(news(*some, kind=Kind.MATCHED), query=query_of(interest))


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["speech", "speech OR voice", '(speech "in noise', "speech) (", "“speech"])
def test_authors_are_found_whatever_the_search_asks(client: Client, query: str) -> None:
    keep(
        [
            record(1, "Hearing speech in noise", categories=("cs.CV",)),
            record(2, "Hearing speech in noise too", categories=("cs.RO",)),
            record(3, "Folding of proteins", authors=("Lynn Conway",), categories=("cs.RO",)),
            record(4, "Speech of Lynn", categories=("cs.RO",)),
        ]
    )
    catch_up(wiring.words_index())
    asked = query_of(Interest(query=query, categories=("cs.CV",), authors=("Lynn Conway",)))

    page = client.get("/search", {"q": asked, "mode": "words"}).content.decode()

    assert "Folding of proteins" in page
    assert "Speech of Lynn" not in page


@pytest.mark.parametrize("form", list(Form))
def test_an_address_that_is_too_long_leads_to_where_one_searches(form: Form) -> None:
    told = matched(WIDE)

    assert told.url == "https://papers.example.org/search"
    assert told.url in written(told, TARGETS[form])
    assert listed(told, form) == 12


@pytest.mark.parametrize("form", list(Form))
def test_a_long_address_takes_no_papers_room(form: Form) -> None:
    told = matched(Interest(query="speech noise " * 35, authors=("Lynn Conway",) * 20))

    assert 900 < len(told.url) < 2_048
    assert listed(told, form) == 12


def test_an_address_asks_what_it_was_made_of() -> None:
    chosen = Interest(query="a & b?", authors=('Ada "x" Lovelace',))
    url = matched(chosen).url

    assert parse_qs(urlsplit(url).query)["q"] == [query_of(chosen)]
    assert read(query_of(chosen)).notes == ()
