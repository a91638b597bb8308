"""The town study through Dagster: a small simulated data set in, published results out."""

import hashlib
import json
import math
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from assets.towns.assets import (
    area_disclosure,
    compare_towns_inequality,
    estimate_town_effects,
    judge_claims,
    town_pictures,
    town_tables,
    try_policies,
)
from assets.towns.estimators.labels import GAPS_STAY
from assets.towns.panel.town_panel import PanelError
from assets.towns.records.truth_file import read_truth
from assets.towns.study import town_estimates
from assets.towns.study.result_rows import (
    TOWN_STUDY_TABLES,
    TownEstimateRow,
    TownEvidenceRow,
    TownFindingRow,
    TownInequalityRow,
)
from assets.towns.study.specification import (
    ESTIMATIONS,
    FEWEST_TOWNS,
    HEADLINE,
    SALES,
    Estimation,
)
from assets.towns.study.study_data import FRAMES, StudyData
from assets.towns.study.town_methods import METHODS
from assets.vintages.failures import FailureRow, Failures
from assets.vintages.vintage_rows import VintageRow
from assets.warehouse.home import HOME_VARIABLE, Home
from assets.warehouse.publish import publish
from assets.warehouse.queries import query_text
from assets.warehouse.reader import open_published
from assets.warehouse.resource import Warehouse
from assets.warehouse.store import Store
from assets.warehouse.tables.row import as_frame
from orchestration.checks.empty_queries import empty_query_check, load_empty_queries
from orchestration.commands.cli import main
from orchestration.sql_models import load_models, sql_asset

VINTAGE = "0001-aaaaaaaa"


