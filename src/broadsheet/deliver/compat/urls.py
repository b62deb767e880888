"""Addresses that clients of other services know by heart."""

from django.urls import path

from broadsheet.deliver.compat import arxiv_api, embeds, huggingface, oai

urlpatterns = [
    path("api/daily_papers", huggingface.daily_papers, name="hf-daily"),
    path("api/papers", huggingface.papers, name="hf-papers"),
    path("api/papers/search", huggingface.search, name="hf-search"),
    path("api/papers/<path:ref>", huggingface.paper, name="hf-paper"),
    path("papers/<path:ref>", huggingface.paper_page, name="hf-page"),
    path("api/query", arxiv_api.query, name="arxiv-query"),
    path("oembed", embeds.oembed, name="oembed"),
    path("opensearch.xml", embeds.opensearch, name="opensearch"),
    path("card/<path:ref>.png", embeds.card, name="card"),
    path("oai", oai.provider, name="oai"),
]
