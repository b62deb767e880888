"""Papers near in meaning: on their own page, and beside the paper."""

from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet import wiring
from broadsheet.store.models import Paper
from tests.deliver.conftest import TakeIn, key_of, record
from tests.fakes.vectors import VectorsInMemory


@pytest.fixture
def embedded(take: TakeIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers 1 to 8, each further from the first; paper 9 has no vector."""
    take(*(record(number, f"Folding of proteins, part {number}") for number in range(1, 9)))
    take(record(9, "A paper of another kind"))
    ids = {number: Paper.objects.get(key=key_of(number)).pk for number in range(1, 9)}
    engines = wiring.engines()
    vectors = VectorsInMemory({ids[number]: (1.0, 0.1 * number) for number in ids})
    monkeypatch.setattr(wiring, "engines", lambda: replace(engines, vectors=vectors))


def test_the_nearest_come_first_with_what_they_share(embedded: None, client: Client) -> None:
    page = " ".join(client.get("/similar/2605.00001").content.decode().split())

    assert "7 papers" in page
    assert page.index("part 2") < page.index("part 3") < page.index("part 8")
    assert "Why: close in meaning; shares “folding”, “proteins” and “long documents”" in page


def test_a_paper_shows_five_and_leads_to_more(embedded: None, client: Client) -> None:
    page = client.get("/paper/2605.00001").content.decode()

    assert "Similar papers" in page
    assert page.count("Close in meaning") == 5
    assert 'href="/similar/2605.00001"' in page


def test_a_paper_without_a_vector_says_so(embedded: None, client: Client) -> None:
    assert "has not been read yet" in client.get("/similar/2605.00009").content.decode()
    assert "Similar papers" not in client.get("/paper/2605.00009").content.decode()


def test_without_any_vectors_words_are_offered(take: TakeIn, client: Client) -> None:
    take(record(1))

    page = client.get("/similar/2605.00001").content.decode()

    assert "Meanings are not read here yet" in page
    assert 'href="/search?q=Paper%201%20on%20retrieval"' in page


def test_any_name_leads_to_the_page(embedded: None, client: Client) -> None:
    assert client.get("/similar/arXiv:2605.00001v2").headers["Location"] == "/similar/2605.00001"
    assert client.get("/similar/2401.01234").status_code == 404
    assert client.get("/similar/nonsense").status_code == 404


@pytest.mark.parametrize(("path", "queries"), [("/paper/2605.00001", 10), ("/similar/2605.00001", 14)])
def test_the_number_of_queries_is_fixed(
    embedded: None,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    path: str,
    queries: int,
) -> None:
    with django_assert_num_queries(queries - 1):  # the engines are made already
        client.get(path)
