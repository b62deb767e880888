"""What is written of thousands of odd papers, other programs read back without loss."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from jsonschema import Draft202012Validator

from broadsheet.deliver.cite.bibtex import bibtex
from broadsheet.deliver.cite.csl import csl
from broadsheet.deliver.cite.reference import Reference, reference, references
from broadsheet.deliver.cite.ris import ris
from broadsheet.deliver.people import Person
from broadsheet.domain.paper import PaperRecord
from broadsheet.lib.text import plain_line
from broadsheet.sources.bibtex import cleaned, read_lines
from tests.deliver.cite.csl_schema import SCHEMA
from tests.deliver.cite.odd import works

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "bibtex"
LARGE = {"max_strings": "3000000", "hash_size": "3000000", "BSTINPUTS": ".", "BIBINPUTS": "."}

Told = dict[str, tuple[str, str, tuple[str, ...]]]  # by label: title, abstract, people


def as_read(text: str) -> str:
    return as_written(cleaned(text))


def as_written(text: str) -> str:
    """In formulas `%` and `#` have gained a backslash, and `@` and lone braces are written otherwise."""
    found = text.replace("{@}", "@")
    return re.sub(r"\\([%#])", r"\1", found.replace(r"\lbrace{}", r"\{").replace(r"\rbrace{}", r"\}"))


def whole(name: Person) -> str:
    return " ".join(part for part in (name.given, name.particle, name.family, name.suffix) if part)


def told(found: list[Reference]) -> Told:
    return {
        one.label: (as_text(one.title), as_text(one.abstract), tuple(map(whole, one.people))) for one in found
    }


def as_text(text: str) -> str:
    return text.replace(r"\%", "%").replace(r"\#", "#")


def by_bibtexparser(text: str, _: Path) -> Told:
    library = parse_string(text)
    assert not library.failed_blocks
    found: Told = {}
    for entry in library.entries:
        fields = {field.key: str(field.value) for field in entry.fields}
        names = split_multiple_persons_names(fields.get("author", ""))
        parts = [parse_single_name_into_parts(name) for name in names if name]
        people = tuple(as_read(" ".join([*one.first, *one.von, *one.last, *one.jr])) for one in parts)
        found[entry.key] = (as_read(fields["title"]), as_read(fields.get("abstract", "")), people)
    return found


def by_bibtex(text: str, folder: Path) -> Told:
    (folder / "t.bib").write_text(text)
    (folder / "t.aux").write_text("\\citation{*}\n\\bibdata{t}\n\\bibstyle{told}\n")
    shutil.copy(FIXTURES / "told.bst", folder)
    done = subprocess.run(
        ["bibtex", "t"], cwd=folder, env={**os.environ, **LARGE}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()[-500:]
    entries = re.split(r"<<entry:\n", (folder / "t.bbl").read_text())[1:]
    return dict(map(_entry, entries))


def _entry(text: str) -> tuple[str, tuple[str, str, tuple[str, ...]]]:
    label = text.split(">>\n", 1)[0].split()[1]
    fields = [(name, as_read(value.replace("\n", " "))) for name, value in _FIELD.findall(text)]
    one = dict(fields)
    return label, (one["title"], one.get("abstract", ""), tuple(v for name, v in fields if name == "author"))


_FIELD = re.compile(r"^<<(\w+):\n(.*?)>>$", re.DOTALL | re.MULTILINE)


def by_biber(text: str, folder: Path) -> Told:
    (folder / "t.bib").write_text(text)
    done = subprocess.run(
        ["biber", "--tool", "--quiet", "--output-file=out.bib", "t.bib"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()[-500:]
    read = (folder / "out.bib").read_text()
    return by_bibtexparser(
        re.sub(r"^  ([A-Z]+) =", lambda of: f"  {of[1].lower()} =", read, flags=re.M), folder
    )


def check(reader: Callable[[str, Path], Told], count: int, folder: Path) -> None:
    found = list(references(works(count, seed=count)))
    text = "\n".join(bibtex(one) for one in found)

    read = reader(text, folder)

    assert len(read) == count
    wrong = [(read[label], want) for label, want in told(found).items() if read[label] != want]
    assert not wrong[:3]


@pytest.mark.parametrize("reader", [by_bibtexparser])
def test_odd_papers_are_read_back_without_loss(reader: Callable[[str, Path], Told], tmp_path: Path) -> None:
    check(reader, 400, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("reader", "count"), [(by_bibtexparser, 3_000), (by_bibtex, 3_000), (by_biber, 300)])
def test_thousands_are_read_back_without_loss(
    reader: Callable[[str, Path], Told], count: int, tmp_path: Path
) -> None:
    if reader is by_biber and not shutil.which("biber"):
        pytest.skip("biber is not installed, and large; bibtex reads the same files")
    check(reader, count, tmp_path)


def test_our_own_import_reads_our_own_export() -> None:
    found = list(references(works(300, seed=7)))
    lines = "\n".join(bibtex(one) for one in found).encode().split(b"\n")

    read = list(read_lines(lines, "ours.bib", lambda _: None))  # type: ignore[arg-type]

    records = [one for one in read if isinstance(one, PaperRecord)]
    assert len(records) == len(found)
    assert [one.key for one in records if one.key.startswith("arxiv:")] == [
        one.work.key for one in found if one.arxiv
    ]
    assert [as_written(one.title) for one in records] == [as_text(one.title) for one in found]


def test_labels_are_unique_and_plain() -> None:
    labels = [one.label for one in references(works(10_000, seed=2))]

    assert len({label.lower() for label in labels}) == len(labels)
    assert all(re.fullmatch(r"[a-z]+(?:[0-9]{4})?(?:[.+-][a-z0-9]+)+", label) for label in labels)


def test_a_label_is_the_same_whatever_stands_beside_it_and_in_any_order() -> None:
    found = works(2_000, seed=5)
    backwards = [replace(work, paper_id=1) for work in reversed(found[::3])]

    labels = {one.work.key: one.label for one in references(found)}

    assert [one.label for one in references(backwards)] == [labels[work.key] for work in backwards]


def test_a_label_outlives_what_authors_and_sources_tell_later() -> None:
    work = replace(
        works(1, seed=1)[0], key="arxiv:2605.00001", authors=("Ada King Lovelace",), submitted_at=None
    )
    later = replace(
        work,
        title="Another title",
        version=7,
        doi="10.1000/x",
        submitted_at=datetime(2025, 12, 31, tzinfo=UTC),
    )

    assert reference(work).label == reference(later).label == "lovelace2026-2605.00001"


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("arxiv:hep-th/9901001", "lovelace1999-hep-th-9901001"),
        ("doi:10.1000/xyz-1.2", "lovelace-10.1000-xyz-1.2"),
        ("title:0123456789abcdef0123", "lovelace-0123456789abcdef0123"),
    ],
)
def test_a_label_holds_the_id(key: str, label: str) -> None:
    work = replace(works(1, seed=1)[0], key=key, authors=("Ada Lovelace",))

    assert reference(work).label == label


def test_ids_that_are_written_alike_have_labels_of_their_own() -> None:
    names = (
        "a/b",
        "a-b",
        "a_b",
        "a#b",
        "a--b",
        "a/-b",
        "a.b",
        "a..b",
        "a-b-",
        "é",
        "è",
        *("x" * 90 + c for c in "12"),
    )
    work = works(1, seed=1)[0]

    labels = {reference(replace(work, key=f"doi:10.1000/{name}")).label for name in names}

    assert len(labels) == len(names)


def test_ris_is_read_back_without_loss() -> None:
    found = list(references(works(2_000, seed=3)))

    read = rispy.loads("".join(map(ris, found)))

    assert len(read) == len(found)
    for one, entry in zip(found, read, strict=True):
        assert (entry.get("title") or entry["primary_title"]) == one.title
        assert entry.get("abstract", "") == one.abstract
        assert entry["year"] == str(one.year)
        assert entry["id"] == one.label
        assert [_natural(name) for name in entry.get("authors", [])] == [
            plain_line(whole(name).replace(",", " ")) for name in one.people
        ]


def _natural(name: str) -> str:
    last, _, rest = name.partition(", ")
    given, _, suffix = rest.partition(", ")
    return plain_line(f"{given} {last} {suffix}")


def test_csl_json_is_as_its_schema_says() -> None:
    told = [csl(one) for one in references(works(1_000, seed=4))]

    assert not list(Draft202012Validator(SCHEMA).iter_errors(told))
    assert len({one["id"] for one in told}) == len(told)
