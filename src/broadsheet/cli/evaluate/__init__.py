"""Measures how well the site's own search finds what it should, on sets whose answers are known."""
