"""Keeps the test's connection to the database, where a server within its process would close it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.db import close_old_connections


@contextmanager
def staying_open() -> Iterator[None]:
    """A server closes what it has of the database between requests; here that would be the test's own."""
    for of in (request_started, request_finished):
        of.disconnect(close_old_connections)
    try:
        yield
    finally:
        for of in (request_started, request_finished):
            of.connect(close_old_connections)
