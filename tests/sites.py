"""A site of a test's own, for tests that start processes: a data folder, and on PostgreSQL a database."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


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
