"""What the options of a command ask for, in the words of the domain."""

from datetime import date

from django.core.management.base import CommandError

from broadsheet import wiring
from broadsheet.domain.edition import BadWindow, Window, WindowKind, window_of
from broadsheet.store import pages


def window_asked(kind: WindowKind, day: date | None) -> Window:
    """The window of a day, or without one the newest that has papers. Raises CommandError."""
    today = wiring.clock().now().date()
    try:
        found = window_of(kind, day) if day else pages.newest_window(kind, up_to=today)
    except BadWindow as error:
        raise CommandError(f"--date: {error}", returncode=2) from error
    return found or window_of(kind, today)
