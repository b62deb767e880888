"""A mail as bytes: seven bits, short lines, two parts at most. By hand, because Python's generator and
Django's take four times as long for mails as large as ours.
"""

import binascii
import re
import secrets
from collections.abc import Mapping
from email.header import Header
from email.utils import formataddr, parseaddr
from functools import lru_cache

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def mail_bytes(headers: Mapping[str, str], text: str, html: str) -> bytes:
    """With lines that end in LF, as files have them. Raises ValueError for a header of several lines."""
    head = "".join(f"{name}: {_value(name, value)}\n" for name, value in headers.items()).encode()
    if not html:
        return head + b"MIME-Version: 1.0\n" + _part("plain", text)
    boundary = f"=_{secrets.token_hex(12)}"  # no line of quoted-printable text begins so
    between = f"--{boundary}\n".encode()
    parts = (between + _part("plain", text), between + _part("html", html))
    kind = f'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="{boundary}"\n\n'
    return head + kind.encode() + b"".join(parts) + f"--{boundary}--\n".encode()


def _part(kind: str, text: str) -> bytes:
    head = f'Content-Type: text/{kind}; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
    return head.encode() + binascii.b2a_qp(text.encode(), istext=True).rstrip(b"\n") + b"\n"


def _value(name: str, value: str) -> str:
    if _CONTROL.search(value):  # a line break above all: what follows would be another header
        raise ValueError(f"the header {name} holds a sign that cannot be shown")
    if name == "Subject":
        return _subject(value)
    if name == "To":
        return value  # one address; outside of ASCII only servers that take it as it is are asked
    if not value.isascii():
        return formataddr(parseaddr(value), "utf-8") if name == "From" else Header(value, "utf-8").encode()
    return value.replace(", <", ",\n <")  # between the ways to unsubscribe


@lru_cache(maxsize=256)
def _subject(text: str) -> str:
    return Header(text, "us-ascii" if text.isascii() else "utf-8", header_name="Subject").encode()
