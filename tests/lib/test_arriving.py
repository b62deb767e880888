"""When a request that comes in pieces is whole, and how much of it is kept."""

import pytest

from broadsheet.lib.arriving import MOST_HEAD, Arriving

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b""),
        (HEAD + b"content-LENGTH:  3 \r\n\r\nabc", b""),
        (HEAD + b"Content-Length: 0\r\n\r\n", b""),
        (HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n", b"4\r\nabcd"),
        (HEAD + b"Content-Length: 3\r\n\r\nabc", b"GET /next HTTP/1.1\r\n\r\n"),
    ],
)
def test_whole_is_what_its_head_says_however_it_is_cut(text: bytes, rest: bytes) -> None:
    byte_by_byte, at_once = Arriving(10), Arriving(10)
    for at in range(len(text)):
        assert not byte_by_byte.is_whole
        byte_by_byte.take(text[at : at + 1])
    at_once.take(text + rest)

    assert byte_by_byte.is_whole
    assert at_once.is_whole
    assert (bytes(byte_by_byte.held), bytes(at_once.held)) == (text, text + rest)


def test_of_a_body_that_is_too_long_nothing_is_kept() -> None:
    head = HEAD + b"Content-Length: 11\r\n\r\n"
    request = Arriving(10)
    request.take(head + b"abcde")
    assert not request.is_whole
    request.take(b"fghijk")

    assert request.is_whole
    assert bytes(request.held) == head


@pytest.mark.parametrize(("length", "asks"), [(5, True), (11, False)])
def test_who_asks_before_sending_is_not_waited_for_in_vain(length: int, asks: bool) -> None:
    request = Arriving(10)
    request.take(HEAD + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % length)

    assert request.asks_first is asks
    assert request.is_whole is not asks
    assert b"Expect" not in request.held


def test_a_head_has_an_end() -> None:
    request = Arriving(10)
    request.take(b"x" * (MOST_HEAD + 1))

    assert request.is_too_long


def test_only_who_may_be_asked_to_go_on_is_asked() -> None:
    old, twice = Arriving(10), Arriving(10)
    old.take(b"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    twice.take(HEAD + b"Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")

    assert (old.asks_first, twice.asks_first) == (False, True)
    assert b"Expect" not in old.held + twice.held


def test_a_length_may_begin_with_zeros() -> None:
    request = Arriving(10)
    request.take(HEAD + b"Content-Length: 000000000000000000000003\r\n\r\nab")
    assert not request.is_whole
    request.take(b"c")
    assert request.is_whole
