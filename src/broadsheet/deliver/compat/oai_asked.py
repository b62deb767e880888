"""Reads a request of OAI-PMH: its verb, its arguments, and tokens of our own. All errors of the protocol."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.http import QueryDict

from broadsheet.lib.text import shortened

_SALT = "broadsheet.oai.1"
LONGEST_TOKEN = 1_000
LONGEST_VALUE = 1_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_LIST = frozenset({"from", "until", "set", "metadataPrefix", "resumptionToken"})
_ALLOWED: Mapping[str, frozenset[str]] = {
    "Identify": frozenset(),
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListSets": frozenset({"resumptionToken"}),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
}
_NEEDED = {"GetRecord": ("identifier", "metadataPrefix")}


class OaiError(ValueError):
    """An error of the protocol, which is told in its own words with status 200."""

    def __init__(self, code: str, words: str, arguments: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.code = code
        self.arguments = arguments or {}  # repeated in the answer, where they were understood


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list asks for, and how far it is: a token is this, signed."""

    prefix: str
    in_set: str = ""
    since: str = ""
    until: str = ""
    after: int = 0  # the change number of the last paper told; 0 at the beginning
    told: int = 0  # records before


def read_arguments(given: QueryDict) -> dict[str, str]:
    """Verb and arguments; each once, none that the verb does not know."""
    verbs = given.getlist("verb")
    if len(verbs) != 1 or verbs[0] not in _ALLOWED:
        told = " and ".join(repr(shortened(verb, 40)) for verb in verbs[:3]) or "none"
        raise OaiError("badVerb", f"verb: expected one of {', '.join(_ALLOWED)}, not {told}")
    verb = verbs[0]
    for name, values in given.lists():
        if name != "verb" and name not in _ALLOWED[verb]:
            expected = ", ".join(sorted(_ALLOWED[verb])) or "no arguments"
            raise OaiError(
                "badArgument", f"{shortened(name, 40)}: not known to {verb}, which takes {expected}"
            )
        if len(values) > 1 or len(values[0]) > LONGEST_VALUE:
            raise OaiError("badArgument", f"{name}: expected once, with at most {LONGEST_VALUE} characters")
    found = {name: str(given[name]) for name in given}
    _check_needed(verb, found)
    return found


def _check_needed(verb: str, found: Mapping[str, str]) -> None:
    if "resumptionToken" in found and len(found) > 2:
        raise OaiError("badArgument", "resumptionToken: expected alone, without other arguments")
    needed: tuple[str, ...] = _NEEDED.get(verb, ())
    if verb in ("ListRecords", "ListIdentifiers") and "resumptionToken" not in found:
        needed = ("metadataPrefix",)
    if empty := [name for name in ("from", "until", "set") if found.get(name) == ""]:
        raise OaiError("badArgument", f"{', '.join(empty)}: expected a value, or to be left out")
    if missing := [name for name in needed if not found.get(name)]:
        raise OaiError("badArgument", f"{', '.join(missing)}: needed by {verb}")


def read_dates(since: str, until: str) -> tuple[datetime | None, datetime | None]:
    """The first moment that is asked for, and the first one that is not any more."""
    first, first_step = _moment("from", since)
    last, last_step = _moment("until", until)
    if first and last:
        if first_step != last_step:
            raise OaiError("badArgument", f"from {since} and until {until}: expected in the same granularity")
        if first > last:
            raise OaiError("badArgument", f"from {since} is later than until {until}")
    try:
        return first, last + last_step if last else None
    except OverflowError as error:
        raise OaiError("badArgument", f"until {until}: expected a day before the year 9999") from error


def _moment(name: str, text: str) -> tuple[datetime | None, timedelta]:
    if not text:
        return None, timedelta(0)
    try:
        if _DAY.fullmatch(text):
            return datetime.fromisoformat(text).replace(tzinfo=UTC), timedelta(days=1)
        if _SECOND.fullmatch(text):
            return datetime.fromisoformat(text), timedelta(seconds=1)
    except ValueError:
        pass
    expected = "YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"
    raise OaiError("badArgument", f"{name}: expected {expected}, not {shortened(text, 40)!r}")


def token_of(selection: Selection, verb: str, database: str) -> str:
    """Good as long as this database and its signing key are there, whatever changes or restarts."""
    told: list[Any] = [database, verb, selection.prefix, selection.in_set, selection.since, selection.until]
    return signing.dumps([*told, selection.after, selection.told], salt=_SALT)


def read_token(token: str, verb: str, database: str) -> Selection:
    try:
        if len(token) > LONGEST_TOKEN:
            raise signing.BadSignature
        made_by, of_verb, *rest = signing.loads(token, salt=_SALT)
        if (made_by, of_verb) != (database, verb):
            raise signing.BadSignature
        return Selection(*rest)
    except (signing.BadSignature, ValueError, TypeError) as error:
        words = f"resumptionToken: expected one that {verb} has given here; begin without one"
        raise OaiError("badResumptionToken", words) from error
