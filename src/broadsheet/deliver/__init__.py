"""What readers meet: pages, for now."""
