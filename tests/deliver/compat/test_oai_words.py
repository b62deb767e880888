"""Every reply of the provider fulfils the schema, and no harvest makes the next one lose papers."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode
from xml.etree.ElementTree import fromstring

import pytest
import time_machine
from django.test import Client
from lxml import etree

from broadsheet.deliver.compat import oai
from broadsheet.domain.ids import PaperKey, arxiv_key
from broadsheet.domain.paper import Removal
from broadsheet.store.intake import take_in
from tests import makers
from tests.deliver.compat.oai_grammar import check_oai
from tests.deliver.conftest import NOW, TakeIn, keep, record

pytestmark = pytest.mark.django_db
NS = "{http://www.openarchives.org/OAI/2.0/}"
LIST = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def told(client: Client, **arguments: str) -> bytes:
    reply = client.get("/oai", arguments)
    assert reply.status_code == 200
    check_oai(reply.content)
    return reply.content


def code_of(reply: bytes) -> str:
    error = fromstring(reply).find(f"{NS}error")
    return str(error.get("code")) if error is not None else ""


def date_of(reply: bytes) -> str:
    return str(fromstring(reply).findtext(f"{NS}responseDate"))


def names_in(reply: bytes) -> list[str]:
    return [str(one.text).rpartition(":")[2] for one in fromstring(reply).iter(f"{NS}identifier")]


def token_in(reply: bytes) -> str:
    found = re.search(rb"<resumptionToken[^>]*>([^<]+)<", reply)
    assert found
    return found[1].decode()


@pytest.fixture
def odd_papers(fifty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "PAGE", 7)
    keep(
        [
            record(60, key=PaperKey("doi:10.1000/odd<name>&(1)"), source="bibtex"),
            record(
                61, categories=("math.NA", "65N30"), updated_on=None, licence="a & b", comments="<12> pages"
            ),
            makers.listed("A paper of tests"),
        ]
    )
    take_in([Removal("arxiv_oai", arxiv_key("2605.00002"))], now=NOW)


@pytest.mark.parametrize("prefix", ["oai_dc", "arXiv"])
@pytest.mark.parametrize("verb", ["ListIdentifiers", "ListRecords"])
def test_lists_fulfil_the_schema_to_their_end(
    odd_papers: None, client: Client, verb: str, prefix: str
) -> None:
    arguments, count = {"metadataPrefix": prefix}, 0
    while arguments:
        reply = told(client, verb=verb, **arguments)
        count += len(list(fromstring(reply).iter(f"{NS}header")))
        is_last = re.search(rb"<resumptionToken[^>]*>[^<]", reply) is None
        arguments = {} if is_last else {"resumptionToken": token_in(reply)}

    assert count == (53 if prefix == "oai_dc" else 51)


@pytest.mark.parametrize(
    "query",
    [
        "verb=Identify",
        "verb=ListMetadataFormats",
        "verb=ListMetadataFormats&identifier=oai:arXiv.org:2605.00001",
        "verb=ListSets",
        "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:arXiv.org:2605.00001",
        "verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:2605.00002",
        "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:doi:10.1000/odd%253Cname%253E%2526%25281%2529",
        "verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:2605.99999",
        "verb=Nothing",
        "verb=ListRecords&metadataPrefix=marc",
        "verb=ListRecords&resumptionToken=x",
    ],
)
def test_every_other_reply_does_too(odd_papers: None, client: Client, query: str) -> None:
    reply = client.get(f"/oai?{query}")

    assert reply.status_code == 200
    check_oai(reply.content)


def test_the_grammar_refuses_what_the_schema_does() -> None:
    head = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"'
    opened = f'{head} x:schemaLocation="a b"><responseDate>2026-05-24T06:00:00Z</responseDate>'
    asked = "<request>http://a.example/oai</request>"

    check_oai(f'{opened}{asked}<error code="badVerb">no</error></OAI-PMH>'.encode())
    for wrong in ('<ListIdentifiers><resumptionToken cursor="1"/></ListIdentifiers>', "<ListSets/>", ""):
        with pytest.raises(etree.DocumentInvalid):
            check_oai(f"{opened}{asked}{wrong}</OAI-PMH>".encode())


def test_a_token_behind_which_all_has_changed_is_refused(
    client: Client, take: TakeIn, monkeypatch: pytest.MonkeyPatch, at_noon: time_machine.Traveller
) -> None:
    monkeypatch.setattr(oai, "PAGE", 1)
    take(record(1))
    take(record(2))
    token = token_in(told(client, **LIST, until="2026-05-24"))
    at_noon.shift(timedelta(days=2))
    take(record(2, title="Changed on retrieval"))

    assert code_of(told(client, verb="ListIdentifiers", resumptionToken=token)) == "badResumptionToken"
    assert names_in(told(client, **LIST, until="2026-05-24")) == ["2605.00001"]


@pytest.mark.parametrize("name", ["from", "until", "set"])
def test_an_empty_argument_is_a_bad_one(client: Client, fifty: None, name: str) -> None:
    reply = told(client, **LIST, **{name: ""})

    assert code_of(reply) == "badArgument"
    assert f"{name}: expected a value, or to be left out" in reply.decode()


@pytest.mark.parametrize(
    "identifier",
    [
        "oai:arXiv.org:2605.00001v7",
        "oai:arXiv.org:https://arxiv.org/abs/2605.00001",
        "oai:arXiv.org:arXiv:2605.00001",
        "oai:arxiv.org:2605.00001",
        "oai:127.0.0.1:2605.00001",
        "oai:127.0.0.1:arxiv:2605.00001",
        "2605.00001",
        "oai:arXiv.org: 2605.00001",
    ],
)
def test_an_identifier_is_told_letter_by_letter(client: Client, fifty: None, identifier: str) -> None:
    reply = told(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)

    assert code_of(reply) == "idDoesNotExist"


def test_the_next_harvest_begins_with_the_newest_change_that_was_seen(
    client: Client, take: TakeIn, at_noon: time_machine.Traveller
) -> None:
    take(record(1))
    at_noon.shift(timedelta(seconds=20))
    soon = told(client, **LIST)
    at_noon.shift(timedelta(hours=1))
    later = told(client, **LIST)

    assert date_of(soon) == "2026-05-24T06:00:00Z"
    assert names_in(told(client, **LIST, **{"from": date_of(soon)})) == ["2605.00001"]
    assert date_of(later) == "2026-05-24T06:59:20Z"
    assert code_of(told(client, **LIST, **{"from": date_of(later)})) == "noRecordsMatch"
    assert date_of(told(client, verb="Nothing")) == date_of(later)


def test_a_clock_that_was_ahead_leads_no_harvest_into_the_future(
    client: Client, take: TakeIn, at_noon: time_machine.Traveller
) -> None:
    take(record(1))
    at_noon.shift(timedelta(hours=-3))
    take(record(2))

    reply = told(client, **LIST)

    assert date_of(reply) == "2026-05-24T03:00:00Z"
    assert names_in(told(client, **LIST, **{"from": date_of(reply)})) == ["2605.00001", "2605.00002"]


def test_a_harvest_may_be_asked_for_by_a_form(client: Client, fifty: None) -> None:
    form = urlencode({**LIST, "set": "cs:cs:CV"})

    reply = client.post("/oai", form, content_type="application/x-www-form-urlencoded")

    check_oai(reply.content)
    assert len(names_in(reply.content)) == 25
