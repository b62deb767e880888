"""Reads out of a paper's own title and abstract what a reader would look for, without a language model."""
