"""Addresses of every kind of list that a filled data folder can tell, for bench.feeds: python -m bench.lists

A process of its own for each folder, as the settings are read once. Reads the papers first where nothing has
(names and benchmarks come of that), and makes one subscription. Prints JSON: {"feed: search": [path, …], …}.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

EACH = 40  # addresses of a kind
Lists = dict[str, list[str]]
_EDITIONS = 20  # the newest of a kind are asked for
_EMAIL = "bench@example.org"


def lists_in(data: Path) -> Lists:
    """Made in a process of its own."""
    alone = {"BROADSHEET_DATA": str(data.resolve()), "BROADSHEET_OFFLINE": "yes", "BROADSHEET_SAMPLE": "no"}
    environ = {**os.environ, **alone, "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings"}
    told = subprocess.run([sys.executable, "-m", "bench.lists"], env=environ, check=True, capture_output=True)
    found: Lists = json.loads(told.stdout)
    return found


def main() -> None:
    import django  # noqa: PLC0415 - the settings read the environment

    django.setup()
    from broadsheet.cli import prepare  # noqa: PLC0415
    from broadsheet.jobs import reading  # noqa: PLC0415

    prepare.migrate()
    reading.catch_up()
    print(json.dumps({name: paths for name, paths in _all_kinds().items() if paths}))


def _all_kinds() -> Lists:
    refs, words, authors = _of_papers()
    return {
        **_feeds(refs, words, authors),
        **_exports(refs, words),
        **_api(refs, words),
        **_shapes_of_others(words),
    }


def _of_papers() -> tuple[list[str], list[str], list[str]]:
    """Of papers by chance: references, some words of titles, authors."""
    from broadsheet.domain.ids import paper_ref  # noqa: PLC0415
    from broadsheet.store.models import Paper  # noqa: PLC0415

    last = Paper.objects.order_by("-pk").values_list("pk", flat=True).first()
    if not last:
        raise SystemExit("this data folder holds no papers; run bench.imports first, or say --data FOLDER")
    chosen = random.Random(1).sample(range(1, last + 1), min(2 * EACH, last))
    rows = Paper.objects.filter(pk__in=chosen, is_withdrawn=False).values_list("key", "title", "authors")
    found: list[Any] = list(rows[:EACH])
    titles = [" ".join(title.split()[:3]) for _, title, _ in found]
    return (
        [paper_ref(key) for key, _, _ in found],
        [quote(title) for title in titles],
        [quote(authors[0], safe="") for _, _, authors in found if authors],
    )


def _editions(kind: str) -> list[str]:
    from broadsheet.domain.edition import Window, WindowKind  # noqa: PLC0415
    from broadsheet.store.models import Edition  # noqa: PLC0415

    full = Edition.objects.filter(kind=kind, paper_count__gte=50).order_by("-start")
    starts = full.values_list("start", flat=True).distinct()[:_EDITIONS]
    return [Window(WindowKind(kind), start).slug for start in starts]


def _most_claimed(field: str) -> list[str]:
    """The names that most figures are claimed about: their lists cost most."""
    from django.db.models import Count  # noqa: PLC0415

    from broadsheet.store.models import Claim  # noqa: PLC0415

    counted = Claim.objects.exclude(**{field: ""}).values(field).annotate(count=Count("pk"))
    return [quote(row[field]) for row in counted.order_by("-count")[:_EDITIONS]]


def _feeds(refs: list[str], words: list[str], authors: list[str]) -> Lists:
    days, weeks, months = (_editions(kind) for kind in ("day", "week", "month"))
    forms = ("atom", "rss", "json")
    return {
        **{f"feed: day, {form}": [f"/day/{day}.{form}" for day in days] for form in forms},
        "feed: week": [f"/week/{week}.atom" for week in weeks],
        "feed: month": [f"/month/{month}.atom" for month in months],
        "feed: front page, 60": ["/day.atom"],
        "feed: newest week": ["/week.atom"],
        "feed: newest month": ["/month.atom"],
        "feed: trending": ["/trending.atom"] if _editions("trending") else [],
        "feed: all time": ["/trending/all.atom"] if _editions("all") else [],
        "feed: category of a week": [f"/week/{week}.atom?cat=cs.LG" for week in weeks],
        "feed: category of a month": [f"/month/{month}.atom?cat=cs.CL" for month in months],
        "feed: search": [f"/search.atom?q={text}" for text in words],
        "feed: search, relevance": [f"/search.atom?q={text}&sort=relevance" for text in words],
        "feed: search, trending": [f"/search.atom?q={text}&sort=trending" for text in words],
        "feed: similar": [f"/similar/{ref}.atom" for ref in refs],
        "feed: author": [f"/author/{name}.atom" for name in authors],
        "feed: name": [f"/name/{name}.atom" for name in _most_claimed("subject_key")],
        "feed: benchmark": [f"/benchmark/{name}.atom" for name in _most_claimed("dataset_key")],
        "feed: subscription": [f"/subscription/feed.atom?token={_subscription()}"],
    }


def _subscription() -> str:
    """The token of the feed of a reader with a choice of categories and a search: 51 papers of three days."""
    from django.utils import timezone  # noqa: PLC0415

    from broadsheet.deliver import tokens  # noqa: PLC0415
    from broadsheet.domain.interest import Interest  # noqa: PLC0415
    from broadsheet.domain.subscription import SubscriptionState  # noqa: PLC0415
    from broadsheet.lib.address import read  # noqa: PLC0415
    from broadsheet.store import subscriptions  # noqa: PLC0415
    from broadsheet.store.models import Subscription  # noqa: PLC0415
    from broadsheet.store.subscriptions import Handle  # noqa: PLC0415

    now, asked = timezone.now(), Subscription.objects.filter(address=_EMAIL)
    if not asked.exists():
        interest = Interest(categories=("cs.LG", "cs.CL"), query="language models", most=17)
        subscriptions.ask(read(_EMAIL), interest, network="bench", now=now)
    asked.update(state=SubscriptionState.ACTIVE, confirmed_at=now, due_at=None)
    row = asked.get()
    return tokens.make_feed(Handle(row.pk, row.generation), row.feed_key)


def _exports(refs: list[str], words: list[str]) -> Lists:
    forms, days = ("bib", "ris", "csl.json", "csv", "jsonl", "md"), _editions("day")
    return {
        **{f"export: paper, {form}": [f"/paper/{ref}.{form}" for ref in refs] for form in ("bib", "ris")},
        **{f"export: day, {form}": [f"/day/{day}.{form}" for day in days] for form in forms},
        "export: search, bib": [f"/search.bib?q={text}" for text in words],
        "export: similar, bib": [f"/similar/{ref}.bib" for ref in refs],
    }


def _api(refs: list[str], words: list[str]) -> Lists:
    days, weeks = _editions("day"), _editions("week")
    told = {
        "papers": ["papers?limit=50"],
        "papers, category": ["papers?limit=50&category=cs.LG", "papers?limit=50&category=math"],
        "papers, since": [f"papers?limit=50&until={day}" for day in days],
        "paper": [f"papers/{quote(ref, safe='')}" for ref in refs],
        "signals": [f"signals/{quote(ref, safe='')}" for ref in refs],
        "editions": ["editions?limit=50", "editions?kind=week&limit=50"],
        "edition": [f"editions/day/{day}?limit=50" for day in days],
        "edition, category": [f"editions/week/{week}?limit=50&category=cs.LG" for week in weeks],
        "trending": ["trending?window=week&limit=50", "trending?window=month&limit=50"],
        "search": [f"search?q={text}&limit=50" for text in words],
        "similar": [f"similar/{quote(ref, safe='')}?limit=50" for ref in refs],
        "categories": ["categories"],
        "claims": ["claims?limit=50"],
        "claims of a name": [f"claims?limit=50&name={name}" for name in _most_claimed("subject_key")],
        "names": ["names?limit=50", "names?limit=50&about=benchmark"],
    }
    return {f"api: {name}": [f"/api/v1/{path}" for path in paths] for name, paths in told.items()}


def _shapes_of_others(words: list[str]) -> Lists:
    days = _editions("day")
    return {
        "hf: daily papers": [f"/api/daily_papers?limit=50&date={day}" for day in days],
        "hf: papers": ["/api/papers?limit=50"],
        "hf: search": [f"/api/papers/search?limit=50&q={text}" for text in words],
        "arxiv: query": [
            f"/api/query?max_results=50&search_query=all:{text.split('%20')[0]}" for text in words
        ],
        "arxiv: ids": ["/api/query?id_list=2401.01234"],
    }


if __name__ == "__main__":
    main()
