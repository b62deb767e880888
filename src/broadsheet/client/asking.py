"""Asks a site: one function for each address. Lists are iterators that fetch page after page."""

import time
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from types import TracebackType
from typing import Any, Self, TypeVar, cast
from urllib.parse import quote

import httpx

from broadsheet.client import answers

T = TypeVar("T")
A_PAGE = 100  # rows, the most that the API tells at once
LONGEST_WAIT_S = 60.0
TRIES = 3

Day = date | str


class ApiError(Exception):
    """The site refused, or could not answer; as it said itself where it did."""

    def __init__(self, status: int, code: str, detail: str, errors: Sequence[dict[str, str]] = ()) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = list(errors)  # field, value, expected


class Client:
    """Waits when the site says that it was asked too often, `TRIES` times for a minute at the most."""

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        token: str = "",
        timeout_s: float = 30.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        base = f"{url.rstrip('/')}/api/v1"
        self._http = httpx.Client(base_url=base, headers=headers, timeout=timeout_s, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

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
        return cast(answers.WholePaper, self._one(f"/papers/{_path(ref)}", fields=fields))

    def signals(self, ref: str) -> answers.Signals:
        return cast(answers.Signals, self._one(f"/signals/{_path(ref)}"))

    def similar(self, ref: str, *, most: int = 30, fields: Sequence[str] = ()) -> list[answers.Hit]:
        page = self._one(f"/similar/{_path(ref)}", limit=most, fields=fields)
        return cast(list[answers.Hit], page["items"])

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

    def categories(self) -> list[answers.Category]:
        return cast(list[answers.Category], self._one("/categories")["items"])

    def editions(self, kind: str = "day", *, most: int | None = None) -> Iterator[answers.Edition]:
        """`kind` is day, week, month, trending or all."""
        return self._rows("/editions", most, kind=kind)

    def edition(
        self,
        kind: str = "day",
        slug: str = "newest",
        *,
        category: str = "",
        view: str = "printed",
        fields: Sequence[str] = (),
    ) -> Iterator[answers.Place]:
        """Its papers in rank order; `slug` as in 2026-05-22, 2026-W21, 2026-05."""
        asked = {"category": category, "view": view, "fields": fields}
        return self._rows(f"/editions/{_path(kind)}/{_path(slug)}", None, **asked)

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
        self, *, name: str = "", benchmark: str = "", paper: str = "", most: int | None = None
    ) -> Iterator[answers.Claim]:
        return self._rows("/claims", most, name=name, benchmark=benchmark, paper=paper)

    def claim(self, number: int) -> answers.Claim:
        return cast(answers.Claim, self._one(f"/claims/{number}"))

    def names(
        self, *, about: str = "name", beginning: str = "", most: int | None = None
    ) -> Iterator[answers.Name]:
        """`about` is name or benchmark."""
        return self._rows("/names", most, about=about, beginning=beginning)

    def subscription(self) -> answers.Subscription:
        """Of the token."""
        return cast(answers.Subscription, self._one("/subscription"))

    def change_subscription(self, **change: Any) -> answers.Subscription:
        """What is left out stays as it is; `state` is active or paused."""
        return cast(answers.Subscription, self._asked("PATCH", "/subscription", json=change).json())

    def end_subscription(self) -> None:
        self._asked("DELETE", "/subscription")

    def status(self) -> answers.Status:
        return cast(answers.Status, self._one("/status"))

    def _rows(self, path: str, most: int | None, **asked: Any) -> Iterator[Any]:
        return islice(self._each(path, min(most or A_PAGE, A_PAGE), asked), most)

    def _each(self, path: str, limit: int, asked: dict[str, Any]) -> Iterator[Any]:
        cursor: str | None = ""
        while cursor is not None:
            page = self._one(path, **asked, limit=limit, cursor=cursor)
            yield from page["items"]
            cursor = page["next"]

    def _one(self, path: str, **asked: Any) -> Any:
        return self._asked(
            "GET", path, params={name: _written(value) for name, value in asked.items() if value}
        ).json()

    def _asked(self, method: str, path: str, **more: Any) -> httpx.Response:
        for is_last in [False] * (TRIES - 1) + [True]:
            reply = self._http.request(method, path, **more)
            wait_s = _wait_s(reply)
            if reply.is_success:
                return reply
            if is_last or wait_s is None:
                break
            time.sleep(wait_s)
        raise _error(reply)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else ",".join(value) if isinstance(value, Sequence) else str(value)


def _path(text: str) -> str:
    return quote(text, safe="/:")


def _wait_s(reply: httpx.Response) -> float | None:
    """None where asking again cannot help, or takes too long."""
    told = reply.headers.get("Retry-After", "")
    return float(told) if told.isdigit() and float(told) <= LONGEST_WAIT_S else None


def _error(reply: httpx.Response) -> ApiError:
    try:
        told = reply.json()
        return ApiError(reply.status_code, told["code"], told["detail"], told["errors"])
    except (ValueError, KeyError, TypeError):  # a proxy's words, or another site's
        return ApiError(reply.status_code, "unknown", f"{reply.url.host} answered {reply.reason_phrase}")
