"""The pages in a real browser: light, dark, phone; accessible, still, and at home."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from broadsheet import wiring
from broadsheet.domain.paper import Listing, ListingKind
from broadsheet.domain.signal import SignalKind
from broadsheet.jobs.indexing import catch_up
from broadsheet.store.owner import new_link
from tests.deliver.browser import watch
from tests.deliver.conftest import keep, record, signals

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {
    "light": {"viewport": {"width": 1440, "height": 1000}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 1000}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
}
PAGES = {
    "front": "/",
    "front-category": "/day/2026-05-22?cat=cs.CV",
    "empty": "/day/2026-05-23",
    "week": "/week/2026-W21?page=2",
    "paper": "/paper/2605.00004",
    "search": "/search?q=evidence+retrieval",
    "search-form": "/search",
    "search-none": "/search?q=origami+zzzz",
    "not-found": "/paper/2605.99999",
    "about": "/about",
    "ranking": "/about/ranking",
    "keys": "/keys",
    "owner-needed": "/owner/",
}
EVIL = (
    "<script>window.hit=1</script><img src=x onerror=window.hit=2> [x](javascript:window.hit=3)"
    " $\\text{<script>window.hit=4</script>}$ $\\href{javascript:window.hit=5}{x^2}$"
    " </title></h1><svg onload=window.hit=6>"
)


@pytest.fixture
def site(live_server: LiveServer) -> str:
    keep(record(number) for number in range(1, 41))
    keep(
        [
            record(
                4,
                "On the $\\ell_2$ norm in $\\mathbb{R}^n$ -- a study of $O(n^{2})$ retrieval",
                abstract="We bound $\\frac{a}{b} \\leq \\sqrt{n}$ for evidence. It costs $5 and saves $10.",
                signals=signals(SignalKind.UPVOTES, 3, 90, 296) + signals(SignalKind.STARS, 12),
            ),
            record(
                5, categories=("cond-mat.quant-gas", "cond-mat.mes-hall", "cond-mat.stat-mech", "quant-ph")
            ),
        ]
    )
    catch_up(wiring.words_index())
    return live_server.url


@pytest.mark.parametrize("size", SIZES)
def test_pages_are_accessible_and_keep_to_themselves(browser: Browser, site: str, size: str) -> None:
    with watch(browser, site, **SIZES[size]) as here:
        for name, path in PAGES.items():
            here.open(path)

            here.keep_picture(f"{name}-{size}")
            found = here.axe_findings()
            if name in ("not-found", "owner-needed"):
                here.errors.clear()  # Chromium logs every status of 400 and above
            assert found == [], name
            assert here.widest_px() <= SIZES[size]["viewport"]["width"], name  # type: ignore[index]


def test_the_owner_claims_a_browser_once(browser: Browser, site: str) -> None:
    token = new_link(timezone.now())
    with watch(browser, site, **SIZES["light"]) as here:
        here.open(f"/owner/claim?token={token}")
        here.page.click("main button")

        here.page.wait_for_url("**/owner/")
        assert here.page.locator("h1").inner_text() == "How this site is doing"
        assert here.axe_findings() == []
        here.keep_picture("owner-light", whole=True)

        here.open("/admin/")
        assert "Papers" in here.page.content()
        here.open("/admin/store/paper/")
    with watch(browser, site) as here:
        here.open(f"/owner/claim?token={token}")
        assert "does not work" in here.page.locator("h1").inner_text()
        here.errors.clear()


def test_nothing_in_a_paper_is_executed(browser: Browser, site: str) -> None:
    keep(
        [
            record(
                1,
                EVIL,
                abstract=EVIL,
                summary=EVIL,
                one_line=EVIL,
                authors=(EVIL,),
                keywords=(EVIL,),
                comments=EVIL,
            ),
            record(2, "A" * 2_000, summary="B" * 5_000, authors=("C" * 500,)),
        ]
    )
    catch_up(wiring.words_index())
    with watch(browser, site, **SIZES["phone-dark"]) as here:
        for path in (
            "/",
            "/paper/2605.00001",
            "/paper/2605.00002",
            "/search?q=script+window",
            f"/search?q={EVIL}",
        ):
            here.open(path)

            assert here.page.evaluate("window.hit") is None, path
            assert here.page.locator("main script, main [onerror], main [onload]").count() == 0, path
            assert here.page.locator('a[href^="javascript"]').count() == 0, path
            assert here.widest_px() <= 320, path


def test_the_keyboard_leads_through_the_page(browser: Browser, site: str) -> None:
    with watch(browser, site, **SIZES["light"]) as here:
        here.open("/")
        page = here.page

        page.keyboard.press("j")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "/paper/2605.00002"
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "/paper/2605.00001"

        page.keyboard.press("?")
        expect(page.locator("dialog")).to_be_visible()
        assert here.axe_findings() == []
        here.keep_picture("keys-dialog")
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).not_to_be_visible()

        page.keyboard.press("/")
        page.keyboard.type("evidence")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=evidence")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/paper/*")


def test_the_skip_link_is_the_first_stop(browser: Browser, site: str) -> None:
    with watch(browser, site) as here:
        here.open("/")
        here.page.keyboard.press("Tab")

        assert here.page.evaluate("document.activeElement.className") == "skip"
        here.page.keyboard.press("Enter")
        expect(here.page).to_have_url(f"{site}/#main")


def test_everything_works_without_scripts(browser: Browser, site: str) -> None:
    with watch(browser, site, java_script_enabled=False, **SIZES["light"]) as here:
        here.open("/")
        here.page.click(".story summary >> nth=0")
        expect(here.page.locator(".story details[open] p").first).to_be_visible()

        here.page.fill("aside input[type=search]", "arXiv:2605.00004v2")
        here.page.press("aside input[type=search]", "Enter")
        expect(here.page).to_have_url(f"{site}/paper/2605.00004")
        expect(here.page.locator("h1 math")).to_have_count(3)


def test_the_theme_is_chosen_and_stays(browser: Browser, site: str) -> None:
    with watch(browser, site, **SIZES["light"]) as here:
        here.open("/paper/2605.00004")
        here.page.click("button[value=dark]")

        expect(here.page.locator("html")).to_have_attribute("data-theme", "dark")
        expect(here.page).to_have_url(f"{site}/paper/2605.00004")
        assert here.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 21, 18)"
        assert [cookie["name"] for cookie in here.page.context.cookies()] == ["theme"]


def test_the_page_prints_in_black_on_white(browser: Browser, site: str) -> None:
    with watch(browser, site, viewport={"width": 794, "height": 1123}, color_scheme="dark") as here:
        here.open("/")
        here.page.emulate_media(media="print")

        assert here.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        expect(here.page.locator("nav[aria-label=Sections]")).not_to_be_visible()
        here.keep_picture("front-print")


def test_a_wide_screen_is_used_well(browser: Browser, site: str) -> None:
    with watch(browser, site, viewport={"width": 1600, "height": 1000}) as here:
        here.open("/")
        here.keep_picture("front-wide")

        assert here.page.locator("aside").bounding_box()["x"] > 1_000  # type: ignore[index]


def test_a_replaced_paper_is_counted_not_listed(browser: Browser, site: str) -> None:
    keep(
        record(number, listings=(Listing("arxiv", date(2026, 5, 22), ListingKind.REPLACE),))
        for number in (91, 92)
    )
    with watch(browser, site) as here:
        here.open("/day/2026-05-22")

        assert "New versions of older papers" in here.page.content()
