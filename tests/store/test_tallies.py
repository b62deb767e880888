"""Counts of papers: what is new is kept, what is the same changes nothing, silence is not zero."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.paper import IntakeReport, Link, LinkKind, Told
from broadsheet.domain.signal import SignalKind, SignalReading
from broadsheet.domain.tally import RepositoryState, RepositoryTold, Tally
from broadsheet.store import repositories
from broadsheet.store.intake import take_in
from broadsheet.store.models import Paper, PaperSource, Repository, Signal, StaleWindow
from tests.makers import FRIDAY, NOW, arxiv, daily, listed, stars, upvotes

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
KEY = PaperKey("arxiv:2605.00001")
URL = "https://github.com/me/lora"
DAY = timedelta(days=1)


def take(*told: Told) -> IntakeReport:
    return take_in(told, now=NOW)


def points(value: int, key: str = KEY, day: date = TODAY) -> Tally:
    return Tally("hackernews", PaperKey(key), (SignalReading(SignalKind.POINTS, day, value),))


def counted(stars: int | None, day: date = TODAY, etag: str = "one", url: str = URL) -> RepositoryTold:
    return RepositoryTold("github", url, day, RepositoryState.THERE, stars, "me/LoRA" if stars else "", etag)


def code(*urls: str) -> tuple[Link, ...]:
    return tuple(Link(LinkKind.CODE, url) for url in urls)


def hold_paper_with_code(number: str = "2605.00001", *urls: str) -> None:
    take(arxiv(number, title="LoRA: Low-Rank Adaptation", links=code(*(urls or (URL,))), listings=daily()))
    repositories.follow_links()
    StaleWindow.objects.all().delete()


def series(kind: str = "stars") -> list[tuple[date, int]]:
    return list(Signal.objects.filter(kind=kind).order_by("day", "paper_id").values_list("day", "value"))


def test_a_count_is_kept_and_marks_the_windows_of_its_paper() -> None:
    take(arxiv(listings=daily()))
    StaleWindow.objects.all().delete()
    change_no = Paper.objects.get().change_no

    report = take(points(120))

    assert str(report) == "0 added, 1 changed, 0 unchanged, 0 bad"
    assert series("points") == [(TODAY, 120)]
    assert {(row.kind, row.start) for row in StaleWindow.objects.all()} >= {("day", FRIDAY)}
    assert Paper.objects.get().change_no == change_no  # nothing for the index to do


def test_the_same_count_of_a_day_changes_nothing() -> None:
    take(arxiv(listings=daily()), points(120))
    StaleWindow.objects.all().delete()

    report = take(points(120))

    assert (report.changed, report.unchanged) == (0, 1)
    assert not StaleWindow.objects.exists()


def test_a_later_count_of_a_day_stands_and_another_day_is_another_row() -> None:
    take(arxiv(), points(5, day=TODAY - DAY))

    take(points(9, day=TODAY - DAY))
    report = take(points(9))

    assert report.changed == 1
    assert series("points") == [(TODAY - DAY, 9), (TODAY, 9)]


def test_a_paper_that_we_do_not_hold_is_no_news() -> None:
    report = take(points(120, "arxiv:2605.00099"), points(120, "doi:10.1000/none"))

    assert (report.total, report.unchanged) == (2, 2)
    assert not Paper.objects.exists()


def test_a_paper_is_found_under_its_former_key_and_its_doi() -> None:
    take(listed("A title that comes later"), arxiv(title="A title that comes later", doi="10.1000/xyz"))
    former = next(iter(Paper.objects.get().former_keys.values_list("key", flat=True)))

    take(points(7, former))
    report = take(points(9, "doi:10.1000/xyz"))

    assert report.changed == 1
    assert series("points") == [(TODAY, 9)]


def test_two_names_of_a_paper_do_not_add_up() -> None:
    take(arxiv(doi="10.1000/xyz"))

    for order in permutations([points(7), points(9, "doi:10.1000/xyz")]):
        Signal.objects.all().delete()
        take(*order)

        assert series("points") == [(TODAY, 9)]


def test_editions_of_long_ago_keep_their_order() -> None:
    take(
        arxiv("2605.00001", listings=daily(TODAY - timedelta(days=46))),
        arxiv("2605.00002", announced_on=TODAY - timedelta(days=45)),
    )
    StaleWindow.objects.all().delete()

    take(points(1), points(1, "arxiv:2605.00002"))

    days = StaleWindow.objects.filter(kind="day").values_list("start", flat=True)
    assert list(days) == [TODAY - timedelta(days=45)]


def test_a_count_from_the_future_is_a_bad_record() -> None:
    take(arxiv())

    report = take(points(1, day=TODAY + 2 * DAY), counted(1, TODAY + 2 * DAY))

    assert report.bad_count == 2
    assert "points read on 2026-05-26, which is in the future" in str(report.bad[0])
    assert not Signal.objects.exists()


def test_a_repository_gives_its_stars_to_the_papers_whose_own_it_is() -> None:
    hold_paper_with_code("2605.00001", "https://github.com/pytorch/pytorch", "http://www.GitHub.com/me/LoRA/")
    take(arxiv("2605.00002", title="Something else", links=code("https://github.com/me/LoRA.git")))
    take(arxiv("2605.00003", title="A third: paper", links=code("https://github.com/a/third", URL)))

    report = take(counted(42))

    assert report.changed == 1
    told = Signal.objects.order_by("paper__key").values_list("paper__key", "value")
    assert list(told) == [("arxiv:2605.00001", 42), ("arxiv:2605.00002", 42)]
    assert {(row.kind, row.start) for row in StaleWindow.objects.all()} >= {("day", FRIDAY)}


def test_the_row_of_a_repository_remembers_what_it_told() -> None:
    hold_paper_with_code()

    take(RepositoryTold("github", URL, TODAY, RepositoryState.THERE, 42, "you/LoRA2", "e2", date(2026, 5, 1)))

    row = Repository.objects.get()
    assert (row.url, row.full_name, row.stars, row.etag) == (URL, "you/LoRA2", 42, "e2")
    assert (row.asked_on, row.counted_on, row.created_on) == (TODAY, TODAY, date(2026, 5, 1))


def test_what_has_not_changed_is_counted_again() -> None:
    hold_paper_with_code()
    take(counted(42, TODAY - DAY))

    report = take(counted(None))

    assert report.changed == 1
    assert series() == [(TODAY - DAY, 42), (TODAY, 42)]
    assert Repository.objects.get().counted_on == TODAY


@pytest.mark.parametrize("etag", ["", "another"])
def test_silence_is_no_count_and_only_gives_up_the_turn(etag: str) -> None:
    hold_paper_with_code()
    take(counted(42, TODAY - DAY))

    report = take(counted(None, etag=etag))

    row = Repository.objects.get()
    assert report.total == 0
    assert series() == [(TODAY - DAY, 42)]
    assert (row.asked_on, row.counted_on, row.stars, row.etag) == (TODAY, TODAY - DAY, 42, "one")


@pytest.mark.parametrize("state", [RepositoryState.GONE, RepositoryState.BLOCKED])
def test_what_is_gone_keeps_the_counts_it_had_and_may_come_back(state: RepositoryState) -> None:
    hold_paper_with_code()
    take(counted(42, TODAY - 2 * DAY))

    take(RepositoryTold("github", URL, TODAY - DAY, state))
    gone = Repository.objects.get()
    take(counted(50))

    assert (gone.state, gone.stars, gone.asked_on) == (state, 42, TODAY - DAY)
    assert series() == [(TODAY - 2 * DAY, 42), (TODAY, 50)]
    assert Repository.objects.get().state == RepositoryState.THERE


def test_an_answer_of_a_repository_that_nobody_names_is_no_news() -> None:
    take(arxiv())

    take(counted(42))

    assert not Signal.objects.exists()
    assert not Repository.objects.exists()


def told_by_hugging_face(value: int, votes: int = 1) -> Told:
    return arxiv(
        source="huggingface",
        title="LoRA: Low-Rank Adaptation",
        links=code("https://github.com/Me/LoRA"),
        signals=(stars(value, TODAY), upvotes(votes, TODAY)),
    )


def test_our_own_count_of_a_day_stands_in_either_order() -> None:
    for order in permutations([told_by_hugging_face(10), counted(12)]):
        Paper.objects.all().delete()
        Repository.objects.all().delete()
        hold_paper_with_code()
        for told in order:
            take(told)

        assert series() == [(TODAY, 12)]
        take(told_by_hugging_face(11, votes=2))
        assert series() == [(TODAY, 12)]


def test_a_new_paper_of_a_repository_counted_today_gets_our_count() -> None:
    hold_paper_with_code("2605.00002")
    take(counted(12))

    take(told_by_hugging_face(10))

    assert series() == [(TODAY, 12), (TODAY, 12)]


def test_a_count_of_another_day_is_no_count_of_ours() -> None:
    hold_paper_with_code()
    take(counted(12, TODAY - DAY))

    take(told_by_hugging_face(10))

    assert series() == [(TODAY - DAY, 12), (TODAY, 10)]


def test_hugging_face_again_with_another_count_changes_no_paper() -> None:
    hold_paper_with_code()
    take(told_by_hugging_face(10), counted(12))
    take(told_by_hugging_face(10, votes=1))
    change_no = Paper.objects.get().change_no

    report = take(told_by_hugging_face(11, votes=1))

    assert (report.changed, report.unchanged) == (0, 1)
    assert Paper.objects.get().change_no == change_no


def test_that_a_paper_was_asked_for_is_kept_also_when_it_is_unknown() -> None:
    take(arxiv(), arxiv("2605.00002"))

    report = take(
        Tally("openalex", KEY, ()),
        Tally("openalex", PaperKey("arxiv:2605.00002"), (SignalReading(SignalKind.CITATIONS, TODAY, 3),)),
    )

    assert (report.changed, report.unchanged) == (1, 1)
    assert series("citations") == [(TODAY, 3)]
    asked = PaperSource.objects.filter(source="openalex").order_by("paper__key")
    assert list(asked.values_list("paper__key", "told_on")) == [(KEY, TODAY), ("arxiv:2605.00002", TODAY)]
