"""Ten thousand random and hostile queries on a real index: none fails."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.index.base import Sort
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.index.query import LONGEST, read
from tests.index.making import entry, index_of

MANY = settings(
    max_examples=5_000,
    derandomize=True,
    database=None,
    deadline=None,
)
PIECES = st.sampled_from(
    [
        *(
            '"',
            "(",
            ")",
            "-",
            "+",
            ":",
            "AND",
            "OR",
            "NOT",
            "*",
            "?",
            "~",
            "^",
            "[",
            "]",
            "{",
            "}",
            "/",
            "\\",
            "'",
            "”",
        ),
        *(
            "title:",
            "abstract:",
            "author:",
            "cat:",
            "year:",
            "from:",
            "to:",
            "has:",
            "id:",
            "foo:",
            "ti:",
            "CAT:",
        ),
        *(
            "cs.LG",
            "2024..2026",
            "2026-13-45",
            "code",
            "10.1000/x",
            "https://arxiv.org/abs/2401.01234",
            "%00",
        ),
        *(
            "graph",
            "neural",
            "GPT-4",
            "k-NN",
            "ImageNet",
            "α",
            "$k$-means",
            "\\alpha",
            "{\\it",
            "\\'e",
            "C++",
            "3.1",
        ),
        *(
            "机器学习",
            "ﬁ",
            "ＡＢ",
            "\x00",
            "\u202e",
            "\ud800",
            "\u0301",
            "..",
            ",",
            ";",
            "|",
            "&",
            "<script>",
        ),
    ]
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedIndex:
    titles = ("Graph neural networks", "GPT-4 and k-NN", "ImageNet 3.1 in C++", "机器学习 α")
    entries = [entry(number, title, authors=("A. One", "B. Two")) for number, title in enumerate(titles, 1)]
    return index_of(tmp_path_factory.mktemp("hostile"), *entries)


def _ask(index: EmbeddedIndex, query: str) -> None:
    asked = read(query)
    assert len(asked.text) <= LONGEST
    for sort in (Sort.RELEVANCE, Sort.NEWEST):
        assert index.search(asked, limit=3, sort=sort).total <= 4
    assert len(index.scores(asked, [1, 2, 3, 4])) <= 4
    index.facets(asked)
    index.mended(asked)


@pytest.mark.slow
@MANY
@given(
    st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=30).flatmap(
        lambda pieces: st.sampled_from([" ", ""]).map(lambda gap: gap.join(pieces))
    )
)
def test_no_mix_of_signs_and_operators_fails(index: EmbeddedIndex, query: str) -> None:
    _ask(index, query)


@pytest.mark.slow
@MANY
@given(st.text(max_size=200))
def test_no_text_at_all_fails(index: EmbeddedIndex, query: str) -> None:
    _ask(index, query)


@pytest.mark.parametrize(
    "piece", ["(", ")", '"', "-", "-(", "NOT ", "a OR ", "a AND ", "title:", "title:(", "((a)", "a-", "ab"]
)
def test_one_piece_repeated_to_ten_thousand_characters_fails_nowhere(
    index: EmbeddedIndex, piece: str
) -> None:
    _ask(index, (piece * 10_000)[:10_000])
