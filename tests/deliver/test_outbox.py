"""The owner's pages of the post: what became of digests, and the mails of a site without a mail server."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet import wiring
from broadsheet.deliver import outbox
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.jobs import agenda
from broadsheet.store.models import Delivery, Letter, Subscription
from tests.deliver.by_mail import confirmed, stored, subscribe, text_of

pytestmark = pytest.mark.django_db
HTML = "<html><head></head><body><p>Hello <a href='https://example.org/'>there</a></p></body></html>"
MAIL = f"""\
From: Broadsheet <digest@example.org>
To: ada@example.org
Subject: <script>alert(1)</script>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Hello https://example.org/ <b>
--b
Content-Type: text/html; charset=utf-8

{HTML}
--b--
"""
PATHS = ["/owner/digests", "/outbox", "/outbox/day-1.eml", "/outbox/day-1.eml/html", "/outbox/day-1.eml/file"]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    data = {**django_settings.OPTIONS, "DATA": tmp_path}
    with override_settings(OPTIONS=data):
        made = wiring.outbox_folder()
        made.mkdir()
        (made / "day-1.eml").write_text(MAIL)
        yield made


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(User.objects.create(username="owner", is_superuser=True, is_staff=True))
    return client


@pytest.mark.parametrize("path", PATHS)
def test_others_see_no_mail(client: Client, folder: Path, path: str) -> None:
    reply = client.get(path)

    assert reply.status_code == 403
    assert "ada@example.org" not in reply.content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_looking_changes_nothing(owner: Client, folder: Path, path: str) -> None:
    subscribe()
    before = stored(), (folder / "day-1.eml").read_bytes()

    assert owner.get(path).status_code == 200
    assert owner.post(path).status_code == 405

    assert (stored(), (folder / "day-1.eml").read_bytes()) == before


def test_a_mail_is_shown_whole_and_nothing_in_it_runs(owner: Client, folder: Path) -> None:
    page = owner.get("/outbox/day-1.eml")

    text = page.content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert '<a href="https://example.org/" rel="nofollow">' in text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    html = owner.get("/outbox/day-1.eml/html")
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert "script-src" not in html.headers["Content-Security-Policy"]
    assert '<base target="_blank">' in html.content.decode()
    assert owner.get("/outbox/day-1.eml/file").content == MAIL.encode()


@pytest.mark.parametrize("name", ["other.eml", "..%2Fday-1.eml", ".day-1.eml", "day-1.eml.txt", "x" * 300])
def test_what_is_no_mail_of_the_outbox_is_not_found(owner: Client, folder: Path, name: str) -> None:
    (folder.parent / "day-2.eml").write_text("not for reading")

    assert owner.get(f"/outbox/{name}").status_code == 404
    assert owner.get(f"/outbox/{name}/html").status_code == 404
    assert owner.get(f"/outbox/{name}/file").status_code == 404


def test_a_newcomer_finds_the_first_mail_here(owner: Client, folder: Path) -> None:
    reply = subscribe()
    assert "waits in the" in text_of(owner.get(reply.headers["Location"]))

    assert agenda.digest(lambda: True).startswith("1 letters")

    page = text_of(owner.get("/outbox"))
    assert "Confirm your address for Broadsheet" in page
    assert "2 mails" in page


def test_mails_go_with_who_is_deleted(folder: Path) -> None:
    tokens = {name: confirmed(f"{name}@example.org") for name in ("ada", "grace")}
    agenda.digest(lambda: True)  # their letters
    for row in Subscription.objects.all():
        made = {"run_at": timezone.now(), "made_at": timezone.now(), "state": DeliveryState.SENT}
        one = Delivery.objects.create(subscription=row, kind="day", start=date(2026, 5, 22), **made)
        (folder / f"day-2026-05-22-{one.pk}.eml").write_text(f"To: {row.address}")
    link = f"/subscription/data?token={tokens['ada']}"
    assert "kept as files: 2" in text_of(Client().get(link))
    assert len(Client().get(f"{link}&format=json").json()["outbox"]) == 2

    Client().post("/subscription/data", {"token": tokens["ada"], "do": "delete"})

    left = [path.read_text() for path in folder.iterdir() if path.name != "day-1.eml"]
    assert "ada@" not in "".join(left)
    assert "".join(left).count("To: grace@") == 2


def test_mails_are_kept_for_sixty_days_and_looked_through_once_a_day(folder: Path) -> None:
    written = datetime.fromtimestamp((folder / "day-1.eml").stat().st_mtime, UTC)

    outbox.sweep_daily(folder, written + timedelta(days=59))
    assert (folder / "day-1.eml").exists()
    outbox.sweep_daily(folder, written + timedelta(days=59, hours=25))
    assert not (folder / "day-1.eml").exists()
    (folder / "day-2026-05-22-9.eml").write_text(MAIL)  # of nobody
    outbox.sweep_daily(folder, written + timedelta(days=60, hours=20))
    assert outbox.newest(folder)[1] == 1
    outbox.sweep_daily(folder, written + timedelta(days=61, hours=20))
    assert outbox.newest(folder) == ([], 0)


def test_an_outbox_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert outbox.newest(tmp_path / "outbox") == ([], 0)
    outbox.sweep(tmp_path / "outbox", timezone.now())
    outbox.sweep_daily(tmp_path / "outbox", timezone.now())
    assert not list(tmp_path.iterdir())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.binary(max_size=300))
def test_any_file_can_be_shown(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "any.eml").write_bytes(data)

    filed, count = outbox.newest(tmp_path)
    found = outbox.opened(tmp_path, filed[0].name)

    assert count == 1
    assert found
    assert found.size == len(data)


def test_the_owner_sees_what_became_of_digests(owner: Client) -> None:
    confirmed()
    row = Subscription.objects.get()
    made = timezone.now()
    Delivery.objects.create(
        subscription=row,
        kind="day",
        start=datetime(2026, 5, 22, tzinfo=UTC),
        state=DeliveryState.REFUSED,
        run_at=made,
        made_at=made,
        answer="550 <no> such user",
    )
    Subscription.objects.update(state=SubscriptionState.PAUSED, trouble="Refused 3 times in a row")
    Letter.objects.update(state=DeliveryState.REFUSED, answer="554 no letters", tries=1)

    page = text_of(owner.get("/owner/digests"))

    assert "550 <no> such user" in page
    assert "Refused 3 times in a row" in page
    assert "554 no letters" in page
    assert "1 refused" in page
    assert "1 paused" in text_of(owner.get("/owner/"))
