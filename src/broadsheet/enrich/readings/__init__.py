"""What is read out of a paper's own words."""
