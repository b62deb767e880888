"""A view reads what is asked, makes one call, renders."""
