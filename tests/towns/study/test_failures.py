"""The town study on data on which it must fail: every entry leaves rows or a reason."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assets.towns.estimators.labels import ALL_TOWNS, GAPS_STAY, LOST_STAY
from assets.towns.study import evidence_methods, scenarios, town_methods, without_certification
from assets.towns.study.findings import claims, finding_rows
from assets.towns.study.pictures import pictures
from assets.towns.study.result_rows import (
    TownEstimateRow,
    TownEvidenceRow,
    TownFindingRow,
    TownInequalityRow,
    TownPolicyRow,
)
from assets.towns.study.scenarios import policy_rows
from assets.towns.study.specification import (
    ACTIVE_SHARE,
    COUNTS,
    ESTIMATIONS,
    HEADLINE,
    ORDERS,
    SALES,
    SALES_IF_POSITIVE,
    SALES_PER_SHOP,
    SALES_TOTAL,
    Estimation,
)
from assets.towns.study.study_data import FRAMES, StudyData
from assets.towns.study.town_estimates import town_rows
from assets.towns.study.without_certification import inequality_rows
from assets.vintages.failures import Failures
from assets.warehouse.tables.row import as_frame

Damage = Callable[[StudyData], StudyData]
YEARS = np.arange(2013, 2019)
TOWNS = 60
NO_YEAR = pd.NA


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_methods, "PLACEBO_TOWN_DRAWS", 9)
    monkeypatch.setattr(town_methods, "INFERENCE_DRAWS", 2)
    for module in (scenarios, without_certification):
        monkeypatch.setattr(module, "EFFECT_DRAWS", 9)


def drawn(seed: int) -> StudyData:
    """A data set on which every estimation runs: half of the towns are certified, from 2015 on."""
    rng = np.random.default_rng(seed)
    town = np.array([f"town {place:03d}" for place in range(TOWNS)])
    first = np.where(np.arange(TOWNS) % 2, 2015 + np.arange(TOWNS) // 2 % 3, 9999)
    frame = pd.DataFrame({"town_id": np.repeat(town, len(YEARS)), "year": np.tile(YEARS, TOWNS)})
    certified = (YEARS[None, :] >= first[:, None]).ravel()
    log_sales = rng.normal(10, 0.3, TOWNS)[:, None] + rng.normal(0, 0.1, (TOWNS, len(YEARS)))
    log_sales = log_sales.ravel() + 0.3 * certified
    counts = {name: rng.poisson(9, len(frame)) + 1.0 for name in COUNTS if "theil" not in name}
    values = {
        **counts,
        SALES: log_sales,
        ORDERS: log_sales - 4,
        SALES_IF_POSITIVE: log_sales,
        SALES_PER_SHOP: np.exp(log_sales),
        SALES_TOTAL: 20 * np.exp(log_sales),
        ACTIVE_SHARE: rng.uniform(0.8, 1, len(frame)),
    }
    each = (frame.assign(outcome=name, value=value, sellers=20) for name, value in values.items())
    outcomes = pd.concat(each, ignore_index=True)
    years = pd.Series(first, dtype="Int32").mask(first == 9999)
    towns = pd.DataFrame(
        {
            "town_id": town,
            "county": [f"county {place // 6}" for place in range(TOWNS)],
            "prefecture": [f"prefecture {place // 12}" for place in range(TOWNS)],
            "province": [f"province {place // 30}" for place in range(TOWNS)],
            "longitude_deg": 100 + rng.uniform(0, 12, TOWNS),
            "latitude_deg": 30 + rng.uniform(0, 8, TOWNS),
            "baseline_gdp_per_head_cny": np.exp(rng.normal(10, 0.4, TOWNS)),
            "is_poverty_county": rng.random(TOWNS) < 0.3,
            "is_ethnic_autonomous": rng.random(TOWNS) < 0.3,
            "is_subdistrict": False,
        }
    )
    lists = frame.assign(
        is_certified=certified,
        sales_before_cny=20 * np.exp(log_sales),
        active_sellers_before=pd.array(rng.poisson(20, len(frame)), dtype="Int64"),
        villages=rng.integers(0, 5, len(frame)),
        active_sellers=20,
        is_subdistrict=False,
        min_villages=3,
        min_sales_cny=20 * np.exp(10),
        min_active_shops=10,
        subdistricts_count=True,
    )
    lost = pd.array([NO_YEAR] * TOWNS, dtype="Int32")
    cohorts = pd.DataFrame({"town_id": town, "first_certified_year": years, "lost_year": lost})
    return StudyData("made", True, outcomes, cohorts, towns, lists)


def keeping(kept: Callable[[int], bool]) -> Damage:
    """Only some of the towns, by their place."""
    names = {f"town {place:03d}" for place in range(TOWNS) if kept(place)}

    def damage(data: StudyData) -> StudyData:
        frames = {name: getattr(data, name) for name in FRAMES}
        return replace(
            data, **{name: each[each["town_id"].isin(names)] for name, each in frames.items()}
        )

    return damage


def in_years(*years: int) -> Damage:
    return lambda data: replace(
        data,
        outcomes=data.outcomes[data.outcomes["year"].isin(years)],
        certification=data.certification[data.certification["year"].isin(years)],
    )


def with_values(change: Callable[[pd.DataFrame], object]) -> Damage:
    return lambda data: replace(data, outcomes=data.outcomes.assign(value=change(data.outcomes)))


def with_towns(**columns: object) -> Damage:
    return lambda data: replace(data, towns=data.towns.assign(**columns))


def certified_first(year: int | None) -> Damage:
    def damage(data: StudyData) -> StudyData:
        every = pd.array([NO_YEAR if year is None else year] * TOWNS, dtype="Int32")
        return replace(data, cohorts=data.cohorts.assign(first_certified_year=every))

    return damage


def before_first_year_zero(rows: pd.DataFrame) -> object:
    return rows["value"].where(rows["year"] > YEARS[0], 0.0)


def one_infinite(rows: pd.DataFrame) -> object:
    return rows["value"].where((rows["town_id"] != "town 001") | (rows["year"] != 2015), np.inf)


DAMAGES: dict[str, Damage] = {
    "no records": keeping(lambda _: False),
    "one certified town": keeping(lambda place: place == 1),
    "one town never certified": keeping(lambda place: place == 0),
    "one of each": keeping(lambda place: place < 2),
    "one control": keeping(lambda place: place % 2 == 1 or place == 0),
    "one certified": keeping(lambda place: place % 2 == 0 or place == 1),
    "no controls": keeping(lambda place: place % 2 == 1),
    "none certified": certified_first(None),
    "all certified from the first year": certified_first(2013),
    "all certified in one year": certified_first(2016),
    "an empty cohort beside one": certified_first(2030),
    "one year": in_years(2015),
    "two years": in_years(2014, 2015),
    "a year missing": in_years(2013, 2014, 2015, 2017, 2018),
    "constant outcome": with_values(lambda rows: 1.0),
    "zero outcome": with_values(lambda rows: 0.0),
    "outcome that is no number": with_values(lambda rows: np.nan),
    "an infinite outcome": with_values(one_infinite),
    "no sales in the first year": with_values(before_first_year_zero),
    "missing GDP": with_towns(baseline_gdp_per_head_cny=np.nan),
    "one GDP": with_towns(baseline_gdp_per_head_cny=1e4),
    "all in one place": with_towns(longitude_deg=100.0, latitude_deg=30.0),
    "no places": with_towns(longitude_deg=np.nan, latitude_deg=np.nan),
    "one county": with_towns(county="c", prefecture="p", province="q"),
}
# Records that the intake lets nobody land: a fault, and told as one.
BROKEN: dict[str, Damage] = {
    "no lists": lambda data: replace(data, certification=data.certification.iloc[:0]),
    "towns without a record": lambda data: replace(data, towns=data.towns.iloc[5:]),
    "a column gone": lambda data: replace(data, towns=data.towns.drop(columns="county")),
}


def outcome(data: StudyData) -> tuple[dict[str, pd.DataFrame], Failures]:
    """Every table and picture of the study, and the failures, as the assets make them."""
    failures = Failures("v", "t")
    rows = town_rows(data, failures, lambda _: None)
    estimates = failures.sound(TownEstimateRow.table, as_frame(TownEstimateRow, rows.estimates))
    evidence = failures.sound(TownEvidenceRow.table, as_frame(TownEvidenceRow, rows.evidence))
    made: dict[Any, Any] = {
        TownInequalityRow: inequality_rows(data, failures),
        TownPolicyRow: policy_rows(data, failures),
        TownFindingRow: finding_rows(estimates, evidence, None, failures, data.dataset, True),
    }
    frames = {
        kind.table.name: failures.sound(kind.table, as_frame(kind, found))
        for kind, found in made.items()
    }
    found = frames[TownFindingRow.table.name]
    pictures(estimates, found, frames[TownInequalityRow.table.name], failures)
    return {
        TownEstimateRow.table.name: estimates,
        TownEvidenceRow.table.name: evidence,
        **frames,
    }, failures


def test_on_sound_data_nothing_fails() -> None:
    frames, failures = outcome(drawn(1))
    assert all(len(frame) for frame in frames.values())
    assert [row for row in failures.rows if row.status == "failed"] == []


def test_errors_are_clustered_as_the_card_says_and_shown_otherwise_too() -> None:
    asked = [
        Estimation("imputation", SALES, ALL_TOWNS),
        Estimation("imputation_dependence", SALES, ALL_TOWNS),
        Estimation("pre_trend", SALES, ALL_TOWNS, "not_yet"),
        HEADLINE,
    ]
    by: dict[str, dict[Any, Any]] = {}
    for cluster in ("town", "county"):
        failures = Failures("v", "t")
        made = town_rows(replace(drawn(1), cluster=cluster), failures, lambda _: None, asked)
        assert failures.rows == []
        by[cluster] = (
            as_frame(TownEstimateRow, made.estimates)
            .set_index(["estimator", "sample", "target", "cell", "inference"])
            .to_dict("index")
        )
    att = ("imputation", ALL_TOWNS, "att", "")
    town, county = by["town"], by["county"]
    same = town[(*att, "analytic, by county")]
    for column in ("std_error", "low", "high", "effective_treated", "effective_controls"):
        assert county[(*att, "analytic")][column] == pytest.approx(same[column], rel=1e-12)
    assert county[(*att, "analytic")]["cluster"] == same["cluster"] == "county"
    assert same["effective_controls"] <= TOWNS / 6  # six towns a county
    assert (*att, "analytic, by county") not in county
    of_att = {inference for *of, inference in county if tuple(of) == att}
    assert {"analytic, by prefecture", "analytic, within 40 km"} <= of_att
    headline = ("synthetic_did", HEADLINE.sample, "event_time", "e=1", "jackknife")
    assert county[headline]["cluster"] == "county"
    assert county[headline]["band_low"] < county[headline]["low"]
    assert {row["cluster"] for (name, *_), row in county.items() if name == "imputation"} == {
        "county", "prefecture", "towns 40 km apart", "towns 100 km apart"
    }  # fmt: skip


def test_who_is_left_out_is_said_and_towns_that_lost_the_status_may_stay() -> None:
    data = drawn(1)
    lost = data.cohorts["town_id"].isin(["town 001", "town 003"])
    data = replace(
        data, cohorts=data.cohorts.assign(lost_year=lost.map({True: 2018, False: NO_YEAR}))
    )
    gone = (data.outcomes["town_id"] == "town 000") & (data.outcomes["year"] == 2015)
    data = replace(data, outcomes=data.outcomes[~(gone & (data.outcomes["outcome"] == SALES))])
    asked = [
        Estimation("composition", SALES),
        Estimation("imputation", SALES, ALL_TOWNS),
        Estimation("imputation", SALES, LOST_STAY),
        Estimation("callaway_santanna_anticipation", SALES, ALL_TOWNS, "not_yet"),
    ]
    failures = Failures("v", "t")
    made = town_rows(data, failures, lambda _: None, asked)
    assert failures.rows == []
    towns, sellers = made.evidence
    certified = int(data.cohorts["first_certified_year"].notna().sum())
    assert f"In the panel are {certified - 2} of {certified} towns ever certified" in towns.sentence
    assert f"and {TOWNS - certified - 1} of {TOWNS - certified} others" in towns.sentence
    assert "Left out: 2 lost the status, 1 without a value in some year." in towns.sentence
    assert towns.verdict == "cannot say"
    assert towns.statistic == pytest.approx(3 / TOWNS)
    # As many sellers are behind the outcome as shops are open, in every town and year.
    assert "they are 100.0 % of the shops open in the first year" in sellers.sentence
    assert sellers.statistic == 0
    counts = {row.sample: row.towns for row in made.estimates if row.target == "att"}
    assert counts == {ALL_TOWNS: TOWNS - 3, LOST_STAY: TOWNS - 1}
    assert {row.estimator for row in made.estimates} == {
        "imputation",
        "callaway_santanna_anticipation",
    }


def test_towns_that_lack_a_year_stay_where_an_estimator_can_take_them() -> None:
    asked = [one for one in ESTIMATIONS if one.sample == GAPS_STAY]
    assert len(asked) == 8
    data, failures = drawn(1), Failures("v", "t")
    whole = town_rows(data, failures, lambda _: None, asked)
    assert (whole.estimates, whole.evidence, failures.rows) == ([], [], [])
    rows = data.outcomes
    place = rows["town_id"].str[-3:].astype(int)
    gone = (rows["outcome"] == SALES_IF_POSITIVE) & ((7 * place + 3 * rows["year"]) % 11 == 0)
    made = town_rows(replace(data, outcomes=rows[~gone]), failures, lambda _: None, asked)
    found = {row.estimator: row for row in made.estimates if row.target == "att"}
    assert sorted(found) == ["callaway_santanna", "etwfe", "imputation", "sun_abraham", "twfe"]
    assert {row.towns for row in found.values()} == {TOWNS}
    for row in found.values():
        assert row.low < 0.3 < row.high, row.estimator
    refused = {row.entry.split(",")[0]: row for row in failures.rows}
    assert sorted(refused) == ["dcdh", "synthetic_did", "twfe"]  # of twfe its decomposition
    for refusal in refused.values():
        assert refusal.status == "refused"
        assert "towns lack a year" in refusal.reason
    years, sellers = made.evidence
    lacking = int(gone.groupby(rows["town_id"]).any().sum())
    told = [int(part.split(" of ")[0].split()[-1]) for part in years.sentence.split(" and ")]
    assert sum(told) == lacking
    assert "in the years in which they sell" in sellers.sentence


QUICK = ("no records", "one of each", "no controls", "one year", "zero outcome", "a column gone")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in QUICK else pytest.mark.slow)
        for name in (*DAMAGES, *BROKEN)
    ],
)
@pytest.mark.filterwarnings("ignore")  # means of nothing, of constant outcomes
def test_what_must_fail_is_a_row_with_its_reason(name: str) -> None:
    frames, failures = outcome((DAMAGES | BROKEN)[name](drawn(1)))
    told = {row.entry for row in failures.rows}
    key = ["sample", "control_pool", "outcome"]
    seen = pd.concat([frames[kind.table.name][key] for kind in (TownEstimateRow, TownEvidenceRow)])
    silent = [
        str(one)
        for one in ESTIMATIONS
        if one.sample != GAPS_STAY  # no damage here makes gaps in some years alone
        and str(one) not in told
        and (one.sample, one.control_pool, one.outcome)
        not in set(seen.itertuples(index=False, name=None))
    ]
    assert silent == []
    assert all(len(row.reason) > 10 for row in failures.rows)
    findings = frames[TownFindingRow.table.name]
    assert len(findings) == len(claims())  # every claim has a verdict, whatever failed
    faults = [f"{row.entry}: {row.reason}" for row in failures.rows if row.status == "failed"]
    assert bool(faults) == (name in BROKEN), faults


def test_the_frames_of_a_data_set_are_those_that_are_damaged() -> None:
    assert {field.name for field in fields(StudyData)} >= set(FRAMES)
