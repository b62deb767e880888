"""The outbox: mails as files, where a site without a mail server puts them. Reads it for the owner."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

LISTED = 100
MOST_BYTES = 2_000_000  # ours are a tenth of that; another's file would fill the page
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}\.eml")
_SHOWN = (
    "From",
    "To",
    "Date",
    "Subject",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
)


@dataclass(frozen=True, slots=True)
class Filed:
    """A mail as a line of the list."""

    name: str
    to: str
    subject: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    name: str
    subject: str
    headers: Sequence[tuple[str, str]]
    text: str
    html: str  # "": it has no such part
    size: int  # bytes


def newest(folder: Path, most: int = LISTED) -> tuple[list[Filed], int]:
    """The mails written last, and how many there are in all. A folder that is not there yet is empty."""
    try:
        found = [(one.stat().st_mtime, one.name) for one in os.scandir(folder) if _NAME.fullmatch(one.name)]
    except FileNotFoundError:
        return [], 0
    found.sort(reverse=True)
    return [_filed(folder, name, written) for written, name in found[:most]], len(found)


def opened(folder: Path, name: str) -> Opened | None:
    """None for what is no mail of the outbox."""
    path = folder / name
    if not _NAME.fullmatch(name) or not path.is_file() or path.stat().st_size > MOST_BYTES:
        return None
    data = path.read_bytes()
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    headers = [(key, str(mail[key]).strip()) for key in _SHOWN if mail[key]]
    return Opened(
        name, str(mail["Subject"] or ""), headers, _part(mail, "plain"), _part(mail, "html"), len(data)
    )


def _filed(folder: Path, name: str, written: float) -> Filed:
    with (folder / name).open("rb") as file:
        mail = BytesParser(EmailMessage, policy=policy.default).parse(file, headersonly=True)
    at = datetime.fromtimestamp(written, UTC)
    return Filed(name, str(mail["To"] or ""), str(mail["Subject"] or ""), at)


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    if part is None:
        return ""
    content: str = part.get_content()
    return content
