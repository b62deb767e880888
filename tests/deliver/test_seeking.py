"""Saved searches and likes choose among an edition's papers; an index that fails costs nobody a digest."""

from dataclasses import replace

import pytest
import time_machine

from broadsheet import wiring
from broadsheet.deliver.email.compose import text_of
from broadsheet.deliver.email.digest import Digest
from broadsheet.deliver.email.reading import Sheet, personal_digest, sheet_of
from broadsheet.deliver.seeking import MOST_KEPT, Seeker
from broadsheet.domain.edition import WindowKind, window_of
from broadsheet.domain.interest import Interest
from broadsheet.domain.likes import Likes
from broadsheet.index.base import VectorsDamaged
from broadsheet.jobs.indexing import catch_up
from broadsheet.rank.found import Engines
from broadsheet.store.models import Paper
from tests.deliver.conftest import FRIDAY, NOW, TakeIn, key_of, record
from tests.fakes.vectors import VectorsInMemory

SITE = "https://papers.example.org"


@pytest.fixture(autouse=True)
def on_sunday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def papers(take: TakeIn) -> None:
    take(*(record(number, f"Folding of proteins {number}", summary="Chains.") for number in (1, 2, 3)))
    take(*(record(number, f"Speech in noise {number}", summary="Sounds.") for number in (4, 5, 6)))
    catch_up(wiring.words_index())


def id_of(number: int) -> int:
    return Paper.objects.get(key=key_of(number)).pk


def sheet(engines: Engines | None = None) -> Sheet:
    window = window_of(WindowKind.DAY, FRIDAY)
    return sheet_of(window, site_url=SITE, now=NOW, engines=lambda: engines or wiring.engines())


def shown(made: Digest | None) -> list[int]:
    return [int(story.ref[-1]) for story in made.stories] if made else []


def test_a_saved_search_chooses(papers: None) -> None:
    assert shown(personal_digest(sheet(), Interest(query="speech noise"))) == [4, 5, 6]
    assert shown(personal_digest(sheet(), Interest(query="title:proteins", muted=("2",)))) == [1, 3]
    lifted = personal_digest(sheet(), Interest(query="title:proteins", boosted=("3",)))
    assert lifted
    assert lifted.stories[0].reason.startswith("Has a word you lift. Here for 297 upvotes")
    assert shown(personal_digest(sheet(), Interest(query="unheardof"))) == []


def test_a_broken_index_leaves_the_rest_of_the_choice_and_says_so(
    papers: None, caplog: pytest.LogCaptureFixture
) -> None:
    for path in wiring.words_index().folder.glob("g-*/meta.json"):
        path.write_text("{")
    read = sheet()

    for _ in range(3):
        made = personal_digest(read, Interest(query="speech", muted=("6",), most=3))

    assert made
    assert shown(made) == [1, 2, 3]
    assert made.chosen_count == 5
    assert "Your search could not be run just now" in text_of(made)
    assert caplog.text.count("could not be run") == 1  # asked once for all readers


def test_an_index_that_is_not_there_yet_loses_nothing(take: TakeIn) -> None:
    take(record(1))

    made = personal_digest(sheet(), Interest(query="speech"))

    assert shown(made) == [1]


@pytest.mark.parametrize(
    "query", ['"', "((((", "title:", "cat:nonsense from:99", "\x00", "x" * 500, "2605.00001"]
)
def test_no_query_is_too_odd(papers: None, query: str) -> None:
    personal_digest(sheet(), Interest(query=query))


def test_likes_move_what_is_near_in_meaning(papers: None) -> None:
    vectors = VectorsInMemory({id_of(n): (1.0, 0.1 * n) if n < 4 else (0.1 * n, -1.0) for n in range(1, 6)})
    read = sheet(replace(wiring.engines(), vectors=vectors))
    liked, disliked = (id_of(4),), (id_of(1),)

    assert shown(personal_digest(read, Interest(), Likes(more=liked))) == [4, 5, 1, 2, 3, 6]
    assert shown(personal_digest(read, Interest(), Likes(less=disliked))) == [4, 5, 6, 2, 3]
    assert shown(personal_digest(read, Interest(), Likes(more=liked, less=disliked))) == [4, 5, 6, 2, 3]
    assert shown(personal_digest(read, Interest(), Likes(less=(10**9,)))) == [1, 2, 3, 4, 5, 6]


def test_without_vectors_likes_move_nothing(papers: None) -> None:
    class Broken(VectorsInMemory):
        def vector_of(self, paper_id: int) -> None:
            raise VectorsDamaged("the file is cut")

    for engines in (replace(wiring.engines(), vectors=None), replace(wiring.engines(), vectors=Broken({}))):
        made = personal_digest(sheet(engines), Interest(), Likes(more=(id_of(4),)))
        assert shown(made) == [1, 2, 3, 4, 5, 6]


def test_memory_does_not_grow_with_readers(papers: None) -> None:
    seeker = Seeker(wiring.engines, [id_of(1), id_of(2)])

    for number in range(MOST_KEPT + 200):
        seeker.alike([number], [])

    assert seeker._nearness.cache_info().currsize == MOST_KEPT
