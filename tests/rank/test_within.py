"""Which papers of a day a saved search is about: in or out, not ranked."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from broadsheet.domain.entry import Changes, Entry
from broadsheet.enrich.embed.static import StaticEmbedder
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.rank.found import Engines
from broadsheet.rank.within import CannotSearch, found_within, nearness
from tests.fakes.vectors import VectorsInMemory

TITLES = {
    1: "Retrieval augmented generation at scale",
    2: "Augmented reality for surgery",
    3: "Speech recognition in noise",
    4: "Recognition of handwritten speech marks",
    5: "Question answering with retrieved passages and language models",
}
IDS = list(TITLES)


@pytest.fixture
def engines(tmp_path: Path) -> Engines:
    index = EmbeddedIndex(tmp_path, "one")
    entries = [
        Entry(n, f"arxiv:2605.0000{n}", title, "", (), ("cs.CL" if n % 2 else "cs.CV",), None, False)
        for n, title in TITLES.items()
    ]
    with index.rebuilding() as writer:
        writer.add(Changes(entries, [], 5, True))
    return Engines(index)


def found(engines: Engines, query: str) -> list[int]:
    return [IDS[at] for at in np.flatnonzero(found_within(engines, query, IDS))]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("augmented", [1, 2]),
        ("augmented generation", [1]),  # one word of two is no reason to send a paper
        ("recognition speech", [3, 4]),
        ('"speech recognition"', [3]),
        ("recognition -noise", [4]),
        ("augmented cat:cs.CV", [2]),
        ("cat:cs.CV", [2, 4]),
        ("title:speech", [3, 4]),
        ("augmented OR noise", [1, 2, 3]),
        ("unheardof", []),
        ("", IDS),
        ('"((( " AND -', IDS),
    ],
)
def test_words_fields_and_filters_decide(engines: Engines, query: str, ids: list[int]) -> None:
    assert found(engines, query) == ids


def test_a_paper_that_means_the_same_is_found_without_the_words(engines: Engines) -> None:
    embedder = StaticEmbedder()
    vectors = VectorsInMemory({n: tuple(embedder.embed([title])[0].tolist()) for n, title in TITLES.items()})

    assert 5 in found(
        replace(engines, vectors=vectors, embedder=embedder), "retrieval of passages to answer questions"
    )


def test_an_index_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotSearch):
        found_within(Engines(EmbeddedIndex(tmp_path, "one")), "speech", IDS)


def test_nearness_is_the_cosine_and_unknown_without_a_vector() -> None:
    vectors = VectorsInMemory({1: (1.0, 0.0), 2: (0.6, 0.8)})

    near = nearness(vectors, 1, [1, 2, 3])

    assert near is not None
    assert near.tolist() == pytest.approx([1.0, 0.6, 0.0])
    assert nearness(vectors, 3, [1, 2]) is None
