"""Mistyped words become the nearest known ones, in the query as it was typed."""

import pytest

from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.index.query import read
from tests.index.making import entry, index_of


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedIndex:
    return index_of(
        tmp_path_factory.mktemp("spelling"),
        entry(1, "Attention and graph transformers for diffusion", authors=("Ashish Vaswani",)),
        entry(2, "Diffusion models of language", text="Resnest is a network.", authors=("Zoë Müller",)),
        *(entry(number, "Residual networks: resnet and causal tables") for number in range(10, 15)),
    )


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("atention", "attention"),
        ("transfromers of langauge", "transformers of language"),
        ("Difusion", "diffusion"),
        ("What is atention?", "What is attention?"),
        ("On langauge.", "On language."),
        ("difusoin models", "diffusion models"),
        ("vaswnai", "vaswani"),
        ("author:vaswnai -images", "author:vaswani -images"),
        ('"grpah transformers" OR (langage)', '"graph transformers" OR (language)'),
        ("diffusionmodels", "diffusion models"),
        ("graphs cuasal", "graphs causal"),
        (
            "graph transformers diffusion models language network atention",
            "graph transformers diffusion models language network attention",
        ),
        ("cat:cs.LG atention year:2024", "cat:cs.LG attention year:2024"),
    ],
)
def test_a_mistyped_word_is_mended_in_its_place(index: EmbeddedIndex, typed: str, mended: str) -> None:
    assert index.mended(read(typed)) == mended


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "attention",
        "networks",  # known by its stem
        "resnest",  # rare, but there
        "muller",
        "grp",  # too short to tell
        "xyzzyplugh",
        "gpt4x",
        "2401.99999",
        "-atention graph",
        "cat:cs.LG",
        "atentioN",  # capitals within: a name
        "ATENTION",
        "self-atention",  # a part of a compound
        "gralph neurl netwoks langauge difusion atention transfromers",  # another language, it seems
    ],
)
def test_what_is_known_or_near_to_nothing_stays(index: EmbeddedIndex, typed: str) -> None:
    assert index.mended(read(typed)) is None
