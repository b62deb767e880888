"""Looks into a mailbox over IMAP: one mail at a time, its beginning alone, and marks only what is told to.

Single commands instead of imap-tools' own: its flags and moves expunge, which would throw away for good what
the mailbox's owner has only marked as deleted; and it reads mails whole, whatever their size.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from imap_tools import AND, A, BaseMailBox, MailBox, MailBoxUnencrypted, U
from imap_tools.errors import ImapToolsError
from imap_tools.utils import encode_folder

from broadsheet.lib.imap_server import ImapServer
from broadsheet.lib.text import plain_line, shortened

PATIENCE_S = 30.0  # for one answer
READ_OF_EACH = 200_000  # bytes; a report stands at the beginning
LONGEST_FAULT = 300
_FAULTS = (OSError, imaplib.IMAP4.error, ImapToolsError)
_NUMBER = re.compile(rb"\d+")


class MailboxDown(Exception):
    """The mailbox cannot be looked into; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    line: BaseMailBox
    validity: int  # numbers of mails hold while this is the same
    done: str  # the folder for mails that were dealt with; ""

    def unread(self, after: int) -> list[int]:
        """Numbers of mails that nobody has read, oldest first."""
        found = self.line.uids(AND(A(seen=False), uid=U(str(after + 1), "*")))
        return sorted(number for uid in found if (number := int(uid)) > after)  # "*" is the last one, always

    def beginning(self, number: int) -> bytes | None:
        """Leaves it unread; None when it is there no more."""
        told = self._asked("FETCH", str(number), f"(BODY.PEEK[]<0.{READ_OF_EACH}>)")
        return next((bytes(one[1]) for one in told if isinstance(one, tuple)), None)

    def put_away(self, number: int) -> None:
        """Mark as read, and move where the setting says so. Repeats safely."""
        self._asked("STORE", str(number), "+FLAGS.SILENT", r"(\Seen)")
        if not self.done:
            return
        can = {str(one).upper() for one in self.line.client.capabilities}
        folder = encode_folder(self.done)
        if "MOVE" in can:
            self._asked("MOVE", str(number), folder)
            return
        self._asked("COPY", str(number), folder)
        self._asked("STORE", str(number), "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in can:
            self._asked("EXPUNGE", str(number))  # this one alone; without, it stays until somebody expunges

    def _asked(self, command: str, *words: object) -> list[object]:
        state, told = self.line.client.uid(command, *words)  # type: ignore[arg-type]
        if state != "OK":
            raise imaplib.IMAP4.error(f"{command} was answered with {state}: {told}")
        return list(told)


@contextmanager
def opened(
    server: ImapServer,
    *,
    done: str = "",
    context: ssl.SSLContext | None = None,
    patience_s: float = PATIENCE_S,
) -> Iterator[Mailbox]:
    """Raises MailboxDown, also for what goes wrong within."""
    line: BaseMailBox | None = None
    try:
        line = _connected(server, context, patience_s)
        yield _entered(line, server, done)
    except _FAULTS as error:
        raise MailboxDown(_in_words(server, error)) from error
    finally:
        with suppress(*_FAULTS):
            if line is not None:
                line.logout()


def _connected(server: ImapServer, context: ssl.SSLContext | None, patience_s: float) -> BaseMailBox:
    if not server.is_encrypted:
        return MailBoxUnencrypted(server.host, server.port, timeout=patience_s)
    safe = context or ssl.create_default_context()
    return MailBox(server.host, server.port, timeout=patience_s, ssl_context=safe)


def _entered(line: BaseMailBox, server: ImapServer, done: str) -> Mailbox:
    is_plain = (server.user + server.password).isascii()
    login = line.login if is_plain else line.login_utf8
    login(server.user, server.password, server.folder)
    validity = _NUMBER.search(line.client.response("UIDVALIDITY")[1][0] or b"0")
    line.client.capabilities = tuple(_capabilities(line))  # some servers tell the rest after the login alone
    if done and not line.folder.exists(done):
        line.folder.create(done)
    return Mailbox(line, int(validity[0]) if validity else 0, done)


def _capabilities(line: BaseMailBox) -> list[str]:
    told = line.client.capability()[1][0]
    return told.decode("ascii", "replace").upper().split() if isinstance(told, bytes) else []


def _in_words(server: ImapServer, error: Exception) -> str:
    said = shortened(plain_line(str(error)), LONGEST_FAULT).rstrip(".")
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{server} shows a certificate that does not hold: {error.verify_message}."
    if isinstance(error, TimeoutError):
        return f"{server} did not answer in time."
    if isinstance(error, OSError):
        return f"{server} cannot be reached ({said or type(error).__name__}). Check BROADSHEET_IMAP_URL."
    if "login" in type(error).__name__.lower() or "AUTHENTICATIONFAILED" in said:
        return f"{server} refused user and password. Many providers want a password made for programs."
    return f"{server}: {said or type(error).__name__}"
