"""Workers that send digests side by side, killed with SIGKILL at random moments, each time replaced.

    python -m tests.mail_workers URL SUBSCRIPTIONS KILLS STALL_S

What an address gets depends on its name (tests/fakes/mail.py). Time goes faster for the workers, so that a
lease is somewhat longer than a stall of the server, as in real life. Prints one line of JSON: how many
workers were killed, and each address with the state of its delivery and the moment of its last dialogue.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.killing import _fork, _in_child, _migrate

KINDS = ("ok", "ok", "ok", "ok", "grey", "full", "busy", "no", "spam", "drop", "dropafter")
STALLS = {0: "stall", 200: "stallafter"}  # of each 400 addresses
AT_ONCE = 4
DOMAINS = 7
A_LIFE_S = 2.0  # of a worker, on average, until it is killed
LEASE_TO_STALL = 1.25
SHORTEST_LEASE_S = 8.0  # or a busy machine composes for longer than its lease
GIVE_UP_S = 3_600.0


@dataclass(frozen=True)
class RacingClock:
    """The real one, from a moment on, so many times as fast."""

    began_s: float
    speed: float

    def now(self) -> datetime:
        passed_s = (time.time() - self.began_s) * self.speed
        return datetime.fromtimestamp(self.began_s + passed_s, UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)


def kind_of(number: int) -> str:
    return STALLS.get(number % 400, KINDS[number % len(KINDS)])


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
    import django  # noqa: PLC0415

    django.setup()
    from broadsheet.jobs import agenda  # noqa: F401, PLC0415  (loads all that a fork would load again)
    from broadsheet.store.deliveries import LEASE  # noqa: PLC0415

    url, subscriptions, kills, stall_s = sys.argv[1], *map(int, sys.argv[2:4]), float(sys.argv[4])
    _in_child(_migrate, lambda: _fill(subscriptions, datetime.now(UTC)))
    lease_s = max(LEASE_TO_STALL * stall_s, SHORTEST_LEASE_S)
    clock = RacingClock(time.time(), LEASE.total_seconds() / lease_s)
    began_s = time.monotonic()
    killed = _kill_again_and_again(_send(url, clock, stall_s), kills)
    result = {"killed": killed, "took_s": time.monotonic() - began_s, "rows": _rows()}
    print(json.dumps(result))  # noqa: T201


def _kill_again_and_again(send: Callable[[], None], kills: int) -> int:
    """Until so many were killed and the rest have finished."""
    chance, killed = random.Random(), 0
    children = [_fork(send) for _ in range(AT_ONCE)]
    while killed < kills and _count_open():
        time.sleep(chance.uniform(0.0, 2 * A_LIFE_S / AT_ONCE))
        child = children.pop(chance.randrange(AT_ONCE))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        children.append(_fork(send))
    give_up_s = time.monotonic() + GIVE_UP_S
    while _count_open() and time.monotonic() < give_up_s:
        time.sleep(1.0)
    for child in children:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
    return killed


def _fill(subscriptions: int, now: datetime) -> None:
    from broadsheet.domain.interest import Interest, MailForm, Often  # noqa: PLC0415
    from broadsheet.domain.subscription import SubscriptionState  # noqa: PLC0415
    from broadsheet.jobs.upkeep import refresh_editions  # noqa: PLC0415
    from broadsheet.store.intake import take_in  # noqa: PLC0415
    from broadsheet.store.models import Subscription  # noqa: PLC0415
    from tests.makers import arxiv, daily, upvotes  # noqa: PLC0415

    day = now.date() - timedelta(days=1)
    papers = (arxiv(f"2605.{n:05}", listings=daily(day), signals=(upvotes(n, day),)) for n in range(1, 30))
    take_in(papers, now=now)
    refresh_editions(now=now)
    rows = []
    for number in range(subscriptions):
        address = f"{kind_of(number)}-{number}@example{number % DOMAINS}.org"
        form = MailForm.TEXT if number % 3 else MailForm.HTML
        interest = replace(Interest(often=Often.DAILY), most=3 + number % 20, form=form)
        rows.append(
            Subscription(
                address=address,
                shown_address=address,
                state=SubscriptionState.ACTIVE,
                interest=interest.as_json(),
                asked_at=now,
                due_at=now,
            )
        )
    Subscription.objects.bulk_create(rows, batch_size=500)


def _send(url: str, clock: RacingClock, stall_s: float) -> Callable[[], None]:
    def send() -> None:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        from broadsheet.deliver.email.post import SmtpPost  # noqa: PLC0415
        from broadsheet.jobs import agenda, mailing  # noqa: PLC0415
        from broadsheet.lib import smtp_server  # noqa: PLC0415

        def post() -> SmtpPost:
            return SmtpPost(smtp_server.read(url), "papers.example.org", deadline_s=stall_s)

        room = replace(agenda.mail_room(), clock=clock, post=post, rate=RATE)
        while True:
            mailing.send_due(room, lambda: True)
            time.sleep(0.1)

    send.__name__ = "send"
    return send


RATE = 100  # a minute to one domain


def _count_open() -> int:
    def count() -> int:
        from broadsheet.domain.subscription import DeliveryState  # noqa: PLC0415
        from broadsheet.store.models import Delivery, Subscription  # noqa: PLC0415

        closed = Delivery.objects.exclude(state__in=(DeliveryState.WAITING, DeliveryState.SENDING)).count()
        return Subscription.objects.count() - closed

    return int(_asked(count))


def _rows() -> list[list[Any]]:
    def rows() -> list[list[Any]]:
        from broadsheet.store.models import Delivery  # noqa: PLC0415

        found = Delivery.objects.order_by("pk").values_list("subscription__address", "state", "begun_at")
        return [[address, state, at.timestamp() if at else 0.0] for address, state, at in found]

    read: list[list[Any]] = _asked(rows)
    return read


def _asked(question: Callable[[], Any]) -> Any:
    """What a child says, whose connection to the database ends with it."""
    path = Path(os.environ["BROADSHEET_DATA"]) / "answer.json"
    _in_child(lambda: _write(path, question()))
    return json.loads(path.read_text())


def _write(path: Path, answer: Any) -> None:
    path.write_text(json.dumps(answer))


if __name__ == "__main__":
    main()
