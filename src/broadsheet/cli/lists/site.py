"""The site that is asked: another one over the network, or this one in this very process, without a server.

Django, the settings and the data folder are touched for this one alone.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx

from broadsheet.client import Client

LONGEST_TOKEN = 1_000  # bytes


class AskedWrongly(ValueError):
    """What was typed cannot be asked for; the message says what is expected."""


def opened(site: str | None, token_file: str | None) -> Client:
    """Raises AskedWrongly for an address, a token or a file that is none; OSError."""
    token = _token(token_file) if token_file else ""
    if not site:
        return _own(token)
    try:
        return Client(site, token=token)
    except ValueError as error:
        raise AskedWrongly(f"--site: {error}") from error


def _token(file: str) -> str:
    try:
        held = sys.stdin.buffer.read(LONGEST_TOKEN) if file == "-" else _beginning(Path(file))
        token = held.decode("ascii").strip()
    except UnicodeDecodeError:
        token = ""
    if not token.isprintable() or len(token.split()) != 1:
        raise AskedWrongly(f"--token-file {file}: expected a token and nothing else")
    return token


def _beginning(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(LONGEST_TOKEN)


def _own(token: str) -> Client:
    import django  # noqa: PLC0415  (another site is asked without it)
    from django.apps import apps  # noqa: PLC0415

    if not apps.ready:
        django.setup()
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415

    from broadsheet import wiring  # noqa: PLC0415
    from broadsheet.cli import prepare  # noqa: PLC0415
    from broadsheet.deliver.limits import OWN  # noqa: PLC0415

    prepare.migrate()
    application = WSGIHandler()

    def as_owner(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        return application(environ | {OWN: True}, start)

    transport = httpx.WSGITransport(app=as_owner)
    # Nobody waits here for what is being built anew: it is said at once.
    return Client(wiring.site_url(), token=token, longest_wait_s=0, transport=transport)
