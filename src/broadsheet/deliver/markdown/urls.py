"""Addresses of documents; they stand before those of the pages, whose names would take their endings in."""

from django.urls import path

from broadsheet.deliver.markdown import views

KINDS = ("day", "week", "month", "trending")
urlpatterns = [
    path("llms.txt", views.llms, name="llms"),
    path("index.md", views.edition, {"kind": "day"}, name="markdown-front"),
    *(path(f"{kind}.md", views.edition, {"kind": kind}, name=f"markdown-newest-{kind}") for kind in KINDS),
    path("trending/all.md", views.edition, {"kind": "all"}, name="markdown-all"),
    *(
        path(f"{kind}/<str:slug>.md", views.edition, {"kind": kind}, name=f"markdown-{kind}")
        for kind in KINDS
    ),
    path("search.md", views.search, name="markdown-search"),
    path("saved.md", views.saved, name="markdown-saved"),
    path("papers.md", views.chosen, name="markdown-chosen"),
    path("paper/<path:ref>.md", views.paper, name="markdown-paper"),
    path("papers/<path:ref>.md", views.paper, name="hf-markdown"),  # as Hugging Face's clients ask for it
    path("similar/<path:ref>.md", views.similar, name="markdown-similar"),
    path("author/<path:name>.md", views.author, name="markdown-author"),
    path("name/<path:name>.md", views.claimed, {"about": "name"}, name="markdown-name"),
    path("benchmark/<path:name>.md", views.claimed, {"about": "benchmark"}, name="markdown-benchmark"),
    path("about.md", views.about, name="markdown-about"),
    path("about/ranking.md", views.ranking, name="markdown-ranking"),
]
