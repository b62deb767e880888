"""What an address asks for, and when it need not be told again: the same for feeds, exports and documents.

A view that `answers` makes gets what was found and writes it; what makes no sense is refused in one line.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Protocol, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from broadsheet import wiring
from broadsheet.deliver import lists, named
from broadsheet.deliver.kept import kept_in
from broadsheet.deliver.limits import limited
from broadsheet.deliver.lists import PaperList
from broadsheet.deliver.named import NEWEST, BadArgument, NotHeld, Refused
from broadsheet.domain.edition import ONE_DAY, View, Window, WindowKind
from broadsheet.domain.ids import paper_ref
from broadsheet.index.base import IndexDamaged, Sort
from broadsheet.lib.text import shortened
from broadsheet.store import pages
from broadsheet.store.claims import About
from broadsheet.store.held_papers import papers_by_keys
from broadsheet.store.likes import paper_named

MOST_CHOSEN = 500
RETRY_S = 60
FIELD = "address"  # what is named by the path itself


class Told(Protocol):
    @property
    def mark(self) -> str: ...  # another one whenever it changes; "": known only once it is written
    @property
    def updated(self) -> datetime | None: ...


Some = TypeVar("Some", bound=Told)
Write = Callable[[HttpRequest, Some, str], HttpResponse]
Answer = Callable[..., HttpResponse]


def refusing(view: Answer) -> Answer:
    """A view that only reads, and says in words what it cannot do."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **named_in_path: str) -> HttpResponse:
        try:
            return view(request, **named_in_path)
        except Refused as error:
            return plain(str(error), error.status)
        except IndexDamaged:
            return being_built()

    return answer


def being_built() -> HttpResponse:
    reply = plain("The index is being built anew. Please ask again in a minute.", 503)
    reply.headers["Retry-After"] = str(RETRY_S)
    return reply


def answers(find: Callable[..., Some], write: Write[Some]) -> Answer:
    """What `find` names, told by `write` in the form asked for; 304 before its papers are read."""

    def answer(request: HttpRequest, form: str = "", **named_in_path: str) -> HttpResponse:
        told = find(request, **named_in_path)
        return unless_known(request, told.mark, form, told.updated, lambda: write(request, told, form))

    return refusing(answer)


def found_answers(find: Callable[..., Some], write: Write[Some]) -> Answer:
    """The same of what is sought first, and costs more than what is there: as often as programs may ask."""
    return limited(lambda why: plain(why, 429))(answers(find, write))


def own_answers(find: Callable[[HttpRequest], Some], write: Write[Some]) -> Answer:
    """The same of what this browser keeps: for it alone, and in no cache."""

    def answer(request: HttpRequest, form: str = "") -> HttpResponse:
        return write(request, find(request), form)

    def keep_out_of_caches(request: HttpRequest, **named_in_path: str) -> HttpResponse:
        reply = refusing(answer)(request, **named_in_path)
        patch_cache_control(reply, private=True, no_store=True)
        patch_vary_headers(reply, ["Cookie"])
        return reply

    return keep_out_of_caches


