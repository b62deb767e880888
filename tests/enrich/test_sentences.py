"""Where sentences of papers end, and where a stop does not end one."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.enrich.readings.sentences import sentences

GARBAGE = [
    ". ",
    "a",
    ". A",
    ".A ",
    " ",
    "(.",
    ")",
    ".)",
    "e.g. ",
    "A. B. ",
    ".\u202e ",
    "$. $",
    "3.1 ",
    "...",
    "We. ",
]


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Nets of Lee et al. (2019) sort lists.",
        "Nets of Lee et al. Sort lists.",
        "It sorts fast, e.g. Lists of 3.1 million rows, i.e. All of ours.",
        "See Fig. 2, Eq. (3) and Sec. B for proofs.",
        "Our net vs. Quicksort, approx. 3.5 times as fast.",
        "We thank J. Smith for lists.",
        "The bound $f(x). g$ holds.",
    ],
)
def test_goes_on_behind(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("We sort lists. $k$-means does not.", "We sort lists."),
        ("We sort lists (cf. Fig. 3). They are long.", "We sort lists (cf. Fig. 3)."),
        ("We sort lists, trees, etc. We are fast.", "We sort lists, trees, etc."),
        ("As shown by Lee et al. We sort.", "As shown by Lee et al."),
        ("Can nets sort? We think so.", "Can nets sort?"),
        ('It is "sorted." We checked.', 'It is "sorted."'),
        ("It took 3. We expected 4.", "It took 3."),
        ("We sort sets.We count them.", "We sort sets."),
        ("We sort lists. t-SNE shows them.", "We sort lists."),
        ("We sort lists. \\emph{All} of them.", "We sort lists."),
        ("  We sort lists.\n  They are long.", "We sort lists."),
    ],
)
def test_ends_at(text: str, first: str) -> None:
    found = split(text)

    assert len(found) == 2
    assert found[0] == first


def test_a_name_with_a_stop_stays_whole() -> None:
    assert split("We use Node.Js for lists.") == ["We use Node.Js for lists."]


@settings(max_examples=500, derandomize=True, database=None, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=10), st.sampled_from(GARBAGE))).map("".join))
def test_nothing_but_space_is_lost(text: str) -> None:
    places = sentences(text)

    assert "".join("".join(split(text)).split()) == "".join(text.split())
    assert all(start < end for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))


@pytest.mark.parametrize("piece", GARBAGE)
def test_a_megabyte_takes_a_moment(piece: str) -> None:
    began = time.process_time()

    sentences(piece * (1_000_000 // len(piece)))

    assert time.process_time() - began < 5.0
