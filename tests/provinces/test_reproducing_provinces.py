"""The studies of provinces fitted again, on the figures in the release of their vintage."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.provinces import study_results
from assets.provinces.counties import poor_county_results
from assets.provinces.result_rows import PROVINCE_TABLES, ProvinceKnownRow
from assets.provinces.study_results import ProvinceTables, read_tables, study_frames
from assets.vintages import fingerprint
from assets.vintages.difference import TableDifference
from assets.vintages.failures import Failures
from assets.warehouse.connection import kept_open
from assets.warehouse.errors import WarehouseDamaged, WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.tables.table import Table
from orchestration.commands.reproduce import province_differences

VINTAGE = "0001-abcdef12"


@kept_open()  # as the command has it
def differences(home: Home, vintage: str) -> tuple[list[TableDifference], str]:
    return province_differences(home, vintage)


@pytest.fixture(scope="module", autouse=True)
def _few_draws() -> Iterator[None]:
    """The same draws give the same results, however many they are; a fit of all takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (study_results, poor_county_results):
            patch.setattr(module, "DRAWS", 99)
        yield


@pytest.fixture(scope="module")
def release(provinces: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with figures of provinces, their results, and what made them."""
    path = tmp_path_factory.mktemp("release") / f"warehouse-{VINTAGE}.duckdb"
    results = results_of(provinces, VINTAGE)
    write_release(path, provinces, results, [VINTAGE])
    return path


def results_of(provinces: duckdb.DuckDBPyConnection, vintage: str) -> dict[Table, pd.DataFrame]:
    tables = read_tables(lambda sql: provinces.execute(sql).df())
    return study_frames(tables, Failures(vintage, "model.province_estimate"))


def write_release(
    path: Path,
    provinces: duckdb.DuckDBPyConnection,
    results: dict[Table, pd.DataFrame],
    vintages: list[str],
) -> None:
    """Results of all vintages up to one, and the figures of that one."""
    with duckdb.connect(path) as connection:
        connection.execute("create schema model; create schema provinces")
        for table, frame in results.items():
            connection.register("rows", frame)
            connection.execute(f"create table {table.name} as from rows")
        for each in fields(ProvinceTables):
            connection.register("rows", provinces.execute(f"from provinces.{each.name}").df())
            connection.execute(f"create table provinces.{each.name} as from rows")
        connection.execute(
            "create table model.vintage as "
            "select unnest(?) as vintage, ? as definition_fingerprint",
            [vintages, fingerprint.definition_fingerprint()],
        )


@pytest.fixture
def home(release: Path, tmp_path: Path) -> Home:
    home = Home(tmp_path).prepare()
    home.releases.mkdir(exist_ok=True)
    file = home.releases / release.name
    file.write_bytes(release.read_bytes())
    home.published.symlink_to(file.relative_to(tmp_path))
    return home


def test_every_result_comes_out_again_and_what_changed_or_is_gone_is_found(home: Home) -> None:
    with duckdb.connect(home.published.resolve()) as connection:
        connection.execute(
            "update model.province_finding set estimate = estimate + 1e-9 "
            "where study = 'poverty_classes_2016_2018'"
        )
        connection.execute("delete from model.province_evidence where term = 'log_eg'")
    found, left_out = differences(home, VINTAGE)
    assert left_out == ""
    assert [each.table for each in found] == [table.name for table in PROVINCE_TABLES]
    assert all(each.rows > 0 for each in found)
    beyond = {each.table: each.beyond for each in found if each.beyond}
    assert list(beyond) == ["model.province_evidence", "model.province_finding"]
    assert all("log_eg" in line for line in beyond["model.province_evidence"])  # gone
    (line,) = beyond["model.province_finding"]
    assert "poverty_classes_2016_2018" in line


def test_what_other_code_made_is_not_fitted_again(home: Home) -> None:
    with duckdb.connect(home.published.resolve()) as connection:
        connection.execute("update model.vintage set definition_fingerprint = 'f00'")
    found, left_out = differences(home, VINTAGE)
    assert found == []
    assert left_out.startswith("they were made by other code, SQL or libraries (definitions f00")


def test_a_vintage_whose_file_is_gone_or_that_has_none_says_so(home: Home) -> None:
    with duckdb.connect(home.published.resolve()) as connection:
        connection.execute("update model.vintage set vintage = '0002-f00'")
        connection.execute("update model.province_estimate set vintage = '0002-f00'")
    assert differences(home, VINTAGE) == ([], "this vintage has none.")
    found, left_out = differences(home, "0002-f00")
    assert found == []
    assert "warehouse-0002-f00.duckdb, which is kept no more" in left_out


@pytest.fixture
def later(home: Home) -> Home:
    """The same vintage in the published file of a later one, its own release beside that."""
    file = home.releases / "warehouse-0002-abcdef12.duckdb"
    file.write_bytes(home.published.resolve().read_bytes())
    home.published.unlink()
    home.published.symlink_to(file.relative_to(home.published.parent))
    return home


def test_a_release_that_is_damaged_is_said_with_the_remedy(later: Home) -> None:
    file = later.releases / f"warehouse-{VINTAGE}.duckdb"
    whole = file.read_bytes()
    for damaged in (whole[: len(whole) // 3], b"not a warehouse" * 1000):
        file.write_bytes(damaged)
        with pytest.raises(WarehouseDamaged, match=f"{file.name} is damaged"):
            differences(later, VINTAGE)


def test_a_release_without_the_figures_says_which(later: Home) -> None:
    file = later.releases / f"warehouse-{VINTAGE}.duckdb"
    with duckdb.connect(file) as connection:
        connection.execute("drop table provinces.panel_known_by")
    with pytest.raises(WarehouseDamaged, match="panel_known_by does not exist") as raised:
        differences(later, VINTAGE)
    assert file.name in str(raised.value)
    assert "Put back a copy of that file" in str(raised.value)


def test_a_published_file_without_one_of_the_results_says_which(later: Home) -> None:
    with duckdb.connect(later.published.resolve()) as connection:
        connection.execute("drop table model.province_known_estimate")
    with pytest.raises(WarehouseError, match=r"has no model\.province_known_estimate"):
        differences(later, VINTAGE)


def test_each_of_two_vintages_comes_out_of_its_own_release(
    two_editions: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection], tmp_path: Path
) -> None:
    """The editions of 2023 came in with the second: one more edition, and other slopes now."""
    home = Home(tmp_path).prepare()
    home.releases.mkdir(exist_ok=True)
    names = [VINTAGE, "0002-abcdef12"]
    files = [home.releases / f"warehouse-{name}.duckdb" for name in names]
    results = [results_of(*each) for each in zip(two_editions, names, strict=True)]
    both = {table: pd.concat([each[table] for each in results]) for table in results[0]}
    known = [each[ProvinceKnownRow.table] for each in results]
    assert [sorted(set(each["known_by"]))[-2:] for each in known] == [[2022, 2026], [2023, 2026]]
    write_release(files[0], two_editions[0], results[0], names[:1])
    write_release(files[1], two_editions[1], both, names)
    home.published.symlink_to(files[1].relative_to(tmp_path))
    for name in names:
        found, left_out = differences(home, name)
        assert left_out == ""
        assert [each.table for each in found] == [table.name for table in PROVINCE_TABLES]
        assert not [each.beyond for each in found if each.beyond]
    # The figures of the one do not give the results of the other.
    files[0].write_bytes(files[1].read_bytes())
    found, _ = differences(home, names[0])
    assert {each.table for each in found if each.beyond} == {ProvinceKnownRow.table.name}
