"""Measures speed and size from outside, as a user would meet them; see README.md beside this file."""
