"""Joins the names of the schedule with what they do on this site."""

from functools import partial

from broadsheet import wiring
from broadsheet.domain.paper import IntakeReport
from broadsheet.jobs import schedule
from broadsheet.jobs.steps import fetch
from broadsheet.jobs.upkeep import follow
from broadsheet.jobs.worker import GoesOn, Step


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

    source = wiring.sources()[name]
    return str(fetch(source, wiring.words_index(), clock=wiring.clock(), watch=watch))
