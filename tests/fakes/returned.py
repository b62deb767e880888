"""Mails that come back, in the shapes in which servers write them."""

from email.message import EmailMessage

MARK = "d12-abcdefghij234567"
BOUNCES = f"bounces+{MARK}@example.org"
OURS = "<0123456789abcdef01234567@papers.example.org>"
NO_SUCH = "smtp; 550 5.1.1 <ada@example.net>: Recipient address rejected: no such user"


def returned(to: str = BOUNCES, message_id: str = OURS) -> str:
    """The headers of our own mail."""
    return (
        f"Return-Path: <{to}>\r\nMessage-ID: {message_id}\r\nFrom: Broadsheet <digest@example.org>\r\n"
        "To: ada@example.net\r\nSubject: Fri 22 May: A paper\r\n"
    )


def report(
    status: str, *, to: str = BOUNCES, head: str = "", ours: str = "", kind: str = "delivery-status"
) -> bytes:
    """A report as postfix writes it, unless more is said."""
    return "\r\n".join(
        [
            "Return-Path: <>",
            f"To: {to}",
            *(head.splitlines() or ["From: MAILER-DAEMON@mx.example.net (Mail Delivery System)"]),
            "Subject: Undelivered Mail Returned to Sender",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/report; report-type={kind};\r\n boundary="b/1"',
            "",
            "This is a MIME-encapsulated message.",
            "",
            "--b/1",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "I'm sorry to have to inform you that your mail could not be delivered.",
            "",
            "--b/1",
            f"Content-Type: message/{kind}",
            "",
            *status.splitlines(),
            "",
            "--b/1",
            "Content-Type: message/rfc822",
            "",
            ours or returned(),
            "The text of it.",
            "--b/1--",
            "",
        ]
    ).encode()


def status(action: str = "failed", code: str = "5.1.1", said: str = NO_SUCH) -> str:
    return (
        "Reporting-MTA: dns; mx.example.net\nX-Postfix-Queue-ID: 4ABC\n\n"
        f"Final-Recipient: rfc822; ada@example.net\nAction: {action}\nStatus: {code}\nDiagnostic-Code: {said}"
    )


POSTFIX = report(status())
POSTFIX_LATER = report(
    status("delayed", "4.4.1", "X-Postfix; connect to mx.example.net: Connection timed out")
)
POSTFIX_GAVE_UP = report(
    status("failed", "4.4.1", "X-Postfix; connect to mx.example.net: Connection timed out")
)
DELIVERED = report(status("relayed", "2.0.0", "smtp; 250 ok"))

EXIM = report(
    "Reporting-MTA: dns; mail.example.net\n\nAction: failed\nFinal-Recipient: rfc822;ada@example.net\n"
    "Status: 5.0.0\nRemote-MTA: dns; mx.example.net\nDiagnostic-Code: smtp; 550 Unrouteable address",
    head="X-Failed-Recipients: ada@example.net\nFrom: Mail Delivery System <Mailer-Daemon@mail.example.net>",
)
GMAIL = report(
    "Reporting-MTA: dns; googlemail.com\nReceived-From-MTA: dns; digest@example.org\n\n"
    "Final-Recipient: rfc822; ada@gmail.example\nAction: failed\nStatus: 5.1.1\n"
    "Remote-MTA: dns; gmail-smtp-in.example. (192.0.2.1)\n"
    "Diagnostic-Code: smtp; 550-5.1.1 The account does not exist. Please look\n"
    " for spaces and typing errors.\nLast-Attempt-Date: Fri, 22 May 2026 01:00:00 -0700 (PDT)",
    head="From: Mail Delivery Subsystem <mailer-daemon@gmail.example>\nX-Failed-Recipients: a@gmail.example",
    to="digest@example.org",
)
EXCHANGE = report(
    "Original-Envelope-Id: 1\nReporting-MTA: dns;SERVER.example.net\n\n"
    "Original-Recipient: rfc822;ada@example.net\nFinal-Recipient: rfc822;ada@example.net\nAction: failed\n"
    "Status: 5.1.10\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; by address lookup\n"
    "X-Display-Name: Ada",
    head=f"From: <postmaster@example.net>\nIn-Reply-To: {OURS}\nReferences: {OURS}",
    to="digest@example.org",
    ours="Subject: Fri 22 May: A paper\r\n",
)
SES = report(
    "Reporting-MTA: dns; a8-50.smtp-out.example.com\n\nAction: failed\nFinal-Recipient: rfc822; a@b.example\n"
    "Diagnostic-Code: smtp; 550 5.1.1 user unknown\nStatus: 5.1.1",
    head="From: MAILER-DAEMON@mailservice.example.com",
)
OTHER_SCRIPTS = report(
    "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: utf-8; ada@bücher.example\nAction: failed\n"
    "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 Postfach unbekannt",
    kind="global-delivery-status",
)
QMAIL = (
    f"Return-Path: <>\nFrom: MAILER-DAEMON@mail.example.net\nTo: {BOUNCES}\nSubject: failure notice\n\n"
    "Hi. This is the qmail-send program at mail.example.net.\n\n<ada@example.net>:\n192.0.2.1 does not like "
    f"recipient.\nGiving up.\n\n--- Below this line is a copy of the message.\n\n{returned()}\n"
).encode()


def complaint(kind: str = "abuse", *, to: str = BOUNCES, ours: str = "") -> bytes:
    fields = f"Feedback-Type: {kind}\nUser-Agent: SomeFeedback/1.0\nVersion: 1\nOriginal-Mail-From: <{to}>\n"
    fields += "Original-Rcpt-To: <ada@example.net>\nSource-IP: 192.0.2.3"
    head = "From: Feedback Loop <fbl@example.net>"
    return report(fields, to="abuse@example.org", head=head, ours=ours, kind="feedback-report")


def letter(subject: str, text: str = "Hello", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ada <ada@example.net>", "digest@example.org", subject
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return bytes(mail)
