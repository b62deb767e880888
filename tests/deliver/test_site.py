"""What holds on every page: headers, host, cookies, theme; and the pages about the site."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import FileResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from django.views.defaults import server_error

from broadsheet.jobs import reading
from broadsheet.store.models import Job, Subscription
from broadsheet.store.source_state import failed
from tests.deliver.conftest import TakeIn, record

READER_PAGES = [
    "/",
    "/day/2026-05-22",
    "/week/2026-W21",
    "/paper/2605.00001",
    "/search",
    "/search?q=paper",
    "/about",
    "/trending",
    "/trending/all",
    "/day/2026-05-22?view=latest",
]
READER_PAGES += ["/about/ranking", "/keys", "/robots.txt", "/nothing-here", "/day/2026-05-23"]


@pytest.fixture
def site(take: TakeIn) -> None:
    take(record(1))


@pytest.mark.parametrize(
    "path", [*READER_PAGES, "/healthz", "/owner/", "/admin/login/", "/static/web/style.css"]
)
def test_every_reply_carries_the_policy(site: None, client: Client, path: str) -> None:
    reply = client.get(path)
    reply.close()

    policy = reply.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "same-origin"
    assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in reply.headers["Permissions-Policy"]


@pytest.mark.parametrize("path", [*READER_PAGES, "/healthz", "/static/web/style.css", "/admin/"])
def test_another_host_name_is_refused(site: None, client: Client, path: str) -> None:
    reply = client.get(path, headers={"host": "evil.example"})

    assert reply.status_code == 400
    assert "BROADSHEET_ALLOWED_HOSTS" in reply.content.decode()
    assert "Content-Security-Policy" in reply.headers


@pytest.mark.parametrize("path", READER_PAGES)
def test_readers_get_no_cookie_and_no_session(site: None, client: Client, path: str) -> None:
    reply = client.get(path)

    assert not reply.cookies
    assert "Cookie" not in reply.headers.get("Vary", "")


@pytest.mark.parametrize("path", READER_PAGES)
def test_no_page_has_a_style_or_a_script_in_it(site: None, client: Client, path: str) -> None:
    html = client.get(path).content.decode()

    assert " style=" not in html
    assert "<style" not in html
    assert " onclick" not in html
    data = html.count('<script type="application/ld+json">')  # which no browser runs
    assert html.count("<script") == html.count('<script src="/static/web/') + data


def test_a_page_that_has_not_changed_is_not_sent_again(site: None, client: Client) -> None:
    first = client.get("/about/ranking")

    again = client.get("/about/ranking", headers={"if-none-match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("path", ["/", "/search", "/paper/2605.00001"])
def test_pages_are_only_read(site: None, client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_the_theme_is_kept_in_a_cookie(site: None, client: Client) -> None:
    reply = client.post(
        "/theme", {"theme": "dark", "back": "/about?x=1"}, headers={"sec-fetch-site": "same-origin"}
    )

    assert reply.headers["Location"] == "/about?x=1"
    assert reply.cookies["theme"]["httponly"]
    assert 'data-theme="dark"' in client.get("/about").content.decode()

    client.post("/theme", {"theme": "auto"}, headers={"sec-fetch-site": "same-origin"})
    assert "data-theme" not in client.get("/about").content.decode()


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/a\nb"]
)
def test_choosing_a_theme_leads_nowhere_else(client: Client, back: str) -> None:
    assert client.post("/theme", {"theme": "dark", "back": back}).headers["Location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_another_site_cannot_choose_the_theme(client: Client, headers: dict[str, str]) -> None:
    reply = client.post("/theme", {"theme": "dark"}, headers=headers)

    assert reply.status_code == 400
    assert not reply.cookies


def test_a_theme_cookie_with_another_value_is_ignored(site: None, client: Client) -> None:
    client.cookies["theme"] = '"><script>'

    assert "data-theme" not in client.get("/about").content.decode()


def test_health_tells_of_database_index_jobs_and_sources(site: None, client: Client) -> None:
    Job.objects.create(name="index", run_at=timezone.now() + timedelta(minutes=1))

    report = json.loads(client.get("/healthz").content)

    assert report["status"] == "ok"
    assert report["database"]["ok"] is True
    assert report["index"]["ok"] is True
    assert report["jobs"][0]["name"] == "index"


def test_health_tells_how_far_papers_are_read(site: None, client: Client) -> None:
    reading.catch_up(lambda: False, version="readings-9")

    told = json.loads(client.get("/healthz").content)["readings"]

    assert told == {"ok": True, "reader": "readings-9", "changes_behind": 0, "is_complete": False}
    reading.catch_up(version="readings-9")
    assert json.loads(client.get("/healthz").content)["readings"]["is_complete"] is True


def test_health_is_degraded_while_a_source_fails_or_a_job_is_late(site: None, client: Client) -> None:
    failed("arxiv_feed", "password=hunter2", datetime(2026, 5, 24, tzinfo=UTC))

    reply = client.get("/healthz")

    assert reply.status_code == 200
    assert json.loads(reply.content)["status"] == "degraded"
    assert "hunter2" not in reply.content.decode()

    Job.objects.create(name="index", run_at=timezone.now() - timedelta(hours=3))
    assert json.loads(client.get("/healthz").content)["jobs"][0]["is_late"] is True


def test_health_is_degraded_while_digests_do_not_leave_and_names_nobody(site: None, client: Client) -> None:
    assert json.loads(client.get("/healthz").content)["digests"] == {"ok": True}
    ada, now = "ada@example.org", timezone.now()
    Subscription.objects.create(
        address=ada, shown_address=ada, state="active", asked_at=now, due_at=now - timedelta(hours=3)
    )

    reply = client.get("/healthz")

    report = json.loads(reply.content)
    assert (reply.status_code, report["status"], report["digests"]) == (200, "degraded", {"ok": False})
    assert "ada" not in reply.content.decode()


def test_crawlers_are_kept_from_search(client: Client) -> None:
    assert "Disallow: /search" in client.get("/robots.txt").content.decode()


@pytest.mark.parametrize("path", READER_PAGES)
def test_no_link_leads_nowhere(site: None, client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    links = set(re.findall(r'(?:href|action)="(/[^"#]*)"', html)) - {"/theme", "/save", "/vote", "/owner/"}

    dead = [link for link in links if status_of(client, link.replace("&amp;", "&")) >= 400]

    assert dead == []


def status_of(client: Client, path: str) -> int:
    reply = client.get(path)
    if isinstance(reply, FileResponse):
        request_finished.disconnect(close_old_connections)  # else it takes the test's own connection along
        reply.close()
        request_finished.connect(close_old_connections)
    return reply.status_code


def test_an_error_of_ours_has_a_plain_page() -> None:
    page = server_error(RequestFactory().get("/")).content.decode()

    assert "Something broke" in page
