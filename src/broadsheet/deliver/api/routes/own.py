"""What a token is needed for: one's own subscription, and how the site is doing."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from broadsheet.deliver.api import asked as ask
from broadsheet.deliver.api import schemas, telling
from broadsheet.deliver.api.answers import Answer, told
from broadsheet.deliver.api.asked import SubscriptionState
from broadsheet.deliver.api.callers import Caller, Needs
from broadsheet.deliver.api.problems import Fault, Problem, bad, told_back
from broadsheet.deliver.lists import VERSION
from broadsheet.deliver.named import is_category
from broadsheet.domain.interest import LONGEST_WORD, Interest
from broadsheet.domain.scope import Scope
from broadsheet.lib.text import plain_line
from broadsheet.store import pages, subscriptions
from broadsheet.store.subscriptions import Handle, Held

router = Router(tags=["With a token"])
_GONE = "The subscription of this token has been deleted, or has begun anew since."


@router.get(
    "/subscription",
    response=schemas.Subscription,
    summary="Your subscription",
    auth=Needs(Scope.SUBSCRIPTION),
)
@told
def get_subscription(request: HttpRequest, asked: Query[ask.SubscriptionAsked]) -> Answer:
    """The token is the word behind `token=` in the link to change what comes, which every mail has."""
    held = _held(request)
    return Answer("", lambda: telling.subscription(held), is_own=True)


@router.patch(
    "/subscription", response=schemas.Subscription, summary="Change it", auth=Needs(Scope.SUBSCRIPTION)
)
@told
def change_subscription(request: HttpRequest, change: ask.Change) -> Answer:
    """What is left out stays as it is."""
    held, now = _held(request), timezone.now()
    interest = _changed(held.interest, change)
    if interest != held.interest and not subscriptions.change(held.handle, interest, now):
        raise Problem(409, "The subscription has ended, or was never confirmed: nothing has changed.")
    if change.state is not None and change.state.value != held.state:
        _turn(held, change.state)
    changed = _held(request)
    return Answer("", lambda: telling.subscription(changed), is_own=True)


@router.delete("/subscription", response={204: None}, summary="End it", auth=Needs(Scope.END))
def end_subscription(request: HttpRequest) -> HttpResponse:
    """The link to unsubscribe, of any mail however old, has a token that may do this and nothing else."""
    found = subscriptions.find_to_end(_handle(request))
    if found is None or not subscriptions.end(found.handle, timezone.now()):
        raise Problem(404, _GONE)
    return HttpResponse(status=204)


@router.get("/status", response=schemas.Status, summary="Sources and jobs", auth=Needs(Scope.STATUS))
@told
def get_status(request: HttpRequest, asked: Query[ask.StatusAsked]) -> Answer:
    """For a token with the scope status, which the owner of the site makes."""
    return Answer("", _status, is_own=True)


def _status() -> schemas.Status:
    return schemas.Status(
        id="site",
        version=VERSION,
        papers=pages.paper_count(),
        sources=[
            schemas.Source(
                name=line.name,
                asked_at=line.asked_at,
                answered_at=line.answered_at,
                failing_since=line.failing_since,
                trouble=line.last_error if line.failing_since else "",
                told=line.last_report,
            )
            for line in pages.source_lines()
        ],
        jobs=[
            schemas.Job(
                name=line.name,
                run_at=line.run_at,
                is_running=line.is_running,
                succeeded_at=line.succeeded_at,
                result=line.result,
                trouble=line.last_error,
            )
            for line in pages.job_lines()
        ],
    )


def _handle(request: HttpRequest) -> Handle:
    caller: Caller = request.caller  # type: ignore[attr-defined]  # the gate has set it
    if caller.handle is None:
        raise Problem(403, "This token belongs to no subscription.")
    return caller.handle


def _held(request: HttpRequest) -> Held:
    held = subscriptions.find(_handle(request))
    if held is None:
        raise Problem(404, _GONE)
    return held


def _changed(before: Interest, change: ask.Change) -> Interest:
    """One field after the other, so that the one at fault is named."""
    interest = before
    for name, value in change.model_dump(exclude_none=True, exclude={"state"}).items():
        kept = _kept(name, value)
        try:
            interest = replace(interest, **{name: kept})
        except ValueError as error:
            raise Problem(422, f"{name}: {error}", [Fault(name, told_back(value), str(error))]) from error
    return interest


def _kept(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(dict.fromkeys(_word(name, word) for word in value))
    return plain_line(value) if name in ("query", "zone") else value


def _word(name: str, text: str) -> str:
    word = plain_line(text)
    if name == "categories" and not is_category(word):
        raise bad(name, text, "categories like cs.LG or hep-th")
    if not 0 < len(word) <= LONGEST_WORD:
        raise bad(name, text, f"words of 1 to {LONGEST_WORD} letters")
    return word


def _turn(held: Held, state: SubscriptionState) -> None:
    now = timezone.now()
    is_paused = state is SubscriptionState.PAUSED
    done = subscriptions.pause(held.handle) if is_paused else subscriptions.resume(held.handle, now)
    if not done:
        raise Problem(409, f"A subscription that is {held.state} cannot become {state.value}.")
