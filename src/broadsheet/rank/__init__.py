"""Decides which paper stands where, and says why. Pure: never fetches, never stores."""
