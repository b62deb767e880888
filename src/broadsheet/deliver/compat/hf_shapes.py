"""A paper in the shapes of Hugging Face's paper endpoints.

Outer and inner object hold the same where the two of Hugging Face differ: its own Python client reads some
fields of one and some of the other, and loses those that only the inner one has.
"""

import hashlib
from datetime import UTC, date, datetime, time
from typing import Any

from broadsheet.domain.addresses import card_url
from broadsheet.domain.ids import paper_ref
from broadsheet.domain.signal import SignalKind
from broadsheet.lib.text import without_controls
from broadsheet.store.daily import Dated
from broadsheet.store.page_values import Facts

Shape = dict[str, Any]


def row(paper: Facts, told: Dated, site_url: str) -> Shape:
    """As in lists: the paper within what was said of it that day."""
    inner = flat(paper, told)
    again = ("title", "summary", "publishedAt", "ai_summary", "githubRepo", "githubStars", "projectPage")
    return {
        "paper": inner,
        **{name: inner[name] for name in again if name in inner},
        "thumbnail": card_url(site_url, paper.key),
        "numComments": paper.latest(SignalKind.COMMENTS) or 0,
        "isAuthorParticipating": False,
    }


def flat(paper: Facts, told: Dated) -> Shape:
    """As alone."""
    ref = paper_ref(paper.key)
    known = {
        "submittedOnDailyAt": _midnight(told.listed_on),
        "ai_summary": without_controls(paper.one_line),
        "ai_keywords": list(told.keywords),
        "githubRepo": paper.code if paper.code.startswith("https://github.com/") else "",
        "githubStars": paper.latest(SignalKind.STARS),
        "projectPage": paper.project,
    }
    return {
        "id": ref,
        "authors": [
            {"_id": _object_id(f"{ref} {place}"), "name": without_controls(name), "hidden": False}
            for place, name in enumerate(paper.authors)
        ],
        "publishedAt": _moment(told.submitted_at) or _midnight(paper.dated_on),
        "title": without_controls(paper.title),
        "summary": without_controls(paper.abstract or paper.summary),
        "upvotes": paper.latest(SignalKind.UPVOTES) or 0,
        **{name: value for name, value in known.items() if value or value == 0},
    }


def alone(paper: Facts, told: Dated) -> Shape:
    """With what Hugging Face knows of models and the like, and we do not."""
    nothing: Shape = {"linkedModels": [], "linkedDatasets": [], "linkedSpaces": []}
    counts = {"numTotalModels": 0, "numTotalDatasets": 0, "numTotalSpaces": 0}
    return flat(paper, told) | {"numComments": paper.latest(SignalKind.COMMENTS) or 0} | nothing | counts


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z") if at else None


def _midnight(day: date | None) -> str | None:
    return _moment(datetime.combine(day, time(), UTC)) if day else None


def _object_id(text: str) -> str:
    """24 hex digits, always the same for the same."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]
