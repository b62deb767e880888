"""Reads what a form says that a reader wants by mail, and shows it in the form again."""

import re
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from django.http import QueryDict

from broadsheet.deliver.named import is_category
from broadsheet.domain.interest import (
    FEWEST,
    LONGEST_QUERY,
    LONGEST_WORD,
    MOST,
    MOST_NAMED,
    Interest,
    MailForm,
    Often,
)

T = TypeVar("T", Often, MailForm)
_LONGEST_LIST = MOST_NAMED * (LONGEST_WORD + 2)
_OFTEN = {
    Often.WEEKDAYS: "On weekdays",
    Often.DAILY: "Every day",
    Often.WEEKLY: "Mondays, for the week",
}
_FORM = {MailForm.HTML: "HTML, with a text part", MailForm.TEXT: "Plain text only"}


class BadChoice(ValueError):
    """Makes no sense; the message is a sentence for the reader."""


def read(form: QueryDict) -> Interest:
    """What a form leaves out has its usual value, so that an address alone is enough. Raises BadChoice."""
    usual = Interest()
    try:
        return Interest(
            categories=_categories(form.get("categories", "")),
            query=_line(form.get("query", ""), LONGEST_QUERY),
            boosted=_words(form.get("boosted", "")),
            muted=_words(form.get("muted", "")),
            authors=_words(form.get("authors", "")),
            often=_one_of(Often, form.get("often", usual.often)),
            hour=_number(form.get("hour", ""), usual.hour),
            zone=form.get("zone", "").strip() or _known_zone(form.get("zone_here", "")) or usual.zone,
            most=_number(form.get("most", ""), usual.most),
            form=_one_of(MailForm, form.get("form", usual.form)),
        )
    except BadChoice:
        raise
    except ValueError as error:
        raise BadChoice(str(error)) from error


def _known_zone(told: str) -> str:
    """What a browser tells by itself: nobody typed it, so that an odd name is no mistake of the reader's."""
    return told if told in zones() else ""


def paper_number(form: QueryDict) -> int:
    """Which of the papers of a list a button is about. Raises BadChoice."""
    text = form.get("paper", "")
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise BadChoice("Choose one of the buttons of the page.")
    return int(text)


def as_typed(form: QueryDict) -> dict[str, Any]:
    """A form that was refused, as it was sent."""
    typed = {name: form.get(name, "")[:_LONGEST_LIST] for name in shown(Interest()) if name in form}
    return shown(Interest()) | typed


def shown(interest: Interest) -> dict[str, Any]:
    """As the fields of the form have it."""
    lists = ("categories", "boosted", "muted", "authors")
    return {
        name: ", ".join(value) if name in lists else str(value) for name, value in interest.as_json().items()
    }


def on_offer() -> dict[str, Any]:
    """What the form lets a reader choose from, and its limits."""
    return {
        "often": [(value.value, words) for value, words in _OFTEN.items()],
        "forms": [(value.value, words) for value, words in _FORM.items()],
        "hours": [(str(hour), f"{hour:02}:00") for hour in range(24)],
        "zones": zones(),
        "fewest": FEWEST,
        "most": MOST,
        "longest_query": LONGEST_QUERY,
        "longest_list": _LONGEST_LIST,
    }


def in_words(interest: Interest) -> list[tuple[str, str]]:
    """The choices as a list that reads well; what was left open is left out, but never what comes when."""
    what = ", ".join(interest.categories) or ("everything" if not interest.query else "all categories")
    lines = [
        ("What", what),
        ("Search", interest.query),
        ("When", f"{_OFTEN[interest.often]}, at {interest.hour:02}:00 ({interest.zone})"),
        ("How much", f"at most {interest.most} papers"),
        ("Form", _FORM[interest.form]),
        ("Words that lift", ", ".join(interest.boosted)),
        ("Words that hide", ", ".join(interest.muted)),
        ("Authors", ", ".join(interest.authors)),
    ]
    return [(name, value) for name, value in lines if value]


@cache
def zones() -> tuple[str, ...]:
    """Names like Europe/Berlin; the list holds many others for old programs."""
    areas = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe")
    places = (*areas, "Indian", "Pacific")
    return ("UTC", *sorted(name for name in available_timezones() if name.split("/")[0] in places))


def _words(text: str) -> tuple[str, ...]:
    """Split at commas and lines: a word may be two."""
    if len(text) > _LONGEST_LIST:
        raise BadChoice(f"At most {MOST_NAMED} words of {LONGEST_WORD} letters each.")
    return tuple(dict.fromkeys(word for part in re.split(r"[,;\r\n]", text) if (word := _line(part))))


def _categories(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(re.split(r"[\s,;]+", text.strip()))) if text.strip() else ()
    for name in names:
        if not is_category(name):
            raise BadChoice(f"“{name[:40]}” is no category; expected names like cs.CL or hep-th.")
    return names


def _line(text: str, longest: int = LONGEST_WORD) -> str:
    """One line of what can be seen."""
    line = " ".join(text.split())
    if len(line) > longest:
        raise BadChoice(f"“{line[:40]}…” is too long: {longest} letters are the most.")
    if not line.isprintable():
        raise BadChoice("There is a sign in it that cannot be shown.")
    return line


def _number(text: str, usual: int) -> int:
    if not text.strip():
        return usual
    if not re.fullmatch(r"\d{1,3}", text.strip(), re.ASCII):
        raise BadChoice(f"“{text[:20]}” is no whole number.")
    return int(text)


def _one_of(kind: type[T], text: str) -> T:
    try:
        return kind(text)
    except ValueError:
        raise BadChoice("Choose one of what the form offers.") from None
