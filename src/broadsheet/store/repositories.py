"""Repositories that papers link to: whose turn it is to be asked, and which papers are theirs.

The table follows the links by change numbers, as the indexes do: it can be made again from them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Lower

from broadsheet.domain.code_links import github_name, official, repository_url
from broadsheet.domain.paper import LinkKind
from broadsheet.domain.tally import RepositoryDue, RepositoryState
from broadsheet.store import changes
from broadsheet.store.drafts import IN_EDITION
from broadsheet.store.models import Fact, Link, Listing, Paper, Repository
from broadsheet.store.rows import insert, slices

FRESH = timedelta(days=30)  # repositories of papers so young are asked daily,
YOUNG = timedelta(days=365)  # of these weekly, of older ones monthly
WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
BESIDE = YOUNG  # what stands beside the authors' own repository is wanted like an older paper's
LONG_AGO = date(1991, 8, 14)  # of a paper without any date
OTHERS_SHARE = 5  # one turn in five goes to older papers, however many new ones there are
AT_ONCE = 5_000  # links; no abstract has room for so many
SEEN = "repositories_seen"  # a fact: the change number up to which links have been looked at
COUNTED = "repositories_counted"  # a fact: the day on which papers were counted last
AT_ONCE_NAMED = 200  # addresses that one statement names, each in twelve spellings


def due(limit: int, today: date) -> list[RepositoryDue]:
    """At most so many, each at most once a day: never asked first, then the longest ago. Two queries.

    What is gone is asked again weekly: a repository may come back, and a wrong answer may have been.
    """
    fresh = _in_turn(
        Q(wanted_on__gte=today - FRESH)
        & (Q(state=RepositoryState.THERE, asked_on__lt=today) | _not_since(today - WEEK)),
        limit,
    )
    others = _in_turn(
        Q(wanted_on__lt=today - FRESH)
        & (Q(wanted_on__gte=today - YOUNG) & _not_since(today - WEEK) | _not_since(today - MONTH)),
        limit,
    )
    for_others = min(len(others), max(limit // OTHERS_SHARE, limit - len(fresh)))
    return fresh[: limit - for_others] + others[:for_others]


def _not_since(day: date) -> Q:
    return Q(asked_on=None) | Q(asked_on__lte=day)


def _in_turn(wanted: Q, limit: int) -> list[RepositoryDue]:
    rows = Repository.objects.filter(wanted).order_by(F("asked_on").asc(nulls_first=True), "-wanted_on", "id")
    return [RepositoryDue(*row) for row in rows.values_list("url", "full_name", "etag")[:limit]]


def follow_links() -> int:
    """Make a row of each repository that was linked since the last look; how many links there were.

    Killed at any instant, the next look goes on where the last one was kept.
    """
    count = 0
    while True:
        with transaction.atomic():
            changes.write_alone()
            found, is_last = _follow()
        count += found
        if is_last:
            return count


def _follow() -> tuple[int, bool]:
    newest = changes.newest()
    rows = _links_after(_seen())
    is_last = len(rows) < AT_ONCE
    if not is_last and rows[0][0] != rows[-1][0]:  # the last paper's links may not all be there
        rows = [row for row in rows if row[0] != rows[-1][0]]
    _add(_wanted(rows))
    seen = newest if is_last else rows[-1][0]
    Fact.objects.update_or_create(name=SEEN, defaults={"value": str(seen)})
    return len(rows), is_last


def _seen() -> int:
    return int(Fact.objects.filter(name=SEEN).values_list("value", flat=True).first() or 0)


_Row = tuple[int, int, str, str, list[str], date | None, date | None]


def _links_after(seen: int) -> list[_Row]:
    rows = Link.objects.filter(kind=LinkKind.CODE, paper__change_no__gt=seen)
    named = ("paper__title", "paper__names", "paper__announced_on", "paper__dated_on")
    return list(
        rows.order_by("paper__change_no", "id").values_list("paper__change_no", "paper_id", "url", *named)[
            :AT_ONCE
        ]
    )


def _wanted(rows: Sequence[_Row]) -> dict[str, tuple[str, date]]:
    """By address: what GitHub calls it, and the newest day of a paper that links to it."""
    listed = _last_listed({row[1] for row in rows})
    wanted: dict[str, tuple[str, date]] = {}
    for paper_id, group in groupby(rows, key=itemgetter(1)):
        links = list(group)
        _, _, _, title, names, *days = links[0]
        newest = max(filter(None, [*days, listed.get(paper_id)]), default=LONG_AGO)
        own = official([row[2] for row in links], title, names)
        for row in links:
            address, name = repository_url(row[2]), github_name(row[2])
            if address and name:
                day = newest if row[2] == own else newest - BESIDE
                name, before = wanted.get(address, (name, day))
                wanted[address] = (name, max(day, before))
    return wanted


def _last_listed(paper_ids: set[int]) -> dict[int, date]:
    rows = Listing.objects.filter(paper_id__in=paper_ids, kind__in=IN_EDITION)
    return dict(rows.values_list("paper_id").annotate(last=Max("day")))


def _add(wanted: dict[str, tuple[str, date]]) -> None:
    held = dict(Repository.objects.filter(url__in=wanted).values_list("url", "wanted_on"))
    insert(
        Repository,
        ("url", "full_name", "state", "etag", "papers", "wanted_on"),
        (
            (url, name, RepositoryState.THERE.value, "", 1, max(day, held.get(url, day)))
            for url, (name, day) in wanted.items()
        ),
        unique=("url",),
        update=("wanted_on",),
    )


def count_papers(today: date) -> None:
    """Once a day: how many papers name each repository. One pass over all links, seconds for arXiv."""
    counted = Fact.objects.filter(name=COUNTED).values_list("value", flat=True).first()
    if counted == today.isoformat():
        return
    rows = Link.objects.filter(kind=LinkKind.CODE).order_by("paper_id").values_list("paper_id", "url")
    papers: Counter[str] = Counter()
    for _, links in groupby(rows.iterator(), key=itemgetter(0)):
        papers.update({address for _, url in links if (address := repository_url(url))})
    held = Repository.objects.values_list("pk", "url", "papers")
    others: dict[int, list[int]] = defaultdict(list)
    for pk, url, before in held.iterator():
        if max(1, papers[url]) != before:
            others[max(1, papers[url])].append(pk)
    with transaction.atomic():
        changes.write_alone()
        for count, pks in others.items():
            for some in slices(pks):
                Repository.objects.filter(pk__in=some).update(papers=count)
        Fact.objects.update_or_create(name=COUNTED, defaults={"value": today.isoformat()})


def papers_sharing(urls: Iterable[str]) -> dict[str, int]:
    """How many papers link to the repository of each address; 0 for what is none of GitHub."""
    addresses = {url: repository_url(url) for url in urls}
    naming = _naming({address for address in addresses.values() if address})
    return {url: len(naming.get(address or "", ())) for url, address in addresses.items()}


def papers_of(urls: Collection[str]) -> dict[str, list[int]]:
    """The ids of the papers whose own repository each of these is. Three queries for 200 addresses."""
    naming = _naming(set(urls))
    own = own_repositories({paper_id for ids in naming.values() for paper_id in ids})
    return {
        url: [paper_id for paper_id in sorted(ids) if own.get(paper_id) == url] for url, ids in naming.items()
    }


def own_repositories(paper_ids: Collection[int]) -> dict[int, str]:
    """The address of each paper's own repository, where it is on GitHub. Two queries for 5,000 papers."""
    links: dict[int, list[str]] = defaultdict(list)
    own: dict[int, str] = {}
    for some in slices(sorted(paper_ids)):
        rows = Link.objects.filter(paper_id__in=some, kind=LinkKind.CODE).order_by("id")
        for paper_id, url in rows.values_list("paper_id", "url"):
            links[paper_id].append(url)
        for pk, title, names in Paper.objects.filter(pk__in=some).values_list("pk", "title", "names"):
            if address := repository_url(official(links[pk], title, names) or ""):
                own[pk] = address
    return own


def _naming(addresses: set[str]) -> dict[str, set[int]]:
    """By address, the papers that link to it in any spelling."""
    found: dict[str, set[int]] = defaultdict(set)
    for some in map(set, slices(sorted(addresses), most=AT_ONCE_NAMED)):
        for paper_id, url in _links_to(some).values_list("paper_id", "url"):
            if (address := repository_url(url)) in some:
                found[address].add(paper_id)
    return found


def _links_to(addresses: set[str]) -> QuerySet[Link]:
    """Links that may lead there. Reads all code links once: few enough, and no index to keep for them."""
    spellings = {
        f"{scheme}{address.removeprefix('https://')}{tail}"
        for address in addresses
        for scheme in ("https://", "https://www.", "http://", "http://www.")
        for tail in ("", "/", ".git")
    }
    code = Link.objects.filter(kind=LinkKind.CODE).alias(low=Lower("url"))
    return code.filter(Q(low__in=spellings) | Q(low__contains="/tree/") | Q(low__contains="/blob/"))
