"""Whatever is asked of the addresses of other services, they answer, and in the shape that clients read."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import fromstring

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from broadsheet.deliver.compat.programs import FORM
from tests.deliver.api_world import api
from tests.deliver.compat.oai_grammar import check_oai
from tests.deliver.compat.test_oai_words import LIST

__all__ = ["api"]
pytestmark = pytest.mark.django_db
FEW, MANY = 25, 450  # cases of each kind
_TEXT = some.text(max_size=40)
_LONG = some.builds(
    lambda text, times: text * times, some.text(min_size=1, max_size=6), some.integers(1, 500)
)
_DAYS = [
    "2026-05-22",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-05-22T00:00:00Z",
    "2026-W21",
    "2026-05",
    "",
]
_NUMBERS = ["0", "1", "-1", "7", "100", "30000", "99999999999", "1e3", "²", "x", ""]
_REFS = [
    "2605.00001",
    "2605.00001v7",
    "2605.99999",
    "doi:10.1000/x",
    "hep-th/9901001",
    "x",
    "%00",
    "../..",
    "",
]
_PIECES = [
    "ti:", "au:", "abs:", "all:", "cat:", "id:", "co:", "rn:", "submittedDate:", "AND", "OR", "ANDNOT", "NOT",
    "AND NOT", "(", ")", '"', "[", "]", "retrieval", "lovelace_a", "cs.CL", "$$$", "*", "2605.00001", "²",
    "[20260501 TO 20260601]", "[* TO *]", "[00010101 TO *]", '"long documents"', "a" * 70, "\U0001d4d0",
]  # fmt: skip
_QUERY = some.lists(some.sampled_from(_PIECES), max_size=24).map(" ".join) | _TEXT | _LONG
_PREFIXES = ["oai_dc", "arXiv", "marc", ""]
_VERBS = [
    "Identify",
    "ListSets",
    "ListMetadataFormats",
    "ListRecords",
    "ListIdentifiers",
    "GetRecord",
    "x",
    "",
]


def _one_of(values: Sequence[str]) -> some.SearchStrategy[str]:
    return some.sampled_from(values) | _TEXT


def _asked(**values: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    """Some of the parameters, now and then one of another kind."""
    known = some.fixed_dictionaries({}, optional={name.rstrip("_"): one for name, one in values.items()})
    stray = some.dictionaries(_TEXT, _TEXT, max_size=2)
    return some.builds(lambda one, other: urlencode(one | other, errors="replace"), known, stray)


_ARXIV = _asked(
    search_query=_QUERY,
    id_list=some.lists(_one_of(_REFS), max_size=5).map(",".join),
    start=_one_of(_NUMBERS),
    max_results=_one_of(_NUMBERS),
    sortBy=_one_of(["relevance", "lastUpdatedDate", "submittedDate"]),
    sortOrder=_one_of(["ascending", "descending"]),
)
_OAI = _asked(
    verb=some.sampled_from(_VERBS),
    metadataPrefix=_one_of(_PREFIXES),
    from_=_one_of(_DAYS),
    until=_one_of(_DAYS),
    set=_one_of(["cs", "cs:cs:CL", "physics", "stat", "x:y"]),
    identifier=_one_of([f"oai:arXiv.org:{ref}" for ref in _REFS] + [f"oai:127.0.0.1:{ref}" for ref in _REFS]),
    resumptionToken=_TEXT | _LONG,
)
_DAILY = _asked(
    date=_one_of(_DAYS),
    week=_one_of(_DAYS),
    month=_one_of(_DAYS),
    limit=_one_of(_NUMBERS),
    p=_one_of(_NUMBERS),
    sort=_one_of(["publishedAt", "trending"]),
    submitter=_TEXT,
)
_PAPERS = _asked(cursor=_one_of(["2026-05-22.5", "0001-01-01.999999999999999999"]), limit=_one_of(_NUMBERS))
_SEARCH = _asked(q=_QUERY, limit=_one_of(_NUMBERS))
_EMBED = _asked(
    url=_one_of([f"http://127.0.0.1:8000/paper/{ref}" for ref in _REFS] + ["http://[", "//x", "data:,"]),
    format=_one_of(["json", "xml"]),
    maxwidth=_one_of(_NUMBERS),
    maxheight=_one_of(_NUMBERS),
)
_REF = (_one_of(_REFS) | _LONG).map(lambda ref: quote(ref, safe="/:", errors="replace"))
KINDS = {
    "/api/query": _ARXIV,
    "/oai": _OAI,
    "/api/daily_papers": _DAILY,
    "/api/papers": _PAPERS,
    "/api/papers/search": _SEARCH,
    "/oembed": _EMBED,
}


def _check(path: str, reply: Any) -> None:
    """No fault of ours, and nothing that its clients could not read."""
    status, kind = reply.status_code, reply.headers["Content-Type"]
    assert status in (200, 301, 400, 404, 411, 413, 415) or (path == "/oembed" and status == 501), status
    if path == "/oai":
        check_oai(reply.content)
    elif "xml" in kind:
        fromstring(reply.content)
    elif "json" in kind:
        json.loads(reply.content)
    else:
        assert kind.startswith(("text/plain", "text/markdown") if status != 301 else "text/html")


def tried(client: Client, path: str, cases: int) -> int:
    count = 0

    @given(asked=KINDS[path], is_posted=some.booleans())
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(asked: str, is_posted: bool) -> None:
        nonlocal count
        count += 1
        if is_posted and path in ("/oai", "/api/query"):
            _check(path, client.post(path, asked, content_type=FORM))
        else:
            _check(path, client.get(f"{path}?{asked}"))

    answers()
    return count


def named(client: Client, cases: int) -> None:
    @given(ref=_REF, beginning=some.sampled_from(["/api/papers/", "/papers/", "/card/"]), md=some.booleans())
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers(ref: str, beginning: str, md: bool) -> None:
        ending = ".png" if beginning == "/card/" else ".md" * md
        reply = client.get(f"{beginning}{ref}{ending}")
        assert reply.status_code < 500
        if beginning == "/api/papers/" and "json" in reply.headers["Content-Type"]:
            json.loads(reply.content)

    answers()


@pytest.mark.parametrize("path", KINDS)
def test_some_cases(api: Client, path: str) -> None:
    assert tried(api, path, FEW) > 0


@pytest.mark.slow
def test_two_thousand_cases(api: Client) -> None:
    assert sum(tried(api, path, MANY) for path in KINDS) >= 2_000
    named(api, MANY)


def test_bodies_that_are_no_forms(api: Client) -> None:
    @given(
        body=some.binary(max_size=300),
        kind=some.sampled_from([FORM, "text/plain", "", "multipart/form-data; boundary=x"]),
    )
    @settings(max_examples=2 * FEW, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def answers(body: bytes, kind: str) -> None:
        for path in ("/oai", "/api/query"):
            _check(path, api.generic("POST", path, body, content_type=kind))

    answers()
    assert api.get("/oai", LIST).status_code == 200
