"""Makes the mail of a digest: a text part that reads well by itself, and HTML for those who want it.

No pixel, no rewritten link, no remote font or picture; nothing in it tells us that it was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, make_msgid
from textwrap import fill

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from broadsheet.deliver.email.digest import Digest, Story, without_lines

WIDTH = 72  # of the text part
MOST_HTML = 100_000  # bytes; Gmail shows 102 KB
_INDENT = "     "


@dataclass(frozen=True, slots=True)
class Composed:
    """What all readers of the same choice get alike."""

    subject: str
    text: str
    html: str  # "": text alone


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is one mail's own."""

    sender: str
    to: str
    message_id: str
    now: datetime
    domain: str


def composed(digest: Digest, *, has_html: bool = True) -> Composed:
    return Composed(digest.subject, text_of(digest), html_of(digest) if has_html else "")


def mail_of(made: Composed, envelope: Envelope, headers: Mapping[str, str]) -> EmailMultiAlternatives:
    """The whole mail to one reader; `headers` are those that only this reader's has."""
    mail = EmailMultiAlternatives(
        subject=made.subject,
        body=made.text,
        from_email=envelope.sender,
        to=[envelope.to],
        headers={
            "Message-ID": envelope.message_id,
            "Date": format_datetime(envelope.now),
            "List-Id": f"Broadsheet <digest.{envelope.domain}>",
            "Auto-Submitted": "auto-generated",
            "Precedence": "list",
            **headers,
        },
    )
    if made.html:
        mail.attach_alternative(made.html, "text/html")
    return mail


def message(digest: Digest, *, sender: str, to: str, now: datetime, domain: str) -> EmailMultiAlternatives:
    """The whole mail, ready for any of Django's mail backends."""
    envelope = Envelope(sender, to, make_msgid("digest", domain), now, domain)
    return mail_of(composed(digest), envelope, {})


def html_of(digest: Digest) -> str:
    """Never so large that Gmail cuts it."""
    for kept in (len(digest.stories), len(digest.stories) // 2, 1):
        html = _rendered(without_lines(digest, kept))
        if len(html.encode()) <= MOST_HTML:
            break
    return html


def _rendered(digest: Digest) -> str:
    lead, rest = (digest.stories[0], digest.stories[1:]) if digest.stories else (None, ())
    return render_to_string("email/digest.html", {"digest": digest, "lead": lead, "rest": rest})


def text_of(digest: Digest) -> str:
    parts = [f"BROADSHEET\n{digest.window.title}", *_body(digest), _foot(digest)]
    return "\n\n".join(parts) + "\n"


def _body(digest: Digest) -> list[str]:
    if not digest.stories:
        return [fill(digest.empty_headline, WIDTH), fill(digest.empty_words, WIDTH)]
    head = f"{digest.paper_count:,} papers; here are the first {len(digest.stories)}."
    return [head if digest.paper_count > len(digest.stories) else "", *map(_story, digest.stories)]


def _story(story: Story) -> str:
    lines = [
        _filled(story.title, first=f"{story.rank:>3}. "),
        _filled(story.authors),
        _filled(story.one_line or story.text),
        _filled(story.reason),
        f"{_INDENT}{story.url}",
        f"{_INDENT}Code: {story.code}" if story.code else "",
    ]
    return "\n".join(line for line in lines if line.strip())


def _filled(text: str, first: str = _INDENT) -> str:
    if not text:
        return ""
    return fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _foot(digest: Digest) -> str:
    return "\n".join(
        [
            "-" * WIDTH,
            f"All papers: {digest.url}",
            f"How ranking works: {digest.site_url}/about/ranking",
            f"Next edition: {digest.next_in_words}. No pixels, no tracked links.",
        ]
    )
