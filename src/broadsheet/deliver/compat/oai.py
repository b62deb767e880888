"""OAI-PMH 2.0 as a provider: https://www.openarchives.org/OAI/openarchivesprotocol.html

Pages follow change numbers, an indexed column, so that each costs the same wherever a harvest is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from broadsheet import wiring
from broadsheet.deliver.compat.oai_asked import (
    OaiError,
    Selection,
    read_arguments,
    read_dates,
    read_token,
    token_of,
)
from broadsheet.deliver.compat.oai_records import FORMATS, header, key_of, record, utc
from broadsheet.deliver.compat.programs import given, open_to_programs
from broadsheet.deliver.compat.xml import element
from broadsheet.domain.categories import all_sets, categories_of
from broadsheet.store import provided
from broadsheet.store.identity import database_id
from broadsheet.store.provided import Page, Row, Wanted

PAGE = 1_000  # papers
MOST_CHARS = 8_000_000  # of their text: a page of giants is shorter
Arguments = Mapping[str, str]
_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
)


def _refused(why: str, status: int) -> HttpResponse:
    """To come later is told in the protocol's own way, which its harvesters wait for."""
    if status == 429:
        return HttpResponse(f"{why}\n", status=503, content_type="text/plain; charset=utf-8")
    reply = _reply({}, _error(OaiError("badArgument", why)), timezone.now())
    reply.status_code = status
    return reply


