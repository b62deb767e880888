"""A token is taken while another process writes: its day of use is noted later."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from broadsheet.store import api_tokens

NOW = datetime(2026, 5, 24, 9, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_a_busy_database_delays_no_caller(tmp_path_factory: pytest.TempPathFactory) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only in SQLite one writer keeps all others waiting")
    token = api_tokens.make("A test", ["read"], NOW)
    name = connection.settings_dict["NAME"]
    other = sqlite3.connect(name, isolation_level=None, uri=str(name).startswith("file:"))
    other.execute("BEGIN IMMEDIATE")
    try:
        begun = time.monotonic()
        held = api_tokens.find(token, NOW)
        took = time.monotonic() - begun
    finally:
        other.execute("ROLLBACK")
        other.close()

    assert held is not None
    assert took < 1.0
    assert api_tokens.listed()[0].used_on is None
    api_tokens.find(token, NOW + timedelta(minutes=1))
    assert api_tokens.listed()[0].used_on == NOW.date()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (60_000,)
