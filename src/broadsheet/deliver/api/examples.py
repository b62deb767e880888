"""An example of each address, on what this site holds. The tests run every one of them."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from broadsheet.domain.addresses import paper_in_path
from broadsheet.domain.edition import Window, WindowKind
from broadsheet.domain.scope import Scope
from broadsheet.store import pages, paging

SAMPLE = "2605.12882"  # of the sample edition, which most sites begin with


@dataclass(frozen=True, slots=True)
class Here:
    """Things that this site holds, to make examples of."""

    paper: str = SAMPLE
    day: str = "2026-05-22"
    claim: int = 1
    name: str = "GPT-4"
    benchmark: str = "ImageNet"


@dataclass(frozen=True, slots=True)
class Example:
    words: str
    path: str
    method: str = "GET"
    body: dict[str, Any] | None = field(default=None, hash=False)
    scope: Scope | None = None


def here() -> Here:
    """A paper of the newest day, and the claims that were read last. Some ten queries."""
    usual = Here()
    day = next(iter(paging.editions_before(WindowKind.DAY, None, 1)), None)
    claim = next(iter(paging.claims_before(None, 1, named={})), None)
    said = claim.claimed.claim if claim else None
    return Here(
        paper=_first_paper(day.window) if day else usual.paper,
        day=day.window.slug if day else usual.day,
        claim=claim.claimed.claim_id if claim else usual.claim,
        name=(said.subject if said else "") or usual.name,
        benchmark=(said.dataset if said else "") or usual.benchmark,
    )


def _first_paper(window: Window) -> str:
    places = pages.first_places(pages.edition_head(window), 1)
    return paper_in_path(places[0].paper.key) if places else SAMPLE


def examples(held: Here) -> dict[str, list[Example]]:
    """By the id of the operation."""
    return _of_papers(held) | _of_editions(held) | _with_a_token()


def _of_papers(held: Here) -> dict[str, list[Example]]:
    return {
        "list_papers": [
            Example("The ten newest, titles and dates alone", "/papers?limit=10&fields=title,date"),
            Example("Of one category, since a day", f"/papers?category=cs.CL&since={held.day}"),
        ],
        "get_paper": [
            Example("By its id", f"/papers/{held.paper}"),
            Example("What was read out of it", f"/papers/{held.paper}?fields=kind,names,claims,one_line"),
        ],
        "get_signals": [Example("Each kind as a series of days", f"/signals/{held.paper}")],
        "list_similar": [Example("The three nearest", f"/similar/{held.paper}?limit=3&fields=title,reason")],
        "search": [
            Example("The best three, and why", "/search?q=long+context&limit=3&fields=title,reason,score"),
            Example("The newest with code", "/search?q=agents+has:code&sort=new"),
        ],
        "list_categories": [Example("All", "/categories")],
    }


def _of_editions(held: Here) -> dict[str, list[Example]]:
    return {
        "list_editions": [
            Example("The newest days", "/editions?limit=5"),
            Example("Weeks", "/editions?kind=week&fields=title,paper_count"),
        ],
        "get_edition": [
            Example("A day", f"/editions/day/{held.day}?limit=5"),
            Example("The newest week, one category", "/editions/week/newest?category=cs.CL"),
        ],
        "trending": [
            Example(
                "Just now, with the terms of each score", "/trending?limit=5&fields=title,rank,reason,terms"
            ),
            Example("The month of a day", f"/trending?window=month&date={held.day}"),
        ],
        "list_claims": [
            Example("About a name", f"/claims?name={_quoted(held.name)}"),
            Example(
                "On a benchmark", f"/claims?benchmark={_quoted(held.benchmark)}&fields=subject,value,unit"
            ),
        ],
        "get_claim": [Example("One, with its proof", f"/claims/{held.claim}")],
        "list_names": [Example("Benchmarks that begin with a", "/names?about=benchmark&beginning=a")],
    }


def _with_a_token() -> dict[str, list[Example]]:
    return {
        "get_subscription": [Example("Yours", "/subscription", scope=Scope.SUBSCRIPTION)],
        "change_subscription": [
            Example(
                "Mondays, ten papers at most",
                "/subscription",
                "PATCH",
                {"often": "weekly", "most": 10},
                Scope.SUBSCRIPTION,
            )
        ],
        "end_subscription": [Example("Leave", "/subscription", "DELETE", None, Scope.END)],
        "get_status": [Example("All", "/status", scope=Scope.STATUS)],
    }


def _quoted(text: str) -> str:
    return quote(text, safe="")
