"""Signs what is sent to a webhook, as https://www.standardwebhooks.com has it. Knows nothing of papers."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def signed(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of one try: its id stays the same over all tries, its time and signature do not."""
    moment = str(int(at.timestamp()))
    key = b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{message_id}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }
