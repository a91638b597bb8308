"""`yearbook export` read back: each format by another tool, figure for figure."""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysdmx.io.csv.sdmx20.reader import read as read_sdmx

from assets.release.export.csv_text import guarded, spelled
from assets.release.export.export import export_release
from assets.release.export.exported_table import SOURCES
from assets.release.export.formats import FORMATS
from assets.warehouse.errors import WarehouseError

NAMES = [source.name for source in SOURCES]
GONE = "source = 'nbs_national_annual' and indicator = 'gross_product' and reference_year = 2015"
CHANGED = "source = 'nbs_national_annual' and indicator = 'gross_product' and reference_year = 2016"

COUNT = "select count(*) from raw.observation where {}"


@pytest.fixture(scope="module")
def release(built: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built release with texts that a spreadsheet would run, a link, and simulated towns."""
    path = tmp_path_factory.mktemp("released") / "release.duckdb"
    shutil.copyfile(built.home.published, path)
    path.chmod(0o644)
    change(path, f"update raw.observation set note = '=1+2 [a](b), 增加' where {GONE}")
    return path


@pytest.fixture(scope="module")
def exported(built: Any, release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every format, with the vintage before, which had one figure more and one other."""
    folder = tmp_path_factory.mktemp("exported")
    before, now = folder / "before.duckdb", folder / "now.duckdb"
    shutil.copyfile(release, before)
    shutil.copyfile(release, now)
    change(before, f"update raw.observation set value = value + 1 where {CHANGED}")
    change(now, f"update raw.observation set region = 'CN-GS' where {GONE}")
    export_release(now, before, built.vintage, folder / "all", FORMATS)
    return folder / "all"


def change(path: Path, sql: str) -> None:
    with duckdb.connect(path) as connection:
        ((gone,),) = connection.execute(COUNT.format(GONE)).fetchall()
        ((changed,),) = connection.execute(COUNT.format(CHANGED)).fetchall()
        assert (gone, changed) == (1, 1)
        connection.execute(sql)


def expected(exported: Path, name: str) -> list[tuple[Any, ...]]:
    """The rows of a table as the release holds them, which the query alone decides."""
    path = Path(__file__).parents[2] / "sql" / "queries" / "release" / f"export_{name}.sql"
    query = path.read_text(encoding="utf-8")
    with duckdb.connect(exported.parent / "now.duckdb", read_only=True) as connection:
        ((vintage,),) = connection.execute("select max(vintage) from model.vintage").fetchall()
        parameters = {"vintage": vintage} if "$vintage" in query else None
        return connection.execute(query, parameters).fetchall()


@pytest.mark.parametrize("name", NAMES)
def test_parquet_by_duckdb(exported: Path, name: str) -> None:
    path = exported / "parquet" / f"{name}.parquet"
    with duckdb.connect() as connection:
        assert connection.execute(f"from '{path}'").fetchall() == expected(exported, name)


@pytest.mark.parametrize("name", NAMES)
def test_xlsx_by_openpyxl(exported: Path, name: str) -> None:
    sheet = openpyxl.load_workbook(exported / "yearbook.xlsx")[name]
    rows = expected(exported, name)
    (table,) = sheet.tables.values()
    assert table.ref.startswith("A3:")
    assert not sheet.merged_cells.ranges
    read = list(sheet.iter_rows(min_row=4, max_row=3 + len(rows), values_only=True))
    texts = [[spelled(value) for value in row] for row in rows]
    assert [[spelled(value) for value in row] for row in read if rows] == texts
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("name", NAMES)
def test_csv_by_pandas(exported: Path, name: str) -> None:
    path = exported / "csv" / f"{name}.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = expected(exported, name)
    assert frame.to_numpy().tolist() == [[guarded(value) for value in row] for row in rows]


def test_a_text_that_would_run_is_guarded_in_csv_and_whole_elsewhere(exported: Path) -> None:
    frame = pd.read_csv(exported / "csv" / "observations.csv", dtype=str)
    assert (frame["note"] == "'=1+2 [a](b), 增加").sum() == 1
    frame = pd.read_csv(exported / "datapackage" / "observations.csv", dtype=str)
    assert (frame["note"] == "=1+2 [a](b), 增加").sum() == 1


@given(st.one_of(st.text(), st.text("=+-@'\t 1.eE１", max_size=6)))
def test_guarded_text_never_begins_a_formula_and_has_one_way_back(text: str) -> None:
    cell = guarded(text)
    if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}:
        float(cell)  # a number and no formula
    assert cell.removeprefix("'") == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_never_guarded_and_keeps_its_last_bit(number: float) -> None:
    assert float(guarded(number)) == number