def unless_known(
    request: HttpRequest, mark: str, form: str, updated: datetime | None, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """A reply that anybody may keep and must ask about again. Without a date its ETag alone counts."""
    made = None if mark else make()
    told_by = f"{wiring.site_url()} {wiring.option('WEBSUB_HUB')}"  # both stand in feeds
    etag = quote_etag(lists.short(f"{mark} {form} {told_by}" if made is None else repr(made.content)))
    changed = int(updated.timestamp()) if updated else None
    reply = get_conditional_response(request, etag=etag, last_modified=changed)
    if reply is None:
        reply = made or make()
    reply.headers["ETag"] = etag
    if changed is not None:
        reply.headers["Last-Modified"] = http_date(changed)
    reply.headers["Access-Control-Allow-Origin"] = "*"  # programs in browsers may read what is public
    patch_cache_control(reply, public=True, no_cache=True)
    return reply


def plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


def followed(request: HttpRequest, kind: str) -> PaperList:
    """The newest edition, and of days those before it: for whoever comes back."""
    cat = category(request)
    return _newest(kind, lambda window: lists.rolling(window.kind, window, cat))


def newest(request: HttpRequest, kind: str, *, most: int) -> PaperList:
    """The newest edition alone, as the page shows it."""
    cat, seen = category(request), view(request)
    return _newest(kind, lambda window: lists.edition(window, cat, seen, most=most))


def _newest(kind: str, find: Callable[[Window], PaperList | None]) -> PaperList:
    window = pages.newest_window(WindowKind(kind), up_to=timezone.now().date() + ONE_DAY)
    return _there(find(window) if window else None, "There is no edition yet.")


def edition(request: HttpRequest, kind: str, slug: str, *, most: int = lists.MOST) -> PaperList:
    window = window_of(kind, slug)
    found = lists.edition(window, category(request), view(request), most=most)
    return _there(found, f"{window.title} has no papers.")


def window_of(kind: str, slug: str = NEWEST) -> Window:
    return named.window(WindowKind(kind), slug, timezone.now().date(), FIELD)


def search(request: HttpRequest, *, usual: Sort, most: int = lists.MOST) -> PaperList:
    return lists.search(wiring.engines(), query(request), sort(request, Sort, usual), most=most)


def similar(request: HttpRequest, ref: str, *, most: int = lists.MOST) -> PaperList:
    paper = paper_named(named.held(ref, FIELD))
    if paper is None:
        raise NotHeld("The paper has gone just now.")
    return lists.similar(wiring.engines(), paper, most=most)


def author(request: HttpRequest, name: str, *, most: int = lists.MOST) -> PaperList:
    return lists.author(wiring.engines(), named.name(name, FIELD), most=most)


def about(request: HttpRequest, about: str, name: str, *, most: int = lists.MOST) -> PaperList:
    found = lists.about(About(about), named.name(name, FIELD), most=most)
    return _there(found, "No paper here claims a figure that names it.")


def chosen(request: HttpRequest) -> PaperList:
    """Papers of one's own choice, in its order."""
    refs = request.GET.getlist("ref")
    if not refs or len(refs) > MOST_CHOSEN:
        expected = f"1 to {MOST_CHOSEN} papers, as in ?ref=2401.01234&ref=hep-th/9901001"
        raise BadArgument("ref", f"{len(refs)} papers", expected)
    keys = [named.key(ref, "ref") for ref in refs]
    found = papers_by_keys(keys)
    missing = [paper_ref(key) for key in keys if key not in found]
    if missing:
        raise NotHeld(f"ref: {shortened(', '.join(missing), 200)} not held here")
    papers = {paper.paper_id: paper for paper in found.values()}
    return lists.chosen(list(papers.values()), "Chosen papers", "/papers")


def saved(request: HttpRequest) -> PaperList:
    """What this browser keeps."""
    if not wiring.option("READERS"):
        raise NotHeld("This site does not keep what readers choose.")
    papers = papers_by_keys(list(kept_in(request).saved))
    return lists.chosen(list(papers.values()), "What you saved", "/saved")


def category(request: HttpRequest) -> str:
    return named.category(request.GET.get("cat", ""), "cat")


def view(request: HttpRequest) -> View:
    return named.one_of(View, request.GET.get("view") or View.PRINTED, "view")


def query(request: HttpRequest) -> str:
    return named.query(request.GET.get("q", ""))


def sort(request: HttpRequest, kinds: type[named.Kind], usual: named.Kind) -> named.Kind:
    return named.one_of(kinds, request.GET.get("sort") or usual, "sort")


def _there(found: PaperList | None, words: str) -> PaperList:
    if found is None:
        raise NotHeld(words)
    return found
