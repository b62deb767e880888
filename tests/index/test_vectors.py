"""The vectors: the nearest papers come out, filters hold, and a swap or a crash is never seen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from broadsheet.index.base import Filters, Floats, IndexBusy, IndexDamaged, IndexOutdated, Vectors
from broadsheet.index.vector_state import Made, Place
from broadsheet.index.vectors import EmbeddedVectors
from tests.index.making import no_words

EPOCH = date(1970, 1, 1)
MADE = Made("model one", 32, "one")
OTHER = Made("model two", 32, "two")


def directions(count: int, seed: int = 1, dimensions: int = 32) -> Floats:
    """Random vectors of length 1."""
    values = np.random.default_rng(seed).standard_normal((count, dimensions)).astype(np.float32)
    found: Floats = values / np.linalg.norm(values, axis=1, keepdims=True)
    return found


def papers(*paper_ids: int, **said: Any) -> Vectors:
    """One vector a paper, which depends on its id alone."""
    columns: dict[str, Any] = {
        "values": directions(1_200)[list(paper_ids)] if paper_ids else np.empty((0, 32), np.float32),
        "days": np.full(len(paper_ids), (date(2026, 5, 1) - EPOCH).days, np.int32),
        "has_code": np.zeros(len(paper_ids), np.bool_),
        "categories": [["cs.LG"]] * len(paper_ids),
        "texts": np.array(paper_ids, np.uint64),
    }
    return Vectors(np.array(paper_ids, np.int64), **{**columns, **no_words(len(paper_ids)), **said})


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedVectors:
    index = EmbeddedVectors(tmp_path / "vectors", "database one")
    with index.starting(MADE, began_at=0):
        pass
    return index


def add(index: EmbeddedVectors, vectors: Vectors, made: Made = MADE, **how: Any) -> None:
    with index.writing(made, began_at=0) as writer:
        writer.add(vectors, **how)


def near(index: EmbeddedVectors, paper_id: int, limit: int = 3, **filters: Any) -> list[int]:
    query = directions(1_200)[paper_id]
    return [hit.paper_id for hit in index.nearest(query, limit=limit, filters=Filters(**filters)).hits]


def test_the_nearest_papers_come_first_with_their_cosine(index: EmbeddedVectors) -> None:
    add(index, papers(*range(1, 200)))
    query = directions(1_200)[7]

    hits = index.nearest(query, limit=5).hits

    exact = directions(1_200)[1:200] @ query
    assert [hit.paper_id for hit in hits] == (np.argsort(-exact)[:5] + 1).tolist()
    assert [hit.score for hit in hits] == pytest.approx(np.sort(exact)[::-1][:5], abs=0.01)


def test_a_filter_lets_through_what_it_names(index: EmbeddedVectors) -> None:
    days = [(date(2026, month, 1) - EPOCH).days for month in (1, 2, 3, 4)]
    add(
        index,
        papers(
            *(1, 2, 3, 4, 5),
            days=np.array([*days, -1_000_000], np.int32),
            has_code=np.array([True, False, False, True, False]),
            categories=[["cs.LG", "stat.ML"], ["cs.CL"], ["math-ph"], ["math.AG"], []],
        ),
    )

    assert sorted(near(index, 1, since=date(2026, 2, 1), until=date(2026, 3, 1))) == [2, 3]
    assert sorted(near(index, 1, until=date(2026, 2, 1))) == [1, 2]
    assert sorted(near(index, 1, has_code=True)) == [1, 4]
    assert sorted(near(index, 1, has_code=False)) == [2, 3, 5]
    assert sorted(near(index, 1, categories=("cs",))) == [1, 2]
    assert sorted(near(index, 1, categories=("math",))) == [4]
    assert sorted(near(index, 1, categories=("stat.ml", "math-ph"))) == [1, 3]
    assert near(index, 1, categories=("q-bio",)) == []
    assert index.nearest(directions(2)[1], limit=1, filters=Filters(categories=("cs",))).total == 2


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.95])
def test_a_filter_of_any_width_gives_as_many_as_are_asked_for(index: EmbeddedVectors, share: float) -> None:
    values = directions(6_000, seed=3)
    has_code = np.random.default_rng(4).random(6_000) < share
    count = len(values)
    add(
        index,
        Vectors(
            *(np.arange(count), values, np.zeros(count, np.int32)),
            *(has_code, [["cs.LG"]] * count, np.arange(count, dtype=np.uint64)),
            **no_words(count),
        ),
    )

    hits = index.nearest(values[0], limit=30, filters=Filters(has_code=True)).hits

    exact = np.where(has_code, values @ values[0], -2)
    best = set(np.argsort(-exact)[:30].tolist())
    assert len(hits) == 30
    assert len({hit.paper_id for hit in hits} & best) >= 25


def test_a_text_that_says_nothing_is_near_to_nothing(index: EmbeddedVectors) -> None:
    add(index, papers(1, 2, values=np.stack([np.zeros(32, np.float32), directions(1)[0]])))

    assert near(index, 5) == [2]
    assert index.cosines(directions(1)[0], [1, 2, 3]).tolist() == pytest.approx(
        [0, 1, np.nan], nan_ok=True, abs=0.01
    )
    assert index.nearest(np.zeros(32, np.float32), limit=5).hits == []


def test_a_vector_comes_back_nearly_as_it_went_in(index: EmbeddedVectors) -> None:
    add(index, papers(3))

    vector = index.vector_of(3)

    assert vector is not None
    assert vector @ directions(1_200)[3] > 0.999
    assert index.vector_of(4) is None


def test_a_paper_added_again_or_gone_is_found_no_more_as_it_was(index: EmbeddedVectors) -> None:
    add(index, papers(1, 2, 3))

    add(index, papers(2, values=directions(1_200)[[9]], texts=np.array([99], np.uint64)))
    add(index, papers(gone=[3, 77]))

    assert index.count() == 2
    assert near(index, 9, limit=1) == [2]
    assert sorted(near(index, 3)) == [1, 2]


def test_the_same_again_adds_nothing(index: EmbeddedVectors) -> None:
    add(index, papers(1, 2, 3))

    add(index, papers(1, 2, 3), up_to=7)

    state = index.state()
    assert state is not None
    assert (state.rows, state.up_to) == (3, 7)


def test_the_same_text_keeps_its_vector_under_new_days(index: EmbeddedVectors) -> None:
    add(index, papers(1, 2))

    with index.writing(MADE, began_at=0) as writer:
        known = writer.knows([1, 2, 3], np.array([1, 5, 3], np.uint64))
        held = writer.values_of([1])
        writer.add(papers(1, values=held, days=np.array([5], np.int32)))

    assert known.tolist() == [True, False, False]
    assert near(index, 1, until=date(1970, 2, 1)) == [1]


def test_a_centre_is_taken_off_once_there_are_enough(index: EmbeddedVectors) -> None:
    """Vectors that all point one way differ in few signs until their mean is taken off."""
    values = directions(1_100, seed=5) + 3 * directions(1, seed=6)
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    for part in np.array_split(np.arange(1_100), 3):
        add(index, papers(*part.tolist(), values=values[part]))

    state = index.state()
    assert state is not None
    assert state.has_centre
    assert index.count() == 1_100
    assert [hit.paper_id for hit in index.nearest(values[17], limit=1).hits] == [17]


def test_what_is_dead_is_left_behind(index: EmbeddedVectors) -> None:
    add(index, papers(*range(1_200)), up_to=1)
    reader = EmbeddedVectors(index.folder, index.database)
    assert reader.count() == 1_200

    add(index, papers(gone=list(range(300))), up_to=2)

    state = index.state()
    assert state is not None
    assert (state.rows, state.up_to) == (900, 2)
    assert reader.count() == 900
    assert near(reader, 500, limit=1) == [500]
    assert len(list(index.folder.glob("g-*"))) == 1


def test_another_model_grows_beside_the_live_one_and_is_swapped_in_when_it_is_complete(
    index: EmbeddedVectors,
) -> None:
    add(index, papers(1, 2, 3))
    reader = EmbeddedVectors(index.folder, index.database)

    add(index, papers(1), OTHER, place=Place(None, 1))
    assert (reader.model(), reader.count()) == ("model one", 3)
    growing = index.growing()
    assert growing is not None
    assert growing.place == Place(None, 1)

    add(index, papers(2), OTHER, is_last=True)

    state = reader.state()
    assert state is not None
    assert (state.made, reader.count()) == (OTHER, 2)
    assert index.growing() is None
    assert len(list(index.folder.glob("g-*"))) == 1


def test_how_far_it_came_is_kept(index: EmbeddedVectors) -> None:
    add(index, papers(1), up_to=4, place=Place(date(2026, 5, 1), 12))

    with index.writing(MADE, began_at=0) as writer:
        state = writer.state

    assert (state.up_to, state.place, state.is_complete) == (4, Place(date(2026, 5, 1), 12), False)


def test_a_rebuild_that_fails_leaves_the_live_one_and_its_rest_is_swept(index: EmbeddedVectors) -> None:
    add(index, papers(1))

    with pytest.raises(RuntimeError), index.rebuilding(OTHER, began_at=0):
        raise RuntimeError("killed")

    assert index.ids() == {1}
    with index.rebuilding(OTHER, began_at=0) as writer:
        writer.add(papers(2))
    assert index.ids() == {2}
    assert len(list(index.folder.glob("g-*"))) == 1


def test_there_is_one_writer_at_a_time(index: EmbeddedVectors) -> None:
    other = EmbeddedVectors(index.folder, index.database)

    with index.writing(MADE, began_at=0), pytest.raises(IndexBusy), other.writing(MADE, began_at=0):
        pass


def test_vectors_of_another_database_are_neither_read_nor_written(index: EmbeddedVectors) -> None:
    add(index, papers(1))
    other = EmbeddedVectors(index.folder, "database two")

    assert (other.model(), other.count(), near(other, 1)) == (None, 0, [])
    with pytest.raises(IndexOutdated, match="another database"), other.writing(MADE, began_at=0):
        pass


def test_where_there_are_none_all_questions_have_an_answer(tmp_path: Path) -> None:
    index = EmbeddedVectors(tmp_path, "one")

    assert (index.model(), index.count(), index.vector_of(1), index.ids()) == (None, 0, None, set())
    assert np.isnan(index.cosines(directions(1)[0], [1, 2])).all()
    with pytest.raises(IndexOutdated, match="no vectors"), index.writing(MADE, began_at=0):
        pass


def test_a_query_of_another_model_is_near_to_nothing(index: EmbeddedVectors) -> None:
    add(index, papers(1))
    query = directions(1, dimensions=8)[0]

    assert index.nearest(query, limit=1).hits == []
    assert np.isnan(index.cosines(query, [1])).all()


@pytest.mark.parametrize(
    "said", ["", "../elsewhere", "/etc", "g-xyz", "g-12\n/..", "\ud800".encode("utf-8", "surrogatepass")]
)
def test_a_pointer_that_names_no_generation_is_as_good_as_none(
    index: EmbeddedVectors, said: str | bytes
) -> None:
    add(index, papers(1))
    (index.folder / "current").write_bytes(said if isinstance(said, bytes) else said.encode())

    assert (index.model(), index.count()) == (None, 0)


def test_tokens_of_another_table_belong_to_another_generation(index: EmbeddedVectors) -> None:
    add(index, papers(1))

    assert not MADE.is_like(replace(MADE, table="newer"))
    with index.writing(replace(MADE, table="newer"), began_at=0) as writer:
        assert writer.state.rows == 0


def test_dimensions_come_in_eights() -> None:
    with pytest.raises(ValueError, match="multiple of 8"):
        Made("model", 300)


@pytest.mark.parametrize("version", [0, 2])
def test_an_index_of_another_version_is_to_be_built_anew(index: EmbeddedVectors, version: int) -> None:
    add(index, papers(1))
    state = next(index.folder.glob("g-*/state.json"))
    state.write_text(state.read_text().replace('"version": 1', f'"version": {version}'))

    assert index.count() == 0
    with pytest.raises(IndexOutdated, match="version"), index.writing(MADE, began_at=0):
        pass


@pytest.mark.parametrize(
    "name", ["ids", "bits", "vectors", "scales", "days", "texts", "categories_3", "centre.f32"]
)
def test_a_missing_or_short_file_says_so_and_is_to_be_built_anew(index: EmbeddedVectors, name: str) -> None:
    add(index, papers(*range(1_000)))
    file = next(index.folder.glob(f"g-*/{name}"))

    for damage in (lambda: file.write_bytes(file.read_bytes()[:-1]), file.unlink):
        damage()
        with pytest.raises(IndexDamaged, match="broadsheet reindex"):
            EmbeddedVectors(index.folder, index.database).count()
        with pytest.raises(IndexOutdated, match="broadsheet reindex"), index.writing(MADE, began_at=0):
            pass


def test_more_categories_than_there_are_bits_still_let_the_first_be_found(index: EmbeddedVectors) -> None:
    names: Sequence[Sequence[str]] = [[f"made.up{number}"] for number in range(400)]
    add(index, papers(*range(400), categories=names))

    assert near(index, 3, categories=("made.up3",)) == [3]
    assert near(index, 3, categories=("made.up399",)) == []
