"""The owner corrects claims: pages show it at once, no later reading undoes it, nothing is forgotten."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from broadsheet.deliver.web import counting
from broadsheet.deliver.web.once import Once
from broadsheet.domain.ids import title_key
from broadsheet.domain.reading import Reading
from broadsheet.store import models
from broadsheet.store.owner import new_link
from tests.deliver.claiming import TEXT, claim, read_as, take_claims
from tests.deliver.conftest import keep, record

pytestmark = pytest.mark.django_db

TYPED = {"value": "3.5", "value_max": "", "unit": "x", "metric": "faster", "subject": "QuickNet"}
TYPED |= {"dataset": "Roads-1k", "baseline": "SlowNet", "bound": "", "direction": "better", "note": "a typo"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_reported", Once())


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.post("/owner/claim", {"token": new_link(timezone.now())})
    return client


@pytest.fixture
def row(db: None) -> models.Claim:
    found = take_claims(claim())
    assert found is not None
    return found


def act(owner: Client, row: models.Claim, do: str, **said: str) -> int:
    return owner.post("/owner/claims/act", {"claim": str(row.pk), "do": do, **TYPED, **said}).status_code


def read_again(version: str, *claims: Any) -> None:
    read_as({TEXT: Reading(names=("QuickNet",), claims=claims)}, version)


def _steps(column: str) -> list[dict[str, Any]]:
    return list(models.Correction.objects.order_by("id").values_list(column, flat=True))


def front() -> str:
    return Client().get("/").content.decode()


def test_others_are_told_how_to_get_in(row: models.Claim) -> None:
    assert Client().get("/owner/claims").status_code == 403
    assert act(Client(), row, "remove") == 403
    assert not models.Correction.objects.exists()


def test_another_site_cannot_correct(row: models.Claim) -> None:
    guarded = Client(enforce_csrf_checks=True)

    assert act(guarded, row, "remove") == 403


def test_a_corrected_claim_shows_at_once_and_survives_another_reader(
    owner: Client, row: models.Claim
) -> None:
    assert "3.3×" in front()

    assert act(owner, row, "correct") == 302
    assert "3.5×" in front()

    read_again("b", claim("runs 3.3x faster than SlowNet"))
    assert "3.5×" in front()
    assert "3.3×" not in front()
    read_again("c")
    assert "3.5×" in front()
    assert models.Claim.objects.count() == 1


@pytest.mark.parametrize(("value", "is_told"), [("3.5", True), ("3.3", False), ("1,000", False)])
def test_a_value_that_its_words_do_not_hold_is_told_to_be_the_owners(
    owner: Client, row: models.Claim, value: str, is_told: bool
) -> None:
    said = "These words do not hold the value in figures: the owner of this site set it."
    models.Claim.objects.update(quote=f"{row.quote} (1000 in all)")
    assert said not in Client().get(f"/claim/{row.pk}").content.decode()

    act(owner, row, "correct", value="7")
    act(owner, row, "correct", value=value)

    assert (said in Client().get(f"/claim/{models.Claim.objects.get().pk}").content.decode()) == is_told


def test_a_removed_claim_is_gone_everywhere_and_stays_gone(owner: Client, row: models.Claim) -> None:
    act(owner, row, "remove")
    read_again("b", claim())

    assert "3.3×" not in front()
    assert Client().get("/name/QuickNet").status_code == 404
    assert b"".join(Client().get("/claims.jsonl").streaming_content) == b""  # type: ignore[attr-defined]
    assert Client().get(f"/claim/{models.Claim.objects.get().pk}").status_code == 404


def test_what_was_read_can_be_restored(owner: Client, row: models.Claim) -> None:
    act(owner, row, "correct")
    act(owner, row, "remove")
    act(owner, row, "restore")
    assert "3.3×" in front()

    read_again("b", claim())

    assert "3.3×" in front()
    steps = list(models.Correction.objects.order_by("id").values_list("action", flat=True))
    assert steps == ["correct", "remove", "restore"]


def test_what_is_restored_stands_on_the_words_where_they_are_now(owner: Client, row: models.Claim) -> None:
    act(owner, row, "correct")
    longer = f"Much is new. {TEXT}"
    take_claims(claim(text=longer), text=longer, version="b")
    held = models.Claim.objects.get()

    act(owner, held, "restore")

    held.refresh_from_db()
    assert longer[held.start : held.end] == held.quote
    assert held.value == 3.3


def test_the_history_is_whole(owner: Client, row: models.Claim) -> None:
    act(owner, row, "correct")
    act(owner, row, "correct", value="3.6", note="again")

    page = owner.get("/owner/claims").content.decode()
    assert page.index("again") < page.index("a typo")
    assert [step["value"] for step in _steps("stands")] == [3.5, 3.6]
    assert {step["value"] for step in _steps("as_read")} == {3.3}
    told = Client().get(f"/claim/{row.pk}").content.decode()
    assert "Corrected by the owner" in told
    assert "a typo" in told


def test_the_same_again_is_no_step(owner: Client, row: models.Claim) -> None:
    for do in ("correct", "correct", "remove", "remove", "restore", "restore"):
        act(owner, row, do)

    assert models.Correction.objects.count() == 3


def test_a_corrected_claim_is_found_under_its_right_name(owner: Client, row: models.Claim) -> None:
    act(owner, row, "correct", dataset="Rails-2k")

    assert Client().get("/benchmark/Roads-1k").status_code == 404
    assert "3.5×" in Client().get("/benchmark/Rails-2k").content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"value": ""},
        {"value": "much"},
        {"value": "nan"},
        {"value": "1e999"},
        {"value_max": "x"},
        {"bound": "<b>"},
        {"direction": "up"},
        {"do": "burn"},
    ],
)
def test_what_makes_no_sense_changes_nothing(owner: Client, row: models.Claim, typed: dict[str, str]) -> None:
    asked = {"claim": str(row.pk), "do": "correct", **TYPED, **typed}

    assert owner.post("/owner/claims/act", asked).status_code == 400
    assert not models.Correction.objects.exists()


@pytest.mark.parametrize("number", ["", "0", "x", "-1", "9" * 30, "999999"])
def test_a_claim_that_was_read_anew_is_not_touched(owner: Client, row: models.Claim, number: str) -> None:
    for do in ("correct", "remove", "restore"):
        assert owner.post("/owner/claims/act", {"claim": number, "do": do, **TYPED}).status_code == 409


def test_hostile_words_stay_words(owner: Client, row: models.Claim) -> None:
    evil = "<script>alert(1)</script>"
    words = dict.fromkeys(("unit", "metric", "subject", "dataset", "baseline", "note"), evil)

    act(owner, row, "correct", **words)

    for path in (
        "/",
        "/paper/2605.00001",
        f"/claim/{row.pk}",
        "/owner/claims",
        f"/owner/claims?claim={row.pk}",
    ):
        assert "<script>alert" not in owner.get(path).content.decode()


def test_reports_wait_for_the_owner_until_the_claim_is_corrected(owner: Client, row: models.Claim) -> None:
    Client().post(f"/claim/{row.pk}/report", {"words": "It is 3.5x."})
    assert "It is 3.5x." in owner.get("/owner/claims").content.decode()

    act(owner, row, "correct")

    assert "No report is waiting" in owner.get("/owner/claims").content.decode()


def test_a_report_is_dismissed(owner: Client, row: models.Claim) -> None:
    Client().post(f"/claim/{row.pk}/report", {"words": "Nonsense"})
    waiting = models.ClaimReport.objects.get()

    owner.post("/owner/claims/act", {"report": str(waiting.pk), "do": "dismiss"})

    assert "No report is waiting" in owner.get("/owner/claims").content.decode()
    assert models.Claim.objects.filter(pk=row.pk).exists()


def test_the_claims_of_a_paper_are_found_by_its_name(owner: Client, row: models.Claim) -> None:
    page = owner.get("/owner/claims?paper=arXiv:2605.00001v2").content.decode()

    assert f'name="claim" value="{row.pk}"' in page
    assert "No figures have been read there" in owner.get("/owner/claims?paper=2401.01234").content.decode()


def test_a_merged_papers_corrections_go_with_it(owner: Client) -> None:
    title = "A paper of no number yet"
    keep([record(1, title, key=title_key(title), abstract=TEXT, summary="", source="listing")])
    read_as({TEXT: Reading(claims=(claim(),))})
    keep([record(2, "Another title", abstract=TEXT, summary="")])
    read_as({TEXT: Reading(claims=(claim(),))})
    loose = models.Claim.objects.get(paper__key=title_key(title))
    act(owner, loose, "correct")

    keep([record(2, title, abstract=TEXT, summary="")])
    read_as({TEXT: Reading(claims=(claim(),))})

    assert [row.value for row in models.Claim.objects.all()] == [3.5]
    assert models.Correction.objects.get().paper.key == "arxiv:2605.00002"
