"""Addresses of documents; they stand before those of the pages, whose names would take their endings in."""

from django.urls import path

from broadsheet.deliver.endings import ListViews, of_lists
from broadsheet.deliver.markdown import views

LISTS = ListViews(views.edition, views.edition, views.search, views.similar, views.author, views.claimed)
urlpatterns = [
    *of_lists("md", LISTS, "markdown"),
    path("llms.txt", views.llms, name="llms"),
    path("index.md", views.edition, {"kind": "day"}, name="markdown-front"),
    path("saved.md", views.saved, name="markdown-saved"),
    path("papers.md", views.chosen, name="markdown-chosen"),
    path("paper/<path:ref>.md", views.paper, name="markdown-paper"),
    path("papers/<path:ref>.md", views.paper, name="hf-markdown"),  # as Hugging Face's clients ask for it
    path("about.md", views.about, name="markdown-about"),
    path("about/ranking.md", views.ranking, name="markdown-ranking"),
]
