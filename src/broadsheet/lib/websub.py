"""Tells a WebSub hub that feeds have changed: https://www.w3.org/TR/websub/. Knows nothing of papers.

How publishers speak to hubs is left open there; this is what hubs of PubSubHubbub have taken since 0.3.
"""

from collections.abc import Sequence
from datetime import timedelta
from importlib.metadata import version

import httpx

from broadsheet.lib.clock import Clock
from broadsheet.lib.deadline import Deadline
from broadsheet.lib.http import LATER, UpstreamError, wait_asked_for

PATIENCE = timedelta(seconds=10)  # a slow hub must not keep other jobs waiting


def publish(hub: str, topics: Sequence[str], clock: Clock) -> None:
    """One request for all. Raises UpstreamError unless the hub takes it (2xx)."""
    fields = {"hub.mode": "publish", "hub.url": list(topics)}
    headers = {"User-Agent": f"Broadsheet/{version('broadsheet')}"}
    try:
        with Deadline(PATIENCE) as deadline, httpx.Client(timeout=PATIENCE.total_seconds()) as client:
            deadline.start()
            extensions = {"trace": deadline.watch}
            with client.stream("POST", hub, data=fields, headers=headers, extensions=extensions) as reply:
                status, retry_after = reply.status_code, reply.headers.get("retry-after", "")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        problem = f"cannot be told of new editions ({type(error).__name__})"
        raise UpstreamError(hub, problem, "It is tried again later.", LATER) from error
    if not 200 <= status < 300:
        wait = wait_asked_for(retry_after, clock.now()) if retry_after else LATER
        remedy = "It is tried again later; check BROADSHEET_WEBSUB_HUB if this goes on."
        raise UpstreamError(hub, f"answered status {status}", remedy, wait)
