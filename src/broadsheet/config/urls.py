"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from broadsheet.deliver.api import reference
from broadsheet.deliver.web.views import (
    claims,
    editions,
    hooks,
    keeping,
    owner,
    owner_claims,
    owner_tokens,
    papers,
    post,
    searching,
    site,
    subscribing,
)

urlpatterns = [
    path("", include("broadsheet.deliver.exports.urls")),
    path("", include("broadsheet.deliver.feeds.urls")),
    path("", include("broadsheet.deliver.compat.urls")),
    path("", editions.front, name="front"),
    path("day/<str:slug>", editions.edition, {"kind": "day"}, name="day"),
    path("week/<str:slug>", editions.edition, {"kind": "week"}, name="week"),
    path("month/<str:slug>", editions.edition, {"kind": "month"}, name="month"),
    path("week", editions.newest, {"kind": "week"}, name="newest-week"),
    path("month", editions.newest, {"kind": "month"}, name="newest-month"),
    path("trending", editions.trending, name="newest-trending"),
    path("trending/all", editions.all_time, name="all"),
    path("trending/<str:slug>", editions.edition, {"kind": "trending"}, name="trending"),
    path("paper/<path:ref>", papers.paper, name="paper"),
    path("similar/<path:ref>", papers.similar, name="similar"),
    path("saved", keeping.saved, name="saved"),
    path("save", keeping.save, name="save"),
    path("vote", keeping.vote, name="vote"),
    path("author/<path:name>", searching.author, name="author"),
    path("search", searching.search, name="search"),
    path("name/<path:name>", claims.about, {"about": "name"}, name="name"),
    path("benchmark/<path:name>", claims.about, {"about": "benchmark"}, name="benchmark"),
    path("claim/<int:number>", claims.claim, name="claim"),
    path("claim/<int:number>/report", claims.report, name="report-claim"),
    path("claims.jsonl", claims.as_jsonl, name="claims-jsonl"),
    path("claims.csv", claims.as_csv, name="claims-csv"),
    path("subscribe", subscribing.subscribe, name="subscribe"),
    path("subscribe/asked", subscribing.asked, name="subscribe-asked"),
    path("subscription", subscribing.manage, name="subscription"),
    path("subscription/confirm", subscribing.confirm, name="subscription-confirm"),
    path("subscription/data", subscribing.data, name="subscription-data"),
    path("unsubscribe", subscribing.unsubscribe, name="unsubscribe"),
    path("feedback", subscribing.feedback, name="feedback"),
    path("hooks/mail/", hooks.mail, name="mail-hook"),
    path("about", site.about, name="about"),
    path("about/ranking", site.ranking, name="ranking"),
    path("keys", site.keys, name="keys"),
    path("healthz", site.healthz, name="healthz"),
    path("robots.txt", site.robots, name="robots"),
    path("favicon.ico", site.favicon),
    path("theme", site.theme, name="theme"),
    path("owner/", owner.overview, name="owner"),
    path("owner/claim", owner.claim, name="owner-claim"),
    path("owner/claims", owner_claims.overview, name="owner-claims"),
    path("owner/claims/act", owner_claims.act, name="owner-claim-act"),
    path("owner/tokens", owner_tokens.overview, name="owner-tokens"),
    path("owner/tokens/act", owner_tokens.act, name="owner-tokens-act"),
    path("owner/digests", post.digests, name="owner-digests"),
    path("outbox", post.mails, name="outbox"),
    path("outbox/<str:name>", post.mail, name="outbox-mail"),
    path("outbox/<str:name>/html", post.mail_html, name="outbox-html"),
    path("outbox/<str:name>/file", post.mail_file, name="outbox-file"),
    path("admin/login/", owner.how_to_enter),  # before the admin's own: there is no password to ask for
    path("admin/", admin.site.urls),
    path("api/", include("broadsheet.deliver.api.urls")),  # the last of /api/: it refuses what is left
]
handler404 = site.page_missing
handler500 = reference.broken
