"""Settings become objects here and nowhere else. Below it, everything arrives as an argument."""

import logging
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.tally import RepositoryDue
from broadsheet.enrich.embed import transformer
from broadsheet.enrich.embed.base import Embedder, EmbedderError
from broadsheet.enrich.embed.static import StaticEmbedder, shipped_table
from broadsheet.index.embedded import EmbeddedIndex
from broadsheet.index.vectors import EmbeddedVectors
from broadsheet.lib.clock import Clock, SystemClock
from broadsheet.lib.http import PATIENCE, PoliteClient
from broadsheet.lib.outgoing import Sender
from broadsheet.rank import records, usual
from broadsheet.rank.search import Engines
from broadsheet.rank.windows import Basis
from broadsheet.sources.arxiv_feed import ArxivFeed
from broadsheet.sources.arxiv_oai import ArxivOai
from broadsheet.sources.base import Source
from broadsheet.sources.github import GitHub
from broadsheet.sources.hackernews import HackerNews
from broadsheet.sources.huggingface import HuggingFace
from broadsheet.sources.openalex import OpenAlex
from broadsheet.sources.semantic_scholar import SemanticScholar
from broadsheet.sources.summaries import MOST_BYTES, SummaryWriter
from broadsheet.store import citing, learned, matches, repositories
from broadsheet.store.identity import database_id

WAIT_FOR_VECTORS = timedelta(hours=1)  # then words alone decide what a saved search finds
log = logging.getLogger(__name__)


def option(name: str) -> Any:
    """The value of a setting, by its name in config/options.py."""
    return settings.OPTIONS[name]


def data_folder() -> Path:
    """Made when it is not there, for its owner alone."""
    folder: Path = option("DATA")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def notes_folder() -> Path:
    """Where web processes leave notes of what readers did, until the worker takes them in."""
    return data_folder() / "readers"


def outbox_folder() -> Path:
    """Where mails go on a site without a mail server."""
    return data_folder() / "outbox"


def mail_sender() -> str:
    """Whom digests come from."""
    domain = urlsplit(site_url()).hostname or "localhost"
    return str(option("MAIL_FROM")) or f"Broadsheet <digest@{domain}>"


def clock() -> Clock:
    return SystemClock()


def client() -> PoliteClient:
    return PoliteClient(data_folder() / "pace", clock(), contact=option("CONTACT") or option("URL"))


def sources() -> dict[str, Source]:
    """Every source that can be asked, by name; the schedule knows which are asked by themselves."""
    asked, categories, urls = client(), option("CATEGORIES"), source_urls()
    known: list[Source] = [
        ArxivFeed(asked, categories, urls[ArxivFeed.name]),
        ArxivOai(asked, categories, urls[ArxivOai.name], first_reach=_first_reach()),
        HuggingFace(asked, urls[HuggingFace.name]),
        GitHub(asked, _due_repositories, option("GITHUB_TOKEN"), urls[GitHub.name]),
        HackerNews(asked, urls[HackerNews.name]),
        *_counter_of_citations(asked, urls),
    ]
    return {source.name: source for source in known}


def citations_source() -> str:
    """The name of the source that counts citations, "" without a key. With both keys one is enough."""
    if option("SEMANTIC_SCHOLAR_KEY"):
        return SemanticScholar.name
    return OpenAlex.name if option("OPENALEX_KEY") else ""


def _counter_of_citations(asked: PoliteClient, urls: dict[str, str]) -> list[Source]:
    name, daily = citations_source(), option("CITATIONS_BUDGET")
    due = partial(_due_papers, name)
    if name == SemanticScholar.name:
        return [SemanticScholar(asked, due, option("SEMANTIC_SCHOLAR_KEY"), daily, urls[name])]
    return [OpenAlex(asked, due, option("OPENALEX_KEY"), daily, urls[name])] if name else []


def _due_repositories(limit: int) -> Sequence[RepositoryDue]:
    today = clock().now().date()
    repositories.follow_links()
    repositories.count_papers(today)
    return repositories.due(limit, today)


def _due_papers(source: str, limit: int) -> Sequence[PaperKey]:
    return citing.due(source, limit, clock().now().date())


def _first_reach() -> timedelta | None:
    """A new site that wants recent changes begins with those of a weekend."""
    return timedelta(days=3) if option("OAI") == "recent" else None


def source_urls() -> dict[str, str]:
    return {
        ArxivFeed.name: option("ARXIV_FEED_URL") or ArxivFeed.url,
        ArxivOai.name: option("ARXIV_OAI_URL") or ArxivOai.url,
        HuggingFace.name: option("HUGGINGFACE_URL") or HuggingFace.url,
        GitHub.name: option("GITHUB_URL") or GitHub.url,
        HackerNews.name: option("HACKERNEWS_URL") or HackerNews.url,
        SemanticScholar.name: option("SEMANTIC_SCHOLAR_URL") or SemanticScholar.url,
        OpenAlex.name: option("OPENALEX_URL") or OpenAlex.url,
    }


