"""A paper as a record of OAI-PMH: its header, and its metadata as Dublin Core or in arXiv's format."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, unquote

from broadsheet.deliver.compat.xml import element, escaped
from broadsheet.deliver.people import person
from broadsheet.domain.categories import NAMES, set_of
from broadsheet.domain.ids import PaperKey, find_key, paper_ref
from broadsheet.store.provided import Row

_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation='
_ARXIV = "oai:arXiv.org:"
LONGEST_IDENTIFIER = 1_000


@dataclass(frozen=True, slots=True)
class Format:
    namespace: str
    schema: str
    metadata: Callable[[Row], str]


def identifier_of(key: str, host: str) -> str:
    """arXiv's papers keep the names that arXiv's own interface gives them."""
    if key.startswith("arxiv:"):
        return _ARXIV + key.removeprefix("arxiv:")
    return f"oai:{host}:{quote(key, safe=':/')}"


def key_of(identifier: str, host: str) -> PaperKey | None:
    """Of what `identifier_of` makes and nothing like it: no version, no address."""
    if len(identifier) > LONGEST_IDENTIFIER or not identifier.isprintable():
        return None
    own = f"oai:{host}:"
    name = identifier.removeprefix(own) if identifier.startswith(own) else identifier.removeprefix(_ARXIV)
    key = find_key(unquote(name))
    return key if key and identifier_of(key, host) == identifier else None


@lru_cache(maxsize=1_000)  # papers change many at once
def utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def header(key: str, row: Row, at: datetime, host: str, *, is_deleted: bool) -> str:
    status = ' status="deleted"' if is_deleted else ""
    sets = _sets(row.categories)
    name = element("identifier", identifier_of(key, host))
    return f"<header{status}>{name}<datestamp>{utc(at)}</datestamp>{sets}</header>"


@lru_cache(maxsize=10_000)
def _sets(categories: str) -> str:
    known = dict.fromkeys(set_of(name) for name in categories.split() if name in NAMES)
    return "".join(element("setSpec", name) for name in known)


def record(row: Row, at: datetime, host: str, form: Format) -> str:
    """Of a withdrawn paper the header alone is told, as of a deleted one."""
    head = header(row.key, row, at, host, is_deleted=row.is_withdrawn)
    if row.is_withdrawn:
        return f"<record>{head}</record>\n"
    return f"<record>{head}<metadata>{form.metadata(row)}</metadata></record>\n"


def _dublin_core(row: Row) -> str:
    return f"{_DC_OPEN}{''.join(_dc_elements(row))}</oai_dc:dc>"


def _dc_elements(row: Row) -> Iterator[str]:
    yield element("dc:title", row.title)
    yield _creators(row.authors)
    yield _subjects(row.categories)
    if row.text:
        yield element("dc:description", row.text)
    if row.comments:
        yield element("dc:description", f"Comment: {row.comments}")
    for day in dict.fromkeys((_created(row), _updated(row))):
        if day:
            yield f"<dc:date>{day}</dc:date>"
    yield "<dc:type>text</dc:type>"
    yield from (element("dc:identifier", name) for name in _addresses(row))
    if row.journal_ref:
        yield element("dc:identifier", row.journal_ref)
    if row.licence:
        yield element("dc:rights", row.licence)


def _creators(names: Sequence[str]) -> str:
    """Escaped all at once, which takes a third of the time: no name has two lines."""
    if not names:
        return ""
    told = escaped("\n".join(person(name).turned for name in names)).split("\n")
    return f"<dc:creator>{'</dc:creator><dc:creator>'.join(told)}</dc:creator>"


@lru_cache(maxsize=10_000)
def _subjects(categories: str) -> str:
    return "".join(element("dc:subject", _subject(name)) for name in categories.split())


def _subject(category: str) -> str:
    """As arXiv writes it: "Computer Science - Machine Learning"."""
    archive, _, subject = category.partition(".")
    if subject and category in NAMES:
        return f"{NAMES[archive]} - {NAMES[category]}"
    return NAMES.get(category, category)


def _addresses(row: Row) -> Sequence[str]:
    own = [f"http://arxiv.org/abs/{paper_ref(row.key)}"] if row.key.startswith("arxiv:") else []
    named = [row.key] if row.key.startswith("doi:") else []
    return [*own, *named, *([f"doi:{row.doi}"] if row.doi and not named else [])]


def _as_arxiv(row: Row) -> str:
    people = "".join(_author(name) for name in row.authors)
    created, updated = _created(row), _updated(row)
    told = [
        ("id", paper_ref(row.key)),
        ("created", created),
        ("updated", updated if updated != created else ""),
        ("authors", ""),
        ("title", row.title),
        ("categories", row.categories),
        ("comments", row.comments),
        ("journal-ref", row.journal_ref),
        ("doi", row.doi),
        ("license", row.licence),
        ("abstract", row.text),
    ]
    parts = (
        f"<authors>{people}</authors>" if name == "authors" else element(name, text) if text else ""
        for name, text in told
    )
    return f"{_ARXIV_OPEN}{''.join(parts)}</arXiv>"


def _author(name: str) -> str:
    parts = person(name)
    fore = element("forenames", parts.given) if parts.given else ""
    suffix = element("suffix", parts.suffix) if parts.suffix else ""
    return f"<author>{element('keyname', parts.last)}{fore}{suffix}</author>"


def _created(row: Row) -> str:
    if row.submitted_at:
        return row.submitted_at.astimezone(UTC).date().isoformat()
    return row.dated_on.isoformat() if row.dated_on else ""


def _updated(row: Row) -> str:
    return row.updated_on.isoformat() if row.updated_on else ""


FORMATS = {
    "oai_dc": Format(
        "http://www.openarchives.org/OAI/2.0/oai_dc/",
        "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        _dublin_core,
    ),
    "arXiv": Format("http://arxiv.org/OAI/arXiv/", "http://arxiv.org/OAI/arXiv.xsd", _as_arxiv),
}
_DC, _AX = FORMATS["oai_dc"], FORMATS["arXiv"]
_DC_OPEN = (
    f'<oai_dc:dc xmlns:oai_dc="{_DC.namespace}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    f'{_XSI}"{_DC.namespace} {_DC.schema}">'
)
_ARXIV_OPEN = f'<arXiv xmlns="{_AX.namespace}" {_XSI}"{_AX.namespace} {_AX.schema}">'
