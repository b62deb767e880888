"""Addresses of feeds; they stand before those of the pages, whose names would take their endings in."""

from django.urls import path

from broadsheet.deliver.endings import ListViews, of_lists, register_endings
from broadsheet.deliver.feeds import own, views
from broadsheet.deliver.feeds.formats import WRITERS

register_endings("feed", WRITERS)

LISTS = ListViews(views.newest, views.edition, views.search, views.similar, views.author, views.about)
urlpatterns = [
    *of_lists("<feed:form>", LISTS, "feed"),
    path("feeds.opml", views.opml, name="feeds-opml"),
    path("subscription/feed.<feed:form>", own.own, name="feed-own"),
]
