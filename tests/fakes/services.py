"""What mail services post, in the forms that they document."""

import hashlib
import hmac
import json
from typing import Any

KEY = "key-0123456789abcdef"
ADA = "ada@example.net"


def postmark(kind: str = "HardBounce", record: str = "Bounce", **more: Any) -> dict[str, Any]:
    return {
        "RecordType": record,
        "ID": 4323372036854775807,
        "Type": kind,
        "TypeCode": 1,
        "Tag": "",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "ServerID": 23,
        "MessageStream": "outbound",
        "Description": "The server was unable to deliver your message.",
        "Details": "550 5.1.1 no such user",
        "Email": ADA,
        "From": "digest@example.org",
        "BouncedAt": "2026-05-22T09:00:00Z",
        "Inactive": True,
        "CanActivate": True,
        "Subject": "Fri 22 May: A paper",
    } | more


def mailgun(event: str = "failed", message_id: str = "", key: str = KEY, **more: Any) -> dict[str, Any]:
    timestamp, token = "1779440400", "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0"
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "event": event,
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "timestamp": 1779440400.5,
        "severity": "permanent",
        "reason": "bounce",
        "recipient": ADA,
        "recipient-domain": "example.net",
        "message": {"headers": {"message-id": message_id.strip("<>"), "to": ADA, "subject": "A paper"}},
        "delivery-status": {"code": 550, "message": "550 5.1.1 no such user", "description": ""},
        "tags": [],
        "user-variables": {},
    } | more
    return {"signature": {"timestamp": timestamp, "token": token, "signature": signature}, "event-data": data}


def sendgrid(*events: dict[str, Any]) -> list[dict[str, Any]]:
    usual = {"email": ADA, "timestamp": 1779440400, "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001"}
    return [{"sg_event_id": f"event-{at}", **usual, **event} for at, event in enumerate(events)]


def ses(kind: str = "Bounce", message_id: str = "0100018f-aaaa-bbbb-cccc-000000000000", **more: Any) -> str:
    """A notification of Amazon SES within one of Amazon SNS."""
    bounce = {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": ADA, "diagnosticCode": "smtp; 550 5.1.1 no such user"}],
        "timestamp": "2026-05-22T09:00:00.000Z",
        "feedbackId": "0100018f-feed",
    }
    complaint = {"complainedRecipients": [{"emailAddress": ADA}], "complaintFeedbackType": "abuse"}
    told = {
        "notificationType": kind,
        "mail": {"messageId": message_id, "destination": [ADA], "headers": []},
        "bounce": bounce | more,
        "complaint": complaint,
        "delivery": {"recipients": [ADA], "smtpResponse": "250 ok"},
    }
    return json.dumps(sns("Notification", Message=json.dumps(told)))


def sns(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "Type": kind,
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": "arn:aws:sns:eu-west-1:123456789012:mails",
        "Timestamp": "2026-05-22T09:00:01.000Z",
    } | more
