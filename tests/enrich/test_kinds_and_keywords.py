import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.domain.reading import PaperKind
from broadsheet.enrich.readings.keywords import MOST_KEYWORDS, read_keywords
from broadsheet.enrich.readings.kinds import read_kind

KINDS = [
    (
        "A Survey of Ferns",
        "This survey reviews the literature on ferns and gives a taxonomy.",
        PaperKind.SURVEY,
    ),
    (
        "FernBench: Can Models Read?",
        "We introduce FernBench, a benchmark to evaluate models.",
        PaperKind.BENCHMARK,
    ),
    ("Routing leaves", "We propose a novel method that outperforms baselines.", PaperKind.METHOD),
]


@pytest.mark.parametrize(("title", "abstract", "kind"), KINDS)
def test_words_tell_the_kind(title: str, abstract: str, kind: PaperKind) -> None:
    names = ["FernBench"] if "FernBench" in title else []

    assert read_kind(title, abstract, names) is kind


def test_no_text_has_no_kind() -> None:
    assert read_kind("A title", "", []) is None


def test_keywords_are_phrases_of_the_text() -> None:
    abstract = "Reinforcement learning of large language models for code generation is slow. We speed it up."

    keywords = read_keywords("Fast reinforcement learning for code generation", abstract)

    assert set(keywords) == {"code generation", "reinforcement learning", "large language model"}
    assert len(keywords) <= MOST_KEYWORDS


def test_a_phrase_does_not_go_over_the_end_of_a_sentence() -> None:
    assert "machine learning" not in read_keywords("", "We look at a machine. Learning is slow.")


@settings(max_examples=200, deadline=None)
@given(title=st.text(max_size=100), abstract=st.text(max_size=500))
def test_any_text_is_read_without_an_error(title: str, abstract: str) -> None:
    read_kind(title, abstract, ["A"])
    read_keywords(title, abstract)


@pytest.mark.parametrize("piece", ["deep learning ", "a-", "a" * 50, "(.", "large language model "])
def test_the_time_does_not_run_away_on_long_texts(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.perf_counter()

    read_keywords(text, text)
    read_kind(text, text, [])

    assert time.perf_counter() - began < 5