def materialized(home: Home) -> dg.ExecuteInProcessResult:
    """The assets of the town study and what they read, in this process."""
    store = Store(home.working)
    row = VintageRow(
        vintage=VINTAGE,
        created_at=datetime(2026, 11, 22),
        input_fingerprint="a",
        definition_fingerprint="b",
        code_version="0",
        library_versions="{}",
        documents=0,
    )
    store.replace(VintageRow.table, as_frame(VintageRow, [row]))
    models = [m for m in load_models() if m.name.startswith(("micro.", "towns."))]
    checks = [one for one in load_empty_queries() if one.table.startswith("model.town_")]
    return dg.materialize(
        [
            town_tables,
            area_disclosure,
            *map(sql_asset, models),
            estimate_town_effects,
            compare_towns_inequality,
            try_policies,
            judge_claims,
            town_pictures,
            *map(empty_query_check, checks),
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
    with open_published(home) as connection:
        yield connection


def rows(published: Any, table: str) -> pd.DataFrame:
    frame: pd.DataFrame = published.execute(f"from {table}").df()
    return frame


def test_the_headline_and_every_other_estimation_has_left_a_row(published: Any) -> None:
    estimates, evidence = (
        rows(published, t.name) for t in (TownEstimateRow.table, TownEvidenceRow.table)
    )
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
    refused = set(rows(published, FailureRow.table.name)["entry"])
    # No town of the data set lacks a year, so nothing is asked of those that would.
    asked = [x for x in ESTIMATIONS if str(x) not in refused and x.sample != GAPS_STAY]
    assert {(one.sample, one.control_pool, one.outcome) for one in asked} <= seen
    assert (evidence["sentence"].str.len() > 20).all()


def test_every_row_says_that_it_is_simulated_and_of_which_vintage(published: Any) -> None:
    for table in TOWN_STUDY_TABLES:
        frame = rows(published, table.name)
        assert frame["simulated"].all()
        assert set(frame["vintage"]) == {VINTAGE}
        assert set(frame["dataset"]) == {"small"}


def test_no_effect_on_a_handful_of_towns_is_published(published: Any) -> None:
    assert rows(published, TownEstimateRow.table.name)["treated_towns"].min() >= FEWEST_TOWNS


def test_nothing_private_is_in_the_results(home: Home, published: Any) -> None:
    """No figure of a seller, and no column named for one, in what the study publishes."""
    sellers = Store(home.working).frame("select seller_id, sales_cny from micro.seller_year")
    secret = {*sellers["seller_id"].tolist(), *sellers["sales_cny"].tolist()} - {0.0}
    towns = set(Store(home.working).frame("select town_id from raw.town")["town_id"])
    for table in TOWN_STUDY_TABLES:
        frame = rows(published, table.name)
        for name in frame:
            column = frame[name]
            numbers = pd.to_numeric(column, errors="coerce").dropna()
            # counts of towns and sellers are small whole numbers, as are seller ids of this size
            found = set(numbers[numbers > len(sellers)].round(2)) & secret
            assert not found
            assert not set(column.astype(str)) & towns


def test_every_claim_has_a_verdict_and_the_truth_beside_it(published: Any) -> None:
    findings = rows(published, TownFindingRow.table.name)
    assert set(findings["claim"]) == {f"B{number}" for number in range(1, 9)}
    answered = findings[findings["estimate"].notna()]
    assert {"B1", "B2"} <= set(answered["claim"])
    assert answered.set_index("part").loc["sales", "truth"] == pytest.approx(math.log(1.321))
    assert (findings.loc[findings["estimate"].isna(), "verdict"] == "cannot say").all()
    assert findings["sentence"].str.contains("simulated").all()


def test_the_headline_answers_the_first_claim_with_the_jackknife(published: Any) -> None:
    finding = rows(published, TownFindingRow.table.name).set_index("part").loc["sales"]
    estimates = rows(published, TownEstimateRow.table.name)
    answers = estimates[(estimates["low"] == finding["low"]) & (estimates["target"] == "att")]
    assert set(answers["inference"]) == {"jackknife"}


def test_the_truth_is_read_only_where_it_is_that_of_the_card(tmp_path: Path) -> None:
    home = Home(tmp_path)
    folder = home.landing / "towns" / "made"
    folder.mkdir(parents=True)
    (folder / "truth.yaml").write_text("by_year:\n  2014: 1\n", encoding="utf-8")
    digest = hashlib.sha256(b"by_year:\n  2014: 1\n").hexdigest()
    truth = read_truth(home, "made", json.dumps({"truth_sha256": digest}))
    assert truth == {"by_year": {2014: 1}}  # a year is a number, as planted() asks for it
    assert read_truth(home, "made", json.dumps({"truth_sha256": "0" * 64})) is None
    assert read_truth(home, "made", None) is None
    assert read_truth(home, "absent", json.dumps({"truth_sha256": digest})) is None


def test_inequality_parts_add_up(published: Any) -> None:
    frame = rows(published, TownInequalityRow.table.name)
    theil = frame[(frame["measure"] == "theil") & (frame["state"] == "observed")]
    for _, year in theil.groupby("year"):
        parts = year.set_index("part")["value"]
        # parts are differences of sums of doubles
        assert parts.drop("total").sum() == pytest.approx(parts["total"], abs=1e-12)


def test_more_certified_towns_sell_more_and_nothing_tells_of_a_few(published: Any) -> None:
    policies = rows(published, "model.town_policy")
    assert len(policies) >= 2
    changed = policies["towns_added"] + policies["towns_removed"]
    assert ((changed == 0) | (changed >= FEWEST_TOWNS)).all()
    # effects planted are gains, so adding towns and removing none must add sales
    only_added = policies[(policies["towns_removed"] == 0) & (policies["towns_added"] > 0)]
    assert (only_added["extra_sales_cny"] > 0).all()
    assert policies["cannot_say"].str.contains("shift their spending").all()


def test_pictures_lie_in_the_home(home: Home) -> None:
    names = {path.name for path in home.plots.iterdir()}
    assert names == {
        f"towns-small-{what}-{VINTAGE}.png" for what in ("findings", "event-study", "lorenz")
    }


def test_the_command_says_first_that_all_is_simulated(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    assert main(["towns", "small"]) == 0
    printed = capsys.readouterr().out
    assert printed.split("\n")[2].startswith("SIMULATED")
    assert "B8" in printed
    assert "[for]" in printed
    assert main(["towns", "unknown"]) == 1


def test_percent_is_that_of_log_points_only(published: Any) -> None:
    estimates = rows(published, TownEstimateRow.table.name)
    in_logs = estimates["scale"] == "log points"
    assert estimates.loc[in_logs & estimates["estimate"].notna(), "percent"].notna().all()
    assert estimates.loc[~in_logs, "percent"].isna().all()


def small(store: Store) -> StudyData:
    """The data set as the door reads it."""
    frames = {
        name: store.frame(query_text(f"towns/{name}"), {"dataset": "small"}) for name in FRAMES
    }
    return StudyData("small", True, **frames)


def test_the_same_records_give_the_same_rows(home: Home) -> None:
    store = Store(home.working)
    before = store.frame("from model.town_estimate order by all")
    data = small(store)
    found = town_estimates.town_rows(data, Failures(VINTAGE, "t"), lambda _: None)
    again = as_frame(TownEstimateRow, found.estimates)
    keys = list(TownEstimateRow.table.primary_key)
    both = before.merge(again, on=keys, suffixes=("", "_again"), how="outer", validate="1:1")
    assert len(both) == len(before)
    # sums of doubles may come in another order in another process
    gap = (both["estimate"] - both["estimate_again"]).abs()
    assert gap.max() < 1e-9


def test_one_failure_leaves_the_others(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What a method yields before it fails stands; a fault is told with its traceback."""

    def refuses(data: StudyData, what: Estimation) -> Any:
        yield from imputed(data, what)
        raise PanelError("the panel is too small")

    def is_wrong(*_: object) -> Any:
        return {}["column"]

    imputed = METHODS["imputation"]
    monkeypatch.setitem(METHODS, "etwfe", refuses)
    monkeypatch.setitem(METHODS, "twfe", is_wrong)
    failures = Failures(VINTAGE, "model.town_estimate")
    some = [Estimation(name, SALES) for name in ("etwfe", "twfe", "sun_abraham")]
    found = town_estimates.town_rows(small(Store(home.working)), failures, lambda _: None, some)
    assert {row.estimator for row in found.estimates} == {"etwfe", "sun_abraham"}
    assert [(row.entry, row.status, row.reason) for row in failures.rows] == [
        (str(some[0]), "refused", "the panel is too small"),
        (str(some[1]), "failed", "KeyError: 'column'"),
    ]
    assert 'return {}["column"]' in caplog.text


def test_without_a_data_set_the_tables_are_there_and_empty(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    assert materialized(home).success
    for table in TOWN_STUDY_TABLES:
        assert Store(home.working).rows(f"select count(*) from {table.name}") == [(0,)]


def test_an_officer_gets_what_a_signature_needs(
    home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(home.root))
    page = tmp_path / "page.md"
    assert main(["disclose", "--to", str(page)]) == 0
    assert "The attack has none of the unsafe figures" in capsys.readouterr().out
    assert page.stat().st_mode & 0o077 == 0
    told = page.read_text(encoding="utf-8").splitlines()
    assert [line.partition(": ")[2] for line in told if line.startswith("## Data set")] == [
        "SIMULATED, no seller behind it"
    ]
    cells = {
        (row[0], row[1]): [int(cell) for cell in row[2:]]
        for row in ([cell.strip() for cell in line.split("|")[1:-1]] for line in told)
        if row and row[0].startswith("towns.")
    }
    kept = Store(home.working).frame("select * from micro.area_disclosure")
    for (table, year), (figures, shown, few, dominated, protects, not_kept) in cells.items():
        level = table.removeprefix("towns.").removesuffix("_year")
        own = kept[(kept["level"] == level) & (kept["year"] == int(year))]
        assert (figures, shown, not_kept) == (len(own), own["is_published"].sum(), 0)
        assert few + dominated + protects == (~own["is_published"]).sum()
    assert len(cells) == 3 * 6
    assert sum(few for _, _, few, *_ in cells.values()) > 0
    models = [line for line in told if line.startswith("| synthetic_did |")]
    estimated = Store(home.working).frame(
        "select distinct sample, control_pool, outcome, cluster from model.town_estimate "
        "where estimator = 'synthetic_did'"
    )
    assert len(models) == len(estimated) > 0
    for measure in ("sellers", "sales_cny", "orders"):
        (line,) = (line for line in told if line.startswith(f"| {measure} |"))
        *_, unsafe, exact, close = (cell.strip() for cell in line.split("|")[1:-1])
        assert int(unsafe) > 0
        assert (exact, close) == ("0", "0")
