"""Whose turn it is: fair, each at most once a day, and quick however many there are."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from broadsheet.domain.paper import Link, LinkKind, PaperRecord
from broadsheet.domain.tally import RepositoryDue, RepositoryState
from broadsheet.store import citing, repositories
from broadsheet.store.intake import take_in
from broadsheet.store.models import Fact, Paper, PaperSource, Repository
from tests.makers import NOW, arxiv, daily, listed

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def days(count: int) -> timedelta:
    return timedelta(days=count)


def linking(number: str, *urls: str, day: date = TODAY, title: str = "On counting") -> PaperRecord:
    links = tuple(Link(LinkKind.CODE, url) for url in urls)
    return arxiv(number, title=f"{title} {number}", links=links, listings=daily(day))


def hold(name: str, wanted_on: date = TODAY, **columns: object) -> None:
    Repository.objects.create(
        url=f"https://github.com/{name}", full_name=name, wanted_on=wanted_on, **columns
    )


def names_due(limit: int = 50, today: date = TODAY) -> list[str]:
    return [due.full_name for due in repositories.due(limit, today)]


def test_the_table_follows_the_links() -> None:
    take_in([linking("2605.00001", "https://github.com/A/B", "https://gitlab.com/c/d")], now=NOW)

    count = repositories.follow_links()

    assert count == 2
    assert repositories.due(9, TODAY) == [RepositoryDue("https://github.com/a/b", "A/B")]
    assert repositories.follow_links() == 0


def test_a_repository_of_several_spellings_and_papers_is_one_row_of_the_newest_day() -> None:
    take_in([linking("2605.00001", "https://github.com/a/b", day=TODAY - days(9))], now=NOW)
    repositories.follow_links()
    take_in([linking("2605.00002", "http://www.github.com/A/B/tree/main", day=TODAY - days(2))], now=NOW)
    repositories.follow_links()
    take_in([linking("2605.00003", "https://github.com/A/b.git", day=TODAY - days(5))], now=NOW)

    repositories.follow_links()

    assert [(row.url, row.wanted_on) for row in Repository.objects.all()] == [
        ("https://github.com/a/b", TODAY - days(2))
    ]


def test_a_paper_listed_again_makes_its_repository_wanted_again() -> None:
    take_in([linking("2605.00001", "https://github.com/a/b", day=TODAY - days(9))], now=NOW)
    repositories.follow_links()

    take_in([linking("2605.00001", "https://github.com/a/b", day=TODAY)], now=NOW)
    repositories.follow_links()

    assert Repository.objects.get().wanted_on == TODAY


def test_the_authors_own_repository_comes_before_what_stands_beside_it() -> None:
    urls = ("https://github.com/pytorch/pytorch", "https://github.com/me/code")
    take_in([linking("2605.00001", *urls)], now=NOW)

    repositories.follow_links()

    assert names_due(1) == ["me/code"]
    assert names_due(9) == ["me/code", "pytorch/pytorch"]


def test_many_links_are_followed_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repositories, "AT_ONCE", 3)
    two_each = [
        linking(f"2605.{n:05}", f"https://github.com/a/b{n}", f"https://github.com/c/d{n}")
        for n in range(1, 8)
    ]
    take_in(two_each, now=NOW)

    count = repositories.follow_links()

    assert count == 14
    assert Repository.objects.count() == 14


def test_names_that_are_none_make_no_row() -> None:
    odd = [
        "https://github.com/a/..",
        "https://github.com/a",
        "https://example.org/a/b",
        "https://github.com/a/b%0a",
    ]
    take_in([linking("2605.00001", *odd)], now=NOW)

    repositories.follow_links()

    assert not Repository.objects.exists()


def test_never_asked_come_first_then_the_longest_ago() -> None:
    hold("o/yesterday", asked_on=TODAY - days(1))
    hold("o/long-ago", asked_on=TODAY - days(5))
    hold("o/never-older", wanted_on=TODAY - days(3))
    hold("o/never-newer")

    assert names_due() == ["o/never-newer", "o/never-older", "o/long-ago", "o/yesterday"]
    assert names_due(2) == ["o/never-newer", "o/never-older"]


@pytest.mark.parametrize(
    ("age", "asked", "state", "is_due"),
    [
        (0, 0, "there", False),
        (30, 1, "there", True),
        (31, 6, "there", False),
        (31, 7, "there", True),
        (365, 7, "there", True),
        (366, 29, "there", False),
        (366, 30, "there", True),
        (0, 6, "gone", False),
        (0, 7, "gone", True),
        (0, 6, "blocked", False),
        (31, 6, "gone", False),
    ],
)
def test_newer_ones_are_asked_more_often_and_none_twice_a_day(
    age: int, asked: int, state: str, is_due: bool
) -> None:
    hold("o/r", wanted_on=TODAY - days(age), asked_on=TODAY - days(asked), state=RepositoryState(state))

    assert bool(names_due()) is is_due


def test_old_ones_get_their_share_however_many_are_new() -> None:
    for number in range(20):
        hold(f"new/r{number}")
        hold(f"old/r{number}", wanted_on=TODAY - days(400))

    found = names_due(10)

    assert sum(name.startswith("old/") for name in found) == 2
    assert len(names_due(100)) == 40


def test_a_turn_takes_two_queries_however_many_there_are(django_assert_num_queries: object) -> None:
    Repository.objects.bulk_create(
        Repository(
            url=f"https://github.com/o/r{n}",
            full_name=f"o/r{n}",
            wanted_on=TODAY - days(n % 3000),
            asked_on=TODAY - days(n % 12) if n % 20 else None,
        )
        for n in range(1_000)
    )

    with django_assert_num_queries(2):  # type: ignore[operator]
        found = repositories.due(50, TODAY)

    assert len(found) == 50


def test_papers_that_share_a_repository_are_counted() -> None:
    take_in(
        [
            linking("2605.00001", "https://github.com/a/b", "https://github.com/A/B/tree/x"),
            linking("2605.00002", "https://github.com/a/B", "https://github.com/c/d"),
        ],
        now=NOW,
    )
    repositories.follow_links()

    repositories.count_papers(TODAY)

    asked = [
        "https://github.com/A/b",
        "https://github.com/c/d",
        "https://github.com/e/f",
        "https://x.org/a/b",
    ]
    assert list(repositories.papers_sharing(asked).values()) == [2, 1, 0, 0]
    assert dict(Repository.objects.values_list("full_name", "papers")) == {"a/b": 2, "c/d": 1}


def test_papers_are_counted_once_a_day() -> None:
    repositories.count_papers(TODAY)
    take_in([linking(f"2605.{n:05}", "https://github.com/a/b") for n in (1, 2)], now=NOW)
    repositories.follow_links()

    repositories.count_papers(TODAY)
    today = Repository.objects.get().papers
    repositories.count_papers(TODAY + days(1))

    assert (today, Repository.objects.get().papers) == (1, 2)


def test_a_look_that_is_killed_is_taken_again() -> None:
    take_in([linking("2605.00001", "https://github.com/a/b")], now=NOW)
    with transaction.atomic():
        repositories.follow_links()
        transaction.set_rollback(True)
    assert not Fact.objects.filter(name=repositories.SEEN).exists()

    repositories.follow_links()

    assert Repository.objects.count() == 1


def asked(number: str, ago: int, source: str = "openalex") -> None:
    paper = Paper.objects.get(key=f"arxiv:{number}")
    PaperSource.objects.create(paper=paper, source=source, told_on=TODAY - days(ago), first_told_at=NOW)


def test_citations_are_asked_for_in_a_fair_turn() -> None:
    ages = {
        "2605.00001": 5,
        "2605.00002": 1,
        "2605.00003": 5,
        "2605.00004": 5,
        "2605.00005": 100,
        "2605.00006": 100,
    }
    take_in([arxiv(number, submitted_at=NOW - days(age)) for number, age in ages.items()], now=NOW)
    take_in([listed("A title without any id")], now=NOW)
    asked("2605.00003", 3)
    asked("2605.00004", 2)
    asked("2605.00005", 6)
    asked("2605.00006", 7)
    asked("2605.00001", 0, source="semantic_scholar")

    found = citing.due("openalex", 9, TODAY)

    assert found == [f"arxiv:2605.0000{number}" for number in (2, 1, 3, 6)]
    assert citing.due("openalex", 1, TODAY) == ["arxiv:2605.00002"]
