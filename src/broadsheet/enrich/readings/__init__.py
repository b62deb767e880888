"""Reads out of a paper's own title and abstract what it is called, what it claims, and where its code is."""
