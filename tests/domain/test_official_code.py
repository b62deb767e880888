"""Which repository is the authors' own, and which addresses are repositories at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.domain.code_links import github_name, is_github_name, official, repository_url


def on_github(*names: str) -> list[str]:
    return [f"https://github.com/{name}" for name in names]


@pytest.mark.parametrize(
    ("others", "own", "title", "names"),
    [
        (["huggingface/peft"], "microsoft/LoRA", "LoRA: Low-Rank Adaptation", ()),
        (["pytorch/pytorch", "a/awesome-agents"], "b/code-of-ours", "On agents", ()),
        (["someone/else"], "Dao-AILab/flash-attention", "FlashAttention-2: Faster Attention", ()),
        (["someone/else"], "b/attention-is-all-you-need-pytorch", "Attention Is All You Need", ()),
        (["someone/else"], "b/mamba", "Linear-Time Sequence Modelling", ("Mamba",)),
        (["vllm-project/vllm", "someone/else"], "b/Kimi-K2", "Kimi K2 — an open model", ()),
        (["b/lora-papers"], "someone/else", "LoRA: Low-Rank Adaptation", ()),
    ],
)
def test_the_authors_own_repository_is_told_from_others(
    others: list[str], own: str, title: str, names: tuple[str, ...]
) -> None:
    for urls in (on_github(*others, own), on_github(own, *others)):
        assert official(urls, title, names) == on_github(own)[0]


def test_of_two_that_say_nothing_the_first_told_stands() -> None:
    assert official(on_github("a/code", "b/code"), "On counting") == "https://github.com/a/code"
    assert official(["https://gitlab.com/a/b", *on_github("c/d")], "On counting") == "https://gitlab.com/a/b"


def test_a_framework_is_the_authors_own_in_the_paper_that_presents_it() -> None:
    urls = on_github("a/awesome-nlp", "huggingface/transformers")

    assert official(urls, "Transformers: State-of-the-Art NLP") == urls[1]


def test_code_comes_before_a_model_card() -> None:
    urls = ["https://huggingface.co/a/model", *on_github("a/code")]

    assert official(urls, "On counting") == urls[1]


def test_a_paper_without_links_has_no_repository() -> None:
    assert official([], "On counting") is None


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/a", "https://github.com//b", "https://github.com/a/..", "https://github.com/-a/b",
        "https://github.com/a/b%2f..", "https://github.com.evil.example/a/b", "https://gist.github.com/a/b",
        "https://github.com/a b/c", "https://github.com/a/b\u0000", "https://[bad/a/b",
        "https://github.com/ä/b", "",
    ],
)  # fmt: skip
def test_what_is_no_repository_has_no_name(url: str) -> None:
    assert github_name(url) is None


def test_capitals_and_spelling_make_no_other_repository() -> None:
    spellings = [
        "https://github.com/A/B",
        "http://www.github.com/a/b/",
        "https://github.com/a/B.git",
        "https://GitHub.com/a/b/tree/x",
    ]

    assert {repository_url(url) for url in spellings} == {"https://github.com/a/b"}


@given(st.text(), st.text())
def test_whatever_a_name_holds_it_goes_into_an_address_only_when_plain(owner: str, name: str) -> None:
    found = github_name(f"https://github.com/{owner}/{name}")

    assert found is None or (is_github_name(found) and found.isascii() and found.isprintable())
    assert official([f"https://github.com/{owner}/{name}"], owner, [name])
