"""The broadsheet command: parse, call, print."""
