"""One paper per key, whichever source tells, in whichever order, however often."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from broadsheet.domain.ids import PaperKey, doi_key
from broadsheet.domain.paper import (
    BadRecord,
    IntakeReport,
    Link,
    LinkKind,
    Listing,
    ListingKind,
    PaperRecord,
    Removal,
    Told,
)
from broadsheet.store.intake import take_in
from broadsheet.store.models import FormerKey, GonePaper, Paper, PaperSource, Signal, StaleWindow
from broadsheet.store.models import Link as LinkRow
from broadsheet.store.models import Listing as ListingRow
from tests.makers import FRIDAY, NOW, arxiv, daily, listed, stars, upvotes

pytestmark = pytest.mark.django_db


def take(*told: Told, now: datetime = NOW) -> IntakeReport:
    return take_in(told, now=now)


def the_paper() -> Paper:
    return Paper.objects.get()


def test_the_same_again_changes_nothing() -> None:
    records = [
        arxiv("2605.00001", links=(Link(LinkKind.CODE, "https://github.com/a/b"),)),
        arxiv("2605.00002"),
    ]

    first, again = take(*records), take(*records)

    assert (first.added, first.changed, first.unchanged) == (2, 0, 0)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert list(Paper.objects.order_by("change_no").values_list("change_no", flat=True)) == [1, 2]


def test_versions_of_a_paper_are_one_paper() -> None:
    report = take(
        arxiv("2605.00001v1", told_on=date(2026, 5, 1)), arxiv("2605.00001v3", told_on=date(2026, 5, 9))
    )

    assert (report.added, report.unchanged) == (1, 1)
    assert the_paper().key == "arxiv:2605.00001"


def test_an_older_record_of_a_source_never_undoes_a_newer_one() -> None:
    take(arxiv(title="The new title of it", told_on=date(2026, 5, 9)))

    report = take(arxiv(title="The old title of it", told_on=date(2026, 5, 1)))

    assert report.changed == 0
    assert the_paper().title == "The new title of it"


def tellings() -> list[PaperRecord]:
    return [
        arxiv(
            source="huggingface", title="A title cut sho", abstract="", told_on=FRIDAY, signals=(upvotes(9),)
        ),
        arxiv(
            source="arxiv_feed", title="A title cut short by none", told_on=date(2026, 5, 20), licence="CC0"
        ),
        arxiv(
            source="arxiv_oai",
            title="A title cut short by nobody",
            told_on=date(2026, 5, 21),
            comments="12 pages",
        ),
        arxiv(source="sample", title="A title of the sample", one_line="One line.", listings=daily()),
    ]


def state_of(paper: Paper) -> dict[str, Any]:
    left_out = {"_state", "id", "change_no", "first_seen_at"}
    return {name: value for name, value in vars(paper).items() if name not in left_out}


def test_the_order_in_which_sources_tell_does_not_matter() -> None:
    states = []
    for order in permutations(tellings()):
        Paper.objects.all().delete()
        for record in order:
            take(record)
        states.append(state_of(the_paper()))

    assert all(state == states[0] for state in states)
    assert states[0]["title"] == "A title cut short by nobody"
    assert states[0]["one_line"] == "One line."


def test_a_source_that_no_longer_tells_a_field_empties_what_it_had_told() -> None:
    take(arxiv(journal_ref="Journal 1", told_on=date(2026, 5, 1)))

    take(arxiv(told_on=date(2026, 5, 2)))

    assert the_paper().journal_ref == ""


def test_a_listed_title_becomes_the_paper_once_a_source_tells_its_id() -> None:
    take(listed("Attention for $k$-means", abstract="What the listing says of it."))

    take(arxiv("2605.00007", title="Attention for k-means"))

    assert the_paper().key == "arxiv:2605.00007"
    assert the_paper().abstract == "What the listing says of it."
    assert FormerKey.objects.get().paper == the_paper()


def test_a_listed_title_finds_the_paper_that_is_there() -> None:
    take(arxiv("2605.00007", title="Attention for k-means"))

    report = take(listed("Attention  for K-Means!"), listed("Attention  for K-Means!"))

    assert report.added == 0
    assert the_paper().title == "Attention for k-means"


def test_two_papers_of_one_title_are_not_taken_for_each_other() -> None:
    take(
        arxiv("2605.00001", title="The same title twice", authors=("Ada Lovelace",)),
        arxiv("2605.00002", title="The same title twice", authors=("Alan Turing",)),
        listed("The same title twice", authors=("Grace Hopper",)),
    )

    assert Paper.objects.count() == 3


def test_a_title_of_two_words_alone_does_not_name_a_paper() -> None:
    take(arxiv("2605.00001", title="Technical Report"), listed("Technical report"))

    assert Paper.objects.count() == 2


def test_a_short_title_names_a_paper_when_both_tell_of_the_same() -> None:
    take(
        arxiv(
            "1506.03134", title="Pointer Networks", one_line="Attention points at input positions as outputs."
        )
    )

    take(listed("Pointer Networks", abstract="Outputs are positions in the input that attention points to."))

    assert the_paper().key == "arxiv:1506.03134"


def test_a_doi_and_an_arxiv_number_meet_when_arxiv_tells_the_doi() -> None:
    take(PaperRecord(source="bibtex", key=doi_key("10.1000/xyz"), title="Published under this name"))

    take(arxiv("2605.00001", title="Posted under that name", doi="10.1000/xyz"))

    assert the_paper().key == "arxiv:2605.00001"
    assert the_paper().title == "Posted under that name"


def test_two_rows_that_prove_to_be_one_paper_are_joined() -> None:
    take(
        listed("A title that comes later", signals=(upvotes(5),), listings=daily()),
        arxiv(
            "2605.00001", title="The title of version one", told_on=date(2026, 5, 1), signals=(upvotes(7),)
        ),
    )
    gone = Paper.objects.get(key__startswith="title:")

    take(
        arxiv("2605.00001", title="A title that comes later", told_on=date(2026, 5, 9), signals=(upvotes(7),))
    )

    assert the_paper().key == "arxiv:2605.00001"
    assert GonePaper.objects.get().paper_id == gone.pk
    assert FormerKey.objects.get().key == gone.key
    assert Signal.objects.get().value == 7
    assert ListingRow.objects.get().paper == the_paper()


def test_two_rows_that_meet_inside_one_batch_are_joined() -> None:
    take(
        listed("A title that comes later", listings=daily()),
        arxiv("2605.00001", title="The title of version one", told_on=date(2026, 5, 1)),
        arxiv("2605.00001", title="A title that comes later", told_on=date(2026, 5, 9)),
    )

    assert the_paper().key == "arxiv:2605.00001"
    assert ListingRow.objects.get().paper == the_paper()


def test_new_beats_cross_list_on_the_same_day_in_either_order() -> None:
    new = arxiv(
        source="arxiv_feed", announced_on=FRIDAY, listings=(Listing("arxiv", FRIDAY, ListingKind.NEW),)
    )
    cross = arxiv(source="arxiv_feed", listings=(Listing("arxiv", FRIDAY, ListingKind.CROSS),))

    for order in ((new, cross), (cross, new)):
        Paper.objects.all().delete()
        for record in order:
            take(record)

        assert ListingRow.objects.get().kind == ListingKind.NEW
        assert the_paper().announced_on == FRIDAY


def test_a_replacement_is_not_a_new_paper() -> None:
    take(arxiv(source="arxiv_feed", listings=(Listing("arxiv", FRIDAY, ListingKind.REPLACE),)))

    assert the_paper().announced_on is None
    assert not StaleWindow.objects.exists()


def test_signals_are_series_and_a_later_reading_of_a_day_stands() -> None:
    take(arxiv(signals=(upvotes(3), stars(10, date(2026, 5, 21)))))

    take(arxiv(signals=(upvotes(5),)))

    rows = Signal.objects.order_by("day").values_list("kind", "day", "value")
    assert list(rows) == [("stars", date(2026, 5, 21), 10), ("upvotes", FRIDAY, 5)]


def test_a_paper_that_is_removed_upstream_is_kept_and_marked() -> None:
    take(arxiv(told_on=date(2026, 5, 1)))

    take(Removal("arxiv_oai", PaperKey("arxiv:2605.00001"), date(2026, 5, 2)))

    assert the_paper().is_withdrawn


def test_a_paper_told_again_after_its_removal_is_back() -> None:
    take(arxiv(told_on=date(2026, 5, 1)))
    take(Removal("arxiv_oai", PaperKey("arxiv:2605.00001"), date(2026, 5, 2)))

    take(arxiv(told_on=date(2026, 5, 3)))

    assert not the_paper().is_withdrawn


def test_bad_records_are_counted_and_stop_nothing() -> None:
    report = take(BadRecord("arxiv_oai", "line 1", "no title"), arxiv())

    assert (report.added, report.bad_count) == (1, 1)
    assert report.has_too_many_bad


def test_a_date_in_the_future_is_a_bad_record() -> None:
    report = take(arxiv(submitted_at=NOW + timedelta(days=3)), arxiv("2605.00002", submitted_at=NOW))

    assert [str(bad) for bad in report.bad] == [
        "arxiv:2605.00001: submitted on 2026-05-27, which is in the future"
    ]
    assert report.added == 1


def test_progress_is_saved_with_the_last_batch_or_not_at_all() -> None:
    def fail() -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        take_in([arxiv()], now=NOW, alongside=fail)

    assert not Paper.objects.exists()


def test_progress_is_saved_when_nothing_was_told() -> None:
    saved: list[bool] = []

    take_in([], now=NOW, alongside=lambda: saved.append(True))

    assert saved == [True]


def test_a_paper_stands_stale_on_its_days_before_and_after_a_change() -> None:
    take(arxiv(announced_on=date(2026, 5, 20), told_on=date(2026, 5, 20)))
    StaleWindow.objects.all().delete()

    take(arxiv(announced_on=date(2026, 5, 19), told_on=date(2026, 5, 21)))

    days = StaleWindow.objects.filter(kind="day").order_by("start").values_list("start", flat=True)
    assert list(days) == [date(2026, 5, 19), date(2026, 5, 20)]


def many(count: int) -> Sequence[PaperRecord]:
    return [
        arxiv(f"2605.{number:05}", links=(Link(LinkKind.CODE, "https://github.com/a/b"),))
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [10, 300])
def test_a_batch_takes_a_fixed_number_of_statements(count: int, django_assert_max_num_queries: Any) -> None:
    records = many(count)

    with django_assert_max_num_queries(22):
        take(*records)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"key": "number:1"},
        {"change_no": 0},
    ],
)
def test_the_database_itself_refuses(wrong: dict[str, Any]) -> None:
    row = {"key": "arxiv:2605.00001", "title": "T", "first_seen_at": NOW, "change_no": 1, **wrong}

    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.create(**row)


def test_the_database_refuses_a_link_that_is_no_web_address() -> None:
    take(arxiv())

    with pytest.raises(IntegrityError), transaction.atomic():
        LinkRow.objects.create(paper=the_paper(), kind="code", url="javascript:alert(1)", source="x")


def test_a_source_is_noted_once_per_paper() -> None:
    take(*tellings(), *tellings())

    assert PaperSource.objects.count() == 4


def test_times_are_kept_in_utc() -> None:
    take(arxiv(submitted_at=datetime(2026, 5, 19, 23, 30, tzinfo=UTC)))

    assert the_paper().submitted_at == datetime(2026, 5, 19, 23, 30, tzinfo=UTC)
    assert the_paper().dated_on == date(2026, 5, 19)
