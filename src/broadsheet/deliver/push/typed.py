"""Reads what an owner typed of a webhook's place, for the page and the command alike."""

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
    target = Target(form, url, room.strip(), token.strip(), secret)
    try:
        sender.judge(url)
    except BadTarget as error:
        raise BadField("url", str(error)) from error
    return target
