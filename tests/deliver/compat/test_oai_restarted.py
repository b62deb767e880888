"""Harvests of a real server: killed in between, or while another process writes."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from oaipmh_scythe import Scythe

from tests.sites import BROADSHEET, own_site, web

pytestmark = pytest.mark.slow
PAPERS = 2_500


def take_in(env: Mapping[str, str], folder: Path, numbers: range, title: str) -> None:
    file = folder / "papers.jsonl"
    rows = [
        {
            "id": f"2605.{number:05}",
            "title": f"{title} {number}",
            "abstract": "It is short.",
            "categories": "cs.LG",
        }
        | {"authors": "Ada Lovelace", "update_date": "2026-05-20"}
        for number in numbers
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    subprocess.run([BROADSHEET, "import", str(file)], env=env, check=True, capture_output=True, timeout=120)


def test_a_token_outlives_the_server(tmp_path: Path) -> None:
    with own_site(tmp_path) as site:
        env = {**site, "BROADSHEET_SAMPLE": "no", "BROADSHEET_WEB_PROCESSES": "1"}
        take_in(env, tmp_path, range(1, PAPERS + 1), "Paper")
        with web(env) as url, Scythe(f"{url}/oai") as scythe:
            first: Any = scythe.harvest({"verb": "ListRecords", "metadataPrefix": "arXiv"})
        space = "{http://www.openarchives.org/OAI/2.0/}"
        told = [one.text for one in first.xml.iter(f"{space}identifier")]
        token = first.xml.findtext(f".//{space}resumptionToken")
        take_in(env, tmp_path, range(1, 4), "Changed paper")
        with web(env) as url, Scythe(f"{url}/oai") as scythe:
            records: list[Any] = list(scythe.list_records(resumption_token=token))

    rest = [one.header.identifier for one in records]
    assert len(told) == 1_000
    assert len({*told, *rest}) == PAPERS
    assert {f"oai:arXiv.org:2605.{number:05}" for number in range(1, 4)} <= {*rest}
    assert len(told) + len(rest) == PAPERS + 3


SLOW_WRITER = """
import sys, django
django.setup()
from django.db import transaction
from django.utils import timezone
from broadsheet.store.intake import take_in
from tests import makers
with transaction.atomic():
    take_in([makers.arxiv("2605.09999", title="A paper that comes late")], now=timezone.now())
    print("written", flush=True)
    sys.stdin.readline()
"""


def told_since(url: str, since: str = "") -> tuple[str, list[str]]:
    """The date of the answer, and the papers."""
    with Scythe(url) as scythe:
        asked = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "from": since}
        reply: Any = scythe.harvest({name: value for name, value in asked.items() if value})
    space = "{http://www.openarchives.org/OAI/2.0/}"
    names = [str(one.text).rpartition(":")[2] for one in reply.xml.iter(f"{space}identifier")]
    return str(reply.xml.findtext(f"{space}responseDate")), names


def test_what_is_written_while_a_page_is_read_comes_with_the_next_harvest(tmp_path: Path) -> None:
    with own_site(tmp_path) as site:
        env = {**site, "BROADSHEET_SAMPLE": "no", "BROADSHEET_WEB_PROCESSES": "1"}
        env["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
        take_in(env, tmp_path, range(1, 4), "Paper")
        command = [sys.executable, "-c", SLOW_WRITER]
        with (
            web(env) as site_url,
            subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer,
        ):
            assert writer.stdin is not None
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"written\n"
            time.sleep(2.1)  # the date of the change is in the past, and nobody sees it yet
            date, first = told_since(f"{site_url}/oai")
            writer.stdin.write(b"\n")
            writer.stdin.close()
            assert writer.wait(30) == 0
            _, following = told_since(f"{site_url}/oai", date)

    assert first == ["2605.00001", "2605.00002", "2605.00003"]
    assert "2605.09999" in following
