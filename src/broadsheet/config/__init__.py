"""The one table of settings, and Django's own configuration made from it."""
