"""Addresses of feeds; they stand before those of the pages, whose names would take their endings in."""

from django.urls import path, register_converter

from broadsheet.deliver.feeds import own, views


class Form:
    regex = "atom|rss|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Form, "feed")

KINDS = ("day", "week", "month", "trending")
urlpatterns = [
    path("feeds.opml", views.opml, name="feeds-opml"),
    path("subscription/feed.<feed:form>", own.own, name="feed-own"),
    path("day.<feed:form>", views.newest, {"kind": "day"}, name="feed-day"),
    path("week.<feed:form>", views.newest, {"kind": "week"}, name="feed-week"),
    path("month.<feed:form>", views.newest, {"kind": "month"}, name="feed-month"),
    path("trending.<feed:form>", views.newest, {"kind": "trending"}, name="feed-trending"),
    path("trending/all.<feed:form>", views.newest, {"kind": "all"}, name="feed-all"),
    *(
        path(f"{kind}/<str:slug>.<feed:form>", views.edition, {"kind": kind}, name=f"feed-{kind}-of")
        for kind in KINDS
    ),
    path("search.<feed:form>", views.search, name="feed-search"),
    path("similar/<path:ref>.<feed:form>", views.similar, name="feed-similar"),
    path("author/<path:name>.<feed:form>", views.author, name="feed-author"),
    path("name/<path:name>.<feed:form>", views.about, {"about": "name"}, name="feed-name"),
    path("benchmark/<path:name>.<feed:form>", views.about, {"about": "benchmark"}, name="feed-benchmark"),
]
