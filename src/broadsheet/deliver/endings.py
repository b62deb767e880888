"""The addresses of lists with an ending: the same lists as feeds, as files and as documents."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

KINDS = ("day", "week", "month", "trending")
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class ListViews:
    """Views that also take `kind`, `slug`, `ref`, `about` or `name`, as their lists are named."""

    newest: View
    edition: View
    search: View
    similar: View
    author: View
    about: View


def register_endings(name: str, endings: Iterable[str]) -> None:
    """As a converter for addresses, `<name:form>`."""
    words = "|".join(map(re.escape, endings))
    register_converter(type(name, (StringConverter,), {"regex": words}), name)


def of_lists(ending: str, views: ListViews, called: str) -> list[URLPattern]:
    """`ending` as it stands behind the dot; names of the addresses begin with what they are `called`."""
    return [
        *(path(f"{kind}.{ending}", views.newest, {"kind": kind}, f"{called}-{kind}") for kind in KINDS),
        path(f"trending/all.{ending}", views.newest, {"kind": "all"}, f"{called}-all"),
        *(
            path(f"{kind}/<str:slug>.{ending}", views.edition, {"kind": kind}, f"{called}-{kind}-of")
            for kind in KINDS
        ),
        path(f"search.{ending}", views.search, name=f"{called}-search"),
        path(f"similar/<path:ref>.{ending}", views.similar, name=f"{called}-similar"),
        path(f"author/<path:name>.{ending}", views.author, name=f"{called}-author"),
        path(f"name/<path:name>.{ending}", views.about, {"about": "name"}, f"{called}-name"),
        path(f"benchmark/<path:name>.{ending}", views.about, {"about": "benchmark"}, f"{called}-benchmark"),
    ]
