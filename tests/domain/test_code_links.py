import time

import pytest

from broadsheet.domain.code_links import code_links, link_to, links_in
from broadsheet.domain.paper import Link, LinkKind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Code is at https://github.com/owner/name.", "https://github.com/owner/name"),
        ("Code: github.com/owner/name", "https://github.com/owner/name"),
        ("Code: www.github.com/owner/name/", "https://github.com/owner/name"),
        ("see athttps://github.com/owner/name", "https://github.com/owner/name"),
        ("(https://github.com/owner/name)", "https://github.com/owner/name"),
        (r"\url{https://github.com/owner/my\_name}", "https://github.com/owner/my_name"),
        (r"\href{https://github.com/owner/name}{here}", "https://github.com/owner/name"),
        ("https://github.com/owner/name.git and more", "https://github.com/owner/name"),
        ("https://github.com/owner/name.The code runs", "https://github.com/owner/name"),
        ("https://github.com/owner/name/tree/main/sub", "https://github.com/owner/name"),
        ("https://github.com/owner/node.js works", "https://github.com/owner/node.js"),
        ("https://gitlab.com/group/team/name/-/tree/x", "https://gitlab.com/group/team/name"),
        ("https://huggingface.co/owner/model", "https://huggingface.co/owner/model"),
        ("https://hf.co/datasets/owner/set", "https://huggingface.co/datasets/owner/set"),
        ("https://huggingface.co/spaces/owner/app", "https://huggingface.co/spaces/owner/app"),
        ("HTTPS://GitHub.com/Owner/Name", "https://github.com/Owner/Name"),
    ],
)
def test_a_repository_is_found_however_it_is_written(text: str, found: str) -> None:
    assert code_links(text) == (found,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We study code.",
        "https://github.com/owner",
        "https://owner.github.io/name",
        "https://notgithub.com/owner/name",
        "https://evil.example/github.com/owner/name",
        "https://github.com/topics/transformers",
        "https://huggingface.co/papers/2401.01234",
        "https://huggingface.co/datasets/owner",
        "https://github.com/../..",
        "me@github.com/owner/name",
        "javascript:github.com",
    ],
)
def test_other_pages_are_no_repositories(text: str) -> None:
    assert code_links(text) == ()


def test_each_repository_stands_once() -> None:
    text = "https://github.com/a/b, again github.com/a/b and https://gitlab.com/c/d."

    assert code_links(text) == ("https://github.com/a/b", "https://gitlab.com/c/d")


@pytest.mark.parametrize("piece", ["github.com/", "github.com/a/", "https://github.com/a\\_", "/a.", "www."])
def test_the_time_grows_with_the_text_only(piece: str) -> None:
    text = piece * (200_000 // len(piece)) + ".com/"
    began = time.monotonic()

    code_links(text)

    assert time.monotonic() - began < 1


def test_links_say_what_they_are() -> None:
    assert links_in("github.com/a/b") == (Link(LinkKind.CODE, "https://github.com/a/b"),)
    assert link_to("https://example.org/demo") == (Link(LinkKind.PROJECT, "https://example.org/demo"),)
    assert link_to("https://github.com/a/b/tree/x") == (Link(LinkKind.CODE, "https://github.com/a/b/tree/x"),)


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "not an address", "http://user:pw@example.org/"]
)
def test_what_is_no_web_address_gives_no_link(url: str | None) -> None:
    assert link_to(url, LinkKind.CODE) == ()
