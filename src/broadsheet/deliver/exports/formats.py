"""The forms of an export, by the ending of their addresses: media type, and who writes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from broadsheet.deliver.cite.bibtex import bibtex
from broadsheet.deliver.cite.csl import csl
from broadsheet.deliver.cite.ris import ris
from broadsheet.deliver.exports.plain import COLUMNS, Told, row, values
from broadsheet.deliver.tables import csv_rows

Papers = Sequence[Told]


@dataclass(frozen=True, slots=True)
class Form:
    name: str  # as people call it
    types: tuple[str, ...]  # what is asked for by Accept; the first is what it is sent as
    write: Callable[[Papers, str], bytes]  # the other argument is where this site is


def _bibtex(told: Papers, _: str) -> bytes:
    return "\n".join(bibtex(one.of) for one in told).encode()


def _ris(told: Papers, _: str) -> bytes:
    return "".join(ris(one.of) for one in told).encode()


def _csl(told: Papers, _: str) -> bytes:
    return orjson.dumps([csl(one.of) for one in told], option=orjson.OPT_INDENT_2)


def _csv(told: Papers, _: str) -> bytes:
    return csv_rows([COLUMNS, *(row(one) for one in told)])


def _jsonl(told: Papers, site_url: str) -> bytes:
    return b"".join(orjson.dumps(values(one, site_url)) + b"\n" for one in told)


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
}
BY_TYPE = {type_: ending for ending, form in FORMS.items() for type_ in form.types}
