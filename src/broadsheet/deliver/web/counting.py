"""Counts what readers do with papers, and never who: leaves notes, which the worker takes in."""

import logging
import re
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet import wiring
from broadsheet.deliver.network import network_of
from broadsheet.deliver.web.once import Once
from broadsheet.domain.ids import PaperKey, find_key
from broadsheet.domain.signal import SignalKind
from broadsheet.store import reader_notes

log = logging.getLogger(__name__)

LONGEST_HEADER = 400  # characters that are looked at
_MACHINES = re.compile(
    r"(?<!cu)bot\b|bot[/_;-]|crawl|spider|slurp|scrap|archiv|preview|facebookexternalhit|embedly|whatsapp|monitor"
    r"|uptime|pingdom|statuscake|health|probe|check|lighthouse|headless|phantom|selenium|playwright|puppeteer"
    r"|feed|rss|curl|wget|httpie|python|aiohttp|httpx|requests|urllib|libwww|perl|ruby|java/|okhttp|go-http"
    r"|axios|node|postman|insomnia|guzzle|php|gpt|claude|anthropic|perplexity|bytespider|scanner|nuclei",
    re.IGNORECASE,
)
_PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
_AHEAD = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)
REPORTS_A_DAY = 20
_seen, _reported = Once(), Once()
_told: set[str] = set()

PaperView = Callable[[HttpRequest, str], HttpResponse]


def counts_opens(view: PaperView) -> PaperView:
    """Stands outermost, where a page that has not changed is known to be one."""

    @wraps(view)
    def answer(request: HttpRequest, ref: str) -> HttpResponse:
        response = view(request, ref)
        if request.method == "GET" and response.status_code == 200 and is_reader(request):
            _opened(request, find_key(ref))
        return response

    return answer


def is_reader(request: HttpRequest) -> bool:
    """Whether a person seems to look: neither a known machine nor a browser that fetches ahead."""
    agent = request.headers.get("User-Agent", "")[:LONGEST_HEADER]
    is_ahead = any(_AHEAD.search(request.headers.get(name, "")) for name in _PREFETCH_HEADERS)
    return bool(agent.strip()) and not is_ahead and not _MACHINES.search(agent)


def _opened(request: HttpRequest, key: PaperKey | None) -> None:
    day, agent = timezone.now().date(), request.headers.get("User-Agent", "")[:LONGEST_HEADER]
    if not wiring.option("READERS") or key is None:
        return
    if _seen.is_news(day, SignalKind.OPENS, network_of(request), agent, key):
        _leave(key, SignalKind.OPENS, 1)


def chose(request: HttpRequest, kind: SignalKind, key: PaperKey) -> bool:
    """Whether the choice counts: not the second one of an address on a day, however often cookies go."""
    if not is_reader(request):
        return False
    day = timezone.now().date()
    return _seen.is_news(day, kind, network_of(request), key) and _leave(key, kind, 1)


def took_back(request: HttpRequest, kind: SignalKind, key: PaperKey) -> None:
    """Subtracts only what this address chose today: a copied cookie takes no vote of others away."""
    if is_reader(request) and _seen.is_undone(timezone.now().date(), kind, network_of(request), key):
        _leave(key, kind, -1)


def is_first_report(request: HttpRequest, claim_id: int) -> bool:
    """Whether a report of a claim may be kept: some a day from each address, and one of each claim.

    They have a memory of their own, which a flood of them may fill; votes are not forgotten over it.
    Each web process remembers for itself: the store has limits that hold for all.
    """
    day, network = timezone.now().date(), network_of(request)
    may_more = any(_reported.is_news(day, "number", network, str(turn)) for turn in range(REPORTS_A_DAY))
    return may_more and _reported.is_news(day, "claim", network, str(claim_id))


def _leave(key: PaperKey, kind: SignalKind, step: int) -> bool:
    """A full disk costs a count and never a page."""
    try:
        reader_notes.leave(wiring.notes_folder(), timezone.now().date(), key, kind, step=step)
    except OSError as error:
        _tell_once(error.strerror or type(error).__name__)
        return False
    return True


def _tell_once(reason: str) -> None:
    if reason not in _told:
        _told.add(reason)
        log.warning("What readers do is not counted (%s). Pages go on; this is said once.", reason)
