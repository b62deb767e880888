import time

import pytest

from broadsheet.sources.authors import author_names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("", ()),
        ("Ada Lovelace", ("Ada Lovelace",)),
        ("A. Lovelace, A. Turing", ("A. Lovelace", "A. Turing")),
        ("A. Lovelace and A. Turing", ("A. Lovelace", "A. Turing")),
        ("A. Lovelace, A. Turing, and G. Hopper", ("A. Lovelace", "A. Turing", "G. Hopper")),
        ("A. Lovelace; A. Turing & G. Hopper", ("A. Lovelace", "A. Turing", "G. Hopper")),
        ("A. Doe (1), B. Roe (1,2) ((1) MIT, Boston, (2) ETH)", ("A. Doe", "B. Roe")),
        ("A. Doe (MIT, B. Roe", ("A. Doe",)),
        ("Martin King, Jr., Ada Lovelace", ("Martin King Jr.", "Ada Lovelace")),
        ("Andr\\'e Weil, Kurt G{\\\"o}del", ("André Weil", "Kurt Gödel")),
        ("Alexander Sandy, Mandy Andersen", ("Alexander Sandy", "Mandy Andersen")),
        ("A. Doe, A. Doe, ", ("A. Doe",)),
    ],
)
def test_a_line_becomes_names(line: str, names: tuple[str, ...]) -> None:
    assert author_names(line) == names


@pytest.mark.parametrize("piece", ["(", " and ", "  ", ",", "\\'", "A, "])
def test_the_time_grows_with_the_line_only(piece: str) -> None:
    began = time.monotonic()

    author_names(piece * 50_000 + "and")

    assert time.monotonic() - began < 1
