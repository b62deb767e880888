"""Tells webhooks of saved searches what is new to them: asks about changed papers alone, never all of them.

A search follows the store by its change numbers, but no further than the indexes do.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import InterfaceError, OperationalError

from broadsheet.deliver.email.chosen import chosen_for
from broadsheet.deliver.personal import Pool, Turn, picked
from broadsheet.deliver.push.forms import listed, written
from broadsheet.deliver.push.news import LONGEST_LINE, Kind, News, told
from broadsheet.deliver.push.searches import query_of
from broadsheet.deliver.seeking import Seeker
from broadsheet.domain.likes import Likes
from broadsheet.lib.clock import Clock
from broadsheet.lib.text import shortened
from broadsheet.rank.found import Engines
from broadsheet.store import matches, pages
from broadsheet.store.matches import Candidate, Follower, Message
from broadsheet.store.page_values import Placed

log = logging.getLogger(__name__)

AT_ONCE = 500  # papers that are read and asked about together; some 5 MB
MOST = 20_000  # in one go; what is behind them comes with the next message

GoesOn = Callable[[], bool]


class CannotAsk(Exception):
    """The index cannot answer now: the searches are asked again with the next round."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What searches are asked with."""

    engines: Callable[[], Engines]
    followed: Callable[[datetime], int]  # the change number up to which the indexes know the papers
    clock: Clock
    site_url: str


@dataclass(frozen=True, slots=True)
class Match:
    paper: Candidate
    turn: Turn


def match_due(asking: Asking, goes_on: GoesOn) -> int:
    """How many messages were written, each with the papers that are new to one webhook."""
    now, made = asking.clock.now(), 0
    up_to = asking.followed(now)
    for group in matches.due(now, up_to):
        made += _tried(asking, group, up_to, goes_on)
    return made


def _tried(asking: Asking, group: Sequence[Follower], up_to: int, goes_on: GoesOn) -> int:
    """What is wrong with one search keeps no other back: those of its group are asked again one by one."""
    try:
        return _told(asking, group, up_to, goes_on)
    except CannotAsk:
        log.warning("Saved searches of webhooks wait: the index cannot be asked just now.")
        return 0
    except (OperationalError, InterfaceError):  # the database is away, and for all of them
        raise
    except Exception as error:
        if len(group) == 1:
            log.error("The search of webhook %d could not be asked.", group[0].pk, exc_info=error)
            return 0
    return sum(_tried(asking, [one], up_to, goes_on) for one in group)


def _told(asking: Asking, group: Sequence[Follower], up_to: int, goes_on: GoesOn) -> int:
    """The group has come equally far, so that changed papers are read once for all of them."""
    now = asking.clock.now()
    papers, seen = matches.candidates(group[0].seen, up_to, now, MOST)
    found: dict[int, list[Match]] = {one.pk: [] for one in group}
    for first in range(0, len(papers), AT_ONCE):
        if not goes_on():
            return 0
        _match(asking, group, papers[first : first + AT_ONCE], found)
    made, nothing = 0, []
    for one in group:
        if fresh := _fresh(one, found[one.pk]):
            made += matches.tell(one, seen, _messages(asking, one, fresh, now), now)
        else:
            nothing.append(one)
    matches.move(nothing, seen)
    return made


def _match(
    asking: Asking, group: Sequence[Follower], papers: Sequence[Candidate], found: dict[int, list[Match]]
) -> None:
    known = {one.paper_id: one for one in papers}
    places = [Placed(0, "", facts, 0.0, []) for facts in pages.papers_by_ids(list(known))]
    pool, seeker = Pool(places), Seeker(asking.engines, [place.paper.paper_id for place in places])
    for one in group:
        chosen = picked(pool, one.interest, Likes(), seeker)
        if chosen.lacks_search:
            raise CannotAsk
        earliest = one.since_at - matches.A_RUN
        is_of_authors = not (one.interest.query or one.interest.categories)  # and not of everything
        for place, turn in chosen.places:
            paper = known[place.paper.paper_id]
            if paper.first_seen_at >= earliest and (turn is Turn.AUTHOR or not is_of_authors):
                found[one.pk].append(Match(paper, turn))


def _fresh(one: Follower, found: Sequence[Match]) -> list[Match]:
    """Those that it was not told, as they stand in the message: by whom one follows, then the newest."""
    left = {paper.paper_id for paper in matches.untold(one, [match.paper for match in found])}
    turns = list(Turn)
    newest = sorted(found, key=lambda match: match.paper.paper_id, reverse=True)
    newest.sort(key=lambda match: match.paper.dated_on or date.min, reverse=True)
    newest.sort(key=lambda match: turns.index(match.turn))
    return [match for match in newest if match.paper.paper_id in left]


def _messages(asking: Asking, one: Follower, fresh: Sequence[Match], now: datetime) -> list[Message]:
    """As many as all of them need, in their order; what is beyond the last is counted there, with a link."""
    matched = {match.paper.paper_id: match for match in fresh[: matches.MOST_MESSAGES * one.interest.most]}
    ids = list(matched)
    slices = (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))
    facts = [paper for some in slices for paper in pages.papers_by_ids(some)]
    whole = _news(asking, one, len(fresh), now)
    messages: list[Message] = []
    first = 0
    while (some := facts[first : first + one.interest.most]) and len(messages) < matches.MOST_MESSAGES:
        places = [Placed(0, matched[paper.paper_id].turn, paper, 0.0, []) for paper in some]
        news = replace(whole, papers=told(places, asking.site_url), before=first)
        shown = max(1, listed(news, one.target.form))
        candidates = [matched[paper.paper_id].paper for paper in some[:shown]]
        messages.append(Message(candidates, written(news, one.target)))
        first += len(candidates)
    return messages


def _news(asking: Asking, one: Follower, count: int, now: datetime) -> News:
    """Of no papers yet."""
    return News(
        kind=Kind.MATCHED,
        at=now,
        site_url=asking.site_url,
        matching=count,
        chosen_for=shortened(chosen_for(one.interest, Likes()), LONGEST_LINE),
        papers=(),
        query=query_of(one.interest),
    )
