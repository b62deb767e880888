"""Printed editions reach webhooks: signed, in order, at least once, and slowly where nobody answers."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from broadsheet import wiring
from broadsheet.domain.edition import WindowKind
from broadsheet.domain.paper import Listing, ListingKind, PaperRecord
from broadsheet.domain.webhook import Form
from broadsheet.jobs.indexing import catch_up
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.lib.outgoing import MOST_SAID
from broadsheet.store import pushes, webhook_report, webhooks
from broadsheet.store.models import Push, Webhook
from tests.deliver.conftest import FRIDAY, keep, record
from tests.fakes.upstream import Answer, run_upstream
from tests.fakes.webhooks import Hooked, answers

pytestmark = pytest.mark.django_db
SATURDAY = FRIDAY + timedelta(days=1)


@pytest.fixture
def hooked() -> Iterator[Hooked]:
    with run_upstream() as receiver:
        receiver.routes["/"] = lambda asked: answers(200)
        receiver.routes["/hook"] = lambda asked: answers(204)
        receiver.routes["/other"] = lambda asked: answers(204)
        yield Hooked(receiver)


@pytest.fixture
def printed() -> None:
    keep(record(number) for number in range(1, 6))


def of_day(number: int, day: date) -> PaperRecord:
    return record(number, listings=(Listing("sample", day, ListingKind.DAILY),), signals=())


def states() -> list[str]:
    return list(Push.objects.order_by("pk").values_list("state", flat=True))


def test_a_printed_edition_is_pushed_once_with_a_signature_that_others_verify(
    hooked: Hooked, printed: None
) -> None:
    hooked.add()

    assert str(hooked.push()) == "1 made, 1 delivered"
    assert str(hooked.push()) == "0 made"

    (asked,) = hooked.receiver.requests
    hooked_at = str(int(hooked.clock.now().timestamp()))
    assert (asked.method, asked.path, asked.headers["webhook-timestamp"]) == ("POST", "/hook", hooked_at)
    assert asked.headers["content-type"] == "application/json"
    told = hooked.bodies[0]
    assert told["type"] == "edition.printed"
    assert told["data"]["edition"]["slug"] == "2026-05-22"
    assert told["data"]["edition"]["url"] == "https://papers.example.org/day/2026-05-22"
    assert [paper["id"] for paper in told["data"]["papers"]] == [f"2605.0000{n}" for n in range(1, 6)]
    assert told["data"]["papers"][0]["reason"]


def test_the_reference_library_verifies_what_is_sent(hooked: Hooked, printed: None) -> None:
    hooked.add()
    hooked.push()
    asked = hooked.receiver.requests[0]
    headers = {name.lower(): value for name, value in asked.headers.items()}

    with time_machine.travel(hooked.clock.now()):
        assert Verifier(hooked.secret).verify(asked.body, headers)["type"] == "edition.printed"
        with pytest.raises(WebhookVerificationError):
            Verifier(hooked.secret).verify(asked.body + b" ", headers)
        with pytest.raises(WebhookVerificationError):
            Verifier(hooked.secret).verify(asked.body, headers | {"webhook-id": "msg_other"})


def test_editions_from_before_a_webhook_are_no_news_for_it(hooked: Hooked, printed: None) -> None:
    hooked.add(made_at=hooked.clock.now())

    assert str(hooked.push()) == "0 made"


def test_a_receiver_that_is_down_gets_the_same_again_later_each_time(hooked: Hooked, printed: None) -> None:
    hooked.add()
    hooked.receiver.queue += [answers(500), answers(503), answers(404)]

    hooked.push()
    hooked.push_after(timedelta(seconds=20))
    assert len(hooked.receiver.requests) == 1
    hooked.push_after(timedelta(seconds=10))
    hooked.push_after(timedelta(seconds=50))
    assert len(hooked.receiver.requests) == 2
    hooked.push_after(timedelta(seconds=10))
    hooked.push_after(timedelta(minutes=2))

    asked = hooked.receiver.requests
    assert len(asked) == 4
    assert len({one.headers["webhook-id"] for one in asked}) == 1
    assert len({one.body for one in asked}) == 1
    assert len({one.headers["webhook-timestamp"] for one in asked}) == 4
    assert states() == ["delivered"]
    assert Webhook.objects.get().failing_since is None


def test_a_wait_that_is_asked_for_is_kept_but_no_longer_than_hours(hooked: Hooked, printed: None) -> None:
    hooked.add()
    hooked.receiver.queue += [
        answers(429, retry_after="600"),
        answers(429, b'{"ok":false,"parameters":{"retry_after":900}}'),
        answers(429, b'{"retry_after_ms":1e12}'),
    ]

    waits = []
    for _ in range(3):
        hooked.push()
        waits.append(Push.objects.get().run_at - hooked.clock.now())
        hooked.clock.at = Push.objects.get().run_at

    assert waits == [timedelta(minutes=10), timedelta(minutes=15), timedelta(hours=4)]


def test_news_come_in_order_however_the_first_fares(hooked: Hooked) -> None:
    keep(of_day(n, FRIDAY - timedelta(days=n)) for n in range(4))
    hooked.add(made_at=hooked.clock.now() - timedelta(days=6))
    hooked.receiver.queue += [answers(500), answers(500)]

    hooked.push()
    hooked.push_after(timedelta(seconds=31))
    hooked.push_after(timedelta(minutes=2))

    days = [body["data"]["edition"]["slug"] for body in hooked.bodies]
    assert days == ["2026-05-19"] * 3 + ["2026-05-20", "2026-05-21", "2026-05-22"]


def test_one_that_is_down_keeps_no_other_waiting(hooked: Hooked, printed: None) -> None:
    hooked.add("down", path="/down")
    hooked.add("well", path="/other")
    hooked.receiver.routes["/down"] = lambda asked: answers(500)

    assert str(hooked.push()) == "2 made, 1 delivered, 1 failed"
    assert states() == ["waiting", "delivered"]


def test_what_is_missed_within_three_days_comes_then(hooked: Hooked) -> None:
    keep([of_day(1, FRIDAY), of_day(2, SATURDAY)])
    hooked.add()
    hooked.receiver.routes["/hook"] = lambda asked: answers(502)
    while (
        hooked.clock.now()
        < Push.objects.order_by("pk").values_list("made_at", flat=True)[0] + timedelta(days=2, hours=20)
        if Push.objects.exists()
        else True
    ):
        hooked.push()
        hooked.clock.at += timedelta(minutes=30)
    assert Webhook.objects.get().state == "active"

    hooked.receiver.requests.clear()
    hooked.receiver.routes["/hook"] = lambda asked: answers(200)
    hooked.push_after(timedelta(hours=4))

    assert [body["data"]["edition"]["slug"] for body in hooked.bodies] == ["2026-05-22", "2026-05-23"]


def test_after_three_days_it_is_paused_its_owner_told_and_nothing_lost(hooked: Hooked, printed: None) -> None:
    pk = hooked.add()
    hooked.receiver.routes["/hook"] = lambda asked: answers(502, b"<b>bad</b>\ngateway")
    for _ in range(74):
        hooked.push_after(timedelta(hours=1))

    asked = len(hooked.receiver.requests)
    assert asked < 40
    assert Webhook.objects.get().state == "paused"
    assert webhook_report.alarms(hooked.clock.now()) == [
        "lab is paused. Nothing arrived for 3 days. The last answer: 502: <b>bad</b> gateway"
    ]
    hooked.push_after(timedelta(hours=5))
    assert len(hooked.receiver.requests) == asked

    hooked.receiver.routes["/hook"] = lambda asked: answers(200)
    webhooks.resume(pk, hooked.clock.now())
    hooked.push()
    assert states() == ["delivered"]
    assert webhook_report.alarms(hooked.clock.now()) == []


def test_a_machine_that_slept_for_days_has_not_tried(hooked: Hooked, printed: None) -> None:
    hooked.add()
    hooked.receiver.routes["/hook"] = lambda asked: answers(502)
    hooked.push()
    hooked.push_after(timedelta(days=5))

    assert Webhook.objects.get().state == "active"


def test_an_address_that_is_gone_is_believed(hooked: Hooked, printed: None) -> None:
    hooked.add()
    hooked.receiver.will_answer(b"no more", 410)

    hooked.push()

    assert Webhook.objects.get().state == "paused"
    assert "gone for good" in Webhook.objects.get().trouble


def test_what_closes_while_one_is_paused_comes_when_it_goes_on(hooked: Hooked) -> None:
    pk = hooked.add()
    webhooks.pause(pk)
    keep([of_day(1, FRIDAY)])
    assert str(hooked.push()) == "0 made"

    webhooks.resume(pk, hooked.clock.now())

    assert str(hooked.push()) == "1 made, 1 delivered"


def test_redirects_are_not_followed(hooked: Hooked, printed: None) -> None:
    hooked.add()
    hooked.receiver.will_answer(b"", 307, location=f"{hooked.receiver.url}/other")

    hooked.push()

    assert hooked.receiver.asked == ["/hook"]
    assert "give the address it leads to" in Push.objects.get().answer


def test_a_lease_that_ran_out_is_tried_again_under_the_same_id(hooked: Hooked, printed: None) -> None:
    hooked.add()
    pushes.make_due(hooked.clock.now())
    (lost,) = pushes.claim(hooked.clock.now(), 8)  # by a worker that dies now

    hooked.push()
    assert hooked.receiver.requests == []
    hooked.push_after(pushes.LEASE)

    assert hooked.receiver.requests[0].headers["webhook-id"] == lost.message_id
    assert states() == ["delivered"]


def test_what_a_power_cut_takes_back_comes_again_under_the_same_id(hooked: Hooked, printed: None) -> None:
    hooked.add()
    hooked.push()
    Push.objects.all().delete()  # as the last commits may be, with SQLite's journal

    hooked.push()

    assert len(hooked.receiver.requests) == 2
    assert len({asked.headers["webhook-id"] for asked in hooked.receiver.requests}) == 1


def test_two_workers_never_have_the_same(hooked: Hooked, printed: None) -> None:
    hooked.add()
    pushes.make_due(hooked.clock.now())

    assert len(pushes.claim(hooked.clock.now(), 8)) == 1
    assert pushes.claim(hooked.clock.now(), 8) == []


def test_a_webhook_for_choices_gets_what_fits_them_and_nothing_where_nothing_does(
    hooked: Hooked, printed: None
) -> None:
    hooked.add("vision", categories=("cs.CV",))
    hooked.add("physics", categories=("hep-th",))

    assert str(hooked.push()) == "2 made, 1 delivered, 1 empty"

    told = hooked.bodies[0]
    assert told["type"] == "edition.printed"
    assert told["data"]["matching"] == 2
    assert told["data"]["chosen_for"] == "cs.CV"
    assert {paper["id"] for paper in told["data"]["papers"]} == {"2605.00002", "2605.00004"}


def test_a_saved_search_waits_for_the_index(hooked: Hooked, printed: None) -> None:
    hooked.add(query="retrieval")

    assert str(hooked.push()) == "1 made, 1 put off"
    assert Push.objects.get().tries == 0
    assert Webhook.objects.get().failing_since is None
    assert webhook_report.alarms(hooked.clock.now() + timedelta(hours=3)) != []


def test_a_saved_search_brings_what_it_finds_with_the_reason(hooked: Hooked) -> None:
    keep(
        [record(1, "Folding of proteins", summary="Chains."), record(2, "Speech in noise", summary="Sounds.")]
    )
    catch_up(wiring.words_index())
    hooked.add("a", query="speech noise", boosted=("speech",))
    hooked.add("b", query="unheardof")

    assert str(hooked.push(engines=wiring.engines)) == "2 made, 1 delivered, 1 empty"

    (paper,) = hooked.bodies[0]["data"]["papers"]
    assert paper["title"] == "Speech in noise"
    assert paper["reason"].startswith("Has a word you lift.")


def test_choices_that_cannot_be_read_keep_no_other_waiting(hooked: Hooked, printed: None) -> None:
    broken = hooked.add("broken")
    Webhook.objects.filter(pk=broken).update(interest={"most": "many"})
    hooked.add("well", path="/other")

    assert str(hooked.push()) == "2 made, 1 delivered"
    assert Webhook.objects.get(pk=broken).state == "paused"
    assert [line.interest is None for line in webhooks.lines()] == [True, False]


def test_weeks_go_to_those_who_want_weeks(hooked: Hooked, printed: None) -> None:
    hooked.add(every=WindowKind.WEEK)
    assert str(hooked.push()) == "0 made"

    hooked.clock.at += timedelta(days=1)
    refresh_editions(now=hooked.clock.now())

    assert str(hooked.push()) == "1 made, 1 delivered"
    assert hooked.bodies[0]["data"]["edition"]["slug"] == "2026-W21"


def test_hostile_answers_are_bounded_and_cut_off(hooked: Hooked, printed: None) -> None:
    for number, answer in enumerate(
        [Answer(b"x" * 100_000, 500, is_endless=True), Answer(b"\x00\xff<script>" * 999, 500)]
    ):
        name = f"/bad{number}"
        hooked.receiver.routes[name] = lambda asked, answer=answer: answer  # type: ignore[misc]
        hooked.add(name, path=name)

    assert str(hooked.push()) == "2 made, 2 failed"
    assert all(len(row.answer) < 400 and row.answer.isprintable() for row in Push.objects.all())
    assert MOST_SAID < 10_000


def test_history_does_not_grow_without_end(hooked: Hooked, printed: None) -> None:
    pk = hooked.add()
    hooked.push()
    for number in range(200):
        Push.objects.create(
            webhook_id=pk, message_id=f"msg_{number}", kind="day", state="delivered",
            start=FRIDAY - timedelta(days=100 + number), run_at=hooked.clock.now(),
            made_at=hooked.clock.now() - timedelta(days=100 + number),
        )  # fmt: skip

    pushes.tidy(hooked.clock.now())

    assert Push.objects.count() <= 2 * webhooks.HISTORY
    assert str(hooked.push()) == "0 made"


@pytest.mark.parametrize("form", list(Form))
def test_every_form_arrives(hooked: Hooked, printed: None, form: Form) -> None:
    hooked.add(form=form)
    hooked.receiver.routes["/bot123456:ABCdefGHIjklMNOpqrSTUvwx"] = lambda asked: answers(200)
    hooked.receiver.routes["/_matrix"] = lambda asked: answers(200, b'{"event_id":"$1"}')

    assert str(hooked.push()) == "1 made, 1 delivered"
