"""Written lines: asked for in turn, within a budget, checked, kept for their text, and never waited for."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet.jobs import agenda, reading, summaries
from broadsheet.jobs.schedule import next_run
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.jobs.worker import GoesOn, Worker
from broadsheet.lib.http import PoliteClient, UpstreamError
from broadsheet.sources.summaries import SummaryWriter
from broadsheet.store import models, source_state, written_lines
from broadsheet.store.intake import take_in
from broadsheet.store.models import WrittenLine
from broadsheet.store.pages import papers_by_ids
from tests.fakes.clock import FakeClock
from tests.fakes.model import FakeModel, said
from tests.fakes.reader import FakeReader
from tests.fakes.upstream import Upstream, run_upstream
from tests.makers import NOW, arxiv, daily, upvotes

pytestmark = pytest.mark.django_db
TEXT = "QuickNet sorts lists 3.3x faster than SlowNet. It needs no training."
WRITTEN = "QuickNet sorts lists 3.3x faster than SlowNet."


@dataclass
class Site:
    upstream: Upstream
    folder: Path
    daily: int = 100
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    model: FakeModel = field(default_factory=FakeModel)

    def __post_init__(self) -> None:
        self.upstream.routes["/v1"] = self.model

    def writer(self, model: str = "small-1") -> SummaryWriter:
        return SummaryWriter(
            PoliteClient(self.folder, self.clock), f"{self.upstream.url}/v1", model, "s3cret"
        )

    def run(self, model: str = "small-1", goes_on: GoesOn = lambda: True) -> str:
        return summaries.write(self.writer(model), self.daily, self.clock, goes_on)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with run_upstream() as upstream:
        yield Site(upstream, tmp_path)


def take(*numbers: int, text: str = TEXT, **more: Any) -> None:
    """Papers of the newest day; the lower its number, the more upvotes it has. Read, too."""
    take_in(
        [
            arxiv(
                f"2605.{n:05}",
                title=f"Thing{n}: sorting lists",
                abstract=text,
                **{"listings": daily(), "signals": (upvotes(500 - n),), **more},
            )
            for n in numbers
        ],
        now=NOW,
    )
    refresh_editions(now=NOW)
    reading.catch_up(reader=FakeReader(), version="a")


def lines() -> dict[str, tuple[str, str]]:
    """What is shown of each paper, and who wrote it."""
    ids = list(models.Paper.objects.order_by("key").values_list("pk", flat=True))
    return {one.title.partition(":")[0]: (one.one_line, one.written_by) for one in papers_by_ids(ids)}


def test_a_line_is_written_checked_and_shown(site: Site) -> None:
    take(1)
    assert lines() == {"Thing1": (f"{TEXT[:10]}.", "")}

    assert site.run() == "1 written, 0 rejected"

    assert lines() == {"Thing1": (WRITTEN, "small-1")}
    assert source_state.progress_of("summaries") == {"day": "2026-05-24", "used": 1}
    assert models.SourceState.objects.get(name="summaries").last_report == "1 written, 0 rejected"


def test_off_by_default_nothing_is_planned_or_asked(socket_disabled: None) -> None:
    take(1)

    assert "summaries" not in agenda.steps()
    assert agenda.summaries(lambda: True) == "no endpoint is set"
    assert not models.SourceState.objects.exists()


@pytest.mark.parametrize("offline", [True, False])
def test_with_an_endpoint_it_is_planned_unless_offline(settings: Any, offline: bool) -> None:
    told = {"SUMMARY_URL": "http://127.0.0.1:9/v1", "SUMMARY_MODEL": "small-1", "OFFLINE": offline}
    settings.OPTIONS = settings.OPTIONS | told

    assert ("summaries" in agenda.steps()) is not offline
    assert next_run("summaries", NOW) == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("QuickNet sorts lists 9.9x faster than SlowNet.", "a figure that the text does not hold"),
        ("QuickNet sorts lists twice as fast as SlowNet.", "a figure that the text does not hold"),
        ("", "empty"),
        ("\u202e\u200b\n\t ", "empty"),
        ("QuickNet.", "too short or too long"),
        ("QuickNet sorts " * 30, "too short or too long"),
        ("I'm sorry, but I cannot sort lists.", "talk or a refusal"),
        ("Read how QuickNet sorts lists at https://evil.example/x", "links or markup"),
        ("QuickNet sorts lists, see evil.example for more", "links or markup"),
        ("QuickNet <script>alert(1)</script> sorts lists faster", "links or markup"),
        ("Buy shares of Acme today, everybody is rich tomorrow", "not about the paper"),
    ],
)
def test_a_line_that_fails_a_check_is_not_shown_and_not_asked_for_again(
    site: Site, written: str, fault: str
) -> None:
    take(1)
    site.model.writes = lambda title, text: written

    assert site.run() == f"0 written, 1 rejected (1 {fault})"
    site.clock.at += timedelta(days=2)

    assert site.run() == "0 written, 0 rejected"
    assert lines() == {"Thing1": (f"{TEXT[:10]}.", "")}
    assert written_lines.counts() == {fault: 1}
    assert len(site.model.titles) == 1


def test_half_a_line_is_not_shown(site: Site) -> None:
    take(1)
    site.upstream.will_answer(said("QuickNet sorts lists 3.3x", "length"))

    assert "1 rejected" in site.run()


def test_a_figure_of_the_title_is_one_of_the_paper(site: Site) -> None:
    take(1)
    models.Paper.objects.update(title="Sort-7: sorting lists 7 at once", change_no=99)
    models.Counter.objects.update(value=99)
    reading.catch_up(reader=FakeReader(), version="a")
    site.model.writes = lambda title, text: "QuickNet sorts 7 lists at once, without training."

    assert site.run() == "1 written, 0 rejected"


def test_what_readers_see_first_is_written_first(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written_lines, "MOST_RANK", 4)
    take(5, 3, 9, 2, 7)
    take(1, listings=daily(NOW.date() - timedelta(days=3)))
    take(4, listings=daily(NOW.date() - timedelta(days=200)))

    site.run()

    seen = [title.partition(":")[0] for title in site.model.titles]
    assert seen == ["Thing2", "Thing3", "Thing5", "Thing7", "Thing1"]


def test_a_paper_with_a_line_of_its_own_or_without_a_text_needs_none(site: Site) -> None:
    take(1, one_line="Told by its source.")
    take(2, text="")
    take(3, is_withdrawn=True)

    assert site.run() == "0 written, 0 rejected"
    assert lines()["Thing1"] == ("Told by its source.", "")
    assert not site.upstream.asked


def test_a_line_that_a_source_tells_later_wins(site: Site) -> None:
    take(1)
    site.run()

    take(1, one_line="Told by its source.")

    assert lines() == {"Thing1": ("Told by its source.", "")}


def test_a_better_reader_keeps_the_line_and_another_text_does_not(site: Site) -> None:
    take(1)
    site.run()

    reading.catch_up(reader=FakeReader(), version="b")
    assert lines() == {"Thing1": (WRITTEN, "small-1")}
    assert site.run() == "0 written, 0 rejected"

    take(1, text="We changed our minds. It is slow.")
    reading.catch_up(reader=FakeReader(), version="b")
    assert lines() == {"Thing1": ("We changed.", "")}
    site.run()
    assert len(site.model.titles) == 2


def test_another_model_writes_anew_while_the_former_line_stands(site: Site) -> None:
    take(1, 2)
    site.run()
    site.daily = 3

    site.run("large-1")

    assert [by for _, by in lines().values()] == ["large-1", "small-1"]


def test_no_more_than_the_budget_of_a_day_is_asked_across_restarts(site: Site, tmp_path: Path) -> None:
    take(*range(1, 31))
    site.daily = 12

    assert [site.run(), site.run()] == ["10 written, 0 rejected", "2 written, 0 rejected"]
    assert Site(site.upstream, tmp_path, daily=12).run() == "the day's 12 requests are used up"
    site.clock.at += timedelta(days=1)
    site.run()

    assert len(site.upstream.asked) == 22


def test_redirects_count(site: Site) -> None:
    take(1)
    site.upstream.will_answer(status=307, location="/v1/chat/completions")

    site.run()

    assert source_state.progress_of("summaries")["used"] == 2


def test_what_is_spent_is_written_down_before_it_is_spent(site: Site) -> None:
    take(1)

    class Killed(BaseException):
        pass

    def killed(*_: object) -> str:
        assert source_state.progress_of("summaries")["used"] == 1
        raise Killed

    writer = site.writer()
    object.__setattr__(writer, "ask", killed)
    with pytest.raises(Killed):
        summaries.write(writer, 5, site.clock, lambda: True)

    assert site.run() == "1 written, 0 rejected"
    assert source_state.progress_of("summaries")["used"] == 2


@pytest.mark.parametrize("status", [401, 403, 404, 429, 503])
def test_a_refusal_of_us_leaves_the_papers_their_turn(site: Site, status: int) -> None:
    take(1, 2)
    site.upstream.will_answer(status=status)

    with pytest.raises(UpstreamError):
        site.run()

    assert not WrittenLine.objects.exists()
    assert len(site.upstream.asked) == 1
    assert models.SourceState.objects.get(name="summaries").failing_since == NOW
    assert lines()["Thing1"] == (f"{TEXT[:10]}.", "")


@pytest.mark.parametrize("fault", ["<html>", '{"choices": []}', 400, 500])
def test_a_paper_over_which_it_stumbles_blocks_no_other(site: Site, fault: str | int) -> None:
    take(1, 2)
    if isinstance(fault, int):
        site.upstream.will_answer(status=fault)
    else:
        site.upstream.will_answer(fault)

    with pytest.raises(UpstreamError):
        site.run()
    assert site.run() == "1 written, 0 rejected"
    site.clock.at += timedelta(hours=2)
    assert site.run() == "1 written, 0 rejected"

    assert [title[:6] for title in site.model.titles] == ["Thing2", "Thing1"]


def test_after_failures_the_worker_rests_longer_each_time(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    take(1)
    site.upstream.routes.clear()  # 404
    steps = {"summaries": lambda goes_on: site.run(goes_on=goes_on)}
    worker = Worker(steps, next_run, site.clock)
    worker._make_ready()
    waits = []

    with caplog.at_level(logging.DEBUG):
        for _ in range(9):
            site.clock.at = max(site.clock.at, models.Job.objects.get().run_at)
            worker.run_one()
            waits.append(models.Job.objects.get().run_at - site.clock.at)

    assert waits[0] < timedelta(minutes=3) < waits[1] < waits[2]
    assert timedelta(hours=1) <= waits[-1] < timedelta(hours=1.2)
    assert "s3cret" not in caplog.text + models.Job.objects.get().last_error


def test_it_stops_when_it_is_told_to(site: Site) -> None:
    take(1, 2, 3)
    left = iter([True, False])

    assert site.run(goes_on=lambda: next(left)) == "1 written, 0 rejected"


def test_a_paper_that_changes_or_goes_meanwhile_shows_nothing_wrong(site: Site) -> None:
    take(1, 2)

    def meanwhile(change: Callable[[], object]) -> None:
        writer = site.writer()
        answer = writer.ask("Thing", TEXT)

        def changed(title: str, text: str) -> object:
            change()
            return answer

        object.__setattr__(writer, "ask", changed)
        summaries.write(writer, 100, site.clock, lambda: True)

    meanwhile(lambda: models.Paper.objects.filter(title__startswith="Thing2").delete())
    assert lines() == {"Thing1": (WRITTEN, "small-1")}

    WrittenLine.objects.all().delete()
    meanwhile(lambda: take(1, text="We changed our minds. It is slow."))
    assert lines() == {"Thing1": ("We changed.", "")}


def test_without_an_endpoint_its_lines_rest_and_come_back_with_it(site: Site) -> None:
    take(1)
    site.run()
    source_state.failed("summaries", "it sleeps", NOW)

    summaries.follow_setting(False)
    assert lines() == {"Thing1": (f"{TEXT[:10]}.", "")}
    assert models.SourceState.objects.get().failing_since is None

    summaries.follow_setting(True)
    assert lines() == {"Thing1": (WRITTEN, "small-1")}
    assert len(site.upstream.asked) == 1


def test_lines_are_hidden_by_whoever_writes_alone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    take(1)
    site.run()
    shown: list[int] = []  # when the lock was taken
    count = WrittenLine.objects.filter(is_shown=True).count
    monkeypatch.setattr(written_lines, "write_alone", lambda: shown.append(count()))

    summaries.follow_setting(False)

    assert shown == [1]
    assert count() == 0
