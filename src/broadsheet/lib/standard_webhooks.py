"""Signs what is sent to a webhook, as https://www.standardwebhooks.com has it. Knows nothing of papers."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def signed(known: Sequence[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of one try: its id stays the same over all tries, its time and signatures do not.

    One signature a secret: while it is renewed, whoever knows the former or the new one can verify.
    """
    moment = str(int(at.timestamp()))
    content = f"{message_id}.{moment}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(_signature(one, content) for one in known),
    }


def _signature(secret: str, content: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return f"v1,{b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()}"
