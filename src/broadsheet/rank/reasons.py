"""Says in words why a paper stands where it stands, from the very numbers that put it there."""

from broadsheet.domain.pick import Candidate

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def reason(candidate: Candidate, place: int, count: int) -> str:
    """
    >>> from datetime import date
    >>> reason(Candidate(1, 102, 3, 35, 28, date(2026, 5, 22), date(2026, 5, 22)), 4, 49)
    'Here for 102 upvotes, fourth of 49; 3 comments; its code gained 28 stars since Friday 22 May.'
    >>> reason(Candidate(1, None, None, None, None, None, date(2026, 5, 22)), 12, 49)
    'Here for its date, 12th of 49: no source has told of upvotes or stars yet.'
    """
    stars = _stars(candidate)
    position = f"{ordinal(place)} of {count:,}"
    if candidate.upvotes:
        parts = [f"{counted(candidate.upvotes, 'upvote')}, {position}"]
        parts += [counted(candidate.comments, "comment")] if candidate.comments else []
        parts += [stars] if stars else []
        return f"Here for {'; '.join(parts)}."
    if stars:
        return f"Here because {stars}; {position}."
    lack = "no source has told of upvotes or stars yet" if candidate.upvotes is None else "no upvotes yet"
    return f"Here for its date, {position}: {lack}."


def _stars(candidate: Candidate) -> str:
    if candidate.stars_gained and candidate.stars_since:
        since = f"{candidate.stars_since:%A} {candidate.stars_since.day} {candidate.stars_since:%B}"
        return f"its code gained {counted(candidate.stars_gained, 'star')} since {since}"
    return f"its code has {counted(candidate.stars, 'star')}" if candidate.stars else ""


def counted(number: int | None, word: str) -> str:
    """
    >>> counted(1, "comment"), counted(2300, "star")
    ('1 comment', '2,300 stars')
    """
    return f"{number or 0:,} {word}{'' if number == 1 else 's'}"


def ordinal(number: int) -> str:
    """
    >>> ordinal(3), ordinal(12), ordinal(21)
    ('third', '12th', '21st')
    """
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number:,}{ending}"
