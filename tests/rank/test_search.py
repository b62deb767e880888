"""What a query means: words to look for, or a paper named outright."""

from pathlib import Path

import pytest

from broadsheet.domain.entry import Changes, Entry
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.rank.search import Engines, search


@pytest.fixture
def engines(tmp_path: Path) -> Engines:
    index = EmbeddedIndex(tmp_path, "one")
    entries = [
        Entry(n, f"arxiv:2605.0000{n}", f"Title {n} of graphs", "", (), (), None, False) for n in range(1, 6)
    ]
    with index.rebuilding() as writer:
        writer.add(Changes(entries, [], 5, True))
    return Engines(index)


@pytest.mark.parametrize(
    "pasted",
    [
        "2401.01234v3",
        "arXiv:2401.01234",
        "https://arxiv.org/pdf/2401.01234v2.pdf",
        "10.48550/arXiv.2401.01234",
    ],
)
def test_a_pasted_id_names_its_paper(engines: Engines, pasted: str) -> None:
    assert search(engines, pasted).key == "arxiv:2401.01234"


def test_so_deep_a_page_is_empty(engines: Engines) -> None:
    assert search(engines, "graphs", limit=20, offset=10**12).found == []


def test_scores_fall_from_one_and_go_on_over_pages(engines: Engines) -> None:
    first, second = search(engines, "graphs 3", limit=2), search(engines, "graphs 3", limit=2, offset=2)

    assert first.found[0].score == 1.0
    assert second.found[0].score <= first.found[-1].score
