"""What went wrong with a mail server, in words: what happened, and what to do."""

import smtplib
import socket
import ssl

from broadsheet.lib.smtp_server import SmtpServer, Tls
from broadsheet.lib.text import plain_line, shortened

OK, READY, DONE, FORWARDED, GO_ON = 200, 220, 250, 251, 354  # codes of RFC 5321
LATER, CLOSING, NEVER = 400, 421, 500
_SAID = 300


def is_timeout(error: BaseException) -> bool:
    """Also where smtplib has made a lost connection of it."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def in_words(server: SmtpServer, error: Exception) -> str:
    """Why no mail can leave: the connection, the greeting, TLS or the login failed."""
    at = f"{server.host}:{server.port}"
    return _of_network(at, error) or _of_tls(server, error) or _of_answer(at, error)


def _of_network(at: str, error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return f"{at}: nobody knows this host. Check the name in BROADSHEET_SMTP_URL, and this machine's DNS."
    if isinstance(error, ConnectionRefusedError):
        return f"{at} refused the connection. No mail server listens there, or a firewall forbids it."
    if is_timeout(error):
        return (
            f"{at} did not answer in time. A firewall may swallow the connection (many providers close port"
            " 25; try 587 or 465), or tls=implicit and tls=starttls are mixed up."
        )
    return ""


def _of_tls(server: SmtpServer, error: Exception) -> str:
    at = f"{server.host}:{server.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"{at} shows a certificate that does not hold: {error.verify_message}. Use the host name that"
            " stands in the certificate."
        )
    if isinstance(error, ssl.SSLError):
        other = Tls.STARTTLS if server.tls is Tls.IMPLICIT else Tls.IMPLICIT
        return f"{at} does not speak TLS as asked ({error.reason}). Try tls={other} in BROADSHEET_SMTP_URL."
    if isinstance(error, smtplib.SMTPNotSupportedError) and server.tls is Tls.STARTTLS:
        return (
            f"{at} offers no STARTTLS or no login. Try tls=implicit; tls=no only on this machine or a trusted"
            " network."
        )
    return ""


def _of_answer(at: str, error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return (
            f"{at} refused user and password: {_said(error)}. Many providers want a password made for"
            " programs (an app password)."
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{at} does not want to talk to us now: {_said(error)}."
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return f"{at} closed the connection when greeted. It may want tls=implicit, or block this machine."
    return f"{at}: {shortened(plain_line(f'{type(error).__name__}: {error}'), _SAID)}"


def _said(error: smtplib.SMTPResponseException) -> str:
    text = error.smtp_error
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return shortened(plain_line(f"{error.smtp_code} {said}"), _SAID).rstrip(".")


_LATER = "Not now: a full disk, or greylisting, which lets a second try through after some minutes."
_NOBODY = "There is no such mailbox, or the server will not have mail from this machine or sender."
_MEANT = {  # by RFC 5321, and by what servers do
    CLOSING: "The server is closing or has too much to do; the mail is tried again later.",
    **dict.fromkeys((450, 451, 452), _LATER),
    535: "The server does not take user and password of BROADSHEET_SMTP_URL.",
    530: "The server wants a login first: put user and password into BROADSHEET_SMTP_URL.",
    **dict.fromkeys((550, 551, 553), _NOBODY),
    552: "The reader's mailbox is full, or the mail is larger than the server takes.",
    554: "The server takes this for unwanted mail; check SPF, DKIM and the name of this machine.",
}


def explained(code: int, text: str) -> str:
    """What an answer to one mail means for its sender; "" when there is nothing to add."""
    if code >= NEVER and "5.4.5" in text:
        return "The server takes no more of our mails today; lower BROADSHEET_MAIL_RATE, or use another."
    if code >= NEVER and ("relay" in text.lower() or "5.7.1" in text):
        return (
            "The server does not carry our mail to others. It wants a login, or the address in"
            " BROADSHEET_MAIL_FROM is not one that you may use."
        )
    return _MEANT.get(code, "Refused for good." if code >= NEVER else "")
