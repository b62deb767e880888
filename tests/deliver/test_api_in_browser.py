"""The reference of the API in a real browser: nothing is cut off, and it can be read by all."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.deliver.browser import watch
from tests.deliver.conftest import keep, record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark"), (320, "light")]
)
def test_the_reference_can_be_read(
    live_server: LiveServer, browser: Browser, width: int, scheme: str
) -> None:
    keep(record(number) for number in range(1, 4))
    size = {"width": width, "height": 900}
    with watch(browser, live_server.url, viewport=size, color_scheme=scheme) as here:
        here.open("/api/v1/")

        here.keep_picture(f"reference-{width}-{scheme}")
        here.page.evaluate("document.getElementById('list_papers').scrollIntoView()")
        here.keep_picture(f"reference-{width}-{scheme}-papers")
        assert here.widest_px() <= width
        assert here.axe_findings() == []
        contents = here.page.locator("nav.contents").bounding_box()
        assert contents
        assert (contents["y"] == 0) == (width == 1440)  # it stays in sight
