"""Asking for digests, and what the owner of an address does with the links in its mails. GET changes nothing.

No form here carries a cookie: what may be done is in the token of the link, which no other site knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from email.utils import parseaddr
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from broadsheet import wiring
from broadsheet.deliver import outbox, tokens
from broadsheet.deliver.network import hidden_network
from broadsheet.deliver.tokens import BadToken, Purpose
from broadsheet.deliver.web import choices
from broadsheet.deliver.web.asking import is_from_here, reader_page
from broadsheet.domain.categories import NAMES
from broadsheet.domain.ids import find_key, paper_ref
from broadsheet.domain.interest import Interest
from broadsheet.domain.likes import Like
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.lib.address import LONGEST_TYPED, Address, BadAddress, read
from broadsheet.store import deliveries, likes, subscription_feeds, subscriptions
from broadsheet.store.likes import Liked
from broadsheet.store.subscriptions import Held, TooManyAsked

TRAP = "website"  # a field that people do not see, and machines fill
_NOTHING = {
    "": "Nothing has changed: it was so already, or the subscription has ended.",
    "now": "Nothing is sent: the newest edition went to you before, or there is none yet.",
}
_ELSEWHERE = "Please use the form on this site."
_TOO_MANY = "Too many letters were asked for. Please try again in an hour."

_BROKEN = "The link is not whole: perhaps a mail program has broken its line."
_NO_PAPER = "No source that is read here tells of this paper any more."
_LIKED = {Like.MORE: "More like this", Like.LESS: "Less like this"}
_FROM_NOW = {
    Like.MORE: "Papers close to it in meaning stand near the top of your digests from now on.",
    Like.LESS: "Papers close to it in meaning stand at the end of your digests from now on, or are left out.",
}
_TAKE_BACK = "To take it back, open “Change what comes” in any mail: the list stands there."

_IN_WORDS = {
    "address": "Mailbox, as it is told from others",
    "shown_address": "Address that mails go to",
    "state": "State",
    "more_like": "Papers whose like is wanted",
    "less_like": "Papers whose like is not wanted",
    "asked_at": "Asked for",
    "confirmed_at": "Confirmed",
    "ended_at": "Ended",
    "due_at": "Next digest due",
    "covered_until": "Newest day covered",
    "hard_bounces": "Mails that came back",
    "trouble": "Trouble",
    "generation": "Times begun anew",
    "feed_key": "Key of its own feed",
}

View = Callable[[HttpRequest], HttpResponse]


def _by_link(view: View) -> View:
    """A page for the owner of an address: kept by no cache, its token told to no other page and so to no
    proxy's log, and a link that fails says what to do."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            response = view(request)
        except BadToken as error:
            response = _told(request, "This link does nothing", error.why, advice=error.advice, status=403)
        response.headers["Referrer-Policy"] = "strict-origin"  # form checks need the origin
        return response

    return csrf_exempt(never_cache(require_http_methods(["GET", "HEAD", "POST"])(answer)))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    return _ask(request) if request.method == "POST" else _blank(request)


@reader_page
def _blank(request: HttpRequest) -> HttpResponse:
    """With what the link to it names already filled in."""
    given = {"categories": request.GET.get("cat", "")[:200], "query": request.GET.get("q", "")[:500]}
    return _form(request, choices.shown(Interest()) | given, is_blank=True)


@reader_page
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "web/subscribe_asked.html", {"has_server": bool(wiring.option("SMTP_URL"))})


@never_cache
def _ask(request: HttpRequest) -> HttpResponse:
    """The same answer for every address, known or not."""
    if not is_from_here(request):
        return _form(request, choices.as_typed(request.POST), problem=_ELSEWHERE, status=400)
    now = timezone.now()
    try:
        address, interest = _address(request.POST.get("address", "")), choices.read(request.POST)
        if not request.POST.get(TRAP):
            subscriptions.ask(address, interest, network=hidden_network(request, now.date()), now=now)
    except (BadAddress, choices.BadChoice) as error:
        return _form(request, choices.as_typed(request.POST), problem=str(error), status=400)
    except TooManyAsked:
        return _form(request, choices.as_typed(request.POST), problem=_TOO_MANY, status=429)
    return redirect("subscribe-asked")


