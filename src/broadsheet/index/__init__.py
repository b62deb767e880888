"""Finds papers by their words. Derived from the store and rebuilt from it by one command."""
