"""Whatever a text is like, reading it neither raises nor takes longer than its length allows."""

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.domain.reading import Reading
from broadsheet.enrich.readings.reader import read

PIECES = (
    "3.3x",
    ".3.3x",
    ".0",
    "90\\%",
    "{",
    "}",
    "$",
    "\\",
    "\u202e",
    "\u0000",
    "((",
    ": ",
    ". ",
    "https://",
    "up to ",
)
MONSTERS: dict[str, Callable[[int], str]] = {
    "numbers": lambda size: " ".join(f"{n}%" for n in range(size // 6)),
    "digits": lambda size: "9" * size,
    "braces": lambda size: "{" * size,
    "no spaces": lambda size: "aB3." * (size // 4),
    "bidi": lambda size: "\u202e\u2066x" * (size // 3),
    "spaces": lambda size: " " * size,
    "capitals": lambda size: "Over A. " * (size // 8),
    "addresses": lambda size: "https://github.com/" * (size // 19),
}
HOSTILE_TITLES = st.text() | st.sampled_from(sorted(MONSTERS)).map(lambda name: MONSTERS[name](300))
HOSTILE_ABSTRACTS = st.one_of(
    st.text(max_size=2_000),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=200).map("".join),
    st.tuples(st.sampled_from(sorted(MONSTERS)), st.integers(0, 3_000)).map(
        lambda of: MONSTERS[of[0]](of[1])
    ),
    st.builds(lambda piece, times: piece * times, st.text(min_size=1, max_size=8), st.integers(1, 500)),
)


def assert_proven(reading: Reading, text: str) -> None:
    spans = [claim.quote for claim in reading.claims] + [size.quote for size in reading.sizes]
    for span in [*spans, *([reading.one_line] if reading.one_line else [])]:
        assert text[span.start : span.end] == span.text
        assert span.text


@given(st.text(), st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=60).map("".join))
def test_any_text_is_read_with_its_proof(title: str, text: str) -> None:
    assert_proven(read(title, text), text)


@pytest.mark.parametrize("name", MONSTERS)
def test_the_time_grows_with_the_length_and_no_faster(name: str) -> None:
    short, long = (_took_s(MONSTERS[name](size)) for size in (25_000, 200_000))

    assert long < 8 * 4 * max(short, 0.004)  # eight times as long; four for an unquiet machine


def _took_s(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        assert_proven(read(text[:300], text), text)
        best = min(best, time.perf_counter() - began)
    return best


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HOSTILE_TITLES, HOSTILE_ABSTRACTS)
def test_ten_thousand_hostile_abstracts_are_read_with_their_proof(title: str, text: str) -> None:
    assert_proven(read(title, text), text)
