"""Papers in the forms that reference managers read; pages show them, exports are made of them."""
