"""Judging a frame by a suite, with Great Expectations, which is imported when that is done.

Belongs here: running one suite, and which rows failed. Not here: what is expected, and where the
frame comes from.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from assets.warehouse.texts.counted import counted
from orchestration.checks.suite_file import Expectation, Suite

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.core.batch_definition import BatchDefinition


class CheckError(RuntimeError):
    """An expectation that could not be evaluated: an error, not a failed check."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that was not met."""

    expectation: Expectation
    rows: "pd.DataFrame"  # all failing rows, whole; empty where the table as a whole fails
    observed: str  # what was found, in words


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What one run of a suite found."""

    suite: Suite
    row_count: int
    evaluated: int
    failures: tuple[Failure, ...]  # in the order of the suite file

    @property
    def passed(self) -> bool:
        """True where every expectation was met."""
        return not self.failures

    @property
    def failed_ids(self) -> tuple[str, ...]:
        """Ids of the expectations that were not met."""
        return tuple(failure.expectation.id for failure in self.failures)


def run_suite(suite: Suite, frame: "pd.DataFrame") -> SuiteResult:
    """Judge a frame by a suite.

    Raises CheckError where an expectation could not be evaluated (a missing column, a text where
    a number belongs): Great Expectations reports those as failed, which would hide the cause.
    """
    rows = frame.reset_index(drop=True)
    # Which rows fail is asked only where some do: finding out takes as long again.
    outcomes = _validate(suite, rows, "BOOLEAN_ONLY") if suite.expectations else {}
    if all(outcome.success for outcome in outcomes.values()):
        return SuiteResult(suite, len(rows), len(suite.expectations), failures=())
    outcomes = _validate(suite, rows, "COMPLETE")
    failures = []
    for expectation in suite.expectations:
        outcome = outcomes[expectation.id]
        if outcome.success:
            continue
        positions = outcome.result.get("unexpected_index_list") or []
        observed = (
            f"{len(positions)} of {counted(len(rows), 'row')}"
            if positions
            else f"found {outcome.result.get('observed_value')}"
        )
        failures.append(Failure(expectation, rows.loc[positions], observed))
    return SuiteResult(suite, len(rows), len(suite.expectations), tuple(failures))


@lru_cache(maxsize=1)
def frames_to_judge() -> "BatchDefinition[None]":
    """What takes a frame, in one quiet context per process: its import takes seconds, it would
    call home, and a source made for each frame would be kept and written out with all the others.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _no_pyspark():
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = context.data_sources.add_pandas("warehouse").add_dataframe_asset("rows")
        return asset.add_batch_definition_whole_dataframe("all")


@contextmanager
def _no_pyspark() -> Iterator[None]:
    """Great Expectations finds no pyspark, which judges no frame of ours and takes long to load.

    Spark's workers write into the folder of the package; where the package was taken out since
    (`uv sync` without its group), what they left imports as a pyspark that holds nothing, and
    Great Expectations would fall over it.
    """
    if "pyspark" in sys.modules:
        yield
        return
    sys.modules["pyspark"] = None  # type: ignore[assignment] # how the import system is told
    try:
        yield
    finally:
        del sys.modules["pyspark"]


def _validate(
    suite: Suite, rows: "pd.DataFrame", told: Literal["BOOLEAN_ONLY", "COMPLETE"]
) -> dict[str, Any]:
    """Results of Great Expectations by expectation id. Raises CheckError."""
    frames = frames_to_judge()
    import great_expectations as gx

    expectations: list[Any] = [
        {
            "type": expectation.type,
            "kwargs": dict(expectation.kwargs),
            "meta": {"id": expectation.id},
            "severity": expectation.severity,
        }
        for expectation in suite.expectations
    ]
    validation = frames.get_batch({"dataframe": rows}).validate(
        gx.ExpectationSuite(name=suite.name, expectations=expectations),
        result_format={"result_format": told},
    )
    outcomes: dict[str, Any] = {
        outcome.expectation_config.meta["id"]: outcome
        for outcome in validation.results
        if outcome.expectation_config is not None
    }
    for expectation in suite.expectations:
        _raise_hidden_exception(suite, expectation, outcomes.get(expectation.id))
    return outcomes


def _raise_hidden_exception(suite: Suite, expectation: Expectation, outcome: Any) -> None:
    place = f"{suite.path.name}, expectation {expectation.id} on {suite.table}"
    if outcome is None:
        raise CheckError(f"{place}: Great Expectations gave no result.")
    info = outcome.exception_info or {}
    reports = [info] if "raised_exception" in info else list(info.values())
    messages = [report["exception_message"] for report in reports if report["raised_exception"]]
    if messages:
        raise CheckError(
            f"{place} could not be evaluated: {messages[0]}\n"
            f"  Found columns of other names or types than the expectation needs "
            f"({', '.join(expectation.columns)}). Correct the suite or the SQL of its frame."
        )
