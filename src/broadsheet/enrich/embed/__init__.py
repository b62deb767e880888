"""Turns texts into vectors: a static table of our own, or a transformer when the owner sets one."""
