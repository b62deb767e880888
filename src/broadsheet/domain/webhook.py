"""What a webhook is: where news go, in which form, and what becomes of each. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from broadsheet.domain.edition import WindowKind
from broadsheet.domain.interest import Interest

LONGEST_NAME = 60
LONGEST_TOKEN = 1_000
KINDS = (WindowKind.DAY, WindowKind.WEEK, WindowKind.MONTH)  # of editions
MATCH = "match"  # a saved search: papers as they come in
EVERY = (*map(str, KINDS), MATCH)  # what news a webhook may be for
TELEGRAM = "https://api.telegram.org"
_CHAT = re.compile(r"-?\d{1,20}|@[A-Za-z]\w{3,63}", re.ASCII)
_ROOM = re.compile(r"![!-~]{1,254}")
_BOT = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{20,100}")


class Form(StrEnum):
    JSON = "json"  # signed, for programs
    SLACK = "slack"
    DISCORD = "discord"
    TELEGRAM = "telegram"
    MATRIX = "matrix"


class WebhookState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"


class PushState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    EMPTY = "empty"  # nothing in the edition was for it, and nothing was sent
    SKIPPED = "skipped"  # by the owner, or because it was refused again and again


class BadField(ValueError):
    """What was typed cannot be; names the field and says what is expected."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"{name}: {words}")
        self.field = name


@dataclass(frozen=True, slots=True)
class Target:
    """Where news go. Raises BadField. What may be asked at all is lib.outgoing's to say."""

    form: Form
    url: str  # of Matrix and Telegram the server's; of Slack and Discord a secret
    room: str = ""  # Telegram's chat, Matrix' room
    token: str = ""  # of Telegram's bot, of Matrix' account
    secret: str = ""  # what JSON is signed with
    former_secret: str = ""  # signed with too, for a day after a new one was made

    def __post_init__(self) -> None:
        if not self.url:
            raise BadField("url", "an address is needed, as in https://example.org/hook")
        if self.form is Form.TELEGRAM:
            _expect(_CHAT, "room", self.room, "expected a chat: a number, or @name of a channel")
            _expect(_BOT, "token", self.token, "expected the token of a bot, as in 123456:ABC-DEF…")
        elif self.form is Form.MATRIX:
            _expect(_ROOM, "room", self.room, "expected the id of a room, as in !abc:example.org")
            _expect(
                re.compile(rf"[!-~]{{1,{LONGEST_TOKEN}}}"), "token", self.token, "expected an access token"
            )
        elif self.room or self.token:
            name = "room" if self.room else "token"
            raise BadField(name, f"{self.form} has none; only telegram and matrix do")


def _expect(shape: re.Pattern[str], name: str, value: str, words: str) -> None:
    """The value of a secret is not repeated."""
    if not shape.fullmatch(value):
        raise BadField(name, words if name == "token" else f"{value[:40]!r} is none; {words}")


def checked_name(name: str) -> str:
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadField("name", f"expected 1 to {LONGEST_NAME} characters in one line")
    return name


def checked_every(text: str, interest: Interest) -> str:
    """What news: an edition's kind, or matches of choices that there must then be. Raises BadField."""
    if text not in EVERY:
        raise BadField("every", f"{text[:40]!r} is none; expected {', '.join(EVERY)}")
    if text == MATCH and not (interest.query or interest.categories or interest.authors):
        raise BadField("search", "matches are of something: a search, a category or an author is needed")
    return text
