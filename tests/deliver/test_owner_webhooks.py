"""The owner's page of webhooks: made, tested, paused, skipped, deleted; no secret shown twice."""

import json
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadsheet.domain.webhook import Form
from broadsheet.store import webhooks
from broadsheet.store.models import Push, Webhook
from broadsheet.store.owner import new_link
from tests.deliver.conftest import keep, record
from tests.fakes.upstream import run_upstream
from tests.fakes.webhooks import BOT, Hooked, answers

pytestmark = pytest.mark.django_db
TYPED = {"do": "make", "name": "lab", "service": "json", "every": "day", "most": "12"}


@pytest.fixture
def hooked(settings: Any) -> Iterator[Hooked]:
    settings.OPTIONS = {**settings.OPTIONS, "WEBHOOK_HOSTS": ("127.0.0.1",)}
    with run_upstream() as receiver:
        receiver.routes["/hook"] = lambda asked: answers(200, b"<i>ok</i>")
        yield Hooked(receiver)


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.post("/owner/claim", {"token": new_link(timezone.now())})
    return client


def act(client: Client, **said: str) -> Any:
    return client.post("/owner/webhooks/act", said)


def make(client: Client, hooked: Hooked, **said: str) -> Any:
    return act(client, **(TYPED | {"url": f"{hooked.receiver.url}/hook"} | said))


def text(reply: Any) -> str:
    return unescape(reply.content.decode())


def test_others_are_told_how_to_get_in(hooked: Hooked) -> None:
    assert Client().get("/owner/webhooks").status_code == 403
    assert make(Client(), hooked).status_code == 403
    assert not Webhook.objects.exists()


def test_another_site_cannot_make_one(hooked: Hooked) -> None:
    assert make(Client(enforce_csrf_checks=True), hooked).status_code == 403


def test_one_is_made_and_its_secret_shown_once(owner: Client, hooked: Hooked) -> None:
    reply = make(owner, hooked, categories="cs.CL", query="agents")

    row = Webhook.objects.get()
    assert reply.status_code == 200
    assert row.secret.startswith("whsec_")
    assert row.secret in text(reply)
    assert "no-store" in reply.headers["Cache-Control"]
    again = text(owner.get(f"/owner/webhooks?of={row.pk}"))
    assert row.secret not in again
    assert "/hook" not in again
    assert "cs.CL" in again
    assert row.interest["query"] == "agents"
    assert make(owner, hooked).status_code == 400  # the same form again
    assert Webhook.objects.count() == 1


def test_secrets_of_chats_are_never_shown(owner: Client, hooked: Hooked) -> None:
    url = hooked.receiver.url
    pages = [text(make(owner, hooked, service="telegram", url=url, room="-1001", token=BOT))]
    pages += [text(make(owner, hooked, name="x", service="telegram", url=url, room="?", token=BOT))]
    pages += [text(make(owner, hooked, name="y", service="slack", room="?"))]
    pages += [text(owner.get("/owner/webhooks")), text(owner.get("/owner/"))]

    assert Webhook.objects.get().token == BOT
    assert not any(BOT in page or f"{url}/hook" in page for page in pages)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "name: expected 1 to 60"),
        ({"name": "x" * 61}, "name: expected 1 to 60"),
        ({"service": "fax"}, "form: 'fax' is none; expected json, slack"),
        ({"url": ""}, "url: an address is needed"),
        ({"url": "https://127.0.0.2/x"}, "own network"),
        ({"url": "http://example.org/x"}, "expected https://"),
        ({"url": "gopher://127.0.0.1/"}, "expected an address like"),
        ({"url": "https://127.0.0.1/" + "x" * 5000}, "at most 2,000 characters"),
        ({"every": "hour"}, "every: 'hour' is none"),
        ({"every": "match"}, "a search, a category or an author is needed"),
        ({"categories": "<b>"}, "is no category"),
        ({"most": "9999"}, "no whole number"),
        ({"service": "matrix", "room": "#a:b"}, "expected the id of a room"),
        ({"service": "telegram", "room": "1", "token": "x"}, "expected the token of a bot"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_expected(
    owner: Client, hooked: Hooked, typed: dict[str, str], words: str
) -> None:
    reply = make(owner, hooked, **typed)

    assert reply.status_code == 400
    assert words in text(reply)
    assert not Webhook.objects.exists()


def test_a_test_tells_at_once_what_the_other_side_answers(owner: Client, hooked: Hooked) -> None:
    keep([record(1)])
    pk = hooked.add()

    taken = act(owner, do="test", webhook=str(pk))
    hooked.receiver.will_answer(b"no such hook", 404)
    refused = act(owner, do="test", webhook=str(pk))

    assert "It was taken: 200: &lt;i&gt;ok&lt;/i&gt;" in taken.content.decode()
    assert "It was not taken: 404: no such hook" in text(refused)
    assert hooked.bodies[0]["type"] == "test"
    assert hooked.bodies[0]["data"]["papers"][0]["id"] == "2605.00001"
    assert not Push.objects.exists()


def test_pause_go_on_skip_and_delete(owner: Client, hooked: Hooked) -> None:
    keep([record(1)])
    pk = hooked.add()
    hooked.receiver.routes["/hook"] = lambda asked: answers(500)
    hooked.push()

    def do(what: str) -> int:
        return int(act(owner, do=what, webhook=str(pk)).status_code)

    assert [do("pause"), do("pause"), do("resume"), do("resume")] == [302, 409, 302, 409]
    assert do("skip") == 302
    assert Push.objects.get().state == "skipped"
    assert do("skip") == 409
    assert str(hooked.push()) == "0 made"
    assert [do("delete"), do("delete"), do("test"), do("burn")] == [302, 409, 409, 400]
    assert not Push.objects.exists()


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 40, "1'--"])
def test_odd_numbers_do_nothing(owner: Client, hooked: Hooked, number: str) -> None:
    assert act(owner, do="delete", webhook=number).status_code == 409
    assert owner.get("/owner/webhooks", {"of": number}).status_code == 200


