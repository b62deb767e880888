"""Reads what an owner typed of a webhook's place, for the page and the command alike."""

from dataclasses import replace

from broadsheet.domain.webhook import TELEGRAM, BadField, Form, Target
from broadsheet.lib.outgoing import BadTarget, Sender
from broadsheet.lib.standard_webhooks import new_secret


def form_of(text: str) -> Form:
    try:
        return Form(text)
    except ValueError:
        raise BadField("form", f"{text[:40]!r} is none; expected {', '.join(Form)}") from None


def target_of(form: Form, url: str, room: str, token: str, sender: Sender) -> Target:
    """A new secret for JSON, the usual server for Telegram. Raises BadField."""
    url = url.strip() or (TELEGRAM if form is Form.TELEGRAM else "")
    secret = new_secret() if form is Form.JSON else ""
    return _judged(Target(form, url, room.strip(), token.strip(), secret), sender)


def changed_target(former: Target, url: str, room: str, token: str, sender: Sender) -> Target:
    """As it was, but for what is typed: secrets are not shown, and cannot be typed again. Raises BadField."""
    url, token = url.strip() or former.url, token.strip()
    if url != former.url and former.token and not token:
        raise BadField("token", "another address needs its token again: it is not sent there by itself")
    changed = replace(former, url=url, room=room.strip() or former.room, token=token or former.token)
    return _judged(changed, sender)


def _judged(target: Target, sender: Sender) -> Target:
    try:
        sender.judge(target.url)
    except BadTarget as error:
        raise BadField("url", str(error)) from error
    return target
