"""More and less like a paper: a link in a mail shows a page; its button is remembered for a subscription."""

from typing import Any

import pytest
import time_machine

from broadsheet.deliver import tokens
from broadsheet.deliver.tokens import Purpose
from broadsheet.domain.likes import MOST_LIKES, Like
from broadsheet.store import likes
from broadsheet.store.models import Paper, Subscription
from tests.deliver.by_mail import ADA, NOW, confirmed, handle_of, machine, stored, text_of
from tests.deliver.conftest import TakeIn, record

pytestmark = pytest.mark.django_db
PAPER = "2605.00001"


@pytest.fixture(autouse=True)
def reader(take: TakeIn) -> object:
    with time_machine.travel(NOW, tick=False):
        take(record(1), record(2, "A <b>second</b> paper"))
        confirmed()
        yield


def asked(like: str = "less", paper: str = PAPER, purpose: Purpose = Purpose.FEEDBACK) -> dict[str, str]:
    return {"token": tokens.make(purpose, handle_of()), "paper": paper, "like": like}


def said(like: str, paper: str = PAPER) -> Any:
    return machine().post("/feedback", asked(like, paper))


def id_of(paper: str) -> int:
    return Paper.objects.get(key=f"arxiv:{paper}").pk


def kept() -> tuple[list[int], list[int]]:
    row = Subscription.objects.get()
    return row.more_like, row.less_like


def test_the_page_asks_and_its_button_is_remembered() -> None:
    page = machine().get("/feedback", asked())
    assert "Less like this?" in text_of(page)
    assert "Paper 1 on retrieval" in text_of(page)
    assert ADA in text_of(page)
    assert kept() == ([], [])

    done = said("less")

    assert done.status_code == 200
    assert not done.cookies
    assert "Less like this" in text_of(done)
    assert kept() == ([], [id_of(PAPER)])


def test_the_link_of_a_text_mail_leaves_open_which() -> None:
    page = machine().get("/feedback", asked(like=""))

    assert page.status_code == 200
    assert "More or less like this?" in text_of(page)
    assert 'value="more"' in text_of(page)
    assert 'value="less"' in text_of(page)
    before = stored()
    assert said("").status_code == 400
    assert stored() == before


def test_the_newest_word_counts_and_twice_is_once() -> None:
    said("less")
    said("less")
    said("less", "2605.00002")
    said("more")

    assert kept() == ([id_of(PAPER)], [id_of("2605.00002")])


def test_the_oldest_are_dropped() -> None:
    for number in range(1_000, 1_000 + MOST_LIKES + 3):
        likes.like(handle_of(), number, Like.MORE)

    assert kept() == ([*range(1_003, 1_003 + MOST_LIKES)], [])


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"like": "adore"}, 400),
        ({"paper": "2605.99999"}, 404),
        ({"paper": "' OR 1=1"}, 404),
        ({"paper": ""}, 404),
        ({"paper": "\x00"}, 404),
        ({"token": ""}, 403),
        ({"token": "x" * 5_000}, 403),
    ],
)
def test_what_makes_no_sense_changes_nothing(changed: dict[str, str], status: int) -> None:
    before = stored()

    for reply in (
        machine().post("/feedback", asked() | changed),
        machine().get("/feedback", asked() | changed),
    ):
        assert reply.status_code == status
        assert "no-store" in reply.headers["Cache-Control"]
    assert stored() == before


@pytest.mark.parametrize("other", set(Purpose) - {Purpose.FEEDBACK})
def test_a_token_for_another_purpose_is_refused(other: Purpose) -> None:
    before = stored()

    assert machine().post("/feedback", asked(purpose=other)).status_code == 403
    for path in ("/subscription", "/unsubscribe", "/subscription/data"):
        assert machine().post(path, asked() | {"do": "end"}).status_code == 403
    assert stored() == before


def test_who_has_unsubscribed_is_told_that_nothing_changed() -> None:
    Subscription.objects.update(state="ended")

    assert said("more").status_code == 409
    assert kept() == ([], [])


def test_likes_are_shown_exported_and_removed() -> None:
    said("less", "2605.00002")
    said("more")
    token = tokens.make(Purpose.MANAGE, handle_of())

    page = machine().get("/subscription", {"token": token})
    assert "A <b>second</b> paper" in text_of(page)
    assert "A <b>second</b> paper" not in page.content.decode()
    told = machine().get("/subscription/data", {"token": token, "format": "json"}).json()
    assert told["likes"]["less"][0]["key"] == "arxiv:2605.00002"
    assert told["likes"]["more"][0]["title"] == "Paper 1 on retrieval"
    assert "Paper 1 on retrieval" in text_of(machine().get("/subscription/data", {"token": token}))

    form = {"token": token, "do": "forget", "paper": str(id_of("2605.00002"))}
    assert "It counts no longer" in text_of(machine().post("/subscription", form))
    assert kept() == ([id_of(PAPER)], [])
    assert machine().post("/subscription", form | {"paper": "x"}).status_code == 400


def test_a_paper_that_has_gone_is_left_out() -> None:
    said("more")
    Paper.objects.filter(pk=id_of(PAPER)).delete()

    assert likes.shown(handle_of()) == {Like.MORE: [], Like.LESS: []}
    assert (
        machine().get("/subscription", {"token": tokens.make(Purpose.MANAGE, handle_of())}).status_code == 200
    )
