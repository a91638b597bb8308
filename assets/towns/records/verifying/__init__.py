"""What is required of a data set: of each file alone, and of all of them together."""
