"""`broadsheet backup` and `restore` say what they did in one line, and what stops them in another."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from broadsheet import wiring
from broadsheet.index.query import read
from broadsheet.store.intake import take_in
from broadsheet.store.models import Paper
from tests.makers import NOW, arxiv

pytestmark = pytest.mark.django_db(transaction=True)


def told(command: str, *arguments: str) -> str:
    output = StringIO()
    call_command(command, *arguments, stdout=output)
    return output.getvalue()


def test_a_restored_store_can_be_searched_at_once(tmp_path: Path) -> None:
    file = str(tmp_path / "broadsheet.backup")
    take_in([arxiv(title="Counting the stars")], now=NOW)

    assert "1 papers" in told("backup", file)
    Paper.objects.update(title="Something else")
    assert "Restored 1 papers" in told("restore", file, "--force")

    assert wiring.words_index().search(read("stars"), limit=5).total == 1


def test_a_store_with_papers_is_replaced_only_by_force(tmp_path: Path) -> None:
    file = str(tmp_path / "broadsheet.backup")
    take_in([arxiv()], now=NOW)
    told("backup", file)

    with pytest.raises(CommandError, match="add --force"):
        told("restore", file)


@pytest.mark.parametrize(
    ("command", "path", "reason"),
    [
        ("backup", "no/such/folder/file", "cannot be written: No such file or directory"),
        ("restore", "no-such-file", "cannot be read: No such file or directory"),
    ],
)
def test_a_file_out_of_reach_is_one_clear_line(tmp_path: Path, command: str, path: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        told(command, str(tmp_path / path))
