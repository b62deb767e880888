"""A machine-written line on pages and in mails: marked wherever it stands, escaped, and never searched by."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from broadsheet import wiring
from broadsheet.deliver.email.compose import composed, html_of, text_of
from broadsheet.deliver.email.digest import Digest
from broadsheet.deliver.email.reading import digest_of
from broadsheet.domain.edition import WindowKind, window_of
from broadsheet.domain.reading import Reading, Span
from broadsheet.jobs import agenda
from broadsheet.jobs.indexing import catch_up
from broadsheet.store import source_state, written_lines
from broadsheet.store.owner import new_link
from tests.deliver.claiming import TEXT, claim, read_as
from tests.deliver.conftest import FRIDAY, NOW, keep, record
from tests.fakes.model import FakeModel
from tests.fakes.upstream import run_upstream

pytestmark = pytest.mark.django_db
WRITTEN = "QuickNet runs 3.3x faster than SlowNet & <b> on Roads-1k."
SHOWN = "QuickNet runs 3.3x faster than SlowNet &amp; &lt;b&gt; on Roads-1k."
READ = Reading(one_line=Span("QuickNet runs", 11, 24), claims=[claim()])
PAGES = ("/", "/week/2026-W21", "/paper/2605.00002", "/paper/2605.00001")


def take(written: str = WRITTEN, model: str = "small<1>") -> None:
    """Two papers without a line of a source; a model has written one for each."""
    keep([record(number, abstract=TEXT, summary="", one_line="") for number in (1, 2)])
    read_as({TEXT: READ})
    for of in written_lines.due(model, most=9, now=NOW):
        written_lines.keep(of, model, written, "", now=NOW)


def page(path: str) -> str:
    reply = Client().get(path)
    assert reply.status_code == 200, path
    return reply.content.decode()


def digest() -> Digest:
    return digest_of(window_of(WindowKind.DAY, FRIDAY), most=9, site_url="https://a.example.org", now=NOW)


@pytest.mark.parametrize("path", PAGES)
def test_a_written_line_is_marked_and_escaped_wherever_it_stands(path: str) -> None:
    take()

    html = page(path)

    assert html.count(f'{SHOWN} <span class="fine">machine-written') == html.count(f">{SHOWN}")
    assert html.count(f">{SHOWN}") == (1 if path.startswith("/paper/") else 2)
    assert "<b> on" not in html


def test_the_page_of_the_paper_names_the_model_and_marks_its_description() -> None:
    take()

    html = page("/paper/2605.00001")

    assert '<span class="fine">machine-written by small&lt;1&gt;</span>' in html
    assert f'content="{SHOWN} (machine-written)"' in html


def test_saved_and_similar_papers_are_marked_too() -> None:
    take()
    browser = Client()
    browser.post("/save", {"paper": "2605.00001", "chosen": "yes", "back": "/saved"})

    assert "machine-written</span>" in browser.get("/saved").content.decode()


def test_a_line_of_a_source_or_of_the_text_is_not_marked() -> None:
    keep([record(1, abstract=TEXT, summary="", one_line=""), record(2, abstract=TEXT)])
    read_as({TEXT: READ})

    assert "machine-written" not in "".join(map(page, PAGES))
    assert "machine-written" not in text_of(digest()) + html_of(digest())


def test_a_page_that_is_kept_ready_shows_the_line_and_its_end() -> None:
    keep([record(1, abstract=TEXT, summary="", one_line="")])
    read_as({TEXT: READ})
    assert "machine-written" not in page("/")

    take()
    assert "machine-written" in page("/")

    written_lines.show(is_on=False)
    assert "machine-written" not in page("/")


def test_mails_mark_it_in_both_parts() -> None:
    take()
    made = digest()

    text = " ".join(text_of(made).split())
    assert (
        text.count("Roads-1k. (machine-written)")
        == text.count("QuickNet runs 3.3x faster than SlowNet &")
        == 2
    )
    html = html_of(made)
    assert html.count(f"{SHOWN}<span") == html.count(SHOWN) == html.count("> (machine-written)</span>") == 2
    assert "QuickNet" not in made.preheader
    assert composed(made)


def test_nothing_is_found_or_quoted_by_a_machines_words() -> None:
    take("Zebrafish and QuickNet run on roads, faster.")
    catch_up(wiring.words_index())

    assert "Zebrafish" not in page("/search?q=retrieval")
    assert "machine-written" not in page("/search?q=retrieval")
    assert "/paper/2605.00001" not in page("/search?q=zebrafish")


def test_from_the_endpoint_to_the_page_and_the_mail_without_the_key(settings: Any, capsys: Any) -> None:
    keep([record(1, abstract=TEXT, summary="", one_line="")])
    read_as({TEXT: READ})
    model = FakeModel(lambda title, text: '"QuickNet runs 3.3x faster\nthan SlowNet on Roads-1k."')
    with run_upstream() as upstream:
        upstream.routes["/v1"] = model
        told = {"SUMMARY_URL": f"{upstream.url}/v1", "SUMMARY_MODEL": "small-1", "SUMMARY_KEY": "s3cret"}
        settings.OPTIONS = settings.OPTIONS | told

        assert agenda.steps()["summaries"](lambda: True) == "1 written, 0 rejected"
        assert upstream.requests[0].headers["authorization"] == "Bearer s3cret"
        upstream.routes.clear()
        source_state.failed("summaries", "it sleeps", wiring.clock().now())
        call_command("doctor", "--json")
        shown = page("/") + page("/healthz") + owner_page() + capsys.readouterr().out

    line = "QuickNet runs 3.3x faster than SlowNet on Roads-1k."
    assert f'{line} <span class="fine">machine-written</span>' in page("/")
    assert f"{line} (machine-written)" in " ".join(text_of(digest()).split())
    assert "s3cret" not in shown


def test_an_endpoint_that_fails_is_the_owners_trouble_alone() -> None:
    keep([record(1)])
    source_state.failed("summaries", "it sleeps", NOW)

    assert "it sleeps" not in page("/") + page("/about") + page("/healthz")
    assert "summaries" not in page("/") + page("/about")
    assert Client().get("/healthz").json()["sources"] == []


def owner_page() -> str:
    browser = Client()
    browser.post("/owner/claim", {"token": new_link(wiring.clock().now())})
    html = browser.get("/owner/").content.decode()
    assert "written summaries" in html
    assert "it sleeps" in html
    assert "set, hidden" in html
    return html
