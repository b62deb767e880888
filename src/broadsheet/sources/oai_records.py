"""Reads a page of arXiv's OAI-PMH answers, formats arXiv and arXivRaw. Pure; asks nobody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from broadsheet.domain.code_links import links_in
from broadsheet.domain.ids import PaperKey, arxiv_key
from broadsheet.domain.paper import BadRecord, PaperRecord, Removal, Told, unique
from broadsheet.domain.withdrawal import is_withdrawn
from broadsheet.lib.http import UpstreamError
from broadsheet.lib.safe_url import web_address
from broadsheet.lib.tex import without_accent_commands
from broadsheet.lib.text import plain_line, shortened
from broadsheet.sources.arxiv_snapshot import arxiv_categories, bare_doi, read_mail_date
from broadsheet.sources.authors import author_names
from broadsheet.sources.fields import LONGEST_FIELD, Calendar, midnight, read_day
from broadsheet.sources.xml_signs import without_forbidden_signs

NAME = "arxiv_oai"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
AGAIN = timedelta(minutes=10)
_SHAPES = ("{http://arxiv.org/OAI/arXiv/}", "{http://arxiv.org/OAI/arXivRaw/}")
_VERSION = re.compile(r"v(\d{1,4})$")


class BadToken(Exception):
    """The resumption token has expired or was never good."""


@dataclass(frozen=True, slots=True)
class Page:
    told: list[Told]
    token: str = ""  # "" on the last page
    response_date: str = ""  # 2026-05-22


def read_page(body: bytes, url: str, calendar: Calendar) -> Page:
    """Raises BadToken, and UpstreamError for a reply that is no OAI-PMH or refuses the question."""
    root = _root(body, url)
    response_date = (root.findtext(f"{OAI}responseDate") or "").strip()[:10]
    _check_date(response_date, url)
    if _refusal(root, url):
        return Page([], response_date=response_date)
    records = [*root.iterfind(f"{OAI}ListRecords/{OAI}record"), *root.iterfind(f"{OAI}GetRecord/{OAI}record")]
    token = (root.findtext(f"{OAI}ListRecords/{OAI}resumptionToken") or "").strip()
    return Page([_told(record, calendar) for record in records], token, response_date)


def _root(body: bytes, url: str) -> Element:
    problem = "sent no OAI-PMH page (it shows a web page when it is down)"
    try:
        root: Element = fromstring(_mended(body))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise UpstreamError(url, problem, f"It is tried again later ({error}).", AGAIN) from error
    if root.tag != f"{OAI}OAI-PMH":
        raise UpstreamError(url, problem, "It is tried again later.", AGAIN)
    return root


def _mended(body: bytes) -> bytes:
    body = without_forbidden_signs(body)
    return body.decode(errors="replace").encode() if b"UTF-8" in body[:100].upper() else body


def _check_date(response_date: str, url: str) -> None:
    try:
        is_there = read_day(response_date, "responseDate") is not None
    except ValueError:
        is_there = False
    if not is_there:
        raise UpstreamError(url, "sent a page without its date", "It is tried again later.", AGAIN)


def _refusal(root: Element, url: str) -> bool:
    """Whether the server says that nothing matches; its other refusals are raised."""
    error = root.find(f"{OAI}error")
    if error is None:
        return False
    code, said = error.get("code", ""), shortened(plain_line(error.text or ""), 100)
    if code == "noRecordsMatch":
        return True
    if code == "badResumptionToken":
        raise BadToken(said)
    remedy = "Check BROADSHEET_CATEGORIES, or see docs/sources.md."
    raise UpstreamError(url, f"refuses the question ({shortened(code, 40)}: {said})", remedy, None)


def _told(record: Element, calendar: Calendar) -> Told:
    header = record.find(f"{OAI}header")
    where = "a record without a header"
    try:
        if header is None:
            raise ValueError("no header")
        where = shortened(plain_line(header.findtext(f"{OAI}identifier") or where), 80)
        told = _read(record, header, arxiv_key(where))
    except ValueError as error:
        return BadRecord(NAME, where, str(error))
    return calendar.checked(told, where)


def _read(record: Element, header: Element, key: PaperKey) -> Told:
    told_on = read_day((header.findtext(f"{OAI}datestamp") or "").strip(), "datestamp")
    if header.get("status") == "deleted":
        return Removal(NAME, key, told_on)
    for shape in _SHAPES:
        entry = record.find(f"{OAI}metadata/{shape}{shape.rstrip('}/').rpartition('/')[2]}")
        if entry is not None:
            return _record(_Entry(entry, shape), key, told_on)
    raise ValueError("no metadata in the format arXiv or arXivRaw")


@dataclass(frozen=True, slots=True)
class _Entry:
    element: Element
    shape: str

    def text(self, name: str) -> str:
        return plain_line(self.element.findtext(self.shape + name) or "")

    def note(self, name: str) -> str:
        return shortened(self.text(name), LONGEST_FIELD)

    def all(self, path: str) -> Iterator[Element]:
        return self.element.iterfind("/".join(self.shape + name for name in path.split("/")))


def _record(entry: _Entry, key: PaperKey, told_on: date | None) -> PaperRecord:
    abstract, comments = entry.text("abstract"), entry.note("comments")
    versions = list(entry.all("version"))
    created = read_day(entry.text("created"), "created")
    updated = read_day(entry.text("updated"), "updated")
    moments = [read_mail_date(version.findtext(entry.shape + "date") or "", "date") for version in versions]
    return PaperRecord(
        source=NAME,
        key=key,
        title=without_accent_commands(entry.text("title")),
        abstract=abstract,
        authors=_authors(entry),
        categories=arxiv_categories(entry.text("categories")),
        submitted_at=moments[0] if moments else midnight(created),
        updated_on=moments[-1].date() if moments else updated or created,
        told_on=told_on,
        version=_newest(versions),
        comments=comments,
        journal_ref=entry.note("journal-ref"),
        doi=bare_doi(entry.text("doi")),
        licence=web_address(entry.text("license")) or "",
        is_withdrawn=is_withdrawn(abstract, comments),
        links=links_in(f"{abstract} {comments}"),
    )


def _authors(entry: _Entry) -> tuple[str, ...]:
    people = list(entry.all("authors/author"))
    if not people:  # arXivRaw has them in one line
        return author_names(entry.text("authors"))
    return unique(_name(person, entry.shape) for person in people)


def _name(person: Element, shape: str) -> str:
    parts = (person.findtext(shape + part) or "" for part in ("forenames", "keyname", "suffix"))
    name = without_accent_commands(plain_line(" ".join(parts)))
    return name if any(sign.isalpha() for sign in name) else ""  # some lists hold a colon as an author


def _newest(versions: list[Element]) -> int | None:
    found = (_VERSION.match(version.get("version", "")) for version in versions)
    return max((int(number[1]) for number in found if number), default=None)
