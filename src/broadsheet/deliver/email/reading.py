"""Reads what the digest of a window holds. A fixed number of queries, however many papers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from broadsheet.deliver.email.chosen import NOT_SEARCHED, chosen_for
from broadsheet.deliver.email.digest import Digest, Story, story_of
from broadsheet.deliver.emptiness import why_empty
from broadsheet.deliver.personal import Pool, Turn, picked
from broadsheet.deliver.seeking import Seeker, choice_of
from broadsheet.domain.edition import (
    ONE_DAY,
    Window,
    WindowKind,
    next_announcement,
    why_no_announcement,
)
from broadsheet.domain.interest import Interest
from broadsheet.domain.likes import Likes
from broadsheet.rank.found import Engines
from broadsheet.store import pages
from broadsheet.store.page_values import EditionHead, Placed

LONGEST_BREAK = 5  # days without an edition that a mail explains; after a longer one the site was at fault

TOLD_AFTER = {WindowKind.DAY: 7, WindowKind.WEEK: 3}  # empty editions in a row, then a mail says so
MOST_NAMED = 3  # of them in a mail that brings papers again


@dataclass
class Sheet:
    """An edition read once, for the digests of all its readers."""

    head: EditionHead
    pool: Pool
    site_url: str
    now: datetime
    seeks: Seeker | None = None  # None: no search can be run
    notes: tuple[str, ...] = ()
    _stories: dict[tuple[int, Turn], Story] = field(default_factory=dict)  # by the paper's id

    def story(self, place: Placed, turn: Turn) -> Story:
        key = place.paper.paper_id, turn
        if key not in self._stories:
            reason = f"{turn} {place.reason}".lstrip()
            self._stories[key] = story_of(replace(place, reason=reason), self.site_url)
        return self._stories[key]


def sheet_of(
    window: Window, *, site_url: str, now: datetime, engines: Callable[[], Engines] | None = None
) -> Sheet:
    head = pages.edition_head(window)
    pool, seeker = choice_of(head, engines)
    return Sheet(head, pool, site_url, now, seeker, _break_before(window))


def digest_of(window: Window, *, most: int, site_url: str, now: datetime) -> Digest:
    """The first papers of the window's edition, or why it has none."""
    sheet = sheet_of(window, site_url=site_url, now=now)
    places = [(place, Turn.OWN) for place in sheet.pool.places[:most]]
    return _digest(sheet, places) if places else _empty(sheet)


def personal_digest(
    sheet: Sheet,
    interest: Interest,
    likes: Likes = Likes(),  # noqa: B008
    empty: tuple[date, ...] = (),
) -> Digest | None:
    """None when nothing in the edition is for this reader. A reader of everything is told why it is empty.

    `empty`: editions before this one that had nothing either, and that nobody has told the reader of.
    """
    chosen = chosen_for(interest, likes)
    found = picked(sheet.pool, interest, likes, sheet.seeks)
    if found.places:
        notes = (NOT_SEARCHED,) if found.lacks_search else ()
        before = (_nothing_in(sheet.head.window.kind, empty),) if empty else ()
        return _digest(sheet, found.places[: interest.most], len(found.places), chosen, (*notes, *before))
    if chosen and len(empty) + 1 >= TOLD_AFTER[sheet.head.window.kind]:
        return _unmatched(sheet, chosen, len(empty) + 1)
    return None if chosen or sheet.pool.places else _empty(sheet)


def _digest(
    sheet: Sheet,
    places: Sequence[tuple[Placed, Turn]],
    count: int = 0,
    chosen: str = "",
    notes: tuple[str, ...] = (),
) -> Digest:
    return Digest(
        window=sheet.head.window,
        paper_count=sheet.head.paper_count,
        stories=tuple(sheet.story(place, turn) for place, turn in places),
        url=_address(sheet),
        site_url=sheet.site_url,
        next_on=next_announcement(sheet.now).date(),
        chosen_count=count,
        chosen_for=chosen,
        notes=(*notes, *sheet.notes),
    )


def _empty(sheet: Sheet) -> Digest:
    why = why_empty(sheet.head, pages.source_lines(), sheet.now)
    return Digest(
        window=sheet.head.window,
        paper_count=0,
        stories=(),
        url=_address(sheet),
        site_url=sheet.site_url,
        next_on=next_announcement(sheet.now).date(),
        empty_headline=why.headline,
        empty_words=why.words,
    )


def _unmatched(sheet: Sheet, chosen: str, count: int) -> Digest:
    """So that choices that match nothing are not taken for a site that sends nothing."""
    digest = _digest(sheet, ())
    return replace(
        digest,
        notes=(),
        empty_headline="Nothing for your choices",
        empty_words=f"None of the last {count} editions had a paper for you. You chose: {chosen}."
        " You can change what comes by the link below; the next paper that matches is sent as ever.",
    )


def _nothing_in(kind: WindowKind, empty: Sequence[date]) -> str:
    if len(empty) > MOST_NAMED:
        first = Window(kind, empty[0]).title
        return f"Nothing for your choices in the {len(empty)} editions since that of {first}."
    if kind is WindowKind.DAY:
        return f"Nothing for your choices on {_listed(empty)}."
    return f"Nothing for your choices in {' and '.join(Window(kind, start).title for start in empty)}."


def _address(sheet: Sheet) -> str:
    window = sheet.head.window
    return f"{sheet.site_url}/{window.kind}/{window.slug}"


def _break_before(window: Window) -> tuple[str, ...]:
    """Why there was no edition on the days before this one: nothing is sent on those days."""
    before = pages.newest_window(window.kind, up_to=window.start - ONE_DAY)
    if window.kind is not WindowKind.DAY or before is None:
        return ()
    count = (window.start - before.end).days
    days = [before.end + number * ONE_DAY for number in range(count)] if count <= LONGEST_BREAK else []
    reasons: dict[str, list[date]] = {}
    for day in days:
        reasons.setdefault(why_no_announcement(day) or "no source told of papers", []).append(day)
    return tuple(f"No papers on {_listed(of)}: {why}." for why, of in reasons.items())


def _listed(days: Sequence[date]) -> str:
    return " and ".join(f"{day:%A} {day.day} {day:%B}" for day in days)
