"""A page of rows out of those that were read, one more than wanted: that there is a next page is known so."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.http import HttpRequest

from broadsheet.deliver.api.cursors import Place, cursor_at

T = TypeVar("T")


def page_of(
    request: HttpRequest, rows: Sequence[T], limit: int, place: Callable[[T], Place]
) -> tuple[Sequence[T], str | None]:
    """The rows of the page, and the cursor of the next one."""
    shown = rows[:limit]
    return shown, cursor_at(request, place(shown[-1])) if len(rows) > limit else None
