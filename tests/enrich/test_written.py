"""A summary by a machine is shown only with figures that the abstract holds."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.enrich.readings.written import figures_occur

ABSTRACT = (
    r"SortNet-7B sorts 3.3$\times$ faster than Quicksort, at 90\% less memory, from 41.20 to 47.9 F1 "
    r"on 1,200 lists "
    r"of 2.5 million rows, with $10^{3}$ steps, 1.5e-3 loss, sim 71.3times fewer calls and +1.3 "
    r"points. Three of "
    r"five nets, and 12k rows in 2024, agree."
)
PIECES = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.from_regex(r"[0-9]{1,9}[.,]?[0-9]{0,3}"),
        st.sampled_from(["%", "x", "$", "e", "^"]),
    )
).map("".join)


@pytest.mark.parametrize(
    "summary",
    [
        "Sorts lists.",
        "3.3x faster with 90% less memory",
        "3.3-fold and 3.3 × as fast",
        "F1 goes from 41.2 to 47.9",
        "1200 lists of 2.5M rows",
        "2,500,000 rows",
        "+1.3 pp, that is 1.3%",
        "71.3× fewer calls",
        "1.5 × 10^-3 loss",
        "12,000 rows in 2024.",
        "3 of 5 nets",
        "uses GPT4 and ResNet50",
    ],
)
def test_lets_through_what_the_abstract_says(summary: str) -> None:
    assert figures_occur(summary, ABSTRACT)


@pytest.mark.parametrize(
    "summary",
    [
        "3.4x faster",
        "33x faster",
        "91% less memory",
        "90x less memory",
        "2.5 billion rows",
        "1.3x",
        "in 2023",
        "0.9",
    ],
)
def test_stops_what_it_does_not_say(summary: str) -> None:
    assert not figures_occur(summary, ABSTRACT)


@settings(max_examples=500, derandomize=True, database=None, deadline=None)
@given(PIECES)
def test_a_text_holds_its_own_figures(text: str) -> None:
    assert figures_occur(text, text)


@pytest.mark.parametrize("piece", ["1", "1,", "1,111", "1.", "1e", "1 ", "$1\\times", "{", "1 x 10 ^ "])
def test_a_megabyte_takes_a_moment(piece: str) -> None:
    garbage = piece * (1_000_000 // len(piece))

    began = time.process_time()
    figures_occur(garbage, garbage)

    assert time.process_time() - began < 5.0
