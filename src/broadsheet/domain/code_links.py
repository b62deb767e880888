"""Finds the repositories that a paper's text names. Decides from the text alone; asks nobody."""

import re

from broadsheet.domain.paper import Link, LinkKind, unique
from broadsheet.lib.safe_url import web_address

# Every repeat is bounded and no two repeats that touch share a sign, so the time grows with the text only.
_NAME = r"[A-Za-z0-9_](?:[\w.-]|\\_){0,99}"
_REPOSITORY = re.compile(
    r"(?:https?://(?:www\.)?|(?<![\w.@/-])(?:www\.)?)"
    r"(?P<host>github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|huggingface\.co|hf\.co)"
    rf"/(?P<path>{_NAME}(?:/{_NAME}){{1,3}})",
    re.ASCII | re.IGNORECASE,
)
_HOSTS = ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "huggingface.co", "hf.co")
_NO_OWNERS = {
    "github.com": {"features", "topics", "orgs", "sponsors", "marketplace", "login", "search", "about"},
    "huggingface.co": {"papers", "docs", "blog", "collections", "posts", "tasks", "learn", "api"},
}
_KINDS = ("datasets", "spaces")  # on Hugging Face: a folder before owner and name
_GLUED = re.compile(r"(?:\.git)?[.,]+(?=[A-Z][a-z]).*$")  # "name.The code is" without its space
_SPACED = re.compile(r"\\_|\\url|\\href")


def code_links(text: str) -> tuple[str, ...]:
    """Addresses of the repositories named in a text, in their order, each once.

    >>> code_links(r"Code: github.com/owner/my\\_name. See \\url{https://gitlab.com/a/b.git}.")
    ('https://github.com/owner/my_name', 'https://gitlab.com/a/b')
    """
    if ".com/" not in text and ".co/" not in text and ".org/" not in text:  # most abstracts name none
        return ()
    return unique(_address(found["host"].lower(), found["path"]) for found in _REPOSITORY.finditer(text))


def links_in(text: str) -> tuple[Link, ...]:
    return tuple(Link(LinkKind.CODE, url) for url in code_links(text))


def link_to(url: str | None, kind: LinkKind | None = None) -> tuple[Link, ...]:
    """The link to an address that somebody gave, or nothing when it is no web address.

    Without a kind, a repository is code and any other page is the project's.
    """
    address = web_address(url)
    if address is None:
        return ()
    return (Link(kind or (LinkKind.CODE if code_links(address) else LinkKind.PROJECT), address),)


def _address(host: str, path: str) -> str:
    """One spelling of each repository, or "" for a page that is none."""
    host = "huggingface.co" if host == "hf.co" else host
    parts = [_tidy(part) for part in path.replace("\\_", "_").split("/")]
    if parts[0].lower() in _NO_OWNERS.get(host, ()):
        return ""
    most = _length(host, parts)
    parts = parts[:most]
    if len(parts) < (3 if parts[0] in _KINDS and host == "huggingface.co" else 2) or not all(parts):
        return ""
    return f"https://{host}/{'/'.join(parts)}"


def _length(host: str, parts: list[str]) -> int:
    """How many parts of the path name the repository; GitLab alone has groups within groups."""
    if host == "huggingface.co":
        return 3 if parts[0] in _KINDS else 2
    if host != "gitlab.com":
        return 2
    return parts.index("-") if "-" in parts else len(parts)


def _tidy(part: str) -> str:
    part = _GLUED.sub("", part).rstrip(".,-")
    return part.removesuffix(".git")
