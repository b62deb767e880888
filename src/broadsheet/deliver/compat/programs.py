"""What holds at all of these addresses: how often one may ask, what may be posted, who may read the answers,
and 304, before anything is read, for who has an answer already."""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control

from broadsheet import wiring
from broadsheet.deliver.limits import HEADERS, View, limited
from broadsheet.deliver.lists import VERSION
from broadsheet.lib.text import shortened
from broadsheet.store.marks import store_mark

FORM = "application/x-www-form-urlencoded"
MOST_POSTED = 65_536  # bytes; the 2,000 longest names that arXiv gives take 48,000
EXPOSED = f"ETag, Link, Retry-After, {HEADERS}"


class Unreadable(ValueError):
    """What was sent is not read: too much, or not a form."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def open_to_programs(refused: Callable[[str, int], HttpResponse]) -> Callable[[View], View]:
    """Stands around a view; `refused` puts a reason and a status into the shape that its clients read."""

    def around(view: View) -> View:
        @wraps(view)
        def readable(request: HttpRequest, **named: str) -> HttpResponse:
            try:
                return view(request, **named)
            except Unreadable as error:
                return refused(str(error), error.status)

        within = limited(lambda why: refused(why, 429))(readable)

        @wraps(view)
        def answer(request: HttpRequest, **named: str) -> HttpResponse:
            reply = within(request, **named)
            reply.headers["Access-Control-Allow-Origin"] = "*"
            reply.headers["Access-Control-Expose-Headers"] = EXPOSED
            return reply

        return answer

    return around


def given(request: HttpRequest) -> QueryDict:
    """The parameters, of the address or of a posted form. Raises Unreadable."""
    is_posted = request.method == "POST"
    try:
        return QueryDict(_posted(request)) if is_posted else request.GET
    except TooManyFieldsSent as error:
        raise Unreadable(413 if is_posted else 400, "expected fewer parameters") from error


def _posted(request: HttpRequest) -> bytes:
    """Without Django's own reading, which takes files of any size."""
    if "Transfer-Encoding" in request.headers:
        raise Unreadable(411, "Content-Length: expected with a body")
    told = request.headers.get("Content-Length") or "0"
    if not (told.isascii() and told.isdigit()):
        raise Unreadable(400, f"Content-Length: expected a whole number, not {shortened(told, 20)!r}")
    length = int(told[:15])
    if length > MOST_POSTED:
        raise Unreadable(413, f"Content-Length: expected at most {MOST_POSTED} bytes, not {told[:15]}")
    if length and request.content_type != FORM:
        kind = shortened(request.content_type or "", 60)
        raise Unreadable(415, f"Content-Type: expected {FORM}, not {kind!r}")
    try:
        return request.read(length)
    except OSError as error:
        raise Unreadable(400, "the body broke off") from error


def marked(view: View) -> View:
    """An answer has the word for how things stand as its ETag: the same again costs two look-ups."""

    @wraps(view)
    def answer(request: HttpRequest, **named: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return view(request, **named)
        etag = _etag(request)
        is_any = request.headers.get("If-None-Match", "").strip() == "*"  # not one that we have told
        known = None if is_any else get_conditional_response(request, etag=etag)
        reply = known or view(request, **named)
        if reply.status_code in (200, 304):
            reply.headers["ETag"] = etag
            patch_cache_control(reply, public=True, no_cache=True)
        return reply

    return answer


def _etag(request: HttpRequest) -> str:
    """Weak: how a reply is packed on its way does not count. What is newest changes with the day, too."""
    stands = f"{store_mark()} {wiring.engines().mark()} {timezone.now().date()}"
    told = f"{VERSION} {wiring.site_url()} {stands} {request.get_full_path()}"
    return f'W/"{blake2b(told.encode(), digest_size=12).hexdigest()}"'
