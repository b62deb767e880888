"""Has the owner's language model write the one line of papers that readers will see, a few at a time.

Nothing waits for it: the worker runs it beside its other jobs. What is spent of the day's budget is written
down before each request, and each answer is kept by itself, so that it may be killed at any time.
"""

from collections import Counter
from collections.abc import Callable

from broadsheet.enrich.readings.written import Fault, fault_of, tidied
from broadsheet.lib.clock import Clock
from broadsheet.lib.http import UpstreamError
from broadsheet.sources.budget import Budget, Span
from broadsheet.sources.summaries import NAME, Answer, SummaryWriter
from broadsheet.store import source_state, written_lines
from broadsheet.store.written_lines import NO_ANSWER, Unwritten

AT_ONCE = 10  # papers a run: minutes, where a reply takes half a minute
ABOUT_US = (401, 402, 403, 404, 429, 503)  # any other failure may be about the paper that was asked for

GoesOn = Callable[[], bool]


def follow_setting(is_on: bool) -> None:
    """Without an endpoint no line of one is shown; with it those that are kept are shown again."""
    written_lines.show(is_on)
    if not is_on:
        source_state.rests(NAME)


def write(writer: SummaryWriter, daily: int, clock: Clock, goes_on: GoesOn) -> str:
    """One run, in one line for the log. Raises UpstreamError; the worker then lets it rest for a while."""
    papers = written_lines.due(writer.model, most=AT_ONCE, now=clock.now())
    budget = Budget.resumed(Span.DAY, daily, clock, source_state.progress_of(NAME))
    told: Counter[str] = Counter()
    for paper in papers:
        if not goes_on() or not budget.reserve(1):
            break
        told[_write(paper, writer, budget, clock)] += 1
    if told:
        source_state.answered(NAME, _in_words(told), clock.now())
    return _in_words(told) if told or not papers else f"the day's {daily:,} requests are used up"


def _write(paper: Unwritten, writer: SummaryWriter, budget: Budget, clock: Clock) -> str:
    """What is wrong with the line; "" where it is shown."""
    source_state.save_progress(NAME, budget.progress)
    source_state.asked(NAME, clock.now())
    try:
        answer = writer.ask(paper.title, paper.text)
    except UpstreamError as error:
        _spend(budget, error.requests)
        if error.status not in ABOUT_US:
            written_lines.keep(paper, writer.model, "", NO_ANSWER, now=clock.now())
        source_state.failed(NAME, str(error), clock.now(), error.retry_after)
        raise
    _spend(budget, answer.requests)
    line, fault = judged(answer, paper.title, paper.text)
    written_lines.keep(paper, writer.model, line, fault, now=clock.now())
    return fault


def judged(answer: Answer, title: str, text: str) -> tuple[str, str]:
    """The line as it may be shown, or "" and why not."""
    line = tidied(answer.text)
    fault = Fault.LENGTH if answer.is_cut else fault_of(line, title, text)
    return ("", str(fault)) if fault else (line, "")


def _spend(budget: Budget, requests: int) -> None:
    budget.spend(requests)
    source_state.save_progress(NAME, budget.progress)


def _in_words(told: Counter[str]) -> str:
    faults = ", ".join(f"{count:,} {fault}" for fault, count in sorted(told.items()) if fault)
    rejected = sum(told.values()) - told[""]
    return f"{told['']:,} written, {rejected:,} rejected" + (f" ({faults})" if faults else "")