@csrf_exempt  # nothing is changed by it, and harvesters may ask by POST
@open_to_programs(_refused)
def provider(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    at = provided.whole_before(timezone.now())  # before anything is read: the next harvest begins there
    try:
        arguments = read_arguments(given(request))
    except OaiError as error:
        return _reply({}, _error(error), at)
    try:
        body = _VERBS[arguments["verb"]](arguments)
    except OaiError as error:
        refused = {} if error.code in ("badArgument", "badVerb") else arguments
        return _reply(refused, _error(error), at)
    return _reply(arguments, f"<{arguments['verb']}>\n{body}</{arguments['verb']}>\n", at)


def _reply(arguments: Arguments, body: str, at: datetime) -> HttpResponse:
    told = element("responseDate", utc(at)) + element("request", _base_url(), **arguments)
    reply = HttpResponse(f"{_OPEN}{told}\n{body}</OAI-PMH>\n", content_type="text/xml; charset=utf-8")
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _error(error: OaiError) -> str:
    return element("error", str(error), code=error.code) + "\n"


def _base_url() -> str:
    return f"{wiring.site_url()}/oai"


def _host() -> str:
    return urlsplit(wiring.site_url()).hostname or "localhost"


def _identify(_: Arguments) -> str:
    told = {
        "repositoryName": "Broadsheet",
        "baseURL": _base_url(),
        "protocolVersion": "2.0",
        "adminEmail": parseaddr(wiring.mail_sender())[1],
        "earliestDatestamp": utc(provided.earliest() or timezone.now()),
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }
    return "".join(element(name, text) + "\n" for name, text in told.items())


def _list_formats(arguments: Arguments) -> str:
    prefixes = list(FORMATS)
    if "identifier" in arguments:
        prefixes = [prefix for prefix in prefixes if _fits(_held(arguments["identifier"])[0].key, prefix)]
    return "".join(_format(prefix) for prefix in prefixes)


def _format(prefix: str) -> str:
    form = FORMATS[prefix]
    told = {"metadataPrefix": prefix, "schema": form.schema, "metadataNamespace": form.namespace}
    return f"<metadataFormat>{''.join(element(name, text) for name, text in told.items())}</metadataFormat>\n"


def _fits(key: str, prefix: str) -> bool:
    """arXiv's format is for arXiv's papers."""
    return prefix != "arXiv" or key.startswith("arxiv:")


def _list_sets(arguments: Arguments) -> str:
    if "resumptionToken" in arguments:
        raise OaiError("badResumptionToken", "resumptionToken: all sets are told at once, without one")
    sets = all_sets().items()
    return "".join(
        f"<set>{element('setSpec', spec)}{element('setName', name)}</set>\n" for spec, name in sets
    )


def _held(identifier: str) -> tuple[Row, datetime, bool]:
    """The paper under that very name, when it changed, and whether it goes by another name today."""
    key = key_of(identifier, _host())
    found = provided.one(key) if key else None
    if found is None or key is None:
        example = "oai:arXiv.org:2401.01234"
        raise OaiError("idDoesNotExist", f"identifier: expected that of a paper held here, like {example}")
    row, at, is_former = found
    return row._replace(key=key), at, is_former


def _get_record(arguments: Arguments) -> str:
    prefix = _known(arguments["metadataPrefix"])
    row, at, is_former = _held(arguments["identifier"])
    if not _fits(row.key, prefix):
        words = "metadataPrefix: arXiv's format is for arXiv's papers; expected oai_dc for this one"
        raise OaiError("cannotDisseminateFormat", words)
    if is_former:
        return f"<record>{header(row.key, row, at, _host(), is_deleted=True)}</record>\n"
    return record(row, at, _host(), FORMATS[prefix])


def _known(prefix: str) -> str:
    if prefix not in FORMATS:
        expected = " or ".join(FORMATS)
        raise OaiError("cannotDisseminateFormat", f"metadataPrefix: expected {expected}, not {prefix[:40]!r}")
    return prefix


def _list_records(arguments: Arguments) -> str:
    return _list(arguments, _records)


def _list_identifiers(arguments: Arguments) -> str:
    return _list(arguments, _headers)


def _list(arguments: Arguments, write: Callable[[Page, str], Iterator[str]]) -> str:
    verb, database = arguments["verb"], database_id()
    token = arguments.get("resumptionToken")
    selection = read_token(token, verb, database) if token is not None else _selection(arguments)
    page = provided.page(_wanted(selection), most=PAGE, most_chars=MOST_CHARS, whole=verb == "ListRecords")
    if not page.rows and token is None:
        raise OaiError("noRecordsMatch", "No records have changed in that time, in that set and format.")
    if not page.rows:  # an empty list is none: what was left has changed, and is behind `until` now
        words = "resumptionToken: all that was left has changed meanwhile; begin without one"
        raise OaiError("badResumptionToken", words)
    told = list(write(page, selection.prefix))
    if page.is_last:
        ending = element("resumptionToken", "", cursor=str(selection.told)) if token is not None else ""
    else:
        last = page.rows[-1].change_no
        following = replace(selection, after=last, told=selection.told + len(told))
        ending = element("resumptionToken", token_of(following, verb, database), cursor=str(selection.told))
    return "".join(told) + ending


def _selection(arguments: Arguments) -> Selection:
    in_set, since, until = (arguments.get(name, "") for name in ("set", "from", "until"))
    return Selection(_known(arguments["metadataPrefix"]), in_set, since, until)


def _wanted(selection: Selection) -> Wanted:
    since, until = read_dates(selection.since, selection.until)
    categories = categories_of(selection.in_set) if selection.in_set else ()
    if categories is None:
        words = f"set: expected one that ListSets tells, not {selection.in_set[:40]!r}"
        raise OaiError("noRecordsMatch", words)
    return Wanted(
        after=max(selection.after, provided.last_change_before(since) if since else 0),
        up_to=provided.last_change_before(until) if until else None,
        categories=categories,
        only_arxiv=selection.prefix == "arXiv",
    )


def _records(page: Page, prefix: str) -> Iterator[str]:
    host, form = _host(), FORMATS[prefix]
    for row in page.rows:
        at = page.dates[row.change_no]
        yield record(row, at, host, form)
        for key in page.former.get(row.pk, ()):
            yield f"<record>{header(key, row, at, host, is_deleted=True)}</record>\n"


def _headers(page: Page, _: str) -> Iterator[str]:
    host = _host()
    for row in page.rows:
        at = page.dates[row.change_no]
        yield header(row.key, row, at, host, is_deleted=row.is_withdrawn) + "\n"
        for key in page.former.get(row.pk, ()):
            yield header(key, row, at, host, is_deleted=True) + "\n"


_VERBS: Mapping[str, Callable[[Arguments], str]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_formats,
    "ListSets": _list_sets,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
    "GetRecord": _get_record,
}
