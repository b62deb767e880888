"""Addresses of documents; they stand before those of the pages, whose names would take their endings in."""

from django.urls import path

from broadsheet.deliver.markdown import views

KINDS = ("day", "week", "month", "trending")
urlpatterns = [
    path("llms.txt", views.llms, name="llms"),
    path("index.md", views.newest, {"kind": "day"}, name="markdown-front"),
    *(path(f"{kind}.md", views.newest, {"kind": kind}, name=f"markdown-newest-{kind}") for kind in KINDS),
    path("trending/all.md", views.newest, {"kind": "all"}, name="markdown-all"),
    *(
        path(f"{kind}/<str:slug>.md", views.edition, {"kind": kind}, name=f"markdown-{kind}")
        for kind in KINDS
    ),
    path("search.md", views.search, name="markdown-search"),
    path("paper/<path:ref>.md", views.paper, name="markdown-paper"),
    path("similar/<path:ref>.md", views.similar, name="markdown-similar"),
    path("name/<path:name>.md", views.claimed, {"about": "name"}, name="markdown-name"),
    path("benchmark/<path:name>.md", views.claimed, {"about": "benchmark"}, name="markdown-benchmark"),
    path("about.md", views.about, name="markdown-about"),
    path("about/ranking.md", views.ranking, name="markdown-ranking"),
]
