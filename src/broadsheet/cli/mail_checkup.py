"""What `broadsheet doctor` looks at of mail: who hears of bounces, and what receivers can check of us."""

from collections.abc import Iterator
from email.utils import parseaddr

from dns.resolver import Resolver

from broadsheet import wiring
from broadsheet.cli.findings import Finding, Level
from broadsheet.deliver.email import mailbox
from broadsheet.deliver.email.mailbox import MailboxDown
from broadsheet.deliver.web import services
from broadsheet.jobs import agenda
from broadsheet.lib import imap_server, mail_dns
from broadsheet.lib.mail_dns import NoDns
from broadsheet.lib.text import plain_line, shortened

_NOBODY = (
    "Mails with an address like this one are refused. Set BROADSHEET_MAIL_FROM to one of your own domain."
)
_RECEIVERS = "Without it many receivers put digests among unwanted mail."


def settings() -> Iterator[Finding]:
    """What can be seen without asking anybody."""
    service = wiring.option("MAIL_SERVICE")
    secret, key = wiring.option("MAIL_SERVICE_SECRET"), wiring.option("MAIL_SERVICE_KEY")
    if service and services.is_guarded(service, secret, key):
        yield Finding("mail service", Level.OK, f"{service} may tell of bounces at /hooks/mail/")
    elif service:
        told = f"{service} may not tell of bounces: nothing tells it from anybody else"
        remedy = f"Set BROADSHEET_{services.guard_of(service)}; see docs/digest.md"
        yield Finding("mail service", Level.FAIL, told, remedy)
    yield from _unread(bool(service))


def _unread(has_service: bool) -> Iterator[Finding]:
    """Every mail names an address that mail programs write to when their reader wants to leave."""
    bounces = wiring.option("BOUNCES")
    if wiring.option("IMAP_URL") or not (bounces or wiring.option("SMTP_URL")):
        return
    lost = "wishes to unsubscribe by mail" if has_service else "bounces and wishes to unsubscribe by mail"
    told = f"nobody reads {bounces or parseaddr(wiring.mail_sender())[1]}, where {lost} come"
    yield Finding("bounces", Level.WARN, told, "Set BROADSHEET_IMAP_URL, or look into the mailbox yourself.")


def network(resolver: Resolver | None = None) -> Iterator[Finding]:
    """Looks into the mailbox and asks the DNS; `resolver`: another than this machine's."""
    yield from _mailbox()
    if wiring.option("SMTP_URL"):
        yield from _records(resolver)


def _mailbox() -> Iterator[Finding]:
    if not (url := wiring.option("IMAP_URL")):
        return
    server = imap_server.read(url)
    try:
        with mailbox.opened(server) as box:
            unread = len(box.unread(0))
    except MailboxDown as error:
        yield Finding("mailbox", Level.FAIL, str(error), "Check BROADSHEET_IMAP_URL.")
    else:
        yield Finding("mailbox", Level.OK, f"{server} lets us in; {unread:,} unread")


def _records(resolver: Resolver | None) -> Iterator[Finding]:
    room = agenda.mail_room()
    sender = parseaddr(room.sender)[1]
    shown, envelope = _domain(sender), _domain(room.bounces or sender)
    if "." not in shown or shown.replace(".", "").isdigit():
        yield Finding("sender", Level.WARN, f"digests come from {sender}", _NOBODY)
        return
    try:
        resolver = resolver or mail_dns.usual_resolver()
        yield _spf(envelope, shown, resolver)
        yield _dkim(shown, resolver)
        yield _dmarc(shown, resolver)
    except NoDns:
        yield Finding("DNS", Level.OK, "SPF, DKIM and DMARC cannot be looked up here")


def _spf(domain: str, shown: str, resolver: Resolver) -> Finding:
    found = mail_dns.spf(domain, resolver)
    if not found:
        advice = f'Publish TXT at {domain}: "v=spf1 mx ~all", or the include that your mail service names.'
        return Finding("SPF", Level.WARN, f"{domain} has no record", f"{advice} {_RECEIVERS}")
    if len(found) > 1:
        remedy = "Receivers then take none of them. Join them into one."
        return Finding("SPF", Level.WARN, f"{domain} has {len(found)} records", remedy)
    if {"+all", "all"} & set(found[0].lower().split()):
        return Finding(
            "SPF", Level.WARN, f"{domain} lets everybody send: {_shown(found[0])}", "End it in ~all."
        )
    if not mail_dns.are_aligned(domain, shown):
        remedy = f"DMARC then rests on DKIM alone. Take a BROADSHEET_BOUNCES of {shown} if you can."
        return Finding("SPF", Level.OK, f"{domain} has a record, but mails are from {shown}", remedy)
    return Finding("SPF", Level.OK, f"{domain}: {_shown(found[0])}")


def _dkim(domain: str, resolver: Resolver) -> Finding:
    selector = wiring.option("DKIM_SELECTOR")
    found = mail_dns.dkim(domain, [selector] if selector else mail_dns.USUAL_SELECTORS, resolver)
    live = [name for name, has_key in found.items() if has_key]
    if live:
        return Finding("DKIM", Level.OK, f"a key at {live[0]}._domainkey.{domain}")
    if selector:
        told = "its key is withdrawn" if found else "there is no key"
        name = f"{selector}._domainkey.{domain}"
        remedy = f"Publish there the TXT or CNAME that your mail server or service shows. {_RECEIVERS}"
        return Finding("DKIM", Level.WARN, f"{name}: {told}", remedy)
    remedy = "Set BROADSHEET_DKIM_SELECTOR; the headers of a `broadsheet digest test` show whether you sign."
    return Finding("DKIM", Level.OK, "no key under the usual names, and others cannot be listed", remedy)


def _dmarc(domain: str, resolver: Resolver) -> Finding:
    found = mail_dns.dmarc(domain, resolver)
    if found is None:
        advice = f'Publish TXT at _dmarc.{domain}: "v=DMARC1; p=none", and p=quarantine when all is well.'
        return Finding("DMARC", Level.WARN, f"{domain} has no policy", f"{advice} {_RECEIVERS}")
    if found.count > 1 or not found.policy:
        told = f"{found.count} records" if found.count > 1 else "no policy that is known"
        remedy = 'Receivers then take it for none. Let there be one: "v=DMARC1; p=none".'
        return Finding("DMARC", Level.WARN, f"{found.at} has {told}", remedy)
    return Finding("DMARC", Level.OK, f"{found.at}: {found.policy}")


def _shown(text: str) -> str:
    return shortened(plain_line(text), 200)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
