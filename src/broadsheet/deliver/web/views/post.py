"""For the owner: what became of the digests, and the mails that wait in the outbox."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from broadsheet import wiring
from broadsheet.deliver import outbox
from broadsheet.deliver.outbox import Opened
from broadsheet.deliver.web.middleware import POLICY
from broadsheet.deliver.web.views.owner import owner_only
from broadsheet.store import letters
from broadsheet.store.delivery_report import delivery_report

# The mail's own styles, nothing from outside, and no script: a title in it is somebody else's text.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)
_FRAMING_POLICY = f"{POLICY}; frame-src 'self'"


@require_safe
@owner_only
def digests(request: HttpRequest) -> HttpResponse:
    context = {"report": delivery_report(timezone.now()), "letters": letters.failed()}
    return render(request, "web/digests.html", context)


@require_safe
@owner_only
def mails(request: HttpRequest) -> HttpResponse:
    filed, count = outbox.newest(wiring.outbox_folder())
    context = {"filed": filed, "count": count, "has_server": bool(wiring.option("SMTP_URL"))}
    return render(request, "web/outbox.html", context)


@require_safe
@owner_only
def mail(request: HttpRequest, name: str) -> HttpResponse:
    response = render(request, "web/outbox_mail.html", {"mail": _opened(name)})
    response.headers["Content-Security-Policy"] = _FRAMING_POLICY
    return response


@require_safe
@owner_only
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part as a page of its own, for a frame."""
    html = _opened(name).html.replace("<head>", '<head><base target="_blank">', 1)
    headers = {"Content-Security-Policy": _MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HttpResponse(html, headers=headers)


@require_safe
@owner_only
def mail_file(request: HttpRequest, name: str) -> HttpResponse:
    """As it was written, for a mail program."""
    _opened(name)
    data = (wiring.outbox_folder() / name).read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="message/rfc822", headers=headers)


def _opened(name: str) -> Opened:
    found = outbox.opened(wiring.outbox_folder(), name)
    if found is None:
        raise Http404
    return found
