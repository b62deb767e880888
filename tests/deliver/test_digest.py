"""The mail of an edition: valid, small enough, readable as text, and safe whatever papers are called."""

import re
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from broadsheet.deliver.email.compose import Composed, Envelope, composed, html_of, mail_of, text_of
from broadsheet.deliver.email.digest import Digest
from broadsheet.deliver.email.leaving import ways_to_leave
from broadsheet.deliver.email.own import LONGEST_TOKEN, Own, own_of
from broadsheet.deliver.email.reading import digest_of, personal_digest, sheet_of
from broadsheet.deliver.email.stories import MOST_HTML
from broadsheet.domain.edition import WindowKind, window_of
from broadsheet.domain.interest import Interest
from broadsheet.domain.likes import Like
from broadsheet.domain.paper import Link, LinkKind
from broadsheet.store.models import Place
from broadsheet.store.subscriptions import Handle
from tests.deliver.conftest import FRIDAY, NOW, TakeIn, key_of, record

SITE = "https://papers.example.org"
SENDER = "Broadsheet <d@example.org>"
HOSTILE = 'A title\r\nBcc: all@example.org <script>alert("1")</script> & $\\alpha^{2}$'
HANDLE = Handle(10**12, 1_000)
LONG = "a" * 240 + "@" + "b" * 60 + ".example.org"


@pytest.fixture(autouse=True)
def on_sunday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def digest(most: int = 12, day: date = FRIDAY) -> Digest:
    return digest_of(window_of(WindowKind.DAY, day), most=most, site_url=SITE, now=NOW)


def raw(made: Composed, own: Own | None = None) -> bytes:
    envelope = Envelope(SENDER, "<1@example.org>", NOW, "example.org")
    own = own or own_of(HANDLE, "r@example.org")
    return mail_of(made, own, envelope, ways_to_leave(SITE, SENDER, HANDLE))


def mail(made: Digest, own: Own | None = None) -> EmailMessage:
    """As Python's parser reads it, which must find nothing amiss."""
    data = raw(composed(made), own).replace(b"\n", b"\r\n")
    assert max(map(len, data.split(b"\r\n"))) < 998
    return BytesParser(policy=policy.SMTP.clone(raise_on_defect=True)).parsebytes(data)


def part(found: EmailMessage, kind: str) -> str:
    return str(found.get_body((kind,)).get_content())  # type: ignore[union-attr]


