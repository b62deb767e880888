"""Subscribing in a real browser, with scripts off, on the narrowest phone and on a desk."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from broadsheet.deliver import tokens
from broadsheet.deliver.email.confirmation import send_waiting
from broadsheet.deliver.tokens import Purpose
from broadsheet.domain.interest import Interest, interest_of
from broadsheet.domain.likes import Like
from broadsheet.lib.address import read
from broadsheet.store import likes, subscriptions
from broadsheet.store.models import Delivery, Paper, Subscription
from broadsheet.store.subscriptions import Handle
from tests.deliver.browser import watch
from tests.deliver.by_mail import link
from tests.deliver.conftest import keep, key_of, record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"viewport": {"width": 1440, "height": 1000}, "color_scheme": "light"}
NARROW = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
LONG = "a.very.long.name.of.a.person.who.likes.long.names.and.more.of@mail.department.example.org"


def _posted(site: str) -> list[EmailMultiAlternatives]:
    mails: list[EmailMultiAlternatives] = []
    send_waiting(mails.append, sender="digest@example.org", site_url=site, now=timezone.now())
    return mails


def _subscribed() -> Handle:
    subscriptions.ask(read(LONG), Interest(("cs.CL",)), network="n", now=timezone.now())
    row = Subscription.objects.get()
    return Handle(row.pk, row.generation)


def _paper_id(number: int) -> int:
    return Paper.objects.get(key=key_of(number)).pk


def test_a_reader_subscribes_chooses_and_ends_it_without_scripts(
    browser: Browser, live_server: LiveServer
) -> None:
    site = live_server.url
    keep([record(number) for number in range(1, 4)])
    with watch(browser, site, java_script_enabled=False, **WIDE) as here:
        page = here.page
        here.open("/day/2026-05-22")
        page.get_by_label("Your address").fill("ada@example.org")
        page.get_by_label("Weekly, Mondays").check()
        page.get_by_role("button", name="Subscribe").click()
        expect(page).to_have_url(f"{site}/subscribe/asked")

        here.open(link(_posted(site)[0], "/subscription/confirm", site))
        page.get_by_role("button", name="Confirm").click()
        expect(page.locator("h1")).to_have_text("You are subscribed")

        page.get_by_role("link", name="Your choices").click()
        page.get_by_label("Time zone").fill("Europe/Berlin")
        page.get_by_label("At most so many papers").fill("20")
        page.get_by_role("button", name="Keep these choices").click()
        expect(page.get_by_role("status")).to_have_text("Your choices are kept.")
        kept = interest_of(Subscription.objects.get().interest)
        assert (kept.often, kept.zone, kept.most) == ("weekly", "Europe/Berlin", 20)

        page.get_by_role("button", name="Unsubscribe").click()
        expect(page.get_by_role("status")).to_have_text("You are unsubscribed.")
        page.get_by_role("link", name="See, export or delete").click()
        page.get_by_role("button", name="Delete everything").click()
        expect(page.locator("h1")).to_have_text("Everything is deleted")
        assert not Subscription.objects.exists()
        assert page.context.cookies() == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["light", "phone-dark"])
def test_the_pages_of_a_subscription_are_accessible(
    browser: Browser, live_server: LiveServer, size: dict[str, object], request: pytest.FixtureRequest
) -> None:
    keep([record(1, "A title of " + "long " * 60 + "w" * 200), record(2)])
    name, handle = request.node.callspec.id, _subscribed()
    of_mails = (Purpose.CONFIRM, Purpose.MANAGE, Purpose.UNSUBSCRIBE, Purpose.FEEDBACK)
    confirm, manage, leave, feedback = (f"?token={tokens.make(one, handle)}" for one in of_mails)
    paths = {
        "subscribe": "/subscribe?cat=cs.CL",
        "asked": "/subscribe/asked",
        "confirm": f"/subscription/confirm{confirm}",
        "unconfirmed": f"/subscription{manage}",
        "unsubscribe": f"/unsubscribe{leave}",
        "refused": f"/unsubscribe{manage}",
    }
    with watch(browser, live_server.url, **size) as here:

        def check(page_name: str, path: str) -> None:
            here.open(path)
            here.keep_picture(f"mail-{page_name}-{name}", whole=True)
            assert here.axe_findings() == [], page_name
            assert here.widest_px() <= size["viewport"]["width"], page_name  # type: ignore[index]

        for page_name, path in paths.items():
            check(page_name, path)
        here.errors.clear()  # Chromium logs every status of 400 and above
        now = timezone.now()
        subscriptions.confirm(handle, now)
        Delivery.objects.create(
            subscription_id=handle.id,
            kind="day",
            start=now.date(),
            state="sent",
            run_at=now,
            made_at=now,
            closed_at=now + timedelta(seconds=2),
            answer="250 2.0.0 Ok: queued as 4VmX3Q0bHsz2xGx",
        )
        likes.like(handle, _paper_id(1), Like.LESS)
        likes.like(handle, _paper_id(2), Like.MORE)
        check("feedback", f"/feedback{feedback}&paper=2605.00001&like=less")
        check("manage", f"/subscription{manage}")
        check("data", f"/subscription/data{manage}")


def test_any_page_takes_an_address_and_knows_the_readers_clock(
    browser: Browser, live_server: LiveServer
) -> None:
    keep([record(1)])
    with watch(browser, live_server.url, timezone_id="America/Sao_Paulo", **WIDE) as here:
        here.open("/paper/2605.00001")
        here.page.get_by_label("The papers that lead, by mail").fill("ada@example.org")
        here.page.get_by_role("button", name="Subscribe").click()
        expect(here.page.locator("h1")).to_have_text("Look into your mailbox")

    assert interest_of(Subscription.objects.get().interest).zone == "America/Sao_Paulo"
