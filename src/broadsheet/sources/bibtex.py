"""Reads BibTeX files, as reference managers write them. Knows no file, only lines."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Entry
from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

from broadsheet.domain.code_links import link_to, links_in
from broadsheet.domain.ids import BadPaperId, PaperKey, arxiv_key, doi_key, find_key, title_key
from broadsheet.domain.paper import BadRecord, Link, PaperRecord, Told, unique
from broadsheet.lib.tex import split_maths
from broadsheet.lib.text import plain_line, shortened
from broadsheet.sources.arxiv_snapshot import bare_doi
from broadsheet.sources.fields import LONGEST_FIELD, Calendar
from broadsheet.sources.lines import BadLine, Line, decoded

NAME = "bibtex"
MOST_BYTES = 100_000_000  # the parser needs the whole file in memory
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
# Where tools without a field for it put the id: "arXiv preprint arXiv:2401.01234", "arXiv:2401.01234 [cs]",
# "abs/2401.01234". Only at the start: a note may tell of another paper.
_NOTES = ("journal", "number", "volume", "howpublished", "note")
_ID_IN_NOTE = re.compile(
    r"(?:arxiv|preprint|e-?prints?|corr|\\url|https?://|[\s,(:{])*?"
    r"(?:arxiv:\s*|arxiv\.org/(?:abs|pdf)/|abs/)(?P<id>[\w./-]{9,40})",
    re.IGNORECASE,
)
_LOST_COMMA = re.compile(
    r"^(?:\{.*\}|\".*\")\s*(?:abstract|author|booktitle|doi|eprint|journal|month|note|pages|title|url|volume|year)"
    r"\s*=\s*[{\"]",
    re.IGNORECASE | re.DOTALL,
)

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # its complaints come back as values
logging.getLogger("bibtexparser").propagate = False


def read_lines(lines: Iterable[Line], name: str, calendar: Calendar) -> Iterator[Told]:
    kept: list[str] = []
    size = 0
    for number, line in enumerate(lines, 1):
        try:
            kept.append(_text(line))
        except ValueError as error:
            kept.append("")  # the lines after it keep their numbers
            yield BadRecord(NAME, f"{name} line {number}", str(error))
        size += len(kept[-1])
        if size > MOST_BYTES:
            reason = f"more than {MOST_BYTES / 1e6:.0f} MB of BibTeX; split the file"
            yield BadRecord(NAME, f"{name} line {number}", reason)
            return
    yield from _entries("\n".join(kept), name)


def _text(line: Line) -> str:
    if isinstance(line, BadLine):
        raise ValueError(line.reason)
    return decoded(line)


def _entries(text: str, name: str) -> Iterator[Told]:
    library = parse_string(text)
    for block in library.failed_blocks:
        # An entry whose key another one has already is a paper all the same.
        inner = getattr(block, "ignore_error_block", None)
        if isinstance(inner, Entry):
            yield _told(inner, name)
        else:
            yield BadRecord(NAME, _where(name, block.start_line), shortened(_one_line(block.error), 200))
    for entry in library.entries:
        yield _told(entry, name)


def _told(entry: Entry, name: str) -> Told:
    fields = {field.key.lower(): str(field.value) for field in entry.fields}
    try:
        _check_commas(fields)
        return _record(fields)
    except ValueError as error:
        where = f"{_where(name, entry.start_line)} ({shortened(entry.key, 40)})"
        return BadRecord(NAME, where, str(error))


def _check_commas(fields: Mapping[str, str]) -> None:
    for name, value in fields.items():
        if "=" in value[:LONGEST_FIELD] and _LOST_COMMA.match(value[:LONGEST_FIELD]):
            raise ValueError(f"no comma after {shortened(name, 40)}")


def _record(fields: Mapping[str, str]) -> PaperRecord:
    title = cleaned(fields.get("title", ""))
    abstract = cleaned(fields.get("abstract", ""))
    return PaperRecord(
        source=NAME,
        key=_key(fields, title),
        title=title,
        abstract=abstract,
        authors=unique(_name(author) for author in _people(fields.get("author", ""))),
        keywords=unique(cleaned(word) for word in re.split(r"[,;]", fields.get("keywords", ""))),
        journal_ref=_journal(fields),
        doi=bare_doi(fields.get("doi", "")),
        links=_links(fields, abstract),
    )


def _key(fields: Mapping[str, str], title: str) -> PaperKey:
    """The arXiv id before the DOI, an address that tells either, and last the title."""
    prefix = fields.get("archiveprefix", fields.get("eprinttype", "arxiv"))
    if fields.get("eprint") and prefix.lower() == "arxiv":
        try:
            return arxiv_key(fields["eprint"])
        except BadPaperId:
            pass  # other archives use the field too
    if told := _key_in_notes(fields):
        return told
    try:
        return doi_key(fields["doi"]) if fields.get("doi") else _key_of_address(fields, title)
    except BadPaperId:
        return _key_of_address(fields, title)


def _key_in_notes(fields: Mapping[str, str]) -> PaperKey | None:
    found = (_ID_IN_NOTE.match(fields.get(name, "")) for name in _NOTES)
    return next((key for one in found if one and (key := find_key(one["id"]))), None)


def _key_of_address(fields: Mapping[str, str], title: str) -> PaperKey:
    return find_key(fields.get("url", "")) or title_key(title)


def _links(fields: Mapping[str, str], abstract: str) -> tuple[Link, ...]:
    url = fields.get("url", "")
    is_of_paper = find_key(url) is not None
    links = [*links_in(abstract), *(() if is_of_paper else link_to(url.replace("\\_", "_")))]
    return tuple(dict.fromkeys(links))


def _journal(fields: Mapping[str, str]) -> str:
    where = cleaned(fields.get("journal", "") or fields.get("booktitle", ""))
    year = cleaned(fields.get("year", "") or fields.get("date", ""))[:4]
    return shortened(f"{where} ({year})" if where and year else where, 2_000)


def _people(line: str) -> Iterator[str]:
    """Split at each "and" outside braces: {Barnes and Noble} is one."""
    together: list[str] = []
    depth = 0
    for part in _AND.split(line):
        together.append(part)
        depth += part.count("{") - part.count("}")
        if depth <= 0:
            yield " and ".join(together)
            together, depth = [], 0
    yield " and ".join(together)


def _name(author: str) -> str:
    """First names first: "Doe, Jr., Jane" is Jane Doe Jr.; what stands in braces as a whole stays."""
    name = cleaned(author)
    if re.fullmatch(r"\s*\{[^{}]*\}\s*", author):
        return name
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 1:
        return "" if parts[0].lower() == "others" else parts[0]
    last, *between, first = parts
    return " ".join([first, last, *between]).strip()


def cleaned(text: str) -> str:
    """Without TeX's braces and accents, the maths left as it is."""
    if "\\" not in text and "{" not in text and "~" not in text:
        return plain_line(text)
    parts = split_maths(text.replace("\\textasciicircum", "\\string^"))  # or it becomes another sign
    decode = LatexNodes2Text(keep_comments=True, math_mode="verbatim").latex_to_text
    plain = (part if place % 2 else _decoded(decode, part) for place, part in enumerate(parts))
    return plain_line("".join(plain))


def _decoded(decode: object, part: str) -> str:
    if len(part) > 100_000 or part.count("{") > 5_000:  # nested deeper than any title; not worth the time
        return part
    try:
        return str(decode(part)) if callable(decode) else part
    except (RecursionError, ValueError, IndexError, AttributeError):  # its ways to say "unbalanced"
        return part


def _where(name: str, start_line: int | None) -> str:
    return name if start_line is None else f"{name} line {start_line + 1}"


def _one_line(error: object) -> str:
    reason = plain_line(str(getattr(error, "abort_reason", error)))
    return f"an entry that cannot be read{': ' if reason else ''}{reason}"
