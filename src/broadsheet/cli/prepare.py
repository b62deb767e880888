"""Makes a data folder and its database ready, whichever of our processes comes first."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from broadsheet import wiring
from broadsheet.lib.files import locked

LOCK_NUMBER = 0x42726F61  # PostgreSQL's advisory locks are numbers; any will do that is ours


def close_data_folder() -> None:
    """Nobody but its owner reads the data folder: sessions and the signing key lie there."""
    with suppress(PermissionError):  # somebody else's folder, lent to us: its owner decides
        wiring.data_folder().chmod(0o700)


def migrate() -> bool:
    """Bring the tables up to date, one process at a time; whether there was anything to do."""
    if not unapplied():
        return False
    with _alone():
        call_command("migrate", interactive=False, verbosity=0)
    return True


def unapplied() -> list[str]:
    """Migrations that this database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown() -> list[str]:
    """Migrations that the database has seen and this version of Broadsheet does not know: it is too old."""
    loader = MigrationExecutor(connection).loader
    ours = {"store", "web"}
    return [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in loader.disk_migrations
    ]


@contextmanager
def _alone() -> Iterator[None]:
    if connection.vendor != "postgresql":
        with locked(wiring.data_folder() / "migrate.lock"):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_NUMBER])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_NUMBER])