def test_data_package_is_valid_and_says_what_every_column_means(exported: Path) -> None:
    path = exported / "datapackage" / "datapackage.json"
    report = frictionless.validate(str(path))
    assert report.valid, report.flatten(["type", "message"])
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    assert [each["name"] for each in descriptor["resources"]] == NAMES
    for resource in descriptor["resources"]:
        assert all(field["description"] for field in resource["schema"]["fields"])
    observations = descriptor["resources"][0]
    resource = frictionless.Package(str(path)).get_resource("observations")
    read = resource.read_rows()  # type: ignore[attr-defined] # of a table
    place = [field["name"] for field in observations["schema"]["fields"]].index("value")
    values = [row[place] for row in expected(exported, "observations")]
    assert [float(row["value"]) for row in read] == values


def test_sdmx_by_pysdmx(exported: Path) -> None:
    text = (exported / "sdmx-csv" / "observations.csv").read_text(encoding="utf-8")
    (data,) = read_sdmx(text)
    assert data.structure == "Dataflow=YEARBOOK:OBSERVATIONS(1.0)"
    frame = data.data
    keys = ["REF_AREA", "INDICATOR", "DEFINITION", "SOURCE", "EDITION", "TIME_PERIOD"]
    assert not frame.duplicated(keys).any()
    with duckdb.connect(exported.parent / "now.duckdb", read_only=True) as connection:
        figures = connection.execute(
            "select region, indicator, definition, source, edition, reference_year, value, "
            "status_code from raw.observation order by all"
        ).fetchall()
    printed = frame[frame["OBS_STATUS"] != "O"]
    read = [
        (area, indicator, definition, source, int(edition), int(year), float(value), status)
        for area, indicator, definition, source, edition, year, value, status in printed[
            [*keys, "OBS_VALUE", "OBS_STATUS"]
        ].to_numpy()
    ]
    assert sorted(read) == figures


def test_changes_replace_what_is_new_or_other_and_delete_what_is_gone(exported: Path) -> None:
    frame = pd.read_csv(exported / "sdmx-csv" / "changes.csv", dtype=str, keep_default_na=False)
    found = frame[["ACTION", "REF_AREA", "TIME_PERIOD"]].to_numpy().tolist()
    assert found == [["D", "CN", "2015"], ["R", "CN", "2016"], ["R", "CN-GS", "2015"]]
    assert frame["OBS_VALUE"].tolist()[0] == ""
    assert frame["STRUCTURE_ID"].unique().tolist() == ["YEARBOOK:OBSERVATIONS(1.0)"]


def test_same_release_same_bytes(built: Any, release: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export_release(release, None, built.vintage, tmp_path / name, FORMATS)
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*")]
    assert len(files) > len(NAMES) * 3
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    assert not (tmp_path / "one" / "sdmx-csv" / "changes.csv").exists()


def test_what_is_there_stays(built: Any, release: Path, tmp_path: Path) -> None:
    def export(replace: bool) -> None:
        export_release(release, None, built.vintage, tmp_path / "to", ("csv",), replace)

    export(replace=False)
    with pytest.raises(WarehouseError, match="is there already"):
        export(replace=False)
    export(replace=True)
    (tmp_path / "to" / "mine.txt").write_text("kept")
    with pytest.raises(WarehouseError, match="more than an earlier export"):
        export(replace=True)
    assert (tmp_path / "to" / "mine.txt").read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["to"]


def test_a_failing_export_leaves_nothing(built: Any, release: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.duckdb"
    shutil.copyfile(release, old)
    change(old, "drop table model.town_finding")
    with pytest.raises(WarehouseError, match="Export a later vintage"):
        export_release(old, None, built.vintage, tmp_path / "to", FORMATS)
    assert [path.name for path in tmp_path.iterdir()] == ["old.duckdb"]
