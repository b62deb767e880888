"""Tells the hub, if there is one, which feeds have changed; what it did not take is told again later."""

from collections.abc import Sequence

from broadsheet.deliver.feeds.topics import KINDS, topics
from broadsheet.lib.clock import Clock
from broadsheet.lib.websub import publish
from broadsheet.store import hub


def tell(address: str, site_url: str, categories: Sequence[str], clock: Clock) -> str:
    """Raises UpstreamError: the job comes again, later each time, and tells what is new by then."""
    now, told = hub.states(KINDS), hub.told()
    new = [kind for kind, state in now.items() if told.get(kind) != state]
    if not new:
        return "nothing new for the hub"
    changed = [site_url + path for path in topics(new, categories)]
    publish(address, changed, clock)
    hub.keep_told(now)
    return f"the hub was told of {len(changed)} feeds"
