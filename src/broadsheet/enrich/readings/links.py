"""Finds the addresses in a paper's text, however mangled, and says what each is. Checks their form only."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from broadsheet.domain.code_links import official
from broadsheet.domain.reading import TextLink, TextLinkKind
from broadsheet.lib.safe_url import web_address

MOST_LINKS = 20
_HINTS = ("http", "www.", ".com/", ".io", ".co/", ".org/", "4open", "HTTP")
_HOSTS = (
    r"github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|huggingface\.co|hf\.co|kaggle\.com|zenodo\.org|osf\.io"
    r"|anonymous\.4open\.science|sites\.google\.com|drive\.google\.com|modelscope\.cn|youtu\.be"
)
# Every repeat is bounded and no two that touch share a sign, so the time grows with the text only.
_SIGN = r"[^\s<>\"`{}|\\^\[\]()$,;“”‘’«»…]"
_ADDRESS = re.compile(
    rf"https?:\s?/{{1,2}}\s?(?P<full>\w{_SIGN}{{2,999}}(?:\({_SIGN}{{1,99}}\){_SIGN}{{0,199}})?)"
    rf"|(?<![\w.@/-])(?P<bare>www\.\w{_SIGN}{{2,999}}|(?:{_HOSTS})/{_SIGN}{{2,999}}"
    rf"|[a-z0-9-]{{1,63}}\.git(?:hub|lab)\.io{_SIGN}{{0,999}})",
    re.IGNORECASE,
)
_HREF = re.compile(r"\\href\s?\{([^{}]{1,999})\}\s?\{((?:[^{}]|\{[^{}]{0,300}\}){0,300})\}")
_ESCAPED = re.compile(r"\\([_#%&~-])|\\(?:textunderscore|_)\s?")
_DOUBLED = re.compile(r"https?://(?=https?:/)", re.IGNORECASE)
_GLUED_FRONT = re.compile(r"(?<=[^\s/=])(?=https?:/)", re.IGNORECASE)
_OWNER_ALONE = re.compile(
    rf"((?:github\.com|gitlab\.com|huggingface\.co)/[\w.-]{{1,60}}/)\s(?={_SIGN}{{2,100}})"
)
# A sentence that begins right after the address: "name.The code is"; a file's ending is written small.
_GLUED_END = re.compile(r"(?:\.git)?[.:!?]+(?=[A-Z][a-z]{0,20}(?:$|[^\w./-]))[\w'’-]*$")
_TRAILING = ".,:;!?'*~\u200b"

_HOST_KINDS = {
    "github.com": TextLinkKind.CODE, "gitlab.com": TextLinkKind.CODE, "bitbucket.org": TextLinkKind.CODE,
    "codeberg.org": TextLinkKind.CODE, "anonymous.4open.science": TextLinkKind.CODE,
    "gist.github.com": TextLinkKind.CODE, "gitee.com": TextLinkKind.CODE,
    "huggingface.co": TextLinkKind.MODEL, "hf.co": TextLinkKind.MODEL, "modelscope.cn": TextLinkKind.MODEL,
    "zenodo.org": TextLinkKind.DATA, "osf.io": TextLinkKind.DATA, "kaggle.com": TextLinkKind.DATA,
    "figshare.com": TextLinkKind.DATA, "drive.google.com": TextLinkKind.DATA,
    "physionet.org": TextLinkKind.DATA, "colab.research.google.com": TextLinkKind.DEMO,
    "youtu.be": TextLinkKind.DEMO, "youtube.com": TextLinkKind.DEMO,
}  # fmt: skip
_PATH_KINDS = (
    ("/datasets/", TextLinkKind.DATA),
    ("/spaces/", TextLinkKind.DEMO),
    ("/demo", TextLinkKind.DEMO),
)
_WORD_KINDS = (
    ("demo", TextLinkKind.DEMO), ("dataset", TextLinkKind.DATA), ("data set", TextLinkKind.DATA),
    ("code", TextLinkKind.CODE), ("checkpoint", TextLinkKind.MODEL),
)  # fmt: skip
FAR = 200  # characters before the first hint in which an address may begin
WORDS_BEFORE = 60  # characters that say what an address is


def read_links(title: str, abstract: str, names: Sequence[str] = ()) -> list[TextLink]:
    r"""The addresses in the abstract, each once; the authors' own repository first, then in their order.

    >>> [link.url for link in read_links("", r"Code:github.com/a/my\_b. Page: \url{https://a.github.io/b/}.")]
    ['https://github.com/a/my_b', 'https://a.github.io/b/']
    """
    places = [place for place in map(abstract.find, _HINTS) if place >= 0]
    if not places:
        return []
    abstract = abstract[max(0, min(places) - FAR) :]
    links: dict[str, TextLink] = {}
    for url, before in _addresses(_repaired(abstract)):
        if len(links) < MOST_LINKS:
            links.setdefault(same_address(url), TextLink(url, _kind_of(url, before)))
    code = [link.url for link in links.values() if link.kind is TextLinkKind.CODE]
    own = official(code, title, names)
    return sorted(links.values(), key=lambda link: link.url != own)


def same_address(url: str) -> str:
    """Two spellings of one address have this in common.

    >>> same_address("http://www.GitHub.com/A/b.git") == same_address("https://github.com/a/B/")
    True
    """
    rest = url.casefold().partition("://")[2] or url.casefold()
    return rest.removeprefix("www.").rstrip("/").removesuffix(".git")


def _repaired(text: str) -> str:
    if "$" in text:
        text = text.replace("$", "")
    if "\\" in text:
        text = _HREF.sub(_target, _ESCAPED.sub(r"\1", text))
    text = _DOUBLED.sub("", text)
    return _OWNER_ALONE.sub(r"\1", _GLUED_FRONT.sub(" ", text))


def _target(href: re.Match[str]) -> str:
    r"""Where \href{…}{…} leads: what it shows may be cut short. Some authors swap the two."""
    return f" {href[1]} " if "." in href[1] else f" {href[2]} "


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    for found in _ADDRESS.finditer(text):
        scheme = "http" if found[0][:5].lower() == "http:" else "https"
        rest = _GLUED_END.sub("", (found["full"] or found["bare"]).rstrip(_TRAILING)).rstrip(_TRAILING)
        host, slash, path = rest.partition("/")
        url = web_address(f"{scheme}://{host.lower()}{slash}{path}")
        if url is not None and _has_a_domain(url):
            yield url, text[max(0, found.start() - WORDS_BEFORE) : found.start()]


def _has_a_domain(url: str) -> bool:
    domain, _, top = (urlsplit(url).hostname or "").rpartition(".")
    return top.isalpha() and len(top) > 1 and any(sign.isalnum() for sign in domain)


def _kind_of(url: str, before: str) -> TextLinkKind:
    parts = urlsplit(url)
    host, path = (parts.hostname or "").removeprefix("www."), parts.path.lower() + "/"
    for part, kind in _PATH_KINDS:
        if part in path:
            return kind
    if host in _HOST_KINDS:
        return _HOST_KINDS[host]
    sentence = before.rpartition(". ")[2].lower()
    return next((kind for word, kind in _WORD_KINDS if word in sentence), TextLinkKind.PROJECT)
