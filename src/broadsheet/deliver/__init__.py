"""What readers meet: pages and mail, which do not know each other."""
