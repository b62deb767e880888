"""All 150,000 papers harvested by clients from the package index, with an interruption."""

from collections.abc import Iterator
from typing import Any

import pytest
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import NoRecordsMatch
from oaipmh_scythe.iterator import OAIResponseIterator
from sickle import Sickle

from tests.large.papers import PAPERS, identifiers
from tests.sites import web

pytestmark = pytest.mark.slow
NS = "{http://www.openarchives.org/OAI/2.0/}"
CUT_OFF_AFTER = 60  # pages


@pytest.fixture(scope="module")
def expected() -> dict[str, bool]:
    """What is held, and whether it was withdrawn."""
    return {f"oai:arXiv.org:{id}": is_withdrawn for id, is_withdrawn in identifiers()}


def _cut_off(url: str) -> tuple[list[str], str]:
    """Identifiers of the first pages, and the token of the last of them: what a harvester notes down."""
    told: list[str] = []
    with Scythe(f"{url}/oai", iterator=OAIResponseIterator) as scythe:
        pages: Any = scythe.list_records(metadata_prefix="oai_dc")
        for number, page in enumerate(pages, start=1):
            told += [str(one.text) for one in page.xml.iter(f"{NS}identifier")]
            if number == CUT_OFF_AFTER:
                return told, str(page.xml.findtext(f".//{NS}resumptionToken"))
    raise AssertionError("there are too few pages")


def _harvested(url: str, **asked: str) -> Iterator[Any]:
    with Scythe(f"{url}/oai") as scythe:
        yield from scythe.list_records(**asked)  # type: ignore[arg-type]


def test_an_interrupted_harvest_has_every_record_once(
    large: str, large_env: dict[str, str], expected: dict[str, bool]
) -> None:
    first, token = _cut_off(large)
    with web(large_env) as another:  # as after a restart: nothing of the first server is known there
        rest = list(_harvested(another, resumption_token=token))

    deleted = {one.header.identifier for one in rest if one.deleted}
    names = first + [one.header.identifier for one in rest]
    assert len(names) == PAPERS
    assert set(names) == expected.keys()
    assert deleted == {name for name in set(names[len(first) :]) if expected[name]}
    assert all(one.deleted or one.metadata["title"][0] for one in rest)


def test_sickle_gets_a_set_and_one_record(large: str, expected: dict[str, bool]) -> None:
    sickle = Sickle(f"{large}/oai")

    headers = list(sickle.ListIdentifiers(metadataPrefix="arXiv", set="physics:gr-qc"))

    assert 1_000 < len({one.identifier for one in headers}) == len(headers)
    assert {one.identifier for one in headers if one.deleted} <= {name for name in expected if expected[name]}
    assert sickle.GetRecord(identifier="oai:arXiv.org:2606.00358", metadataPrefix="arXiv").metadata["title"]
    assert sickle.Identify().deletedRecord == "persistent"


def test_nothing_has_changed_since_the_harvest(large: str) -> None:
    with pytest.raises(NoRecordsMatch):
        list(_harvested(large, metadata_prefix="oai_dc", from_="2100-01-01"))
