"""A mail as a mail program shows it: on a phone and beside a list of mails, in light and dark."""

from datetime import date

import pytest
import time_machine
from playwright.sync_api import Browser

from broadsheet.deliver.email.compose import composed
from broadsheet.deliver.email.own import example, filled_html
from broadsheet.deliver.email.reading import digest_of
from broadsheet.domain.edition import WindowKind, window_of
from tests.deliver.browser import Watched
from tests.deliver.conftest import FRIDAY, NOW, keep, record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SITE = "https://papers.example.org"
LONG = "A title with averyverylongwordthatnobodyeverbreaks" + "x" * 140


def html_of(day: date) -> str:
    with time_machine.travel(NOW, tick=False):
        digest = digest_of(window_of(WindowKind.DAY, day), most=12, site_url=SITE, now=NOW)
        return filled_html(composed(digest).html, example(f"{'ada' * 20}@mail.department.example.org"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 700])
def test_a_mail_holds_whatever_shows_it(browser: Browser, width: int, scheme: str) -> None:
    keep([record(1, LONG), record(2, one_line=LONG, authors=(LONG,) * 3), *map(record, range(3, 15))])

    for name, day in (("digest", FRIDAY), ("empty", date(2026, 5, 23))):
        size = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        context = browser.new_context(**size)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_content(html_of(day))
        here = Watched(page, "")
        here.keep_picture(f"{name}-{width}-{scheme}", whole=True)
        assert here.widest_px() <= width
        assert not [found for found in here.axe_findings() if "contrast" in found or "link" in found]
        context.close()
