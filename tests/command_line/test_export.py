"""`yearbook export`: the folder, what is said of it, and what is refused."""

from pathlib import Path
from typing import Any

import pandas as pd

from assets.release.export.exported_table import SOURCES
from assets.warehouse.reader import query


def test_two_vintages_with_what_changed(two_vintages: Any, run: Any, tmp_path: Path) -> None:
    target = tmp_path / "out"
    answer = run(two_vintages.home, "export", "--to", str(target))
    ((vintage, published),) = query(
        two_vintages.home,
        "select (select max(vintage) from model.vintage), count(*) from raw.observation",
    ).rows
    assert (answer.code, answer.err) == (0, "")
    first, *tables = answer.out.splitlines()
    assert first == f"Vintage {vintage} is in {target}: xlsx, csv, parquet, sdmx-csv, datapackage"
    assert tables[0] == f"  observations: {published} rows"
    assert len(tables) == len(SOURCES)
    assert sorted(path.name for path in target.iterdir()) == [
        "SHA256SUMS",
        "csv",
        "datapackage",
        "parquet",
        "sdmx-csv",
        "yearbook.xlsx",
    ]
    # The re-issued poverty incidence of 2019, and the two figures of the new edition.
    changes = pd.read_csv(target / "sdmx-csv" / "changes.csv", dtype=str)
    named = changes[["ACTION", "SOURCE", "TIME_PERIOD", "OBS_VALUE"]].to_numpy().tolist()
    assert ["R", "he_recovered", "2019", "0.0091"] in named
    assert {source for _, source, *_ in named} == {"he_recovered", "made_revision"}
    assert {action for action, *_ in named} == {"R"}


def test_the_first_vintage_has_no_changes(two_vintages: Any, run: Any, tmp_path: Path) -> None:
    target = tmp_path / "out"
    answer = run(
        two_vintages.home, "export", "--to", str(target), "--vintage", "1", "--format", "sdmx-csv"
    )
    assert (answer.code, answer.err) == (0, "")
    assert "No changes.csv" not in answer.out
    assert sorted(path.name for path in (target / "sdmx-csv").iterdir()) == [
        "indices.csv",
        "observations.csv",
    ]


def test_an_unknown_vintage_and_a_folder_in_use_are_refused(
    two_vintages: Any, run: Any, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    answer = run(two_vintages.home, "export", "--to", str(target), "--vintage", "9")
    assert answer.code != 0
    assert "9 is no published vintage" in answer.err
    target.mkdir()
    answer = run(two_vintages.home, "export", "--to", str(target))
    assert answer.code != 0
    assert f"{target} is there already" in answer.err
    assert list(target.iterdir()) == []
