"""A subscription's own feed, by an address that is its only key: told to no hub, kept by no shared cache."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from broadsheet import wiring
from broadsheet.deliver import tokens
from broadsheet.deliver.asked import being_built, plain, unless_known
from broadsheet.deliver.feeds.views import written
from broadsheet.deliver.own_list import own_list
from broadsheet.deliver.tokens import BadToken
from broadsheet.index.base import IndexDamaged
from broadsheet.store.subscription_feeds import own_feed

GONE = "This feed has ended, or its owner has given it another address."


@require_safe
def own(request: HttpRequest, form: str) -> HttpResponse:
    reply = _answer(request, form)
    patch_cache_control(reply, private=True, no_cache=True)
    reply.headers["Referrer-Policy"] = "no-referrer"
    reply.headers["X-Robots-Tag"] = "noindex"
    return reply


def _answer(request: HttpRequest, form: str) -> HttpResponse:
    try:
        handle, key = tokens.read_feed(request.GET.get("token", ""))
    except BadToken as error:
        return plain(f"token: {error}", 403)
    found = own_feed(handle, key)
    if found is None:
        return plain(GONE, 410)  # programs stop asking
    told = own_list(found, wiring.engines, timezone.now())
    try:
        reply = unless_known(
            request, told.mark, form, told.updated, lambda: written(request, told, form, is_secret=True)
        )
    except IndexDamaged:
        return being_built()
    del reply.headers["Access-Control-Allow-Origin"], reply.headers["Cache-Control"]
    return reply
