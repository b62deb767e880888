"""The vectors follow the store: news at once, old papers newest first, and no text twice."""

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from broadsheet.domain.paper import Link, LinkKind
from broadsheet.enrich.embed.base import EmbedderError
from broadsheet.index.base import Filters
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.index.vectors import EmbeddedVectors
from broadsheet.jobs import meaning
from broadsheet.jobs.meaning import Meaning, catch_up, go_back, rebuild
from broadsheet.jobs.upkeep import follow
from broadsheet.store.intake import take_in
from broadsheet.store.models import Paper
from tests.fakes.embedder import HashingEmbedder
from tests.makers import NOW, arxiv, listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def vectors(tmp_path: Path, embedder: HashingEmbedder) -> Meaning:
    return Meaning(EmbeddedVectors(tmp_path, "one"), lambda: embedder, "hashing")


def nearest(vectors: Meaning, text: str, **filters: Any) -> str:
    """The title of the paper whose meaning is nearest."""
    query = vectors.load().embed([text])[0]
    hits = vectors.index.nearest(query, limit=1, filters=Filters(**filters)).hits
    return Paper.objects.get(pk=hits[0].paper_id).title


def dated(number: int, **said: Any) -> Any:
    return arxiv(f"2605.{number:05}", title=f"Paper {number}", updated_on=date(2026, 5, number), **said)


def test_papers_are_found_by_title_and_abstract(vectors: Meaning) -> None:
    take_in(
        [
            arxiv("2605.00001", title="On trees", abstract="Of leaves and roots."),
            arxiv("2605.00002", title="On stars", abstract="Of light and dust."),
        ],
        now=NOW,
    )

    assert catch_up(vectors) == 2
    assert nearest(vectors, "roots of trees") == "On trees"
    assert nearest(vectors, "dust light") == "On stars"


def test_catching_up_twice_embeds_nothing(vectors: Meaning, embedder: HashingEmbedder) -> None:
    take_in([arxiv()], now=NOW)
    catch_up(vectors)

    assert catch_up(vectors) == 0
    assert len(embedder.embedded) == 1


def test_a_changed_text_is_embedded_anew_and_an_unchanged_one_is_not(
    vectors: Meaning, embedder: HashingEmbedder
) -> None:
    take_in([arxiv("2605.00001", title="On trees"), arxiv("2605.00002", title="On stars")], now=NOW)
    catch_up(vectors)
    embedder.embedded.clear()

    code = (Link(LinkKind.CODE, "https://github.com/some/trees"),)
    take_in(
        [arxiv("2605.00001", title="On trees", links=code), arxiv("2605.00002", title="On moons")], now=NOW
    )
    catch_up(vectors)

    assert embedder.embedded == ["On moons"]
    assert nearest(vectors, "On moons") == "On moons"
    assert nearest(vectors, "On moons", has_code=True) == "On trees"


def test_a_joined_paper_is_forgotten(vectors: Meaning) -> None:
    take_in([listed("A title that comes later"), arxiv(title="The title of version one")], now=NOW)
    catch_up(vectors)
    assert vectors.index.count() == 2

    take_in([arxiv(title="A title that comes later")], now=NOW)
    catch_up(vectors)

    assert vectors.index.ids() == set(Paper.objects.values_list("pk", flat=True))


