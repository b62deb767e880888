"""Every list and every paper as a file that other programs read."""