def probes() -> dict[str, str]:
    """For each source a small page that shows whether its upstream answers."""
    urls = source_urls()
    counters = {  # neither of these costs anything of a budget
        SemanticScholar.name: f"{urls[SemanticScholar.name]}/graph/v1/swagger.json",
        OpenAlex.name: f"{urls[OpenAlex.name]}/",
    }
    return {
        ArxivFeed.name: f"{urls[ArxivFeed.name]}/{option('CATEGORIES')[0]}",
        ArxivOai.name: f"{urls[ArxivOai.name]}?verb=Identify",
        HuggingFace.name: f"{urls[HuggingFace.name]}/api/daily_papers?limit=1",
        GitHub.name: f"{urls[GitHub.name]}/rate_limit",
        HackerNews.name: f"{urls[HackerNews.name]}/api/v1/search_by_date?tags=story&hitsPerPage=1",
    } | {name: url for name, url in counters.items() if name == citations_source()}


def summary_writer() -> SummaryWriter | None:
    """What writes the one line of papers; None, the default, where the owner has set no endpoint.

    It keeps its own turns: an upstream at the same host shall not wait for a slow reply.
    """
    url, model, key = (option(f"SUMMARY_{name}") for name in ("URL", "MODEL", "KEY"))
    if not url:
        return None
    folder, contact = data_folder() / "pace" / "summaries", option("CONTACT") or option("URL")
    asked = PoliteClient(folder, clock(), contact, MOST_BYTES, silence_s=PATIENCE.total_seconds())
    return SummaryWriter(asked, url, model, key)


def webhook_sender() -> Sender:
    """What webhooks are sent with."""
    contact = option("CONTACT") or option("URL")
    return Sender(frozenset(option("WEBHOOK_HOSTS")), contact, certificates=_certificates())


@cache
def _certificates() -> ssl.SSLContext:
    """As usual, or as SSL_CERT_FILE says. Read once, for it takes a while."""
    return httpx.create_ssl_context()


def words_index() -> EmbeddedIndex:
    """The index of this database. Readers of one process share it; a restored backup gets another."""
    return _words_index(data_folder() / "index" / "words", database_id())


@cache
def _words_index(folder: Path, database: str) -> EmbeddedIndex:
    return EmbeddedIndex(folder, database)


def vectors_index() -> EmbeddedVectors:
    """The vectors of this database's papers. Readers of one process share them."""
    return _vectors_index(data_folder() / "index" / "meaning", database_id())


@cache
def _vectors_index(folder: Path, database: str) -> EmbeddedVectors:
    return EmbeddedVectors(folder, database)


def embedder() -> Embedder:
    """What new vectors are made with. Loaded once a process; raises EmbedderError."""
    return embedder_of(option("EMBEDDER"))


def query_embedder(vectors: EmbeddedVectors) -> Embedder | None:
    """What queries are embedded with: the model of the vectors that answer just now.

    After another one was set that is the former one, until the new vectors are there. None while there
    are no vectors, or where the model that made them cannot be loaded any more.
    """
    made = state.made if (state := vectors.state()) else None
    for setting in dict.fromkeys((option("EMBEDDER"), made.setting)) if made else ():
        try:
            found = embedder_of(setting)
        except EmbedderError:
            continue  # broadsheet doctor tells of it
        if made and found.model == made.model:
            return found
    return None


@cache
def embedder_of(setting: str) -> Embedder:
    return StaticEmbedder() if setting == "static" else transformer.load(setting)


def engines() -> Engines:
    """All that answers queries."""
    folder, database = data_folder() / "index", database_id()
    vectors = _vectors_index(folder / "meaning", database)
    state, table = vectors.state(), shipped_table()
    is_its_table = state is not None and state.made.table == table.name  # not of an older version
    words = _words_index(folder / "words", database)
    return Engines(words, vectors, query_embedder(vectors), table if is_its_table else None)


def followed(now: datetime) -> int:
    """The change number up to which the indexes know the papers; for vectors nobody waits for ever."""
    words, vectors = words_index().seen() or 0, vectors_index().state()
    if vectors is None:
        return words
    return min(words, max(vectors.up_to, matches.newest_before(now - WAIT_FOR_VECTORS)))


def ranking_basis() -> Basis:
    """What rankings rest on now: what is shipped, and what this site has learned. Unpacked once a day."""
    usual_id, records_id = learned.newest(learned.USUAL, learned.RECORDS)
    return _ranking_basis(database_id(), usual_id, records_id)


@lru_cache(maxsize=2)
def _ranking_basis(_: str, usual_id: int | None, records_id: int | None) -> Basis:
    name = f"usual {usual_id or 'shipped'}, records {records_id or 'shipped'}"
    try:
        own = records.NO_RECORDS if records_id is None else records.read(learned.body(records_id))
        is_usual = usual.prior() if usual_id is None else usual.read(learned.body(usual_id))
    except ValueError as error:  # of another version: until this one has learned, within a day
        log.warning("Rankings rest on the shipped figures, because %s", error)
        return Basis(usual.prior(), records.shipped())
    return Basis(is_usual, records.joined(records.shipped(), own), name)


def site_url() -> str:
    """Where readers reach the site, without a slash at the end."""
    if option("URL"):
        return str(option("URL"))
    host = option("HOST")
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{host}:{option('PORT')}"
