"""The query language: what a reader types, and how it is understood."""

from datetime import date

import pytest

from broadsheet.index.base import Asked, Filters
from broadsheet.index.query import LONGEST, read


@pytest.mark.parametrize(
    ("typed", "words", "phrases", "meaning"),
    [
        ("Graph Networks", ("graph", "networks"), (), "Graph Networks"),
        ('attention "graph neural"', ("attention",), ("graph neural",), "attention graph neural"),
        ("“typographic quotes”", (), ("typographic quotes",), "typographic quotes"),
        ("graph -image", ("graph",), (), "graph"),
        ("graph NOT image", ("graph",), (), "graph"),
        ("graph NOT NOT image", ("graph", "image"), (), "graph image"),
        ("graph OR image", ("graph", "image"), (), "graph image"),
        ("graph or image", ("graph", "or", "image"), (), "graph or image"),
        ("title:graph author:hinton cats", ("graph", "hinton", "cats"), (), "graph cats"),
        ('abstract:"graph neural"', (), ("graph neural",), "graph neural"),
        ("foo:bar", ("foo", "bar"), (), "foo:bar"),
        ('"of the" graph', ("of", "the", "graph"), (), "of the graph"),
        ("few-shot Llama-3.1", ("few", "shot", "llama", "3.1"), (), "few-shot Llama-3.1"),
        (r"Erd\H{o}s Müller C++", ("erdos", "muller", "c++"), (), r"Erd\H{o}s Müller C++"),
        ("gcc -O3 at -5 dB", ("gcc", "o3", "at", "5", "db"), (), "gcc -O3 at -5 dB"),
        ("to: a new world", ("to", "a", "new", "world"), (), "to a new world"),
        ("-cat:cs.CV transformers", ("transformers",), (), "transformers"),
        ("cat:cs.LG year:2024", (), (), ""),
    ],
)
def test_words_phrases_and_meaning(
    typed: str, words: tuple[str, ...], phrases: tuple[str, ...], meaning: str
) -> None:
    asked = read(typed)

    assert (asked.words, asked.phrases, asked.meaning, asked.notes) == (words, phrases, meaning, ())


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("cat:cs.LG", Filters(categories=("cs.LG",))),
        ("cat:CS.lg", Filters(categories=("cs.LG",))),
        ('cat:"hep-th"', Filters(categories=("hep-th",))),
        ("cat:cs", Filters(categories=("cs",))),
        ("cat:cs.*", Filters(categories=("cs",))),
        ("cat:Physics.Flu-Dyn", Filters(categories=("physics.flu-dyn",))),
        ("cat:cs.LG,cs.CV", Filters(categories=("cs.LG", "cs.CV"))),
        ("cat:cs.LG OR cat:cs.CV", Filters(categories=("cs.LG", "cs.CV"))),
        ("cat:(cs.LG OR cs.CV)", Filters(categories=("cs.LG", "cs.CV"))),
        ("year:2024", Filters(since=date(2024, 1, 1), until=date(2024, 12, 31))),
        ("year:2024..2026", Filters(since=date(2024, 1, 1), until=date(2026, 12, 31))),
        ("year:2026-2024", Filters(since=date(2024, 1, 1), until=date(2026, 12, 31))),
        ("year:2024..", Filters(since=date(2024, 1, 1))),
        ("year:..2024", Filters(until=date(2024, 12, 31))),
        ("from:2026", Filters(since=date(2026, 1, 1))),
        ("from:2026-05", Filters(since=date(2026, 5, 1))),
        ("from: 2026-05-02", Filters(since=date(2026, 5, 2))),
        ("to:2024-02", Filters(until=date(2024, 2, 29))),
        ('to:"2026"', Filters(until=date(2026, 12, 31))),
        ("from:2026-01 from:2026-03 to:2026-05-01", Filters(since=date(2026, 3, 1), until=date(2026, 5, 1))),
        ("has:code", Filters(has_code=True)),
        ("-has:code", Filters(has_code=False)),
        ("graph AND has:code AND cat:cs.LG", Filters(categories=("cs.LG",), has_code=True)),
    ],
)
def test_what_holds_for_the_whole_query_is_a_filter(typed: str, filters: Filters) -> None:
    assert read(typed).filters == filters


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("year:abc", "“year:abc” was left out: write a year as year:2024"),
        ("year:2024..20260", "“year:2024..20260” was left out"),
        ("from:2026-13-45", "“from:2026-13-45” was left out: write a day as"),
        ("to:2026-02-30", "“to:2026-02-30” was left out"),
        ("has:cats", "“has:cats” was left out: only has:code is known."),
        ("cat:nonsense", "“cat:nonsense” was left out: write a category as"),
        ("id:nonsense", "“id:nonsense” was left out: write an arXiv id"),
        ("id:2401.01234 graph", "stands alone"),
        ("-year:abc", "“year:abc” was left out"),
    ],
)
def test_a_value_that_cannot_be_read_is_explained_and_left_out(typed: str, note: str) -> None:
    asked = read(f"graphs {typed}")

    assert note in asked.notes[0]
    assert asked.words[:1] == ("graphs",)
    assert not asked.filters


