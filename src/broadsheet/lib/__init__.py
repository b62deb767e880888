"""Shared ground: clock, files, http, text. Knows nothing of papers."""
