"""The one line of a paper is a part of its abstract, whatever the abstract."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.enrich.readings.cues import cue_sums, cues_of
from broadsheet.enrich.readings.cuts import Cut, cuts, parts
from broadsheet.enrich.readings.sentences import sentences
from broadsheet.enrich.readings.summary import LONGEST_READ, read_one_line
from broadsheet.enrich.readings.weighing import cut_features, sentence_features, shipped, weighing
from broadsheet.enrich.readings.wording import plain_of, worded

TITLE = "Sorting with Small Nets"
ABSTRACT = (
    "Sorting is as old as computing. However, no net that fits a watch has sorted long lists. "
    "In this paper, we propose SortNet, a small net that sorts long lists on a watch, which saves "
    "its battery. "
    "We also discuss, cf. Fig. 3, how it fails on lists of lists."
)
PIECES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            [
                *("We show that ", "In this paper, ", ", which ", ". ", "! ", "? ", " (", ") ", "{", "}"),
                *("\\frac{", "3.5x ", "İ", "ﬁ", "ß", "\u202e", "\x00", "\n", "\t", "e.g. ", "et al. ", "$"),
                *("we propose a ", "; ", ": ", " -- ", "一二。", " by learning ", "not ", " and show "),
                *("a" * 200, "1 2 3 4 5 6 "),
            ]
        ),
    ),
    max_size=60,
).map("".join)  # fmt: skip


def test_takes_what_the_authors_offer() -> None:
    line = read_one_line(TITLE, ABSTRACT)

    assert line is not None
    assert "SortNet, a small net that sorts long lists" in line.text
    assert line.text == ABSTRACT[line.start : line.end]


@pytest.mark.parametrize("abstract", ["", " ", "\n\t"])
def test_has_no_line_without_words(abstract: str) -> None:
    assert read_one_line(TITLE, abstract) is None


def test_takes_the_first_sentence_of_a_script_it_cannot_weigh() -> None:
    abstract = "Мы сортируем списки. Это быстро."

    line = read_one_line(TITLE, abstract)

    assert line is not None
    assert line.text == "Мы сортируем списки."


def test_a_sentence_as_long_as_a_page_is_no_line() -> None:
    assert read_one_line(TITLE, "sort " * 1_000) is None


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("However, nets that fit a watch sort long lists.", "nets that fit a watch sort long lists."),
        ("We show that small nets can sort any list, which saves power.", "small nets can sort any list"),
        ("We propose nets, which can sort.", "We propose nets, which can sort."),
        ("We show that small nets can sort, unless lists are long.", "unless lists are long."),
        ("We show that nets of one layer sort lists only if they are short.", "only if they are short."),
        (
            "We show that such nets sort lists well, which is not true of long lists.",
            "not true of long lists.",
        ),
        ("We propose and study a small net that sorts long lists.", "We propose and study"),
    ],
)
def test_keeps_what_changes_the_sense(sentence: str, line: str) -> None:
    forms = [sentence[cut.start : cut.end] for cut in cuts(sentence, 0, len(sentence))]

    assert forms[0] == sentence
    assert any(line in form for form in forms)
    if "unless" in line or "if" in line or "not" in line or "and" in line:
        assert all(line in form for form in forms)


def test_a_cue_counts_once_in_a_sentence_and_words_of_the_title_are_one() -> None:
    wording = worded("Nets", "We sort, we sort 10 nets. Nets of 3 lists.", [(0, 25), (26, 42)])

    sums = cue_sums(wording, cues_of({"we": 1.0, "we sort": 10.0, "0 T": 100.0, "T >": 1_000.0, "< T": 0.5}))

    assert sums == [1111.0, 0.5]


def test_a_whole_sentence_promises_what_all_of_its_words_do() -> None:
    of = weighing(worded(TITLE, ABSTRACT, sentences(ABSTRACT)), shipped())

    for place, (whole, (start, end)) in enumerate(zip(sentence_features(of), of.wording.places, strict=True)):
        (part,) = cut_features(of, place, [Cut(start, end)])
        assert whole[: len(part)] == pytest.approx(part)


def test_no_part_ends_before_it_begins() -> None:
    sentence = (
        "Motivated by the wish to see how nets do in sorting lists that many people carry on a watch in the"
        " cold of a long day, we introduce two new lists."
    )
    found = parts(sentence, 0, len(sentence))

    assert any(cut.start > sentence.index(" that many") for cut in found)
    assert all(cut.start < cut.end for cut in found)
    assert read_one_line(TITLE, sentence)


@pytest.mark.parametrize("text", ["", "The İzmir-2 Nets", "\ud800ﬁ K", "ẞ" * 3])
def test_plain_text_keeps_its_places(text: str) -> None:
    plain = plain_of(text)

    assert len(plain) == len(text)
    assert all(sign in (" ", small) for sign, small in zip(plain, map(str.lower, text), strict=True))


@settings(max_examples=1_000, derandomize=True, database=None, deadline=None)
@given(title=PIECES, abstract=PIECES)
def test_is_always_a_span(title: str, abstract: str) -> None:
    line = read_one_line(title, abstract)

    assert line is None or (line.text and line.text == abstract[line.start : line.end])


@pytest.mark.parametrize(
    "piece", ["a", ". ", ".A ", "(", "we show that ", ", which ", "1 ", "\u202e", "$", "A. "]
)
def test_reads_only_the_beginning_of_a_megabyte(piece: str) -> None:
    garbage = piece * (1_000_000 // len(piece))

    began = time.process_time()
    line = read_one_line(TITLE, garbage)

    assert time.process_time() - began < 5.0
    assert line is None or line.end <= LONGEST_READ
