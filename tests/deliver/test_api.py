"""The API as programs see it: what each address tells, page by page, and what does not change."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet.deliver.api import schemas
from broadsheet.deliver.api.document import document, groups
from broadsheet.deliver.api.examples import Example, Here, examples, here
from broadsheet.domain.reading import Reading
from broadsheet.jobs.reading import catch_up as read_papers
from tests.deliver.api_world import api, bearer, token_for, told
from tests.deliver.conftest import keep, record

__all__ = ["api"]
OPERATIONS = sorted(examples(Here()))
LISTS = [
    "/papers?limit=7",
    "/papers?category=cs.CV&limit=7",
    "/search?q=retrieval&limit=7",
    "/search?q=retrieval&limit=7&sort=new",
    "/editions/day/2026-05-22?limit=7",
    "/editions/week/2026-W21?limit=7&category=cs.CL",
    "/trending?window=month&limit=7",
    "/claims?limit=1",
    "/names?about=benchmark&limit=1",
]


def ask(client: Client, one: Example) -> Any:
    headers = bearer(token_for(one.scope)) if one.scope else {}
    body: Any = {"data": json.dumps(one.body), "content_type": "application/json"} if one.body else {}
    return client.generic(one.method, f"/api/v1{one.path}", headers=headers, **body)


def pages(client: Client, path: str) -> list[list[Any]]:
    """The ids on each page, by the addresses of the Link header."""
    found = []
    address: str | None = f"/api/v1{path}"
    while address:
        reply = client.get(address)
        assert reply.status_code == 200, reply.content
        page = reply.json()
        found.append([one["id"] for one in page["items"]])
        assert bool(page["next"]) == ("Link" in reply.headers)
        link = urlsplit(reply.headers["Link"].partition(">")[0].strip("<")) if page["next"] else None
        address = f"{link.path}?{link.query}" if link else None
    return found


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_examples_of_the_reference_work(api: Client, operation: str) -> None:
    for one in examples(here())[operation]:
        reply = ask(api, one)

        assert reply.status_code in (200, 204), reply.content
        if reply.status_code == 200 and "fields=" not in one.path:
            _answers()[operation].model_validate(reply.json())


def _answers() -> dict[str, type[schemas.Told]]:
    """The class of each operation's answer, as the document names it."""
    names = {}
    for methods in document("http://testserver", Here())["paths"].values():
        for one in methods.values():
            schema = (
                one["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema")
            )
            names[one["operationId"]] = (
                getattr(schemas, schema["$ref"].rpartition("/")[2]) if schema else schemas.Told
            )
    return names


def test_every_address_has_an_example_that_is_on_the_page(api: Client) -> None:
    assert set(_answers()) == set(OPERATIONS)
    page = api.get("/api/v1/").content.decode()
    for found in examples(here()).values():
        for one in found:
            assert one.path.replace("&", "&amp;") in page


def test_the_reference_shows_an_answer_of_each_address_and_no_backticks(api: Client) -> None:
    told_there = document("http://testserver", here())
    for group in groups(told_there):
        for one in group["operations"]:
            if one["reply"]:
                shown = json.loads(one["sample"])
                assert set(shown) <= {field["name"] for field in one["reply"]}
                rows = {field["name"] for field in one["rows"]}
                assert all(set(row) <= rows for row in shown.get("items", []))
    assert "`" not in api.get("/api/v1/").content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_pages_tell_every_row_once(api: Client, path: str) -> None:
    all_at_once = re.sub(r"limit=\d+", "limit=100", path)
    whole = [one["id"] for one in told(api, all_at_once)["items"]]

    found = pages(api, path)

    assert len(found) > 1
    assert [row for page in found for row in page] == whole
    assert len(set(whole)) == len(whole)


def test_a_page_goes_on_where_it_stood_though_papers_come(api: Client) -> None:
    first = api.get("/api/v1/papers?limit=30").json()
    keep([record(number) for number in range(60, 70)])

    second = told(api, f"/papers?limit=100&cursor={first['next']}")["items"]

    assert len(first["items"]) + len(second) == 52
    assert not {one["id"] for one in first["items"]} & {one["id"] for one in second}


@pytest.mark.parametrize(
    "name",
    [
        "2605.00001",
        "2605.00001v3",
        "arXiv:2605.00001",
        "https://arxiv.org/abs/2605.00001",
        "10.48550/arXiv.2605.00001",
    ],
)
def test_a_paper_is_found_under_any_of_its_names(api: Client, name: str) -> None:
    assert told(api, f"/papers/{name}")["title"] == "Paper 1 on retrieval"
    assert told(api, f"/signals/{name}")["id"] == "2605.00001"


def test_a_paper_tells_what_was_read_of_it_and_where_it_stands(api: Client) -> None:
    paper = told(api, "/papers/2605.00051")

    assert paper["names"] == ["QuickNet"]
    (claim,) = paper["claims"]
    assert (claim["value"], claim["unit"], claim["baseline"]) == (3.3, "x", "SlowNet")
    assert paper["abstract"][claim["start"] : claim["end"]] == claim["quote"]
    places = {one["edition"]: one for one in paper["editions"]}
    assert places["day/2026-05-22"]["rank"] == 51
    assert sum(term["points"] for term in places["day/2026-05-22"]["terms"]) == pytest.approx(
        places["day/2026-05-22"]["score"], abs=0.01
    )