@pytest.fixture
def in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits that a large store would meet, made small."""
    monkeypatch.setattr(meaning, "FEW", 2)
    monkeypatch.setattr(meaning, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(meaning, "LEAST_AT_ONCE", 2)


@pytest.mark.usefixtures("in_small_batches")
def test_old_papers_follow_newest_first_and_news_do_not_wait_for_them(vectors: Meaning) -> None:
    embedder = vectors.load()
    assert isinstance(embedder, HashingEmbedder)
    take_in([dated(3), dated(9), dated(5), dated(7), arxiv("2605.00020", title="Undated")], now=NOW)
    batches = iter([True, True, False])
    go_back(vectors, goes_on=lambda: next(batches))
    first = list(embedder.embedded)

    take_in([dated(1)], now=NOW)
    catch_up(vectors)
    news = embedder.embedded[len(first) :]
    go_back(vectors)

    assert [*first, *news] == ["Paper 9", "Paper 7", "Paper 1"]
    assert embedder.embedded[3:] == ["Paper 5", "Paper 3", "Undated"]
    assert vectors.index.ids() == set(Paper.objects.values_list("pk", flat=True))


@pytest.mark.usefixtures("in_small_batches")
def test_a_paper_changed_before_its_turn_is_embedded_once(vectors: Meaning) -> None:
    embedder = vectors.load()
    assert isinstance(embedder, HashingEmbedder)
    take_in([dated(3), dated(9), dated(5)], now=NOW)
    catch_up(vectors)

    take_in([arxiv("2605.00003", title="Paper 3 again")], now=NOW)
    go_back(vectors)

    assert sorted(embedder.embedded) == ["Paper 3 again", "Paper 5", "Paper 9"]


@pytest.mark.usefixtures("in_small_batches")
def test_papers_of_one_day_are_neither_passed_over_nor_taken_twice(vectors: Meaning) -> None:
    embedder = vectors.load()
    assert isinstance(embedder, HashingEmbedder)
    told = [arxiv(f"2605.{n:05}", title=f"Paper {n}", updated_on=date(2026, 5, 1)) for n in range(7)]
    take_in([*told, *(arxiv(f"2605.{n:05}", title=f"Paper {n}") for n in range(7, 12))], now=NOW)

    go_back(vectors)

    assert sorted(embedder.embedded) == sorted(f"Paper {n}" for n in range(12))


@pytest.mark.usefixtures("in_small_batches")
def test_another_model_takes_over_when_it_has_all_papers(vectors: Meaning) -> None:
    take_in([dated(number) for number in range(1, 6)], now=NOW)
    go_back(vectors)
    other = HashingEmbedder("hashing@2", 64)
    changed = Meaning(vectors.index, lambda: other, "other")

    batches = iter([True, True, False])
    go_back(changed, goes_on=lambda: next(batches))
    assert vectors.index.model() == "hashing@1"
    assert nearest(vectors, "Paper 4") == "Paper 4"

    go_back(changed)
    assert vectors.index.model() == "hashing@2"
    assert vectors.index.count() == 5
    assert nearest(changed, "Paper 4") == "Paper 4"


@pytest.mark.usefixtures("in_small_batches")
def test_while_another_model_grows_news_reach_what_answers(vectors: Meaning) -> None:
    take_in([dated(number) for number in range(1, 6)], now=NOW)
    go_back(vectors)
    changed = replace(vectors, load=lambda: HashingEmbedder("hashing@2", 64), former=vectors.load)
    batches = iter([True, True, False])
    go_back(changed, goes_on=lambda: next(batches))

    take_in([dated(6)], now=NOW)
    catch_up(changed)

    assert vectors.index.model() == "hashing@1"
    assert nearest(vectors, "Paper 6") == "Paper 6"


@pytest.mark.usefixtures("in_small_batches")
def test_damage_to_what_answers_does_not_keep_another_model_from_growing(
    vectors: Meaning, caplog: pytest.LogCaptureFixture
) -> None:
    take_in([dated(number) for number in range(1, 6)], now=NOW)
    go_back(vectors)
    changed = replace(vectors, load=lambda: HashingEmbedder("hashing@2", 64), former=vectors.load)
    batches = iter([True, True, False])
    go_back(changed, goes_on=lambda: next(batches))
    next(path for path in vectors.index.folder.glob("g-*/ids") if path.stat().st_size == 40).unlink()

    go_back(changed)

    assert "get no news" in caplog.text
    assert vectors.index.model() == "hashing@2"
    assert vectors.index.count() == 5


def test_a_rebuild_holds_the_same_papers(vectors: Meaning) -> None:
    take_in([dated(number) for number in range(1, 6)], now=NOW)
    catch_up(vectors)

    assert rebuild(vectors) == 5
    assert vectors.index.ids() == set(Paper.objects.values_list("pk", flat=True))


def test_damaged_vectors_are_built_anew_with_a_word(
    vectors: Meaning, caplog: pytest.LogCaptureFixture
) -> None:
    take_in([dated(1), dated(2)], now=NOW)
    with caplog.at_level(logging.WARNING):
        catch_up(vectors)
    assert caplog.messages == []
    next(vectors.index.folder.glob("g-*/vectors")).write_bytes(b"")

    catch_up(vectors)

    assert vectors.index.count() == 2
    assert len(caplog.messages) == 1
    assert "built anew" in caplog.messages[0]


def test_words_are_followed_though_the_model_cannot_be_loaded(vectors: Meaning, tmp_path: Path) -> None:
    def load() -> HashingEmbedder:
        raise EmbedderError("model.onnx is missing")

    take_in([arxiv()], now=NOW)
    words = EmbeddedIndex(tmp_path / "words", "one")

    told = follow(words, Meaning(vectors.index, load, "folder"), now=NOW)

    assert told.endswith("1 papers indexed, none embedded: model.onnx is missing")
    assert words.count() == 1
