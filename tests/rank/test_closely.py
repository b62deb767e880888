"""Reading texts closely: words, pairs, titles and kin, on tokens of the shipped table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.enrich.embed.static import shipped_table, words_of
from broadsheet.index.base import MOST_TOKENS, NO_TOKEN, Texts
from broadsheet.rank.closely import Closeness, Word, read_closely, weight_of

TABLE = shipped_table()


def close(query: str, *papers: str) -> Closeness:
    tokens, titles = TABLE.padded(papers, MOST_TOKENS, NO_TOKEN)
    texts = Texts(np.ones(len(papers), np.bool_), tokens, titles)
    words = [Word(tuple(TABLE.tokens(word)), 1.0) for word in words_of(query)]
    return read_closely(TABLE.tokens(query), words, texts, TABLE)


def test_words_count_whatever_their_ending_and_more_in_shorter_texts() -> None:
    found = close(
        "transformers", "Transformer models", "A long text on transformers and other things", "Graphs"
    )

    assert found.words[0] > found.words[1] > found.words[2] == 0


def test_words_side_by_side_count_only_in_their_order() -> None:
    found = close("graph networks", "On graph networks", "Networks of a graph", "Graph of networks")

    assert found.pairs[0] == pytest.approx(1)
    assert found.pairs[1:].tolist() == [0, 0]


def test_the_title_is_the_first_line() -> None:
    found = close("sparsity", "Sparsity\nA text.", "A title\nOn sparsity.")

    assert found.title[0] > found.title[1] == 0


def test_the_whole_title_is_recognised() -> None:
    found = close(
        "attention is all you need", "Attention Is All You Need\nText", "Attention is all\nyou need"
    )

    assert found.is_title.tolist() == [True, False]


def test_kin_of_a_word_counts_less_than_itself_and_more_than_a_stranger() -> None:
    found = close("car", "A car", "A vehicle", "A galaxy")

    assert found.kin[0] == pytest.approx(1, abs=0.02)
    assert found.kin[0] > found.kin[1] > found.kin[2]


def test_a_word_in_parts_must_stand_whole() -> None:
    parts = TABLE.tokens("transformerization")
    assert len(parts) > 1

    found = close("transformerization", "On transformerization", "On transformers")

    assert found.words[0] > found.words[1] == 0


def test_a_word_does_not_go_on_in_the_next_paper() -> None:
    parts = TABLE.tokens("transformerization")
    tokens = np.full((2, MOST_TOKENS), parts[0], np.uint16)
    tokens[1, : len(parts) - 1] = parts[1:]
    texts = Texts(np.ones(2, np.bool_), tokens, np.zeros(2, np.uint8))

    found = read_closely(parts, [Word(tuple(parts), 1.0)], texts, TABLE)

    assert found.words[0] == 0


def test_rare_words_weigh_more() -> None:
    assert weight_of(1, 1_000) > weight_of(100, 1_000) > weight_of(1_000, 1_000) > 0


@given(st.text(max_size=80), st.lists(st.text(max_size=120), min_size=1, max_size=4))
def test_no_text_fails_and_every_share_is_a_number(query: str, papers: list[str]) -> None:
    found = close(query, *papers)

    for share in (found.words, found.title, found.pairs, found.kin):
        assert share.shape == (len(papers),)
        assert not np.isnan(share).any()