def test_a_mail_is_valid_and_has_both_parts(fifty: None) -> None:
    found = mail(digest())

    assert found["Subject"] == "Fri 22 May: Paper 1 on retrieval"
    assert found["List-Id"] == "Broadsheet <digest.example.org>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Message-ID"] == "<1@example.org>"
    parts = [part.get_content_type() for part in found.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    assert part(found, "plain").startswith("BROADSHEET\r\nFriday 22 May 2026")


def test_the_text_reads_well_by_itself(fifty: None) -> None:
    text = text_of(digest(most=3))

    assert "50 papers; here are the first 3." in text
    assert "  1. Paper 1 on retrieval\n     Ada Lovelace, Grace Hopper, Mary Somerville +\xa01\n" in text
    assert f"     {SITE}/paper/2605.00001\n     Code: https://github.com/owner/paper-1\n" in text
    assert "Here for 299 upvotes" in text
    assert max(len(line) for line in text.splitlines() if "http" not in line and "Sent to" not in line) <= 72
    assert "Next edition: Monday 25 May 2026." in text


def test_html_tells_nobody_anything_and_shows_all_without_pictures(fifty: None) -> None:
    html = html_of(digest())

    assert not re.search(r"<(img|script|link|iframe|form|object)|url\(|@import|onload", html)
    links = set(re.findall(r'href="([^"]+)"', html))
    assert all(link.startswith((SITE, "https://github.com/owner/")) for link in links)
    assert "299 upvotes" in html
    assert "Read all 50 papers" in html


def test_every_link_of_a_reader_s_own_is_in_both_parts(fifty: None) -> None:
    own = own_of(HANDLE, "r&d@example.org")
    found = mail(digest(most=3), own)

    text, html = part(found, "plain"), part(found, "html").replace("&amp;", "&")
    for told in (text, html):
        assert f"{SITE}/subscription?token={own.manage}" in told
        assert f"{SITE}/unsubscribe?token={own.leave}" in told
        for number in (1, 2, 3):
            link = f"{SITE}/feedback?token={own.feedback}&paper=2605.0000{number}"
            assert told.count(link) == (1 if told is text else 2)
            assert [told.count(f"{link}&like={like}") for like in Like] == (
                [0, 0] if told is text else [1, 1]
            )
        assert "r&d@example.org" in told
        assert not re.search(r"[0-9a-f]{64}", told)  # no mark is left
    assert "r&amp;d@example.org" in part(found, "html")
    assert max(map(len, (own.manage, own.leave, own.feedback))) < LONGEST_TOKEN


def test_readers_of_one_choice_share_all_but_their_own(fifty: None) -> None:
    made = composed(digest())
    ada, bob = (raw(made, own_of(Handle(number, 0), f"r{number}@example.org")) for number in (1, 2))

    assert ada != bob
    assert b"r2@example.org" not in ada
    assert b"r1@example.org" not in bob


WORST = {
    "wide": "wörds " * 300,
    "quotes": '"' * 1_900,
    "emoji": "👩\u200d🔬" * 600,
    "right to left": "שלום עולם " * 190,
    "signs": "<&>'\" " * 300,
    "one word": "x" * 1_990,
}


@pytest.mark.parametrize("words", WORST.values(), ids=WORST)
def test_the_largest_digest_is_shown_whole_by_gmail(take: TakeIn, words: str) -> None:
    code = (Link(LinkKind.CODE, f"https://github.com/a/{'b' * 400}"),)
    papers = (
        record(n, f"{n} {words}", one_line=words, summary=words, authors=(words,) * 9, links=code)
        for n in range(1, 61)
    )
    take(*papers)
    made = digest(most=50)
    assert len(made.stories) == 50

    found = mail(made, own_of(HANDLE, LONG))

    text, html = part(found, "plain"), part(found, "html")
    assert len(text.encode()) < 100_000
    assert max(len(line.encode()) for line in text.splitlines()) < 998
    assert len(html.encode()) < 102_000
    shown, left_out = html.count("Less like this"), re.search(r"(\d+) more did not fit", html)
    assert shown + int(left_out[1] if left_out else 0) == 50
    assert shown >= 20


def test_what_does_not_fit_loses_its_words_before_its_place(take: TakeIn) -> None:
    take(*(record(n, one_line='"' * 250) for n in range(1, 51)))

    html = html_of(digest(most=50))

    assert MOST_HTML - 3_000 < len(html.encode()) <= MOST_HTML
    assert html.count("Less like this") == 50
    assert 10 < html.count("line-height:23px") < 40  # lines of what a paper is about


def test_what_papers_are_called_changes_no_header_and_no_markup(take: TakeIn) -> None:
    code = Link(LinkKind.CODE, "https://github.com/a/b?x=%22%3E%3Cscript%3E")
    take(record(1, HOSTILE, authors=(HOSTILE,), one_line=HOSTILE, summary=HOSTILE, links=(code,)))

    found = mail(digest())

    assert found["Bcc"] is None
    assert "\n" not in found["Subject"]
    assert "α^2" in found["Subject"]
    html = part(found, "html")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "title",
    [
        "\u202eevil\u202c \u2066isolated\u2069 title",
        "Tıtle\u2028Bcc: all@example.org",
        "سلام\u200cدنیا",
        "👩\u200d🔬 at work",
        "=?utf-8?q?Bcc=3A_all?=",
        "{rank " + "0" * 96 + "}",
        "%s {0} {{ title }} {% now %}",
        "--=_boundary--",
        "From here.\n.\nQUIT",
    ],
)
def test_a_hostile_title_is_shown_and_nothing_else(take: TakeIn, title: str) -> None:
    take(record(1, title, one_line=title, authors=(title,)))

    found = mail(digest())

    assert found["Bcc"] is None
    assert [one.get_content_type() for one in found.walk()][1:] == ["text/plain", "text/html"]
    told = f"{found['Subject']} {part(found, 'plain')} {part(found, 'html')}"
    assert not set(told) & set("\u202e\u202c\u2066\u2069\u2028")
    assert "  1. " in part(found, "plain")


