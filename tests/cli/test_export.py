"""`broadsheet export` writes what is open, whole or not at all, and nothing of readers."""

import fcntl
import gzip
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command

from broadsheet.cli import exporting
from broadsheet.domain.interest import Interest
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.jobs import reading
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.lib.address import read as address
from broadsheet.store import subscriptions
from broadsheet.store.intake import take_in
from broadsheet.store.models import Paper
from broadsheet.store.open_data import NOT_TOLD, TOLD
from tests.makers import FRIDAY, NOW, arxiv, daily, stars, upvotes
from tests.sites import ROOT, own_site

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


def test_what_is_told_of_a_paper_is_decided_field_by_field() -> None:
    assert sorted((*TOLD, *NOT_TOLD)) == sorted(field.name for field in Paper._meta.concrete_fields)


def test_what_a_killed_run_left_is_taken_away(filled: None, tmp_path: Path) -> None:
    folder, mine = tmp_path / "out", tmp_path / ".out.notes"
    told(str(folder))
    for name in (".out.0123abcd", ".out.0123abcd.former"):
        shutil.copytree(folder, tmp_path / name)
    mine.mkdir()

    told(str(folder))

    assert {path.name for path in tmp_path.iterdir()} == {"out", ".out.notes"}


def test_what_another_run_is_writing_stays(filled: None, tmp_path: Path) -> None:
    other = tmp_path / ".out.0123abcd"
    other.mkdir()
    file = os.open(other, os.O_RDONLY)
    fcntl.flock(file, fcntl.LOCK_EX)

    told(str(tmp_path / "out"))

    assert other.exists()
    os.close(file)


def test_a_former_export_goes_back_where_there_is_none(filled: None, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    told(str(folder))
    folder.rename(tmp_path / ".out.0123abcd.former")
    (tmp_path / "elsewhere").write_text("")

    exporting.tidy(folder)

    assert (folder / "manifest.json").exists()


def is_whole(folder: Path) -> bool:
    parts = orjson.loads((folder / "manifest.json").read_bytes())["parts"]
    digests = {part["file"]: part["sha256"] for part in parts}
    return all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == of for name, of in digests.items())


@pytest.mark.slow
def test_killed_at_any_instant_there_is_a_whole_export(tmp_path: Path) -> None:
    folder, chance = tmp_path / "there" / "out", random.Random()
    command = [str(Path(sys.executable).with_name("broadsheet")), "export", str(folder)]
    with own_site(tmp_path / "data") as env:
        began = time.monotonic()
        subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True)
        lasts_s = time.monotonic() - began
        for _ in range(15):
            run = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.5, 1.0) * lasts_s)
            run.send_signal(signal.SIGKILL)
            run.wait()
            assert is_whole(folder)
        subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True)
    assert is_whole(folder)
    assert [path.name for path in folder.parent.iterdir()] == ["out"]
