"""Reads and embeds papers. Readings come later."""
