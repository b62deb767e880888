"""The provider of OAI-PMH, harvested by clients from the package index and by our own source."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
import time_machine
from django.test import Client
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import BadResumptionToken, NoRecordsMatch
from pytest_django import DjangoAssertNumQueries
from pytest_django.live_server_helper import LiveServer
from sickle import Sickle

from broadsheet.deliver.compat import oai
from broadsheet.domain.categories import NAMES, all_sets, categories_of, set_of
from broadsheet.domain.ids import arxiv_key
from broadsheet.domain.paper import PaperRecord, Removal
from broadsheet.lib.http import PoliteClient
from broadsheet.sources.arxiv_oai import ArxivOai
from broadsheet.store import identity
from broadsheet.store.intake import take_in
from broadsheet.store.models import ChangeTime
from tests import makers
from tests.deliver.conftest import NOW, TakeIn, keep, record
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.django_db
NS = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
AX = "{http://arxiv.org/OAI/arXiv/}"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "PAGE", 7)


@pytest.fixture
def url(transactional_db: None, live_server: LiveServer) -> str:
    return f"{live_server.url}/oai"


def asked(client: Client, **arguments: str) -> Element:
    reply = client.get("/oai", arguments)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "text/xml; charset=utf-8"
    return fromstring(reply.content)


def listed(client: Client, **arguments: str) -> list[str]:
    """Identifiers of all pages; those of deleted records begin with a minus."""
    found: list[str] = []
    while True:
        root = asked(client, verb="ListIdentifiers", **arguments)
        for header in root.iter(f"{NS}header"):
            name = str(header.findtext(f"{NS}identifier"))
            found.append("-" + name if header.get("status") == "deleted" else name)
        token = root.findtext(f".//{NS}resumptionToken")
        if not token:
            return found
        arguments = {"resumptionToken": token}


def error_of(root: Element) -> tuple[str, str]:
    error = root.find(f"{NS}error")
    assert error is not None
    return str(error.get("code")), str(error.text)


def oai_name(number: int) -> str:
    return f"oai:arXiv.org:2605.{number:05}"


def test_scythe_harvests_everything_in_both_formats(url: str, small_pages: None, fifty: None) -> None:
    for prefix in ("oai_dc", "arXiv"):
        with Scythe(url) as scythe:
            records: list[Any] = list(scythe.list_records(metadata_prefix=prefix))
        assert sorted(one.header.identifier for one in records) == [oai_name(n) for n in range(1, 51)]
        assert all("on retrieval" in one.metadata["title"][0] for one in records)


def test_a_harvest_that_was_cut_off_goes_on_at_its_token(url: str, small_pages: None, fifty: None) -> None:
    with Scythe(url) as scythe:
        harvest: Any = scythe.list_records(metadata_prefix="arXiv")
        first = [next(harvest).header.identifier for _ in range(7)]
        token = harvest_token(url)
    keep([record(3, title="Paper 3 has changed meanwhile on retrieval"), record(99)])

    with Scythe(url) as scythe:
        rest = [one.header.identifier for one in scythe.list_records(resumption_token=token)]  # type: ignore[union-attr]

    assert sorted({*first, *rest}) == [oai_name(n) for n in [*range(1, 51), 99]]
    assert oai_name(3) in rest
    assert oai_name(3) in first


def harvest_token(url: str) -> str:
    with Scythe(url) as scythe:
        response: Any = scythe.harvest({"verb": "ListRecords", "metadataPrefix": "arXiv"})
    return str(response.xml.findtext(f".//{NS}resumptionToken"))


def test_sickle_harvests_too(url: str, small_pages: None, fifty: None) -> None:
    sickle = Sickle(url)

    assert len(list(sickle.ListRecords(metadataPrefix="oai_dc"))) == 50
    assert len(list(sickle.ListIdentifiers(metadataPrefix="arXiv", set="cs:cs:CV"))) == 25
    assert sickle.Identify().protocolVersion == "2.0"
    assert [one.metadataPrefix for one in sickle.ListMetadataFormats()] == ["oai_dc", "arXiv"]
    assert "cs:cs:LG" in [one.setSpec for one in sickle.ListSets()]
    assert sickle.GetRecord(identifier=oai_name(7), metadataPrefix="oai_dc").metadata["creator"][0] == (
        "Lovelace, Ada"
    )


def test_our_own_source_reads_back_what_was_told(url: str, tmp_path: Path) -> None:
    said = record(
        1,
        source="arxiv_oai",
        title="Bounds for $a < b$ & more",
        abstract="We bound it. It is bound.",
        authors=("Ada Lovelace", "Jan van der Berg", "Q Collaboration", "Max Small Jr."),
        comments="12 pages",
        journal_ref="J. Bounds 3 (2026) 1",
        doi="10.1000/xyz",
        licence="http://creativecommons.org/licenses/by/4.0/",
        updated_on=datetime(2026, 5, 21, tzinfo=UTC).date(),
        links=(),
    )
    take_in([said], now=NOW)

    source = ArxivOai(PoliteClient(tmp_path, FakeClock(NOW)), ("cs.CL",), url)
    told = [one for batch in source.ask({}, None) for one in batch.told if isinstance(one, PaperRecord)]

    (found,) = told
    same = ("key", "title", "abstract", "authors", "categories", "comments", "journal_ref", "doi", "licence")
    assert {name: getattr(found, name) for name in same} == {name: getattr(said, name) for name in same}
    assert found.updated_on == said.updated_on
    assert found.submitted_at == datetime(2026, 5, 20, tzinfo=UTC)


def test_from_and_until_bound_the_day_of_the_change(
    take: TakeIn, client: Client, at_noon: time_machine.Traveller
) -> None:
    take(record(1))
    at_noon.shift(timedelta(days=1))
    take(record(2))
    at_noon.shift(timedelta(hours=1))
    take(record(3))

    def names(**arguments: str) -> list[str]:
        return listed(client, metadataPrefix="oai_dc", **arguments)

    assert names() == [oai_name(1), oai_name(2), oai_name(3)]
    assert names(**{"from": "2026-05-25"}) == [oai_name(2), oai_name(3)]
    assert names(**{"from": "2026-05-25T06:00:01Z"}) == [oai_name(3)]
    assert names(**{"from": "2026-05-25T06:00:00Z", "until": "2026-05-25T06:00:00Z"}) == [oai_name(2)]
    assert names(until="2026-05-24") == [oai_name(1)]
    root = asked(client, verb="ListRecords", metadataPrefix="oai_dc")
    dates = [one.text for one in root.iter(f"{NS}datestamp")]
    assert dates == ["2026-05-24T06:00:00Z", "2026-05-25T06:00:00Z", "2026-05-25T07:00:00Z"]


def test_times_never_go_back_though_a_clock_does(take: TakeIn, at_noon: time_machine.Traveller) -> None:
    take(record(1))
    at_noon.shift(timedelta(hours=-3))
    take(record(2))
    take(record(3))

    (only,) = ChangeTime.objects.all()
    assert only.at == NOW
    assert only.up_to == 3


def test_what_was_withdrawn_or_merged_is_a_deleted_record(take: TakeIn, client: Client) -> None:
    take(makers.listed("A paper of tests", categories=("cs.LG",)), record(2))
    before = listed(client, metadataPrefix="oai_dc")
    take_in([makers.arxiv("2605.00001", title="A paper of tests", categories=("cs.LG",))], now=NOW)
    take_in([Removal("arxiv_oai", arxiv_key("2605.00002"))], now=NOW)

    gone = next(name for name in before if ":title:" in name)
    assert listed(client, metadataPrefix="oai_dc") == [oai_name(1), f"-{gone}", f"-{oai_name(2)}"]
    assert listed(client, metadataPrefix="arXiv") == [oai_name(1), f"-{oai_name(2)}"]
    for name in (gone, oai_name(2)):
        root = asked(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=name)
        assert root.find(f".//{NS}header[@status='deleted']") is not None
        assert root.find(f".//{NS}metadata") is None


def test_sets_are_those_of_arxiv(take: TakeIn, client: Client) -> None:
    take(record(1, categories=("hep-th",)), record(2, categories=("math.NA", "cs.LG", "65N30")))

    def names(in_set: str) -> list[str]:
        return listed(client, metadataPrefix="oai_dc", set=in_set)

    assert names("physics:hep-th") == names("physics") == [oai_name(1)]
    assert names("cs") == names("cs:cs:LG") == names("cs:cs") == names("math:math:NA") == [oai_name(2)]
    assert error_of(asked(client, verb="ListRecords", metadataPrefix="oai_dc", set="stat"))[0] == (
        "noRecordsMatch"
    )
    root = asked(client, verb="GetRecord", metadataPrefix="arXiv", identifier=oai_name(2))
    assert [one.text for one in root.iter(f"{NS}setSpec")] == ["math:math:NA", "cs:cs:LG"]
    assert all(categories_of(spec) for spec in all_sets())
    assert all(categories_of(set_of(name)) == (name,) for name in NAMES if name != "physics")


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("", "badVerb", "verb: expected one of Identify"),
        ("verb=Nothing", "badVerb", "not 'Nothing'"),
        ("verb=Identify&verb=Identify", "badVerb", "not 'Identify' and 'Identify'"),
        ("verb=Identify&set=cs", "badArgument", "set: not known to Identify"),
        ("verb=ListRecords", "badArgument", "metadataPrefix: needed by ListRecords"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument", "identifier: needed"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument", "expected once"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument", "from: expected YYYY-MM-DD"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument", "from: expected"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=9999-12-31", "badArgument", "until 9999-12-31"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-05-02&until=2026-05-01", "badArgument", "later"),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&from=2026-05-02&until=2026-05-03T00:00:00Z",
            "badArgument",
            "same granularity",
        ),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument", "expected alone"),
        ("verb=ListRecords&resumptionToken=nonsense", "badResumptionToken", "begin without one"),
        ("verb=ListRecords&resumptionToken=", "badResumptionToken", "begin without one"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken", "all sets are told at once"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat", "expected oai_dc or arXiv"),
        ("verb=GetRecord&metadataPrefix=marc&identifier=x", "cannotDisseminateFormat", "expected oai_dc"),
        ("verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:2605.99999", "idDoesNotExist", "held"),
        ("verb=GetRecord&metadataPrefix=arXiv&identifier=../../etc/passwd", "idDoesNotExist", "held here"),
        ("verb=GetRecord&metadataPrefix=arXiv&identifier=oai:127.0.0.1:%00", "idDoesNotExist", "held here"),
        ("verb=ListMetadataFormats&identifier=oai:arXiv.org:x", "idDoesNotExist", "held here"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=cs:cs:XX", "noRecordsMatch", "set: expected"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=1999-01-01", "noRecordsMatch", "No records"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2030-01-01", "noRecordsMatch", "No records"),
    ],
)
def test_every_error_has_the_code_of_the_protocol(
    fifty: None, client: Client, query: str, code: str, words: str
) -> None:
    root = fromstring(client.get(f"/oai?{query}").content)

    told, text = error_of(root)
    assert told == code
    assert words in text
    request = root.find(f"{NS}request")
    assert request is not None
    assert request.text == "http://127.0.0.1:8000/oai"
    assert bool(request.attrib) == (code not in ("badVerb", "badArgument"))


def test_a_token_of_another_verb_or_database_is_refused(
    url: str, small_pages: None, fifty: None, client: Client
) -> None:
    token = harvest_token(url)

    assert error_of(asked(client, verb="ListIdentifiers", resumptionToken=token))[0] == "badResumptionToken"
    identity.become_another()
    with Scythe(url) as scythe, pytest.raises(BadResumptionToken):
        list(scythe.list_records(resumption_token=token))
    with Scythe(url) as scythe, pytest.raises(NoRecordsMatch):
        list(scythe.list_records(set_="stat"))


def test_a_paper_that_has_no_arxiv_number_is_told_as_dublin_core_alone(take: TakeIn, client: Client) -> None:
    take(makers.listed("A paper of tests"))
    (name,) = listed(client, metadataPrefix="oai_dc")

    assert re.fullmatch(r"oai:127\.0\.0\.1:title:[0-9a-f]{20}", name)
    root = asked(client, verb="ListMetadataFormats", identifier=name)
    assert [one.text for one in root.iter(f"{NS}metadataPrefix")] == ["oai_dc"]
    refused = asked(client, verb="GetRecord", metadataPrefix="arXiv", identifier=name)
    assert error_of(refused)[0] == "cannotDisseminateFormat"


def test_what_others_wrote_is_well_formed(take: TakeIn, client: Client) -> None:
    hostile = "]]> <a href='x'>&amp; \x02\x1b \u202e é 深 \U0001d4d0"
    take(record(1, title=hostile, summary=hostile, authors=(hostile,), comments=hostile, licence=hostile))

    for prefix in ("oai_dc", "arXiv"):
        root = asked(client, verb="ListRecords", metadataPrefix=prefix)
        title = root.findtext(f".//{DC}title") or root.findtext(f".//{AX}title")
        assert title == hostile.replace("\x02", "").replace("\x1b", "")


def test_a_page_costs_a_fixed_number_of_queries(
    fifty: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(7):
        asked(client, verb="ListRecords", metadataPrefix="arXiv")


def test_a_page_of_giants_is_shorter(fifty: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "MOST_CHARS", 500)

    root = asked(client, verb="ListRecords", metadataPrefix="oai_dc")

    assert 1 < len(list(root.iter(f"{NS}record"))) < 20
    assert len(listed(client, metadataPrefix="oai_dc")) == 50


def test_it_may_be_asked_by_post(fifty: None, client: Client) -> None:
    reply = client.post("/oai", b"verb=Identify", content_type="application/x-www-form-urlencoded")

    assert b"<repositoryName>Broadsheet</repositoryName>" in reply.content
    assert client.put("/oai").status_code == 405
