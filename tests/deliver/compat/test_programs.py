"""What is posted, refused and told to scripts at the addresses of other services."""

import logging
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import fromstring

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet.deliver.compat.programs import FORM, MOST_POSTED
from tests.deliver.api_world import held_site
from tests.deliver.compat.oai_grammar import check_oai
from tests.deliver.conftest import TakeIn, record

pytestmark = pytest.mark.django_db
BOTH = ("/oai", "/api/query")
MEGABYTES = b"0" * 12_000_000
QUERY = "search_query=all:retrieval&max_results=20"


def refused(path: str, reply: Any, status: int, words: str) -> None:
    """In the shape of its protocol."""
    assert reply.status_code == status
    text = reply.content.decode()
    assert words in text
    if path == "/oai":
        check_oai(reply.content)
        assert 'code="badArgument"' in text
    else:
        assert fromstring(text).findtext(".//{*}entry/{*}title") == "Error"


UNREAD = (
    (b"verb=Identify&x=" + MEGABYTES, FORM, 413, "expected at most 65536 bytes, not 12000016"),
    (MEGABYTES, "application/json", 413, "expected at most"),
    (b"x" * (MOST_POSTED + 1), FORM, 413, "expected at most"),
    (b"a=b&" * 5_000, FORM, 413, "expected fewer parameters"),
    (b"{}", "application/json", 415, f"Content-Type: expected {FORM}, not 'application/json"),
    (b"verb=Identify", "", 415, f"Content-Type: expected {FORM}"),
    (b"\x00", "text/plain", 415, "Content-Type"),
)


@pytest.mark.parametrize("path", BOTH)
def test_only_small_forms_are_read(client: Client, caplog: pytest.LogCaptureFixture, path: str) -> None:
    for body, kind, status, words in UNREAD:
        with caplog.at_level(logging.INFO):
            reply = client.generic("POST", path, body, content_type=kind)
        refused(path, reply, status, words)
    assert not [one for one in caplog.records if one.exc_info or one.levelno >= logging.ERROR]


@pytest.mark.parametrize("path", BOTH)
def test_no_file_is_taken(client: Client, path: str) -> None:
    large = client.post(path, {"verb": "Identify", "file": SimpleUploadedFile("x", MEGABYTES)})
    small = client.post(path, {"verb": "Identify", "file": SimpleUploadedFile("x", b"x")})

    refused(path, large, 413, "Content-Length: expected at most 65536 bytes")
    refused(path, small, 415, "Content-Type: expected application/x-www-form-urlencoded")


@pytest.mark.parametrize("path", BOTH)
def test_a_body_without_its_length_is_refused(client: Client, path: str) -> None:
    chunked = client.generic("POST", path, b"", HTTP_TRANSFER_ENCODING="chunked", content_type=FORM)
    odd = client.generic("POST", path, b"a=b", CONTENT_LENGTH="-5", content_type=FORM)

    refused(path, chunked, 411, "Content-Length: expected with a body")
    refused(path, odd, 400, "Content-Length: expected a whole number")


@pytest.mark.parametrize(
    "path", ["/oai", "/api/query", "/api/daily_papers", "/api/papers", "/api/papers/search", "/oembed"]
)
def test_too_many_parameters_are_refused_in_words(client: Client, path: str) -> None:
    reply = client.get(f"{path}?{'a&' * 1_500}")

    assert reply.status_code == 400
    assert "expected fewer parameters" in reply.content.decode()


def test_a_long_list_of_names_may_be_posted(client: Client, take: TakeIn) -> None:
    take(record(1))
    names = [f"cond-mat/{number:07}v1" for number in range(1_999)]

    form = urlencode({"id_list": ",".join([*names, "2605.00001"])})
    reply = client.post("/api/query", form, content_type=FORM)

    assert len(form) < MOST_POSTED
    assert reply.status_code == 200
    assert b"Paper 1 on retrieval" in reply.content


def test_nothing_posted_asks_for_nothing(client: Client) -> None:
    assert b'code="badVerb"' in client.generic("POST", "/oai").content
    assert client.generic("POST", "/api/query").status_code == 200


LIMITED = ("/oai?verb=Identify", "/api/query", "/api/daily_papers", "/api/papers/x", "/oembed")


@pytest.mark.parametrize("path", LIMITED)
def test_scripts_of_any_site_can_read_what_is_refused(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    held_site(settings, API_RATE=1)
    rates = settings.OPTIONS["DATA"] / "rates"
    rates.unlink(missing_ok=True)
    client.get(path)

    with caplog.at_level(logging.INFO, logger="django"):
        reply = client.get(path)

    rates.unlink(missing_ok=True)
    assert reply.status_code == (503 if "oai" in path else 429)
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    exposed = reply.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining"} <= set(exposed)
    assert "Retry-After" in reply.headers
    assert not caplog.records  # it happens each second, and is nobody's fault


@pytest.mark.parametrize(
    "path", ["/api/daily_papers", f"/api/query?{QUERY}", "/api/papers/search?q=retrieval"]
)
def test_who_has_an_answer_costs_two_look_ups(
    client: Client,
    indexed: None,
    take: TakeIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    path: str,
) -> None:
    first = client.get(path)
    known = {"if-none-match": first.headers["ETag"]}

    with django_assert_max_num_queries(3):
        again = client.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    take(record(1, title="Another title of retrieval"))
    assert client.get(path, headers=known).status_code == 200


def test_an_answer_is_known_by_its_whole_address_and_a_refusal_by_none(client: Client, indexed: None) -> None:
    etag = client.get(f"/api/query?{QUERY}").headers["ETag"]

    assert client.get(f"/api/query?{QUERY}&start=1", headers={"if-none-match": etag}).status_code == 200
    for path in ("/api/query?start=x", "/api/daily_papers?limit=x", "/api/papers/2605.99999"):
        reply = client.get(path, headers={"if-none-match": "*"})
        assert reply.status_code in (400, 404)
        assert "ETag" not in reply.headers
