"""What people write in files of the landing folder: strict YAML, strict models, lists of years.

Belongs here: how such a file is held to what it may say, whichever it is. Not here: what any one
file says (`cards/`, `meaning/`).
"""
