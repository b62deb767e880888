"""Lists of the API go on behind the last row that was told, whatever comes and goes meanwhile."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from broadsheet import wiring
from broadsheet.domain.edition import WindowKind
from broadsheet.jobs.indexing import catch_up
from broadsheet.store import models
from broadsheet.store.changes import take_numbers
from broadsheet.store.identity import become_another
from tests.deliver.api_world import api, told
from tests.deliver.claiming import claim, take_claims
from tests.deliver.conftest import keep, key_of, record

__all__ = ["api"]
JUNE = datetime(2026, 6, 1, 12, tzinfo=UTC)


def some_papers(numbers: Sequence[int], **more: Any) -> None:
    keep(record(number, **({"categories": ("cs.CV",)} | more)) for number in numbers)
    catch_up(wiring.words_index())


def without(number: int) -> None:
    """It was another one all the while."""
    paper = models.Paper.objects.get(key=key_of(number))
    models.GonePaper.objects.create(paper_id=paper.pk, change_no=take_numbers(1)[0])
    paper.delete()
    catch_up(wiring.words_index())


def other_papers() -> None:
    some_papers(range(60, 65), submitted_at=JUNE)
    some_papers(range(70, 75))
    some_papers(range(80, 85), submitted_at=None, listings=())
    for number in (50, 48, 38, 12):
        without(number)


def other_claims() -> None:
    for number, name in enumerate(("Aa-Net", "Zz-Net"), start=90):
        take_claims(claim(subject=name, dataset=f"Data of {name}"), number=number)
    without(52)


def other_editions() -> None:
    for day in range(1, 4):
        models.Edition.objects.create(
            kind=WindowKind.DAY, start=JUNE.date().replace(day=day), made_at=JUNE, paper_count=1
        )
    models.Edition.objects.filter(start="2026-05-23").delete()


def many_editions() -> None:
    for day in range(1, 6):
        models.Edition.objects.create(
            kind=WindowKind.DAY, start=JUNE.date().replace(month=4, day=day), made_at=JUNE, paper_count=1
        )


def many_claims() -> None:
    for number in range(53, 57):
        take_claims(claim(subject=f"Net-{number}", dataset=f"Data-{number}"), number=number)


@pytest.mark.parametrize(
    ("path", "before", "meanwhile"),
    [
        ("/papers?limit=7", lambda: None, other_papers),
        ("/papers?limit=7&category=cs.CV", lambda: None, other_papers),
        ("/papers?limit=7&category=cs", lambda: None, other_papers),
        ("/papers?limit=7&category=cs.CV&until=2026-05-30", lambda: None, other_papers),
        ("/claims?limit=2", many_claims, other_claims),
        ("/names?limit=2", many_claims, other_claims),
        ("/names?limit=2&about=benchmark", many_claims, other_claims),
        ("/editions?limit=2", many_editions, other_editions),
    ],
)
def test_no_row_is_told_twice_or_left_out_though_rows_come_and_go(
    api: Client, path: str, before: Callable[[], None], meanwhile: Callable[[], None]
) -> None:
    before()
    whole = ids(told(api, path.replace("limit=7", "limit=100").replace("limit=2", "limit=100")))
    page = told(api, path)
    found = ids(page)
    assert page["next"]
    meanwhile()
    while page["next"]:
        page = told(api, f"{path}&cursor={page['next']}")
        found += ids(page)

    now = set(ids(told(api, path.replace("limit=7", "limit=100").replace("limit=2", "limit=100"))))
    assert len(set(found)) == len(found)
    assert [one for one in found if one in whole] == [one for one in whole if one in {*now, *found}]
    assert now & set(whole) <= set(found)


def ids(page: Any) -> list[Any]:
    return [one["id"] for one in page["items"]]


def test_papers_of_a_category_without_a_day_come_last(api: Client) -> None:
    some_papers(range(80, 84), submitted_at=None, listings=())
    some_papers([84], submitted_at=None, listings=(), categories=("cs.CVX", "physics.cs"))
    whole, page = ids(told(api, "/papers?category=cs.CV&limit=100")), {"next": ""}
    found = []
    while page["next"] is not None:
        page = told(api, f"/papers?category=cs.CV&limit=3&cursor={page['next']}")
        found += ids(page)

    assert whole[-4:] == [f"2605.{number:05}" for number in (83, 82, 81, 80)]
    assert found == whole


def test_the_next_page_is_where_this_site_says_that_it_is(api: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["elsewhere.example"]
    reply = api.get("/api/v1/papers?limit=1", headers={"host": "elsewhere.example"})

    assert reply.headers["Link"].startswith(f"<{wiring.site_url()}/api/v1/papers?limit=1&cursor=")


def test_a_cursor_of_another_database_is_refused(api: Client) -> None:
    cursor = told(api, "/papers?limit=1")["next"]
    become_another()

    assert api.get(f"/api/v1/papers?limit=1&cursor={cursor}").json()["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("what", ["papers", "signals", "similar"])
def test_what_is_not_held_is_not_unchanged(api: Client, what: str) -> None:
    etag = api.get(f"/api/v1/{what}/2605.00001").headers["ETag"]
    for sent in ("*", etag):
        headers = {"if-none-match": sent}
        assert api.get(f"/api/v1/{what}/2605.00001", headers=headers).status_code == 304
        assert api.get(f"/api/v1/{what}/2605.99999", headers=headers).status_code == 404
    assert api.get(f"/api/v1/{what}/2605.00002", headers={"if-none-match": etag}).status_code == 200
