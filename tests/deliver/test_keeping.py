"""Saved papers and votes are kept in the browser, and counted once each."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.signing import Signer
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from broadsheet import wiring
from broadsheet.deliver import kept
from broadsheet.deliver.web import counting
from broadsheet.deliver.web.once import Once
from broadsheet.domain.ids import arxiv_key, doi_key, title_key
from broadsheet.domain.signal import SignalKind
from broadsheet.store import reader_notes
from tests.deliver.conftest import TakeIn, record

REF = "2605.00001"
PAPER = f"/paper/{REF}"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def site(take: TakeIn, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OPTIONS = {**settings.OPTIONS, "DATA": tmp_path}
    monkeypatch.setattr(counting, "_seen", Once())  # as in a process that has just begun
    take(*(record(number) for number in range(1, 6)))


def browser(address: str = "192.0.2.7") -> Client:
    return Client(headers={"user-agent": AGENT}, REMOTE_ADDR=address)


def choose(client: Client, action: str, chosen: str = "yes", ref: str = REF) -> None:
    reply = client.post(action, {"paper": ref, "chosen": chosen}, headers={"sec-fetch-site": "same-origin"})
    assert reply.headers["Location"] == f"/paper/{ref}"


def total(kind: str) -> int:
    found: Counter[str] = Counter()
    folder = wiring.notes_folder()
    for path in reader_notes.set_aside(folder) if folder.is_dir() else ():
        for (_, one), gain in reader_notes.read(path).gains.items():
            found[one] += gain
    return found[kind]


@pytest.mark.parametrize(
    ("action", "kind", "do", "undo"),
    [("/save", "saves", ">Save<", ">Saved, remove<"), ("/vote", "votes", ">Vote<", ">Voted, take back<")],
)
def test_what_is_chosen_counts_once_and_can_be_taken_back(action: str, kind: str, do: str, undo: str) -> None:
    reader = browser()
    assert do in reader.get(PAPER).content.decode()

    choose(reader, action)
    choose(reader, action)
    assert total(kind) == 1
    assert undo in reader.get(PAPER).content.decode()

    choose(reader, action, "no")
    choose(reader, action, "no")
    assert total(kind) == 0
    assert do in reader.get(PAPER).content.decode()

    choose(reader, action)
    assert total(kind) == 1


def test_without_its_cookie_a_machine_is_no_second_voter() -> None:
    for _ in range(5):
        choose(browser(), "/vote")
    assert total("votes") == 1

    choose(browser("192.0.2.8"), "/vote")
    assert total("votes") == 2


def test_who_was_not_counted_subtracts_nothing() -> None:
    first, second = browser(), browser()
    choose(first, "/vote")
    choose(second, "/vote")

    choose(second, "/vote", "no")
    assert total("votes") == 1
    choose(first, "/vote", "no")
    assert total("votes") == 0


def test_an_old_cookie_takes_no_votes_away() -> None:
    reader = browser()
    choose(reader, "/vote")
    cookie = reader.cookies["kept"].value

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        for _ in range(3):
            reader.cookies["kept"] = cookie
            choose(reader, "/vote", "no")

    assert total("votes") == 1


def test_the_cookie_is_signed_and_for_our_pages_alone() -> None:
    reader = browser()
    assert not reader.get(PAPER).cookies

    reply = reader.post("/save", {"paper": REF, "chosen": "yes"})

    cookie = reply.cookies["kept"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "no-store" in reply.headers["Cache-Control"]
    choose(reader, "/save", "no")
    assert reader.cookies["kept"].value == ""


def hostile_cookies() -> list[str]:
    honest = Signer(salt="broadsheet.kept.1").sign_object([[REF], [REF]], compress=True)
    return [
        "x",
        "\\054;{}[]",
        ":" * 50,
        honest[:-1] + ("A" if honest[-1] != "A" else "B"),
        Signer(key="another key", salt="broadsheet.kept.1").sign_object([[REF], [REF]]),
        Signer(salt="broadsheet.kept.0").sign_object([[REF], [REF]]),
        honest * 200,
        "x" * 10_000,
    ]


@pytest.mark.parametrize("number", range(len(hostile_cookies())))
def test_a_cookie_that_is_not_ours_is_ignored(number: int) -> None:
    reader = browser()
    reader.cookies["kept"] = hostile_cookies()[number]

    assert ">Save<" in reader.get(PAPER).content.decode()
    assert "You have saved no paper yet" in reader.get("/saved").content.decode()
    choose(reader, "/save")
    assert ">Saved, remove<" in reader.get(PAPER).content.decode()


def test_the_newest_papers_stay_when_there_are_too_many() -> None:
    many = kept.Kept({}, {})
    for number in range(1, 301):
        key = (
            doi_key(f"10.1000/{'long' * 40}{number}")
            if number % 20 == 0
            else arxiv_key(f"24{number % 12 + 1:02}.{number * 37:05}")
        )
        many = many.plus(SignalKind.SAVES, key, is_counted=True)
        many = many.plus(SignalKind.VOTES, key, is_counted=number % 2 == 0)
    reply = HttpResponse()
    kept.keep_in(reply, many, is_secure=False)

    value = reply.cookies["kept"].value
    reader = browser()
    reader.cookies["kept"] = value
    held = kept.kept_in(reader.get(PAPER).wsgi_request)
    assert len(value) <= kept.LONGEST
    assert 150 < len(held.saved) <= kept.MOST
    assert list(held.saved.items()) == list(many.saved.items())[: len(held.saved)]
    assert list(held.voted.items()) == list(many.voted.items())[: len(held.voted)]


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
@pytest.mark.parametrize("action", ["/save", "/vote"])
def test_another_site_cannot_choose(action: str, headers: dict[str, str]) -> None:
    reply = browser().post(action, {"paper": REF, "chosen": "yes"}, headers=headers)

    assert reply.status_code == 400
    assert not reply.cookies
    assert total(action) == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 400),
        ({"paper": REF}, 400),
        ({"paper": "no name", "chosen": "yes"}, 400),
        ({"paper": REF, "chosen": "maybe"}, 400),
        ({"paper": "2605.09999", "chosen": "yes"}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(sent: dict[str, str], status: int) -> None:
    reply = browser().post("/vote", sent)

    assert reply.status_code == status
    assert not reply.cookies


@pytest.mark.parametrize("action", ["/save", "/vote"])
def test_looking_at_a_form_chooses_nothing(action: str) -> None:
    assert browser().get(action).status_code == 405


def test_saved_papers_are_listed_newest_first() -> None:
    reader = browser()
    assert "You have saved no paper yet" in reader.get("/saved").content.decode()
    for number in (3, 1, 4):
        choose(reader, "/save", ref=f"2605.0000{number}")

    page = reader.get("/saved").content.decode()

    assert [page.index(f"Paper {number} on") for number in (4, 1, 3)] == sorted(
        page.index(f"Paper {number} on") for number in (4, 1, 3)
    )
    reply = reader.post("/save", {"paper": "2605.00001", "chosen": "no", "back": "/saved"})
    assert reply.headers["Location"] == "/saved"
    assert "2 papers" in reader.get("/saved").content.decode()


def test_a_saved_paper_that_has_gone_or_got_a_better_key_can_be_removed(take: TakeIn) -> None:
    title = "A paper that a listing gave without an id"
    before, reader = title_key(title), browser()
    take(record(7, title, key=before, source="listing"))
    choose(reader, "/save", ref=before)
    take(record(7, title))
    signed = Signer(salt="broadsheet.kept.1").sign_object([[before, "2605.09999"], []])
    reader.cookies["kept"] = signed

    page = reader.get("/saved").content.decode()
    assert 'href="/paper/2605.00007"' in page
    assert "No longer held here" in page

    for ref in (before, "2605.09999"):
        reader.post("/save", {"paper": ref, "chosen": "no", "back": "/saved"})
    assert "You have saved no paper yet" in reader.get("/saved").content.decode()


def test_a_page_that_shows_a_choice_is_shown_to_no_other_reader() -> None:
    reader = browser()
    choose(reader, "/save")
    for page in (PAPER, "/saved"):
        own = reader.get(page)
        assert "private" in own.headers["Cache-Control"]
        assert "Cookie" in own.headers["Vary"]

    with time_machine.travel(timezone.now(), tick=False):
        common = browser().get(PAPER)
        assert common.headers["Cache-Control"] == "no-cache"
        assert "Cookie" not in common.headers["Vary"]
        assert common.headers["ETag"] != reader.get(PAPER).headers["ETag"]
        again = reader.get(PAPER, headers={"if-none-match": common.headers["ETag"]})
        assert again.status_code == 200  # a cache that asks with what it has gets this reader's page
    empty = browser().get("/saved")
    assert "private" in empty.headers["Cache-Control"]
    assert "Cookie" in empty.headers["Vary"]


def test_editions_do_not_know_who_looks() -> None:
    reader = browser()
    with time_machine.travel(timezone.now(), tick=False):
        choose(reader, "/save")
        for page in ("/", "/day/2026-05-22", "/search?q=paper", "/about"):
            assert reader.get(page).content == browser().get(page).content
            assert reader.get(page).headers.get("Vary") == browser().get(page).headers.get("Vary")


def test_the_list_takes_a_fixed_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    reader = browser()
    for number in range(1, 6):
        choose(reader, "/save", ref=f"2605.0000{number}")

    with django_assert_num_queries(7):
        reader.get("/saved")
    with django_assert_num_queries(0):
        browser().get("/saved")


def test_crawlers_are_kept_from_the_list() -> None:
    assert "Disallow: /saved" in browser().get("/robots.txt").content.decode()
