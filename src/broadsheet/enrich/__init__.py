"""Reads and embeds papers. Empty until readings and vectors come."""
