"""The address that the site is served at: from the settings, or from --host and --port in their place."""

import errno
import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Mapping

from django.core.management.base import CommandError

from broadsheet import wiring


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", help="the address to bind to; default: BROADSHEET_HOST, 127.0.0.1")
    parser.add_argument("--port", type=int, help="the port; default: BROADSHEET_PORT, 8000")


def settle(host: str | None, port: int | None) -> tuple[str, int]:
    """The address to serve. Another one than the settings say starts this program anew with them changed.

    Allowed hosts, cookies and printed links all follow from the settings, which are read once.
    """
    wanted = {"HOST": host, "PORT": None if port is None else str(port)}
    changed = {name: value for name, value in wanted.items() if value not in (None, str(wiring.option(name)))}
    if changed:
        _start_anew(changed)
    return wiring.option("HOST"), wiring.option("PORT")


def check_free(host: str, port: int) -> None:
    """Raises CommandError when the address cannot be bound to."""
    try:
        with _listener(host) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
    except OSError as error:
        raise CommandError(_why_not(error, host, port)) from error


def answers(host: str, port: int) -> bool:
    """Whether a server accepts connections there."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (looked up, not bound to)
    try:
        socket.create_connection((near, port), timeout=1).close()
    except OSError:
        return False
    return True


def binding(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _listener(host: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)


def _why_not(error: OSError, host: str, port: int) -> str:
    where = binding(host, port)
    if error.errno == errno.EADDRINUSE:
        return f"{where} is in use by another program; stop that one, or choose another port with --port"
    if error.errno == errno.EACCES:
        return f"{where} needs more rights than this user has; choose a port above 1023 with --port"
    return f"{where} cannot be bound to ({error.strerror or error}); choose another address with --host"


def _start_anew(changed: Mapping[str, str | None]) -> None:
    env = dict(os.environ)
    for name, value in changed.items():
        env.pop(f"BROADSHEET_{name}_FILE", None)
        env[f"BROADSHEET_{name}"] = str(value)
    words = [sys.executable, "-m", "broadsheet.cli.main", *sys.argv[1:]]
    sys.stdout.flush()
    os.execve(sys.executable, words, env)  # noqa: S606  (this very program)
