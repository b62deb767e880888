"""Papers, and errors, as arXiv's query API tells them: Atom with elements of OpenSearch and of its own."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from broadsheet.deliver.compat.xml import element, escaped
from broadsheet.domain.addresses import doi_url, paper_url
from broadsheet.domain.ids import paper_ref
from broadsheet.domain.moments import published_at, updated_at
from broadsheet.store.provided import Row

SCHEME = "http://arxiv.org/schemas/atom"
ERRORS = "http://arxiv.org/api/errors#"  # programs know an error by it
_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">\n'
)


@dataclass(frozen=True, slots=True)
class Head:
    query: str  # with all parameters, in arXiv's order
    url: str  # that answers it
    updated: datetime
    total: int
    start: int
    count: int  # asked for; fewer may be left


def feed(head: Head, rows: Sequence[Row], site_url: str) -> str:
    return _feed(head, (_entry(row, site_url) for row in rows))


def error_feed(head: Head, words: str) -> str:
    """One entry that says what is wrong."""
    where = ERRORS + re.sub(r"[^\w.]+", "_", words.partition(", not ")[0])
    told = (
        element("id", where),
        element("title", "Error"),
        element("summary", words),
        element("updated", _utc(head.updated)),
        element("link", "", href=where, rel="alternate", type="text/html"),
        f"<author>{element('name', 'arXiv api core')}</author>",
    )
    return _feed(head, [f"<entry>{''.join(told)}</entry>\n"])


def _feed(head: Head, entries: Iterable[str]) -> str:
    name = hashlib.sha256(head.query.encode(errors="replace")).hexdigest()[:27]
    told = (
        element("id", f"{head.url.partition('?')[0]}/{name}"),
        element("title", f"ArXiv Query: {head.query}"),
        element("updated", _utc(head.updated)),
        element("link", "", href=head.url, rel="self", type="application/atom+xml"),
        element("opensearch:itemsPerPage", str(head.count)),
        element("opensearch:totalResults", str(head.total)),
        element("opensearch:startIndex", str(head.start)),
    )
    return f"{_OPEN}{_lines(told)}{''.join(entries)}</feed>\n"


def _entry(row: Row, site_url: str) -> str:
    return f"<entry>\n{_lines(_elements(row, site_url))}</entry>\n"


def _lines(told: Iterable[str]) -> str:
    return "".join(f"  {one}\n" for one in told)


def _elements(row: Row, site_url: str) -> Iterator[str]:
    name = f"{paper_ref(row.key)}{f'v{row.version}' if row.version else ''}"
    is_arxiv = row.key.startswith("arxiv:")
    address = f"http://arxiv.org/abs/{name}" if is_arxiv else paper_url(site_url, row.key)
    published = published_at(row)
    yield element("id", address)
    yield element("title", row.title)
    yield element("updated", _utc(updated_at(row)))
    yield element("link", "", href=address, rel="alternate", type="text/html")
    if is_arxiv:
        pdf = f"http://arxiv.org/pdf/{name}"
        yield element("link", "", href=pdf, rel="related", type="application/pdf", title="pdf")
    yield element("summary", row.text)
    yield from (f'<category term="{escaped(one)}" scheme="{SCHEME}"/>' for one in row.categories.split())
    yield element("published", _utc(published))
    if row.comments:
        yield element("arxiv:comment", row.comments)
    if row.categories:
        yield f'<arxiv:primary_category term="{escaped(row.categories.split()[0])}" scheme="{SCHEME}"/>'
    if row.journal_ref:
        yield element("arxiv:journal_ref", row.journal_ref)
    yield from (f"<author>{element('name', author)}</author>" for author in row.authors)
    if doi := row.doi or (row.key.removeprefix("doi:") if row.key.startswith("doi:") else ""):
        yield element("arxiv:doi", doi)
        yield element("link", "", rel="related", href=doi_url(doi), title="doi")


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
