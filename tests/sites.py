"""A site of a test's own, for tests that start processes: a data folder, and on PostgreSQL a database."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
BROADSHEET = str(Path(sys.executable).parent / "broadsheet")
PATIENCE_S = 60.0


@contextmanager
def own_site(folder: Path) -> Iterator[dict[str, str]]:
    """The environment that its processes run in: offline, and empty until one of them prepares it."""
    env = {
        **os.environ,
        "BROADSHEET_DATA": str(folder / "data"),
        "BROADSHEET_OFFLINE": "yes",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    url = os.environ.get("BROADSHEET_DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield env
        return
    import psycopg  # noqa: PLC0415

    name = f"site_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield {**env, "BROADSHEET_DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def web(env: Mapping[str, str]) -> Iterator[str]:
    """The address of `broadsheet web`, as a process of its own that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [BROADSHEET, "web", "--port", str(port)]
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urlopen(url, timeout=5).close()
        except (URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} does not answer")
