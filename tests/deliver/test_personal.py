"""What of an edition a reader's choice leaves, and in which order."""

from broadsheet.deliver.email.personal import choosable, picked
from broadsheet.domain.interest import Interest
from broadsheet.store.page_values import Facts, Placed


def place(rank: int, title: str, categories: str = "cs.LG", author: str = "Emmy Noether") -> Placed:
    paper = Facts(rank, f"k{rank}", title, "", "", "", (author,), tuple(categories.split()), None, False)
    return Placed(rank, "", paper, 0.0, [])


POOL = [
    choosable(one)
    for one in (
        place(1, "A survey of graphs"),
        place(2, "Speech in noise", "eess.AS cs.CL"),
        place(3, "Transformers that ran"),
        place(4, "Kernels", "stat.ML", "Jörg Müller"),
        place(5, "Self-supervised speech", "cs.SD"),
    )
]


def ids(**chosen: tuple[str, ...] | str) -> list[int]:
    return [one.paper.paper_id for one in picked(POOL, Interest(**chosen))]  # type: ignore[arg-type]


def test_without_a_choice_it_is_the_edition() -> None:
    assert ids() == [1, 2, 3, 4, 5]


def test_categories_count_cross_lists_too() -> None:
    assert ids(categories=("cs.CL", "stat.ML")) == [2, 4]


def test_muted_words_are_whole_words_in_any_case() -> None:
    assert ids(muted=("SURVEY", "transformer")) == [2, 3, 4, 5]
    assert ids(muted=("self supervised",)) == [1, 2, 3, 4]


def test_boosted_words_stand_first_in_the_edition_s_order() -> None:
    assert ids(boosted=("speech",)) == [2, 5, 1, 3, 4]


def test_an_author_s_papers_are_always_there_and_first() -> None:
    assert ids(authors=("jorg muller",), categories=("cs.SD",), muted=("kernels",)) == [4, 5]


def test_a_word_without_letters_chooses_nothing() -> None:
    assert ids(muted=("--",), authors=("!",)) == [1, 2, 3, 4, 5]


def test_a_query_is_answered_by_whoever_can() -> None:
    interest = Interest(query="title:speech")

    assert [one.rank for one in picked(POOL, interest)] == [1, 2, 3, 4, 5]
    assert [one.paper.paper_id for one in picked(POOL, interest, lambda _: {2, 5})] == [2, 5]
