"""`broadsheet list`: each list of the API, of this site without a server, as text, JSON Lines and files."""

import json
from io import StringIO
from itertools import product
from typing import Any

import pytest
from bibtexparser.entrypoint import parse_string
from django.core.management import call_command
from django.test import Client as Browser

from broadsheet.cli.lists.table import LISTINGS, Extent, Listing
from broadsheet.cli.main import main
from broadsheet.cli.management.commands.list import FORMS
from broadsheet.deliver.api.document import document
from broadsheet.deliver.api.examples import Here
from broadsheet.domain.scope import Scope
from tests.deliver.api_world import api, held_site, token_for

__all__ = ["api"]
OF_EVERY_LIST = {"fields", "limit", "cursor"}  # --fields, --most, and the pages that the command turns
WORDS = {
    "search": ["retrieval"],
    "similar": ["2605.00001"],
    "author": ["Ada", "Lovelace"],
    "edition": ["day", "2026-05-22"],
    "claims": ["--name", "QuickNet"],
    "claim": ["1"],
    "paper": ["2605.00051"],
    "signals": ["2605.00001"],
    "trending": ["--window", "day"],
}
OPEN = sorted(LISTINGS.keys() - {"claim", "subscription"})
OF_PAPERS = [name for name, one in LISTINGS.items() if one.is_of_papers and name != "similar"]


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    code = main(["list", *words])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    return printed.out


def rows(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in listed(capsys, *words, "--json").splitlines()]


def parameters(listing: Listing) -> set[str]:
    many = {Extent.PAGES: {"limit", "cursor"}, Extent.CUT: {"limit"}}.get(listing.extent, set())
    return {one.parameter for one in listing.takes} | {"fields"} | many


def test_what_the_document_lets_be_read_has_a_command_with_its_parameters() -> None:
    told = {
        one["operationId"]: (path.removeprefix("/api/v1"), {row["name"] for row in one["parameters"]})
        for path, methods in document("", Here())["paths"].items()
        for method, one in methods.items()
        if method == "get"
    }
    ours = {one.operation: (one.path, parameters(one)) for name, one in LISTINGS.items() if name != "author"}

    assert ours == told


