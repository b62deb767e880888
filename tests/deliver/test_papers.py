"""The page of a paper, under any of its names."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet.domain.ids import doi_key, title_key
from broadsheet.store.models import Repository
from tests.deliver.conftest import FRIDAY, TakeIn, record


@pytest.mark.parametrize(
    "ref",
    [
        "2605.00007v3",
        "arXiv:2605.00007",
        "10.48550/arXiv.2605.00007",
        "10.1000/XYZ",
        "https://arxiv.org/pdf/2605.00007v2",
        "https:/huggingface.co/papers/2605.00007",
    ],
)
def test_any_name_leads_to_the_page(take: TakeIn, client: Client, ref: str) -> None:
    take(record(7, doi="10.1000/xyz"))

    reply = client.get(f"/paper/{ref}")

    assert reply.status_code == 301
    assert reply.headers["Location"] == "/paper/2605.00007"


def test_a_name_from_before_leads_on(take: TakeIn, client: Client) -> None:
    title = "A paper that a listing gave without an id"
    take(record(7, title, key=title_key(title), source="listing"))
    take(record(7, title))

    reply = client.get(f"/paper/{title_key(title)}")

    assert reply.headers["Location"] == "/paper/2605.00007"


def test_a_paper_we_do_not_hold_is_linked_at_arxiv(db: None, client: Client) -> None:
    reply = client.get("/paper/2401.01234")

    assert reply.status_code == 404
    assert 'href="https://arxiv.org/abs/2401.01234"' in reply.content.decode()


def test_a_name_with_control_signs_is_no_name(db: None, client: Client) -> None:
    assert client.get("/paper/10.1000/a%00b").status_code == 404


def test_what_is_no_name_is_offered_to_search(db: None, client: Client) -> None:
    reply = client.get("/paper/attention is all")

    assert reply.status_code == 404
    assert 'value="attention is all"' in reply.content.decode()


def test_a_paper_without_arxiv_number_has_a_page(take: TakeIn, client: Client) -> None:
    take(record(7, key=doi_key("10.1000/a(b)c;d"), links=(), signals=()))

    page = client.get("/paper/doi:10.1000/a(b)c;d").content.decode()

    assert "https://doi.org/10.1000/a(b)c;d" in page


def test_the_page_tells_what_is_known(take: TakeIn, client: Client) -> None:
    take(
        record(
            7,
            announced_on=date(2026, 5, 21),
            submitted_at=datetime(2026, 5, 20, tzinfo=UTC),
            version=3,
            licence="http://creativecommons.org/licenses/by/4.0/",
            is_withdrawn=True,
        )
    )

    page = " ".join(client.get("/paper/2605.00007").content.decode().split())

    assert "Rank 1 of 1" in page
    assert "Withdrawn." in page
    assert 'href="https://arxiv.org/pdf/2605.00007"' in page
    assert 'href="https://github.com/owner/paper-7"' in page
    assert 'title="Thursday 21 May 2026"' in page
    assert "creativecommons.org/licenses/by/4.0</a>" in page
    assert "eprint = {2605.00007}" in page
    assert "GitHub stars rise from 1 on 22 May to 2 on 23 May" in page
    assert "Read once, on 22 May 2026" in page


def test_hundreds_of_authors_fold_away(take: TakeIn, client: Client) -> None:
    take(record(7, authors=tuple(f"Author {number}" for number in range(300))))

    assert "260 more authors" in client.get("/paper/2605.00007").content.decode()


def test_the_number_of_queries_does_not_grow(
    take: TakeIn, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    take(*(record(number) for number in range(1, 30)))

    client.get("/paper/2605.00001")  # the first reader of all makes the database its id

    with django_assert_num_queries(9):
        client.get("/paper/2605.00007")


def test_every_term_of_the_score_is_shown(take: TakeIn, client: Client) -> None:
    take(record(1), record(2))

    page = " ".join(client.get("/paper/2605.00001").content.decode().split())

    assert "Why it stands there" in page
    assert '<th scope="row">Upvotes</th><td class="n">299</td><td class="n">4</td>' in page
    assert "no other crowd goes along" in page
    assert "trending-2; first in cs.CL" in page
    assert 'Last read <time datetime="2026-05-23"' in page


def test_a_repository_that_is_gone_is_named(take: TakeIn, client: Client) -> None:
    take(record(1))
    Repository.objects.create(
        url="https://github.com/owner/paper-1",
        full_name="owner/paper-1",
        state="gone",
        wanted_on=FRIDAY,
        counted_on=FRIDAY,
    )

    assert (
        "owner/paper-1 is gone; its stars were last counted"
        in client.get("/paper/2605.00001").content.decode()
    )
