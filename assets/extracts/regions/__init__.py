"""Regions: what they are called, by which codes, and in which years.

Belongs here: the list as data, countries of ISO 3166, the file a landing folder may add, and how
names are spelled. Not here: looking a printed name up (`meaning/registry.py`).
"""
