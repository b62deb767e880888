import pytest

from broadsheet.domain.ids import title_key
from broadsheet.domain.paper import BadRecord, Link, LinkKind, PaperRecord, Told
from broadsheet.sources.fields import Calendar
from broadsheet.sources.listing import read_lines

ABSTRACT = "This is a sentence of our own, and it is long enough to be told from a title. " * 6
HEAD = [
    "new",
    "",
    "Get trending papers in your email inbox!",
    "",
    "Subscribe",
    "",
    "byAK and others",
    "",
    "Mar 18",
]


def told(*lines: str) -> list[Told]:
    return list(read_lines([line.encode() for line in lines], "page.txt", Calendar(None)))


def titles(*lines: str) -> list[str]:
    return [record.title for record in told(*lines) if isinstance(record, PaperRecord)]


def test_titles_and_abstracts_take_turns_after_the_head() -> None:
    found = told(*HEAD, "", "First paper", "", ABSTRACT, "", "Second paper", "", ABSTRACT)

    assert [type(item) for item in found] == [PaperRecord, PaperRecord]
    first = found[0]
    assert isinstance(first, PaperRecord)
    assert (first.title, first.abstract) == ("First paper", ABSTRACT.strip())
    assert first.key == title_key("First paper")


def test_a_button_glued_to_the_first_title_comes_off() -> None:
    lines = ["Get trending papers once a day!", "Get trending papers!", "SubscribeHow far is far?", ABSTRACT]

    assert titles(*lines) == ["How far is far?"]


def test_a_title_that_begins_like_a_button_stays_whole() -> None:
    assert titles("A page", "Search Engines and Us", ABSTRACT) == ["Search Engines and Us"]
    assert titles("A page", "First", ABSTRACT, "SubscribeNet: more", ABSTRACT) == [
        "First",
        "SubscribeNet: more",
    ]


def test_a_page_without_a_head_is_read_from_its_first_line() -> None:
    assert titles("First", ABSTRACT, "Second", ABSTRACT) == ["First", "Second"]


def test_dates_and_counts_between_entries_are_furniture() -> None:
    found = told("First", ABSTRACT, "Mar 17", "128", "Upvote", "Second", ABSTRACT, "Load more")

    assert [type(item) for item in found] == [PaperRecord, PaperRecord]


def test_what_is_out_of_turn_is_told_with_its_line_and_the_rest_is_read() -> None:
    found = told(
        "First", ABSTRACT, "", "Left alone", "Second", ABSTRACT, ABSTRACT, "Third", ABSTRACT, "The end"
    )

    assert [str(bad) for bad in found if isinstance(bad, BadRecord)] == [
        "page.txt line 4: no abstract follows 'Left alone'",
        "page.txt line 7: an abstract without a title line before it",
        "page.txt line 10: no abstract follows 'The end'",
    ]
    assert [item.title for item in found if isinstance(item, PaperRecord)] == ["First", "Second", "Third"]


def test_a_page_that_is_no_listing_is_all_bad() -> None:
    assert all(isinstance(item, BadRecord) for item in told("Dear diary", "today I read", "nothing"))


def test_an_abstract_tells_its_code() -> None:
    [record] = told("First", ABSTRACT + " Code: https://github.com/a/b.")

    assert isinstance(record, PaperRecord)
    assert record.links == (Link(LinkKind.CODE, "https://github.com/a/b"),)


def test_a_line_in_another_encoding_is_told() -> None:
    lines = [b"First", ABSTRACT.encode(), "Café".encode("latin-1"), b"Second", ABSTRACT.encode()]

    bad, *good = read_lines(lines, "page.txt", Calendar(None))

    assert str(bad) == "page.txt line 3: not UTF-8 text (byte 0xe9 at place 4); save the file as UTF-8"
    assert len(good) == 2


@pytest.mark.parametrize("lines", [[], [""], [ABSTRACT]])
def test_odd_pages_give_no_record(lines: list[str]) -> None:
    assert titles(*lines) == []
