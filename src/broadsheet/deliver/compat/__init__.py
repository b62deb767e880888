"""Answers in the shapes of other services, so that programs written for them work here unchanged."""
