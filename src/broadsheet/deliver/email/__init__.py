"""Editions as mail: composed here, sent by jobs."""
