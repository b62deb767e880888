"""A test of a webhook: the lead of the newest edition, sent at once and past all that waits."""

import secrets
from datetime import datetime

from broadsheet.deliver.push.forms import written
from broadsheet.deliver.push.news import Kind, News, told
from broadsheet.deliver.push.trying import tried
from broadsheet.domain.edition import Window, WindowKind
from broadsheet.domain.webhook import Target
from broadsheet.lib.outgoing import Sender
from broadsheet.store import pages
from broadsheet.store.pushes import Tried

PAPERS = 3


def send_test(sender: Sender, target: Target, site_url: str, now: datetime) -> Tried:
    body = written(example(site_url, now), target)
    return tried(sender, target, f"msg_test_{secrets.token_hex(8)}", body, now)


def example(site_url: str, now: datetime) -> News:
    window = pages.newest_window(WindowKind.DAY, up_to=now.date()) or Window(WindowKind.DAY, now.date())
    head = pages.edition_head(window)
    places = pages.first_places(head, PAPERS) if head.edition_id else []
    count = head.paper_count
    return News(Kind.TEST, now, site_url, count, "", told(places, site_url), window, count)
