"""Figures that a paper claims, and sizes, each with the words that prove it."""

from broadsheet.enrich.readings.claims.reader import read_claims

__all__ = ["read_claims"]
