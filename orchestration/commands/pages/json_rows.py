"""Rows of a command as JSON, for scripts.

Belongs here: the option and the printing. Not here: any rows.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from assets.warehouse.json_value import json_value

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """`--json`: the rows with their fields instead of tables for a person."""
    parser.add_argument("--json", action="store_true", help="as JSON, for scripts")


def print_json(parts: Mapping[str, Sequence["DataclassInstance"]]) -> None:
    """One object on standard output, with a list of rows for each part."""
    told = {name: [json_value(asdict(row)) for row in rows] for name, rows in parts.items()}
    print(json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False))
