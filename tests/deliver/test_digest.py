"""The mail of an edition: valid, small enough, readable as text, and safe whatever papers are called."""

import re
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from broadsheet.deliver.email.compose import MOST_HTML, html_of, message, text_of
from broadsheet.deliver.email.digest import Digest
from broadsheet.deliver.email.reading import digest_of
from broadsheet.domain.edition import WindowKind, window_of
from broadsheet.domain.paper import Link, LinkKind
from tests.deliver.conftest import FRIDAY, NOW, TakeIn, record

SITE = "https://papers.example.org"
HOSTILE = 'A title\r\nBcc: all@example.org <script>alert("1")</script> & $\\alpha^{2}$'


@pytest.fixture(autouse=True)
def on_sunday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def digest(most: int = 12, day: Any = FRIDAY) -> Digest:
    return digest_of(window_of(WindowKind.DAY, day), most=most, site_url=SITE, now=NOW)


def mail(made: Digest) -> EmailMessage:
    sent = message(
        made, sender="Broadsheet <d@example.org>", to="r@example.org", now=NOW, domain="example.org"
    )
    raw = bytes(sent.message().as_bytes()).replace(b"\n", b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) < 998
    return BytesParser(policy=policy.SMTP.clone(raise_on_defect=True)).parsebytes(raw)


def test_a_mail_is_valid_and_has_both_parts(fifty: None) -> None:
    found = mail(digest())

    assert found["Subject"] == "Fri 22 May: Paper 1 on retrieval"
    assert found["List-Id"] == "Broadsheet <digest.example.org>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Message-ID"].endswith("@example.org>")
    parts = [part.get_content_type() for part in found.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    text = found.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert text.startswith("BROADSHEET\r\nFriday 22 May 2026")


def test_the_text_reads_well_by_itself(fifty: None) -> None:
    text = text_of(digest(most=3))

    assert "50 papers; here are the first 3." in text
    assert "  1. Paper 1 on retrieval\n     Ada Lovelace, Grace Hopper, Mary Somerville + 1\n" in text
    assert f"     {SITE}/paper/2605.00001\n     Code: https://github.com/owner/paper-1\n" in text
    assert "Here for 299 upvotes" in text
    assert max(len(line) for line in text.splitlines() if "http" not in line) <= 72
    assert "Next edition: Monday 25 May 2026." in text


def test_html_tells_nobody_anything_and_shows_all_without_pictures(fifty: None) -> None:
    html = html_of(digest())

    assert not re.search(r"<(img|script|link|iframe|form|object)|url\(|@import|onload", html)
    links = set(re.findall(r'href="([^"]+)"', html))
    assert all(link.startswith((SITE, "https://github.com/owner/")) for link in links)
    assert "299 upvotes" in html
    assert "Read all 50 papers" in html


def test_the_largest_digest_is_shown_whole_by_gmail(take: TakeIn) -> None:
    words = "wörds " * 300
    take(*(record(n, f"{n} {words}", one_line=words, summary=words) for n in range(1, 61)))

    made = digest(most=50)

    assert len(made.stories) == 50
    assert len(html_of(made).encode()) <= MOST_HTML
    assert len(text_of(made).encode()) < 100_000
    mail(made)


def test_what_papers_are_called_changes_no_header_and_no_markup(take: TakeIn) -> None:
    code = Link(LinkKind.CODE, "https://github.com/a/b?x=%22%3E%3Cscript%3E")
    take(record(1, HOSTILE, authors=(HOSTILE,), one_line=HOSTILE, summary=HOSTILE, links=(code,)))

    found = mail(digest())

    assert found["Bcc"] is None
    assert "\n" not in found["Subject"]
    assert "α^2" in found["Subject"]
    html = found.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_day_without_papers_says_why(fifty: None) -> None:
    made = digest(day=datetime(2026, 5, 23, tzinfo=UTC).date())

    assert made.subject == "Sat 23 May: It is Saturday, and arXiv is resting"
    assert "Saturday and Sunday bring no new papers" in text_of(made).replace("\n", " ")
    assert "arXiv is resting" in html_of(made)
    mail(made)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("words", "problem"),
    [(["--most", "2"], "--most 2: expected 3 to 50"), (["--date", "1900-01-01"], "--date: 1900-01-01 lies")],
)
def test_what_cannot_be_shown_says_why(words: list[str], problem: str) -> None:
    with pytest.raises(CommandError) as raised:
        call_command("digest", "preview", *words)

    assert problem in str(raised.value)


@pytest.mark.django_db(transaction=True)
def test_the_preview_prints_any_form(take: TakeIn, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    take(record(1))

    for form, begin in (("text", b"BROADSHEET"), ("html", b"<!doctype html>"), ("eml", b"Content-Type")):
        call_command("digest", "preview", "--format", form, "--date", "2026-05-22")
        assert capfdbinary.readouterr().out.startswith(begin)
