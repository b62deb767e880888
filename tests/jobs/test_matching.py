"""Saved searches tell what is new to them: each paper once, none lost, and never a whole archive."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet import wiring
from broadsheet.domain.edition import View
from broadsheet.domain.ids import PaperKey
from broadsheet.domain.paper import Listing, ListingKind, PaperRecord
from broadsheet.domain.webhook import MATCH, BadField, Form
from broadsheet.jobs import matching
from broadsheet.jobs.indexing import catch_up
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.store import matches, pushes, webhook_report, webhooks
from broadsheet.store.intake import take_in
from broadsheet.store.models import Edition, Matched, Push, Webhook
from tests.deliver.conftest import FRIDAY, keep, record
from tests.fakes.upstream import run_upstream
from tests.fakes.webhooks import BOT, CLOSED_AT, MADE_AT, Hooked, answers

pytestmark = pytest.mark.django_db
OPEN_AT = MADE_AT + timedelta(hours=1)


@pytest.fixture
def hooked() -> Iterator[Hooked]:
    with run_upstream() as receiver:
        receiver.routes["/hook"] = lambda asked: answers(204)
        receiver.routes["/other"] = lambda asked: answers(204)
        hooked = Hooked(receiver)
        hooked.clock.at = OPEN_AT
        yield hooked


def come_in(hooked: Hooked, *records: PaperRecord, is_indexed: bool = True) -> None:
    take_in(records, now=hooked.clock.now())
    if is_indexed:
        catch_up(wiring.words_index())


def found(number: int, **more: Any) -> PaperRecord:
    return record(number, f"Paper {number} on speech in noise", signals=(), **more)


def push(hooked: Hooked, wait: timedelta = matches.GATHER) -> str:
    return str(hooked.push_after(wait, engines=wiring.engines, followed=wiring.followed))


def told(hooked: Hooked) -> list[list[str]]:
    return [[paper["id"] for paper in body["data"]["papers"]] for body in hooked.bodies]


def test_a_paper_that_comes_in_is_told_at_once_without_any_edition(hooked: Hooked) -> None:
    hooked.add(every=MATCH, query="speech noise")
    come_in(hooked, found(1), record(2, "Folding of proteins", keywords=(), summary="Chains."))

    assert push(hooked) == "1 made, 1 delivered"

    (body,) = hooked.bodies
    assert body["type"] == "search.matched"
    assert body["data"]["edition"] is None
    assert body["data"]["search"]["url"] == "https://papers.example.org/search?q=speech%20noise&sort=new"
    assert (body["data"]["matching"], body["data"]["papers"][0]["rank"]) == (1, None)
    assert told(hooked) == [["2605.00001"]]
    assert not Edition.objects.exists()


def test_a_paper_that_changes_again_is_not_told_again(hooked: Hooked) -> None:
    hooked.add(every=MATCH, query="speech")
    come_in(hooked, found(1))
    push(hooked)
    come_in(hooked, found(1, summary="Another summary of it."), found(2))

    push(hooked)

    assert told(hooked) == [["2605.00001"], ["2605.00002"]]


def test_a_paper_that_gets_another_name_is_not_told_again(hooked: Hooked) -> None:
    hooked.add(every=MATCH, query="speech")
    come_in(hooked, found(1, key=PaperKey("doi:10.1000/x"), doi="10.1000/x"))
    push(hooked)
    come_in(hooked, found(1, doi="10.1000/x", source="arxiv_oai"))

    push(hooked)

    assert len(hooked.bodies) == 1


def test_a_second_version_is_not_told_again_however_late_it_comes(hooked: Hooked) -> None:
    hooked.add(every=MATCH, query="speech")
    undated: dict[str, Any] = {"submitted_at": None, "listings": ()}
    come_in(hooked, found(1, updated_on=date(2026, 5, 21), **undated))
    push(hooked)
    for months in (2, 5, 9):
        hooked.clock.at = OPEN_AT + timedelta(days=months * 31)
        matches.tidy(hooked.clock.now())
        newest = hooked.clock.now().date() - timedelta(days=1)
        come_in(hooked, found(1, updated_on=newest, summary=f"Version {months}.", told_on=newest, **undated))
        push(hooked)

    assert told(hooked) == [["2605.00001"]]


def test_one_search_that_fails_keeps_no_other_back(hooked: Hooked, caplog: pytest.LogCaptureFixture) -> None:
    hooked.add("a", every=MATCH, query="speech")
    hooked.add("b", every=MATCH, query="speech", path="/other")
    at = Webhook.objects.get(name="a")
    come_in(hooked, found(1))
    on, seen = hooked.clock.now().date(), wiring.words_index().seen() or 0
    # One message of the same place there already, as no worker writes it.
    Push.objects.create(
        webhook=at, message_id="msg_x", kind=MATCH, start=on, part=matches.part_of(seen, 0),
        state="empty", run_at=OPEN_AT, made_at=OPEN_AT,
    )  # fmt: skip

    assert push(hooked) == "1 made, 1 delivered"
    assert [asked.path for asked in hooked.receiver.requests] == ["/other"]
    assert f"The search of webhook {at.pk} could not be asked." in caplog.text


def test_the_same_told_anew_is_another_message(hooked: Hooked) -> None:
    hooked.add(every=MATCH, query="speech")
    come_in(hooked, found(1))
    push(hooked)
    Matched.objects.all().delete()
    come_in(hooked, found(1, summary="Another summary of it."))

    assert push(hooked) == "1 made, 1 delivered"
    assert Push.objects.values("message_id").distinct().count() == 2


def test_what_was_there_before_is_no_news_and_what_is_old_never(hooked: Hooked) -> None:
    hooked.clock.at = MADE_AT - timedelta(days=3)
    early = {"submitted_at": datetime(2026, 5, 10, tzinfo=UTC), "listings": ()}
    come_in(hooked, found(1, **early))
    hooked.add(every=MATCH, query="speech")
    hooked.clock.at = OPEN_AT
    old = {"submitted_at": datetime(2019, 5, 20, tzinfo=UTC), "listings": ()}
    come_in(hooked, found(1, summary="Changed.", **early), *(found(n, **old) for n in range(10, 60)))

    assert push(hooked) == "0 made"
    assert Webhook.objects.get().seen_no == wiring.words_index().seen()


def test_a_search_waits_for_the_index_and_then_loses_nothing(hooked: Hooked) -> None:
    hooked.add(every=MATCH, query="speech")
    come_in(hooked, found(1), is_indexed=False)
    assert push(hooked) == "0 made"

    catch_up(wiring.words_index())

    assert push(hooked) == "1 made, 1 delivered"


def test_what_comes_in_within_minutes_is_one_message(hooked: Hooked) -> None:
    hooked.add(every=MATCH, query="speech")
    come_in(hooked, found(1))
    push(hooked)
    for number in (2, 3, 4):
        come_in(hooked, found(number))
        assert push(hooked, timedelta(minutes=1)) == "0 made"

    push(hooked)

    assert [sorted(ids) for ids in told(hooked)][1:] == [["2605.00002", "2605.00003", "2605.00004"]]


def test_a_message_has_a_most_and_those_behind_it_tell_the_others(hooked: Hooked) -> None:
    hooked.add(every=MATCH, query="speech", form=Form.SLACK, most=3)
    come_in(hooked, *(found(number) for number in range(1, 9)))

    assert push(hooked) == "3 made, 3 delivered"

    texts = [str(body) for body in hooked.bodies]
    assert ["8 new papers" in text for text in texts] == [True] * 3
    assert [re.findall("and . more|from number . on", text)[:1] for text in texts] == [
        ["and 5 more"], ["from number 4 on"], ["from number 7 on"]
    ]  # fmt: skip
    assert "more" not in texts[2]
    assert Matched.objects.count() == 8
    push(hooked)
    assert len(hooked.bodies) == 3


@pytest.mark.parametrize("form", list(Form))
def test_what_a_service_has_no_room_for_comes_with_the_next_message(hooked: Hooked, form: Form) -> None:
    hooked.receiver.routes[f"/bot{BOT}"] = lambda asked: answers(200)
    hooked.receiver.routes["/_matrix"] = lambda asked: answers(200)
    hooked.add(every=MATCH, query="speech", form=form, most=50)
    come_in(hooked, *(found(number, summary="It is long. " * 30) for number in range(1, 61)))

    push(hooked)
    push(hooked)

    sent = b"".join(asked.body for asked in hooked.receiver.requests).decode()
    assert set(re.findall(r"/papers?/(2605\.\d{5})", sent)) == {f"2605.{n:05}" for n in range(1, 61)}
    assert Matched.objects.count() == 60


def test_beyond_so_many_messages_the_rest_is_counted_and_not_noted_as_told(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matches, "MOST_MESSAGES", 2)
    hooked.add(every=MATCH, query="speech", form=Form.SLACK, most=3)
    come_in(hooked, *(found(number) for number in range(1, 30)))

    assert push(hooked) == "2 made, 2 delivered"
    assert "and 23 more" in str(hooked.bodies[1])
    assert Matched.objects.count() == 6


def test_what_one_round_does_not_reach_comes_with_the_next(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST", 4)
    hooked.add(every=MATCH, query="speech", most=3)
    come_in(hooked, *(found(number) for number in range(1, 7)))

    push(hooked)
    push(hooked)

    counts = [(body["data"]["matching"], body["data"]["told_before"]) for body in hooked.bodies]
    assert counts == [(4, 0), (4, 3), (2, 0)]


def test_a_receiver_that_was_down_for_hours_is_told_every_paper(hooked: Hooked) -> None:
    hooked.receiver.routes["/hook"] = lambda asked: answers(503)
    hooked.add(every=MATCH, query="speech")
    for first in range(1, 241, 10):
        come_in(hooked, *(found(number) for number in range(first, first + 10)))
        push(hooked, timedelta(minutes=15))
    hooked.receiver.requests.clear()
    hooked.receiver.routes["/hook"] = lambda asked: answers(204)
    for _ in range(3):
        push(hooked, timedelta(hours=4))

    ids = [paper for papers in told(hooked) for paper in papers]
    assert sorted(ids) == [f"2605.{number:05}" for number in range(1, 241)]


def test_while_one_is_down_matches_gather_by_the_hour(hooked: Hooked) -> None:
    hooked.add(every=MATCH, query="speech", most=50)
    hooked.receiver.routes["/hook"] = lambda asked: answers(503)
    for number in range(1, 25):
        come_in(hooked, found(number))
        push(hooked, timedelta(minutes=10))
    assert Push.objects.count() <= 5

    hooked.receiver.requests.clear()
    hooked.receiver.routes["/hook"] = lambda asked: answers(200)
    push(hooked, timedelta(hours=4))
    push(hooked)

    told_ids = [paper for ids in told(hooked) for paper in ids]
    assert sorted(told_ids) == [f"2605.{number:05}" for number in range(1, 25)]


def test_a_worker_that_dies_before_its_commit_loses_nothing(hooked: Hooked) -> None:
    hooked.add(every=MATCH, query="speech")
    come_in(hooked, found(1))
    asking = matching.Asking(wiring.engines, wiring.followed, hooked.clock, "https://papers.example.org")
    ((lost,),) = matches.due(hooked.clock.now(), wiring.followed(hooked.clock.now()))

    assert matching.match_due(asking, lambda: True) == 1  # by another worker, meanwhile
    papers, seen = matches.candidates(lost.seen, wiring.followed(hooked.clock.now()), hooked.clock.now(), 9)

    assert not matches.tell(lost, seen, [matches.Message(papers, "{}")], hooked.clock.now())
    assert Push.objects.count() == 1


def test_categories_authors_and_muted_words_choose_too(hooked: Hooked) -> None:
    hooked.add("a", every=MATCH, categories=("cs.CV",))
    hooked.add("b", every=MATCH, authors=("Lynn Conway",), path="/other")
    hooked.add("c", every=MATCH, query="speech", muted=("noise",))
    come_in(hooked, found(1), found(2), found(3, authors=("Lynn Conway",)))

    assert push(hooked) == "2 made, 2 delivered"
    assert sorted(told(hooked)) == [["2605.00002"], ["2605.00003"]]


def test_a_search_for_nothing_is_refused(hooked: Hooked) -> None:
    with pytest.raises(BadField, match="search"):
        hooked.add(every=MATCH)


def test_changed_choices_keep_what_waits_and_ask_what_comes_next(hooked: Hooked) -> None:
    pk = hooked.add(every=MATCH, query="speech")
    line = webhooks.line(pk)
    assert line is not None
    assert line.interest is not None
    come_in(hooked, found(1))
    hooked.receiver.will_answer(b"", 500)
    push(hooked)

    changed = replace(line.interest, query="proteins")
    assert webhooks.change(pk, "lab", hooked.target(path="/other"), MATCH, changed, hooked.clock.now())
    come_in(hooked, found(2), record(3, "Folding of proteins"))
    hooked.receiver.requests.clear()
    push(hooked, timedelta(hours=2))
    push(hooked)

    assert told(hooked) == [["2605.00001"], ["2605.00003"]]
    assert {asked.path for asked in hooked.receiver.requests} == {"/other"}


def test_the_price_does_not_grow_with_the_papers_that_are_held(hooked: Hooked) -> None:
    for number in range(9):
        hooked.add(f"n{number}", every=MATCH, query=f"speech {number}")
    hooked.clock.at += timedelta(minutes=6)

    with CaptureQueriesContext(connection) as idle:
        hooked.push(engines=wiring.engines, followed=wiring.followed)

    assert len(idle) <= 10


def later_in(hooked: Hooked, *numbers: int) -> None:
    listed = (Listing("sample", FRIDAY, ListingKind.DAILY),)
    take_in([record(n, listings=listed) for n in numbers], now=hooked.clock.now())
    refresh_editions(now=hooked.clock.now())


def test_what_comes_in_while_an_edition_is_set_anew_is_told_once_it_is_settled(hooked: Hooked) -> None:
    keep([record(1), record(2)])
    hooked.clock.at = CLOSED_AT
    hooked.add("whole")
    hooked.add("vision", path="/other", categories=("cs.CV",))
    hooked.add("physics", path="/other", categories=("hep-th",))
    hooked.push()
    hooked.receiver.requests.clear()
    later_in(hooked, 3, 4)
    assert Edition.objects.get(kind="day", view=View.PRINTED).paper_count == 4
    assert str(hooked.push_after(timedelta(hours=5))) == "0 made"

    assert str(hooked.push_after(timedelta(hours=2))) == "3 made, 2 delivered, 1 empty"

    assert {body["type"] for body in hooked.bodies} == {"edition.added"}
    assert sorted(told(hooked)) == [["2605.00003", "2605.00004"], ["2605.00004"]]
    assert str(hooked.push_after(timedelta(hours=9))) == "0 made"


def test_an_edition_that_was_not_set_anew_is_told_once(hooked: Hooked) -> None:
    keep([record(1)])
    hooked.clock.at = CLOSED_AT
    hooked.add()
    hooked.push()

    assert str(hooked.push_after(timedelta(days=1))) == "0 made"
    assert Push.objects.get().held == ""


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_message_that_is_refused_again_and_again_is_skipped_and_the_owner_told(
    hooked: Hooked, status: int
) -> None:
    hooked.add(every=MATCH, query="speech")
    come_in(hooked, found(1))
    hooked.receiver.routes["/hook"] = lambda asked: answers(status if b"00001" in asked.body else 200, b"no")
    push(hooked)
    come_in(hooked, found(2))
    for _ in range(12):
        push(hooked, timedelta(minutes=20))
    states = list(Push.objects.order_by("pk").values_list("state", flat=True))

    assert states == ["skipped", "delivered"]
    assert webhook_report.alarms(hooked.clock.now()) == [
        f"lab refused a message again and again, which was skipped: {status}: no"
    ]
    assert webhook_report.alarms(hooked.clock.now() + timedelta(days=2)) == []


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_what_may_be_put_right_over_there_is_not_skipped(hooked: Hooked, status: int) -> None:
    hooked.add(every=MATCH, query="speech")
    come_in(hooked, found(1))
    hooked.receiver.routes["/hook"] = lambda asked: answers(status)
    for _ in range(50):
        push(hooked, timedelta(hours=1))

    assert Push.objects.get().state == "waiting"


def test_one_that_refuses_everything_is_not_emptied_out(hooked: Hooked) -> None:
    hooked.add(every=MATCH, query="speech")
    hooked.receiver.routes["/hook"] = lambda asked: answers(400)
    for number in range(1, 60):
        come_in(hooked, found(number))
        push(hooked, timedelta(hours=1))

    assert Push.objects.filter(state="skipped").count() == pushes.MOST_REFUSED
    assert Push.objects.filter(state="waiting").exists()
