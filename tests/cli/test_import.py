"""broadsheet import from the terminal: what it takes, what it says, how it ends."""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard
from django.core.management import call_command
from django.core.management.base import CommandError

from broadsheet import wiring
from broadsheet.index.query import read
from broadsheet.store.models import Paper, Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def an_index_of_its_own(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.OPTIONS = {**settings.OPTIONS, "DATA": tmp_path}
    yield
    wiring._words_index.cache_clear()


def line(number: int, **said: Any) -> str:
    row = {
        "id": f"2605.{number:05}",
        "title": f"Paper number {number}",
        "abstract": "It tells.",
        "authors": "Ada Lovelace",
        "categories": "cs.LG",
        "update_date": "2026-05-20",
        "announced": "2026-05-20",
        **said,
    }
    return json.dumps(row) + "\n"


def run(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress])
def test_plain_and_packed_files_are_taken_in_and_can_be_found(tmp_path: Path, pack: Any) -> None:
    path = tmp_path / "papers"
    path.write_bytes(pack("".join(line(number) for number in range(3)).encode()))

    out, err = run(str(path))

    assert out.startswith("import: 3 added, 0 changed, 0 unchanged, 0 bad in ")
    assert err == ""
    assert Place.objects.filter(edition__kind="day", edition__view="latest").count() == 3
    assert wiring.words_index().search(read("number"), limit=5).total == 3


def test_the_second_time_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_text(line(1) + line(2))
    run(str(path))

    assert run(str(path))[0].startswith("import: 0 added, 0 changed, 2 unchanged, 0 bad")


def test_a_bad_entry_names_file_line_and_reason_and_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_text("".join([*(line(number) for number in range(30)), line(30, title=""), line(31)]))

    out, err = run(str(path))

    assert err == "skipped papers.jsonl line 31: no title\n"
    assert "31 added, 0 changed, 0 unchanged, 1 bad" in out


def test_more_than_one_in_twenty_bad_is_an_error_that_keeps_the_good(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_text(line(1) + "{\n")

    with pytest.raises(CommandError, match="1 of 2 entries are bad"):
        run(str(path))

    assert Paper.objects.count() == 1


def test_a_file_that_is_not_there_does_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_text(line(1))

    with pytest.raises(CommandError, match="1 of 2 files could not be read"):
        run(str(tmp_path / "missing"), str(path))

    assert Paper.objects.count() == 1


def test_a_gzip_file_that_breaks_off_gives_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl.gz"
    whole = gzip.compress(
        "".join(line(number, abstract=f"{number * 7919}" * 50) for number in range(400)).encode()
    )
    path.write_bytes(whole[: len(whole) // 2])

    out, err = run(str(path))

    assert "breaks off here; fetch it again" in err
    assert Paper.objects.count() > 100
    assert "1 bad" in out
