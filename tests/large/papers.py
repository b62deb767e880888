"""150,000 papers made up in the field names of arXiv's snapshot, always the same."""

import random
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

import orjson

PAPERS = 150_000
FIRST_MONTH, LAST_MONTH = (1991, 8), (2026, 6)
FIVE_DIGITS, NEW_NUMBERS, DAILY = date(2015, 1, 1), date(2007, 4, 1), date(2026, 1, 1)
WITHDRAWN_EVERY, CLAIM_EVERY = 500, 10
CLAIM = "FastNet is 3.3x faster than SlowNet on Roads-1k."
WITHDRAWN = "This paper has been withdrawn by the author due to an error in Lemma 2."

_OLD_ARCHIVES = ("hep-th", "quant-ph", "gr-qc")  # whose names numbers began with until April 2007
_CATEGORIES = ("cs.LG", "cs.CL", "cs.CV", "math.AG", "astro-ph.GA", "stat.ML", "q-bio.NC", *_OLD_ARCHIVES)
_FIRST = ["Ada", "José", "Žofia", "Ólafur", "Nguyễn Văn", "Jean-Luc", "D. J.", "Søren", "Μαρία", "Иван", "明"]
_LAST = ["Lovelace", "García Márquez", "van der Waals", "O'Brien", 'Schr\\"odinger', "Łukasiewicz", "王"]
_LAST += ["D'Alembert", "Çelik & Söhne", "de <la> Cruz", "Müller-Lüdenscheidt"]
_FORMULAS = [
    "$x_{i}^{2} < \\alpha$",
    "$\\mathcal{O}(n \\log n)$",
    "$SU(2)_q$",
    "$a_{\\mbox$",
    "$p < 1$ & $q$",
]
_BEGINNINGS = re.findall(
    r"\w+", "bra cre dro fla gle hin jor kel lum mor nar pol qui ras sel tri ulm ver wex zan"
)
_ENDINGS = re.findall(r"\w+", "bal cine dorm elle fax gram hust ion jet kor lith mion nar ope")
WORDS = [first + last for first in _BEGINNINGS for last in _ENDINGS]
WORDS += [one + two for one in WORDS[:60] for two in WORDS[200:]]
_FREQUENT = list(accumulate(1 / (place + 8) for place in range(len(WORDS))))  # a few words make up most texts
_SENTENCES = 6_000  # of which abstracts are put together: made one by one they would take a minute


def write(file: Path, count: int = PAPERS) -> None:
    with file.open("wb") as out:
        for paper in papers(count):
            out.write(orjson.dumps(paper) + b"\n")


def papers(count: int = PAPERS) -> Iterator[dict[str, Any]]:
    """The oldest first, as many in each month."""
    chance = random.Random(1991)
    sentences = [_sentence(chance) for _ in range(_SENTENCES)]
    months = _months()
    for place, month in enumerate(months):
        first, behind = (count * at // len(months) for at in (place, place + 1))
        for number in range(first, behind):
            yield _paper(number, _id(month, number - first + 1, chance), month, chance, sentences)


def identifiers(count: int = PAPERS) -> Iterator[tuple[str, bool]]:
    """Ids, and whether each paper was withdrawn."""
    return ((paper["id"], paper["comments"] == WITHDRAWN) for paper in papers(count))


def _months() -> list[date]:
    first, last = (year * 12 + month - 1 for year, month in (FIRST_MONTH, LAST_MONTH))
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]


def _id(month: date, serial: int, chance: random.Random) -> str:
    if month < NEW_NUMBERS:
        return f"{chance.choice(_OLD_ARCHIVES)}/{month:%y%m}{serial:03}"
    return f"{month:%y%m}.{serial:05}" if month >= FIVE_DIGITS else f"{month:%y%m}.{serial:04}"


def _sentence(chance: random.Random) -> str:
    words = chance.choices(WORDS, cum_weights=_FREQUENT, k=chance.randint(8, 20))
    if chance.random() < 0.2:
        words[-1] = chance.choice(_FORMULAS)
    words[0] = words[0].capitalize()
    return f"{' '.join(words)}."


def _paper(
    number: int, id: str, month: date, chance: random.Random, sentences: Sequence[str]
) -> dict[str, Any]:
    day = month + timedelta(days=chance.randrange(28))
    made = [day + timedelta(days=40 * version) for version in range(1 + number % 3 * (number % 7 == 0))]
    abstract = " ".join(chance.choices(sentences, k=3)) + (f" {CLAIM}" if number % CLAIM_EVERY == 0 else "")
    paper: dict[str, Any] = {
        "id": id,
        "title": " ".join(chance.choices(WORDS, cum_weights=_FREQUENT, k=7)).capitalize() + _ending(number),
        "abstract": abstract,
        "authors_parsed": [[chance.choice(_LAST), chance.choice(_FIRST), ""] for _ in range(number % 6)],
        "categories": " ".join(dict.fromkeys(chance.choices(_CATEGORIES, k=1 + number % 3))),
        "comments": WITHDRAWN if number % WITHDRAWN_EVERY == 0 else f"{number % 40} pages",
        "versions": [{"created": _mail_date(on)} for on in made if on.year * 12 + on.month < 2026 * 12 + 7],
    }
    paper["authors_parsed"] += [["Brightwell", f"Author{number % 5_000}", "Jr." if number % 9 == 0 else ""]]
    if number % 4 == 0:
        paper |= {"doi": f"10.1000/broad.{number}", "journal-ref": f"J. Made Up {number % 90} (2001) 1"}
    if number % 5 == 0:
        paper["license"] = "http://creativecommons.org/licenses/by/4.0/"
    return paper | ({"announced": str(day)} if month >= DAILY and day.weekday() < 5 else {})


def _ending(number: int) -> str:
    return f" of {_FORMULAS[number % len(_FORMULAS)]}" if number % 8 == 0 else f" {number}"


def _mail_date(day: date) -> str:
    return format_datetime(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
