"""What of an edition a reader's choice leaves, and in which order."""

from collections.abc import Sequence

import pytest

from broadsheet.deliver.email.chosen import chosen_for
from broadsheet.deliver.personal import NONE, Pool, Positions, Turn, picked
from broadsheet.domain.interest import Interest
from broadsheet.domain.likes import MOST_LIKES, Like, Likes, with_like
from broadsheet.store.page_values import Facts, Placed


def place(rank: int, title: str, categories: str = "cs.LG", author: str = "Emmy Noether") -> Placed:
    paper = Facts(rank, f"k{rank}", title, "", "", "", (author,), tuple(categories.split()), None, False)
    return Placed(rank, "", paper, 0.0, [])


POOL = Pool(
    [
        place(1, "A survey of graphs"),
        place(2, "Speech in noise", "eess.AS cs.CL"),
        place(3, "Transformers that ran"),
        place(4, "Kernels", "stat.ML", "Jörg Müller"),
        place(5, "Self-supervised speech", "cs.SD"),
    ]
)


class Index:
    """Answers as an index would, from a table."""

    def __init__(self, found: Positions | None = None, alike: dict[int, Positions] | None = None) -> None:
        self.answer, self.table = found, alike or {}

    def found(self, query: str) -> Positions | None:
        return self.answer

    def alike(self, more: Sequence[int], less: Sequence[int]) -> tuple[Positions, Positions]:
        liked, disliked = (NONE.union(*(self.table.get(one, NONE) for one in ids)) for ids in (more, less))
        return liked, disliked


def ids(likes: Likes = Likes(), index: Index | None = None, **chosen: tuple[str, ...] | str) -> list[int]:  # noqa: B008
    found = picked(POOL, Interest(**chosen), likes, index)  # type: ignore[arg-type]
    return [one.paper.paper_id for one, _ in found.places]


def test_without_a_choice_it_is_the_edition() -> None:
    assert ids() == [1, 2, 3, 4, 5]


def test_categories_count_cross_lists_too_and_an_archive_all_of_its_own() -> None:
    assert ids(categories=("cs.CL", "stat.ML")) == [2, 4]
    assert ids(categories=("cs",)) == [1, 2, 3, 5]


def test_muted_words_are_whole_words_in_any_case() -> None:
    assert ids(muted=("SURVEY", "transformer")) == [2, 3, 4, 5]
    assert ids(muted=("self supervised",)) == [1, 2, 3, 4]
    assert ids(muted=("supervised self",)) == [1, 2, 3, 4, 5]


def test_boosted_words_stand_first_in_the_edition_s_order() -> None:
    assert ids(boosted=("speech",)) == [2, 5, 1, 3, 4]


def test_an_author_s_papers_are_always_there_and_first() -> None:
    assert ids(authors=("jorg muller",), categories=("cs.SD",), muted=("kernels",)) == [4, 5]


def test_a_word_without_letters_chooses_nothing() -> None:
    assert ids(muted=("--",), authors=("!",)) == [1, 2, 3, 4, 5]


def test_names_do_not_run_from_one_author_into_the_next() -> None:
    paper = Facts(1, "k", "T", "", "", "", ("Ada Byron", "Emmy Noether"), (), None, False)
    pool = Pool([Placed(1, "", paper, 0.0, [])])

    assert pool.authors.having("Emmy Noether") == {0}
    assert pool.authors.having("Byron Emmy") == NONE


def test_a_query_is_answered_by_the_index() -> None:
    assert ids(index=Index(frozenset({1, 4})), query="speech") == [2, 5]
    assert ids(index=Index(frozenset({1, 4})), query="speech", categories=("cs.CL",)) == [2]


def test_a_query_that_cannot_be_asked_loses_nothing_else_and_is_told() -> None:
    found = picked(POOL, Interest(query="speech", categories=("cs.LG",)), seeks=Index(None))

    assert [one.paper.paper_id for one, _ in found.places] == [1, 3]
    assert found.lacks_search


def test_what_is_like_a_liked_paper_rises_and_like_a_disliked_one_sinks() -> None:
    index = Index(alike={90: frozenset({3}), 91: frozenset({0, 1})})

    assert ids(Likes(more=(90,), less=(91,)), index) == [4, 3, 5, 1, 2]
    assert ids(Likes(less=(91,)), index, authors=("noether",)) == [1, 2, 3, 5, 4]


def test_each_paper_knows_why_it_stands_where_it_does() -> None:
    index = Index(alike={90: frozenset({2}), 91: frozenset({0})})
    chosen = Interest(boosted=("noise",), authors=("müller",))

    found = picked(POOL, chosen, Likes(more=(90,), less=(91,)), index)

    assert [turn for _, turn in found.places] == [Turn.AUTHOR, Turn.WORD, Turn.LIKED, Turn.OWN, Turn.DISLIKED]


def test_what_was_disliked_itself_does_not_come_back() -> None:
    assert ids(Likes(less=(2, 4)), Index()) == [1, 3, 5]


def test_likes_are_bounded_and_the_newest_word_counts() -> None:
    likes = Likes()
    for number in range(MOST_LIKES + 5):
        likes = with_like(likes, number, Like.LESS)
    likes = with_like(likes, 40, Like.MORE)

    assert (len(likes.less), likes.less[0], likes.more) == (MOST_LIKES - 1, 5, (40,))


@pytest.mark.parametrize(
    ("interest", "likes", "words"),
    [
        (Interest(), Likes(), ""),
        (Interest(categories=("cs.CL",)), Likes(more=(1, 2)), "cs.CL; more like 2 papers"),
        (Interest(query="x" * 300), Likes(), f"the search “{'x' * 79}…”"),
    ],
)
def test_a_digest_says_what_it_was_chosen_by(interest: Interest, likes: Likes, words: str) -> None:
    assert chosen_for(interest, likes) == words
