"""31 provinces, two vintages: product per head through the ordinary way, against the files."""

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assets.extracts.document import document_frames, read_document
from assets.extracts.document_rows import DocumentRow, IntervalRow, ObservationRow
from assets.extracts.meaning.definition_rows import BridgeRow, DefinitionRow
from assets.extracts.meaning.registry import region_of, regions
from assets.poverty.study_files.formula_index import formula_frame
from assets.poverty.study_files.study import Study
from assets.poverty.study_files.study_rows import STUDY_TABLES, FormulaIndexRow, study_frames
from assets.vintages.vintage_rows import DocumentBeforeRow, VintageDocumentRow
from assets.warehouse.store import Store
from benchmarks.by_path import loaded
from orchestration.sql_models import load_models

REPOSITORY = Path(__file__).parents[2]
PANELS = REPOSITORY.parent / "shared/data/panels"
BEFORE = ("province_gdp_before_2018_census_1952_2022.csv", "gdp_100m_yuan")
PERSONS_BEFORE = ("province_population_before_2020_census_2000_2019.csv", "pop_10k")
REVISED = "province_gdp_population_revised_2005_2024.csv"

pytestmark = pytest.mark.skipif(
    not PANELS.is_dir(), reason="the panels are not part of the project"
)


STUDY = Study.model_validate(
    {
        "study": "product_per_head",
        "title": "Product per head of 31 provinces before and after the censuses",
        "regions": "provinces",
        "years": {"first": 2013, "last": 2019},
        "samples": [
            {"name": "before", "choose": "as_of", "edition": 2022},
            {"name": "revised", "choose": "latest"},
        ],
        "indices": ["EG", "GDPPC"],
        "formulas": {"GDPPC": {"formula": "gross_product / population_year_end", "unit": "元/人"}},
        "inputs": {"gross_product": "gross_product", "population_year_end": "population_year_end"},
    }
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The documents read, the study over them, and the shipped SQL models run on both."""
    root = tmp_path_factory.mktemp("provinces")
    cards = loaded(Path(__file__).with_name("province_panels.py")).panel_landing(
        PANELS, root / "landing"
    )
    frames = document_frames(read_document(card, root / "landing") for card in cards)
    made = Store(root / "working.duckdb")
    studies = study_frames((STUDY,))
    with made.transaction() as writes:
        for table in (DocumentRow.table, ObservationRow.table):
            writes.replace(table, frames[table.name], allow_empty=True)
        for table in STUDY_TABLES:
            writes.replace(table, studies[table], allow_empty=True)
        for row in (
            DefinitionRow,
            BridgeRow,
            VintageDocumentRow,
            DocumentBeforeRow,
            FormulaIndexRow,
            IntervalRow,
        ):
            writes.ensure(row.table)
    models = [model for model in load_models() if model.name.startswith(("staging.", "indices."))]
    for model in models:
        if model.name == "indices.index_derivation":
            cells, years = (
                made.frame(f"select * from staging.{name}")
                for name in ("formula_cell", "study_year")
            )
            made.replace(FormulaIndexRow.table, formula_frame((STUDY,), cells, years))
        with made.transaction() as writes:
            writes.create_as(model.name, model.sql, "", model.column_comments, allow_empty=True)
    return made


def column(file: str, name: str) -> dict[tuple[str, int], float]:
    with (PANELS / file).open(encoding="utf-8", newline="") as lines:
        return {
            (str(region_of(row["province"])), int(row["year"])): float(row[name])
            for row in csv.DictReader(lines)
            if row[name]
        }


@pytest.mark.parametrize("sample", ["before", "revised"])
def test_product_per_head_of_every_province_and_year(store: Store, sample: str) -> None:
    product = column(*BEFORE) if sample == "before" else column(REVISED, "gdp_revised_100m_yuan")
    persons = column(*PERSONS_BEFORE) if sample == "before" else column(REVISED, "pop_revised_10k")
    rows = store.rows(
        "select region, reference_year, index_id, value, unit from indices.index_value "
        "where sample = ?",
        [sample],
    )
    assert len(rows) == 31 * 7 * 2
    for region, year, index_id, value, unit in rows:
        expected = product[region, year] / persons[region, year]  # 10,000 yuan per person
        if index_id == "EG":
            assert (value, unit) == (expected, "10k_cny_per_person")
        else:  # one more rounding, by a power of ten
            assert unit == "cny_per_person"
            assert value == pytest.approx(expected * 1e4, rel=1e-15)


def test_the_two_vintages_differ_and_each_value_has_its_prints(store: Store) -> None:
    rows: list[tuple[Any, ...]] = store.rows(
        "select count(*), count(distinct region) from indices.index_input where index_id = 'GDPPC'"
    )
    assert rows == [(31 * 7 * 2 * 2, 31)]
    frame: pd.DataFrame = store.frame("select * from indices.index_value where index_id = 'EG'")
    wide = frame.pivot(index=["region", "reference_year"], columns="sample", values="value")
    assert (wide["before"] != wide["revised"]).mean() > 0.9
    assert set(frame["region"]) == {
        code for code, place in regions().items() if place.is_chinese_province
    }