def test_each_list_is_told_as_text_as_json_and_in_columns(
    api: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in OPEN:
        words = [name, *WORDS.get(name, [])]

        told = rows(capsys, *words)

        has_some = name != "similar"  # which knows nothing of meaning here
        assert (bool(told), bool(listed(capsys, *words))) == (has_some, has_some), name
        assert listed(capsys, *words, "--fields", "id").splitlines() == [str(row["id"]) for row in told], name


def test_a_paper_is_told_with_rank_title_who_when_and_why(
    api: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    told = listed(capsys, "edition", "--category", "cs.CL", "--most", "2").splitlines()

    assert told[0] == "Friday 22 May 2026: 52 papers"
    assert told[2] == "  1  Paper 1 on retrieval"
    assert told[3].startswith(
        "     2605.00001 · Ada Lovelace, Grace Hopper, Mary Somerville and 1 more · 2026-"
    )
    assert told[4].strip().startswith("Here for ")
    assert told[6] == "  3  Paper 3 on retrieval"
    assert len(told) == 10


def test_pages_are_turned_until_there_are_enough(api: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(rows(capsys, "papers")) == 30
    assert len(rows(capsys, "papers", "--most", "7")) == 7
    assert len(rows(capsys, "papers", "--all")) == 52


def test_chosen_fields_stand_in_the_order_asked_for(api: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    told = listed(capsys, "edition", "--fields", "rank,id,authors,title", "--most", "1")

    assert (
        told
        == "1\t2605.00001\tAda Lovelace, Grace Hopper, Mary Somerville, Emmy Noether\tPaper 1 on retrieval\n"
    )
    assert [set(row) for row in rows(capsys, "papers", "--fields", "title", "--most", "1")] == [
        {"id", "title"}
    ]


def test_lists_of_papers_are_files_whole_or_in_part(api: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    for name, form in product(OF_PAPERS, FORMS):
        words = [name, *WORDS.get(name, []), "--form", form]

        whole, part = listed(capsys, *words), listed(capsys, *words, "--most", "2")

        assert len(whole) > len(part) > 100, (name, form)


def test_a_part_of_a_list_keeps_its_order_in_a_file(api: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    whole = parse_string(listed(capsys, "trending", "--window", "day", "--form", "bib"))
    part = parse_string(listed(capsys, "trending", "--window", "day", "--form", "bib", "--most", "3"))

    assert len(whole.entries) == 52
    assert [one["eprint"] for one in part.entries] == ["2605.00001", "2605.00002", "2605.00003"]
    assert len(listed(capsys, "paper", "2605.00051", "--form", "ris")) > 100
    assert listed(capsys, "search", "zebra", "--form", "bib", "--most", "3") == ""


def test_what_was_mended_is_said_beside_the_list(api: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "search", "retreival", "--fields", "id", "--most", "1"]) == 0
    printed = capsys.readouterr()
    assert "Showing results for retrieval" in printed.err
    assert printed.out.count("\n") == 1

    assert main(["list", "search", "retreival", "--as-typed"]) == 0
    assert capsys.readouterr() == ("", "Nothing found.\n")


def test_an_edition_without_papers_says_why(api: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "edition", "day", "2026-05-23"]) == 0

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "arXiv" in printed.err


def test_the_owner_of_the_machine_needs_no_token_and_has_no_limit(
    api: Browser, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    held_site(settings, API_RATE=1, API_TOKEN_RATE=1)

    for _ in range(3):
        assert '"papers": 52' in listed(capsys, "status", "--json")


def test_nobody_outside_is_taken_for_the_owner(api: Browser) -> None:
    for name in ("broadsheet.own", "Broadsheet-Own", "Broadsheet_Own"):
        assert api.get("/api/v1/status", headers={name: "1"}).status_code == 401


def test_a_subscription_needs_its_token(
    api: Browser, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    assert main(["list", "subscription"]) == 1
    assert "--token-file" in capsys.readouterr().err
    file = tmp_path / "token"
    file.write_text(f"{token_for(Scope.SUBSCRIPTION)}\n")

    assert "address: ada@example.org" in listed(capsys, "subscription", "--token-file", str(file))


TYPED_WRONGLY = [
    ("", "required: WHICH"),
    ("nonsense", "invalid choice: 'nonsense'"),
    ("trending --window year", "invalid choice: 'year'"),
    ("papers --most 0", "'0' is no number of rows"),
    ("papers --most 3 --all", "not allowed with"),
    ("papers --form bib --fields id", "--fields: a form has fields of its own"),
    ("papers --site papers.example.org", "expected the address of a site"),
    ("papers --site http://[", "expected the address of a site"),
    ("papers --token-file /dev/null", "expected a token and nothing else"),
    ("papers --token-file /dev/zero", "expected a token and nothing else"),
]
REFUSED = [
    ("papers --since tomorrow", 2, "--since tomorrow: expected a day like 2026-05-22"),
    ("papers --category ?", 2, "--category ?: expected a category like cs.LG"),
    ("papers --fields title,nothing", 2, "--fields title,nothing: expected"),
    ("similar 2605.00001 --most 200", 2, "--most 200: expected less than or equal to 100"),
    ("paper 2605.99999", 1, "No source that is read here"),
    ("paper nonsense", 1, "'nonsense' is not the name of a paper"),
    ("paper 2605.99999 --form bib", 1, "no paper named 2605.99999 is held here"),
    ("edition day 2026-02-30", 1, "2026-02-30"),
    ("edition day ../../../owner", 1, "There is no"),
    ("search \udcff", 2, "expected text in UTF-8"),
    ("papers --token-file /nowhere", 1, "/nowhere"),
]


def in_one_line(capsys: pytest.CaptureFixture[str], words: str, code: int, said: str) -> None:
    held = main(["list", *words.split()])

    printed = capsys.readouterr()
    assert said in printed.err
    assert (held, printed.out, printed.err.count("\n")) == (code, "", 1), printed.err


@pytest.mark.parametrize(("words", "said"), TYPED_WRONGLY)
def test_what_is_typed_wrongly_is_answered_in_one_line(
    capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    in_one_line(capsys, words, 2, said)


def test_what_the_site_refuses_is_told_in_one_line(api: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    for words, code, said in REFUSED:
        in_one_line(capsys, words, code, said)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_lines_of_its_width(api: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    out = Terminal()

    call_command("list", "edition", "--most", "3", stdout=out)

    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 40
    assert "\x1b" not in out.getvalue()
    assert any(line.startswith("     and 1 more") or "1 more" in line for line in lines)
