"""What `broadsheet doctor` says of the language model that may write the one line of papers."""

from collections.abc import Iterator

from broadsheet import wiring
from broadsheet.cli.findings import Finding, Level
from broadsheet.jobs.summaries import judged
from broadsheet.lib.http import UpstreamError
from broadsheet.store import written_lines
from broadsheet.store.written_lines import NO_ANSWER

WHAT = "summaries"
_TITLE = "SlowSort: sorting by waiting"
_TEXT = "We present SlowSort, which sorts a list by waiting. It is 3.5 times slower than sorting by hand."


def settings() -> Iterator[Finding]:
    """Whether it is on, and how it fared; how its endpoint answers stands with the other sources."""
    writer = wiring.summary_writer()
    if writer is None:
        yield Finding(WHAT, Level.OK, "off: the line is read out of the abstract, and nothing is sent")
        return
    key = "set" if writer.key else "not set"
    text = f"on: {writer.model} at {writer.url}, key {key}; {_counted(written_lines.counts())}"
    if wiring.option("OFFLINE"):
        yield Finding(WHAT, Level.WARN, text, "BROADSHEET_OFFLINE is set: none is asked for.")
    else:
        yield Finding(WHAT, Level.OK, text)


def network() -> Iterator[Finding]:
    """One request, about a paper that nobody wrote. The site goes on without an answer."""
    writer = wiring.summary_writer()
    if writer is None:
        return
    what = f"network {WHAT}"
    try:
        answer = writer.ask(_TITLE, _TEXT)
    except UpstreamError as error:
        remedy = "Until it answers the line is read out of the abstract."
        yield Finding(what, Level.WARN, str(error), remedy)
        return
    line, fault = judged(answer, _TITLE, _TEXT)
    if fault:
        remedy = "Such lines are not shown; another model may do better."
        yield Finding(what, Level.WARN, f"{writer.model} answers with {fault}", remedy)
    else:
        yield Finding(what, Level.OK, f"{writer.model} answers: {line}")


def _counted(counts: dict[str, int]) -> str:
    faults = {fault: count for fault, count in counts.items() if fault not in ("", NO_ANSWER)}
    why = ", ".join(f"{count:,} {fault}" for fault, count in faults.items())
    rejected = f"{sum(faults.values()):,} rejected" + (f" ({why})" if why else "")
    return f"{counts.get('', 0):,} written, {rejected}, {counts.get(NO_ANSWER, 0):,} without an answer"