def test_a_day_without_papers_says_why(fifty: None) -> None:
    made = digest(day=date(2026, 5, 23))

    assert made.subject == "Sat 23 May: It is Saturday, and arXiv is resting"
    assert "Saturday and Sunday bring no new papers" in text_of(made).replace("\n", " ")
    assert "arXiv is resting" in html_of(made)
    assert "No papers" in html_of(made)
    mail(made)


def test_the_next_edition_says_why_days_before_it_had_none(take: TakeIn) -> None:
    monday = date(2026, 5, 25)
    take(record(1), record(2, announced_on=monday, listings=()))

    made = digest_of(
        window_of(WindowKind.DAY, monday), most=3, site_url=SITE, now=datetime(2026, 5, 26, tzinfo=UTC)
    )

    told = "No papers on Saturday 23 May and Sunday 24 May: arXiv announces nothing on weekends."
    assert made.notes == (told,)
    assert told in text_of(made).replace("\n", " ")
    assert told in html_of(made)


def test_an_edition_that_lost_its_papers_is_told_to_readers_of_everything_alone(db: None) -> None:
    sheet = sheet_of(window_of(WindowKind.DAY, date(2026, 5, 23)), site_url=SITE, now=NOW)

    everything = personal_digest(sheet, Interest())

    assert everything
    assert everything.empty_headline
    assert personal_digest(sheet, Interest(categories=("cs.CL",))) is None


def test_whom_a_reader_follows_is_found_where_the_edition_keeps_no_place(take: TakeIn) -> None:
    few: dict[str, Any] = {
        "listings": (),
        "signals": (),
        "links": (),
        "announced_on": FRIDAY,
        "categories": ("cs.CV",),
    }
    take(*(record(number, **few) for number in range(1, 521)), record(999, authors=("Mary Shelley",), **few))
    assert Place.objects.filter(edition__kind="day", paper__key=key_of(999)).count() == 0

    sheet = sheet_of(window_of(WindowKind.DAY, FRIDAY), site_url=SITE, now=NOW)
    found = personal_digest(sheet, Interest(authors=("Mary Shelley",), categories=("math.AG",)))

    assert found is not None
    assert [story.title for story in found.stories] == ["Paper 999 on retrieval"]
    assert (found.chosen_count, found.paper_count) == (1, 521)


def test_a_choice_is_told_in_the_head(fifty: None) -> None:
    sheet = sheet_of(window_of(WindowKind.DAY, FRIDAY), site_url=SITE, now=NOW)
    chosen = Interest(categories=("cs.CV",), muted=("<b>",), query="speech")

    made = personal_digest(sheet, chosen)

    assert made
    assert made.head == (
        "12 of 50 papers, chosen for: cs.CV; the search “speech”; without “<b>”. 13 more match."
    )
    assert "could not be run" in text_of(made)  # there is no index here
    assert "without “&lt;b&gt;”" in html_of(made)
    assert "could not be run" in html_of(made)


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

    for form, begin in (
        ("text", b"BROADSHEET"),
        ("html", b"<!doctype html>"),
        ("eml", b"From: Broadsheet <"),
    ):
        call_command("digest", "preview", "--format", form, "--date", "2026-05-22")
        assert capfdbinary.readouterr().out.startswith(begin)
