"""Mails as the programs of others see them: a strict reader of MIME, and SpamAssassin's own rules."""

import re
import shutil
import subprocess
from datetime import date
from email.utils import format_datetime
from pathlib import Path

import pytest
import time_machine

from broadsheet.deliver.email.compose import Composed, Envelope, composed, mail_of
from broadsheet.deliver.email.confirmation import message
from broadsheet.deliver.email.leaving import ways_to_leave
from broadsheet.deliver.email.own import own_of
from broadsheet.deliver.email.reading import digest_of
from broadsheet.domain.edition import WindowKind, window_of
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.store.letters import Claimed
from broadsheet.store.subscriptions import Handle
from tests.deliver.conftest import FRIDAY, NOW, TakeIn, record

SITE, SENDER, READER = (
    "https://papers.example.org",
    "Broadsheet <digest@papers.example.org>",
    "ada@example.net",
)
HANDLE = Handle(7, 0)
HOSTILE = "Grüße: 👩\u200d🔬 אב\r\nBcc: all@example.org \u202egpj.exe"
GTUBE = (
    b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n"  # counts as unwanted anywhere
)
READ = r"""
my $parser = MIME::Parser->new;
$parser->output_to_core(1); $parser->tmp_to_core(1); $parser->ignore_errors(1);
my $mail = eval { $parser->parse(\*STDIN) };
print STDERR join("\n", $parser->results->errors, $parser->results->warnings, $@ || ());
binmode STDOUT; print join(" ", map { $_->mime_type } $mail, $mail->parts), "\n";
print $_->bodyhandle->as_string for $mail->parts;
"""


@pytest.fixture(autouse=True)
def on_sunday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def digest(day: date = FRIDAY, most: int = 12) -> bytes:
    made = composed(digest_of(window_of(WindowKind.DAY, day), most=most, site_url=SITE, now=NOW))
    return sent(made)


def sent(made: Composed) -> bytes:
    envelope = Envelope(SENDER, "<0123456789abcdef01234567@papers.example.org>", NOW, "papers.example.org")
    return mail_of(made, own_of(HANDLE, READER), envelope, ways_to_leave(SITE, SENDER, HANDLE))


def letter(state: SubscriptionState) -> bytes:
    made = message(Claimed(1, HANDLE, READER, state, 1), sender=SENDER, site_url=SITE, now=NOW)
    return bytes(made.message().as_bytes())


@pytest.mark.skipif(not shutil.which("perl"), reason="needs Perl")
def test_a_second_strict_reader_finds_nothing_amiss(take: TakeIn) -> None:
    if subprocess.run(["perl", "-MMIME::Parser", "-e", "1"], capture_output=True, check=False).returncode:
        pytest.skip("needs libmime-tools-perl")
    take(record(1, HOSTILE, one_line=HOSTILE), record(2))

    def parsed(data: bytes) -> tuple[str, str]:
        done = subprocess.run(
            ["perl", "-MMIME::Parser", "-e", READ], input=data, capture_output=True, check=True
        )
        return done.stdout.decode(), done.stderr.decode()

    for data in (digest(), letter(SubscriptionState.ASKED)):
        told, amiss = parsed(data)
        assert not amiss
        assert told.startswith("multipart/alternative text/plain text/html\n")
    assert "  2. Paper 2 on retrieval" in parsed(digest())[0]
    assert "Grüße: 👩\u200d🔬 אב Bcc:" in parsed(digest())[0]
    assert parsed(digest().replace(b"--\n", b"\n"))[1]  # it does complain


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("spamassassin"), reason="needs SpamAssassin")
def test_spamassassin_has_hardly_anything_against_it(take: TakeIn, tmp_path: Path) -> None:
    take(*(record(number) for number in range(1, 60)))
    plain = composed(
        digest_of(window_of(WindowKind.DAY, FRIDAY), most=12, site_url=SITE, now=NOW), has_html=False
    )
    mails = {
        "digest": digest(),
        "the longest": digest(most=50),
        "text alone": sent(plain),
        "an empty day": digest(date(2026, 5, 23)),
        "confirm": letter(SubscriptionState.ASKED),
    }

    judged = {name: _judged(data, tmp_path) for name, data in mails.items()}

    assert {name: said for name, said in judged.items() if _points(said) >= 1.0} == {}
    assert _points(_judged(mails["text alone"] + GTUBE, tmp_path)) > 900  # it does judge


def _points(said: str) -> float:
    found = re.search(r"\((-?[\d.]+) points", said)
    assert found, said
    return float(found[1])


def _judged(data: bytes, home: Path) -> str:
    """As it was delivered, by local rules alone."""
    when = format_datetime(NOW)
    delivered = (
        "Return-Path: <digest@papers.example.org>\n"
        "Received: from papers.example.org (papers.example.org [93.184.215.14])\n"
        "\tby mx.example.net (Postfix) with ESMTPS id 4ZabcD12345\n"
        f"\tfor <{READER}>; {when}\n"
    ).encode() + data
    done = subprocess.run(
        ["spamassassin", "-L", "-t", "-x"],
        input=delivered,
        capture_output=True,
        check=True,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        timeout=120,
    )
    report = done.stdout.decode(errors="replace")
    return report[report.rindex("Content analysis details:") :]
