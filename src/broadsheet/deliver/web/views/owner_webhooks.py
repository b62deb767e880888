"""The owner's page of webhooks: made, changed, tested, deleted there, with what became of each news."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from broadsheet import wiring
from broadsheet.deliver.push.trial import send_test
from broadsheet.deliver.push.typed import changed_target, form_of, target_of
from broadsheet.deliver.web import choices
from broadsheet.deliver.web.choices import BadChoice
from broadsheet.deliver.web.views.owner import owner_only
from broadsheet.domain.edition import WindowKind
from broadsheet.domain.interest import USUAL, Interest
from broadsheet.domain.webhook import LONGEST_NAME, MATCH, BadField, Form
from broadsheet.lib.standard_webhooks import new_secret
from broadsheet.lib.text import plain_line
from broadsheet.store import webhook_report, webhooks
from broadsheet.store.webhooks import WebhookLine

LONGEST = 2_000
_NEW = {"most": str(USUAL), "every": WindowKind.DAY.value}
_SHOWN = ("name", "service", "room", "every", "categories", "query", "boosted", "muted", "authors", "most")
_FORMS = {
    Form.JSON: "JSON, signed, for a program of yours",
    Form.SLACK: "Slack (Mattermost takes the same)",
    Form.DISCORD: "Discord",
    Form.TELEGRAM: "Telegram",
    Form.MATRIX: "Matrix",
}
_EVERY = {
    MATCH: "papers as they come in, at most every few minutes",
    WindowKind.DAY: "each day's edition, when it closes",
    WindowKind.WEEK: "each week's",
    WindowKind.MONTH: "each month's",
}


@require_safe
@owner_only
def overview(request: HttpRequest) -> HttpResponse:
    """All of them; with `?of=` one, and what was sent to it."""
    return _page(request, of=_number(request.GET.get("of", "")))


@sensitive_post_parameters("url", "token")
@require_POST
@owner_only
def act(request: HttpRequest) -> HttpResponse:
    """Make one, or do something with one."""
    do = request.POST.get("do", "")
    if do == "make":
        return _make(request)
    pk = _number(request.POST.get("webhook", ""))
    if do in _ANSWERED:
        return _ANSWERED[do](request, pk)
    if do not in _ACTIONS:
        return _page(request, trouble="Choose one of the buttons of the page.", status=400)
    if not _ACTIONS[do](pk):
        return _page(request, trouble="Nothing was changed: it is so already, or deleted.", of=pk, status=409)
    of = f"?of={pk}" if do != "delete" else ""
    return redirect(f"{reverse('owner-webhooks')}{of}")


_ACTIONS: dict[str, Callable[[int], bool]] = {
    "pause": webhooks.pause,
    "resume": lambda pk: webhooks.resume(pk, timezone.now()),
    "retry": lambda pk: webhooks.retry(pk, timezone.now()),
    "skip": lambda pk: webhooks.skip(pk, timezone.now()),
    "delete": webhooks.delete,
}


def _make(request: HttpRequest) -> HttpResponse:
    """The secret is shown in the answer and nowhere else. Sent twice, it is refused by its name."""
    form = request.POST
    try:
        target = target_of(
            form_of(form.get("service", "")),
            form.get("url", "")[: LONGEST + 1],
            form.get("room", "")[:LONGEST],
            form.get("token", "")[:LONGEST],
            wiring.webhook_sender(),
        )
        name = plain_line(form.get("name", "")[:LONGEST])
        pk = webhooks.make(name, target, form.get("every", ""), choices.read(form), timezone.now())
    except (BadField, BadChoice) as error:
        return _page(request, trouble=f"Nothing was made. {error}", status=400)
    return _page(request, secret=target.secret, made=name, of=pk)


def _change(request: HttpRequest, pk: int) -> HttpResponse:
    """What is left empty of address, room and token stays."""
    form, now = request.POST, timezone.now()
    former = webhooks.target(pk, now)
    if former is None:
        return _page(request, trouble=_GONE, status=409)
    url, room = form.get("url", "")[: LONGEST + 1], form.get("room", "")[:LONGEST]
    try:
        target = changed_target(former, url, room, form.get("token", "")[:LONGEST], wiring.webhook_sender())
        name = plain_line(form.get("name", "")[:LONGEST])
        is_done = webhooks.change(pk, name, target, form.get("every", ""), choices.read(form), now)
    except (BadField, BadChoice) as error:
        return _page(request, trouble=f"Nothing was changed. {error}", of=pk, status=400)
    if not is_done:
        return _page(request, trouble=_GONE, status=409)
    return redirect(f"{reverse('owner-webhooks')}?of={pk}")


def _renew(request: HttpRequest, pk: int) -> HttpResponse:
    secret = new_secret()
    if not webhooks.renew_secret(pk, secret, timezone.now()):
        return _page(request, trouble="It is not signed, or deleted.", of=pk, status=409)
    return _page(request, secret=secret, renewed="yes", of=pk)


def _test(request: HttpRequest, pk: int) -> HttpResponse:
    target = webhooks.target(pk, timezone.now())
    if target is None:
        return _page(request, trouble=_GONE, status=409)
    how = send_test(wiring.webhook_sender(), target, wiring.site_url(), timezone.now())
    said = "It was taken" if how.is_delivered else "It was not taken"
    return _page(request, tested=f"{said}: {how.answer}", of=pk)


_GONE = "There is no such webhook any more."
_ANSWERED: dict[str, Callable[[HttpRequest, int], HttpResponse]] = {
    "change": _change,
    "renew": _renew,
    "test": _test,
}


def _page(request: HttpRequest, *, of: int = 0, status: int = 200, **told: str) -> HttpResponse:
    lines = webhooks.lines()
    one = next((line for line in lines if line.pk == of), None)
    is_typed = request.POST.get("do", "") if told.get("trouble") else ""
    context: dict[str, Any] = {
        **told,
        "alarms": webhook_report.alarms(timezone.now()),
        "lines": lines,
        "one": one,
        "chosen_in_words": _in_words(one) if one else [],
        "history": webhooks.history(of) if one else [],
        "forms": _FORMS.items(),
        "every": _EVERY.items(),
        "every_in_words": _EVERY,
        "typed": _typed(request.POST) if is_typed == "make" else _NEW,
        "typed_of": _typed(request.POST) if is_typed == "change" else _values(one) if one else {},
        "is_changing": is_typed == "change",
        "now": timezone.now(),
        "offer": choices.on_offer(),
        "longest_name": LONGEST_NAME,
    }
    return render(request, "web/owner_webhooks.html", context, status=status)


def _typed(form: QueryDict) -> dict[str, str]:
    """What was refused, to be put right; never the address and the token, which may be secrets."""
    return {name: form.get(name, "")[:LONGEST] for name in _SHOWN}


def _values(one: WebhookLine) -> dict[str, Any]:
    """What may be changed, as it is."""
    mine = {"name": one.name, "room": one.room, "every": one.every, "service": one.form}
    return choices.shown(one.interest or Interest()) | mine


def _in_words(one: WebhookLine) -> list[tuple[str, str]]:
    mailed = ("When", "Form")  # of a digest, and of no webhook
    lines = choices.in_words(one.interest) if one.interest else []
    return [(name, value) for name, value in lines if name not in mailed]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
