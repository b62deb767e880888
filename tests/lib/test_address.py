"""Addresses as people type them, and as those do who want to send mail to others."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.lib.address import LONGEST, Address, BadAddress, read

MESSY = st.text(
    st.sampled_from([*"ab.+-@A\r\n\t ,;<>\"'()\\:%=?é💥ßﷺ１＠İı\u200b\u0307\ufeff\x00"]), max_size=40
)


@pytest.mark.parametrize(
    ("typed", "shown", "mailbox"),
    [
        ("ada@example.org", "ada@example.org", "ada@example.org"),
        ("  Ada@Example.ORG ", "Ada@example.org", "ada@example.org"),
        ("ada+papers@example.org", "ada+papers@example.org", "ada@example.org"),
        ("+ada@example.org", "+ada@example.org", "+ada@example.org"),
        ("o'hara_1@mail.example.org", "o'hara_1@mail.example.org", "o'hara_1@mail.example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("Jürgen@example.org", "Jürgen@example.org", "jürgen@example.org"),
        ("Ju\u0308rgen@example.org", "Jürgen@example.org", "jürgen@example.org"),
        ("用户@例子.公益", "用户@xn--fsqu00a.xn--55qw42g", "用户@xn--fsqu00a.xn--55qw42g"),
        ("a@example。org", "a@example.org", "a@example.org"),
    ],
)
def test_an_address_is_shown_as_typed_and_known_by_its_mailbox(typed: str, shown: str, mailbox: str) -> None:
    assert read(typed) == Address(shown, mailbox)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "@", "ada", "ada@", "@example.org", "ada@localhost", "ada@127.0.0.1", "ada@[127.0.0.1]"),
        *("a b@example.org", "a@b@example.org", "ada@example..org", "ada@.example.org", "ada@example.org."),
        *("ada@-a.org", "ada@a-.org", "ada@exa_mple.org", ".ada@example.org", "ada.@example.org"),
        *("a..b@example.org", "a@example.org,b@example.org", "a@example.org;b@example.org"),
        *("Ada <a@example.org>", '"a b"@example.org', "a(b)@example.org", "mailto:a@example.org"),
        *("a@example.org\r\nBcc: b@example.org", "a\r\nBcc: b@example.org", "a\n@example.org"),
        *("a@example.org\n", "a@exam\x00ple.org", "a\x7f@example.org", "a\u2028b@example.org"),
        *("a\u202eb@example.org", "a\u200bb@example.org", "a\ufe0fb@example.org", "ﷺ@example.org"),
        *("💥@example.org", "a＠b@example.org", "\ud800@example.org", "a@\ud800.org"),
        *("Mailer-Daemon@example.org", "no-reply+x@example.org", "postmaster@example.org"),
        *("a" * 65 + "@example.org", "é" * 33 + "@example.org", "a@" + "a" * 64 + ".org"),
        *("a" * 60 + "@" + "b" * 63 + "." + "c" * 63 + "." + "d" * 63 + ".org", "a@b.org" * 1_000),
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(BadAddress, match=r"^[A-Z].*\.$"):
        read(typed)


@given(st.one_of(st.text(max_size=60), MESSY, MESSY.map(lambda local: f"{local}@example.org")))
def test_whatever_is_typed_is_one_plain_address_or_refused(typed: str) -> None:
    try:
        found = read(typed)
    except BadAddress:
        return

    for text in (found.shown, found.mailbox):
        assert text.isprintable()
        assert not set(text) & set(' \t\r\n,;:<>"()[]\\')
        assert text.count("@") == 1
        assert len(text.encode()) <= LONGEST
    assert read(found.mailbox) == Address(found.mailbox, found.mailbox)
    assert read(found.shown) == found
    if found.shown.isascii():
        assert _received(found.shown) == [found.shown]


def _received(address: str) -> list[str]:
    """The recipients that another reader of mail finds in a message to it."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["To"] = address
    mail.set_content("Hello")
    parsed = BytesParser(policy=policy.SMTP).parsebytes(mail.as_bytes())
    assert set(parsed.keys()) == {"To", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    return [one.addr_spec for one in parsed["To"].addresses]
