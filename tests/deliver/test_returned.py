"""What came back is read in the shapes in which servers write it, and nothing makes the reader fail."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.deliver.email.returned import MOST_NAMES, Kind, Returned, read
from tests.fakes import returned as mails

TOKEN = "WzEyLDBd:1wABCD:abcdefghijklmnopqrstuvwxyz_-0123456789"
IN_A_WORD = TOKEN.replace("_", "=5F")


@pytest.mark.parametrize(
    ("raw", "kind", "words"),
    [
        (mails.POSTFIX, Kind.HARD, "550 5.1.1 <ada@example.net>: Recipient address rejected: no such user"),
        (mails.POSTFIX_LATER, Kind.SOFT, "connect to mx.example.net: Connection timed out"),
        (mails.POSTFIX_GAVE_UP, Kind.SOFT, "connect to mx.example.net: Connection timed out"),
        (mails.DELIVERED, Kind.AUTOMATIC, "250 ok"),
        (mails.EXIM, Kind.HARD, "550 Unrouteable address"),
        (mails.SES, Kind.HARD, "550 5.1.1 user unknown"),
        (mails.OTHER_SCRIPTS, Kind.HARD, "550 5.1.1 Postfach unbekannt"),
        (mails.QMAIL, Kind.SOFT, "failure notice"),
    ],
)
def test_bounces_say_which_mail_came_back_and_why(raw: bytes, kind: Kind, words: str) -> None:
    found = read(raw)

    assert (found.kind, found.words, found.marks) == (kind, words, (mails.MARK,))


@pytest.mark.parametrize("raw", [mails.GMAIL, mails.EXCHANGE])
def test_a_bounce_to_another_address_names_our_mail_all_the_same(raw: bytes) -> None:
    found = read(raw)

    assert found.kind is Kind.HARD
    assert found.message_ids == (mails.OURS,)
    assert found.words.startswith("550")


@pytest.mark.parametrize("sign", [b"\x00", b"\x07", b"\x7f"])
def test_a_message_id_with_a_sign_that_no_database_takes_is_none(sign: bytes) -> None:
    raw = mails.letter("Re", In_Reply_To="<one.SIGN@example.org> <two@example.org>").replace(b"SIGN", sign)

    assert read(raw).message_ids == ("<two@example.org>",)


def test_the_headers_alone_of_our_mail_will_do() -> None:
    raw = mails.POSTFIX.replace(b"message/rfc822", b"text/rfc822-headers").replace(b"To: bounces+", b"To: b")

    assert read(raw).message_ids == (mails.OURS,)
    assert read(raw).marks == (mails.MARK,)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (mails.status(code="5.7.26", said=""), Kind.HARD),
        (mails.status(code="", said="smtp; 550 no"), Kind.HARD),
        (mails.status(code="", said="smtp; 452 later"), Kind.SOFT),
        (mails.status(code="", said="who knows"), Kind.SOFT),
        (mails.status(code="2.0.0"), Kind.SOFT),
        (mails.status("delayed", "5.1.1"), Kind.SOFT),
        (mails.status("FAILED ", "5.1.1 (no such user)"), Kind.HARD),
        (mails.status("expanded", "2.0.0"), Kind.AUTOMATIC),
        ("nothing of use", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_only_a_failure_for_ever_is_hard(status: str, kind: Kind) -> None:
    assert read(mails.report(status)).kind is kind


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("abuse", Kind.COMPLAINT),
        ("Opt-Out", Kind.COMPLAINT),
        ("not-spam", Kind.OTHER),
        ("auth-failure", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_a_complaint_is_one_only_where_it_calls_the_mail_unwanted(kind: str, found: Kind) -> None:
    read_ = read(mails.complaint(kind))

    assert read_.kind is found
    assert read_.marks == (mails.MARK,)
    assert read_.message_ids == (mails.OURS,)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (mails.letter(f"unsubscribe {TOKEN}"), Returned(Kind.LEAVE, token=TOKEN)),
        (mails.letter(f"Re: UNSUBSCRIBE {TOKEN}"), Returned(Kind.LEAVE, token=TOKEN)),
        (
            mails.letter(f"unsubscribe {TOKEN}", Auto_Submitted="auto-replied"),
            Returned(Kind.LEAVE, token=TOKEN),
        ),
        (
            f"From: ada@example.net\nSubject: unsubscribe {TOKEN[:30]}\n {TOKEN[30:]}\n\n".encode(),
            Returned(Kind.LEAVE, token=TOKEN),
        ),
        (
            f"From: ada@example.net\nSubject: =?utf-8?q?unsubscribe_{IN_A_WORD}?=\n\n".encode(),
            Returned(Kind.LEAVE, token=TOKEN),
        ),
        (mails.letter("Re: unsubscribe"), Returned(Kind.ASKS)),
        (mails.letter("unsubscribe me please: now, at once, and for ever"), Returned(Kind.ASKS)),
        (mails.letter("How do I unsubscribe?"), Returned(Kind.OTHER)),
        (mails.letter("unsubscribed"), Returned(Kind.OTHER)),
        (mails.letter("Out of office", Auto_Submitted="auto-replied (vacation)"), Returned(Kind.AUTOMATIC)),
        (mails.letter("Away", X_Autoreply="yes"), Returned(Kind.AUTOMATIC)),
        (mails.letter("Alarm: disk full", Auto_Submitted="auto-generated"), Returned(Kind.OTHER)),
        (mails.letter("Automatic reply: Fri 22 May"), Returned(Kind.OTHER)),
        (mails.letter("Undelivered mail returned"), Returned(Kind.OTHER)),
        (mails.letter("Hello"), Returned(Kind.OTHER)),
    ],
)
def test_other_mails_are_told_by_their_subject_and_by_what_machines_write(
    raw: bytes, found: Returned
) -> None:
    told = read(raw)

    assert (told.kind, told.token, told.sender) == (found.kind, found.token, "ada@example.net")


def test_only_machines_write_to_a_mark() -> None:
    away = read(mails.letter("Automatic reply: Fri 22 May", To=mails.BOUNCES))
    daemon = {"To": mails.BOUNCES, "From": "Mailer-Daemon@example.net"}

    assert (away.kind, away.marks) == (Kind.AUTOMATIC, (mails.MARK,))
    assert read(mails.letter("Mail delivery failed", **daemon)).kind is Kind.SOFT
    assert read(mails.letter("Hello", **daemon)).kind is Kind.OTHER


def test_what_was_cut_off_is_read_as_far_as_it_goes() -> None:
    assert read(mails.POSTFIX[: mails.POSTFIX.index(b"message/rfc822")]).kind is Kind.HARD


def test_what_stands_in_a_mail_within_the_mail_is_no_report() -> None:
    inner = mails.POSTFIX
    outer = b"From: ada@example.net\nSubject: Fwd\nContent-Type: message/rfc822\n\n" + inner

    assert read(outer).kind is Kind.OTHER


SHAPES = [mails.POSTFIX, mails.GMAIL, mails.complaint(), mails.QMAIL, mails.letter("unsubscribe")]


@given(st.binary())
def test_no_bytes_are_too_odd(raw: bytes) -> None:
    assert isinstance(read(raw), Returned)


@given(st.sampled_from(SHAPES), st.data())
def test_no_change_of_a_real_mail_is_too_odd(raw: bytes, data: Any) -> None:
    changed = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(changed)))
        changed[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=20))

    found = read(bytes(changed))

    assert max(len(found.marks), len(found.message_ids)) <= MOST_NAMES
    assert "\n" not in found.words + found.sender


HEADERS = st.sampled_from(
    ["From", "To", "Subject", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted", "Precedence"]
)
VALUES = st.sampled_from(
    [
        *(
            "multipart/report; boundary=x",
            "multipart/mixed; boundary*0*=utf-8'%41; boundary=",
            "message/rfc822",
        ),
        *("message/delivery-status", "message/feedback-report", "text/plain; charset=nonsense", "x-uuencode"),
        *("=?utf-8?b?////?=", "=?nonsense?q?=41?=", "base64", "<>", "a@b, <c", "unsubscribe \x00", "\udcff"),
    ]
)


@given(st.lists(st.tuples(HEADERS, VALUES | st.text(max_size=30)), max_size=8), st.binary(max_size=80))
def test_no_header_is_too_odd(headers: list[tuple[str, str]], rest: bytes) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in headers).encode("utf-8", "replace")

    assert isinstance(read(head + b"\n--x\n" + rest + b"\n--x\n" + head + b"\n" + rest), Returned)


@pytest.mark.parametrize(
    "raw",
    [
        b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(3_000)),
        b"Content-Type: message/rfc822\n\n" * 3_000,
        b"Subject: " + b"unsubscribe " * 20_000,
        b"Subject: " + b"re:" * 60_000,
        b"References: " + b"<a@b> <" * 30_000,
        b"To: " + b"(" * 100_000,
        b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 12_000,
        b"From: " + b"<" * 200_000,
    ],
)
def test_a_mail_made_to_exhaust_is_read_in_seconds(raw: bytes) -> None:
    began = time.process_time()
    read(raw[:200_000])

    assert time.process_time() - began < 4.0
