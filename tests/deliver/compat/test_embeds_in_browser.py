"""What a paper's page tells programs, in a real browser: data that it reads and never runs."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.deliver.browser import watch
from tests.deliver.compat.test_embeds import HOSTILE
from tests.deliver.conftest import keep, record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
READ = "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent).name"


def test_the_policy_lets_data_stand_and_nothing_of_it_runs(browser: Browser, live_server: LiveServer) -> None:
    keep([record(1, title=HOSTILE, summary=HOSTILE, keywords=(HOSTILE,))])

    with watch(browser, live_server.url) as here:  # which fails on a dialog or a breach of the policy
        here.open("/paper/2605.00001")

        assert "alert(1)" in here.page.evaluate(READ)
        metas = here.page.locator('head meta[name="citation_title"]')
        assert "alert(1)" in str(metas.get_attribute("content"))
        assert here.page.locator("img").count() == 0
