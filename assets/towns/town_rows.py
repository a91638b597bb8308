"""The tables of the town study that Python writes: data sets (`raw.*`) and results (`model.*`).

Belongs here: their columns. Not here: sellers' records, which stay in schema `micro` (`views.py`),
and tables that SQL models make.
"""

from assets.towns.records.contracts import CERTIFICATION, REGIME, TAOBAO_VILLAGE, TOWN, Contract
from assets.warehouse.table import Column, Table

DATASET = Column("dataset", "VARCHAR", "Data set: its folder under landing/towns/")

TOWN_DATASET = Table(
    "raw.town_dataset",
    "One row per data set of the town study",
    (
        DATASET,
        Column("title", "VARCHAR", "Title of the data set"),
        Column("publisher", "VARCHAR", "Who published it"),
        Column("url", "VARCHAR", "Where it was found", nullable=True),
        Column("published_on", "DATE", "Day of publication", nullable=True),
        Column("accessed_on", "DATE", "Day it was fetched or made"),
        Column("licence", "VARCHAR", "Terms under which it may be used"),
        Column("note", "VARCHAR", "What the card notes", nullable=True),
        Column("simulated", "BOOLEAN", "True where a simulation made the records: no real sellers"),
        Column("simulation", "VARCHAR", "What simulated it, as JSON", nullable=True),
        Column("certification", "VARCHAR", "listed or by_rule"),
        Column("content_sha256", "VARCHAR", "SHA-256 over the card and the hash of each file"),
    ),
    ("dataset",),
)

TOWN_FILE = Table(
    "raw.town_file",
    "One row per file of a data set of the town study",
    (
        DATASET,
        Column("file", "VARCHAR", "File, path within the data set"),
        Column("contract", "VARCHAR", "Record contract: town, seller, order, ..."),
        Column("sha256", "VARCHAR", "SHA-256 of the file's bytes, hexadecimal"),
        Column("bytes", "BIGINT", "Size of the file, bytes"),
        Column("rows", "BIGINT", "Records in the file"),
    ),
    ("dataset", "file"),
)


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
AREA_DISCLOSURE = Table(
    "micro.area_disclosure",
    "One row per data set, level, area, year and seller_group; private",
    (
        DATASET,
        Column("level", "VARCHAR", "town, county or province"),
        Column("area", "VARCHAR", "Area, as in micro.area_year"),
        Column("year", "INTEGER", "Calendar year"),
        Column("seller_group", "VARCHAR", "all, female, male, gender_unknown, young or not_young"),
        Column("is_published", "BOOLEAN", "Whether the figures may be shown"),
    ),
    ("dataset", "level", "area", "year", "seller_group"),
)
TOWN_TABLES = (TOWN_DATASET, TOWN_FILE, *LIST_TABLES.values())

_VINTAGE = Column("vintage", "VARCHAR", "Vintage: running number and fingerprint of its inputs")
_SIMULATED = Column("simulated", "BOOLEAN", "True: the records are made up, no real sellers")
_OF_RESULT = (_VINTAGE, DATASET, _SIMULATED)
_ESTIMATOR = Column("estimator", "VARCHAR", "Estimator: synthetic_did, imputation, ...")
_SAMPLE = Column("sample", "VARCHAR", "Which towns are in: all towns, ...")
_POOL = Column("control_pool", "VARCHAR", "Who serves as control; empty: no such option")
_OUTCOME = Column("outcome", "VARCHAR", "Outcome, as in micro.town_outcome")

