"""The forms of an export, by the ending of their addresses: media type, and who writes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from broadsheet.deliver.cite.bibtex import bibtex
from broadsheet.deliver.cite.csl import csl
from broadsheet.deliver.cite.ris import ris
from broadsheet.deliver.exports import markdown
from broadsheet.deliver.exports.plain import COLUMNS, Told, row, values
from broadsheet.deliver.tables import csv_rows


@dataclass(frozen=True, slots=True)
class Whole:
    """What is exported. Of one paper alone `is_paper` is True."""

    title: str
    url: str  # of the page that shows it
    told: Sequence[Told]
    site_url: str
    is_paper: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    name: str  # as people call it
    types: tuple[str, ...]  # what is asked for by Accept; the first is what it is sent as
    write: Callable[[Whole], bytes]
    is_shown: bool = False  # by a browser, and not kept as a file


def _bibtex(whole: Whole) -> bytes:
    return "\n".join(bibtex(one.of) for one in whole.told).encode()


def _ris(whole: Whole) -> bytes:
    return "".join(ris(one.of) for one in whole.told).encode()


def _csl(whole: Whole) -> bytes:
    return orjson.dumps([csl(one.of) for one in whole.told], option=orjson.OPT_INDENT_2)


def _csv(whole: Whole) -> bytes:
    return csv_rows([COLUMNS, *(row(one) for one in whole.told)])


def _jsonl(whole: Whole) -> bytes:
    return b"".join(orjson.dumps(values(one, whole.site_url)) + b"\n" for one in whole.told)


def _markdown(whole: Whole) -> bytes:
    if whole.is_paper:
        return markdown.paper(whole.told[0].of, whole.site_url).encode()
    return markdown.page(whole.title, whole.url, list(whole.told), whole.site_url).encode()


FORMS = {
    "bib": Form("BibTeX", ("application/x-bibtex", "text/x-bibtex"), _bibtex),
    "ris": Form("RIS", ("application/x-research-info-systems",), _ris),
    "csl.json": Form(
        "CSL-JSON", ("application/vnd.citationstyles.csl+json", "application/citeproc+json"), _csl
    ),
    "csv": Form("CSV", ("text/csv",), _csv),
    "jsonl": Form(
        "JSON Lines", ("application/jsonl", "application/x-ndjson", "application/x-jsonlines"), _jsonl
    ),
    "md": Form("Markdown", ("text/markdown",), _markdown, is_shown=True),
}
BY_TYPE = {type_: ending for ending, form in FORMS.items() for type_ in form.types}
