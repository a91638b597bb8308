"""What a person reads of the town study: headline, other estimators, findings, evidence.

Belongs here: which published rows are shown, and their words. Not here: any number's making, and
how a table is drawn.
"""

import math
from collections.abc import Sequence
from typing import Any

from orchestration.commands.pages.page import Query, StudyPage, Table, number

SIMULATED = "SIMULATED: no town, seller or sale behind these numbers exists."
_PLACE = "vintage = ? and dataset = ?"
_HEADLINE = "estimator = 'synthetic_did' and inference = 'jackknife' and control_pool = 'never'"
_EFFECTS = f"""
select estimator, sample, control_pool, outcome, inference, percent, percent_low, percent_high,
    treated_towns, towns
from model.town_estimate
where {_PLACE} and target = 'att' and percent is not null
    and outcome in ('mean_log_sales', 'mean_log_orders')
    and (outcome = 'mean_log_sales' or ({_HEADLINE}))
order by not ({_HEADLINE}), sample = 'all towns', outcome desc, estimator, control_pool, inference
"""
_FINDINGS = f"""
select claim, part, published_percent, scale, estimate, low, high, truth, truth_is_inside, verdict,
    sentence
from model.town_finding where {_PLACE} order by finding_order
"""
_EVIDENCE = f"""
select estimator, sample, test, cell, p_value, verdict, sentence
from model.town_evidence where {_PLACE}
order by verdict = 'for', verdict, estimator, sample, test, cell, outcome
"""
_POLICIES = f"""
select sentence || ' ' || cannot_say from model.town_policy
where {_PLACE} and spillovers order by scenario
"""
_COUNTS = f"""
select verdict, count(*) from model.town_evidence
where {_PLACE} and test <> 'estimated' group by verdict order by verdict
"""


def town_page(query: Query, dataset: str, simulated: bool, vintage: str, full: bool) -> StudyPage:
    """The town study of one data set; full: with the evidence and the sentences of the findings."""
    place = [vintage, dataset]
    evidence = query(_EVIDENCE, place)
    tables = (
        Table(
            "Effect of certification, per cent a year (sales; headline first, with its orders)",
            ("estimator", "towns in", "controls", "outcome", "error by", "%", "low", "high", "n"),
            tuple(map(_effect, query(_EFFECTS, place))),
        ),
        Table(
            "Findings: each claim of the published study beside the estimate here"
            + " (log points or shares)",
            ("claim", "part", "published", "here", "low", "high", "planted", "inside", "verdict"),
            tuple(map(_finding, query(_FINDINGS, place))),
        ),
    )
    closing = [f"Evidence on assumptions: {_counts(query(_COUNTS, place))}."]
    closing += [
        f"  AGAINST {row[0]}, {row[1]}: {row[6]}" for row in evidence if row[5] == "against"
    ]
    if full:
        policies = [f"- {sentence}" for (sentence,) in query(_POLICIES, place)]
        closing = [*_sentences(query(_FINDINGS, place)), "", *map(_evidence, evidence), ""]
        closing += ["Other lists, gains of near towns counted:" * bool(policies), *policies]
    return StudyPage(
        heading=f"The Taobao Town study on {dataset}{' (simulated)' if simulated else ''}",
        lines=(SIMULATED,) if simulated else (),
        tables=tables,
        closing=tuple(closing),
    )


def _effect(row: Sequence[Any]) -> tuple[str, ...]:
    estimator, sample, pool, outcome, inference, *percents, treated, towns = row
    return (
        estimator,
        sample,
        pool,
        outcome,
        inference,
        *(number(_given(value), 1) for value in percents),
        f"{treated} of {towns}",
    )


def _finding(row: Sequence[Any]) -> tuple[str, ...]:
    claim, part, published, scale, estimate, low, high, truth, inside, verdict, _ = row
    digits = 4 if scale == "index" else 3
    return (
        claim,
        part,
        "" if published is None else f"{published:.1f} %",
        *(number(_given(value), digits) for value in (estimate, low, high, truth)),
        "" if inside is None else ("yes" if inside else "NO"),
        verdict,
    )


def _given(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def _sentences(rows: Sequence[Sequence[Any]]) -> list[str]:
    return [f"{row[0]} {row[1]}: {row[10]}" for row in rows]


def _evidence(row: Sequence[Any]) -> str:
    estimator, sample, test, cell, _, verdict, sentence = row
    name = " ".join(part for part in (test, cell) if part)
    return f"[{verdict}] {estimator}, {sample}, {name}: {sentence}"


def _counts(rows: Sequence[Sequence[Any]]) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in rows) or "none"
