"""The outbox: mails as files, where a site without a mail server puts them. Reads it for the owner, and
removes what is old or of nobody any more.
"""

import os
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from broadsheet.domain.edition import Window, WindowKind
from broadsheet.store import mailed

LISTED = 100
MOST_BYTES = 2_000_000  # ours are a tenth of that; another's file would fill the page
KEPT = timedelta(days=60)
A_DAY = timedelta(days=1)
_SWEPT = ".swept"  # its time tells when it was done last
_OF_DELIVERY = re.compile(rf"(?:{'|'.join(WindowKind)})-\d{{4}}-\d\d-\d\d-(\d{{1,18}})\.eml")
_OF_LETTER = re.compile(r"letter-[\d-]{1,40}-s(\d{1,18})-[0-9a-f]{1,20}\.eml")
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


def name_of(window: Window, delivery_id: int) -> str:
    """Of the file of a digest, without its ending."""
    return f"{window.kind}-{window.start}-{delivery_id}"


def letter_name(at: datetime, subscription_id: int, word: str) -> str:
    return f"letter-{at:%Y-%m-%d-%H%M%S}-s{subscription_id}-{word}"


def of_reader(folder: Path, subscription_id: int, delivery_ids: Collection[int]) -> list[str]:
    """The names of the files that hold mails to one reader."""
    return sorted(
        name
        for name in _names(folder)
        if _number(_OF_LETTER, name) == subscription_id or _number(_OF_DELIVERY, name) in delivery_ids
    )


def sweep_daily(folder: Path, now: datetime) -> None:
    mark = folder / _SWEPT
    try:
        if mark.stat().st_mtime > (now - A_DAY).timestamp():
            return
    except FileNotFoundError:
        pass
    if folder.is_dir():
        sweep(folder, now)
        mark.touch()
        os.utime(mark, (now.timestamp(), now.timestamp()))


def sweep(folder: Path, now: datetime) -> None:
    """Remove mails that are old, and those to readers who are not known any more."""
    names = _names(folder)
    deliveries = {name: number for name in names if (number := _number(_OF_DELIVERY, name))}
    letters = {name: number for name in names if (number := _number(_OF_LETTER, name))}
    sent, known = mailed.deliveries_here(deliveries.values()), mailed.subscriptions_here(letters.values())
    gone = {name for name, number in deliveries.items() if number not in sent}
    gone |= {name for name, number in letters.items() if number not in known}
    for name in names:
        with suppress(FileNotFoundError):  # another process may be at it too
            if name in gone or (folder / name).stat().st_mtime < (now - KEPT).timestamp():
                (folder / name).unlink()


def _names(folder: Path) -> list[str]:
    try:
        return [one.name for one in os.scandir(folder) if _NAME.fullmatch(one.name)]
    except FileNotFoundError:
        return []


def _number(pattern: re.Pattern[str], name: str) -> int | None:
    found = pattern.fullmatch(name)
    return int(found[1]) if found else None


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
