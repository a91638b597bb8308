"""A Frictionless data package: `datapackage.json` beside plain CSV files.

Belongs here: the descriptor. Not here: how values are spelled (`csv_text.py`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assets.release.export.exported_table import ExportedTable

_TYPES = {
    "VARCHAR": "string",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


def data_package(
    title: str,
    about: Sequence[str],
    vintage: str,
    created: datetime,
    tables: Sequence[ExportedTable],
) -> dict[str, Any]:
    """The descriptor: each table a resource, each column a field with type and meaning.

    An empty cell is a missing value. Raises KeyError for a DuckDB type that has no name here.
    """
    return {
        "profile": "tabular-data-package",
        "name": "yearbook",
        "title": title,
        "description": " ".join(about),
        "version": vintage,
        "created": f"{created.isoformat()}Z",
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table.name,
                "title": table.title,
                "path": f"{table.name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "missingValues": [""],
                    "fields": [
                        {
                            "name": column.name,
                            "type": _TYPES[column.type],
                            "description": column.meaning,
                        }
                        for column in table.columns
                    ],
                },
            }
            for table in tables
        ],
    }
