"""The studies of provinces fitted again, on the figures in the release of their vintage."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.provinces.result_rows import PROVINCE_TABLES
from assets.provinces.study_results import study_frames
from assets.vintages import fingerprint
from assets.vintages.failures import Failures
from assets.warehouse.home import Home
from orchestration.commands.reproduce import province_differences

VINTAGE = "0001-abcdef12"


@pytest.fixture(scope="module")
def release(
    provinces: duckdb.DuckDBPyConnection,
    province_year: pd.DataFrame,
    poor_county: pd.DataFrame,
    poverty_class: pd.DataFrame,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A release with figures of provinces, their results, and what made them."""
    failures = Failures(VINTAGE, "model.province_estimate")
    frames = study_frames(province_year, poor_county, poverty_class, failures)
    path = tmp_path_factory.mktemp("release") / f"warehouse-{VINTAGE}.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create schema model; create schema provinces")
        for table, frame in frames.items():
            connection.register("rows", frame)
            connection.execute(f"create table {table.name} as from rows")
        for model in ("province_panel", "poor_county", "poverty_class"):
            connection.register("rows", provinces.execute(f"from provinces.{model}").df())
            connection.execute(f"create table provinces.{model} as from rows")
        connection.execute(
            "create table model.vintage as select ? as vintage, ? as definition_fingerprint",
            [VINTAGE, fingerprint.definition_fingerprint()],
        )
    return path


@pytest.fixture
def home(release: Path, tmp_path: Path) -> Home:
    home = Home(tmp_path).prepare()
    home.releases.mkdir(exist_ok=True)
    file = home.releases / release.name
    file.write_bytes(release.read_bytes())
    home.published.symlink_to(file.relative_to(tmp_path))
    return home


def test_every_result_comes_out_again_and_a_changed_one_is_found(home: Home) -> None:
    with duckdb.connect(home.published.resolve()) as connection:
        connection.execute(
            "update model.province_finding set estimate = estimate + 1e-9 "
            "where study = 'poverty_classes_2016_2018'"
        )
    found, left_out = province_differences(home, VINTAGE)
    assert left_out == ""
    assert [each.table for each in found] == [table.name for table in PROVINCE_TABLES]
    assert all(each.rows > 0 for each in found)
    beyond = {each.table: each.beyond for each in found if each.beyond}
    assert list(beyond) == ["model.province_finding"]
    (line,) = beyond["model.province_finding"]
    assert "poverty_classes_2016_2018" in line


def test_what_other_code_made_is_not_fitted_again(home: Home) -> None:
    with duckdb.connect(home.published.resolve()) as connection:
        connection.execute("update model.vintage set definition_fingerprint = 'f00'")
    found, left_out = province_differences(home, VINTAGE)
    assert found == []
    assert left_out.startswith("they were made by other code, SQL or libraries (definitions f00")


def test_a_vintage_whose_file_is_gone_or_that_has_none_says_so(home: Home) -> None:
    with duckdb.connect(home.published.resolve()) as connection:
        connection.execute("update model.vintage set vintage = '0002-f00'")
        connection.execute("update model.province_estimate set vintage = '0002-f00'")
    assert province_differences(home, VINTAGE) == ([], "this vintage has none.")
    found, left_out = province_differences(home, "0002-f00")
    assert found == []
    assert "warehouse-0002-f00.duckdb, which is kept no more" in left_out