def _address(typed: str) -> Address:
    """Raises BadAddress, also for the site's own: its mails would come back to it for ever."""
    found = read(typed)
    if parseaddr(wiring.mail_sender())[1].lower() in (found.mailbox, found.shown.lower()):
        raise BadAddress("That is the address that digests come from. Please give one of your own.")
    return found


def _form(request: HttpRequest, chosen: dict[str, str], *, status: int = 200, **more: object) -> HttpResponse:
    context = {"chosen": chosen, "offer": choices.on_offer(), **more}
    address = request.POST.get("address", "")[:LONGEST_TYPED]
    return render(request, "web/subscribe.html", context | {"address": address}, status=status)


@_by_link
def confirm(request: HttpRequest) -> HttpResponse:
    """Mail scanners open links, so that opening one confirms nothing."""
    token = _token(request)
    held = _held(Purpose.CONFIRM, token)
    if held.state is not SubscriptionState.ASKED:
        raise tokens.refused(Purpose.CONFIRM)
    if request.method != "POST":
        return render(request, "web/subscription_confirm.html", _of(held) | {"token": token})
    if not subscriptions.confirm(held.handle, timezone.now()):
        raise tokens.refused(Purpose.CONFIRM)
    held = subscriptions.find(held.handle) or held
    manage_token = tokens.make(Purpose.MANAGE, held.handle)
    words = "Digests go to your address from now on."
    return _told(request, "You are subscribed", words, held=held, manage=manage_token)


@_by_link
def manage(request: HttpRequest) -> HttpResponse:
    token = _token(request)
    held = _held(Purpose.MANAGE, token)
    chosen, problem, status, done = choices.shown(held.interest), "", 200, ""
    if request.method == "POST":
        try:
            done = _act(request, held)
            held = _held(Purpose.MANAGE, token)
            chosen = choices.shown(held.interest)
        except choices.BadChoice as error:
            chosen, problem, status = choices.as_typed(request.POST), str(error), 400
    said = {"chosen": chosen, "problem": problem, "done": done, "token": token}
    feeds = {"feed": _feed(held), "categories": _alone(held.interest.categories)}
    context = _of(held) | said | feeds | {"offer": choices.on_offer(), "liked": _liked(held)}
    return render(request, "web/subscription.html", context, status=status)


def _alone(categories: Sequence[str]) -> list[str]:
    """Without archives that stand for many, such as cs: no public list is of these."""
    return [name for name in categories if not any(one.startswith(f"{name}.") for one in NAMES)]


def _feed(held: Held) -> str:
    """The address of its own feed, without an ending for its form; "" where there is none."""
    key = subscription_feeds.key_of(held.handle)
    return "" if key is None else tokens.make_feed(held.handle, key)


def _act(request: HttpRequest, held: Held) -> str:
    """What was done, in words."""
    now, handle = timezone.now(), held.handle
    acts: dict[str, Callable[[], tuple[bool, str]]] = {
        "change": lambda: (
            subscriptions.change(handle, choices.read(request.POST), now),
            "Your choices are kept.",
        ),
        "pause": lambda: (subscriptions.pause(handle), "No digest comes until you go on."),
        "resume": lambda: (subscriptions.resume(handle, now), "Digests come again."),
        "end": lambda: (subscriptions.end(handle, now), "You are unsubscribed."),
        "now": lambda: (deliveries.make_now(handle, now), "The newest edition is on its way."),
        "feed": lambda: (
            subscription_feeds.renew_key(handle),
            "Your feed has a new address; the former one is gone.",
        ),
        "forget": lambda: (
            likes.forget(handle, choices.paper_number(request.POST)),
            "It counts no longer.",
        ),
    }
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        raise choices.BadChoice("Choose one of the buttons of the page.")
    is_done, words = act()
    return words if is_done else _NOTHING.get(request.POST["do"], _NOTHING[""])


@_by_link
def unsubscribe(request: HttpRequest) -> HttpResponse:
    """A POST alone acts (RFC 8058): mail programs send it without cookie, and show no second page."""
    token = request.GET.get("token", "") or request.POST.get("token", "")
    held = subscriptions.find_to_end(tokens.read(Purpose.UNSUBSCRIBE, token))
    if held is None:
        raise tokens.refused(Purpose.UNSUBSCRIBE)
    if request.method != "POST":
        return render(request, "web/unsubscribe.html", _of(held) | {"token": token})
    if request.POST.get("do") == "delete" and held.state is SubscriptionState.ENDED:
        return _deleted(request, held)
    if request.POST.get("List-Unsubscribe") != "One-Click":
        words = "The form did not say List-Unsubscribe=One-Click. Open the link and press its button."
        return _told(request, "Nothing has changed", words, status=400)
    subscriptions.end(held.handle, timezone.now())
    words = "No more digests are sent to your address."
    return _told(request, "You are unsubscribed", words, leave=token, kept_days=subscriptions.ENDED_KEPT.days)