def test_the_history_tells_the_last_answer(owner: Client, hooked: Hooked) -> None:
    keep([record(1)])
    pk = hooked.add()
    hooked.receiver.will_answer(b"<script>alert(1)</script>", 500)
    hooked.push()

    page = owner.get(f"/owner/webhooks?of={pk}").content.decode()

    assert "500: &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert Push.objects.get().message_id in page
    assert "Try now" in page


def test_a_page_costs_the_same_however_many_there_are(owner: Client, hooked: Hooked) -> None:
    def queries(pk: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            owner.get(f"/owner/webhooks?of={pk}")
        return len(asked)

    first = queries(hooked.add("a"))
    pks = [hooked.add(f"b{n}", form=form) for n, form in enumerate([*Form] * 3)]

    assert queries(pks[0]) == first <= 8


def test_there_is_a_most(owner: Client, hooked: Hooked) -> None:
    for number in range(webhooks.MOST):
        hooked.add(f"n{number}")

    assert "which is the most" in text(make(owner, hooked))


def test_one_that_fails_for_hours_is_told_everywhere(owner: Client, hooked: Hooked) -> None:
    keep([record(1)])
    hooked.add("lab room")
    hooked.receiver.routes["/hook"] = lambda asked: answers(500)
    assert json.loads(Client().get("/healthz").content)["webhooks"] == {"ok": True}

    hooked.clock.at = timezone.now() - timedelta(hours=2)
    Webhook.objects.update(failing_since=hooked.clock.at)

    report = json.loads(Client().get("/healthz").content)
    assert (report["status"], report["webhooks"]) in [("degraded", {"ok": False}), ("down", {"ok": False})]
    assert "lab room has taken nothing since" in text(owner.get("/owner/"))
    assert "lab room has taken nothing since" in text(owner.get("/owner/webhooks"))


def test_one_is_changed_and_its_secret_renewed(owner: Client, hooked: Hooked) -> None:
    make(owner, hooked, every="match", query="agents")
    row = Webhook.objects.get()
    page = text(owner.get(f"/owner/webhooks?of={row.pk}"))
    assert "papers as they come in" in page
    assert 'value="agents"' in page

    typed = {"name": "room", "every": "match", "query": "tools", "most": "5"}
    assert act(owner, do="change", webhook=str(row.pk), **typed).status_code == 302
    refused = act(owner, do="change", webhook=str(row.pk), **(typed | {"query": ""}))
    renewed = act(owner, do="renew", webhook=str(row.pk))

    changed = Webhook.objects.get()
    assert (changed.name, changed.url, changed.interest["query"]) == ("room", row.url, "tools")
    assert refused.status_code == 400
    assert "Nothing was changed" in text(refused)
    assert changed.secret in text(renewed)
    assert changed.secret != row.secret == changed.former_secret
    assert row.secret not in text(renewed)
    assert "the former one signs until" in text(owner.get(f"/owner/webhooks?of={row.pk}"))
    assert act(owner, do="change", webhook="999", **typed).status_code == 409


def test_a_chat_has_no_secret_to_renew(owner: Client, hooked: Hooked) -> None:
    pk = hooked.add(form=Form.SLACK)

    assert "Renew its secret" not in text(owner.get(f"/owner/webhooks?of={pk}"))
    assert act(owner, do="renew", webhook=str(pk)).status_code == 409
