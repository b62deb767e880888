"""What `broadsheet digest` prints of sending: the state of deliveries, and what a test mail met."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from broadsheet import wiring
from broadsheet.deliver.email import faults
from broadsheet.deliver.email.post import Answer, Letter
from broadsheet.domain.returned import ReturnKind
from broadsheet.domain.subscription import DeliveryState
from broadsheet.jobs import agenda, mailing
from broadsheet.store.delivery_report import DeliveryReport
from broadsheet.store.letters import LetterLine
from broadsheet.store.returns import ReturnLine

TEST_TEXT = """\
This is a test mail of Broadsheet. That you read it means that digests can be sent.

Look at its headers: SPF and DKIM should both have passed, or digests will end among unwanted mail.
"""


def send_test(address: str) -> Answer:
    """Raises PostDown, with the reason in words, and ValueError for what is no address."""
    if not all(parseaddr(address)[1].partition("@")) or not address.isprintable():
        raise ValueError(f"{address!r} is not an address; expected one like reader@example.org")
    room = agenda.mail_room()
    mail = EmailMessage()
    mail["Subject"] = "A test mail of Broadsheet"
    mail["From"], mail["To"] = room.sender, address
    mail["Date"] = format_datetime(room.clock.now())
    mail["Message-ID"] = mailing.new_message_id(room.domain)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{TEST_TEXT}\n{wiring.site_url()}\n")
    name = f"test-{room.clock.now():%Y-%m-%d-%H%M%S}"
    post = room.post()
    try:
        sender = room.bounces or parseaddr(room.sender)[1]
        return post.send(Letter(name, sender, parseaddr(address)[1], bytes(mail)))
    finally:
        post.close()


def in_words(answer: Answer) -> str:
    heads = {
        DeliveryState.SENT: "Sent",
        DeliveryState.WAITING: "Not sent now",
        DeliveryState.REFUSED: "Refused",
        DeliveryState.UNKNOWN: "Nobody knows whether it was sent",
    }
    meaning = faults.explained(answer.code, answer.text)
    return " ".join(filter(None, [f"{heads[answer.state]}: {answer.text.rstrip('.')}.", meaning]))


def shown(report: DeliveryReport, letters: Sequence[LetterLine]) -> Iterator[str]:
    """Lines for a terminal."""
    yield from (f"ALARM  {alarm}" for alarm in report.alarms)
    counts = ", ".join(f"{count:,} {state}" for state, count in report.subscriptions.items())
    yield f"Subscriptions: {counts or 'none'}"
    for line in report.editions:
        states = ", ".join(f"{count:,} {state}" for state, count in line.states)
        yield f"{line.window.title}: {states}"
    for trouble in report.troubles:
        yield f"  {trouble.state:<8} {trouble.address}  {trouble.answer}  (try {trouble.tries})"
    if (more := report.trouble_count - len(report.troubles)) > 0:
        yield f"  and {more:,} more: --all names them"
    for paused in report.paused:
        yield f"  paused   {paused.address}  {paused.trouble}"
    if letters:
        yield "Letters that ask for confirmation, of the last three days:"
    for letter in letters:
        yield f"  {letter.state:<8} {letter.address}  {letter.answer or 'no answer'}  (try {letter.tries})"
    if report.returned:
        yield "Came back:"
    yield from map(_returned, report.returned)


def _returned(line: ReturnLine) -> str:
    if line.kind is ReturnKind.UNKNOWN:
        return f"  unknown   {line.count:,} of mails that we know nothing of  (by {line.way})"
    return f"  {line.kind:<9} {line.address}  {line.words}  (by {line.way}, {line.told_at:%Y-%m-%d})"


def as_json(report: DeliveryReport, letters: Sequence[LetterLine]) -> dict[str, Any]:
    return {
        "alarms": report.alarms,
        "subscriptions": report.subscriptions,
        "editions": [
            {"kind": line.window.kind, "start": str(line.window.start), "states": dict(line.counts)}
            for line in report.editions
        ],
        "troubles": [
            {
                "kind": one.window.kind,
                "start": str(one.window.start),
                "address": one.address,
                "state": one.state,
                "answer": one.answer,
                "tries": one.tries,
            }
            for one in report.troubles
        ],
        "paused": [{"address": one.address, "trouble": one.trouble} for one in report.paused],
        "letters": [asdict(one) | {"asked_at": one.asked_at.isoformat()} for one in letters],
        "returned": [asdict(one) | {"told_at": one.told_at.isoformat()} for one in report.returned],
    }
