"""Opens, saves and votes are counted; who opened, saved or voted is known to nobody."""

import logging
import os
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.utils import timezone

from broadsheet import wiring
from broadsheet.deliver.web import counting
from broadsheet.deliver.web.once import Once
from broadsheet.store import reader_notes
from broadsheet.store.models import Signal
from broadsheet.store.reader_signals import take_in
from tests.deliver.conftest import TakeIn, record

PAPER = "/paper/2605.00001"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 50) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36"

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def site(take: TakeIn, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OPTIONS = {**settings.OPTIONS, "DATA": tmp_path}
    monkeypatch.setattr(counting, "_seen", Once())  # as in a process that has just begun
    monkeypatch.setattr(counting, "_told", set())
    take(record(1), record(2))


def reader(agent: str = FIREFOX, address: str = "192.0.2.7", **more: str) -> Client:
    return Client(headers={"user-agent": agent, **more}, REMOTE_ADDR=address)


def counted() -> dict[str, int]:
    """What the notes come to, by kind."""
    if not wiring.notes_folder().is_dir():
        return {}
    found: Counter[str] = Counter()
    for path in reader_notes.set_aside(wiring.notes_folder()):
        for (_, kind), gain in reader_notes.read(path).gains.items():
            found[kind] += gain
    return dict(found)


def test_a_reader_who_opens_a_paper_is_counted_once_a_day() -> None:
    for _ in range(3):
        assert reader().get(PAPER).status_code == 200
    assert counted() == {"opens": 1}

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        reader().get(PAPER)
        assert counted() == {"opens": 2}


def test_each_paper_and_each_browser_count() -> None:
    reader().get(PAPER)
    reader().get("/paper/2605.00002")
    reader(PHONE).get(PAPER)
    reader(address="192.0.2.8").get(PAPER)

    assert counted() == {"opens": 4}


def test_addresses_of_one_home_are_one() -> None:
    reader(address="2001:db8:1:2::1").get(PAPER)
    reader(address="2001:db8:1:2:ffff::9").get(PAPER)
    reader(address="2001:db8:1:3::1").get(PAPER)

    assert counted() == {"opens": 2}


def test_behind_a_proxy_the_reader_is_told_by_the_proxy(settings: Any) -> None:
    settings.OPTIONS = {**settings.OPTIONS, "URL": "https://papers.example.org"}
    for forwarded in ("198.51.100.1", "198.51.100.2", "made up, 198.51.100.2"):
        reader(address="127.0.0.1", **{"x-forwarded-for": forwarded}).get(PAPER)
    assert counted() == {"opens": 2}

    for forwarded in ("198.51.100.3", "198.51.100.4"):
        reader(address="8.8.8.8", **{"x-forwarded-for": forwarded}).get(PAPER)
    assert counted() == {"opens": 3}


@pytest.mark.parametrize(
    "agent",
    [
        "",
        " ",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)",
        "facebookexternalhit/1.1",
        "Uptime-Kuma/1.23",
        "kube-probe/1.30",
    ],
)
def test_a_machine_is_no_reader(agent: str) -> None:
    reader(agent).get(PAPER)

    assert counted() == {}


@pytest.mark.parametrize(
    "headers",
    [{"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x-moz": "prefetch"}],
)
def test_a_page_fetched_ahead_is_not_opened(headers: dict[str, str]) -> None:
    reader(**headers).get(PAPER)

    assert counted() == {}


def test_asking_whether_it_has_changed_is_not_opening() -> None:
    with time_machine.travel(timezone.now(), tick=False):
        etag = reader("curl/8").get(PAPER).headers["ETag"]

        assert reader(**{"if-none-match": etag}).get(PAPER).status_code == 304
        assert reader().head(PAPER).status_code == 200
        assert reader().get(PAPER + "v1").status_code == 301
        assert reader().get("/paper/2605.09999").status_code == 404
        assert reader().get("/healthz").status_code == 200

    assert counted() == {}


def test_the_owner_may_count_nothing(settings: Any) -> None:
    settings.OPTIONS = {**settings.OPTIONS, "READERS": False}

    page = reader().get(PAPER).content.decode()

    assert "Vote" not in page
    assert "/saved" not in page
    assert "nothing sent to anybody, no record of who reads" in page
    assert reader().get("/saved").status_code == 404
    assert reader().post("/vote", {"paper": "2605.00001", "chosen": "yes"}).status_code == 404
    assert counted() == {}


@pytest.mark.parametrize("obstacle", ["file", "full"])
def test_a_page_that_cannot_be_counted_is_shown(obstacle: str, caplog: pytest.LogCaptureFixture) -> None:
    if obstacle == "file":
        wiring.notes_folder().touch()
    else:
        wiring.notes_folder().mkdir()
        (wiring.notes_folder() / timezone.now().date().isoformat()).symlink_to("/dev/full")
    with caplog.at_level(logging.WARNING, "broadsheet"):
        pages = [reader(address=f"192.0.2.{last}").get(PAPER) for last in range(3)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert len(caplog.messages) == 1
    assert "192.0.2" not in caplog.text
    assert not reader().post("/vote", {"paper": "2605.00001", "chosen": "yes"}).status_code >= 400


def test_no_file_and_no_table_tells_who_read(tmp_path: Path) -> None:
    agent, address = FIREFOX + " Distinctive/7.7", "203.0.113.77"
    browser = reader(agent, address)
    browser.get(PAPER)
    browser.post("/save", {"paper": "2605.00001", "chosen": "yes"})
    browser.post("/vote", {"paper": "2605.00001", "chosen": "yes"})
    cookie = browser.cookies["kept"].value

    written = b"\n".join(path.read_bytes() for path in _files(tmp_path))
    assert written.count(b"arxiv:2605.00001") == 3
    take_in(wiring.notes_folder(), now=timezone.now())
    left = b"\n".join(path.read_bytes() for path in _files(tmp_path)) + _tables()

    for who in (agent, "Distinctive", address, "203.0.113", cookie):
        assert who.encode() not in written
        assert who.encode() not in left
    assert sorted(
        Signal.objects.filter(kind__in=["opens", "saves", "votes"]).values_list("kind", "value")
    ) == [
        ("opens", 1),
        ("saves", 1),
        ("votes", 1),
    ]


def _files(folder: Path) -> list[Path]:
    return [Path(where) / name for where, _, names in os.walk(folder) for name in names]


def _tables() -> bytes:
    rows = [list(model._default_manager.values_list()) for model in apps.get_models()]
    return repr(rows).encode()
