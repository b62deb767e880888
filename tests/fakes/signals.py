"""GitHub, Hacker News, Semantic Scholar and OpenAlex, played for the sources that ask them."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.fakes.upstream import Answer, Asked

_VARIABLE = re.compile(r"r(\d+): repository\(owner: \$o(\d+), name: \$n(\d+)\)")


@dataclass
class FakeGitHub:
    """/repos/{owner}/{name} and /graphql; repositories by their names in lower case."""

    stars: dict[str, int]
    moved: dict[str, str] = field(default_factory=dict)  # former name: name
    asked: list[str] = field(default_factory=list)  # names, in the order of asking
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Answer:
        return self._graphql(asked) if asked.path == "/graphql" else self._rest(asked)

    def _rest(self, asked: Asked) -> Answer:
        name = unquote(asked.path.removeprefix("/repos/")).lower()
        self.asked.append(name)
        if name in self.moved:
            return Answer(status=301, headers={"Location": f"/repos/{self.moved[name]}"})
        if name not in self.stars:
            return Answer(b'{"message": "Not Found"}', status=404)
        etag = f'W/"{name}-{self.stars[name]}"'
        if asked.headers["if-none-match"] == etag:
            return Answer(status=304, headers=self.headers)
        return Answer(json_of(repository(name, self.stars[name])), headers={"ETag": etag, **self.headers})

    def _graphql(self, asked: Asked) -> Answer:
        question = json.loads(asked.body)
        data: dict[str, Any] = {"rateLimit": {"remaining": 4999, "resetAt": "2026-05-22T13:00:00Z"}}
        errors = []
        for alias, owner, name in _VARIABLE.findall(question["query"]):
            full = f"{question['variables'][f'o{owner}']}/{question['variables'][f'n{name}']}".lower()
            self.asked.append(full)
            found = self.moved.get(full, full)
            if found in self.stars:
                data[f"r{alias}"] = node(found, self.stars[found])
            else:
                data[f"r{alias}"] = None
                errors.append({"type": "NOT_FOUND", "path": [f"r{alias}"], "message": "no such"})
        return Answer(json_of({"data": data, **({"errors": errors} if errors else {})}))


def repository(name: str, stars: Any = 7, **other: Any) -> dict[str, Any]:
    """As https://api.github.com/repos/{owner}/{name} tells it, shortened."""
    return {
        "id": 1,
        "full_name": name,
        "stargazers_count": stars,
        "created_at": "2026-05-01T08:00:00Z",
        "archived": False,
        **other,
    }


def node(name: str, stars: Any = 7, **other: Any) -> dict[str, Any]:
    return {"nameWithOwner": name, "stargazerCount": stars, "createdAt": "2026-05-01T08:00:00Z", **other}


def story(url: str | None = "https://arxiv.org/abs/2605.00001", **other: Any) -> dict[str, Any]:
    """One hit of https://hn.algolia.com/api/v1/search_by_date, shortened."""
    return {
        "objectID": "44001",
        "title": "A paper",
        **({} if url is None else {"url": url}),
        "author": "pg",
        "points": 120,
        "num_comments": 30,
        "created_at": "2026-05-21T08:00:00Z",
        "created_at_i": 1779350400,
        "_tags": ["story"],
        **other,
    }


@dataclass
class FakeHackerNews:
    """/api/v1/search_by_date: all stories for "arxiv.org", in pages; none for other words."""

    stories: list[Any]

    def __call__(self, asked: Asked) -> Answer:
        stories = self.stories if asked.query["query"] == "arxiv.org" else []
        page, size = int(asked.query["page"]), int(asked.query["hitsPerPage"])
        hits = stories[page * size : (page + 1) * size]
        pages = -(-len(stories) // size)
        return Answer(json_of({"hits": hits, "nbHits": len(stories), "nbPages": pages, "page": page}))


@dataclass
class FakeSemanticScholar:
    """POST /graph/v1/paper/batch; citations by id, "ARXIV:2605.00001"."""

    citations: dict[str, Any]

    def __call__(self, asked: Asked) -> Answer:
        ids = json.loads(asked.body)["ids"]
        known = [self.citations.get(one) for one in ids]
        return Answer(
            json_of([None if count is None else {"paperId": "x", "citationCount": count} for count in known])
        )


@dataclass
class FakeOpenAlex:
    """GET /works/doi:…; citations by DOI."""

    citations: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Answer:
        doi = asked.path.removeprefix("/works/doi:")
        if doi not in self.citations:
            return Answer(b"<html>not found</html>", status=404)
        return Answer(json_of({"cited_by_count": self.citations[doi]}), headers=self.headers)


def json_of(value: Any) -> bytes:
    return json.dumps(value).encode()
