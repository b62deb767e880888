"""The documents keep up with the code: each setting, command, source, address and word stands in them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from broadsheet.cli.management import commands
from broadsheet.config import document
from broadsheet.config.options import OPTIONS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("**/*.md"), *(ROOT / "bench").glob("*.md")])
SOURCE_NAME = re.compile(r'^(?:NAME| {4}name)(?:: [\w\[\]]+)? = "(\w+)"', re.MULTILINE)
WORDS = {
    *("source", "record", "paper", "signal", "edition", "trending", "reading", "reader"),
    *("subscription", "interest", "pick", "digest", "delivery"),
}


def _text(name: str) -> str:
    return (DOCS / name).read_text()


def _headings(text: str) -> set[str]:
    return set(re.findall(r"^#+ `?([\w-]+)`?.*$", text, re.MULTILINE))


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield "/" + re.sub(r"<[^>]+>", "…", route)
        elif pattern.app_name == "admin":
            yield "/" + route
        else:
            yield from _routes(pattern.url_patterns, route)


def test_the_page_of_settings_is_the_table_of_settings() -> None:
    written = _text("configure.md")

    assert written == document.page(), "write it again: make docs"
    assert all(f"`{option.variable}`" in written for option in OPTIONS)


def test_every_command_is_explained() -> None:
    folder = Path(commands.__path__[0])
    names = {path.stem.replace("_", "-") for path in folder.glob("*.py") if not path.stem.startswith("_")}

    assert names <= _headings(_text("operate.md"))


def test_every_source_is_explained() -> None:
    folder = ROOT / "src" / "broadsheet" / "sources"
    names = {name for path in folder.rglob("*.py") for name in SOURCE_NAME.findall(path.read_text())}

    missing = {name for name in names if f"`{name}`" not in _text("sources.md")}

    assert names
    assert not missing


def test_every_address_is_explained() -> None:
    missing = {
        route for route in _routes(get_resolver().url_patterns) if f"`{route}`" not in _text("pages.md")
    }

    assert not missing


def test_every_word_is_explained() -> None:
    defined = set(re.findall(r"^\| \*{0,2}(\w+)\*{0,2} \|", _text("words.md"), re.MULTILINE))

    assert defined >= WORDS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())

    broken = [target for target in targets if "://" not in target and not (page.parent / target).exists()]

    assert not broken
