"""Figures in a real browser: a tap shows the proof, all sizes hold, the owner's forms work."""

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from broadsheet.deliver.web import counting
from broadsheet.deliver.web.once import Once
from broadsheet.domain.reading import Direction
from broadsheet.store import models
from broadsheet.store.owner import new_link
from tests.deliver.browser import watch
from tests.deliver.claiming import claim, hostile, take_claims
from tests.deliver.test_in_browser import EVIL, SIZES

OPEN_ALL = "document.querySelectorAll('main details').forEach(one => one.open = true)"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(counting, "_reported", Once())
    for number in range(1, 5):
        long = claim("runs 3.3x faster", metric="end-to-end latency on four commodity machines of 2019")
        take_claims(claim(direction=Direction.BETTER), long, number=number)
    return live_server.url


@pytest.mark.parametrize("size", SIZES)
def test_pages_of_figures_are_accessible_at_every_size(browser: Browser, site: str, size: str) -> None:
    number = models.Claim.objects.order_by("id").values_list("pk", flat=True)[0]
    with watch(browser, site, **SIZES[size]) as here:
        for name, path in {
            "chips": "/",
            "paper-claims": "/paper/2605.00001",
            "name": "/name/QuickNet",
            "benchmark": "/benchmark/Roads-1k?sort=value",
            "claim": f"/claim/{number}",
        }.items():
            here.open(path)
            here.page.evaluate(OPEN_ALL)

            here.keep_picture(f"{name}-{size}")
            assert here.axe_findings() == [], name
            assert here.widest_px() <= SIZES[size]["viewport"]["width"], name  # type: ignore[index]


def test_a_tap_shows_the_proof_without_scripts(browser: Browser, site: str) -> None:
    with watch(browser, site, **SIZES["phone"], java_script_enabled=False) as here:
        here.open("/")
        chip = here.page.locator(".lead .chips li").first
        expect(chip.locator("mark")).to_be_hidden()

        chip.locator("summary").click()

        expect(chip.locator("mark")).to_have_text("runs 3.3x faster")
        chip.locator("a").click()
        here.page.locator("#words").fill("It is not.")
        here.page.locator("main button").click()
        expect(here.page.locator("[role=status]")).to_contain_text("Thank you")
    assert models.ClaimReport.objects.get().words == "It is not."


def test_the_owner_corrects_a_reported_figure(browser: Browser, site: str) -> None:
    first = models.Claim.objects.order_by("id")[0]
    models.ClaimReport.objects.create(
        paper_id=first.paper_id, value=first.value, quote=first.quote, words="No.", made_on="2026-05-24"
    )
    with watch(browser, site, **SIZES["light"]) as here:
        here.open(f"/owner/claim?token={new_link(timezone.now())}")
        here.page.click("main button")
        here.open("/owner/claims")
        here.page.get_by_role("link", name="Look").click()
        assert here.axe_findings() == []
        here.keep_picture("owner-claims", whole=True)

        here.page.fill("[name=value]", "3.5")
        here.page.fill("[name=note]", "a typo")
        here.page.get_by_role("button", name="Correct").click()

        expect(here.page.locator("#h-rep + p")).to_have_text("No report is waiting.")
        expect(here.page.locator("table")).to_contain_text("a typo")
    assert models.Claim.objects.get(pk=first.pk).value == 3.5


def test_nothing_in_a_claim_is_executed(browser: Browser, site: str) -> None:
    text = f"{EVIL} It is 3.3x faster {EVIL}"
    evil = [claim("3.3x faster", text, **vars_of(one)) for one in hostile(EVIL)]
    take_claims(*evil, number=9, text=text)
    number = models.Claim.objects.get(paper__key="arxiv:2605.00009").pk
    with watch(browser, site, **SIZES["phone-dark"]) as here:
        for path in ("/", "/paper/2605.00009", f"/claim/{number}", "/name/script window"):
            here.open(path)
            here.page.evaluate(OPEN_ALL)

            assert here.page.evaluate("window.hit") is None, path
            assert here.page.locator("main script, main [onerror], main [onload]").count() == 0, path
            assert here.page.locator('a[href^="javascript"]').count() == 0, path
            assert here.widest_px() <= 320, path
            here.errors.clear()  # of the page that is not there


def vars_of(one: object) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("metric", "subject", "dataset", "baseline", "unit")}
