"""Addresses of exports; they stand before those of feeds, whose `.json` would take `.csl.json` in."""

from django.urls import path, register_converter

from broadsheet.deliver.exports import views
from broadsheet.deliver.exports.formats import FORMS


class Ending:
    regex = "|".join(ending.replace(".", r"\.") for ending in FORMS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Ending, "export")

KINDS = ("day", "week", "month", "trending")
urlpatterns = [
    *(path(f"{kind}.<export:form>", views.newest, {"kind": kind}, name=f"export-{kind}") for kind in KINDS),
    path("trending/all.<export:form>", views.newest, {"kind": "all"}, name="export-all"),
    *(
        path(f"{kind}/<str:slug>.<export:form>", views.edition, {"kind": kind}, name=f"export-{kind}-of")
        for kind in KINDS
    ),
    path("search.<export:form>", views.search, name="export-search"),
    path("saved.<export:form>", views.saved, name="export-saved"),
    path("papers.<export:form>", views.chosen, name="export-chosen"),
    path("paper/<path:ref>.<export:form>", views.paper, name="export-paper"),
    path("similar/<path:ref>.<export:form>", views.similar, name="export-similar"),
    path("author/<path:name>.<export:form>", views.author, name="export-author"),
    path("name/<path:name>.<export:form>", views.about, {"about": "name"}, name="export-name"),
    path("benchmark/<path:name>.<export:form>", views.about, {"about": "benchmark"}, name="export-benchmark"),
]
