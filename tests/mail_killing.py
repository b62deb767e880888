"""Sends digests by two workers at a time and kills them at random moments, again and again.

    python -m tests.mail_killing smtp://127.0.0.1:2525?tls=no READERS KILLS

What an address gets depends on its name (tests/fakes/mail.py). Prints one line of JSON: how many workers
were killed at work, and each address with the state of its delivery.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.killing import _fork, _in_child, _migrate

SATURDAY_NOON = datetime(2026, 5, 23, 12, tzinfo=UTC)
BETWEEN = timedelta(minutes=10)  # longer than a lease
KINDS = ("ok", "ok", "ok", "ok", "grey", "full", "busy", "no", "spam", "drop", "dropafter")
LONGEST_LIFE_S = 0.3


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
    import django  # noqa: PLC0415

    django.setup()
    from broadsheet.jobs import agenda  # noqa: F401, PLC0415  (loads all that a fork would load again)

    os.environ.pop("BROADSHEET_SMTP_URL", None)
    url, readers, kills = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    _in_child(_migrate, lambda: _fill(readers))
    chance, killed, now = random.Random(), 0, SATURDAY_NOON
    for _ in range(kills // 2):
        children = [_fork(_send(url, now)) for _ in range(2)]
        for child in children:
            time.sleep(chance.uniform(0.0, LONGEST_LIFE_S))
            os.kill(child, signal.SIGKILL)
        killed += sum(os.WIFSIGNALED(os.waitpid(child, 0)[1]) for child in children)
        now += BETWEEN
    for _ in range(10):  # undisturbed, until what was put off is through
        _in_child(_send(url, now))
        now += timedelta(hours=1)
    print(json.dumps({"killed": killed, "states": _states()}))  # noqa: T201


def _fill(readers: int) -> None:
    from broadsheet.domain.interest import Interest, Often  # noqa: PLC0415
    from broadsheet.domain.subscription import SubscriptionState  # noqa: PLC0415
    from broadsheet.jobs.upkeep import refresh_editions  # noqa: PLC0415
    from broadsheet.store.intake import take_in  # noqa: PLC0415
    from broadsheet.store.models import Subscription  # noqa: PLC0415
    from tests.makers import arxiv, daily, upvotes  # noqa: PLC0415

    papers = (arxiv(f"2605.{n:05}", listings=daily(), signals=(upvotes(n),)) for n in range(1, 30))
    take_in(papers, now=SATURDAY_NOON)
    refresh_editions(now=SATURDAY_NOON)
    for number in range(readers):
        address = f"{KINDS[number % len(KINDS)]}-{number}@example{number % 7}.org"
        interest = replace(Interest(often=Often.DAILY), most=3 + number % 20)
        Subscription.objects.create(
            address=address,
            shown_address=address,
            state=SubscriptionState.ACTIVE,
            interest=interest.as_json(),
            asked_at=SATURDAY_NOON,
            due_at=SATURDAY_NOON,
        )


def _send(url: str, now: datetime) -> Callable[[], None]:
    def send() -> None:
        from broadsheet.deliver.email.post import SmtpPost  # noqa: PLC0415
        from broadsheet.jobs import agenda, mailing  # noqa: PLC0415
        from broadsheet.lib import smtp_server  # noqa: PLC0415
        from tests.fakes.clock import FakeClock  # noqa: PLC0415

        def post() -> SmtpPost:
            return SmtpPost(smtp_server.read(url), "papers.example.org", deadline_s=2.0)

        room = replace(agenda.mail_room(), clock=FakeClock(now), post=post, rate=100_000)
        mailing.send_due(room, lambda: True)

    send.__name__ = "send"
    return send


def _states() -> dict[str, str]:
    path = Path(os.environ["BROADSHEET_DATA"]) / "states.json"

    def write() -> None:
        from broadsheet.store.models import Delivery  # noqa: PLC0415

        states = dict(Delivery.objects.values_list("subscription__address", "state"))
        path.write_text(json.dumps(states))

    _in_child(write)
    states: dict[str, str] = json.loads(path.read_text())
    return states


if __name__ == "__main__":
    main()
