"""How a warehouse table is declared: its columns, their types and what they mean.

Belongs here: the shape of a declaration. Not here: any particular table (each room declares its
own) and anything that opens a database.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: DuckDB type, and a comment that states its meaning and unit.

    before: for a column that came later, the SQL expression over a row `old` of the table without
    it that gives its value there.
    """

    name: str
    type: str
    comment: str
    nullable: bool = False
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table, named `schema.noun`, with its grain and primary key.

    formerly: the name that its rows have in a working file of before.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    formerly: str = ""
