"""Says in words why a paper stands where it stands, from the very terms that put it there."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.domain.pick import Floats, Term
from broadsheet.domain.signal import NUMBERS, SignalKind
from broadsheet.rank.trending import RECORD

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
MOST_REASONS = 2
LEAST_POINTS = 0.25  # a term below moves a paper by a place or two
TOP = 0.25  # of a day: a share worth telling
_WORDS = {
    SignalKind.UPVOTES: "upvote",
    SignalKind.COMMENTS: "comment",
    SignalKind.STARS: "star",
    SignalKind.POINTS: "point",
    SignalKind.REPLIES: "comment",
    SignalKind.CITATIONS: "citation",
    SignalKind.OPENS: "open",
    SignalKind.SAVES: "save",
    SignalKind.VOTES: "vote",
}
_WHERE = {
    SignalKind.UPVOTES: " on Hugging Face",
    SignalKind.COMMENTS: " on Hugging Face",
    SignalKind.POINTS: " on Hacker News",
    SignalKind.REPLIES: " on Hacker News",
    SignalKind.OPENS: " here",
    SignalKind.SAVES: " here",
    SignalKind.VOTES: " here",
}


@dataclass(frozen=True, slots=True)
class Standing:
    place: int
    of: int
    shares: Floats  # (kinds,) of its day's papers that gained as much or more; nan where that says nothing


def reason(terms: Sequence[Term], standing: Standing, sharers: float = 1.0) -> str:
    """
    >>> import numpy as np
    >>> terms = [Term("upvotes", 204, 9, 2, 4.1), Term("stars", 28, 12, 2, 0.8), Term("age", 2, 0, 0, -0.2)]
    >>> reason(terms, Standing(1, 49, np.array([0.02, 0.5, 0.6])))
    'Here for 204 upvotes on Hugging Face, top 2 % of its day; 28 stars in 2 days, where 12 are usual.'
    >>> reason(terms[2:], Standing(12, 49, np.array([0.5])))
    'Here for its date, 12th of 49: no source has told of it yet.'
    """
    telling = [term for term in terms if term.points >= LEAST_POINTS and term.kind != "age"][:MOST_REASONS]
    if not telling:
        position = f"{ordinal(standing.place)} of {standing.of:,}"
        has_counts = any(term.kind in _WORDS for term in terms)
        lack = "what was counted is less than usual" if has_counts else "no source has told of it yet"
        return f"Here for its date, {position}: {lack}."
    return f"Here for {'; '.join(_told(term, standing, sharers) for term in telling)}."


def _told(term: Term, standing: Standing, sharers: float) -> str:
    if term.kind == RECORD:
        return "the earlier papers of its authors, which were upvoted more than is usual"
    share = float(standing.shares[NUMBERS[SignalKind(term.kind)]])
    words = gained_words(term.kind, term.gained, term.days if term.kind == SignalKind.STARS else 0)
    if term.note == "shared":
        words += f", its part of those of a repository that {sharers:,.0f} papers name"
    elif term.note == "capped":
        words += " counted, as many as its pace before allows"
    elif share <= TOP:
        words += f", top {max(1, round(100 * share))} % of its day"
    else:
        words += f", where {_number(term.usual)} {'is' if term.usual < 1.5 else 'are'} usual"
    return f"{words}, not read lately" if term.note == "stale" else words


def gained_words(kind: str, gained: float, days: int) -> str:
    """
    >>> gained_words("stars", 212, 1), gained_words("points", 97, 0)
    ('212 stars in 24 hours', '97 points on Hacker News')
    """
    named = SignalKind(kind)
    span = "" if days < 1 else " in 24 hours" if days == 1 else f" in {days:,} days"
    return f"{counted(round(gained), _WORDS[named])}{_WHERE.get(named, '')}{span}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else "less than one"


def counted(number: int, word: str) -> str:
    """
    >>> counted(1, "comment"), counted(2300, "star")
    ('1 comment', '2,300 stars')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def ordinal(number: int) -> str:
    """
    >>> ordinal(3), ordinal(12), ordinal(21)
    ('third', '12th', '21st')
    """
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number:,}{ending}"
