"""One ranking of words and meaning, on small real indexes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from broadsheet.cli.evaluate.engines import build_engines, opened
from broadsheet.domain.entry import Changes, Entry
from broadsheet.index import clauses
from broadsheet.index.base import Sort
from broadsheet.rank.search import NOTHING, WITHOUT_MEANING, WITHOUT_WORDS, By, Engines, search
from broadsheet.rank.similar import similar

TITLES = (
    "Self-driving cars that plan their way through city traffic",
    "Rotation curves of spiral galaxies",
    "Attention is all you need",
    "Attention and memory in the visual cortex of monkeys",
    "Detecting fraud in credit card payments",
    "Neural machine translation of rare words",
)

Build = Callable[..., Engines]


def entry(number: int, title: str, text: str = "", authors: Sequence[str] = ()) -> Entry:
    categories = ("cs.LG",) if number % 2 else ("astro-ph.GA",)
    return Entry(
        number,
        f"arxiv:2605.{number:05}",
        title,
        text,
        authors,
        categories,
        date(2026, 5, number % 28 + 1),
        False,
    )


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return lambda *entries: build_engines(entries, tmp_path)


@pytest.fixture
def engines(build: Build) -> Engines:
    return build(*(entry(number, title) for number, title in enumerate(TITLES, start=1)))


def ids(engines: Engines, query: str, **how: object) -> list[int]:
    return [found.paper_id for found in search(engines, query, **how).found]  # type: ignore[arg-type]


def test_damaged_vectors_leave_the_words_and_say_so(engines: Engines, tmp_path: Path) -> None:
    next(tmp_path.glob("meaning/g-*/bits")).unlink()

    results = search(engines, "attention and memory")

    assert [found.paper_id for found in results.found] == [4, 3]
    assert results.asked.notes == (WITHOUT_MEANING,)


def test_where_common_words_were_not_looked_for_the_close_reading_counts_them(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = build(
        entry(1, "Zebrafish zebrafish zebrafish"),
        entry(2, "Neural models of learning in zebrafish"),
        *(entry(number, f"Neural models of learning, part {number}") for number in range(3, 30)),
    )
    monkeypatch.setattr(clauses, "MOST_POSTINGS", 1)
    monkeypatch.setattr(clauses, "ALWAYS_ASKED", 1)

    answer = search(engines, "zebrafish neural models of learning", limit=40, counts=True)

    assert [found.paper_id for found in answer.found[:2]] == [2, 1]
    assert answer.total == 29
    assert {found.paper_id for found in answer.found} == set(range(1, 30))


def test_words_are_not_left_out_where_few_papers_can_be_read_closely(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = build(
        entry(1, "Zebrafish"), *(entry(number, f"Part {number} on models") for number in range(2, 9))
    )
    monkeypatch.setattr(clauses, "MOST_POSTINGS", 1)
    monkeypatch.setattr(clauses, "ALWAYS_ASKED", 1)

    assert len(ids(replace(engines, vectors=None), "zebrafish models")) == 8


def test_without_the_words_meaning_answers_and_says_so(engines: Engines, tmp_path: Path) -> None:
    (tmp_path / "words" / "current").unlink()

    results = search(engines, "autonomous vehicles on urban roads")

    assert results.found[0].paper_id == 1
    assert results.asked.notes == (WITHOUT_WORDS,)


def test_without_any_index_it_is_said(tmp_path: Path) -> None:
    empty = opened(tmp_path)

    assert search(empty, "autonomous vehicles").asked.notes == (NOTHING,)
    assert search(empty, "").asked.notes == ()


def test_an_author_by_full_name_stands_first(build: Build) -> None:
    engines = build(
        entry(1, "Deep learning", authors=("Yann Le Cun", "Geoffrey E. Hinton")),
        entry(2, "Dropout", authors=("Geoffrey Fox", "Anna Hinton")),
        entry(3, "Backpropagation", authors=("Geoffrey Ye Li", "Marc Hinton")),
    )

    assert ids(engines, "geoffrey hinton")[0] == 1


def test_meaning_finds_what_no_word_does(engines: Engines) -> None:
    best = search(engines, "autonomous vehicles on urban roads").found[0]

    assert (best.paper_id, best.by) == (1, By.MEANING)


def test_what_is_far_in_meaning_is_not_shown(engines: Engines) -> None:
    assert 2 not in ids(engines, "autonomous vehicles on urban roads")


def test_the_paper_of_that_very_title_comes_first(engines: Engines) -> None:
    assert ids(engines, "attention is all you need")[0] == 3
    assert ids(engines, "Attention Is All You Need.")[0] == 3


def test_an_author_is_found_by_the_name(build: Build) -> None:
    engines = build(
        *(entry(number, title) for number, title in enumerate(TITLES, start=1)),
        entry(7, "Sparse models", "A method without the word.", ["Ashish Vaswani"]),
        *(entry(number, f"Attention in model {number}") for number in range(8, 40)),
    )

    assert ids(engines, "vaswani")[0] == 7
    assert ids(engines, "vaswani sparse attention")[0] == 7


def test_particles_and_initials_are_no_names(build: Build) -> None:
    engines = build(
        entry(1, "Stacking layers by dispersion forces", "On van der Waals forces between layers."),
        *(entry(number, f"Paper {number}", "", ["J. van der Berg"]) for number in range(2, 12)),
    )

    assert ids(engines, "van der waals")[0] == 1


@pytest.mark.parametrize(
    "query", ["cat:cs.LG autonomous vehicles", "autonomous vehicles -traffic", '"city traffic" vehicles']
)
def test_what_is_asked_strictly_holds_for_meaning_too(engines: Engines, query: str) -> None:
    found = ids(engines, query)

    assert all(number % 2 for number in found if "cat:" in query)
    assert (1 in found) is ("-traffic" not in query)
    assert "city traffic" not in query or found == [1]


def test_a_paper_that_has_no_vector_yet_is_found_by_its_words(engines: Engines) -> None:
    with engines.words.writing() as writer:
        writer.add(Changes([entry(9, "Translation of rare birds' songs")], [], 9, True))

    assert {6, 9} <= set(ids(engines, "translation of rare words"))
    assert ids(engines, "birds songs")[0] == 9


def test_pages_neither_repeat_nor_lose_a_paper(build: Build) -> None:
    engines = build(*(entry(number, f"Graph networks, part {number}") for number in range(1, 531)))

    shown = [one for page in range(27) for one in ids(engines, "graph networks", offset=page * 20)]

    assert sorted(shown) == sorted(set(shown))
    assert len(shown) == 530


def test_scores_fall_from_one(engines: Engines) -> None:
    scores = [found.score for found in search(engines, "attention in the visual cortex").found]

    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)


def test_trending_puts_the_papers_with_more_votes_first(engines: Engines) -> None:
    votes = {3: 1.0, 4: 50.0}

    found = ids(engines, "attention", sort=Sort.TRENDING, votes=lambda papers: votes)

    assert found[:2] == [4, 3]


def test_a_mistyped_word_is_mended_and_said(engines: Engines) -> None:
    results = search(engines, "spiral galaxeis")

    assert results.mended == "spiral galaxies"
    assert results.found[0].paper_id == 2
    assert search(engines, "spiral galaxeis", mends=False).mended is None


def test_similar_papers_are_near_in_meaning_and_others(build: Build) -> None:
    engines = build(
        *(entry(number, title) for number, title in enumerate(TITLES, start=1)),
        entry(8, "Dark matter halos of spiral galaxies"),
    )
    assert engines.vectors is not None

    assert [one.paper_id for one in similar(engines.vectors, 2, limit=1)] == [8]
    assert similar(engines.vectors, 99, limit=3) == []
