"""The owner's page of webhooks in a real browser, without scripts, at every size."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from broadsheet.store.models import Webhook
from broadsheet.store.owner import new_link
from tests.deliver.browser import watch
from tests.deliver.conftest import keep, record
from tests.deliver.test_in_browser import EVIL, SIZES
from tests.fakes.upstream import run_upstream
from tests.fakes.webhooks import Hooked, answers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hooked(settings: Any) -> Iterator[Hooked]:
    settings.OPTIONS = {**settings.OPTIONS, "WEBHOOK_HOSTS": ("127.0.0.1",)}
    with run_upstream() as receiver:
        receiver.routes["/hook"] = lambda asked: answers(200, EVIL.encode())
        yield Hooked(receiver)


@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_accessible_and_fits_at_every_size(
    browser: Browser, live_server: LiveServer, hooked: Hooked, size: str
) -> None:
    keep([record(1)])
    pk = hooked.add("the lab's own room of readers")
    hooked.receiver.will_answer(EVIL + "w" * 200, 500)
    hooked.push()
    with watch(browser, live_server.url, **SIZES[size]) as here:
        here.open(f"/owner/claim?token={new_link(timezone.now())}")
        here.page.click("main button")
        here.open(f"/owner/webhooks?of={pk}")

        here.page.get_by_text("Renew its secret").click()
        here.page.locator("summary", has_text="Change it").click()
        here.keep_picture(f"owner-webhooks-{size}", whole=True)
        assert here.axe_findings() == []
        assert here.widest_px() <= SIZES[size]["viewport"]["width"]  # type: ignore[index]
        assert here.page.evaluate("window.hit") is None


def test_one_is_made_tested_and_deleted_without_scripts(
    browser: Browser, live_server: LiveServer, hooked: Hooked
) -> None:
    with watch(browser, live_server.url, **SIZES["phone"], java_script_enabled=False) as here:
        here.open(f"/owner/claim?token={new_link(timezone.now())}")
        here.page.click("main button")
        here.open("/owner/webhooks")
        here.page.fill("#name", "lab")
        here.page.fill("#url", f"{hooked.receiver.url}/hook")
        here.page.get_by_role("button", name="Make it").click()
        expect(here.page.locator("main header code")).to_contain_text("whsec_")
        here.keep_picture("owner-webhook-made")

        here.page.get_by_role("button", name="Send a test").click()
        expect(here.page.locator("[role=status]")).to_contain_text("It was taken: 200")
        expect(here.page.locator("main")).not_to_contain_text("whsec_")

        here.page.get_by_text("Delete it").click()
        here.page.get_by_role("button", name="Delete lab").click()
        expect(here.page.locator("#h-all + p")).to_have_text("There is none yet.")
    assert not Webhook.objects.exists()
