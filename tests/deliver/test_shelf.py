"""Rendered pieces are kept while they are used, and no more of them than told."""

from broadsheet.deliver.web.shelf import Shelf


def _noted(made: list[str]) -> str:
    made.append("a")
    return "ä <b>"


def test_a_piece_is_made_once() -> None:
    made: list[str] = []
    shelf = Shelf(most=2)

    pieces = [shelf.get("a", lambda: _noted(made)) for _ in range(3)]

    assert pieces == ["ä <b>"] * 3
    assert made == ["a"]


def test_the_piece_used_longest_ago_goes_first() -> None:
    shelf = Shelf(most=2)

    for key in ("a", "b", "a", "c"):
        shelf.get(key, lambda: "old")

    assert shelf.get("a", lambda: "new") == "old"
    assert shelf.get("b", lambda: "new") == "new"
