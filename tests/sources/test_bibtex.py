import pytest

from broadsheet.domain.ids import title_key
from broadsheet.domain.paper import BadRecord, Link, LinkKind, PaperRecord, Told
from broadsheet.sources.bibtex import cleaned, read_lines
from broadsheet.sources.fields import Calendar


def told(text: str) -> list[Told]:
    return list(read_lines(text.encode().split(b"\n"), "refs.bib", Calendar(None)))


def record_of(text: str) -> PaperRecord:
    [record] = told(text)
    assert isinstance(record, PaperRecord), str(record)
    return record


def test_an_entry_becomes_a_record() -> None:
    record = record_of(r"""
@article{lovelace1843,
  title = {{Counting} to $10^{2}$ with {M\"obius} {\&} Friends},
  author = {Lovelace, Ada and King, Jr., Martin and Kurt G{\"o}del and others},
  journal = {J. Count.},
  year = 1843,
  doi = {10.1000/ABC},
  abstract = {We count. Code: \url{https://github.com/a/b}.},
  keywords = {counting, ten},
  url = {https://example.org/counting},
}""")

    assert record == PaperRecord(
        source="bibtex",
        key=record.key,
        title="Counting to $10^{2}$ with Möbius & Friends",
        abstract=record.abstract,
        authors=("Ada Lovelace", "Martin King Jr.", "Kurt Gödel"),
        keywords=("counting", "ten"),
        journal_ref="J. Count. (1843)",
        doi="10.1000/abc",
        links=(
            Link(LinkKind.CODE, "https://github.com/a/b"),
            Link(LinkKind.PROJECT, "https://example.org/counting"),
        ),
    )
    assert record.key == "doi:10.1000/abc"


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ("eprint={2401.01234v2}, archivePrefix={arXiv}, doi={10.1/x}", "arxiv:2401.01234"),
        ("eprint={hep-th/9901001}", "arxiv:hep-th/9901001"),
        ("eprint={123}, archivePrefix={HAL}, doi={10.1000/x}", "doi:10.1000/x"),
        ("eprint={no id}, doi={10.1000/x}", "doi:10.1000/x"),
        ("doi={10.48550/arXiv.2401.01234}", "arxiv:2401.01234"),
        ("url={https://arxiv.org/abs/2401.01234}", "arxiv:2401.01234"),
        ("doi={forthcoming}, url={https://example.org}", title_key("A paper")),
        ("year={2024}", title_key("A paper")),
    ],
)
def test_the_key_comes_from_the_best_id(fields: str, key: str) -> None:
    assert record_of(f"@misc{{a, title={{A paper}}, {fields}}}").key == key


def test_a_broken_entry_is_told_and_the_rest_is_read() -> None:
    found = told("@misc{a, title={First}}\n\n@misc{b, title={Never closed\n\n@misc{c, title={Third}}\n")

    bad = [item for item in found if isinstance(item, BadRecord)]
    good = [item.title for item in found if isinstance(item, PaperRecord)]
    assert [item.where for item in bad] == ["refs.bib line 3"]
    assert "First" in good


def test_a_comma_that_is_missing_is_told_and_no_title_is_made_of_it() -> None:
    bad, good = told("@misc{a, title={First} author={Ada}}\n@misc{b, title={{$n$} = {3}}}")

    assert str(bad) == "refs.bib line 1 (a): no comma after title"
    assert isinstance(good, PaperRecord)


def test_a_broken_entry_says_what_is_wrong() -> None:
    bad, *_ = told("@misc{b, title={Never {closed}\n@misc{c, title={Third}}\n")

    assert isinstance(bad, BadRecord)
    assert "looking for field-value closing" in bad.reason


def test_what_tools_write_around_the_entries_is_passed_over() -> None:
    found = told(
        "% Encoding: UTF-8\n@Comment{jabref-meta: databaseType:bibtex;}\n@preamble{{x}}\n"
        '@String{nips = "Advances"}\n@InProceedings{a, title = {First}, booktitle = nips, year = 2016}\n'
    )

    [record] = found
    assert isinstance(record, PaperRecord)
    assert record.journal_ref == "Advances (2016)"


def test_a_name_in_braces_is_one_author() -> None:
    record = record_of(
        "@misc{a, title={A}, author={{Barnes and Noble} and {Google, Inc.} and Doe, J. and others}}"
    )

    assert record.authors == ("Barnes and Noble", "Google, Inc.", "J. Doe")


@pytest.mark.parametrize(
    "field",
    [
        "journal={arXiv preprint arXiv:2401.01234}",  # Google Scholar
        "note={arXiv:2401.01234 [cs]}",  # Zotero
        "number={{arXiv:2401.01234}}",  # Better BibTeX
        "journal={CoRR}, volume={abs/2401.01234}",  # DBLP
        "howpublished={\\url{https://arxiv.org/abs/2401.01234}}",
    ],
)
def test_an_id_is_found_where_tools_put_it(field: str) -> None:
    assert record_of(f"@misc{{a, title={{A paper}}, {field}}}").key == "arxiv:2401.01234"


def test_a_note_of_another_paper_gives_no_id() -> None:
    assert record_of("@misc{a, title={A}, note={Comment on arXiv:2401.01234}}").key.startswith("title:")


def test_an_entry_without_a_title_names_its_line_and_key() -> None:
    [bad] = told("\n\n@misc{nobody, year={2024}}")

    assert str(bad) == "refs.bib line 3 (nobody): no title"


def test_the_same_key_twice_is_two_papers() -> None:
    found = told("@misc{a, title={First}}\n@misc{a, title={Second}}")

    assert sorted(item.title for item in found if isinstance(item, PaperRecord)) == ["First", "Second"]


def test_a_script_in_a_title_is_a_title() -> None:
    record = record_of("@misc{a, title={<script>alert(1)</script>}, url={javascript:alert(1)}}")

    assert record.title == "<script>alert(1)</script>"
    assert record.links == ()


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        ("{The} {TeX}book", "The TeXbook"),
        (r"Caf{\'e} \textbf{bold} \emph{x}", "Café bold x"),
        (r"on $\alpha_{1}$-stable {L}\'evy", r"on $\alpha_{1}$-stable Lévy"),
        ("unbalanced {brace", "unbalanced brace"),
        ("{" * 3000, "{" * 3000),  # nobody's title; left as it is
        ("100\\% of A~B", "100% of A B"),
    ],
)
def test_tex_is_cleaned_and_maths_kept(tex: str, plain: str) -> None:
    assert cleaned(tex) == plain
