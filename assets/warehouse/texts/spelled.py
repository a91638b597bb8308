"""Names and texts as SQL spells them.

Belongs here: quoting. Not here: any statement.
"""


def quoted(name: str) -> str:
    """One identifier as SQL. A dot in it is part of the name, as in a vintage."""
    return '"' + name.replace('"', '""') + '"'


def quoted_table(name: str) -> str:
    """A table name `schema.noun` as SQL."""
    return ".".join(quoted(part) for part in name.split("."))


def literal(text: object) -> str:
    """A string literal as SQL, for statements that take no parameters."""
    return "'" + str(text).replace("'", "''") + "'"
