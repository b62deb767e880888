"""What programs hold is told anew when anything in it is another: editions made anew, a restore, a host."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from broadsheet import wiring
from broadsheet.jobs.indexing import catch_up
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.store import identity
from broadsheet.store.intake import take_in
from broadsheet.store.marks import store_mark
from broadsheet.store.models import Edition, Paper
from tests.deliver.conftest import NOW, TakeIn, record

pytestmark = pytest.mark.django_db

OF_AN_EDITION = ("/day.atom", "/day.bib", "/day.md", "/api/v1/editions/day/newest", "/")
MARKED = ("/paper/2605.00001.md", "/search.md?q=retrieval", "/similar/2605.00001.md", "/paper/2605.00001.bib")


@pytest.fixture(autouse=True)
def on_sunday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def known(client: Client, path: str) -> dict[str, str]:
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304
    return {"if-none-match": etag}


def test_a_rolling_edition_that_is_made_anew_changes_the_mark(take: TakeIn) -> None:
    take(record(1), record(2))
    refresh_editions(now=NOW)
    before = store_mark()

    refresh_editions(now=NOW + timedelta(hours=2))

    assert Edition.objects.filter(kind="trending", made_at=NOW + timedelta(hours=2)).exists()
    assert store_mark() != before


@pytest.mark.parametrize("path", [*OF_AN_EDITION, *MARKED])
def test_nothing_of_a_database_is_taken_for_that_of_another(client: Client, take: TakeIn, path: str) -> None:
    take(record(1), record(2))
    catch_up(wiring.words_index())
    of_the_former = known(client, path)

    identity.become_another()
    Paper.objects.filter(key="arxiv:2605.00001").update(title="What the other database tells")

    assert client.get(path, headers=of_the_former).status_code == 200


def test_another_address_of_the_site_is_told(client: Client, take: TakeIn, settings: Any) -> None:
    take(record(1))
    etag = known(client, "/day.atom")

    settings.OPTIONS = settings.OPTIONS | {"URL": "https://papers.example.org"}

    assert client.get("/day.atom", headers=etag, HTTP_HOST="localhost").status_code == 200


@pytest.mark.parametrize("path", MARKED)
def test_a_document_that_is_known_is_not_read(
    client: Client, take: TakeIn, path: str, django_assert_max_num_queries: Any
) -> None:
    take(record(1), record(2))
    catch_up(wiring.words_index())
    etag = known(client, path)

    with django_assert_max_num_queries(5):
        assert client.get(path, headers=etag).status_code == 304


@pytest.mark.parametrize("to", [20, 23])
def test_a_category_goes_on_to_its_end_while_the_index_follows(client: Client, take: TakeIn, to: int) -> None:
    def dated(number: int, day: int) -> Any:
        return record(number, submitted_at=datetime(2026, 5, day, tzinfo=UTC), listings=(), signals=())

    take(*(dated(number, 22) for number in range(1, 61)), *(dated(number, 19) for number in range(61, 101)))
    catch_up(wiring.words_index())
    take_in([dated(number, to) for number in range(1, 61)], now=NOW)
    assert Paper.objects.filter(dated_on=date(2026, 5, to)).count() == 60

    found, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/papers?category=cs&limit=30&cursor={quote(cursor)}").json()
        found += [row["id"] for row in page["items"]]
        cursor = page["next"]

    assert len(found) == len(set(found)) == 100
