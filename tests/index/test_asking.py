"""What the operators and fields of a query find."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from broadsheet.index import clauses
from broadsheet.index.base import Filters, Sort
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.index.query import read
from tests.index.making import entry, found, index_of


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedIndex:
    return index_of(
        tmp_path,
        entry(
            1,
            "Graph networks",
            text="We study graph neural models of molecules.",
            authors=("Ashish Vaswani", "Geoffrey E. Hinton"),
            categories=("cs.LG", "stat.ML"),
            dated_on=date(2024, 3, 1),
            has_code=True,
        ),
        entry(
            2,
            "Neural images",
            text="A graph is not needed for images.",
            authors=("Jian Sun", "Kaiming He"),
            categories=("cs.CV",),
            dated_on=date(2025, 7, 9),
        ),
        entry(3, "Galaxies of dust", categories=("astro-ph.GA",), dated_on=date(2026, 5, 31)),
        entry(4, "Strings", text="Old theory.", categories=("hep-th",), dated_on=None, has_code=True),
    )


@pytest.mark.parametrize(
    ("query", "papers"),
    [
        ("graph galaxies", {1, 2, 3}),
        ("graph -molecules", {2}),
        ("graph NOT (molecules galaxies)", {2}),
        ("graph AND molecules", {1}),
        ("graph +images", {2}),
        ("molecules OR galaxies", {1, 3}),
        ("(molecules OR dust) graph", {1, 3}),
        ("graph AND (molecules OR dust)", {1}),
        ("(graph images) OR galaxies", {2, 3}),
        ('"neural graph"', set()),
        ('"graph neural"', {1}),
        ('"networks we study"', set()),
        ('"models of molecules"', {1}),
        ('"neural models by molecules"', {1}),  # of words of every text only the place counts
        ('"neural models molecules"', set()),
        ('"a graph"', {2}),
        ('graph -"a graph"', {1}),
        ('graph -"the graph"', {1, 2}),
        ('graph -"of the"', {1, 2}),
        ("cat:hep-th", {4}),
        ("cat:astro-ph", {3}),
        ('graph -"graph neural"', {2}),
        ("title:graph", {1}),
        ("title:(neural images)", {2}),
        ("title:(graph OR images)", {1, 2}),
        ('title:"neural images"', {2}),
        ("abstract:images", {2}),
        ("abstract:networks", set()),
        ("abstract:graph", {1, 2}),
        ("neural -title:graph", {2}),
        ("author:vaswani", {1}),
        ("author:Vaswani", {1}),
        ('author:"Ashish Vaswani"', {1}),
        ('author:"Vaswani, Ashish"', {1}),
        ('author:"Geoffrey Hinton"', {1}),
        ('author:"Sun Kaiming"', set()),
        ("neural -author:sun", {1}),
        ("vaswani", {1}),
        ("cat:cs", {1, 2}),
        ("cat:cs.LG", {1}),
        ("cat:cs.LG cat:stat.ML", {1}),
        ("cat:cs.LG cat:cs.CV", set()),
        ("cat:cs.LG OR cat:cs.CV", {1, 2}),
        ("-cat:cs", {3, 4}),
        ("neural -cat:cs.CV", {1}),
        ("cat:cs.CV OR dust", {2, 3}),
        ("year:2025", {2}),
        ("year:2024..2025", {1, 2}),
        ("-year:2024", {2, 3, 4}),
        ("from:2025-07-09", {2, 3}),
        ("from:2025-07-10", {3}),
        ("to:2024", {1}),
        ("has:code", {1, 4}),
        ("-has:code", {2, 3}),
        ("neural has:code", {1}),
        ("-graph", {3, 4}),
        ("year:abc graph", {1, 2}),
        ("title:galaxies-of", {3}),
        ("AND graph", {1, 2}),
    ],
)
def test_operators_and_fields_find(index: EmbeddedIndex, query: str, papers: set[int]) -> None:
    assert set(found(index, query)) == papers
    assert index.search(read(query), limit=1).total == len(papers)


def test_a_compound_is_found_in_a_title_and_an_abstract_either_way(tmp_path: Path) -> None:
    index = index_of(
        tmp_path,
        entry(1, "Few-shot learning", text="Of GPT4."),
        entry(2, "Fewshot learning", text="Of GPT-4."),
        entry(3, "Learning", text="Few of them, one shot."),
    )

    for query in ("title:few-shot", "title:fewshot", "abstract:GPT-4", "abstract:GPT4", "gpt4 AND few-shot"):
        assert set(found(index, query)) == {1, 2}, query


def test_filters_alone_list_the_newest_first(index: EmbeddedIndex) -> None:
    assert found(index, "cat:cs from:2020") == [2, 1]


def test_common_words_alone_find_and_beside_others_do_not(index: EmbeddedIndex) -> None:
    assert found(index, "is not") == [2]
    assert found(index, "is galaxies") == [3]


def test_sorted_by_date_a_compound_may_be_written_as_one(tmp_path: Path) -> None:
    index = index_of(tmp_path, entry(1, "Pretraining networks"), entry(2, "Training networks"))

    assert found(index, "pre-training networks", sort=Sort.NEWEST) == [1]


def test_scores_are_those_of_the_search(index: EmbeddedIndex) -> None:
    for query in (
        "graph images vaswani",
        "graph -dust has:code",
        '"graph neural" networks',
        "graph from:2025",
    ):
        asked = read(query)
        searched = {hit.paper_id: hit.score for hit in index.search(asked, limit=10).hits}

        assert {paper: score for paper, score in index.scores(asked, [1, 2, 3, 4]).items() if score} == (
            pytest.approx(searched)
        )


def test_a_paper_without_any_of_the_words_scores_nothing_but_is_allowed(index: EmbeddedIndex) -> None:
    assert index.scores(read("graph"), [3, 4]) == {3: 0.0, 4: 0.0}
    assert index.scores(read("graph -dust"), [3, 4]) == {4: 0.0}
    assert index.scores(read("dust has:code"), [3, 4]) == {4: 0.0}
    assert index.scores(read('"graph neural"'), [1, 2]).keys() == {1}


def test_no_papers_and_unknown_papers_have_no_scores(index: EmbeddedIndex) -> None:
    assert index.scores(read("graph"), []) == {}
    assert index.scores(read("graph"), [77]) == {}


def test_filters_may_be_added_to_a_query_that_was_read(index: EmbeddedIndex) -> None:
    asked = replace(read("neural"), filters=Filters(categories=("cs.CV",)))

    assert [hit.paper_id for hit in index.search(asked, limit=5).hits] == [2]


def test_words_too_common_are_left_to_a_close_reading_where_one_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = index_of(tmp_path, *(entry(n, f"Learning of {'rare ' * (n < 3)}models") for n in range(1, 9)))
    monkeypatch.setattr(clauses, "MOST_POSTINGS", 1)
    monkeypatch.setattr(clauses, "ALWAYS_ASKED", 1)

    whole = index.search(read("rare learning models"), limit=9)
    bounded = index.search(read("rare learning models"), limit=9, is_bounded=True)

    assert (whole.total, whole.is_rough) == (8, False)
    assert ({hit.paper_id for hit in bounded.hits}, bounded.is_rough) == ({1, 2}, True)
    assert index.search(read("models"), limit=9, is_bounded=True).total == 8  # the rarest always


def test_phrases_beyond_the_budget_are_looked_for_as_words_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = index_of(tmp_path, entry(1, "Neural graph networks"), entry(2, "Graph neural networks"))

    assert set(found(index, '"graph neural"')) == {2}
    monkeypatch.setattr(clauses.Budget, "has", spent)
    hits = index.search(read('"graph neural" networks'), limit=9)
    assert ({hit.paper_id for hit in hits.hits}, hits.is_loose) == ({1, 2}, True)
    assert set(found(index, 'networks -"graph neural"')) == {1, 2}


def spent(budget: clauses.Budget, papers: int) -> bool:
    budget.is_spent = True
    return False


def test_a_budget_goes_on_with_what_it_can_afford() -> None:
    budget = clauses.Budget(5)

    assert [budget.has(papers) for papers in (3, 10, 1, 2)] == [True, False, True, False]
    assert budget.is_spent


def test_a_ninth_phrase_is_looked_for_as_words(tmp_path: Path) -> None:
    index = index_of(tmp_path, entry(1, "Neural graph networks"), entry(2, "Galaxies"))
    eight = " OR ".join(f'"no paper {number}"' for number in range(8))

    assert found(index, f'{eight} OR "graph neural"') == [1]


@pytest.mark.parametrize(
    ("query", "papers"),
    [('author:"Bo An"', {1}), ('author:"A. Ng"', {2}), ('author:"Smith, A."', {3}), ('"Thi Nguyen"', {4})],
)
def test_names_are_names_though_texts_are_full_of_such_words(
    tmp_path: Path, query: str, papers: set[int]
) -> None:
    names = ("Bo An", "A. Ng", "A. Smith", "Thi Nguyen", "Bo Li", "B. Ng", "B. Smith", "Van Nguyen")
    index = index_of(tmp_path, *(entry(n, f"Paper {n}", authors=(name,)) for n, name in enumerate(names, 1)))

    assert set(found(index, query)) == papers
