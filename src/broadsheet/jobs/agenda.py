"""Joins the names of the schedule with what they do on this site."""

from functools import partial

from broadsheet import wiring
from broadsheet.domain.paper import IntakeReport
from broadsheet.jobs import schedule
from broadsheet.jobs.learning import learn_daily
from broadsheet.jobs.meaning import Meaning
from broadsheet.jobs.steps import fetch
from broadsheet.jobs.upkeep import count_readers, embed, follow, read_papers
from broadsheet.jobs.worker import GoesOn, Step


def plan() -> schedule.Plan:
    return schedule.Plan(
        may_ask=not wiring.option("OFFLINE"),
        has_oai=wiring.option("OAI") != "no",
        citations=wiring.citations_source(),
    )


def steps() -> dict[str, Step]:
    """What each planned job runs; a name that is not upkeep is that of the source it asks."""
    return {name: upkeep if name == "upkeep" else partial(ask, name) for name in plan().names}


def meaning() -> Meaning:
    vectors = wiring.vectors_index()
    former = partial(wiring.query_embedder, vectors)
    return Meaning(vectors, wiring.embedder, wiring.option("EMBEDDER"), former)


def upkeep(goes_on: GoesOn) -> str:
    now = wiring.clock().now()
    counted = count_readers(wiring.notes_folder(), now=now)
    followed = follow(wiring.words_index(), now=now)
    read = read_papers(goes_on=goes_on)
    embedded = embed(meaning(), goes_on=goes_on)
    learn_daily(now)  # last: what cannot be learned keeps nothing else waiting
    return f"{counted}{followed}, {read}, {embedded}"


def ask(name: str, goes_on: GoesOn) -> str:
    def watch(_: IntakeReport) -> bool:
        return goes_on()

    source = wiring.sources()[name]
    return str(fetch(source, wiring.words_index(), meaning(), clock=wiring.clock(), watch=watch))
