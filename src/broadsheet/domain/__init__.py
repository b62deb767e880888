"""Plain values that every step understands. No database, no network, no clock."""
