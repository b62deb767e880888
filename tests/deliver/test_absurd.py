"""Addresses that no page of ours makes: each gets a page that says so, never an error of ours."""

import pytest
from django.test import Client

from tests.deliver.conftest import TakeIn, record

ABSURD = [
    "/?page=1000000000",
    "/?page=-1",
    "/?page=0",
    "/?page=1e3",
    "/?page=%C2%B2",
    "/?page=%00",
    "/?cat=%27%22%3E%3Cscript%3E",
    "/?cat=cs.LG%00",
    "/?cat=cs.LG&page=50",
    "/day/2026-02-30",
    "/day/0000-00-00",
    "/day/0001-01-01",
    "/day/9999-12-31",
    "/day/99999-01-01",
    "/day/2026-05-22%00",
    "/day/%D9%A2%D9%A0%D9%A2%D9%A6-05-22",
    "/week/2026-W99",
    "/week/2026-W00",
    "/week/0001-W01",
    "/week/9999-W52",
    "/week/9999-W53",
    "/month/2026-13",
    "/month/0001-01",
    "/month/9999-12",
    "/paper/%00",
    "/paper/2605.00001%00",
    "/paper/10.1000/x%00",
    "/paper/10.1000/x%2500",
    "/paper/10.1000/x%25ff",
    "/paper/http://%5B",
    "/paper/title:00000000000000000000%00",
    "/paper/" + "9" * 5_000,
    "/paper/%ED%A0%80",
    "/search?q=%00",
    "/search?q=a%00b",
    "/search?q=10.1000/x%2500",
    "/search?q=%ED%A0%80",
    "/search?q=%22",
    "/search?q=%22%22%22%22",
    "/search?q=" + "%22a%22" * 200,
    "/search?q=" + "word+" * 5_000,
    "/search?q=" + "x" * 8_000,
    "/search?q=AND+OR+NOT+(+*+?+~+%5E+:+%5B",
    "/search?q=paper&page=50&sort=new",
    "/search?q=paper&sort=%00",
    "/owner/claim?token=%00",
    "/%00",
    "/static/%00",
    "/static/../../etc/passwd",
    "/static/web/%2e%2e/%2e%2e/apps.py",
]


@pytest.mark.parametrize("path", ABSURD)
def test_an_absurd_address_gets_a_page_that_says_so(take: TakeIn, client: Client, path: str) -> None:
    take(record(1))

    reply = client.get(path)
    reply.close()

    assert reply.status_code in (200, 301, 302, 400, 403, 404)
    assert "Content-Security-Policy" in reply.headers


@pytest.mark.parametrize("path", ABSURD)
def test_an_absurd_address_leads_on_to_no_error(take: TakeIn, client: Client, path: str) -> None:
    take(record(1))

    reply = client.get(path, follow=True)
    reply.close()

    assert reply.status_code in (200, 400, 403, 404)
