"""How often these addresses may be asked: the one place where a limit is hung in."""

from collections.abc import Callable

from django.http import HttpResponse

View = Callable[..., HttpResponse]


def limited(view: View) -> View:
    """Stands around every address of this folder. As yet it lets everything through."""
    return view
