"""Cards: what a document is, where it comes from, and how its tables are to be read.

Belongs here: the keys of `card.yaml`, and whether they fit together. Not here: reading a table by
them (`layouts/`).
"""
