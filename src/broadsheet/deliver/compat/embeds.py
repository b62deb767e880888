"""What other sites show of a link to here: oEmbed, pictures; and the description of our search box."""

import hashlib
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from urllib.parse import unquote, urlsplit

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.html import escape
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from broadsheet import wiring
from broadsheet.deliver import named
from broadsheet.deliver.compat.cards import HEIGHT, WIDTH, Card, draw
from broadsheet.deliver.compat.kept_cards import Busy, kept
from broadsheet.deliver.compat.programs import given, open_to_programs
from broadsheet.deliver.compat.xml import element
from broadsheet.deliver.latex import without_maths
from broadsheet.deliver.named import BadArgument
from broadsheet.deliver.words import short_date
from broadsheet.domain.addresses import card_url, paper_url
from broadsheet.lib.text import without_controls
from broadsheet.store import provided
from broadsheet.store.provided import Row

Embed = dict[str, str | int]
VERSION = version("broadsheet")
CACHED_S = 24 * 3600
RETRY_S = 10
EMBED_WIDTH, EMBED_HEIGHT = 550, 160  # px, of a title of three lines
_OPEN = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class _Size:
    width: int
    height: int


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


@require_safe
def card(request: HttpRequest, ref: str) -> HttpResponse:
    """Changes with the paper, and costs little until then."""
    row = _paper(ref)
    if row is None:
        return _plain("There is no paper of that name here.", 404)
    wanted = _card_of(row)
    name = hashlib.sha256(orjson.dumps([VERSION, wanted])).hexdigest()[:32]
    reply = get_conditional_response(request, etag=quote_etag(name))
    if reply is None:
        try:
            picture = kept(wiring.data_folder() / "cards", name, partial(draw, wanted))
        except Busy:
            reply = _unlogged(_plain("Many pictures are being drawn. Please ask again in a moment.", 503))
            reply.headers["Retry-After"] = str(RETRY_S)
            return reply
        reply = HttpResponse(picture, content_type="image/png")
    reply.headers["ETag"] = quote_etag(name)
    reply.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is made to be shown elsewhere
    patch_cache_control(reply, public=True, max_age=CACHED_S)
    return reply


def _card_of(row: Row) -> Card:
    category = row.categories.partition(" ")[0]
    day = row.submitted_at.date() if row.submitted_at else row.dated_on
    label = ", ".join(filter(None, (category, short_date(day) if day else "")))
    kind, _, name = row.key.partition(":")
    named = {"arxiv": f"arXiv {name}", "doi": f"doi {name}"}.get(kind, "")
    title = f"Withdrawn: {row.title}" if row.is_withdrawn else row.title
    host = urlsplit(wiring.site_url()).netloc
    return Card(without_maths(title), row.authors[:200], label, named, host)


@open_to_programs(_plain)
@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """https://oembed.com: a quotation of the paper's title, without script or frame."""
    asked = given(request)
    form = asked.get("format", "json")
    if form not in ("json", "xml"):
        return _unlogged(_plain("format: expected json or xml.", 501))  # as its specification says
    try:
        row, size = _embedded(asked.get("url", ""), request.get_host()), _size(asked)
    except BadArgument as error:
        return _plain(f"{error}.", 400)
    if row is None:
        return _plain("url: expected the address of a paper here.", 404)
    told = _told(row, size)
    reply = HttpResponse(
        orjson.dumps(told) if form == "json" else _OPEN + _as_xml(told),
        content_type=f"{'application/json' if form == 'json' else 'text/xml'}; charset=utf-8",
    )
    patch_cache_control(reply, public=True, max_age=CACHED_S)
    return reply


def _unlogged(reply: HttpResponse) -> HttpResponse:
    """It is no fault of ours to note."""
    reply._has_been_logged = True  # type: ignore[attr-defined]
    return reply


def _embedded(url: str, host: str) -> Row | None:
    if not url:
        raise BadArgument("url", url, "the address of a paper here")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadArgument("url", url, "the address of a paper here") from error
    ours = {urlsplit(wiring.site_url()).netloc, host}
    if parts.scheme not in ("http", "https") or parts.netloc not in ours:
        return None
    return _paper(unquote(parts.path.removeprefix("/paper/"))) if parts.path.startswith("/paper/") else None


def _size(asked: QueryDict) -> _Size:
    width = named.whole_number(asked, "maxwidth", EMBED_WIDTH, most=100_000)
    height = named.whole_number(asked, "maxheight", EMBED_HEIGHT, most=100_000)
    return _Size(min(width, EMBED_WIDTH), min(height, EMBED_HEIGHT))


def _told(row: Row, size: _Size) -> Embed:
    site_url = wiring.site_url()
    title = without_controls(without_maths(row.title))
    url, authors = paper_url(site_url, row.key), _authors(row)
    line = f"<p>{escape(authors)}</p>" if authors else ""
    quoted = f'<p><a href="{escape(url)}">{escape(title)}</a></p>{line}'
    told: Embed = {
        "type": "rich",
        "version": "1.0",
        "title": title,
        "provider_name": "Broadsheet",
        "provider_url": site_url,
        "cache_age": CACHED_S,
        "html": f'<blockquote cite="{escape(url)}">{quoted}</blockquote>',
        "width": size.width,
        "height": size.height,
    }
    picture: Embed = {
        "thumbnail_url": card_url(site_url, row.key),
        "thumbnail_width": WIDTH,
        "thumbnail_height": HEIGHT,
    }
    has_room = size.width == EMBED_WIDTH and size.height == EMBED_HEIGHT
    by: Embed = {"author_name": authors} if authors else {}
    return told | by | (picture if has_room else {})


def _authors(row: Row) -> str:
    shown = ", ".join(row.authors[:3])
    return without_controls(f"{shown} and others" if len(row.authors) > 3 else shown)


def _as_xml(told: Embed) -> str:
    return f"<oembed>{''.join(element(name, str(value)) for name, value in told.items())}</oembed>\n"


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """https://github.com/dewitt/opensearch: a browser adds our search to its box."""
    site_url = wiring.site_url()
    kinds = {
        "text/html": f"{site_url}/search?q={{searchTerms}}",
        "application/atom+xml": f"{site_url}/search.atom?q={{searchTerms}}",
        "application/rss+xml": f"{site_url}/search.rss?q={{searchTerms}}",
    }
    urls = "".join(element("Url", "", type=kind, template=where) + "\n" for kind, where in kinds.items())
    own = f"{site_url}/opensearch.xml"
    itself = element("Url", "", type=_OPENSEARCH, rel="self", template=own)
    told = (
        element("ShortName", "Broadsheet"),
        element("Description", "Search papers by words and by meaning"),
        element("InputEncoding", "UTF-8"),
        element("Image", f"{site_url}/favicon.ico", width="16", height="16", type="image/svg+xml"),
        f"{urls}{itself}",
    )
    body = "\n".join(told)
    namespace = "http://a9.com/-/spec/opensearch/1.1/"
    text = f'{_OPEN}<OpenSearchDescription xmlns="{namespace}">\n{body}\n</OpenSearchDescription>\n'
    reply = HttpResponse(text, content_type=f"{_OPENSEARCH}; charset=utf-8")
    patch_cache_control(reply, public=True, max_age=CACHED_S)
    return reply


_OPENSEARCH = "application/opensearchdescription+xml"


def _paper(ref: str) -> Row | None:
    key = named.find(ref)
    found = provided.one(key) if key else None
    return found[0] if found else None
