"""News as JSON for programs; docs/webhooks.md describes it. What stands there is never renamed."""

import orjson

from broadsheet.deliver.push.news import News, Told


def body(news: News) -> str:
    data = {
        "edition": _edition(news),
        "search": {"query": news.query, "url": news.url} if news.window is None else None,
        "chosen_for": news.chosen_for,
        "matching": news.matching,
        "told_before": news.before,
        "papers": [_paper(one) for one in news.papers],
    }
    return orjson.dumps({"type": news.kind, "timestamp": news.at, "data": data}).decode()


def _edition(news: News) -> dict[str, object] | None:
    if news.window is None:
        return None
    return {
        "kind": news.window.kind,
        "slug": news.window.slug,
        "title": news.window.title,
        "start": news.window.start,
        "end": news.window.end,  # the first day after it
        "url": news.url,
        "papers": news.paper_count,
    }


def _paper(one: Told) -> dict[str, object]:
    return {
        "rank": one.rank,
        "id": one.id,
        "title": one.title,
        "authors": list(one.authors),
        "author_count": one.author_count,
        "categories": list(one.categories),
        "one_line": one.one_line,
        "one_line_is_machine_written": one.is_written,
        "text": one.text,
        "reason": one.reason,
        "url": one.url,
        "code": one.code or None,
    }
