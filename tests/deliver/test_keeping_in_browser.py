"""Saving and voting in a real browser, with scripts off, on the narrowest phone and on a desk."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from broadsheet import wiring
from broadsheet.jobs.indexing import catch_up
from tests.deliver.browser import watch
from tests.deliver.conftest import keep, record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"viewport": {"width": 1440, "height": 1000}, "color_scheme": "light"}
NARROW = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}


@pytest.fixture
def site(live_server: LiveServer) -> str:
    keep([record(number) for number in range(1, 4)])
    catch_up(wiring.words_index())
    return live_server.url


def test_a_reader_saves_votes_and_takes_back_without_scripts(browser: Browser, site: str) -> None:
    with watch(browser, site, java_script_enabled=False, **WIDE) as here:
        page = here.page
        for number in (1, 2):
            here.open(f"/paper/2605.0000{number}")
            page.get_by_role("button", name="Save").click()
            expect(page).to_have_url(f"{site}/paper/2605.0000{number}")
            expect(page.get_by_role("button", name="Saved, remove")).to_be_visible()
        page.get_by_role("button", name="Vote").click()
        expect(page.get_by_role("button", name="Voted, take back")).to_be_visible()
        assert [cookie["name"] for cookie in page.context.cookies()] == ["kept"]

        page.get_by_role("link", name="What you saved").click()
        expect(page.locator(".story h3")).to_have_text(["Paper 2 on retrieval", "Paper 1 on retrieval"])
        page.get_by_role("button", name="Remove Paper 2").click()
        expect(page).to_have_url(f"{site}/saved")
        expect(page.locator(".story h3")).to_have_text(["Paper 1 on retrieval"])


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["light", "phone-dark"])
def test_the_forms_and_the_list_are_accessible(
    browser: Browser, site: str, size: dict[str, object], request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    with watch(browser, site, **size) as here:
        for path in ("/saved", "/paper/2605.00001", "/saved", "/paper/2605.00001"):
            here.open(path)
            choices = here.page.locator(".choices button")

            here.keep_picture(f"keeping{path.replace('/', '-')}-{name}")
            assert here.axe_findings() == [], path
            assert here.widest_px() <= size["viewport"]["width"], path  # type: ignore[index]
            assert all(button.bounding_box()["height"] >= 44 for button in choices.all())  # type: ignore[index]
            if choices.count() and "Saved" not in choices.first.inner_text():
                choices.first.click()
                expect(here.page.get_by_role("button", name="Saved, remove")).to_be_visible()
