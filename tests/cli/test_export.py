"""`broadsheet export` writes what is open, whole or not at all, and nothing of readers."""

import gzip
import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command

from broadsheet.domain.interest import Interest
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.jobs import reading
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.lib.address import read as address
from broadsheet.store import subscriptions
from broadsheet.store.intake import take_in
from tests.makers import FRIDAY, NOW, arxiv, daily, stars, upvotes

pytestmark = pytest.mark.django_db(transaction=True)  # one moment needs real transactions


def told(*arguments: str) -> str:
    output = StringIO()
    call_command("export", *arguments, stdout=output)
    return output.getvalue()


def lines(folder: Path, part: str) -> list[dict[str, Any]]:
    return [
        orjson.loads(line)
        for line in gzip.decompress((folder / f"{part}.jsonl.gz").read_bytes()).splitlines()
    ]


@pytest.fixture
def filled() -> None:
    opened = SignalReading(SignalKind.OPENS, FRIDAY, 4_711)
    abstract = "We are fast. FastNet is 3.3x faster than SlowNet on Roads-1k."
    more = {1: {"signals": (upvotes(7), stars(9), opened)}}
    said = {"abstract": abstract, "authors": ("Zoë Ng",), "listings": daily()}
    take_in([arxiv(f"2605.{n:05}", **said, **more.get(n, {})) for n in range(1, 4)], now=NOW)
    reading.catch_up()
    refresh_editions(now=NOW)
    subscriptions.ask(address("reader@example.org"), Interest(query="secret wish"), network="n", now=NOW)


def test_every_part_is_told_with_its_licence_and_digest(filled: None, tmp_path: Path) -> None:
    folder = tmp_path / "out"

    assert "3 papers" in told(str(folder))

    manifest = orjson.loads((folder / "manifest.json").read_bytes())
    assert [part["name"] for part in manifest["parts"]] == [
        "papers",
        "signals",
        "editions",
        "readings",
        "claims",
    ]
    for part in manifest["parts"]:
        data = (folder / part["file"]).read_bytes()
        assert part["sha256"] == hashlib.sha256(data).hexdigest()
        assert part["bytes"] == len(data)
        assert part["rows"] == len(lines(folder, part["name"])) > 0
        assert part["licence"]
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_a_paper_is_whole(filled: None, tmp_path: Path) -> None:
    told(str(tmp_path / "out"))

    first = lines(tmp_path / "out", "papers")[0]

    assert (first["id"], first["key"], first["authors"]) == ("2605.00001", "arxiv:2605.00001", ["Zoë Ng"])
    assert first["listings"] == [{"list_name": "huggingface", "day": "2026-05-22", "kind": "daily"}]
    assert first["told_by"][0]["source"] == "arxiv_oai"
    day = next(one for one in lines(tmp_path / "out", "editions") if one["kind"] == "day")
    assert day["places"][0][:2] == [1, "2605.00001"]


def test_nothing_of_readers_is_in_it(filled: None, tmp_path: Path) -> None:
    told(str(tmp_path / "out"))

    whole = b"".join(gzip.decompress(path.read_bytes()) for path in (tmp_path / "out").glob("*.gz"))

    assert b"reader@example.org" not in whole
    assert b"secret wish" not in whole
    assert b"4711" not in whole
    assert {one["kind"] for one in lines(tmp_path / "out", "signals")} == {"upvotes", "stars"}


def test_the_same_store_gives_the_same_files(filled: None, tmp_path: Path) -> None:
    told(str(tmp_path / "a"))
    told(str(tmp_path / "b"))

    for path in (tmp_path / "a").glob("*.gz"):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_an_earlier_export_is_replaced_and_nothing_else(filled: None, tmp_path: Path) -> None:
    folder, other = tmp_path / "out", tmp_path / "letters"
    told(str(folder))
    told(str(folder), "--part", "claims")
    other.mkdir()
    (other / "letter.txt").write_text("mine")

    assert {path.name for path in folder.iterdir()} == {"claims.jsonl.gz", "manifest.json"}
    with pytest.raises(CommandError, match="holds other files"):
        told(str(other))
    assert (other / "letter.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_told_in_one_line(filled: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CommandError, match="cannot be written"):
        told(str(tmp_path / "file" / "out"))