def test_signals_are_series(api: Client) -> None:
    series = {one["kind"]: one for one in told(api, "/signals/2605.00003")["series"]}

    assert series["upvotes"]["points"] == [{"day": "2026-05-22", "value": 297}]
    assert series["stars"]["crowd"] == "github"
    assert [one["value"] for one in series["stars"]["points"]] == [1, 2]


def test_trending_has_the_terms_of_each_score(api: Client) -> None:
    page = told(api, "/trending?window=day&limit=3")

    assert page["edition"]["id"] == "day/2026-05-22"
    for one in page["items"]:
        assert one["reason"].startswith("Here for")
        assert {"kind", "gained", "usual", "days", "points", "note"} == set(one["terms"][0])


def test_a_day_without_papers_says_why(api: Client) -> None:
    page = told(api, "/editions/day/2026-05-23")

    assert page["items"] == []
    assert "arXiv announces on five evenings a week" in page["empty_because"]
    assert "in others" in told(api, "/editions/day/2026-05-22?category=math.GT")["empty_because"]


def test_a_query_that_names_a_paper_finds_it_alone(api: Client) -> None:
    page = told(api, "/search?q=arXiv:2605.00007v2")

    assert [one["id"] for one in page["items"]] == ["2605.00007"]
    assert page["items"][0]["reason"] == "named by the query"


def test_search_tells_what_it_mended_and_why_papers_are_there(api: Client) -> None:
    page = told(api, "/search?q=retreival&limit=1")

    assert page["mended"] == "retrieval"
    assert page["total"] == 52
    assert "“retrieval” in the title" in page["items"][0]["reason"]
    assert told(api, "/search?q=retreival&mend=false")["mended"] is None
    assert told(api, "/search?q=")["items"] == []


def test_claims_by_name_by_benchmark_by_paper_and_by_all(api: Client) -> None:
    for path in ("name=quick-net", "name=SLOWNET", "paper=2605.00051&name=QuickNet"):
        assert told(api, f"/claims?{path}")["items"]
    assert [one["paper"] for one in told(api, "/claims?name=QuickNet&benchmark=lanes")["items"]] == [
        "2605.00052"
    ]
    assert told(api, "/claims?name=QuickNet&benchmark=nothing")["items"] == []
    assert told(api, "/claims?name=%E2%80%8B...")["items"] == []


def test_names_are_counted_whatever_their_spelling(api: Client) -> None:
    (name,) = told(api, "/names?beginning=quick")["items"]

    assert (name["id"], name["claims"]) == ("quicknet", 2)
    assert [one["name"] for one in told(api, "/names?about=benchmark")["items"]] == ["Lanes", "Roads-1k"]


def test_categories_are_counted(api: Client) -> None:
    counts = {one["id"]: (one["papers"], one["is_read"]) for one in told(api, "/categories")["items"]}

    assert counts["cs.CV"] == (26, True)
    assert counts["stat.ML"] == (0, True)


@pytest.mark.parametrize(
    "path", ["/papers?limit=2", "/trending?window=day&limit=2", "/search?q=retrieval&limit=2"]
)
def test_fields_are_chosen_and_the_id_goes_without_saying(api: Client, path: str) -> None:
    page = told(api, f"{path}&fields=title,authors")

    assert all(set(one) == {"id", "title", "authors"} for one in page["items"])
    assert page["next"]
    assert set(told(api, "/papers/2605.00001?fields=claims")) == {"id", "claims"}


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/papers", 8),
        ("/papers/2605.00001", 9),
        ("/signals/2605.00001", 9),
        ("/editions/day/2026-05-22", 4),
        ("/trending?window=day", 5),
        ("/search?q=retrieval", 9),
        ("/claims?name=QuickNet", 9),
        ("/names", 9),
    ],
)
def test_who_has_it_already_is_told_so_at_little_cost(
    api: Client, path: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = api.get(f"/api/v1{path}")
    with django_assert_max_num_queries(most):
        again = api.get(f"/api/v1{path}", headers={"if-none-match": first.headers["ETag"]})
    keep([record(1, "Another title")])
    read_papers(reader=lambda title, text: Reading(), version="a")
    later = api.get(f"/api/v1{path}", headers={"if-none-match": first.headers["ETag"]})

    assert again.status_code == 304
    assert not again.content
    assert later.status_code == 200


def test_what_is_read_anew_is_told_anew(api: Client) -> None:
    first = api.get("/api/v1/claims")
    read_papers(reader=lambda title, text: Reading(), version="b")

    again = api.get("/api/v1/claims", headers={"if-none-match": first.headers["ETag"]})

    assert again.status_code == 200
    assert again.json()["items"] == []


@pytest.mark.parametrize("path", ["/papers?limit=100", "/trending?window=day&limit=100", "/claims?limit=100"])
def test_queries_do_not_grow_with_the_rows(
    api: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(14):
        told(api, path)


def test_the_reference_needs_no_script_and_nothing_from_elsewhere(api: Client) -> None:
    reply = api.get("/api/v1/")
    page = reply.content.decode()

    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "<style" not in page
    assert " style=" not in page
    assert "cdn" not in page.lower()
    for one in OPERATIONS:
        assert f'id="{one}"' in page


def test_the_document_names_what_answers_hold(api: Client) -> None:
    found = told(api, "/openapi.json")

    assert found["openapi"] == "3.1.0"
    assert found["components"]["schemas"]["Paper"]["required"] == ["id"]
    assert set(found["components"]["schemas"]["WholePaper"]["properties"]) == set(
        schemas.WholePaper.model_fields
    )
