"""Joins the names of the schedule with what they do on this site."""

import logging
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from broadsheet import wiring
from broadsheet.deliver import outbox
from broadsheet.deliver.email import mailbox
from broadsheet.deliver.email.mailbox import MailboxDown
from broadsheet.deliver.email.post import Outbox, Post, SmtpPost
from broadsheet.domain.paper import IntakeReport
from broadsheet.jobs import mailing, pushing, returns, schedule
from broadsheet.jobs import summaries as written_summaries
from broadsheet.jobs.hub import tell
from broadsheet.jobs.learning import learn_daily
from broadsheet.jobs.meaning import Meaning
from broadsheet.jobs.steps import StepFailed, fetch
from broadsheet.jobs.upkeep import count_readers, embed, follow, read_papers
from broadsheet.jobs.worker import GoesOn, Step
from broadsheet.lib import imap_server, smtp_server
from broadsheet.store import claim_reports, deliveries, subscriptions

log = logging.getLogger(__name__)


def plan() -> schedule.Plan:
    return schedule.Plan(
        may_ask=not wiring.option("OFFLINE"),
        has_oai=wiring.option("OAI") != "no",
        citations=wiring.citations_source(),
        has_mailbox=bool(wiring.option("IMAP_URL")),
        has_hub=bool(wiring.option("WEBSUB_HUB")),
        has_writer=wiring.summary_writer() is not None,
    )


def steps() -> dict[str, Step]:
    """What each planned job runs; a name that is none of ours is that of the source it asks."""
    own = {
        "upkeep": upkeep,
        "digest": digest,
        "bounces": bounces,
        "hub": hub,
        "summaries": summaries,
        "webhooks": webhooks,
    }
    return {name: own.get(name) or partial(ask, name) for name in plan().names}


def meaning() -> Meaning:
    vectors = wiring.vectors_index()
    former = partial(wiring.query_embedder, vectors)
    return Meaning(vectors, wiring.embedder, wiring.option("EMBEDDER"), former)


def upkeep(goes_on: GoesOn) -> str:
    now = wiring.clock().now()
    counted = count_readers(wiring.notes_folder(), now=now)
    followed = follow(wiring.words_index(), now=now)
    read = read_papers(goes_on=goes_on)
    written_summaries.follow_setting(bool(wiring.option("SUMMARY_URL")))
    embedded = embed(meaning(), goes_on=goes_on)
    claim_reports.tidy(now)
    learn_daily(now)  # last: what cannot be learned keeps nothing else waiting
    return f"{counted}{followed}, {read}, {embedded}"


def digest(goes_on: GoesOn) -> str:
    """Rounds, until nothing is left that may go now."""
    room, report = mail_room(), mailing.Report(is_cut=True)
    letters = "0 letters"  # of the last round
    while report.is_cut and goes_on():
        try:
            letters = str(mailing.send_letters(room, goes_on))  # first: somebody waits for them
        except StepFailed as error:  # of one letter, perhaps: what any stranger asks for stops no digest
            letters = f"letters wait: {error}"
        report.add(mailing.send_due(room, goes_on))
    _tidy(room.clock.now())  # last: its faults keep no mail back
    return f"{letters}; {report}"


def _tidy(now: datetime) -> None:
    subscriptions.tidy(now)
    deliveries.tidy(now)
    try:
        outbox.sweep_daily(wiring.outbox_folder(), now)
    except OSError as error:
        log.warning("The outbox cannot be tidied: %s", error)


def mail_room() -> mailing.Room:
    """How digests leave this site."""
    site_url = wiring.site_url()
    domain = urlsplit(site_url).hostname or "localhost"
    return mailing.Room(
        post=partial(open_post, domain),
        clock=wiring.clock(),
        site_url=site_url,
        domain=domain,
        sender=wiring.mail_sender(),
        rate=wiring.option("MAIL_RATE"),
        engines=wiring.engines,
        bounces=wiring.option("BOUNCES"),
    )


def open_post(domain: str) -> Post:
    """The mail server of the settings, or without one the outbox. Asks nobody yet."""
    url = wiring.option("SMTP_URL")
    if not url:
        return Outbox(wiring.outbox_folder())
    return SmtpPost(smtp_server.read(url), own_name=domain)


def bounces(goes_on: GoesOn) -> str:
    server = imap_server.read(wiring.option("IMAP_URL"))
    try:
        with mailbox.opened(server, done=wiring.option("IMAP_DONE")) as box:
            return str(returns.look(box, f"{server.user} {server}", wiring.clock(), goes_on))
    except MailboxDown as error:
        raise StepFailed(str(error)) from error


def hub(_: GoesOn) -> str:
    return tell(wiring.option("WEBSUB_HUB"), wiring.site_url(), wiring.option("CATEGORIES"), wiring.clock())


def summaries(goes_on: GoesOn) -> str:
    writer = wiring.summary_writer()
    if writer is None:
        return "no endpoint is set"
    return written_summaries.write(writer, wiring.option("SUMMARY_BUDGET"), wiring.clock(), goes_on)


def webhooks(goes_on: GoesOn) -> str:
    return str(pushing.push_due(push_room(), goes_on))


def push_room() -> pushing.Room:
    """How pushes leave this site."""
    return pushing.Room(
        wiring.webhook_sender(), wiring.clock(), wiring.site_url(), wiring.engines, wiring.followed
    )


def ask(name: str, goes_on: GoesOn) -> str:
    def watch(_: IntakeReport) -> bool:
        return goes_on()

    source = wiring.sources()[name]
    return str(fetch(source, wiring.words_index(), meaning(), clock=wiring.clock(), watch=watch))
