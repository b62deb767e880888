"""What mail services post is believed with their secret alone, counts once, leaves no address in the log."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from broadsheet.config.options import SERVICES
from broadsheet.deliver.web import services as known
from broadsheet.domain.subscription import DeliveryState, SubscriptionState
from broadsheet.store.models import Delivery, Returned, Subscription
from tests.fakes import services

NOW = datetime(2026, 5, 22, 12, tzinfo=UTC)
SENT_AT = datetime(2026, 5, 22, 8, tzinfo=UTC)
OURS = "<0123456789abcdef01234567@papers.example.org>"
PATH = "/hooks/mail/"
MAILTRAP = {"email": services.ADA, "message_id": "1", "event_id": "2", "timestamp": 1779440400}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),
]


@pytest.fixture(autouse=True)
def on_friday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sent() -> Delivery:
    row = Subscription.objects.create(
        address=services.ADA,
        shown_address=services.ADA,
        state=SubscriptionState.ACTIVE,
        asked_at=SENT_AT,
        due_at=NOW,
    )
    at = {"run_at": SENT_AT, "made_at": SENT_AT, "closed_at": SENT_AT, "start": SENT_AT.date()}
    taken = {"state": DeliveryState.SENT, "message_id": OURS, "answer": "250 Ok"}
    return Delivery.objects.create(subscription=row, kind="day", **at, **taken)


def set_up(settings: Any, service: str, secret: str = "me:s3cret", key: str = services.KEY) -> None:
    settings.OPTIONS = settings.OPTIONS | {
        "MAIL_SERVICE": service,
        "MAIL_SERVICE_SECRET": secret,
        "MAIL_SERVICE_KEY": key,
    }


def post(body: Any, secret: str = "me:s3cret", **headers: str) -> int:
    raw = body if isinstance(body, str) else json.dumps(body)
    if secret:
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    client = Client(enforce_csrf_checks=True)
    return client.post(PATH, raw, content_type="application/json", headers=headers).status_code


def post_ses(body: str, **more: str) -> int:
    kind, name = (json.loads(body)[field] for field in ("Type", "MessageId"))
    return post(body, **{"x-amz-sns-message-type": kind, "x-amz-sns-message-id": name}, **more)


def state_of(row: Delivery) -> tuple[str, str, int]:
    row.refresh_from_db()
    row.subscription.refresh_from_db()
    return row.state, row.subscription.state, row.subscription.hard_bounces


BOUNCED, ENDED, SAME = ("refused", "active", 1), ("sent", "ended", 0), ("sent", "active", 0)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (services.postmark(), BOUNCED),
        (services.postmark("BadEmailAddress"), BOUNCED),
        (services.postmark("SoftBounce"), SAME),
        (services.postmark("Transient"), SAME),
        (services.postmark("AutoResponder"), SAME),
        (services.postmark("SpamComplaint", record="SpamComplaint"), ENDED),
        (
            {
                "RecordType": "SubscriptionChange",
                "Recipient": services.ADA,
                "SuppressSending": True,
                "SuppressionReason": "ManualSuppression",
                "ChangedAt": "2026-05-22T10:00:00Z",
            },
            ENDED,
        ),
        ({"RecordType": "Delivery", "Recipient": services.ADA, "MessageID": "x"}, SAME),
    ],
)
def test_postmark(settings: Any, sent: Delivery, body: Any, state: object) -> None:
    set_up(settings, "postmark")

    assert [post(body) for _ in range(3)] == [200, 200, 200]

    assert state_of(sent) == state
    assert Returned.objects.count() <= 1


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (services.mailgun(message_id=OURS), BOUNCED),
        (services.mailgun(message_id=OURS, recipient="somebody@example.com"), BOUNCED),
        (services.mailgun(message_id="<other@mailgun.example>"), BOUNCED),  # then by the address
        (services.mailgun(severity="temporary"), SAME),
        (services.mailgun("complained", OURS), ENDED),
        (services.mailgun("unsubscribed", OURS), ENDED),
        (services.mailgun("opened", OURS), SAME),
    ],
)
def test_mailgun_by_its_signature(settings: Any, sent: Delivery, body: Any, state: object) -> None:
    set_up(settings, "mailgun", secret="")

    assert [post(body, secret="") for _ in range(3)] == [200, 200, 200]

    assert state_of(sent) == state


def test_a_wrong_signature_changes_nothing(settings: Any, sent: Delivery) -> None:
    set_up(settings, "mailgun", secret="")
    forged = services.mailgun(message_id=OURS, key="another")

    bodies: list[Any] = [forged, {}, [], "", "no json", {"signature": 1}, {"signature": {"token": None}}]
    for body in bodies:
        assert post(body, secret="") == 400
    assert state_of(sent) == SAME


def test_sendgrid_posts_many_at_once(settings: Any, sent: Delivery) -> None:
    set_up(settings, "sendgrid")
    events = services.sendgrid(
        {"event": "processed", "smtp-id": OURS},
        {"event": "bounce", "type": "blocked", "smtp-id": OURS, "reason": "421 later"},
        {"event": "bounce", "type": "bounce", "smtp-id": OURS, "reason": "550 5.1.1 no", "status": "5.1.1"},
        {"event": "dropped", "smtp-id": OURS, "reason": "Bounced Address"},
        {"event": "bounce", "email": "nobody@example.com", "smtp-id": "<x@y>", "reason": "550 no"},
    )

    assert [post(events), post(events)] == [200, 200]

    assert state_of(sent) == BOUNCED
    assert sent.answer == "550 5.1.1 no"
    assert Returned.objects.get(kind="unknown").count == 2
    assert post(services.sendgrid({"event": "spamreport", "smtp-id": OURS})) == 200
    assert state_of(sent)[1] == "ended"


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (services.ses(), BOUNCED),
        (services.ses(bounceType="Transient"), SAME),
        (services.ses("Complaint"), ENDED),
        (services.ses("Delivery"), SAME),
    ],
)
def test_amazon_ses_through_sns(settings: Any, sent: Delivery, body: str, state: object) -> None:
    set_up(settings, "amazon_ses")
    Delivery.objects.update(answer="250 Ok 0100018f-aaaa-bbbb-cccc-000000000000")

    assert post_ses(body, secret="") == 401  # so that it comes again with its secret
    assert {post_ses(body) for _ in range(2)} == {200}

    assert state_of(sent) == state


def test_amazon_sns_is_confirmed_by_the_owner(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    set_up(settings, "amazon_ses")
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
    foreign = "https://evil.example/?x=.amazonaws.com"

    for where in (url, foreign):
        body = services.sns("SubscriptionConfirmation", SubscribeURL=where, Token="abc")
        assert post_ses(json.dumps(body)) == 200

    assert url in caplog.text
    assert foreign not in caplog.text


@pytest.mark.parametrize(
    ("service", "body", "state"),
    [
        ("brevo", {"event": "hard_bounce", "email": services.ADA, "message-id": OURS}, BOUNCED),
        ("brevo", {"event": "soft_bounce", "email": services.ADA, "message-id": OURS}, SAME),
        ("brevo", {"event": "spam", "email": services.ADA, "message-id": "<else@brevo.example>"}, ENDED),
        (
            "mailjet",
            [{"event": "bounce", "email": services.ADA, "MessageID": 1, "hard_bounce": True}],
            BOUNCED,
        ),
        ("mailjet", [{"event": "bounce", "email": services.ADA, "MessageID": 1, "hard_bounce": False}], SAME),
        ("mailjet", {"event": "unsub", "email": services.ADA}, ENDED),
        ("mailtrap", {"events": [MAILTRAP | {"event": "bounce"}]}, BOUNCED),
        ("mailtrap", {"events": [MAILTRAP | {"event": "soft bounce"}]}, SAME),
        ("resend", {"type": "email.complained", "data": {"email_id": "1", "to": [services.ADA]}}, ENDED),
        (
            "sparkpost",
            [
                {
                    "msys": {
                        "message_event": {"type": "bounce", "bounce_class": "10", "raw_rcpt_to": services.ADA}
                    }
                }
            ],
            BOUNCED,
        ),
        (
            "sparkpost",
            [
                {
                    "msys": {
                        "message_event": {"type": "bounce", "bounce_class": "22", "raw_rcpt_to": services.ADA}
                    }
                }
            ],
            SAME,
        ),
    ],
)
def test_other_services(settings: Any, sent: Delivery, service: str, body: Any, state: object) -> None:
    set_up(settings, service)

    assert {post(body) for _ in range(2)} == {200}

    assert state_of(sent) == state


@pytest.mark.parametrize(("kind", "state"), [("hard_bounced", BOUNCED), ("soft_bounced", SAME)])
def test_mailersend_by_its_signature(settings: Any, sent: Delivery, kind: str, state: object) -> None:
    set_up(settings, "mailersend", secret="")
    email = {"recipient": {"email": services.ADA}, "message": {"id": "62fb66bef54a112e920b5493"}}
    told = {"type": kind, "id": "1", "created_at": "2026-05-22T09:00:00Z", "email": email, "morph": None}
    body = json.dumps({"type": f"activity.{kind}", "data": told})
    signature = hmac.new(services.KEY.encode(), body.encode(), hashlib.sha256).hexdigest()

    assert post(body, secret="", Signature=signature) == 200
    assert state_of(sent) == state
    assert post(body, secret="", Signature=signature[::-1]) == 400


@pytest.mark.parametrize("service", SERVICES)
def test_a_wrong_secret_and_no_secret_are_refused(settings: Any, sent: Delivery, service: str) -> None:
    assert set(SERVICES) == set(known._VIEWS)
    set_up(settings, service)
    body = services.ses() if service == "amazon_ses" else json.dumps(services.postmark())

    for secret in ("", "me:wrong", "me:", ":s3cret"):
        status = post_ses(body, secret=secret) if service == "amazon_ses" else post(body, secret=secret)
        assert status in (400, 401)
    assert state_of(sent) == SAME


@pytest.mark.parametrize(
    ("service", "secret", "key"),
    [("", "me:s3cret", "k"), ("postmark", "", "k"), ("mailgun", "me:s3cret", ""), ("mailersend", "a:b", "")],
)
def test_without_service_or_guard_there_is_no_such_page(
    settings: Any, sent: Delivery, service: str, secret: str, key: str
) -> None:
    set_up(settings, service, secret, key)

    assert post(services.postmark()) == 404
    assert Client().get(PATH).status_code == 404


def test_a_thousand_events_at_once_are_taken_from_who_has_the_secret(
    settings: Any, sent: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    set_up(settings, "postmark")
    long = json.dumps(services.postmark()) + " " * 1_000_000

    assert post(long, secret="me:wrong") == 400
    assert state_of(sent) == SAME
    assert post(long) == 200
    assert state_of(sent) == BOUNCED
    assert post(long * 5) == 413
    assert "posted more than 4000000 bytes" in caplog.text


def test_without_a_secret_beside_the_signature_little_is_read(settings: Any, sent: Delivery) -> None:
    set_up(settings, "mailgun", secret="")

    assert post(json.dumps(services.mailgun(message_id=OURS)) + " " * 1_000_000, secret="") == 413
    assert post(services.mailgun(message_id=OURS), secret="") == 200
    assert state_of(sent) == BOUNCED


def test_get_changes_nothing(settings: Any, sent: Delivery) -> None:
    set_up(settings, "postmark")

    assert [Client().get(PATH).status_code, Client().head(PATH).status_code] == [405, 200]
    assert state_of(sent) == SAME


def test_no_address_comes_into_the_log(
    settings: Any, sent: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    set_up(settings, "postmark")
    caplog.set_level(logging.DEBUG)

    for body in (
        services.postmark(),
        services.postmark(Email="x@example.net"),
        services.postmark() | {"Type": []},
    ):
        post(body)
        post(body, secret="me:wrong")

    assert "@example.net" not in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["Email", "Type", "MessageID", "BouncedAt", "ID", "RecordType", "Details", "email", "event"]
)


@trying(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.dictionaries(FIELDS, JSON, max_size=5), st.sampled_from(["postmark", "brevo", "mailjet"]))
def test_no_post_is_too_odd(settings: Any, changed: dict[str, Any], service: str) -> None:
    set_up(settings, service)

    assert post(services.postmark() | changed) in (200, 400)
    assert post(json.dumps([changed])) in (200, 400)
