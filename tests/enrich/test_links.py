import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.domain.reading import TextLinkKind
from broadsheet.enrich.readings.links import read_links, same_address
from broadsheet.enrich.readings.scoring_names import score_links

MANGLED = [
    ("Code: https://github.com/fern/leaf.", "https://github.com/fern/leaf"),
    ("Code at github.com/fern/leaf.", "https://github.com/fern/leaf"),
    (r"leaves\url{https://github.com/fern/leaf}.", "https://github.com/fern/leaf"),
    ("https://github.com/fern/leaf{https://github.com/fern/leaf}", "https://github.com/fern/leaf"),
    ("https://github.com/fern/leafhttps://github.com/fern/leaf", "https://github.com/fern/leaf"),
    ("https://https://github.com/fern/leaf", "https://github.com/fern/leaf"),
    ("See https://github.com/fern/leaf.The code is small.", "https://github.com/fern/leaf"),
    ("here:https://fern.org/leaf/.", "https://fern.org/leaf/"),
    ("(https://fern.org/leaf/v2.0.1).", "https://fern.org/leaf/v2.0.1"),
    ("https: //fern.github.io/leaf/", "https://fern.github.io/leaf/"),
    ("https:/fern.github.io.", "https://fern.github.io"),
    ("fern.github.io/leaf", "https://fern.github.io/leaf"),
    ("www.fern.org/leaf .", "https://www.fern.org/leaf"),
    (r"https://github.com/fern/my\_leaf", "https://github.com/fern/my_leaf"),
    (r"\href{https://github.com/fern/leaf}{\texttt{github.com/fern}}", "https://github.com/fern/leaf"),
    (r"\href{Code}{https://github.com/fern/leaf}", "https://github.com/fern/leaf"),
    ("[https://fern.org/leaf](https://fern.org/leaf)", "https://fern.org/leaf"),
    ("https://github$.$com/fern/leaf", "https://github.com/fern/leaf"),
    ("https://github.com/fern/ leaf.", "https://github.com/fern/leaf"),
    ("https://GitHub.com/fern/leaf, which", "https://github.com/fern/leaf"),
    ("https://fern.org/Leaf_(plant).", "https://fern.org/Leaf_(plant)"),
    ("http://fern.org:3000/.", "http://fern.org:3000/"),
]


@pytest.mark.parametrize(("text", "url"), MANGLED)
def test_a_mangled_address_is_read(text: str, url: str) -> None:
    assert [link.url for link in read_links("", text)] == [url]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No address.",
        "https URL.",
        "mail me@fern.github.io",
        "http://",
        "https://localhost/x",
        "javascript:alert(1).com/",
    ],
)
def test_what_is_no_address_is_left_out(text: str) -> None:
    assert read_links("", text) == []


KINDS = [
    ("https://github.com/fern/leaf", TextLinkKind.CODE),
    ("https://huggingface.co/datasets/fern/leaf", TextLinkKind.DATA),
    ("https://huggingface.co/spaces/fern/leaf", TextLinkKind.DEMO),
    ("https://huggingface.co/fern/leaf", TextLinkKind.MODEL),
    ("https://zenodo.org/record/1", TextLinkKind.DATA),
    ("https://fern.github.io/leaf", TextLinkKind.PROJECT),
    ("Try the demo at https://fern.org/leaf", TextLinkKind.DEMO),
    ("The dataset is at https://fern.org/leaf", TextLinkKind.DATA),
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_an_address_says_what_it_is(text: str, kind: TextLinkKind) -> None:
    assert [link.kind for link in read_links("", text)] == [kind]


def test_the_repository_called_like_the_paper_comes_first() -> None:
    text = "Built on https://github.com/huggingface/peft. Page: https://a.org/b. Code: https://github.com/me/FernNet."

    links = read_links("FernNet: Looking at Leaves", text)

    assert links[0].url == "https://github.com/me/FernNet"
    assert len(links) == 3


def test_two_spellings_of_an_address_are_one() -> None:
    hits = score_links(["http://www.github.com/A/b/"], ["https://github.com/a/b.git"])

    assert (hits.right, hits.read, hits.true) == (1, 1, 1)
    assert same_address("https://a.org/b") != same_address("https://a.org/c")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300).map(lambda text: "https://a.org/" + text + " github.com/a/b " + text))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for link in read_links("", text):
        assert link.url.startswith(("http://", "https://"))
        assert link.url.isprintable()


HOSTILE = [
    "https://",
    "https://a.b/",
    "\\href{",
    "\\href{a}{",
    "http",
    "github.com/a/",
    "www.",
    "a.github.io",
    "(",
    "https://a.b/(",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_grows_with_the_text_only(piece: str) -> None:
    began = time.perf_counter()

    read_links("", piece * (1_000_000 // len(piece)))

    assert time.perf_counter() - began < 10
