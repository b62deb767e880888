import gzip
import io
import json
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
import zstandard

from broadsheet.domain.paper import BadRecord, PaperRecord, Told
from broadsheet.sources.files import BadFile, guess_format, read_file
from broadsheet.sources.lines import LONGEST_LINE

ENTRY = {"id": "2507.02519", "title": "A paper", "abstract": "We see.", "categories": "cs.CV"}
LINE = json.dumps(ENTRY).encode() + b"\n"
MANY = b"".join(json.dumps(ENTRY | {"id": f"2507.{number:05}"}).encode() + b"\n" for number in range(1, 5001))


def write(folder: Path, content: bytes, name: str = "papers.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def split(told: list[Told]) -> tuple[list[PaperRecord], list[str]]:
    good = [item for item in told if isinstance(item, PaperRecord)]
    return good, [str(item) for item in told if isinstance(item, BadRecord)]


@pytest.mark.parametrize(
    "packed",
    [
        MANY,
        gzip.compress(MANY),
        gzip.compress(MANY[:100_000]) + gzip.compress(MANY[100_000:]) + b"\0" * 10,
        zstandard.compress(MANY),
        zstandard.compress(MANY[:100_000]) + zstandard.compress(MANY[100_000:]),
        b"\xef\xbb\xbf" + MANY,
        MANY.replace(b"\n", b"\r\n"),
        MANY.rstrip(b"\n"),
    ],
    ids=[
        "plain",
        "gzip",
        "two gzips",
        "zstd",
        "two zstds",
        "with a mark",
        "from Windows",
        "no last line end",
    ],
)
def test_a_file_is_read_however_it_is_packed(tmp_path: Path, packed: bytes) -> None:
    read: list[int] = []

    good, bad = split(list(read_file(write(tmp_path, packed), on_read=read.append)))

    assert (len(good), bad) == (5000, [])
    assert sum(read) == len(packed)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(LINE + b"{"))))

    good, bad = split(list(read_file("-")))

    assert len(good) == 1
    assert bad[0].startswith("standard input line 2: broken JSON")


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (gzip.compress(MANY)[:-2000], "the gzip file breaks off here; fetch it again"),
        (zstandard.compress(MANY)[:-2000], "the zstd file breaks off here; fetch it again"),
        (gzip.compress(MANY) + b"rubbish", "the gzip data is damaged from here on"),
    ],
)
def test_a_file_that_breaks_off_gives_what_it_had_and_one_reason(
    tmp_path: Path, packed: bytes, reason: str
) -> None:
    good, bad = split(list(read_file(write(tmp_path, packed))))

    assert len(good) > 0 or packed[:4] == b"\x28\xb5\x2f\xfd"
    assert len(bad) == 1
    assert f"papers.jsonl line {len(good) + 1}: {reason}" in bad[0]


def test_an_endless_line_is_not_kept_in_memory(tmp_path: Path) -> None:
    path = write(tmp_path, LINE + b'{"title": "' + b"x" * 40_000_000 + b'"}\n' + LINE)
    tracemalloc.start()

    good, bad = split(list(read_file(path)))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(good) == 2
    assert bad == ["papers.jsonl line 2: a line of more than 5 MB; no entry is that long"]
    assert peak < 4 * LONGEST_LINE


def test_papers_from_the_future_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps(ENTRY | {"announced": "2026-05-24"}).encode())

    [bad] = read_file(path, today=date(2026, 5, 22))
    [good] = read_file(path, today=date(2026, 5, 23))

    assert isinstance(bad, BadRecord)
    assert isinstance(good, PaperRecord)


@pytest.mark.parametrize(
    ("head", "format"),
    [
        (b'{"id": "0704.0001", "title": "A"}', "arxiv"),
        (b'\n {"arxiv_id": null, "title": "A"}', "sample"),
        (b'{"broken', "arxiv"),
        (b"@article{a, title={A}}", "bibtex"),
        (b"% made by a program\n\n @Misc {a,", "bibtex"),
        (b"new\n\nGet trending papers", "listing"),
        (b"[1] see me@example.org", "listing"),
    ],
)
def test_the_format_is_seen_from_the_first_bytes(head: bytes, format: str) -> None:
    if head.startswith(b"[1]"):
        head = head[3:]

    assert guess_format(head) == format


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "papers.jsonl is empty"),
        (b" \n", "papers.jsonl is empty"),
        (b'[{"id": 1}]', "one JSON list"),
        (b"<!DOCTYPE html><html>", "web page"),
        ("text".encode("utf-16"), "UTF-16"),
        (b"%PDF-1.7", "not text"),
        (b"a\0b", "not text"),
        (gzip.compress(b""), "is empty"),
    ],
)
def test_a_file_of_another_kind_is_refused_at_once(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason):
        read_file(write(tmp_path, content))


def test_a_file_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "nothing")


def test_a_named_format_is_taken_at_its_word(tmp_path: Path) -> None:
    [bad] = read_file(write(tmp_path, b"@misc{a, title={A}}"), "arxiv")

    assert "broken JSON" in str(bad)
