"""Lets the vectors follow the store: news at once, old papers in the background, newest first.

Every batch is kept on its own, with how far it reaches: killed at any instant, the next run goes on from
there. The store is right; the vectors are derived from it.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import numpy as np

from broadsheet.domain.gist import Gist, Gists
from broadsheet.enrich.embed.base import Embedder, EmbedderError
from broadsheet.enrich.embed.papers import as_rows, hashes, tokens_of, values_of
from broadsheet.enrich.embed.static import shipped_table
from broadsheet.index.base import Floats, IndexOutdated, Tokens, Vectors
from broadsheet.index.vector_state import Made, Place
from broadsheet.index.vector_writer import Writer
from broadsheet.index.vectors import EmbeddedVectors
from broadsheet.store import changes
from broadsheet.store.gists import news_after, old_before

log = logging.getLogger(__name__)

FIRST_AT_ONCE, MOST_AT_ONCE, LEAST_AT_ONCE = 1_000, 10_000, 50
SERVED_S = 10.0  # what news of the former model may take from the new one
BATCH_S = 2.0  # how long a batch should take: what a kill loses, and how soon we stop when asked to
FEW = 20_000  # changes; a store with no more is read in their order instead of newest first

Progress = Callable[[int], object]
GoesOn = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The vectors, and what makes them."""

    index: EmbeddedVectors
    load: Callable[[], Embedder]  # called where something is embedded; raises EmbedderError
    setting: str  # kept with the vectors, to embed queries after another one is set
    former: Callable[[], Embedder | None] = lambda: None  # the model of the vectors that answer just now


def _nothing(count: int) -> None:
    """Nobody watches."""


def always() -> bool:
    return True


def for_at_most(seconds: float, goes_on: GoesOn = always) -> GoesOn:
    """Go on while that does, but no longer than this from now."""
    end_s = time.monotonic() + seconds
    return lambda: time.monotonic() < end_s and goes_on()


def catch_up(meaning: Meaning, progress: Progress = _nothing, *, goes_on: GoesOn = always) -> int:
    """Embed the papers that are new or changed; how many. Raises IndexBusy, EmbedderError."""
    _serve(meaning, goes_on)
    with _following(meaning, progress) as follower:
        return follower.news(goes_on)


def go_back(meaning: Meaning, progress: Progress = _nothing, *, goes_on: GoesOn = always) -> int:
    """Embed news, then papers from before the vectors began, newest first; how many. Raises as `catch_up`."""
    _serve(meaning, goes_on)
    with _following(meaning, progress) as follower:
        return follower.news(goes_on) + follower.old(goes_on)


def is_whole(meaning: Meaning) -> bool:
    """Whether all old papers are embedded, by the model that is set."""
    state = meaning.index.growing() or meaning.index.state()
    return state is None or state.is_complete


def rebuild(meaning: Meaning, progress: Progress = _nothing) -> int:
    """Embed all papers anew, beside the live vectors, and swap. Killed at any instant, these still stand."""
    embedder = meaning.load()
    with meaning.index.rebuilding(_made(meaning, embedder), began_at=changes.newest()) as writer:
        follower = _Follower(writer, embedder, progress)
        return follower.old(always) + follower.news(always)


def _serve(meaning: Meaning, goes_on: GoesOn) -> None:
    """While another model's vectors grow, those that answer follow the news, as long as they can be made."""
    if meaning.index.growing() is None:
        return
    try:
        former = meaning.former()
        with meaning.index.following() as writer:
            made = writer.state.made
            if former and former.model == made.model and made.table == shipped_table().name:
                _Follower(writer, former, _nothing).news(for_at_most(SERVED_S, goes_on))
    except (IndexOutdated, EmbedderError) as error:
        log.warning("The vectors that answer get no news until the new ones are complete: %s", error)


@contextmanager
def _following(meaning: Meaning, progress: Progress) -> Iterator["_Follower"]:
    embedder = meaning.load()
    with ExitStack() as stack:
        yield _Follower(_writer(stack, meaning, embedder), embedder, progress)


def _writer(stack: ExitStack, meaning: Meaning, embedder: Embedder) -> Writer:
    made, newest = _made(meaning, embedder), changes.newest()
    began_at = newest if newest > FEW else 0
    try:
        return stack.enter_context(meaning.index.writing(made, began_at=began_at))
    except IndexOutdated as error:
        if not meaning.index.is_new:
            log.warning("The index of meaning is built anew, because %s", error)
        return stack.enter_context(meaning.index.starting(made, began_at=began_at))


def _made(meaning: Meaning, embedder: Embedder) -> Made:
    return Made(embedder.model, embedder.dimensions, meaning.setting, shipped_table().name)


@dataclass
class _Follower:
    writer: Writer
    embedder: Embedder
    progress: Progress
    at_once: int = field(default_factory=lambda: min(FIRST_AT_ONCE, MOST_AT_ONCE))

    def news(self, goes_on: GoesOn) -> int:
        count = 0
        while goes_on():
            gists = news_after(self.writer.seen, most=self.at_once)
            if gists.up_to > self.writer.seen:
                self.writer.add(self._embedded(gists), up_to=gists.up_to)
            count += self._told(gists)
            if gists.is_last:
                break
        return count

    def old(self, goes_on: GoesOn) -> int:
        count = 0
        while not self.writer.state.is_complete and goes_on():
            place, began_at = self.writer.state.place, self.writer.state.began_at
            day, paper_id = (place.day, place.paper_id) if place else (None, None)
            gists = old_before(day, paper_id, began_at=began_at, most=self.at_once)
            last = gists.gists[-1] if gists.gists else None
            place = Place(last.dated_on, last.paper_id) if last else place
            self.writer.add(self._embedded(gists), place=place, is_last=gists.is_last)
            count += self._told(gists)
        return count

    def _told(self, gists: Gists) -> int:
        self.progress(len(gists.gists))
        return len(gists.gists)

    def _embedded(self, gists: Gists) -> Vectors:
        papers = gists.gists
        tokens, title_lengths = tokens_of(papers)
        return as_rows(papers, self._values(papers, tokens), tokens, title_lengths, gists.gone)

    def _values(self, papers: Sequence[Gist], tokens: Tokens) -> Floats:
        """Of a text that was embedded before the vector that is held."""
        ids = np.array([paper.paper_id for paper in papers], np.int64)
        values = np.zeros((len(papers), self.embedder.dimensions), np.float32)
        is_known = self.writer.knows(ids, hashes(papers))
        if is_known.any():
            values[is_known] = self.writer.values_of(ids[is_known])
        new = np.flatnonzero(~is_known)
        if len(new):
            began = time.perf_counter()
            values[new] = values_of([papers[place] for place in new.tolist()], tokens[new], self.embedder)
            each_s = (time.perf_counter() - began) / len(new)
            self.at_once = max(LEAST_AT_ONCE, min(MOST_AT_ONCE, round(BATCH_S / max(each_s, 1e-9))))
        return values
