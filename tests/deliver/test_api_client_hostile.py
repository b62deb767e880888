"""The client in the package against servers that are down, slow, huge, or no Broadsheet at all."""

import gzip
import json
from collections.abc import Iterator

import pytest

from broadsheet.client import ApiError, Client, ClientError, NoAnswer
from broadsheet.client.wire import LARGEST_ANSWER
from tests.cli.test_up import free_port
from tests.fakes.upstream import Answer, Upstream, run_upstream

TOKEN = "bs_aaaa"


@pytest.fixture
def server() -> Iterator[Upstream]:
    with run_upstream() as upstream:
        yield upstream


@pytest.fixture
def site(server: Upstream) -> Iterator[Client]:
    with Client(server.url, token=TOKEN, timeout_s=0.3) as opened:
        yield opened


def page(*rows: object, after: object = None) -> bytes:
    return json.dumps({"items": rows, "next": after}).encode()


def test_nobody_there_is_one_error_of_the_client() -> None:
    with (
        Client(f"http://127.0.0.1:{free_port()}") as site,
        pytest.raises(NoAnswer, match="cannot be reached"),
    ):
        site.status()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b"<html>", headers={"Content-Type": "text/html"}), "with text/html, not with the JSON"),
        (
            Answer(b"[1, 2]", headers={"Content-Type": "application/json"}),
            "not with the JSON of a Broadsheet",
        ),
        (Answer(b"[" * 200_000), "not with the JSON of a Broadsheet"),
        (Answer(b'{"a": "\xff"}'), "not with the JSON of a Broadsheet"),
        (Answer(b'{"papers": 1}'), "no list of a Broadsheet"),
        (Answer(b'{"items": [1], "next": null}'), "no list of a Broadsheet"),
        (Answer(b"0123456789", cut_at=3), "does not answer as a web server should"),
        (Answer(b"no gzip", headers={"Content-Encoding": "gzip"}), "does not answer as a web server should"),
        (Answer(b" " * 20, drip_s=0.2), "had not answered in full after 3 s"),
        (Answer(b" " * 9, drip_s=0.9), "did not answer within 0.3 s"),
        (Answer(b" " * 1_000_000, is_endless=True), "answers with more than 64 MB"),
        (
            Answer(gzip.compress(bytes(LARGEST_ANSWER + 1)), headers={"Content-Encoding": "gzip"}),
            "answers with more than 64 MB",
        ),
    ],
)
def test_an_answer_that_is_none_is_told_in_words(
    server: Upstream, site: Client, answer: Answer, said: str
) -> None:
    server.will(answer)

    with pytest.raises(NoAnswer) as raised:
        list(site.papers())

    assert said in str(raised.value)
    assert TOKEN not in str(raised.value)


def test_a_redirect_is_told_and_the_token_goes_nowhere_else(server: Upstream, site: Client) -> None:
    with run_upstream() as other:
        server.will_answer(status=301, Location=f"{other.url}/api/v1/papers")

        with pytest.raises(ApiError, match="sends on to http://127") as raised:
            list(site.papers())

        assert raised.value.status == 301
        assert not other.asked
    assert server.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b"<h1>No</h1>", 404), "404 unknown: 127.0.0.1"),
        (Answer(b'{"detail": [1]}', 422), "422 unknown: 127.0.0.1"),
        (Answer(b'{"code": "a", "detail": "b", "errors": [1]}', 400), "400 unknown: 127.0.0.1"),
        (
            Answer(b"q:  expected\nwords", 400, {"Content-Type": "text/plain"}),
            "400 unknown: q: expected words",
        ),
        (Answer(b"", 429, {"Retry-After": "3600"}), "429 unknown"),
        (Answer(b"", 429, {"Retry-After": "9" * 400}), "429 unknown"),
        (Answer(b"", 503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), "503 unknown"),
        (Answer(b"", 503, {"Retry-After": "\xb2"}), "503 unknown"),
    ],
)
def test_a_refusal_in_other_words_keeps_its_status(
    server: Upstream, site: Client, answer: Answer, said: str
) -> None:
    server.will(answer)

    with pytest.raises(ApiError) as raised:
        site.categories()

    assert said in str(raised.value)
    assert isinstance(raised.value, ClientError)


def test_who_is_told_to_wait_asks_three_times(server: Upstream, site: Client) -> None:
    for _ in range(2):
        server.will_answer(status=429, Retry_After="0")
    server.will_answer(page({"id": "cs.LG"}))

    assert site.categories() == [{"id": "cs.LG"}]
    assert len(server.asked) == 3


@pytest.mark.parametrize("after", ["again", "", 7, {"a": 1}])
def test_pages_without_end_are_not_read_for_ever(server: Upstream, site: Client, after: object) -> None:
    server.routes["/api/v1/papers"] = lambda asked: Answer(page({"id": "a"}, after=after))

    with pytest.raises(NoAnswer, match="pages without end"):
        list(site.papers())

    assert len(server.asked) <= 2


def test_empty_pages_with_ever_new_words_end_too(server: Upstream, site: Client) -> None:
    server.routes["/api/v1/papers"] = lambda asked: Answer(page(after=f"a{len(server.asked)}"))

    with pytest.raises(NoAnswer, match="pages without end"):
        list(site.papers())


def test_no_more_rows_are_asked_for_than_are_wanted(server: Upstream, site: Client) -> None:
    rows = [{"id": str(number)} for number in range(100)]
    server.will_answer(page(*rows, after="b"))
    server.will_answer(page(*rows, after="c"))  # more than was asked for

    assert len(list(site.papers(most=130))) == 130
    assert [one.query["limit"] for one in server.requests] == ["100", "30"]
    assert list(site.papers(most=0)) == []


def test_no_name_leads_out_of_the_api(server: Upstream, site: Client) -> None:
    for name in ("../../../owner", "..", "10.1000/a?b#c%2e", "a b\r\nX: y"):
        with pytest.raises(ApiError):
            site.paper(name)

    assert [one.path for one in server.requests] == [
        "/api/v1/papers/../../../owner",
        "/api/v1/papers/..",
        "/api/v1/papers/10.1000/a?b#c%2e",
        "/api/v1/papers/a b\r\nX: y",
    ]
    assert not any(one.query for one in server.requests)


@pytest.mark.parametrize(
    "url",
    [
        "papers.example.org",
        "ftp://a.org",
        "http://",
        "http://a.org:x",
        "http://[::1",
        "http://a.org/?b=1",
        "",
    ],
)
def test_what_is_no_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="expected the address of a site"):
        Client(url)


@pytest.mark.parametrize("token", ["a b", "a\nX-Other: 1", "é", "\x00"])
def test_what_is_no_token_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(ValueError, match="token: expected") as raised:
        Client(token=token)

    assert token not in str(raised.value)


def test_a_password_in_the_address_does_not_take_the_place_of_the_token() -> None:
    with pytest.raises(ValueError, match="give one of them"):
        Client("https://me:secret@papers.example.org", token=TOKEN)
