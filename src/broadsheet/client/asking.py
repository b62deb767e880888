"""Asks a site: one function for each address. Lists are iterators that fetch page after page."""

from collections.abc import Iterator, Sequence
from datetime import date
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import quote

import httpx

from broadsheet.client import answers
from broadsheet.client.errors import NoAnswer
from broadsheet.client.wire import Wire

API = "/api/v1"
A_PAGE = 100  # rows, the most that the API tells at once
MOST_EMPTY = 10  # pages in a row; papers may have gone since they were counted, but not for ever

Day = date | str


class Client:
    """Of one site; whatever goes wrong is a ClientError: ApiError or NoAnswer.

    It waits when the site says that it was asked too often, twice for `longest_wait_s` at the most. The site
    may be silent for `timeout_s`. A `url` or `token` that cannot be one raises ValueError.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        token: str = "",
        timeout_s: float = 30.0,
        longest_wait_s: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._wire = Wire(url, token, timeout_s, longest_wait_s, transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

    def papers(
        self,
        *,
        category: str = "",
        since: Day | None = None,
        until: Day | None = None,
        fields: Sequence[str] = (),
        most: int | None = None,
    ) -> Iterator[answers.Paper]:
        """All papers, the newest first."""
        return self._rows("/papers", most, category=category, since=since, until=until, fields=fields)

    def paper(self, ref: str, *, fields: Sequence[str] = ()) -> answers.WholePaper:
        """By its arXiv number, DOI, address, or id."""
        return cast(answers.WholePaper, self.get(f"/papers/{ref}", fields=fields))

    def signals(self, ref: str, *, fields: Sequence[str] = ()) -> answers.Signals:
        return cast(answers.Signals, self.get(f"/signals/{ref}", fields=fields))

    def similar(self, ref: str, *, most: int = 30, fields: Sequence[str] = ()) -> list[answers.Hit]:
        """A hundred at the most."""
        return cast(list[answers.Hit], self.page(f"/similar/{ref}", limit=most, fields=fields)["items"])

    def search(
        self,
        query: str,
        *,
        sort: str = "relevance",
        mend: bool = True,
        fields: Sequence[str] = (),
        most: int | None = 30,
    ) -> Iterator[answers.Hit]:
        """`sort` is relevance, new or trending."""
        asked = {"q": query, "sort": sort, "mend": str(mend).lower(), "fields": fields}
        return self._rows("/search", most, **asked)

    def author(
        self, name: str, *, fields: Sequence[str] = (), most: int | None = None
    ) -> Iterator[answers.Hit]:
        """Papers of all who bear the name, the newest first."""
        return self._rows("/search", most, q=by_author(name), sort="new", fields=fields)

    def categories(self, *, fields: Sequence[str] = ()) -> list[answers.Category]:
        return cast(list[answers.Category], self.page("/categories", fields=fields)["items"])

    def editions(
        self, kind: str = "day", *, fields: Sequence[str] = (), most: int | None = None
    ) -> Iterator[answers.Edition]:
        """`kind` is day, week, month, trending or all."""
        return self._rows("/editions", most, kind=kind, fields=fields)

    def edition(
        self,
        kind: str = "day",
        slug: str = "newest",
        *,
        category: str = "",
        view: str = "printed",
        fields: Sequence[str] = (),
        most: int | None = None,
    ) -> Iterator[answers.Place]:
        """Its papers in rank order; `slug` as in 2026-05-22, 2026-W21, 2026-05."""
        asked = {"category": category, "view": view, "fields": fields}
        return self._rows(f"/editions/{kind}/{slug}", most, **asked)

    def trending(
        self,
        window: str = "trending",
        *,
        day: Day | None = None,
        category: str = "",
        fields: Sequence[str] = (),
        most: int | None = None,
    ) -> Iterator[answers.Place]:
        asked = {"window": window, "date": day, "category": category, "fields": fields}
        return self._rows("/trending", most, **asked)

    def claims(
        self,
        *,
        name: str = "",
        benchmark: str = "",
        paper: str = "",
        fields: Sequence[str] = (),
        most: int | None = None,
    ) -> Iterator[answers.Claim]:
        """By or against a name, on a benchmark, of a paper."""
        return self._rows("/claims", most, name=name, benchmark=benchmark, paper=paper, fields=fields)

    def claim(self, number: int, *, fields: Sequence[str] = ()) -> answers.Claim:
        return cast(answers.Claim, self.get(f"/claims/{number}", fields=fields))

    def names(
        self,
        *,
        about: str = "name",
        beginning: str = "",
        fields: Sequence[str] = (),
        most: int | None = None,
    ) -> Iterator[answers.Name]:
        """`about` is name or benchmark."""
        return self._rows("/names", most, about=about, beginning=beginning, fields=fields)

    def subscription(self, *, fields: Sequence[str] = ()) -> answers.Subscription:
        """Of the token."""
        return cast(answers.Subscription, self.get("/subscription", fields=fields))

    def change_subscription(self, **change: Any) -> answers.Subscription:
        """What is left out stays as it is; `state` is active or paused."""
        return cast(answers.Subscription, self._wire.told("PATCH", f"{API}/subscription", json=change))

    def end_subscription(self) -> None:
        self._wire.asked("DELETE", f"{API}/subscription")

    def status(self, *, fields: Sequence[str] = ()) -> answers.Status:
        return cast(answers.Status, self.get("/status", fields=fields))

    def export(self, path: str, form: str, **asked: str | Sequence[str]) -> bytes:
        """A page of the site as a file: export("/day/2026-05-22", "bib", cat="cs.LG")."""
        reply = self._wire.asked("GET", f"{_path(path)}.{form}", params=asked, headers={"Accept": "*/*"})
        return reply.body

    def get(self, path: str, **asked: Any) -> dict[str, Any]:
        """What is told at any address of the API, as it is. Nothing is asked by None and by what is empty."""
        params = {name: _written(value) for name, value in asked.items() if value not in (None, "", (), [])}
        return self._wire.told("GET", API + _path(path), params=params)

    def page(self, path: str, **asked: Any) -> dict[str, Any]:
        """One page of a list, with what stands beside its `items`."""
        page = self.get(path, **asked)
        _check(page, path)
        return page

    def pages(self, path: str, *, most: int | None = None, **asked: Any) -> Iterator[dict[str, Any]]:
        """Of any list, as they are told with what stands beside their `items`; `most` rows in all."""
        left, cursor, empty = most, "", 0
        while left is None or left > 0:
            limit = A_PAGE if left is None else min(left, A_PAGE)
            page = self.page(path, **asked, limit=limit, cursor=cursor)
            items, after = page["items"], page.get("next")
            yield page | {"items": items[:left]}
            empty = 0 if items else empty + 1
            if after is None:
                return
            if not isinstance(after, str) or after in ("", cursor) or empty == MOST_EMPTY:
                raise NoAnswer(f"{self._wire.url}{API}{path} tells of pages without end, and of no rows")
            left, cursor = None if left is None else left - len(items), after

    def _rows(self, path: str, most: int | None, **asked: Any) -> Iterator[Any]:
        for page in self.pages(path, most=most, **asked):
            yield from page["items"]


def by_author(name: str) -> str:
    """The query that finds the papers of a name, as the page of an author asks it."""
    bare = name.replace('"', " ")
    return f'author:"{bare}"'


def _check(page: dict[str, Any], path: str) -> None:
    items = page.get("items")
    if not isinstance(items, list) or not all(isinstance(row, dict) for row in items):
        raise NoAnswer(f"{API}{path} was answered with JSON, but with no list of a Broadsheet")


def _written(value: Any) -> str:
    return value if isinstance(value, str) else ",".join(value) if isinstance(value, Sequence) else str(value)


def _path(text: str) -> str:
    """Dots alone between slashes would lead out of the API: they are sent as signs of a name."""
    parts = quote(text, safe="/:").split("/")
    return "/".join(part.replace(".", "%2E") if part in (".", "..") else part for part in parts)
