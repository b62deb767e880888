"""`broadsheet doctor` says what the DNS lacks, in words, and never fails for want of a DNS."""

import time
from collections.abc import Iterator
from typing import Any

import dns.rcode
import pytest
from django.conf import settings

from broadsheet.cli import mail_checkup
from broadsheet.cli.findings import Finding, Level
from broadsheet.lib import mail_dns
from tests.fakes.dns import NameServer, run_name_server

KEY = '"v=DKIM1; k=rsa; p=MIGf" "MA0G"'
GOOD = {
    "example.org": ['"v=spf1 mx ~all"', '"another=thing"'],
    "mail2026._domainkey.example.org": [KEY],
    "_dmarc.example.org": ['"v=DMARC1; p=quarantine; rua=mailto:d@example.org"'],
}


@pytest.fixture(autouse=True)
def options(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    changed = settings.OPTIONS | {
        "SMTP_URL": "smtp://mail.example.org",
        "MAIL_FROM": "Broadsheet <digest@example.org>",
        "DKIM_SELECTOR": "mail2026",
    }
    monkeypatch.setattr(settings, "OPTIONS", changed)
    return changed


@pytest.fixture
def server() -> Iterator[NameServer]:
    with run_name_server() as running:
        yield running


def found(server: NameServer, **texts: list[str]) -> dict[str, Finding]:
    server.texts = GOOD | texts
    return {finding.what: finding for finding in mail_checkup.network(server.resolver())}


def test_records_that_are_well_are_shown(server: NameServer) -> None:
    findings = found(server)

    assert {name: (one.level, one.text) for name, one in findings.items()} == {
        "SPF": (Level.OK, "example.org: v=spf1 mx ~all"),
        "DKIM": (Level.OK, "a key at mail2026._domainkey.example.org"),
        "DMARC": (Level.OK, "_dmarc.example.org: quarantine"),
    }


def test_what_is_missing_is_said_with_the_record_to_publish(server: NameServer) -> None:
    server.texts = {"example.org": [], "_dmarc.org": ['"v=DMARC1; p=none"']}

    findings = {one.what: one for one in mail_checkup.network(server.resolver())}

    assert {one.level for one in findings.values()} == {Level.WARN}
    assert 'TXT at example.org: "v=spf1 mx ~all"' in findings["SPF"].remedy
    assert "mail2026._domainkey.example.org: there is no key" in findings["DKIM"].text
    assert 'TXT at _dmarc.example.org: "v=DMARC1; p=none"' in findings["DMARC"].remedy
    assert "_dmarc.org" not in server.asked


@pytest.mark.parametrize(
    ("name", "texts", "what", "told"),
    [
        ("example.org", ['"v=spf1 -all"', '"v=spf1 mx -all"'], "SPF", "example.org has 2 records"),
        ("example.org", ['"v=spf1 +all"'], "SPF", "lets everybody send"),
        ("example.org", ['"v=spf10 -all"'], "SPF", "has no record"),
        ("mail2026._domainkey.example.org", ['"v=DKIM1; p="'], "DKIM", "its key is withdrawn"),
        ("_dmarc.example.org", ['"v=DMARC1; p=perhaps"'], "DMARC", "no policy that is known"),
        ("_dmarc.example.org", ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"'], "DMARC", "2 records"),
        ("_dmarc.example.org", ['"p=none"'], "DMARC", "has no policy"),
    ],
)
def test_what_receivers_would_not_take_is_a_warning(
    server: NameServer, name: str, texts: list[str], what: str, told: str
) -> None:
    finding = found(server, **{name: texts})[what]

    assert finding.level is Level.WARN
    assert told in finding.text
    assert finding.remedy


def test_a_subdomain_has_the_policy_of_the_domain_above(server: NameServer, options: dict[str, Any]) -> None:
    options["MAIL_FROM"] = "digest@news.papers.example.org"
    texts = {"_dmarc.example.org": ['"v=DMARC1; p=reject; sp=none"']}

    assert found(server, **texts)["DMARC"].text == "_dmarc.example.org: none"


def test_without_a_selector_usual_names_are_tried_and_nothing_is_blamed(
    server: NameServer, options: dict[str, Any]
) -> None:
    options["DKIM_SELECTOR"] = ""

    unknown = found(server)["DKIM"]
    known = found(server, **{"s2._domainkey.example.org": [KEY]})["DKIM"]

    assert (unknown.level, known.level) == (Level.OK, Level.OK)
    assert "Set BROADSHEET_DKIM_SELECTOR" in unknown.remedy
    assert known.text == "a key at s2._domainkey.example.org"


def test_bounces_of_another_domain_leave_dmarc_to_dkim(server: NameServer, options: dict[str, Any]) -> None:
    options["BOUNCES"] = "bounces@example.net"

    finding = found(server, **{"example.net": ['"v=spf1 mx ~all"']})["SPF"]

    assert (finding.level, "rests on DKIM alone" in finding.remedy) == (Level.OK, True)


def test_what_a_record_says_cannot_turn_the_terminal(server: NameServer) -> None:
    text = found(server, **{"example.org": [r'"v=spf1 \027[2J\013x ~all"']})["SPF"].text

    assert text.isprintable()


def test_no_dns_is_no_fault(server: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = server.resolver()
    monkeypatch.setattr(mail_dns, "PATIENCE_S", 0.5)
    server.is_silent = True
    began = time.monotonic()
    silent = list(mail_checkup.network(nowhere))
    took = time.monotonic() - began
    server.is_silent, server.rcode = False, dns.rcode.SERVFAIL
    failing = list(mail_checkup.network(nowhere))

    told = [Finding("DNS", Level.OK, "SPF, DKIM and DMARC cannot be looked up here")]
    assert (silent, failing) == (told, told)
    assert took < 2


@pytest.mark.parametrize("sender", ["digest@localhost", "digest@127.0.0.1"])
def test_a_domain_that_is_none_is_not_looked_up(
    server: NameServer, options: dict[str, Any], sender: str
) -> None:
    options["MAIL_FROM"] = sender

    assert found(server)["sender"].level is Level.WARN
    assert not server.asked


def test_without_a_mail_server_nobody_is_asked(server: NameServer, options: dict[str, Any]) -> None:
    options["SMTP_URL"] = ""

    assert not found(server)
    assert not server.asked


def test_a_mailbox_that_nobody_answers_for_is_a_failure(options: dict[str, Any]) -> None:
    options.update({"SMTP_URL": "", "IMAP_URL": "imap://me:s3cret@127.0.0.1:1"})

    (finding,) = mail_checkup.network()

    assert (finding.what, finding.level) == ("mailbox", Level.FAIL)
    assert "s3cret" not in finding.text


@pytest.mark.parametrize(
    ("changed", "level", "told"),
    [
        ({}, None, ""),
        ({"MAIL_SERVICE": "postmark"}, Level.FAIL, "Set BROADSHEET_MAIL_SERVICE_SECRET"),
        ({"MAIL_SERVICE": "postmark", "MAIL_SERVICE_SECRET": "a:b"}, Level.OK, ""),
        (
            {"MAIL_SERVICE": "mailgun", "MAIL_SERVICE_SECRET": "a:b"},
            Level.FAIL,
            "Set BROADSHEET_MAIL_SERVICE_KEY",
        ),
    ],
)
def test_settings_that_do_not_go_together_are_told(
    options: dict[str, Any], changed: dict[str, str], level: Level | None, told: str
) -> None:
    options.update({"IMAP_URL": "imaps://a:b@c"} | changed)

    findings = list(mail_checkup.settings())

    assert [finding.level for finding in findings] == ([level] if level else [])
    assert all(told in finding.remedy for finding in findings)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "digest@example.org, where bounces and wishes to unsubscribe by mail come"),
        ({"BOUNCES": "b@example.org"}, "b@example.org, where bounces and wishes to unsubscribe by mail come"),
        (
            {"MAIL_SERVICE": "postmark", "MAIL_SERVICE_SECRET": "a:b"},
            "digest@example.org, where wishes to unsubscribe by mail come",
        ),
        ({"SMTP_URL": ""}, ""),
        ({"IMAP_URL": "imaps://a:b@c"}, ""),
    ],
)
def test_a_mailbox_that_nobody_reads_is_told(
    options: dict[str, Any], changed: dict[str, str], told: str
) -> None:
    options.update(changed)

    warned = [one for one in mail_checkup.settings() if one.level is Level.WARN]

    assert [one.text for one in warned] == ([f"nobody reads {told}"] if told else [])
    assert all("Set BROADSHEET_IMAP_URL" in one.remedy for one in warned)
