"""Which checks did not pass when they were evaluated last, from Dagster's event log.

Belongs here: finding them. Not here: showing them.
"""

from collections.abc import Iterator

import dagster as dg

RUNS_LOOKED_AT = 50


def last_evaluations(instance: dg.DagsterInstance) -> dict[str, dg.AssetCheckEvaluation]:
    """The latest outcome of each check, by `asset: check`, from the last runs."""
    latest: dict[str, dg.AssetCheckEvaluation] = {}
    for evaluation in _evaluations(instance):
        name = f"{evaluation.asset_key.to_user_string()}: {evaluation.check_name}"
        latest.setdefault(name, evaluation)
    return dict(sorted(latest.items()))


def _evaluations(instance: dg.DagsterInstance) -> Iterator[dg.AssetCheckEvaluation]:
    """The latest first."""
    kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    for record in instance.get_run_records(limit=RUNS_LOOKED_AT):
        for entry in reversed(instance.all_logs(record.dagster_run.run_id, of_type=kind)):
            yield entry.get_dagster_event().asset_check_evaluation_data
