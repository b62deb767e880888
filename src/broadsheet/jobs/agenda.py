"""Joins the names of the schedule with what they do on this site."""

from datetime import date, timedelta
from functools import partial

from broadsheet import wiring
from broadsheet.domain.paper import IntakeReport
from broadsheet.jobs import schedule
from broadsheet.jobs.steps import fetch
from broadsheet.jobs.upkeep import follow
from broadsheet.jobs.worker import GoesOn, Step
from broadsheet.sources.arxiv_oai import ArxivOai

RECENT = timedelta(days=3)  # a weekend, for the first harvest of a site


def plan() -> schedule.Plan:
    return schedule.Plan(may_ask=not wiring.option("OFFLINE"), has_oai=wiring.option("OAI") != "no")


def steps() -> dict[str, Step]:
    """What each planned job runs; a name that is not upkeep is that of the source it asks."""
    return {name: upkeep if name == "upkeep" else partial(ask, name) for name in plan().names}


def upkeep(_: GoesOn) -> str:
    return follow(wiring.words_index(), now=wiring.clock().now())


def ask(name: str, goes_on: GoesOn) -> str:
    def watch(_: IntakeReport) -> bool:
        return goes_on()

    source, clock = wiring.sources()[name], wiring.clock()
    since = first_day(name, clock.now().date())
    return str(fetch(source, wiring.words_index(), clock=clock, since=since, watch=watch))


def first_day(name: str, today: date) -> date | None:
    """Where a harvest of recent changes begins; one that has begun before goes on from there, without a gap."""
    return today - RECENT if name == ArxivOai.name and wiring.option("OAI") == "recent" else None
