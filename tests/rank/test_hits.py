"""The words of a query are found in a text however either spells them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.index.base import Asked
from broadsheet.rank.hits import hits, words_of
from broadsheet.rank.search import By
from broadsheet.rank.shared import Text, shared
from broadsheet.rank.why import why


def marked(text: str, *words: str) -> str:
    end, out = 0, ""
    for hit in hits(text, words):
        out += f"{text[end : hit.start]}[{text[hit.start : hit.end]}]"
        end = hit.end
    return out + text[end:]


@pytest.mark.parametrize(
    ("words", "text", "shown"),
    [
        (["gpt-4"], "GPT-4, GPT4, gpt 4, GPT and 4", "[GPT-4], [GPT4], [gpt 4], GPT and 4"),
        (["gpt4"], "GPT-4 and GPT", "[GPT-4] and GPT"),
        (["knn"], "k-NN, kNN; k is 5", "[k-NN], [kNN]; k is 5"),
        (["few-shot"], "Few-shot and few shot learners", "[Few-shot] and [few shot] learners"),
        (["state-of-the-art"], "the state of the art", "the [state of the art]"),
        (["agents"], "An agent’s agentic Agents", "An [agent’s] [agentic] [Agents]"),
        (["naive"], "Naïve", "[Naïve]"),
        (["naïve"], "naive", "[naive]"),
        (["schrodinger"], "Schrödinger", "[Schrödinger]"),
        (["beta"], "β decay", "[β] decay"),
        (["α-synuclein"], "alpha synuclein, alpha", "[alpha synuclein], alpha"),
        (["深度学习"], "用于深度学习方法，学习", "用于[深度学习]方法，[学习]"),
        (["深度", "学习"], "深度的学习", "[深度]的[学习]"),
        (["日本語"], "これは日本語です", "これは[日本語]です"),
        (["net"], "network", "network"),
        ([], "nothing asked", "nothing asked"),
    ],
)
def test_words_are_found_as_people_write_them(words: list[str], text: str, shown: str) -> None:
    assert marked(text, *words) == shown


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=5))
def test_hits_stand_in_order_within_the_text(text: str, words: list[str]) -> None:
    found = hits(text, words_of(Asked("", words=tuple(words))))

    assert all(hit.start < hit.end <= len(text) for hit in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_words_of_every_text_are_not_looked_for() -> None:
    assert words_of(Asked("", words=("the", "spin"), phrases=("of electrons",))) == ("spin", "electrons")


def test_a_reason_tells_each_word_once_and_names_four_at_most() -> None:
    places = {"in the title": "Cats and dogs", "in the abstract": "Cats, birds, fish, bees, ants, bats."}

    told = why(By.WORDS, ("cats", "birds", "fish", "bees", "ants", "bats"), places)

    assert told == "“cats” in the title; “birds”, “fish”, “bees”, “ants” and 1 more in the abstract"


def test_meaning_alone_is_said_openly() -> None:
    assert (
        why(By.MEANING, ("zebra",), {"in the title": "Horses"}) == "close in meaning, with none of your words"
    )
    assert why(By.MEANING, ("horse",), {"in the title": "Horses"}) == "“horse” in the title; close in meaning"
    assert why(By.NAME, (), {}) == "named by the query"


def test_what_two_papers_share_leaves_out_the_words_of_every_abstract() -> None:
    one = Text("In-context learning of graphs", "We propose a novel method that shows results on molecules.")
    other = Text("Learning in context", "We propose a novel method with results on molecules.")

    assert shared(one, other) == ["context", "learning", "molecules"]
