"""broadsheet webhook, as its owner uses it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Verifier

from broadsheet.cli import checkup
from broadsheet.cli.findings import Level
from broadsheet.domain.webhook import Form
from broadsheet.store import webhooks
from broadsheet.store.models import Webhook
from tests.deliver.conftest import keep, record
from tests.fakes.upstream import run_upstream
from tests.fakes.webhooks import BOT, Hooked, answers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hooked(settings: Any) -> Iterator[Hooked]:
    settings.OPTIONS = {**settings.OPTIONS, "WEBHOOK_HOSTS": ("127.0.0.1",)}
    with run_upstream() as receiver:
        receiver.routes["/hook"] = lambda asked: answers(200, b"ok")
        yield Hooked(receiver)


def said(*words: str) -> str:
    out = StringIO()
    call_command("webhook", *words, stdout=out)
    return out.getvalue()


def refused(*words: str) -> tuple[str, int]:
    with pytest.raises(CommandError) as caught:
        said(*words)
    return str(caught.value), caught.value.returncode


def test_one_is_added_tested_listed_paused_and_deleted(hooked: Hooked) -> None:
    url = f"{hooked.receiver.url}/hook"
    added = said("add", "lab", "--url", url, "--category", "cs.CL", "--category", "cs.LG", "--most", "5")

    row = Webhook.objects.get()
    assert f"shown this once: {row.secret}" in added
    assert row.interest["categories"] == ["cs.CL", "cs.LG"]
    assert said("test", "lab") == "lab took it: 200: ok\n"
    assert "lab" in said("list")
    listed = json.loads(said("list", "--json"))
    assert listed["alarms"] == []
    assert listed["webhooks"][0]["host"] == "127.0.0.1"
    assert row.secret not in str(listed)
    assert said("history", "lab") == "Nothing was sent yet.\n"
    assert said("pause", "lab") == "lab is paused; what waits is kept.\n"
    assert refused("pause", "lab") == ("lab: nothing to pause", 1)
    assert said("resume", "lab") == "lab goes on.\n"
    assert said("delete", "lab") == "lab is deleted.\n"
    assert "there is no webhook 'lab'" in refused("test", "lab")[0]


def test_secrets_come_from_files(hooked: Hooked, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{BOT}\n")
    (tmp_path / "url").write_text(f"{hooked.receiver.url}/hook\n")

    said("add", "group", "--form", "telegram", "--url", hooked.receiver.url, "--room", "-1001",
         "--token-file", str(tmp_path / "token"))  # fmt: skip
    said("add", "channel", "--form", "discord", "--url", f"@{tmp_path / 'url'}", "--every", "week")

    assert Webhook.objects.get(name="group").token == BOT
    assert Webhook.objects.get(name="channel").url.endswith("/hook")
    assert BOT not in said("list") + said("list", "--json")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["add", "x", "--url", "https://10.0.0.1/"], "--url: the host lies inside"),
        (["add", "x", "--url", "http://example.org/"], "--url: expected https://"),
        (["add", "x", "--form", "matrix", "--url", "https://127.0.0.1"], "--room: '' is none"),
        (["add", "x", "--url", "https://127.0.0.1/", "--most", "2"], "3 to 50"),
        (["add", "x" * 99, "--url", "https://127.0.0.1/"], "name: expected 1 to 60"),
        (["add", "x", "--url", "@/nowhere/at/all"], "cannot be read"),
    ],
)
def test_what_cannot_be_ends_with_two(hooked: Hooked, words: list[str], told: str) -> None:
    text, code = refused(*words)

    assert told in text
    assert code == 2


def test_a_test_that_is_not_taken_ends_with_one(hooked: Hooked) -> None:
    hooked.add()
    hooked.receiver.will_answer(b"nobody here", 404)

    assert refused("test", "lab") == ("lab did not take it: 404: nobody here", 1)


def test_send_and_history(hooked: Hooked) -> None:
    keep([record(1)])
    hooked.add()

    assert said("send") in ("1 made, 1 delivered\n", "0 made\n")  # the edition is old news by now
    hooked.push()

    (row,) = json.loads(said("history", "lab", "--json"))
    assert (row["start"], row["state"], row["answer"]) == ("2026-05-22", "delivered", "200: ok")


def test_what_fails_is_told_by_list_and_doctor(hooked: Hooked) -> None:
    hooked.add()
    Webhook.objects.update(failing_since=timezone.now() - timedelta(hours=3))

    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("webhook", "list", stdout=out)
    found = [one for one in checkup.examine(timezone.now(), may_ask=False) if one.what == "webhooks"]

    assert ended.value.code == 1
    assert out.getvalue().startswith("ALARM  lab has taken nothing since")
    assert [one.level for one in found] == [Level.WARN]
    assert "webhook list" in found[0].remedy


def test_one_is_changed_and_what_is_not_named_stays(hooked: Hooked) -> None:
    url = f"{hooked.receiver.url}/hook"
    made = said("add", "lab", "--url", url, "--search", "agents", "--category", "cs.CL", "--mute", "survey")
    assert "what matches from now on goes there" in made

    said("edit", "lab", "--rename", "room", "--search", "tools", "--category", "", "--most", "7")

    row = Webhook.objects.get()
    assert (row.name, row.kind, row.url) == ("room", "match", url)
    assert (row.interest["query"], row.interest["categories"], row.interest["muted"]) == (
        "tools",
        [],
        ["survey"],
    )
    assert row.interest["most"] == 7
    assert "match" in said("list")
    assert "a category or an author is needed" in refused("edit", "room", "--search", "")[0]
    assert "--url: the host lies inside" in refused("edit", "room", "--url", "https://10.0.0.1/")[0]


def test_a_renewed_secret_signs_beside_the_former_one_for_a_day(hooked: Hooked) -> None:
    said("add", "lab", "--url", f"{hooked.receiver.url}/hook")
    former = Webhook.objects.get().secret
    now = timezone.now()

    assert "shown this once: whsec_" in said("edit", "lab", "--new-secret")
    said("test", "lab")

    new = Webhook.objects.get().secret
    (asked,) = hooked.receiver.requests
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert former != new
    for secret in (former, new):
        assert Verifier(secret).verify(asked.body, headers)["type"] == "test"
    target = webhooks.target(Webhook.objects.get().pk, now + timedelta(days=2))
    assert target is not None
    assert target.former_secret == ""


def test_a_token_does_not_go_to_another_address_by_itself(hooked: Hooked, tmp_path: Path) -> None:
    hooked.add(form=Form.TELEGRAM)
    (tmp_path / "token").write_text(BOT)
    other = f"{hooked.receiver.url}/other"

    assert "--token: another address needs its token again" in refused("edit", "lab", "--url", other)[0]
    assert said("edit", "lab", "--url", other, "--token-file", str(tmp_path / "token"), "--room", "-7")
    assert Webhook.objects.get().room == "-7"
    assert "only json is signed" in refused("edit", "lab", "--new-secret")[0]