@_by_link
def feedback(request: HttpRequest) -> HttpResponse:
    """More, or less, like a paper: what a link beside it in a mail asks for, and a button here does.

    The one link of a text mail leaves open which.
    """
    form = request.POST if request.method == "POST" else request.GET
    token = _token(request)
    held = _held(Purpose.FEEDBACK, token)
    try:
        asked, key = form.get("like", ""), find_key(form.get("paper", ""))
        which = Like(asked) if asked or request.method == "POST" else None
    except ValueError:
        return _told(request, "Nothing has changed", _BROKEN, status=400)
    paper = likes.paper_named(key) if key else None
    if paper is None:
        return _told(request, "Nothing has changed", _NO_PAPER, status=404)
    if request.method != "POST" or which is None:
        context = _of(held) | {"token": token, "paper": paper, "ref": paper_ref(paper.key), "like": which}
        return render(request, "web/feedback.html", context)
    if not likes.like(held.handle, paper.paper_id, which):
        return _told(request, "Nothing has changed", "No digest is sent to your address.", status=409)
    return _told(request, _LIKED[which], _FROM_NOW[which], advice=_TAKE_BACK)


@_by_link
def data(request: HttpRequest) -> HttpResponse:
    """All that is stored for an address, as a page and as JSON; deleted at once when asked."""
    token = _token(request)
    held = _held(Purpose.MANAGE, token)
    if request.method == "POST":
        if request.POST.get("do") != "delete":
            words = "The form did not say what to do. Go back to the page and press its button."
            return _told(request, "Nothing has changed", words, status=400)
        return _deleted(request, held)
    stored, liked = subscriptions.export(held.handle), _liked(held)
    if stored is None:
        raise tokens.refused(Purpose.MANAGE)
    sent = [one["id"] for one in stored["deliveries"]]
    stored["outbox"] = outbox.of_reader(wiring.outbox_folder(), held.handle.id, sent)
    stored["likes"] = {name: [asdict(paper) for paper in papers] for name, papers in liked.items()}
    if request.GET.get("format") == "json":
        reply = JsonResponse(stored, json_dumps_params={"indent": 1, "ensure_ascii": False})
        reply.headers["Content-Disposition"] = 'attachment; filename="broadsheet-data.json"'
        return reply
    rows = _rows(stored["subscription"] | _titles(liked))
    context = _of(held) | {"stored": stored, "rows": rows, "token": token}
    return render(request, "web/subscription_data.html", context)


def _deleted(request: HttpRequest, held: Held) -> HttpResponse:
    subscriptions.delete(held.handle)
    outbox.sweep(wiring.outbox_folder(), timezone.now())
    return _told(request, "Everything is deleted", "Nothing about your address is stored here any more.")


def _rows(columns: dict[str, Any]) -> list[tuple[str, str]]:
    """A column that has no words yet is shown by its name: nothing that is stored is left out."""
    return [
        (_IN_WORDS.get(name, name), _cell(value)) for name, value in columns.items() if name != "interest"
    ]


def _liked(held: Held) -> dict[str, list[Liked]]:
    return {which.value: papers for which, papers in likes.shown(held.handle).items()}


def _titles(liked: dict[str, list[Liked]]) -> dict[str, list[str]]:
    return {f"{name}_like": [paper.title for paper in papers] for name, papers in liked.items()}


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "–" if value in (None, "") else str(value)


def _token(request: HttpRequest) -> str:
    return (request.POST if request.method == "POST" else request.GET).get("token", "")


def _held(purpose: Purpose, token: str) -> Held:
    held = subscriptions.find(tokens.read(purpose, token))
    if held is None:
        raise tokens.refused(purpose)
    return held


def _of(held: Held) -> dict[str, object]:
    return {"held": held, "in_words": choices.in_words(held.interest)}


def _told(request: HttpRequest, headline: str, words: str, status: int = 200, **more: object) -> HttpResponse:
    context = {"headline": headline, "words": words, **more}
    return render(request, "web/subscription_told.html", context, status=status)
