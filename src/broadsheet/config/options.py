"""The one table of settings: name, kind, default, help. `docs/configure.md` is made from it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from broadsheet.config import values

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


OPTIONS: tuple[Option[Any], ...] = (
    Option("DATA", values.folder, "~/.local/share/broadsheet", "The data folder: database, index, outbox."),
    Option(
        "DATABASE_URL",
        values.database,
        "",
        "PostgreSQL as postgresql://user:password@host/name; empty: SQLite in the data folder.",
        is_secret=True,
    ),
    Option(
        "CATEGORIES",
        values.categories,
        "cs.AI cs.CL cs.CV cs.LG stat.ML",
        "arXiv categories whose feeds are read.",
    ),
    Option("HOST", values.text, "127.0.0.1", "The address that the web server binds to."),
    Option("PORT", values.number(1, 65535), "8000", "The port of the web server."),
    Option(
        "ALLOWED_HOSTS",
        values.words,
        "",
        "Host names under which readers reach the site, besides localhost and the bound address.",
    ),
    Option(
        "URL",
        values.web_base,
        "",
        "The public address, https://papers.example.org; empty: made from host and port.",
    ),
    Option(
        "WEBSUB_HUB",
        values.web_base,
        "",
        "A WebSub hub that feeds name and that is told of new editions; empty: readers ask by themselves.",
    ),
    Option(
        "API_RATE",
        values.number(0, 1_000_000),
        "300",
        "Requests a minute that programs of one network may send, also all at once: to the API, to what"
        " answers as other services do, to `/mcp`; 0: without limit.",
    ),
    Option(
        "API_TOKEN_RATE",
        values.number(0, 1_000_000),
        "3000",
        "The same with a token that has the scope `read`; `broadsheet token` makes one.",
    ),
    Option(
        "WEBHOOK_HOSTS",
        values.hosts,
        "",
        "Hosts inside your own network that webhooks may go to, by http too: `chat.lan 10.0.0.5:8065`.",
    ),
    Option("WEB_PROCESSES", values.number(1, 64), "2", "How many processes serve pages."),
    Option(
        "CONTACT",
        values.text,
        "",
        "An address or page in the User-Agent, so that an upstream can reach you before it blocks you.",
    ),
    Option(
        "EMBEDDER",
        values.text,
        "static",
        "What turns texts into vectors: `static`, our own table; or a transformer: a folder with `model.onnx`"
        " and `tokenizer.json`, or the names of installed packages that carry them.",
    ),
    Option("OFFLINE", values.yes_or_no, "no", "Ask no source; serve what is there."),
    Option("SAMPLE", values.yes_or_no, "yes", "Load the sample edition into an empty database."),
    Option(
        "OAI",
        values.one_of("recent", "all", "no"),
        "recent",
        "What is harvested nightly over OAI-PMH: recent changes, all that arXiv ever held first, or nothing.",
    ),
    Option(
        "READERS",
        values.yes_or_no,
        "yes",
        "Count how often papers are opened, saved and voted for here, and never by whom. `no`: nothing is"
        " counted, and pages have no Save and no Vote.",
    ),
    Option(
        "ARXIV_FEED_URL",
        values.web_base,
        "",
        "Another address for arXiv's daily feeds, such as a mirror of your own.",
    ),
    Option("ARXIV_OAI_URL", values.web_base, "", "Another address for arXiv's OAI-PMH interface."),
    Option(
        "HUGGINGFACE_URL", values.web_base, "", "Another address for Hugging Face's list of daily papers."
    ),
    Option(
        "GITHUB_TOKEN",
        values.secret,
        "",
        "A token of GitHub without any rights; empty: 50 repositories an hour are asked for their stars.",
        is_secret=True,
    ),
    Option("GITHUB_URL", values.web_base, "", "Another address for GitHub's API."),
    Option("HACKERNEWS_URL", values.web_base, "", "Another address for Algolia's search of Hacker News."),
    Option(
        "SEMANTIC_SCHOLAR_KEY",
        values.secret,
        "",
        "Your key of Semantic Scholar's API; empty: it is not asked for citations.",
        is_secret=True,
    ),
    Option("SEMANTIC_SCHOLAR_URL", values.web_base, "", "Another address for Semantic Scholar's API."),
    Option(
        "OPENALEX_KEY",
        values.secret,
        "",
        "Your key of OpenAlex, asked for citations unless Semantic Scholar is; empty: it is not asked.",
        is_secret=True,
    ),
    Option("OPENALEX_URL", values.web_base, "", "Another address for OpenAlex's API."),
    Option(
        "CITATIONS_BUDGET",
        values.number(1, 100_000),
        "100",
        "Requests for citations a day (UTC); one asks Semantic Scholar for 500 papers, OpenAlex for one.",
    ),
    Option(
        "SUMMARY_URL",
        values.endpoint,
        "",
        "An OpenAI-compatible endpoint, `http://localhost:11434/v1`, that writes the one line of papers,"
        " shown as machine-written. It is sent titles and abstracts. Empty: nothing is sent, and the line is"
        " read out of the abstract.",
    ),
    Option(
        "SUMMARY_MODEL", values.model, "", "The model to ask for there; needed with `BROADSHEET_SUMMARY_URL`."
    ),
    Option(
        "SUMMARY_KEY",
        values.secret,
        "",
        "Your key of that endpoint, sent as `Authorization: Bearer`; empty: none is sent.",
        is_secret=True,
    ),
    Option("SUMMARY_BUDGET", values.number(1, 100_000), "200", "Requests for written lines a day (UTC)."),
    Option(
        "SMTP_URL",
        values.smtp,
        "",
        "The mail server, `smtp://user:password@host:587?tls=starttls`; `tls`: `starttls`, `implicit`, `no`."
        " Empty: digests are written to `outbox` in the data folder.",
        is_secret=True,
    ),
    Option(
        "MAIL_FROM",
        values.sender,
        "",
        "From whom digests come, `Broadsheet <digest@example.org>`; empty: made from the public address.",
    ),
    Option(
        "MAIL_RATE",
        values.number(1, 100_000),
        "300",
        "Digests a minute to addresses of one domain, at the most.",
    ),
    Option(
        "BOUNCES",
        values.bounces,
        "",
        "The mailbox that bounces come to, `bounces@example.org`: each mail has an own envelope sender,"
        " `bounces+…@example.org`. Empty: from the address of `BROADSHEET_MAIL_FROM`.",
    ),
    Option(
        "IMAP_URL",
        values.imap,
        "",
        "That mailbox, `imaps://user:password@host/INBOX`, looked into every five minutes for bounces,"
        " complaints and wishes to unsubscribe; empty: it is not.",
        is_secret=True,
    ),
    Option(
        "IMAP_DONE",
        values.text,
        "",
        "A folder of the mailbox for mails that were dealt with; empty: they are marked as read.",
    ),
    Option(
        "MAIL_SERVICE",
        values.one_of("", *SERVICES),
        "",
        "The mail service that tells of bounces at `/hooks/mail/`: "
        + ", ".join(f"`{name}`" for name in SERVICES)
        + ". Empty: none.",
    ),
    Option(
        "MAIL_SERVICE_SECRET",
        values.pair,
        "",
        "`user:password` with which the service comes: https://user:password@papers.example.org/hooks/mail/.",
        is_secret=True,
    ),
    Option(
        "MAIL_SERVICE_KEY",
        values.secret,
        "",
        "The key with which `mailersend` and `mailgun` sign what they tell; the others do not.",
        is_secret=True,
    ),
    Option(
        "DKIM_SELECTOR",
        values.selector,
        "",
        "The selector of your DKIM key, for `doctor --network`; empty: usual names are tried.",
    ),
    Option(
        "SECRET_KEY",
        values.text,
        "",
        "Signs cookies; empty: one is made and kept in the data folder.",
        is_secret=True,
    ),
    Option("DEBUG", values.yes_or_no, "no", "Show errors in the browser. Never on a public site."),
)


def read_options(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """All settings by name. Raises BadSetting, naming the variable, on the first wrong one."""
    known = {option.variable for option in OPTIONS}
    for variable in environ:
        if variable.startswith("BROADSHEET_") and variable.removesuffix("_FILE") not in known:
            raise BadSetting(f"{variable} is not a setting; see docs/configure.md for the list")
    read = {option.name: _read(option, environ) for option in OPTIONS}
    if read["SUMMARY_URL"] and not read["SUMMARY_MODEL"]:
        raise BadSetting("BROADSHEET_SUMMARY_MODEL is needed where BROADSHEET_SUMMARY_URL is set")
    return read


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
