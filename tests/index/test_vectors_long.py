"""The vectors over time: whatever is added, replaced, forgotten and reopened, they answer like a dict."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.index import vector_writer
from broadsheet.index.base import Filters, Floats, IndexDamaged, IndexOutdated, Vectors
from broadsheet.index.vector_files import Columns
from broadsheet.index.vector_state import Made
from broadsheet.index.vectors import EmbeddedVectors
from tests.index.making import no_words

MADE = Made("model", 16)
Papers = dict[int, int]  # the text of each paper, as a number

BATCHES = st.lists(
    st.tuples(
        st.dictionaries(st.integers(0, 12), st.integers(0, 30), max_size=6),
        st.sets(st.integers(0, 12), max_size=4),
        st.booleans(),  # whether the writer is closed and opened again before it
    ),
    max_size=8,
)

pytestmark = pytest.mark.slow


def direction(text: int) -> Floats:
    values = np.random.default_rng(text).standard_normal(16).astype(np.float32)
    found: Floats = values / np.linalg.norm(values)
    return found


def vectors(papers: Papers, gone: set[int] | frozenset[int] = frozenset()) -> Vectors:
    """A paper's day, code and category follow from its text."""
    texts = list(papers.values())
    return Vectors(
        paper_ids=np.array(list(papers), np.int64),
        values=np.array([direction(text) for text in texts], np.float32).reshape(-1, 16),
        days=np.array(texts, np.int32),
        has_code=np.array([text % 2 == 0 for text in texts], np.bool_),
        categories=[[f"cs.{'ABC'[text % 3]}"] for text in texts],
        texts=np.array(texts, np.uint64),
        **no_words(len(texts)),
        gone=sorted(gone),
    )


@contextmanager
def small_limits() -> Iterator[None]:
    """So that a few papers are made anew as a million would be."""
    with (
        mock.patch.object(vector_writer, "WORTH_IT", 6),
        mock.patch.object(vector_writer, "ENOUGH_FOR_A_CENTRE", 5),
        mock.patch.object(vector_writer, "AT_ONCE", 3),
    ):
        yield


@settings(max_examples=60)
@given(BATCHES)
def test_any_sequence_answers_like_a_dict(batches: list[tuple[Papers, set[int], bool]]) -> None:
    folder = Path(tempfile.mkdtemp())
    index, reader = EmbeddedVectors(folder, "one"), EmbeddedVectors(folder, "one")
    right: Papers = {}
    try:
        with small_limits(), index.starting(MADE, began_at=0):
            pass
        with small_limits():
            while batches:
                with index.writing(MADE, began_at=0) as writer:
                    reopens = False
                    while batches and not reopens:
                        papers, gone, reopens = batches.pop(0)
                        writer.add(vectors(papers, gone - set(papers)))
                        right = {key: text for key, text in right.items() if key not in gone} | papers
                        same(reader, right)
        same(EmbeddedVectors(folder, "one"), right)
    finally:
        shutil.rmtree(folder)


def same(index: EmbeddedVectors, right: Papers) -> None:
    assert index.ids() == set(right)
    query = direction(7)
    cosines = {paper_id: float(direction(text) @ query) for paper_id, text in right.items()}
    assert index.cosines(query, list(right)).tolist() == pytest.approx(list(cosines.values()), abs=0.02)
    for filters, allowed in (
        (Filters(), set(right)),
        (Filters(has_code=True), {key for key, text in right.items() if text % 2 == 0}),
        (Filters(categories=("cs.B",)), {key for key, text in right.items() if text % 3 == 1}),
    ):
        hits = index.nearest(query, limit=99, filters=filters)
        assert {hit.paper_id: hit.score for hit in hits.hits} == pytest.approx(
            {paper_id: cosines[paper_id] for paper_id in allowed}, abs=0.02
        )
        assert hits.total == len(allowed)


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedVectors:
    index = EmbeddedVectors(tmp_path / "vectors", "one")
    with index.starting(MADE, began_at=0) as writer:
        writer.add(vectors({1: 1, 2: 2, 3: 3}), up_to=3)
    return index


@pytest.mark.parametrize("name", [*Columns.__slots__, "state.json"])
def test_a_file_cut_at_any_length_is_noticed(index: EmbeddedVectors, name: str) -> None:
    file = next(index.folder.glob(f"g-*/{name}"))
    whole = file.read_bytes()

    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(IndexOutdated, match="broadsheet reindex"), index.writing(MADE, began_at=0):
            pass
        answers = EmbeddedVectors(index.folder, "one")
        if name == "state.json":
            assert answers.count() == 0
        else:
            with pytest.raises(IndexDamaged):
                answers.count()

    file.write_bytes(whole)
    same(EmbeddedVectors(index.folder, "one"), {1: 1, 2: 2, 3: 3})


def test_what_was_never_finished_is_cut_off(index: EmbeddedVectors) -> None:
    """A killed writer leaves its records in some of the files, whole or in part, and no state of them."""
    for place, name in enumerate(Columns.__slots__):
        with next(index.folder.glob(f"g-*/{name}")).open("ab") as file:
            file.write(b"\xff" * 7 * place)

    same(EmbeddedVectors(index.folder, "one"), {1: 1, 2: 2, 3: 3})
    with index.writing(MADE, began_at=0) as writer:
        assert writer.seen == 3
        writer.add(vectors({3: 5, 4: 6}), up_to=4)

    same(EmbeddedVectors(index.folder, "one"), {1: 1, 2: 2, 3: 5, 4: 6})
