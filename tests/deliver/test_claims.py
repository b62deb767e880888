"""Claims on pages: chips that show their proof, pages by name and by benchmark, downloads, reports."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet import wiring
from broadsheet.deliver.web import asking, counting
from broadsheet.deliver.web.once import Once
from broadsheet.deliver.web.views import claims as claim_pages
from broadsheet.domain.reading import Bound, Direction, Reading, Span, TextLink, TextLinkKind
from broadsheet.jobs.indexing import catch_up
from broadsheet.store import claim_reports, claims, models
from tests.deliver.claiming import TEXT, claim, hostile, read_as, take_claims
from tests.deliver.conftest import keep, record
from tests.makers import NOW

pytestmark = pytest.mark.django_db

PAGES = ("/", "/paper/2605.00001", "/name/QuickNet", "/benchmark/Roads-1k")
EVIL = "<script>alert(1)</script>\"'{{ x }}&\\$"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_reported", Once())  # as in a process that has just begun


def page(path: str) -> str:
    reply = Client().get(path)
    assert reply.status_code == 200, path
    return reply.content.decode()


def body(path: str) -> str:
    reply = Client().get(path)
    return b"".join(reply.streaming_content).decode()  # type: ignore[attr-defined]


def chips_of(html: str) -> list[str]:
    return re.findall(r"<details><summary><b>.*?</details>", html)


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.mark.parametrize("path", ["/", "/paper/2605.00001"])
def test_a_chip_says_what_is_claimed_and_opens_to_its_sentence(path: str) -> None:
    take_claims(claim(direction=Direction.BETTER))

    (chip,) = chips_of(page(path))

    assert plain(chip).startswith("3.3× faster · vs SlowNet · Roads-1k")
    assert "QuickNet runs <mark>3.3x faster than SlowNet on Roads-1k</mark>." in chip
    assert "It is old" not in chip


def test_search_results_have_chips(client: Client) -> None:
    take_claims(claim())
    catch_up(wiring.words_index())

    assert len(chips_of(page("/search?q=retrieval"))) == 1


def test_a_story_has_three_at_most_and_those_that_tell_most() -> None:
    text = " ".join(f"{n}% here." for n in range(1, 9))
    bare = [
        claim(f"{n}% here", text, value=n, unit="%", baseline="", dataset="", metric="", subject="")
        for n in range(1, 9)
    ]
    bare[6] = claim("7% here", text, value=7, unit="%", direction=Direction.BETTER)
    take_claims(*bare, text=text)

    assert re.findall(r"<summary><b>(.*?)</b>", page("/")) == ["1%", "2%", "7%"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"bound": Bound.UP_TO, "unit": "%", "value": 90.0}, "up to 90%"),
        ({"value": 41.2, "value_max": 47.9, "unit": "points"}, "41.2 to 47.9 points"),
        ({"value": 2_000_000.0, "unit": "tokens"}, "2,000,000 tokens"),
        ({"metric": "", "direction": Direction.BETTER}, "3.3× better"),
        ({"metric": "SlowNet"}, "3.3× SlowNet · Roads-1k"),
    ],
)
def test_a_figure_is_told_as_it_was_meant(said: dict[str, Any], words: str) -> None:
    take_claims(claim(**said))

    assert plain(chips_of(page("/"))[0]).startswith(words)


def test_a_withdrawn_paper_claims_nothing_in_lists_and_is_marked_in_tables() -> None:
    take_claims(claim())
    models.Paper.objects.update(is_withdrawn=True)
    models.Edition.objects.update(readings_no=99)

    assert not chips_of(page("/"))
    assert "Withdrawn by its authors" in page("/name/QuickNet")


def test_a_page_that_is_kept_ready_shows_what_was_read_since() -> None:
    keep([record(1, abstract=TEXT, summary="", one_line="")])
    assert not chips_of(page("/"))

    read_as({TEXT: Reading(claims=[claim()], one_line=Span("It is new.", 63, 73))})

    assert len(chips_of(page("/"))) == 1


def test_the_line_is_read_out_of_the_text_only_where_no_source_told_one() -> None:
    keep([record(1, abstract=TEXT, summary="", one_line=""), record(2, abstract=TEXT, one_line="Told.")])
    read_as({TEXT: Reading(one_line=Span("QuickNet runs", 11, 24))})

    front = page("/")

    assert '<p class="deck">QuickNet runs.</p>' in front
    assert '<p class="tldr">Told.</p>' in front


def test_a_paper_page_names_the_sentence_of_each_figure() -> None:
    take_claims(claim(), claim("runs 3.3x faster", metric="pace"))

    html = page("/paper/2605.00001")

    assert html.count('<mark id="proof-1">') == 1
    assert html.count('href="#proof-1"') == 2
    assert "The authors’ own claims" in html
    assert 'href="/benchmark/Roads-1k"' in html
    assert '<a href="/name/QuickNet">QuickNet</a>' in html


def test_a_paper_page_shows_what_else_was_read() -> None:
    keep([record(1, abstract=TEXT, summary="", names=(), keywords=(), links=())])
    links = (
        TextLink("https://example.org/demo", TextLinkKind.DEMO),
        TextLink("javascript:x", TextLinkKind.CODE),
    )
    read_as({TEXT: Reading(names=("Called",), keywords=("speed",), links=links)})

    html = page("/paper/2605.00001")

    assert '<a href="https://example.org/demo" rel="noreferrer">Demo' in html
    assert "Called" in html
    assert "speed" in html
    assert "javascript:" not in html


@pytest.mark.parametrize("words", [EVIL, "\u202eabc", "$x^2", "a" * 5_000, "{" * 300, "\\text{<b>}"])
def test_hostile_words_stay_words(words: str) -> None:
    take_claims(*hostile(words), text=TEXT)
    row = models.Claim.objects.get()

    for path in ("/", "/paper/2605.00001", f"/claim/{row.pk}"):
        html = page(path)
        assert "<script>alert" not in html
        assert "<b>}" not in html


def test_hostile_text_around_a_claim_stays_text() -> None:
    text = f"{EVIL} It is 3.3x faster {EVIL}. And $a_{{1 3.3x$ more"
    take_claims(claim("is 3.3x faster <script>", text), claim("a_{1 3.3x$ more", text, metric="m"), text=text)

    for path in PAGES[:3]:
        assert "<script>alert" not in page(path)


def test_where_the_text_has_changed_the_words_alone_are_shown() -> None:
    take_claims(claim())
    models.Paper.objects.update(abstract="Altogether different.")

    (chip,) = chips_of(page("/"))

    assert "<p><mark>3.3x faster than SlowNet on Roads-1k</mark>" in chip


@pytest.mark.parametrize(
    "path", ["/name/QuickNet", "/name/quick net", "/name/SlowNet", "/benchmark/roads 1K"]
)
def test_all_claims_about_a_thing_stand_on_one_page_however_it_is_spelled(path: str) -> None:
    take_claims(claim())
    other = TEXT.replace("3.3x", "4x")
    take_claims(claim("4x faster", other, value=4.0, subject="Quick-Net"), number=2, text=other)

    html = page(path)

    assert html.count("<tr id=") == 2
    assert "authors’ own claims" in html
    assert "/paper/2605.00002" in html
    assert "<mark>4x faster</mark>" in html


def test_a_claim_without_a_subject_is_about_what_its_paper_names() -> None:
    take_claims(claim(subject=""))

    assert page("/name/QuickNet").count("<tr id=") == 1


def test_what_only_sounds_like_a_name_has_no_page() -> None:
    take_claims(claim(baseline="strong baselines"))

    assert "/name/strong" not in page("/paper/2605.00001")
    assert Client().get("/name/strong baselines").status_code == 404


@pytest.mark.parametrize("sort", ["value", "date", "paper"])
def test_claims_are_sorted(sort: str) -> None:
    for number, value in ((1, 2.0), (2, 5.0), (3, 3.0)):
        text = f"It runs {value}x faster {number}."
        said: dict[str, Any] = {"title": f"{'CAB'[number - 1]} paper", "submitted_at": None}
        said["announced_on"] = date(2026, 5, 10 + number)
        take_claims(claim(f"{value}x faster", text, value=value), number=number, text=text, **said)

    found = re.findall(r'<td class="n"><b>([\d.]+)×', page(f"/name/QuickNet?sort={sort}"))

    order = {"value": ["5.0", "3.0", "2.0"], "date": ["3.0", "5.0", "2.0"], "paper": ["5.0", "3.0", "2.0"]}
    assert found == order[sort]


def test_claims_come_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "PAGE_SIZE", 2)
    text = "It is 1x and 2x and 3x as fast."
    take_claims(*(claim(f"{n}x", text, value=n) for n in (1, 2, 3)), text=text)

    assert page("/name/QuickNet").count("<tr id=") == 2
    assert page("/name/QuickNet?page=2").count("<tr id=") == 1
    assert Client().get("/name/QuickNet?page=3").status_code == 404


def test_the_last_page_of_all_offers_no_other_and_names_the_downloads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(claims, "PAGE_SIZE", 2)
    monkeypatch.setattr(claim_pages, "PAGE_SIZE", 2)
    for module in (asking, claim_pages):
        monkeypatch.setattr(module, "MOST_PAGES", 2)
    text = "It is 1x and 2x and 3x and 4x and 5x as fast."
    take_claims(*(claim(f"{n}x", text, value=n) for n in range(1, 6)), text=text)

    first, last = page("/name/QuickNet"), page("/name/QuickNet?page=2")

    assert 'rel="next"' in first
    assert "The pages end here" not in first
    assert 'rel="next"' not in last
    assert "at 4 figures. All 5 are in the downloads above" in last
    assert Client().get("/name/QuickNet?page=3").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/name/Nothing", "/benchmark/Nothing", "/name/…", "/name/%00", "/name/QuickNet?sort=x"),
        *("/name/" + "a" * 500, "/name/QuickNet?page=99", "/claim/1", "/claim/99999999999999999999999"),
    ],
)
def test_what_is_not_there_is_said_to_be_missing(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/name/QuickNet", "/benchmark/Roads-1k"])
def test_a_page_of_claims_takes_a_fixed_number_of_queries(
    path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 9):
        take_claims(claim(), number=number)

    with django_assert_num_queries(4) as asked:
        assert page(path).count("<tr id=") == 8

    assert not [
        one for one in asked.captured_queries if "abstract" in one["sql"] and "ORDER BY" in one["sql"]
    ]


def report(client: Client, claim_id: int, words: str = "It is 33x.", **headers: str) -> int:
    told = {"sec-fetch-site": "same-origin", **headers}
    return client.post(f"/claim/{claim_id}/report", {"words": words}, headers=told).status_code


def test_a_reader_reports_a_claim_and_leaves_no_trace() -> None:
    row = take_claims(claim())
    assert row is not None
    client = Client()

    assert report(client, row.pk, "It is\x00 33x\u202e. " + "x" * 9_000) == 302

    kept = models.ClaimReport.objects.values().get()
    assert kept["words"].startswith("It is 33x. xxx")
    assert len(kept["words"]) == 500
    assert set(kept) == {"id", "paper_id", "value", "quote", "words", "made_on", "settled_on"}
    assert not client.cookies


def test_who_reports_is_thanked_and_sends_nothing_twice() -> None:
    row = take_claims(claim())
    assert row is not None
    told = {"sec-fetch-site": "same-origin"}

    reply = Client().post(f"/claim/{row.pk}/report", {"words": "No."}, headers=told, follow=True)

    assert reply.redirect_chain == [(f"/claim/{row.pk}?reported", 302)]
    assert '<p class="label">Reported</p>' in reply.content.decode()
    assert "Thank you." in reply.content.decode()
    assert "Report this figure" not in reply.content.decode()
    assert "Reported" not in page(f"/claim/{row.pk}")


def test_one_network_reports_a_claim_once_and_some_a_day() -> None:
    row = take_claims(claim())
    assert row is not None
    many = [claim("3.3x", value=n + 0.5) for n in range(30)]
    take_claims(*many, number=2)

    assert report(Client(), row.pk) == 302
    assert report(Client(), row.pk) == 429
    assert report(Client(REMOTE_ADDR="192.0.2.9"), row.pk) == 302
    for other in models.Claim.objects.filter(paper__key="arxiv:2605.00002"):
        report(Client(REMOTE_ADDR="192.0.2.10"), other.pk)

    assert models.ClaimReport.objects.count() == 2 + counting.REPORTS_A_DAY


def test_a_form_of_another_site_reports_nothing() -> None:
    row = take_claims(claim())
    assert row is not None

    assert report(Client(), row.pk, **{"sec-fetch-site": "cross-site"}) == 400
    assert Client().get(f"/claim/{row.pk}/report").status_code == 405
    assert report(Client(), row.pk + 1) == 404
    assert not models.ClaimReport.objects.exists()


def test_a_flood_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_reports, "MOST_WAITING", 1)
    row = take_claims(claim())
    assert row is not None

    assert report(Client(), row.pk) == 302
    assert report(Client(REMOTE_ADDR="192.0.2.9"), row.pk) == 429


def test_of_one_claim_some_reports_wait_and_more_get_thanks() -> None:
    first, other = take_claims(claim()), take_claims(claim(), number=2)
    assert first is not None
    assert other is not None

    answers = {report(Client(REMOTE_ADDR=f"192.0.2.{n}"), first.pk) for n in range(20, 30)}
    report(Client(), other.pk)

    assert answers == {302}
    assert models.ClaimReport.objects.filter(paper=first.paper).count() == claim_reports.MOST_OF_ONE
    assert models.ClaimReport.objects.filter(paper=other.paper).count() == 1


def test_a_claim_that_goes_while_it_is_reported_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    row = take_claims(claim())
    assert row is not None

    def meanwhile(request: HttpRequest, claim_id: int) -> bool:
        models.Paper.objects.all().delete()
        return True

    monkeypatch.setattr(counting, "is_first_report", meanwhile)

    assert report(Client(), row.pk) == 404
    assert not models.ClaimReport.objects.exists()


def test_settled_reports_are_forgotten_after_a_while() -> None:
    row = take_claims(claim())
    assert row is not None
    for words in ("settled", "waiting"):
        claim_reports.report(row.pk, words, NOW.date())
    claim_reports.dismiss(models.ClaimReport.objects.get(words="settled").pk, NOW.date())

    assert claim_reports.tidy(NOW + claim_reports.KEPT) == 0
    assert claim_reports.tidy(NOW + claim_reports.KEPT + timedelta(days=1)) == 1
    assert models.ClaimReport.objects.get().words == "waiting"


def test_looking_changes_nothing() -> None:
    row = take_claims(claim())
    assert row is not None
    before = [list(model.objects.values()) for model in (models.Claim, models.Reading, models.Edition)]

    for path in (*PAGES, f"/claim/{row.pk}", "/owner/claims"):
        Client().get(path)
    for path in ("/claims.jsonl", "/claims.csv"):
        body(path)

    assert [
        list(model.objects.values()) for model in (models.Claim, models.Reading, models.Edition)
    ] == before
    assert not models.ClaimReport.objects.exists()
