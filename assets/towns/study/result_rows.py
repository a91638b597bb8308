"""The tables of results of the town study (`model.*`), which every vintage appends to.

Belongs here: their rows, beside the modules of this folder that make them. Not here: tables of
records (`records/record_rows.py`), estimation.
"""

from dataclasses import dataclass
from typing import Annotated

from assets.towns.records.record_rows import DatasetName
from assets.warehouse.tables.row import DuckType, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTownResult(Row):
    """Results on one data set in one vintage."""

    vintage: Annotated[str, "Vintage: running number and fingerprint of its inputs"]
    dataset: DatasetName
    simulated: Annotated[bool, "True: the records are made up, no real sellers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfEstimation(OfTownResult):
    """Results of one estimator on one sample and outcome."""

    estimator: Annotated[str, "Estimator: synthetic_did, imputation, ..."]
    sample: Annotated[str, "Which towns are in: all towns, ..."]
    control_pool: Annotated[str, "Who serves as control; empty: no such option"]
    outcome: Annotated[str, "Outcome, as in micro.town_outcome"]


OF_ESTIMATION = ("vintage", "dataset", "estimator", "sample", "control_pool", "outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class TownEstimateRow(
    OfEstimation,
    table="model.town_estimate",
    grain=(
        "One row per vintage, data set, estimator, sample, control pool, outcome, target, "
        "cell and way of inference: the effect of certification"
    ),
    key=(*OF_ESTIMATION, "target", "cell", "inference"),
):
    """Every estimate of what certification did, with its interval and what it rests on."""

    target: Annotated[str, "What is averaged: att, event_time, cohort, ..."]
    cell: Annotated[str, "Which of them: e=2, g=2015, ...; empty: the one number"]
    cluster: Annotated[str, "Units taken as independent of each other: town, county"]
    inference: Annotated[str, "Where the interval is from: analytic, jackknife, ..."]
    towns: Annotated[int, "Count of towns that take part"]
    treated_towns: Annotated[int, "Of these, certified ones behind the effect"]
    effective_treated: Annotated[
        float | None, "Treated clusters, as many as of equal weight would vary as little"
    ]
    effective_controls: Annotated[
        float | None, "Control clusters, likewise; few on a side: the interval is by Student's t"
    ]
    sellers: Annotated[int | None, "Count of sellers behind the outcome", DuckType("BIGINT")]
    scale: Annotated[str, "Unit of the estimate: log points, share, count, cny, index"]
    estimate: Annotated[float, "Effect, in units of scale"]
    std_error: Annotated[float | None, "Its standard error; NULL: the method gives none"]
    low: Annotated[float | None, "Lower end of its 95 % interval"]
    high: Annotated[float | None, "Upper end of its 95 % interval"]
    percent: Annotated[float | None, "100 (exp(estimate) - 1); NULL: not in log points"]
    percent_low: Annotated[float | None, "Lower end in per cent"]
    percent_high: Annotated[float | None, "Upper end in per cent"]
    band_low: Annotated[
        float | None, "Lower end of the 95 % band around all years since certification; NULL: none"
    ]
    band_high: Annotated[float | None, "Its upper end"]
    percent_band_low: Annotated[float | None, "Lower end of the band in per cent"]
    percent_band_high: Annotated[float | None, "Upper end of the band in per cent"]
    needs: Annotated[str, "Assumption under which the estimate is the effect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownEvidenceRow(
    OfEstimation,
    table="model.town_evidence",
    grain=(
        "One row per vintage, data set, estimator, sample, control pool, outcome, test and"
        " cell: evidence here for or against what the estimator needs"
    ),
    key=(*OF_ESTIMATION, "test", "cell"),
):
    """What each test here says of an assumption; also why something was not estimated."""

    test: Annotated[str, "Test or diagnostic: pre_trend, density, ..."]
    cell: Annotated[str, "Which one, where there are several; else empty"]
    statistic: Annotated[float | None, "Its statistic, as the sentence says"]
    p_value: Annotated[float | None, "Its p-value; NULL: none defined"]
    verdict: Annotated[str, "for, against or cannot say"]
    sentence: Annotated[str, "What it means, in a sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownFindingRow(
    OfTownResult,
    table="model.town_finding",
    grain="One row per vintage, data set, claim of the published study and part of it",
    key=("vintage", "dataset", "claim", "part"),
):
    """The answer to the study: each published claim, the estimate here, the truth, a verdict."""

    claim: Annotated[str, "B1 to B8"]
    part: Annotated[str, "Part of the claim that one estimate can answer"]
    finding_order: Annotated[int, "Place in the table of findings, from 1"]
    claimed: Annotated[str, "The claim, in a sentence"]
    published: Annotated[float | None, "Number published, in units of scale; NULL: none"]
    published_percent: Annotated[float | None, "The same in per cent, as printed"]
    answered_by: Annotated[str | None, "Estimator, sample, outcome, target and cell"]
    scale: Annotated[str | None, "Unit of estimate, interval and truth"]
    estimate: Annotated[float | None, "Estimate here; NULL: none can answer"]
    low: Annotated[float | None, "Lower end of its 95 % interval"]
    high: Annotated[float | None, "Upper end of its 95 % interval"]
    detectable: Annotated[float | None, "Effect found with 80 % probability, in units of scale"]
    effective_treated: Annotated[float | None, "Effective number of treated clusters behind it"]
    effective_controls: Annotated[float | None, "Effective number of control clusters"]
    against: Annotated[str | None, "Tests that speak against what the estimate needs"]
    robust_low: Annotated[float | None, "Lower end if trends break as much after as before"]
    robust_high: Annotated[float | None, "Upper end if so; NULL: none for this outcome"]
    breakdown: Annotated[float | None, "Breaks after over before at which zero is no longer out"]
    truth: Annotated[float | None, "What the simulation planted; NULL: real data, or none"]
    truth_is_inside: Annotated[bool | None, "Truth within the interval; NULL: no truth"]
    verdict: Annotated[str, "agrees, disagrees or cannot say"]
    sentence: Annotated[str, "The verdict, in a sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownInequalityRow(
    OfTownResult,
    table="model.town_inequality",
    grain=(
        "One row per vintage, data set, year, state, unit, measure and part: inequality "
        "between towns"
    ),
    key=("vintage", "dataset", "year", "state", "unit", "measure", "part"),
):
    """How unequal towns are, as observed and as they would be without certification."""

    year: Annotated[int, "Calendar year"]
    state: Annotated[str, "observed, without certification, or the difference of both"]
    unit: Annotated[str, "town: total sales, towns count alike; seller: sales per seller"]
    measure: Annotated[str, "theil, gini, sigma, beta or lorenz"]
    part: Annotated[str, "total, between ..., within ...; of lorenz the share of units"]
    value: Annotated[float, "Index; of sigma log points; of beta log points a year"]
    low: Annotated[float | None, "Lower end of its 95 % interval; NULL: nothing estimated"]
    high: Annotated[float | None, "Upper end of its 95 % interval"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownPolicyRow(
    OfTownResult,
    table="model.town_policy",
    grain="One row per vintage, data set, scenario and whether spillovers count",
    key=("vintage", "dataset", "scenario", "spillovers"),
):
    """What other lists of certified towns would have sold, and what cannot be said of them."""

    scenario: Annotated[str, "What is done: another threshold, the next N towns, ..."]
    spillovers: Annotated[bool, "Whether gains of towns nearby are counted"]
    towns_added: Annotated[float, "Towns that become certified; a mean over lotteries"]
    towns_removed: Annotated[float, "Towns that lose the status; a mean over lotteries"]
    extra_sales_cny: Annotated[float, "Extra sales in a year, yuan"]
    low_cny: Annotated[float, "Lower end of its 95 % interval, yuan"]
    high_cny: Annotated[float, "Upper end of its 95 % interval, yuan"]
    extra_pct: Annotated[float, "Extra sales, per cent of sales of all towns"]
    low_pct: Annotated[float, "Lower end of its 95 % interval, per cent"]
    high_pct: Annotated[float, "Upper end of its 95 % interval, per cent"]
    outside_share: Annotated[float | None, "Share of added towns unlike any treated one"]
    sentence: Annotated[str, "The result, in a sentence"]
    cannot_say: Annotated[str, "What the data cannot say about this scenario"]


TOWN_STUDY_TABLES = (
    TownEstimateRow.table,
    TownEvidenceRow.table,
    TownFindingRow.table,
    TownInequalityRow.table,
    TownPolicyRow.table,
)
