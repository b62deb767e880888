"""Addresses of exports; they stand before those of feeds, whose `.json` would take `.csl.json` in."""

from django.urls import path

from broadsheet.deliver.endings import ListViews, of_lists, register_endings
from broadsheet.deliver.exports import views
from broadsheet.deliver.exports.formats import FORMS

register_endings("export", FORMS)

LISTS = ListViews(views.newest, views.edition, views.search, views.similar, views.author, views.about)
urlpatterns = [
    *of_lists("<export:form>", LISTS, "export"),
    path("saved.<export:form>", views.saved, name="export-saved"),
    path("papers.<export:form>", views.chosen, name="export-chosen"),
    path("paper/<path:ref>.<export:form>", views.paper, name="export-paper"),
]
