"""The one table of settings: name, kind, default, help. `docs/configure.md` is made from it."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from broadsheet.lib import imap_server, smtp_server

T = TypeVar("T")

SERVICES = (  # of mail, whose webhooks need nothing more than is installed
    *("amazon_ses", "brevo", "mailersend", "mailgun", "mailjet"),
    *("mailtrap", "postmark", "resend", "sendgrid", "sparkpost"),
)


class BadSetting(ValueError):
    """A setting has a value that cannot be used; the message names the variable."""


@dataclass(frozen=True)
class Option(Generic[T]):
    name: str  # without BROADSHEET_
    read: Callable[[str], T]
    default: str
    help: str
    is_secret: bool = False

    @property
    def variable(self) -> str:
        return f"BROADSHEET_{self.name}"


def _text(value: str) -> str:
    return value


def _secret(value: str) -> str:
    """What goes into a header: a stray line would be sent, or shown in the error that it causes."""
    if not all("!" <= sign <= "~" for sign in value):
        raise ValueError("expected one word of plain ASCII signs, without spaces or line breaks")
    return value


def _folder(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _yes_or_no(value: str) -> bool:
    if value.lower() in ("1", "yes", "true", "on"):
        return True
    if value.lower() in ("0", "no", "false", "off"):
        return False
    raise ValueError("expected yes or no")


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise ValueError(f"expected a whole number from {least} to {most}")
        return int(value)

    return read


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}")
        return value

    return read


def _words(value: str) -> tuple[str, ...]:
    return tuple(value.replace(",", " ").split())


def _categories(value: str) -> tuple[str, ...]:
    names = _words(value)
    for name in names:
        archive, dot, subject = name.partition(".")
        if not archive.replace("-", "").isalpha() or (dot and not subject.replace("-", "").isalpha()):
            raise ValueError(f"{name!r} is not an arXiv category; expected names like cs.LG or hep-th")
    return names


def _hosts(value: str) -> tuple[str, ...]:
    shape = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")
    if not all(map(shape.fullmatch, _words(value.lower()))):
        raise ValueError("expected names or addresses like chat.lan or 10.0.0.5:8065")
    return _words(value.lower())


def _database(value: str) -> str:
    if value and not value.startswith(("postgresql://", "postgres://", "sqlite:///")):
        raise ValueError("expected postgresql://user:password@host/name or sqlite:////path/to/file")
    return value


def _smtp(value: str) -> str:
    if value:
        smtp_server.read(value)
    return value


def _imap(value: str) -> str:
    if value:
        imap_server.read(value)
    return value


def _bounces(value: str) -> str:
    """Its local part leaves room for what is added to it; a mail server takes 64 signs."""
    if value and not re.fullmatch(r"[a-zA-Z0-9._-]{1,26}@[a-zA-Z0-9.-]{1,180}", value):
        raise ValueError(
            "expected an address like bounces@example.org, at most 26 signs before the @, no plus"
        )
    return value


def _selector(value: str) -> str:
    if not re.fullmatch(r"[a-zA-Z0-9._-]{0,63}", value):
        raise ValueError("expected the selector alone, a name like mail2026")
    return value


def _pair(value: str) -> str:
    if _secret(value) and not all(value.partition(":")):
        raise ValueError("expected user:password")
    return value


def _sender(value: str) -> str:
    _, address = parseaddr(value)
    if value and (not value.isprintable() or not all(address.partition("@"))):
        raise ValueError("expected an address like Broadsheet <digest@example.org>")
    return value


def _web_base(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("expected an address that starts with http:// or https://")
    return value.rstrip("/")


def _endpoint(value: str) -> str:
    """Shown to the owner, so that nothing in it may be a secret."""
    parts = urlsplit(_web_base(value))
    if value and (not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment):
        raise ValueError("expected an address like http://localhost:11434/v1, without a user, a key or a ?")
    return value.rstrip("/")


def _model(value: str) -> str:
    """Shown to readers beside what it wrote."""
    if not value.isprintable() or len(value) > 100:
        raise ValueError("expected the name of a model, at most 100 characters")
    return value


OPTIONS: tuple[Option[Any], ...] = (
    Option("DATA", _folder, "~/.local/share/broadsheet", "The data folder: database, index, outbox."),
    Option(
        "DATABASE_URL",
        _database,
        "",
        "PostgreSQL as postgresql://user:password@host/name; empty: SQLite in the data folder.",
        is_secret=True,
    ),
    Option(
        "CATEGORIES", _categories, "cs.AI cs.CL cs.CV cs.LG stat.ML", "arXiv categories whose feeds are read."
    ),
    Option("HOST", _text, "127.0.0.1", "The address that the web server binds to."),
    Option("PORT", _number(1, 65535), "8000", "The port of the web server."),
    Option(
        "ALLOWED_HOSTS",
        _words,
        "",
        "Host names under which readers reach the site, besides localhost and the bound address.",
    ),
    Option(
        "URL",
        _web_base,
        "",
        "The public address, https://papers.example.org; empty: made from host and port.",
    ),
    Option(
        "WEBSUB_HUB",
        _web_base,
        "",
        "A WebSub hub that feeds name and that is told of new editions; empty: readers ask by themselves.",
    ),
    Option(
        "API_RATE",
        _number(0, 1_000_000),
        "300",
        "Requests to the API a minute from one network, also all at once; 0: without limit.",
    ),
    Option(
        "API_TOKEN_RATE",
        _number(0, 1_000_000),
        "3000",
        "The same with a token that has the scope `read`; `broadsheet token` makes one.",
    ),
    Option(
        "WEBHOOK_HOSTS",
        _hosts,
        "",
        "Hosts inside your own network that webhooks may go to, by http too: `chat.lan 10.0.0.5:8065`.",
    ),
    Option("WEB_PROCESSES", _number(1, 64), "2", "How many processes serve pages."),
    Option(
        "CONTACT",
        _text,
        "",
        "An address or page in the User-Agent, so that an upstream can reach you before it blocks you.",
    ),
    Option(
        "EMBEDDER",
        _text,
        "static",
        "What turns texts into vectors: `static`, our own table; or a transformer: a folder with `model.onnx`"
        " and `tokenizer.json`, or the names of installed packages that carry them.",
    ),
    Option("OFFLINE", _yes_or_no, "no", "Ask no source; serve what is there."),
    Option("SAMPLE", _yes_or_no, "yes", "Load the sample edition into an empty database."),
    Option(
        "OAI",
        _one_of("recent", "all", "no"),
        "recent",
        "What is harvested nightly over OAI-PMH: recent changes, all that arXiv ever held first, or nothing.",
    ),
    Option(
        "READERS",
        _yes_or_no,
        "yes",
        "Count how often papers are opened, saved and voted for here, and never by whom. `no`: nothing is"
        " counted, and pages have no Save and no Vote.",
    ),
    Option(
        "ARXIV_FEED_URL",
        _web_base,
        "",
        "Another address for arXiv's daily feeds, such as a mirror of your own.",
    ),
    Option("ARXIV_OAI_URL", _web_base, "", "Another address for arXiv's OAI-PMH interface."),
    Option("HUGGINGFACE_URL", _web_base, "", "Another address for Hugging Face's list of daily papers."),
    Option(
        "GITHUB_TOKEN",
        _secret,
        "",
        "A token of GitHub without any rights; empty: 50 repositories an hour are asked for their stars.",
        is_secret=True,
    ),
    Option("GITHUB_URL", _web_base, "", "Another address for GitHub's API."),
    Option("HACKERNEWS_URL", _web_base, "", "Another address for Algolia's search of Hacker News."),
    Option(
        "SEMANTIC_SCHOLAR_KEY",
        _secret,
        "",
        "Your key of Semantic Scholar's API; empty: it is not asked for citations.",
        is_secret=True,
    ),
    Option("SEMANTIC_SCHOLAR_URL", _web_base, "", "Another address for Semantic Scholar's API."),
    Option(
        "OPENALEX_KEY",
        _secret,
        "",
        "Your key of OpenAlex, asked for citations unless Semantic Scholar is; empty: it is not asked.",
        is_secret=True,
    ),
    Option("OPENALEX_URL", _web_base, "", "Another address for OpenAlex's API."),
    Option(
        "CITATIONS_BUDGET",
        _number(1, 100_000),
        "100",
        "Requests for citations a day (UTC); one asks Semantic Scholar for 500 papers, OpenAlex for one.",
    ),
    Option(
        "SUMMARY_URL",
        _endpoint,
        "",
        "An OpenAI-compatible endpoint, `http://localhost:11434/v1`, that writes the one line of papers,"
        " shown as machine-written. It is sent titles and abstracts. Empty: nothing is sent, and the line is"
        " read out of the abstract.",
    ),
    Option("SUMMARY_MODEL", _model, "", "The model to ask for there; needed with `BROADSHEET_SUMMARY_URL`."),
    Option(
        "SUMMARY_KEY",
        _secret,
        "",
        "Your key of that endpoint, sent as `Authorization: Bearer`; empty: none is sent.",
        is_secret=True,
    ),
    Option("SUMMARY_BUDGET", _number(1, 100_000), "200", "Requests for written lines a day (UTC)."),
    Option(
        "SMTP_URL",
        _smtp,
        "",
        "The mail server, `smtp://user:password@host:587?tls=starttls`; `tls`: `starttls`, `implicit`, `no`."
        " Empty: digests are written to `outbox` in the data folder.",
        is_secret=True,
    ),
    Option(
        "MAIL_FROM",
        _sender,
        "",
        "From whom digests come, `Broadsheet <digest@example.org>`; empty: made from the public address.",
    ),
    Option(
        "MAIL_RATE", _number(1, 100_000), "300", "Digests a minute to addresses of one domain, at the most."
    ),
    Option(
        "BOUNCES",
        _bounces,
        "",
        "The mailbox that bounces come to, `bounces@example.org`: each mail has an own envelope sender,"
        " `bounces+…@example.org`. Empty: from the address of `BROADSHEET_MAIL_FROM`.",
    ),
    Option(
        "IMAP_URL",
        _imap,
        "",
        "That mailbox, `imaps://user:password@host/INBOX`, looked into every five minutes for bounces,"
        " complaints and wishes to unsubscribe; empty: it is not.",
        is_secret=True,
    ),
    Option(
        "IMAP_DONE",
        _text,
        "",
        "A folder of the mailbox for mails that were dealt with; empty: they are marked as read.",
    ),
    Option(
        "MAIL_SERVICE",
        _one_of("", *SERVICES),
        "",
        "The mail service that tells of bounces at `/hooks/mail/`: "
        + ", ".join(f"`{name}`" for name in SERVICES)
        + ". Empty: none.",
    ),
    Option(
        "MAIL_SERVICE_SECRET",
        _pair,
        "",
        "`user:password` with which the service comes: https://user:password@papers.example.org/hooks/mail/.",
        is_secret=True,
    ),
    Option(
        "MAIL_SERVICE_KEY",
        _secret,
        "",
        "The key with which `mailersend` and `mailgun` sign what they tell; the others do not.",
        is_secret=True,
    ),
    Option(
        "DKIM_SELECTOR",
        _selector,
        "",
        "The selector of your DKIM key, for `doctor --network`; empty: usual names are tried.",
    ),
    Option(
        "SECRET_KEY",
        _text,
        "",
        "Signs cookies; empty: one is made and kept in the data folder.",
        is_secret=True,
    ),
    Option("DEBUG", _yes_or_no, "no", "Show errors in the browser. Never on a public site."),
)


def read_options(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """All settings by name. Raises BadSetting, naming the variable, on the first wrong one."""
    known = {option.variable for option in OPTIONS}
    for variable in environ:
        if variable.startswith("BROADSHEET_") and variable.removesuffix("_FILE") not in known:
            raise BadSetting(f"{variable} is not a setting; see docs/configure.md for the list")
    values = {option.name: _read(option, environ) for option in OPTIONS}
    if values["SUMMARY_URL"] and not values["SUMMARY_MODEL"]:
        raise BadSetting("BROADSHEET_SUMMARY_MODEL is needed where BROADSHEET_SUMMARY_URL is set")
    return values


def _read(option: Option[T], environ: Mapping[str, str]) -> T:
    variable, value = _find(option, environ)
    try:
        return option.read(value.strip())
    except ValueError as error:
        may_hide_one = "://" in value and ("@" in value or "?" in value)  # a password, or a key
        shown = "" if option.is_secret or may_hide_one else f" {value!r}"
        raise BadSetting(f"{variable}{shown}: {error}") from error


def _find(option: Option[T], environ: Mapping[str, str]) -> tuple[str, str]:
    in_file = f"{option.variable}_FILE"
    if in_file in environ and option.variable in environ:
        raise BadSetting(f"{option.variable} and {in_file} are both set; keep one")
    if in_file not in environ:
        return option.variable, environ.get(option.variable, option.default)
    try:
        return in_file, Path(environ[in_file]).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{in_file}: {environ[in_file]} cannot be read ({error})") from error
