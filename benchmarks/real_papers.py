"""Published papers whose tables were typed, to be audited: `tests/reference/audit/papers/*.yaml`.

Belongs here: reading them. Not here: what is expected of them (tests/papers/audit).
"""

from pathlib import Path
from typing import Any

import yaml

from assets.papers.audit.printed_paper import Paper
from benchmarks.printed_tables import Place, paper_of, printed

FOLDER = Path(__file__).parents[1] / "tests" / "reference" / "audit" / "papers"


def real_papers() -> dict[str, Paper]:
    """Every typed paper by the name of its file."""
    return {file.stem: _read(file) for file in sorted(FOLDER.glob("*.yaml"))}


def _read(file: Path) -> Paper:
    """Each column of a table is a model: "0.130*** (0.010)" is a coefficient, its error below it.

    `below: t` where t stands in parentheses; `differences` names, for every column, a row that is
    the difference of two others.
    """
    typed: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    below = typed.get("below", "std_error")
    numbers = []
    combinations = list(typed["paper"].pop("combinations", []))
    for table in typed["tables"]:
        for column, rows in table["columns"].items():
            for term, text in rows.items():
                at = Place(table["table"], "coefficients", column, term, "", "coefficient")
                coefficient, _, error = text.partition(" ")
                numbers.append(printed(at, coefficient))
                if error:
                    numbers.append(printed(at._replace(statistic=below), error.strip("()")))
            for whole, parts in typed.get("differences", {}).items():
                combinations.append(
                    {"kind": "difference", "estimator": column, "term": whole, "of": parts}
                )
    return paper_of(numbers, {}, combinations=combinations, **typed["paper"])
