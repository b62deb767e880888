"""Makes the mail of a digest: a text part that reads well by itself, and HTML for those who want it.

No pixel, no rewritten link, no remote font or picture; nothing in it tells us that it was read. A paper is
written once for all digests that it stands in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from django.template.loader import render_to_string

from broadsheet.deliver.email import stories, wrapped
from broadsheet.deliver.email.digest import Digest
from broadsheet.deliver.email.mime import mail_bytes
from broadsheet.deliver.email.own import MARKS, Own, filled, filled_html
from broadsheet.deliver.email.stories import MOST_HTML, MOST_TEXT
from broadsheet.deliver.email.wrapped import WIDTH


@dataclass(frozen=True, slots=True)
class Composed:
    """What all readers of the same choice get alike, with marks where each has something of their own."""

    subject: str
    text: str
    html: str  # "": text alone


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is one mail's own."""

    sender: str
    message_id: str
    now: datetime
    domain: str


def composed(digest: Digest, *, has_html: bool = True) -> Composed:
    return Composed(digest.subject, text_of(digest), html_of(digest) if has_html else "")


def mail_of(made: Composed, own: Own, envelope: Envelope, headers: Mapping[str, str]) -> bytes:
    """The whole mail to one reader; `headers` are those that only this reader's has."""
    common = {
        "From": envelope.sender,
        "To": own.address,
        "Subject": made.subject,
        "Date": format_datetime(envelope.now),
        "Message-ID": envelope.message_id,
        "List-Id": f"Broadsheet <digest.{envelope.domain}>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "list",
    }
    html = filled_html(made.html, own) if made.html else ""
    return mail_bytes(common | dict(headers), filled(made.text, own), html)


def html_of(digest: Digest) -> str:
    """Never so large that Gmail cuts it: what does not fit is left to the site."""
    room = MOST_HTML - len(_shell(digest, ["", ""]).encode())
    return _shell(digest, stories.as_html(digest.stories, digest.site_url, room))


def _shell(digest: Digest, rows: Sequence[str]) -> str:
    lead, rest = (rows[0], "".join(rows[1:])) if rows else ("", "")
    context = {
        "digest": digest,
        "lead": lead,
        "rest": rest,
        "left_out": len(digest.stories) - len(rows),
        "marks": MARKS,
    }
    return render_to_string("email/digest.html", context)


def text_of(digest: Digest) -> str:
    foot = _foot(digest)
    told = stories.as_text(digest.stories, digest.site_url, MOST_TEXT - len(foot.encode()))
    left_out = len(digest.stories) - len(told)
    more = f"{left_out} more did not fit; all are on the site." if left_out else ""
    parts = [f"BROADSHEET\n{digest.window.title}", *_head(digest), *told, more, foot]
    return "\n\n".join(filter(None, parts)) + "\n"


def _head(digest: Digest) -> list[str]:
    if not digest.stories:
        return [wrapped.lines(digest.empty_headline), wrapped.lines(digest.empty_words)]
    return [wrapped.lines(words) for words in (digest.head, *digest.notes)]


def _foot(digest: Digest) -> str:
    site = digest.site_url
    return "\n".join(
        [
            "-" * WIDTH,
            f"All papers: {digest.url}",
            f"How ranking works: {site}/about/ranking",
            f"Next edition: {digest.next_in_words}. No pixels, no tracked links.",
            "",
            f"Sent to {MARKS.address}, who asked for it.",
            f"Change what comes: {site}/subscription?token={MARKS.manage}",
            f"Unsubscribe: {site}/unsubscribe?token={MARKS.leave}",
        ]
    )