@pytest.mark.parametrize(
    ("typed", "is_strict"),
    [
        ("graph networks", False),
        ("(graph networks)", False),
        ("graph cat:cs.LG", False),
        ('"graph"', True),
        ("graph -image", True),
        ("graph AND image", True),
        ("+graph image", True),
        ("graph (image OR video)", True),
        ("title:graph", True),
        ("-cat:cs.CV graph", True),
    ],
)
def test_a_query_that_rules_papers_out_is_strict(typed: str, is_strict: bool) -> None:
    assert read(typed).is_strict is is_strict


@pytest.mark.parametrize(
    "typed", ["", "  ", '"', '""', "(", "))((", "-", "+ -", ":", "***", "OR", "NOT", "AND AND"]
)
def test_signs_alone_ask_for_nothing(typed: str) -> None:
    assert read(typed).is_empty


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ('graph "neural', "graph neural"),
        ("graph) neural", "graph neural"),
        ("(graph neural", "graph neural"),
        ("graph OR", "graph"),
        ("AND graph", "graph"),
        ("graph OR OR neural", "graph OR neural"),
        ("graph NOT", "graph"),
        ("graph ()", "graph"),
        ("graph - neural", "graph neural"),
    ],
)
def test_stray_signs_are_ignored(typed: str, same: str) -> None:
    assert (read(typed).words, read(typed).is_strict) == (read(same).words, read(same).is_strict)


def test_a_long_query_is_cut_and_says_so() -> None:
    asked = read("a " * 5_000)

    assert len(asked.text) == LONGEST
    assert asked.notes[0] == "Only the first 1,000 characters were read."


def test_eight_phrases_are_taken_as_such_and_the_ninth_as_words() -> None:
    asked = read(" OR ".join(f'"graph number{number}"' for number in range(9)))

    assert len(asked.phrases) == 8
    assert asked.words == ("graph", "number8")
    assert asked.notes == ("Only the first 8 phrases were taken as such, the others as words.",)


def test_what_is_said_twice_is_asked_once() -> None:
    assert read(" OR ".join(["graph", "molecules"] * 20)).tree == read("graph OR molecules").tree
    assert read("graph AND graph molecules").tree == read("+graph molecules").tree


@pytest.mark.parametrize("typed", ["Vaswani et al", "Vaswani et al. attention", "(Vaswani et al.) 2017"])
def test_and_others_asks_for_nobody(typed: str) -> None:
    assert not {"et", "al"} & set(read(typed).words)


def test_within_quotes_it_stays() -> None:
    assert read('"Vaswani et al"').phrases == ("Vaswani et al",)


def test_sixty_words_are_read_of_a_query() -> None:
    asked = read(" ".join(f"w{number}" for number in range(80)))

    assert len(asked.words) == 60
    assert asked.notes == ("Only the first 60 words were read.",)


def test_an_id_alone_needs_no_explanation() -> None:
    assert read("id:2401.01234") == Asked(text="id:2401.01234")


def test_brackets_nest_as_deep_as_a_query_is_long() -> None:
    assert read("(" * 400 + "graph" + ")" * 400).words == ("graph",)
    assert read("-(" * 300 + "graph").is_strict
