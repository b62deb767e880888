"""Whether a quote holds the value that a claim has now."""

import pytest

from broadsheet.domain.held import is_held
from broadsheet.domain.reading import Claim, Span


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        *((3.3, "3.3x faster"), (3.3, "3.30 times"), (0.5, "a score of .5"), (1_000.0, "1,000 and more")),
        *((1_000.0, "1{,}000"), (48_000.0, "48K tokens"), (1.5e9, "1.5 billion"), (30_000.0, "$3 x 10^4$")),
        *((1e-5, "1e-5"), (-2.0, "by -2 points"), (0.0, "0 errors")),
    ],
)
def test_a_quote_holds_its_value_however_it_is_written(value: float, quote: str) -> None:
    assert is_held(Claim(value, "", Span(quote, 0, len(quote))))


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        *((3.5, "3.3x faster"), (33.0, "3.3x faster"), (3.0, "three times"), (5.0, "$3 x 10^4$"), (1.0, "")),
        *((1.0, "9" * 2_000), (2.0, "1," * 1_000)),
    ],
)
def test_another_value_is_not_held(value: float, quote: str) -> None:
    assert not is_held(Claim(value, "", Span(quote, 0, len(quote))))


def test_of_a_range_both_ends_are_held() -> None:
    quote = Span("from 41.2 to 47.9", 0, 17)

    assert is_held(Claim(41.2, "points", quote, 47.9))
    assert not is_held(Claim(41.2, "points", quote, 48.9))
