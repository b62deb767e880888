"""Reads what a paper says of itself from its title and abstract alone. Asks nobody."""
