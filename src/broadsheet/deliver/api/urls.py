"""Addresses under /api/. What is here last refuses all others: every other way in stands before."""

from django.urls import path

from broadsheet.deliver.api import reference
from broadsheet.deliver.api.service import api

urlpatterns = [
    path("", reference.home),
    path("v1", reference.home),
    path("v1/", reference.page, name="api-reference"),
    path("v1/openapi.json", reference.openapi, name="api-openapi"),
    path("v1/", api.urls),
    path("<path:rest>", reference.missing),
]
