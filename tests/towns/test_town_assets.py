"""The town study through Dagster: a small simulated data set in, published results out."""

from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pandas as pd
import pytest

from assets.poverty.tables import MODEL_VINTAGE
from assets.towns import town_estimates
from assets.towns.assets import (
    area_disclosure,
    estimate_town_effects,
    nothing_speaks_against_an_assumption,
    town_tables,
)
from assets.towns.panel import PanelError
from assets.towns.specification import ESTIMATIONS, FEWEST_TOWNS, HEADLINE
from assets.towns.study_data import FRAMES, StudyData
from assets.towns.tables import TOWN_ESTIMATE, TOWN_EVIDENCE
from assets.warehouse.home import Home
from assets.warehouse.publish import publish
from assets.warehouse.resource import Warehouse
from assets.warehouse.store import Store
from assets.warehouse.table import as_frame
from orchestration.cli import main
from orchestration.sql_models import load_models, sql_asset

VINTAGE = "0001-aaaaaaaa"


def materialized(home: Home) -> dg.ExecuteInProcessResult:
    """The assets of the town study and what they read, in this process."""
    store = Store(home.working)
    moment = datetime(2026, 11, 22)
    store.replace(
        MODEL_VINTAGE, as_frame(MODEL_VINTAGE, [(VINTAGE, moment, "a", "b", "0", "{}", 0)])
    )
    models = [m for m in load_models() if m.name.startswith(("micro.", "towns."))]
    return dg.materialize(
        [
            town_tables,
            area_disclosure,
            *map(sql_asset, models),
            estimate_town_effects,
            nothing_speaks_against_an_assumption,
        ],
        resources={"warehouse": Warehouse(root=str(home.root))},
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """80 towns, 6 years, published."""
    home = Home(tmp_path_factory.mktemp("study")).prepare()
    options = ["--seed", "11", "--towns", "80", "--first-year", "2013", "--last-year", "2018"]
    folder = home.landing / "towns" / "small"
    sellers = ["--sellers-per-town", "8", "20"]
    assert main(["simulate-towns", *options, *sellers, "--out", str(folder)]) == 0
    assert materialized(home).success
    publish(home, VINTAGE)
    return home


@pytest.fixture(scope="module")
def published(home: Home) -> Any:
    with duckdb.connect(home.published, read_only=True) as connection:
        yield connection


def rows(published: Any, table: str) -> pd.DataFrame:
    frame: pd.DataFrame = published.execute(f"from {table}").df()
    return frame


def test_the_headline_and_every_other_estimation_has_left_a_row(published: Any) -> None:
    estimates, evidence = (rows(published, t.name) for t in (TOWN_ESTIMATE, TOWN_EVIDENCE))
    headline = estimates[
        (estimates["estimator"] == "synthetic_did")
        & (estimates["outcome"] == HEADLINE.outcome)
        & (estimates["target"] == "att")
    ]
    assert {"jackknife", "bootstrap"} <= set(headline["inference"])
    seen = {
        key
        for frame in (estimates, evidence)
        for key in frame[["sample", "control_pool", "outcome"]].itertuples(index=False, name=None)
    }
    assert {(one.sample, one.control_pool, one.outcome) for one in ESTIMATIONS} <= seen
    assert (evidence["sentence"].str.len() > 20).all()


def test_every_row_says_that_it_is_simulated_and_of_which_vintage(published: Any) -> None:
    for table in (TOWN_ESTIMATE, TOWN_EVIDENCE):
        frame = rows(published, table.name)
        assert frame["simulated"].all()
        assert set(frame["vintage"]) == {VINTAGE}
        assert set(frame["dataset"]) == {"small"}


def test_no_effect_on_a_handful_of_towns_is_published(published: Any) -> None:
    assert rows(published, TOWN_ESTIMATE.name)["treated_towns"].min() >= FEWEST_TOWNS


def test_nothing_private_is_in_the_results(home: Home, published: Any) -> None:
    """No figure of a seller, and no column named for one, in what the study publishes."""
    sellers = Store(home.working).frame("select seller_id, sales_cny from micro.seller_year")
    secret = {*sellers["seller_id"].tolist(), *sellers["sales_cny"].tolist()} - {0.0}
    towns = set(Store(home.working).frame("select town_id from raw.town")["town_id"])
    for table in (TOWN_ESTIMATE, TOWN_EVIDENCE):
        frame = rows(published, table.name)
        for name in frame:
            column = frame[name]
            numbers = pd.to_numeric(column, errors="coerce").dropna()
            # counts of towns and sellers are small whole numbers, as are seller ids of this size
            found = set(numbers[numbers > len(sellers)].round(2)) & secret
            assert not found
            assert not set(column.astype(str)) & towns


def test_percent_is_that_of_log_points_only(published: Any) -> None:
    estimates = rows(published, TOWN_ESTIMATE.name)
    in_logs = estimates["scale"] == "log points"
    assert estimates.loc[in_logs & estimates["estimate"].notna(), "percent"].notna().all()
    assert estimates.loc[~in_logs, "percent"].isna().all()


def test_the_same_records_give_the_same_rows(home: Home) -> None:
    store = Store(home.working)
    before = store.frame("from model.town_estimate order by all")
    data = StudyData(
        "small", True, **{name: store.frame(sql, ["small"]) for name, sql in FRAMES.items()}
    )
    again = town_estimates.town_rows(data, VINTAGE, lambda _: None).estimates
    keys = list(TOWN_ESTIMATE.primary_key)
    both = before.merge(again, on=keys, suffixes=("", "_again"), how="outer", validate="1:1")
    assert len(both) == len(before)
    # sums of doubles may come in another order in another process
    gap = (both["estimate"] - both["estimate_again"]).abs()
    assert gap.max() < 1e-9


def test_one_failure_leaves_the_others(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> Any:
        raise PanelError("the panel is too small")

    store = Store(home.working)
    frames = {name: store.frame(sql, ["small"]) for name, sql in FRAMES.items()}
    data = StudyData("small", True, **frames)
    monkeypatch.setitem(town_estimates.METHODS, "etwfe", refuses)  # type: ignore[arg-type]
    two = [one for one in ESTIMATIONS if one.method in ("etwfe", "imputation")][:2]
    found = town_estimates.town_rows(data, VINTAGE, lambda _: None, two)
    assert set(found.estimates["estimator"]) == {"imputation"}
    (sentence,) = found.evidence["sentence"]
    assert sentence == "Not estimated: the panel is too small."


def test_without_a_data_set_the_tables_are_there_and_empty(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    assert materialized(home).success
    for table in (TOWN_ESTIMATE, TOWN_EVIDENCE):
        assert Store(home.working).rows(f"select count(*) from {table.name}") == [(0,)]