TOWN_ESTIMATE = Table(
    "model.town_estimate",
    "One row per vintage, data set, estimator, sample, control pool, outcome, target, cell and "
    "way of inference: the effect of certification",
    (
        *_OF_RESULT,
        _ESTIMATOR,
        _SAMPLE,
        _POOL,
        _OUTCOME,
        Column("target", "VARCHAR", "What is averaged: att, event_time, cohort, ..."),
        Column("cell", "VARCHAR", "Which of them: e=2, g=2015, ...; empty: the one number"),
        Column("cluster", "VARCHAR", "Units taken as independent of each other: town, county"),
        Column("inference", "VARCHAR", "Where the interval is from: analytic, jackknife, ..."),
        Column("towns", "INTEGER", "Count of towns that take part"),
        Column("treated_towns", "INTEGER", "Of these, certified ones behind the effect"),
        Column("sellers", "BIGINT", "Count of sellers behind the outcome", nullable=True),
        Column("scale", "VARCHAR", "Unit of the estimate: log points, share, count, cny, index"),
        Column("estimate", "DOUBLE", "Effect, in units of scale"),
        Column("std_error", "DOUBLE", "Its standard error; NULL: the method gives none", True),
        Column("low", "DOUBLE", "Lower end of its 95 % interval", nullable=True),
        Column("high", "DOUBLE", "Upper end of its 95 % interval", nullable=True),
        Column("percent", "DOUBLE", "100 (exp(estimate) - 1); NULL: not in log points", True),
        Column("percent_low", "DOUBLE", "Lower end in per cent", nullable=True),
        Column("percent_high", "DOUBLE", "Upper end in per cent", nullable=True),
        Column("needs", "VARCHAR", "Assumption under which the estimate is the effect"),
    ),
    (
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
)
TOWN_EVIDENCE = Table(
    "model.town_evidence",
    "One row per vintage, data set, estimator, sample, control pool, outcome, test and cell: "
    "evidence here for or against what the estimator needs",
    (
        *_OF_RESULT,
        _ESTIMATOR,
        _SAMPLE,
        _POOL,
        _OUTCOME,
        Column("test", "VARCHAR", "Test or diagnostic: pre_trend, density, ..."),
        Column("cell", "VARCHAR", "Which one, where there are several; else empty"),
        Column("statistic", "DOUBLE", "Its statistic, as the sentence says", nullable=True),
        Column("p_value", "DOUBLE", "Its p-value; NULL: none defined", nullable=True),
        Column("verdict", "VARCHAR", "for, against or cannot say"),
        Column("sentence", "VARCHAR", "What it means, in a sentence"),
    ),
    (
        "vintage",
        "dataset",
        "estimator",
        "sample",
        "control_pool",
        "outcome",
        "test",
        "cell",
    ),
)
TOWN_FINDING = Table(
    "model.town_finding",
    "One row per vintage, data set, claim of the published study and part of it",
    (
        *_OF_RESULT,
        Column("claim", "VARCHAR", "B1 to B8"),
        Column("part", "VARCHAR", "Part of the claim that one estimate can answer"),
        Column("finding_order", "INTEGER", "Place in the table of findings, from 1"),
        Column("claimed", "VARCHAR", "The claim, in a sentence"),
        Column("published", "DOUBLE", "Number published, in units of scale; NULL: none", True),
        Column("published_percent", "DOUBLE", "The same in per cent, as printed", nullable=True),
        Column("answered_by", "VARCHAR", "Estimator, sample, outcome, target and cell", True),
        Column("scale", "VARCHAR", "Unit of estimate, interval and truth", nullable=True),
        Column("estimate", "DOUBLE", "Estimate here; NULL: none can answer", nullable=True),
        Column("low", "DOUBLE", "Lower end of its 95 % interval", nullable=True),
        Column("high", "DOUBLE", "Upper end of its 95 % interval", nullable=True),
        Column("truth", "DOUBLE", "What the simulation planted; NULL: real data, or none", True),
        Column("truth_is_inside", "BOOLEAN", "Truth within the interval; NULL: no truth", True),
        Column("verdict", "VARCHAR", "agrees, disagrees or cannot say"),
        Column("sentence", "VARCHAR", "The verdict, in a sentence"),
    ),
    ("vintage", "dataset", "claim", "part"),
)
TOWN_INEQUALITY = Table(
    "model.town_inequality",
    "One row per vintage, data set, year, state, unit, measure and part: inequality between towns",
    (
        *_OF_RESULT,
        Column("year", "INTEGER", "Calendar year"),
        Column("state", "VARCHAR", "observed, without certification, or the difference of both"),
        Column("unit", "VARCHAR", "town: total sales, towns count alike; seller: sales per seller"),
        Column("measure", "VARCHAR", "theil, gini, sigma, beta or lorenz"),
        Column("part", "VARCHAR", "total, between ..., within ...; of lorenz the share of units"),
        Column("value", "DOUBLE", "Index; of sigma log points; of beta log points a year"),
        Column("low", "DOUBLE", "Lower end of its 95 % interval; NULL: nothing estimated", True),
        Column("high", "DOUBLE", "Upper end of its 95 % interval", nullable=True),
    ),
    ("vintage", "dataset", "year", "state", "unit", "measure", "part"),
)
TOWN_POLICY = Table(
    "model.town_policy",
    "One row per vintage, data set, scenario and whether spillovers count",
    (
        *_OF_RESULT,
        Column("scenario", "VARCHAR", "What is done: another threshold, the next N towns, ..."),
        Column("spillovers", "BOOLEAN", "Whether gains of towns nearby are counted"),
        Column("towns_added", "DOUBLE", "Towns that become certified; a mean over lotteries"),
        Column("towns_removed", "DOUBLE", "Towns that lose the status; a mean over lotteries"),
        Column("extra_sales_cny", "DOUBLE", "Extra sales in a year, yuan"),
        Column("low_cny", "DOUBLE", "Lower end of its 95 % interval, yuan"),
        Column("high_cny", "DOUBLE", "Upper end of its 95 % interval, yuan"),
        Column("extra_pct", "DOUBLE", "Extra sales, per cent of sales of all towns"),
        Column("low_pct", "DOUBLE", "Lower end of its 95 % interval, per cent"),
        Column("high_pct", "DOUBLE", "Upper end of its 95 % interval, per cent"),
        Column("outside_share", "DOUBLE", "Share of added towns unlike any treated one", True),
        Column("sentence", "VARCHAR", "The result, in a sentence"),
        Column("cannot_say", "VARCHAR", "What the data cannot say about this scenario"),
    ),
    ("vintage", "dataset", "scenario", "spillovers"),
)
TOWN_STUDY_TABLES = (TOWN_ESTIMATE, TOWN_EVIDENCE, TOWN_FINDING, TOWN_INEQUALITY, TOWN_POLICY)
