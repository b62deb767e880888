"""Search in a real browser: results as one types, and all of it without scripts too."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from broadsheet import wiring
from broadsheet.jobs.indexing import catch_up
from tests.deliver.browser import watch
from tests.deliver.conftest import keep, record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"viewport": {"width": 1440, "height": 1000}}
PHONE = {"viewport": {"width": 390, "height": 844}}
HOSTILE = (
    '"><img src=x onerror=window.hit=1><script>window.hit=2</script>'
    ' <b hx-get="/owner/" hx-trigger="load">folding'
)


@pytest.fixture
def site(live_server: LiveServer) -> str:
    keep(record(number) for number in range(1, 26))
    keep([record(41, "Folding origami by robots", summary="Hands are hard. Robots fold paper 3 times.")])
    keep([record(42, HOSTILE, abstract=HOSTILE, authors=(HOSTILE,), keywords=())])
    catch_up(wiring.words_index())
    return live_server.url


def box(page: Page) -> str:
    return page.locator("#q").input_value()


def test_results_come_as_one_types(browser: Browser, site: str) -> None:
    with watch(browser, site, **WIDE) as here:
        page = here.page
        here.open("/search")
        page.evaluate("window.same_page = true")

        page.keyboard.type("robots", delay=20)

        expect(page.locator(".stories h3")).to_have_text(["Folding origami by robots"])
        expect(page.locator("#told")).to_have_text("1 paper")
        expect(page).to_have_url(f"{site}/search?q=robots")
        expect(page).to_have_title("robots, search, Broadsheet")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.type(" that fold")
        expect(page).to_have_url(f"{site}/search?q=robots+that+fold")
        assert box(page) == "robots that fold"
        assert page.evaluate("window.same_page")
        assert here.axe_findings() == []
        here.keep_picture("search-typed")


def test_enter_adds_a_step_to_go_back_to_and_typing_does_not(browser: Browser, site: str) -> None:
    with watch(browser, site, **WIDE) as here:
        page = here.page
        here.open("/about")
        page.keyboard.press("/")
        page.wait_for_url("**/search")
        page.locator("#q").fill("robots")
        expect(page.locator("#told")).to_have_text("1 paper")
        with page.expect_response("**/search?q=robots"):
            page.keyboard.press("Enter")
        page.wait_for_timeout(200)
        page.locator("#q").fill("retrieval")
        expect(page.locator("#told")).to_have_text("26 papers")

        page.go_back()

        expect(page).to_have_url(f"{site}/search?q=robots")
        expect(page.locator(".stories h3")).to_have_text(["Folding origami by robots"])
        assert box(page) == "robots"
        page.go_back()
        expect(page).to_have_url(f"{site}/about")


def test_a_late_answer_never_takes_the_place_of_a_newer_one(browser: Browser, site: str) -> None:
    with watch(browser, site, **WIDE) as here:
        page = here.page

        held: list[Route] = []
        given_up: list[str] = []
        here.open("/search?q=retrieval")

        def hold(route: Route) -> None:
            held.append(route)  # and never answered

        page.route("**/search?q=origami", hold)
        page.on("requestfailed", lambda request: given_up.append(request.url))

        page.locator("#q").fill("origami")
        page.wait_for_timeout(600)
        assert len(held) == 1
        assert page.locator(".stories h3").count() == 20  # what stood there stays meanwhile
        page.locator("#q").fill("lovelace retrieval")

        expect(page).to_have_url(f"{site}/search?q=lovelace+retrieval")
        assert given_up == [f"{site}/search?q=origami"]
        here.errors.clear()  # htmx logs a request that it gives up


def test_the_name_of_a_paper_is_shown_and_enter_leads_to_it(browser: Browser, site: str) -> None:
    with watch(browser, site, **WIDE) as here:
        page = here.page
        here.open("/search")
        page.keyboard.type("2605.00041")
        expect(page.locator("#results")).to_contain_text("names one paper")
        assert here.axe_findings() == []
        here.keep_picture("search-named")

        page.keyboard.press("Enter")

        page.wait_for_url("**/paper/2605.00041")


def test_the_keyboard_leads_from_the_box_to_a_paper(browser: Browser, site: str) -> None:
    with watch(browser, site, **WIDE) as here:
        page = here.page
        here.open("/search")
        page.keyboard.type("robots")
        expect(page.locator("#told")).to_have_text("1 paper")

        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

        page.wait_for_url("**/paper/2605.00041")


def test_nothing_of_a_query_or_a_paper_is_executed_when_it_is_swapped_in(browser: Browser, site: str) -> None:
    with watch(browser, site, **PHONE) as here:
        page = here.page
        here.open("/search")

        page.locator("#q").fill(f"{HOSTILE} folding")
        expect(page.locator("#results")).to_contain_text("onerror")
        page.wait_for_timeout(200)

        assert page.evaluate("window.hit") is None
        assert page.locator("#results script, #results [onerror], #results [hx-get]").count() == 0
        assert here.widest_px() <= 390
        here.keep_picture("search-hostile-phone")


def test_a_filter_is_one_click_and_goes_into_the_box(browser: Browser, site: str) -> None:
    with watch(browser, site, **WIDE) as here:
        page = here.page
        here.open("/search?q=retrieval")

        page.locator("#facets").get_by_role("link", name="cs.CV").click()

        expect(page).to_have_url(f"{site}/search?q=retrieval+cat%3Acs.CV")
        assert box(page) == "retrieval cat:cs.CV"
        assert here.axe_findings() == []
        here.keep_picture("search-narrowed")
        page.get_by_role("link", name="remove cat:cs.CV").click()
        expect(page).to_have_url(f"{site}/search?q=retrieval")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_mended_query_is_accessible_in_both_themes(browser: Browser, site: str, scheme: str) -> None:
    with watch(browser, site, color_scheme=scheme, **WIDE) as here:
        for name, path in {
            "mended": "/search?q=foldnig+paper",
            "none": "/search?q=zebra+cat:cs.CV+year:1999",
            "as-typed": "/search?q=robots+foldnig&mend=no",
            "similar": "/similar/2605.00001",
        }.items():
            here.open(path)
            here.keep_picture(f"search-{name}-{scheme}")
            assert here.axe_findings() == [], name


def test_a_phone_has_the_results_first_and_the_filters_after(browser: Browser, site: str) -> None:
    with watch(browser, site, color_scheme="dark", **PHONE) as here:
        here.open("/search?q=retrieval")
        page = here.page

        facets, results = page.locator("#facets").bounding_box(), page.locator(".stories").bounding_box()

        assert facets is not None
        assert results is not None
        assert facets["y"] > results["y"] + results["height"]
        here.keep_picture("search-phone-whole", whole=True)
        page.click(".jump")
        expect(page.locator("#facets")).to_be_in_viewport()


def test_the_form_the_filters_and_the_pages_work_without_scripts(browser: Browser, site: str) -> None:
    with watch(browser, site, java_script_enabled=False, **WIDE) as here:
        page = here.page
        here.open("/search")
        page.locator("#q").fill("retrieval")
        page.get_by_role("button", name="Search").click()
        expect(page).to_have_url(f"{site}/search?q=retrieval")
        page.get_by_role("link", name="Next").click()
        expect(page).to_have_url(f"{site}/search?q=retrieval&page=2")
        page.locator("#facets").get_by_role("link", name="Newest").click()
        expect(page).to_have_url(f"{site}/search?q=retrieval&sort=new")
        page.locator("#q").fill("robots")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{site}/search?q=robots&sort=new")
        page.get_by_text("All that can be asked").first.click()
        expect(page.get_by_role("link", name="transformers -vision")).to_be_visible()


def test_when_no_answer_comes_it_is_said(browser: Browser, site: str) -> None:
    with watch(browser, site, **WIDE) as here:
        page = here.page
        here.open("/search?q=retrieval")
        page.route("**/search?q=robots", lambda route: route.abort())

        page.locator("#q").fill("robots")

        expect(page.locator("#told")).to_contain_text("No answer came")
        expect(page.locator("#told")).to_be_visible()
        here.errors.clear()  # Chromium logs the request that failed
        page.locator("#q").fill("origami")
        expect(page.locator("#told")).to_have_text("1 paper")
