"""Tells the hub, if there is one, of each printed edition; what it did not take is told again later."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from broadsheet.lib.clock import Clock
from broadsheet.lib.websub import publish
from broadsheet.store import hub

FORMS = ("atom", "rss", "json")


def tell(address: str, site_url: str, categories: Sequence[str], clock: Clock) -> str:
    """Raises UpstreamError: the job comes again, later each time, and tells what is new by then."""
    printed = hub.newest_printed()
    new = [kind for kind, which in printed.items() if hub.told().get(kind) != which]
    if not new:
        return "nothing new for the hub"
    topics = list(_topics(new, site_url, categories))
    publish(address, topics, clock)
    hub.keep_told(printed)
    return f"the hub was told of {len(topics)} feeds"


def _topics(kinds: Iterable[str], site_url: str, categories: Sequence[str]) -> Iterable[str]:
    """Feeds by the very addresses that they name as their own."""
    for kind in kinds:
        for form in FORMS:
            yield f"{site_url}/{kind}.{form}"
            yield from (f"{site_url}/{kind}.{form}?cat={quote(name)}" for name in categories)
