"""Tries one push once. Asks no database, so that several can be tried at a time."""

from datetime import datetime

from broadsheet.deliver.push.forms import addressed, wait_of
from broadsheet.domain.webhook import Target
from broadsheet.lib.outgoing import BadTarget, NotSent, Sender
from broadsheet.store.pushes import Tried

GONE = 410
FAULTY = (400, 413, 415, 422)  # what was sent is at fault, and will be the next time


def tried(sender: Sender, target: Target, message_id: str, body: str, now: datetime) -> Tried:
    try:
        answer = sender.send(addressed(body, target, message_id, now))
    except (BadTarget, NotSent) as error:
        return Tried(False, str(error))
    told = str(answer)
    if 300 <= answer.status < 400:
        told = f"{told} (it leads elsewhere, and nothing follows it: give the address it leads to)"
    if answer.is_taken:
        return Tried(True, told)
    return Tried(False, told, wait_of(answer, now), answer.status == GONE, answer.status in FAULTY)
