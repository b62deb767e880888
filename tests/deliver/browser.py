"""A real headless Chromium, watched: requests that leave the site, errors, breaches of the policy."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, Playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = shlex.split(
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --no-proxy-server"
)
SCREENSHOTS = Path(__file__).parents[2] / "artefacts" / "screenshots"


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


@dataclass
class Watched:
    """A page, and all that it did which no page of ours may do."""

    page: Page
    origin: str
    strayed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.origin + path, wait_until="load")

    def axe_findings(self) -> list[str]:
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found
            for node in one["nodes"]
        ]

    def widest_px(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def keep_picture(self, name: str, *, whole: bool = False) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)


@contextmanager
def watch(browser: Browser, origin: str, **options: object) -> Iterator[Watched]:
    """A fresh context; when the block ends, nothing may have strayed or failed."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    watched = Watched(context.new_page(), origin)
    page = watched.page
    page.on("request", lambda request: _note_stray(watched, request.url))
    page.on(
        "console",
        lambda said: watched.errors.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on("dialog", lambda dialog: _note_dialog(watched, dialog))
    yield watched
    context.close()
    assert watched.strayed == [], watched.strayed
    assert watched.errors == [], watched.errors


def _note_stray(watched: Watched, url: str) -> None:
    if not url.startswith(watched.origin + "/"):
        watched.strayed.append(url)


def _note_dialog(watched: Watched, dialog: Dialog) -> None:
    watched.errors.append(f"dialog {dialog.message}")
    dialog.dismiss()
