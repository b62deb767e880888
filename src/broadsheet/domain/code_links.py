"""Finds the repositories that a paper's text names, and tells which is the authors' own.

Decides from text and names alone; asks nobody.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from broadsheet.domain.paper import Link, LinkKind, unique
from broadsheet.lib.safe_url import web_address
from broadsheet.lib.text import folded

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

# GitHub takes 39 signs for an owner and 100 for a repository.
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", re.ASCII)
_CALLED = re.compile(r"(?!\.{1,2}$)[\w.-]{1,100}", re.ASCII)
_HEAD = re.compile(r"[:?!]|\s[-–—]\s")  # "LoRA: Low-Rank Adaptation …": what stands before names the work
_LIST = re.compile(r"awesome|papers?$|reading-?list|curated", re.IGNORECASE)
FEWEST_LETTERS = 4  # a shorter beginning in common ("llm", "vit") tells nothing

# What papers link to because they build on it. A heading of their own would make it theirs again.
FRAMEWORK_OWNERS = {"huggingface", "keras-team", "langchain-ai", "open-mmlab", "pytorch", "tensorflow"}
FRAMEWORKS = {
    "deepspeedai/deepspeed", "dmlc/dgl", "eleutherai/lm-evaluation-harness", "facebookresearch/detectron2",
    "facebookresearch/fairseq", "facebookresearch/faiss", "ggerganov/llama.cpp", "ggml-org/llama.cpp",
    "google/flax", "google/jax", "hiyouga/llama-factory", "jax-ml/jax", "lightning-ai/pytorch-lightning",
    "microsoft/deepspeed", "nvidia/megatron-lm", "openai/evals", "openai/gym", "openrlhf/openrlhf",
    "pyg-team/pytorch_geometric", "scikit-learn/scikit-learn", "sgl-project/sglang",
    "ultralytics/ultralytics", "verl-project/verl", "vllm-project/vllm", "volcengine/verl",
}  # fmt: skip


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


def github_name(url: str) -> str | None:
    """The "owner/name" of the GitHub repository that an address lies in, or None.

    >>> github_name("https://github.com/Owner/Name.git"), github_name("http://www.github.com/a/b/tree/main/c")
    ('Owner/Name', 'a/b')
    >>> github_name("https://gitlab.com/a/b") is None, github_name("https://github.com/a/..") is None
    (True, True)
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    owner, _, rest = parts.path.removeprefix("/").partition("/")
    name = f"{owner}/{rest.split('/')[0].removesuffix('.git')}"
    return name if host == "github.com" and is_github_name(name) else None


def is_github_name(full_name: str) -> bool:
    """Whether a text can be the "owner/name" of a repository. Nothing else goes into an address.

    >>> is_github_name("a/b"), is_github_name("a/../b"), is_github_name('a/b"}')
    (True, False, False)
    """
    owner, _, name = full_name.partition("/")
    return bool(_OWNER.fullmatch(owner) and _CALLED.fullmatch(name))


def repository_url(url: str) -> str | None:
    """One spelling of each repository of GitHub, which takes no notice of capitals; None for other addresses.

    >>> repository_url("http://www.github.com/Owner/Name/tree/main")
    'https://github.com/owner/name'
    """
    name = github_name(url)
    return None if name is None else f"https://github.com/{name.lower()}"


def official(urls: Sequence[str], title: str, names: Sequence[str] = ()) -> str | None:
    """The paper's own repository among its code links, or None without any.

    One on GitHub that is called like the paper (the title up to a colon, or a name of its own) comes
    first, then whatever was told first; lists of papers and generic frameworks come last.

    >>> official(["https://github.com/huggingface/peft", "https://github.com/me/LoRA"], "LoRA: Low-Rank …")
    'https://github.com/me/LoRA'
    """
    wanted = [_letters(_HEAD.split(title)[0]), _letters(title), *map(_letters, names)]
    return min(urls, key=lambda url: _distance(url, wanted), default=None)


def _distance(url: str, wanted: Sequence[str]) -> int:
    """How far a repository is from being the authors' own: 0 is called just like the paper."""
    full_name = github_name(url)
    if full_name is None:
        return 3 if "huggingface.co" in url else 2  # a model or data set there is not the code
    owner, _, name = full_name.lower().partition("/")
    called = _letters(name)
    if called and called in wanted:
        return 0
    if _LIST.search(name) or owner in FRAMEWORK_OWNERS or full_name.lower() in FRAMEWORKS:
        return 4
    return 1 if any(_begin_alike(called, other) for other in wanted) else 2


def _begin_alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= FEWEST_LETTERS and longer.startswith(shorter)


def _letters(text: str) -> str:
    return folded(text).replace(" ", "")
