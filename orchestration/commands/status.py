"""`yearbook status`: documents, last run, vintage, failed checks, alerts, what is awaited.

Belongs here: gathering and printing the state. Not here: changing it.
"""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assets.extracts.errors import DocumentError
from assets.warehouse.home import Home
from orchestration.commands.command import OK, Command
from orchestration.commands.pages.text_table import print_text

if TYPE_CHECKING:
    import dagster as dg


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print the state of everything a user asks for first."""
    from assets.warehouse.private import open_to_others
    from orchestration.alerts.look import outbox_of, settings_of, status_lines
    from orchestration.instance import prepare_instance
    from orchestration.refresh import last_publication

    opened = open_to_others(home.state)
    home.prepare()
    if opened:
        print_text(
            f"private    NOT: others have rights to {len(opened)} of the files and folders in "
            f"{home.state}, such as {opened[0]}; the next refresh closes them, and at once does "
            f"`chmod -R go= {home.state}`"
        )
    _print_writer_and_documents(home)
    found = last_publication(home)
    if found is None:
        print("published  nothing yet; run `yearbook refresh`")
    else:
        print_text(
            f"published  vintage {found.vintage} of {found.created_at} UTC: {home.published}"
        )
        if home.report.exists():
            print_text(f"report     {home.report}")
    for line in status_lines(outbox_of(home), settings_of(home).problems):
        print_text(line)
    prepare_instance(home)
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        _print_runs(instance)
        _print_checks(instance)
    return OK


COMMAND = Command(
    150,
    "status",
    "documents, last run, last vintage, failed checks",
    _run,
    examples=("yearbook status",),
)


def _print_writer_and_documents(home: Home) -> None:
    from assets.extracts.intake import taken_before
    from assets.extracts.survey import awaited_editions, yearly_sources
    from assets.warehouse.lock import current_holder
    from assets.warehouse.store import Store
    from orchestration.landed import survey_all

    holder = current_holder(home)
    if holder is not None:
        print(f"writing    {holder}")
        print("documents  not looked at while the warehouse is being written")
        return
    taken = taken_before(Store(home.working))
    try:
        survey = survey_all(home)
    except DocumentError as error:
        print_text(f"documents  not looked at: {error}")
        return
    print(
        f"documents  {len(survey.unchanged)} in force, {len(survey.pending)} waiting, "
        f"{len(survey.refused)} refused, {len(survey.gone)} gone from landing/"
    )
    for landed in survey.pending:
        print(f"             waiting: {landed.key}")
    for landed in survey.refused:
        print(f"             refused: {landed.key} (`yearbook refresh` says why)")
    try:
        due = awaited_editions(taken, yearly_sources(home.landing), datetime.now(UTC).year)
    except DocumentError as error:
        print_text(f"awaiting   not known: {error}")
        return
    awaited = ", ".join(f"{source} {edition}" for source, edition in due.items())
    print_text(f"awaiting   {awaited or 'no edition: all that print yearly are in'}")


def _print_runs(instance: "dg.DagsterInstance") -> None:
    records = instance.get_run_records(limit=1)
    if not records:
        print("last run   none")
        return
    record = records[0]
    run = record.dagster_run
    ended = record.end_time
    when = (
        "" if ended is None else f", ended {datetime.fromtimestamp(ended, UTC):%Y-%m-%d %H:%M} UTC"
    )
    print(f"last run   {run.job_name} {run.run_id}: {run.status.value}{when}")


def _print_checks(instance: "dg.DagsterInstance") -> None:
    """The latest outcome of each check, of those that did not pass."""
    from assets.release.report.run_checks import last_evaluations

    latest = last_evaluations(instance)
    failed = {name: found for name, found in latest.items() if not found.passed}
    print(f"checks     {len(latest)} evaluated last time, {len(failed)} not passed")
    for name, found in failed.items():
        print_text(f"             {found.severity.value} {name}: {found.description}")
