"""Papers and claims as plain values, short enough for a model to read many."""

from typing import Any

from broadsheet import wiring
from broadsheet.deliver.figures import headlines, in_words
from broadsheet.deliver.lists import page_path
from broadsheet.domain.addresses import paper_url
from broadsheet.domain.claim_values import FIELDS, claim_as_json
from broadsheet.domain.ids import paper_ref
from broadsheet.domain.signal import SignalKind
from broadsheet.lib.text import shortened
from broadsheet.store.claims import ClaimRow
from broadsheet.store.page_values import Claimed, Facts, PaperPage, Stood

MOST_AUTHORS = 10
MOST_AUTHORS_OF_ONE = 100
MOST_CLAIMS = 30
MOST_WORDS = 30
LONGEST_TITLE = 500
LONGEST_LINE = 400
LONGEST_NAME = 120

Values = dict[str, Any]


def listed(paper: Facts, **more: Any) -> Values:
    """A paper as one of many; what is empty is left out."""
    known = {
        "id": paper_ref(paper.key),
        "title": shortened(paper.title, LONGEST_TITLE),
        **more,
        "one_line": shortened(paper.one_line or paper.summary or paper.abstract, LONGEST_LINE),
        "one_line_written_by": paper.written_by,
        "authors": _authors(paper, MOST_AUTHORS),
        "categories": list(paper.categories[:MOST_WORDS]),
        "date": paper.dated_on.isoformat() if paper.dated_on else None,
        "figures": [shortened(in_words(one.claim), LONGEST_LINE) for one in headlines(paper.claims)],
        "signals": _signals(paper),
        "code": paper.code,
        "project": paper.project,
        "is_withdrawn": paper.is_withdrawn,
        "page": paper_url(wiring.site_url(), paper.key),
    }
    return _told(known)


def whole(page: PaperPage) -> Values:
    """All that is known of one paper."""
    paper = page.paper
    more = {
        "abstract": paper.abstract,
        "summary": paper.summary,
        "authors": _authors(paper, MOST_AUTHORS_OF_ONE),
        "kind": page.kind,
        "names": [shortened(name, LONGEST_NAME) for name in page.names[:MOST_WORDS]],
        "keywords": [shortened(word, LONGEST_NAME) for word in page.keywords[:MOST_WORDS]],
        "claims": [claim(one) for one in paper.claims[:MOST_CLAIMS]],
        "submitted": page.submitted_at.date().isoformat() if page.submitted_at else None,
        "announced": page.announced_on.isoformat() if page.announced_on else None,
        "version": page.version,
        "comments": shortened(page.comments, LONGEST_TITLE),
        "journal_ref": shortened(page.journal_ref, LONGEST_TITLE),
        "doi": page.doi,
        "licence": page.licence,
        "links": [{"kind": kind, "url": url} for kind, url in [*page.links, *page.links_read][:MOST_WORDS]],
        "stood": [_stood(one) for one in page.stood],
    }
    without = ("figures", "code", "project")
    return {name: value for name, value in listed(paper).items() if name not in without} | _told(more)


def claim(claimed: Claimed) -> Values:
    told = claim_as_json(claimed.claim)
    parts = {name: _short(told[name]) for name in FIELDS}
    more = {
        "in_words": shortened(in_words(claimed.claim), LONGEST_LINE),
        "quote": shortened(told["quote"], LONGEST_TITLE),
        "is_corrected": claimed.is_corrected,
        "proof": f"{wiring.site_url()}/claim/{claimed.claim_id}",
    }
    return _told(parts | more)


def claim_row(row: ClaimRow) -> Values:
    paper = {
        "paper": paper_ref(row.key),
        "title": shortened(row.title, LONGEST_TITLE),
        "date": row.dated_on.isoformat() if row.dated_on else None,
        "is_withdrawn": row.is_withdrawn,
    }
    return claim(row.claimed) | _told(paper)


def _authors(paper: Facts, most: int) -> list[str]:
    shown = [shortened(name, LONGEST_NAME) for name in paper.authors[:most]]
    more = len(paper.authors) - most
    return [*shown, f"and {more} more"] if more > 0 else shown


def _signals(paper: Facts) -> dict[str, int]:
    newest = {kind.value: paper.latest(kind) for kind in SignalKind}
    return {name: value for name, value in newest.items() if value is not None}


def _stood(stood: Stood) -> Values:
    return {
        "edition": stood.window.title,
        "rank": stood.rank,
        "of": stood.paper_count,
        "reason": stood.reason,
        "page": wiring.site_url() + page_path(stood.window),
    }


def _short(value: Any) -> Any:
    return shortened(value, LONGEST_LINE) if isinstance(value, str) else value


def _told(values: Values) -> Values:
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, False)}
