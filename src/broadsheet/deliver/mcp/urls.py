"""The address that clients of the Model Context Protocol are given."""

from django.urls import path

from broadsheet.deliver.mcp import views

urlpatterns = [path("mcp", views.answer, name="mcp")]
