"""One module per upstream or kind of file; each yields records and knows nothing of the database."""
