"""A backup is whole or not there, and restores all or nothing."""

import stat
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
import zstandard
from django.db import connection

from broadsheet.domain.paper import Link, LinkKind
from broadsheet.jobs import reading
from broadsheet.jobs.learning import learn_daily
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.store import backup, claim_reports, corrections, owner, source_state
from broadsheet.store.identity import database_id
from broadsheet.store.intake import take_in
from broadsheet.store.models import (
    Claim,
    ClaimReport,
    Correction,
    Edition,
    OwnerLink,
    Paper,
    Place,
    Reading,
    Signal,
    SourceState,
)
from tests.makers import NOW, arxiv, daily, stars, upvotes

pytestmark = pytest.mark.django_db(transaction=True)  # a backup sees a moment, which needs real transactions

CODE = (Link(LinkKind.CODE, "https://github.com/owner/name"),)
UNICODE = "Über «größere» 模型 with\ttabs and \\ signs"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "broadsheet.backup"


def fill(count: int = 3) -> None:
    take_in(
        [
            arxiv(
                f"2605.{number:05}",
                title=f"{UNICODE} {number}",
                abstract=f"It is {number}% faster than before.",
                authors=("Ada Lovelace", 'Jo "Quote" O\'Neill'),
                submitted_at=NOW,
                announced_on=NOW.date(),
                listings=daily(),
                links=CODE,
                signals=(upvotes(number), stars(7)),
            )
            for number in range(count)
        ],
        now=NOW,
    )
    reading.catch_up()
    if claim := Claim.objects.first():
        claim_reports.report(claim.pk, "It is less.", NOW.date())
        corrections.remove(claim.pk, note=UNICODE, now=NOW)
    learn_daily(NOW)
    refresh_editions(now=NOW)
    source_state.save_progress("arxiv_oai", {"token": "abc", "sets": ["cs:cs:LG"]})


def save(file: Path) -> backup.Manifest:
    return backup.save(file, now=NOW, progress=lambda _: lambda _: None)


def restore(file: Path, *, replace: bool = False) -> backup.Manifest:
    return backup.restore(file, replace=replace, progress=lambda _: lambda _: None)


def unpacked(file: Path) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(file.read_bytes())


def everything() -> list[object]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (
            Paper,
            Place,
            Signal,
            SourceState,
            Reading,
            Claim,
            Correction,
            ClaimReport,
        )  # the others come with these
    ]


def test_what_was_saved_comes_back_the_same(file: Path) -> None:
    fill()
    before = everything()
    save(file)
    take_in([arxiv("2605.09999", title="Later")], now=NOW)

    manifest = restore(file, replace=True)

    assert everything() == before
    assert manifest.tables["paper"] == 3


def test_papers_can_be_added_after_a_restore(file: Path) -> None:
    fill()
    save(file)
    restore(file, replace=True)

    report = take_in([arxiv("2605.09999", title="Later", signals=(upvotes(1),))], now=NOW)

    assert report.added == 1
    assert Paper.objects.count() == 4


def test_an_index_of_before_is_not_taken_for_one_of_the_restored_store(file: Path) -> None:
    fill()
    save(file)
    before = database_id()

    restore(file, replace=True)

    assert database_id() != before


def test_papers_are_not_replaced_unasked(file: Path) -> None:
    fill()
    save(file)

    with pytest.raises(backup.StoreNotEmpty, match="3 papers"):
        restore(file)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_backup_that_was_cut_off_changes_nothing(file: Path, share: float) -> None:
    fill(200)
    save(file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    before = everything()

    with pytest.raises(backup.BadBackup, match="nothing was changed"):
        restore(file, replace=True)

    assert everything() == before


def test_a_cut_at_the_end_of_a_line_is_seen(file: Path) -> None:
    fill()
    save(file)
    lines = unpacked(file).splitlines(keepends=True)
    file.write_bytes(zstandard.compress(b"".join(lines[:-4])))

    with pytest.raises(backup.BadBackup, match="was cut off"):
        restore(file, replace=True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 some other file", "damaged or no backup"),
        (zstandard.compress(b'{"papers": []}\n'), "no backup made by"),
        (zstandard.compress(b'{"broadsheet_backup": 2}\n'), "update Broadsheet first"),
        (zstandard.compress(b"{broken\n"), "damaged or no backup"),
    ],
)
def test_another_file_is_told_from_a_backup(file: Path, content: bytes, reason: str) -> None:
    file.write_bytes(content)

    with pytest.raises(backup.BadBackup, match=reason):
        restore(file)


def test_a_backup_of_a_newer_version_is_told(file: Path) -> None:
    head = b'{"broadsheet_backup": 1, "made_at": "2026-05-24T12:00:00+00:00", "tables": {"mail": 0}}\n'
    file.write_bytes(zstandard.compress(head + b'{"table": "mail", "columns": ["id"]}\n{"end": 0}\n'))

    with pytest.raises(backup.BadBackup, match="table mail is not known"):
        restore(file)


def test_whoever_holds_a_backup_does_not_become_the_owner(file: Path) -> None:
    fill()
    token = owner.new_link(NOW)
    save(file)
    content = unpacked(file)
    stored = OwnerLink.objects.get().token_hash

    assert token.encode() not in content
    assert stored.encode() not in content
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_older_backup_of_the_same_name_is_replaced(file: Path) -> None:
    fill(1)
    save(file)
    fill(3)

    save(file)

    assert restore(file, replace=True).tables["paper"] == 3
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_backup_leaves_no_transaction_open(file: Path) -> None:
    fill()

    save(file)

    take_in([arxiv("2605.09999", title="Later")], now=NOW + timedelta(days=1))
    assert connection.get_autocommit()


def test_a_backup_of_a_version_with_fewer_columns_can_be_restored(file: Path) -> None:
    fill()
    save(file)
    lines = unpacked(file).split(b"\n")
    at = next(place for place, line in enumerate(lines) if line.startswith(b'{"table":"edition"'))
    head = orjson.loads(lines[at])
    column = head["columns"].index("beside")
    del head["columns"][column]
    lines[at] = orjson.dumps(head)
    for place in range(at + 1, len(lines)):
        if not lines[place].startswith(b"["):
            break
        row = orjson.loads(lines[place])
        del row[column]
        lines[place] = orjson.dumps(row)
    file.write_bytes(zstandard.ZstdCompressor().compress(b"\n".join(lines)))

    restore(file, replace=True)

    assert set(map(str, Edition.objects.values_list("beside", flat=True))) == {"{}"}
