"""The tables of the town study that Python writes: data sets (`raw.*`) and results (`model.*`).

Belongs here: their columns. Not here: sellers' records, which stay in schema `micro` (`views.py`),
and tables that SQL models make.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from assets.towns.records.contracts import CERTIFICATION, REGIME, TAOBAO_VILLAGE, TOWN, Contract
from assets.warehouse.row import DuckType, Row
from assets.warehouse.table import Column, Table

DATASET = Column("dataset", "VARCHAR", "Data set: its folder under landing/towns/")


@dataclass(frozen=True, slots=True, kw_only=True)
class TownDatasetRow(
    Row,
    table="raw.town_dataset",
    grain="One row per data set of the town study",
    key=("dataset",),
):
    """One row per data set of the town study."""

    dataset: Annotated[str, "Data set: its folder under landing/towns/"]
    title: Annotated[str, "Title of the data set"]
    publisher: Annotated[str, "Who published it"]
    url: Annotated[str | None, "Where it was found"]
    published_on: Annotated[date | None, "Day of publication"]
    accessed_on: Annotated[date, "Day it was fetched or made"]
    licence: Annotated[str, "Terms under which it may be used"]
    note: Annotated[str | None, "What the card notes"]
    simulated: Annotated[bool, "True where a simulation made the records: no real sellers"]
    simulation: Annotated[str | None, "What simulated it, as JSON"]
    certification: Annotated[str, "listed or by_rule"]
    content_sha256: Annotated[str, "SHA-256 over the card and the hash of each file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownFileRow(
    Row,
    table="raw.town_file",
    grain="One row per file of a data set of the town study",
    key=(
        "dataset",
        "file",
    ),
):
    """One row per file of a data set of the town study."""

    dataset: Annotated[str, "Data set: its folder under landing/towns/"]
    file: Annotated[str, "File, path within the data set"]
    contract: Annotated[str, "Record contract: town, seller, order, ..."]
    sha256: Annotated[str, "SHA-256 of the file's bytes, hexadecimal"]
    bytes: Annotated[int, "Size of the file, bytes", DuckType("BIGINT")]
    rows: Annotated[int, "Records in the file", DuckType("BIGINT")]


def _of_contract(name: str, contract: Contract, what: str) -> Table:
    return Table(
        name,
        f"{contract.grain[:1].upper()}{contract.grain[1:]}, by data set; {what}",
        (DATASET, *contract.columns),
        ("dataset", *contract.key),
    )


# Contracts whose records are no seller's: they go into published tables as they are.
LIST_TABLES = {
    TOWN.name: _of_contract("raw.town", TOWN, "towns of the study"),
    CERTIFICATION.name: _of_contract(
        "raw.town_certification_list", CERTIFICATION, "where lists say which towns were certified"
    ),
    TAOBAO_VILLAGE.name: _of_contract(
        "raw.taobao_village", TAOBAO_VILLAGE, "where lists say which villages qualified"
    ),
    REGIME.name: _of_contract(
        "raw.town_certification_regime", REGIME, "the data set's own rules, else the real ones"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaDisclosureRow(
    Row,
    table="micro.area_disclosure",
    grain="One row per data set, level, area, year and seller_group; private",
    key=(
        "dataset",
        "level",
        "area",
        "year",
        "seller_group",
    ),
):
    """One row per data set, level, area, year and seller_group; private."""

    dataset: Annotated[str, "Data set: its folder under landing/towns/"]
    level: Annotated[str, "town, county or province"]
    area: Annotated[str, "Area, as in micro.area_year"]
    year: Annotated[int, "Calendar year"]
    seller_group: Annotated[str, "all, female, male, gender_unknown, young or not_young"]
    is_published: Annotated[bool, "Whether the figures may be shown"]


TOWN_TABLES = (TownDatasetRow.table, TownFileRow.table, *LIST_TABLES.values())

_VINTAGE = Column("vintage", "VARCHAR", "Vintage: running number and fingerprint of its inputs")
_SIMULATED = Column("simulated", "BOOLEAN", "True: the records are made up, no real sellers")
_OF_RESULT = (_VINTAGE, DATASET, _SIMULATED)
_ESTIMATOR = Column("estimator", "VARCHAR", "Estimator: synthetic_did, imputation, ...")
_SAMPLE = Column("sample", "VARCHAR", "Which towns are in: all towns, ...")
_POOL = Column("control_pool", "VARCHAR", "Who serves as control; empty: no such option")
_OUTCOME = Column("outcome", "VARCHAR", "Outcome, as in micro.town_outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class TownEstimateRow(
    Row,
    table="model.town_estimate",
    grain=(
        "One row per vintage, data set, estimator, sample, control pool, outcome, target, "
        "cell and way of inference: the effect of certification"
    ),
    key=(
        "vintage",
        "dataset",
        "estimator",
        "sample",
        "control_pool",
        "outcome",
        "target",
        "cell",
        "inference",
    ),
):
    """A row of `model.town_estimate`."""

    vintage: Annotated[str, "Vintage: running number and fingerprint of its inputs"]
    dataset: Annotated[str, "Data set: its folder under landing/towns/"]
    simulated: Annotated[bool, "True: the records are made up, no real sellers"]
    estimator: Annotated[str, "Estimator: synthetic_did, imputation, ..."]
    sample: Annotated[str, "Which towns are in: all towns, ..."]
    control_pool: Annotated[str, "Who serves as control; empty: no such option"]
    outcome: Annotated[str, "Outcome, as in micro.town_outcome"]
    target: Annotated[str, "What is averaged: att, event_time, cohort, ..."]
    cell: Annotated[str, "Which of them: e=2, g=2015, ...; empty: the one number"]
    cluster: Annotated[str, "Units taken as independent of each other: town, county"]
    inference: Annotated[str, "Where the interval is from: analytic, jackknife, ..."]
    towns: Annotated[int, "Count of towns that take part"]
    treated_towns: Annotated[int, "Of these, certified ones behind the effect"]
    sellers: Annotated[int | None, "Count of sellers behind the outcome", DuckType("BIGINT")]
    scale: Annotated[str, "Unit of the estimate: log points, share, count, cny, index"]
    estimate: Annotated[float, "Effect, in units of scale"]
    std_error: Annotated[float | None, "Its standard error; NULL: the method gives none"]
    low: Annotated[float | None, "Lower end of its 95 % interval"]
    high: Annotated[float | None, "Upper end of its 95 % interval"]
    percent: Annotated[float | None, "100 (exp(estimate) - 1); NULL: not in log points"]
    percent_low: Annotated[float | None, "Lower end in per cent"]
    percent_high: Annotated[float | None, "Upper end in per cent"]
    needs: Annotated[str, "Assumption under which the estimate is the effect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownEvidenceRow(
    Row,
    table="model.town_evidence",
    grain=(
        "One row per vintage, data set, estimator, sample, control pool, outcome, test and"
        " cell: evidence here for or against what the estimator needs"
    ),
    key=(
        "vintage",
        "dataset",
        "estimator",
        "sample",
        "control_pool",
        "outcome",
        "test",
        "cell",
    ),
):
    """A row of `model.town_evidence`."""

    vintage: Annotated[str, "Vintage: running number and fingerprint of its inputs"]
    dataset: Annotated[str, "Data set: its folder under landing/towns/"]
    simulated: Annotated[bool, "True: the records are made up, no real sellers"]
    estimator: Annotated[str, "Estimator: synthetic_did, imputation, ..."]
    sample: Annotated[str, "Which towns are in: all towns, ..."]
    control_pool: Annotated[str, "Who serves as control; empty: no such option"]
    outcome: Annotated[str, "Outcome, as in micro.town_outcome"]
    test: Annotated[str, "Test or diagnostic: pre_trend, density, ..."]
    cell: Annotated[str, "Which one, where there are several; else empty"]
    statistic: Annotated[float | None, "Its statistic, as the sentence says"]
    p_value: Annotated[float | None, "Its p-value; NULL: none defined"]
    verdict: Annotated[str, "for, against or cannot say"]
    sentence: Annotated[str, "What it means, in a sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownFindingRow(
    Row,
    table="model.town_finding",
    grain="One row per vintage, data set, claim of the published study and part of it",
    key=(
        "vintage",
        "dataset",
        "claim",
        "part",
    ),
):
    """One row per vintage, data set, claim of the published study and part of it."""

    vintage: Annotated[str, "Vintage: running number and fingerprint of its inputs"]
    dataset: Annotated[str, "Data set: its folder under landing/towns/"]
    simulated: Annotated[bool, "True: the records are made up, no real sellers"]
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
    truth: Annotated[float | None, "What the simulation planted; NULL: real data, or none"]
    truth_is_inside: Annotated[bool | None, "Truth within the interval; NULL: no truth"]
    verdict: Annotated[str, "agrees, disagrees or cannot say"]
    sentence: Annotated[str, "The verdict, in a sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownInequalityRow(
    Row,
    table="model.town_inequality",
    grain=(
        "One row per vintage, data set, year, state, unit, measure and part: inequality "
        "between towns"
    ),
    key=(
        "vintage",
        "dataset",
        "year",
        "state",
        "unit",
        "measure",
        "part",
    ),
):
    """A row of `model.town_inequality`."""

    vintage: Annotated[str, "Vintage: running number and fingerprint of its inputs"]
    dataset: Annotated[str, "Data set: its folder under landing/towns/"]
    simulated: Annotated[bool, "True: the records are made up, no real sellers"]
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
    Row,
    table="model.town_policy",
    grain="One row per vintage, data set, scenario and whether spillovers count",
    key=(
        "vintage",
        "dataset",
        "scenario",
        "spillovers",
    ),
):
    """One row per vintage, data set, scenario and whether spillovers count."""

    vintage: Annotated[str, "Vintage: running number and fingerprint of its inputs"]
    dataset: Annotated[str, "Data set: its folder under landing/towns/"]
    simulated: Annotated[bool, "True: the records are made up, no real sellers"]
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
