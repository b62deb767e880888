"""Small papers and editions, taken in through the store's own doors."""

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from broadsheet.domain.ids import PaperKey, arxiv_key
from broadsheet.domain.paper import Link, LinkKind, Listing, ListingKind, PaperRecord
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.store.intake import take_in
from tests.deliver import browser as chromium

FRIDAY = date(2026, 5, 22)
NOW = datetime(2026, 5, 24, 6, tzinfo=UTC)

TakeIn = Callable[..., None]
_ticks = count()  # no two editions are made at the same instant: pages are kept by that


def record(number: int, title: str = "", **more: object) -> PaperRecord:
    """A paper of Friday 22 May 2026; the lower its number, the more upvotes it has."""
    told: dict[str, object] = {
        "source": "sample",
        "key": arxiv_key(f"2605.{number:05}"),
        "title": title or f"Paper {number} on retrieval",
        "summary": f"Paper {number} reads evidence from long documents. It is small.",
        "one_line": f"Paper {number} in one line.",
        "authors": ("Ada Lovelace", "Grace Hopper", "Mary Somerville", "Emmy Noether"),
        "categories": ("cs.CL", "cs.AI") if number % 2 else ("cs.CV",),
        "keywords": ("retrieval", "long context"),
        "submitted_at": datetime(2026, 5, 20, 12, tzinfo=UTC),
        "listings": (Listing("sample", FRIDAY, ListingKind.DAILY),),
        "links": (Link(LinkKind.CODE, f"https://github.com/owner/paper-{number}"),),
        "signals": signals(SignalKind.UPVOTES, 300 - number) + signals(SignalKind.STARS, 1, 2),
    }
    return PaperRecord(**(told | more))  # type: ignore[arg-type]


def signals(kind: SignalKind, *values: int) -> tuple[SignalReading, ...]:
    """Totals of days on end, beginning with the Friday."""
    return tuple(
        SignalReading(kind, FRIDAY + timedelta(days=day), max(0, value)) for day, value in enumerate(values)
    )


def keep(records: Iterable[PaperRecord]) -> None:
    now = NOW + timedelta(microseconds=next(_ticks))
    take_in(records, now=now)
    refresh_editions(now=now)


def key_of(number: int) -> PaperKey:
    return arxiv_key(f"2605.{number:05}")


@pytest.fixture
def take(db: None) -> TakeIn:
    return lambda *records: keep(records)


@pytest.fixture
def fifty(db: None) -> None:
    keep(record(number) for number in range(1, 51))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's sync API runs an event loop in this thread; the ORM would take that for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        opened = chromium.launch(playwright)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of localhost, good for two days: cert.pem and key.pem."""
    folder = tmp_path_factory.mktemp("certificate")
    asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    files = ["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(["openssl", *asked, *files], cwd=folder, check=True, capture_output=True)
    return folder
