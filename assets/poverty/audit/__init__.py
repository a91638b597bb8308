"""The audit of a paper's printed tables: what in them contradicts what."""
