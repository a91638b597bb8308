"""`yearbook refresh`: the whole way from documents to the published warehouse, and what is told.

Belongs here: the order in which things are told. Not here: the work (`orchestration/refresh.py`),
and what the pages say.
"""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.warehouse.home import Home
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.pages.page import print_page
from orchestration.commands.pages.study_page import study_page
from orchestration.commands.pages.text_table import print_rule, print_text
from orchestration.commands.revisions import print_new_revisions
from orchestration.commands.towns import print_town_summary

if TYPE_CHECKING:
    from assets.extracts.survey import Survey
    from orchestration.landed import AnyLanded
    from orchestration.refresh import RefreshOutcome, RunOutcome

WAIT_SECONDS = 600.0
NAMED_DOCUMENTS = 12


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wait",
        type=float,
        default=WAIT_SECONDS,
        metavar="SECONDS",
        help="how long to wait for another writer (default %(default)s; 0 refuses at once)",
    )


def _run(home: Home, options: argparse.Namespace) -> int:
    from orchestration.alerts.look import tell_after_refresh
    from orchestration.refresh import refresh

    try:
        outcome = refresh(home, options.wait)
    except Exception as error:
        tell_after_refresh(home, error, has_run=False)
        raise
    _print_summary(home, outcome)
    tell_after_refresh(home, None, has_run=outcome.run is not None)
    return OK if outcome.is_clean else PROBLEMS


COMMAND = Command(30, "refresh", "read documents, refit the studies, publish", _run, _arguments)


def _print_summary(home: Home, outcome: "RefreshOutcome") -> None:
    _print_documents(outcome)
    _print_pictures(home, outcome.survey)
    if outcome.vintage is not None and outcome.vintage != outcome.vintage_before:
        _print_studies(home, outcome.vintage)
        print_new_revisions(home, outcome.vintage)
        print_town_summary(home, outcome.vintage)
    if outcome.run is not None:
        _print_checks(outcome.run)
    for message in outcome.refused:
        print(f"\nREFUSED {message}")
    _print_where(home, outcome)


def _print_documents(outcome: "RefreshOutcome") -> None:
    survey = outcome.survey
    _print_group("new", survey.new)
    _print_group("changed", survey.changed)
    print(f"unchanged: {len(survey.unchanged)}")
    _print_group("refused before and unchanged", survey.refused)
    for key, reason in outcome.withdrawn:
        print(f"withdrawn, its figures are no longer taken: {key} ({reason})")
    if survey.gone:
        print(
            f"gone from landing/, what was published of them stands: {', '.join(survey.gone)}; "
            "`yearbook withdraw` takes a document out"
        )
    if outcome.definitions_changed:
        print("Code, SQL, studies or checks changed: every document was read again.")


def _print_pictures(home: Home, survey: "Survey[AnyLanded]") -> None:
    """Name the pictures of PDF pages that were read just now: a person should look at each."""
    from assets.extracts.files.page_picture import page_pictures
    from assets.extracts.survey import LandedDocument

    pictures = [
        picture
        for landed in survey.pending
        if isinstance(landed, LandedDocument)
        for picture in page_pictures(home.pages, landed.source, landed.edition)
    ]
    if pictures:
        print("read from PDF pages; look whether each box holds the figure it should:")
    for picture in pictures:
        print(f"  {picture}")


def _print_group(name: str, documents: "Sequence[AnyLanded]") -> None:
    if documents or name in ("new", "changed"):
        keys = ", ".join(document.key for document in documents[:NAMED_DOCUMENTS])
        more = len(documents) - NAMED_DOCUMENTS
        print(
            f"{name}: {len(documents)}{' (' if keys else ''}{keys}"
            f"{f' and {more} more' if more > 0 else ''}{')' if keys else ''}"
        )


def _print_studies(home: Home, vintage: str) -> None:
    from assets.warehouse.reader import query

    names = (f"{name.symbol} {name.english}" for name in INDEX_NAMES.values())
    print_text(f"\nIndices: {', '.join(names)}.")
    for (study,) in query(home, "select distinct study from study.sample order by study").rows:
        print_page(study_page(home, study, vintage))


def _print_checks(run: "RunOutcome") -> None:
    print_rule()
    if not run.checks:
        print("checks: all passed")
    for check in run.checks:
        effect = "blocks publication" if check.is_blocking else "does not block"
        print(
            f"check {check.severity} on {check.asset}: {check.name} ({effect}): {check.description}"
        )
        for line in check.failing_rows.splitlines():
            print(f"    {line}")
    for step, message in run.failed_steps:
        print(f"step {step} failed: {message}")


def _print_where(home: Home, outcome: "RefreshOutcome") -> None:
    print()
    run = outcome.run
    if run is None and not outcome.survey.pending:
        print(f"Nothing is new: no work was done. Vintage {outcome.vintage} stands.")
    elif outcome.vintage == outcome.vintage_before:
        print("Nothing was published; what was published before stands.")
    else:
        print(f"Published vintage {outcome.vintage}: {home.published}")
    if run is not None:
        print(
            f"Dagster run {run.run_id} in {run.seconds:.1f} s, of which "
            f"{run.seconds_of_imports:.1f} s loaded Dagster and the definitions; "
            "see it with `yearbook ui`."
        )
    if outcome.vintage is not None:
        print(
            "Ask `yearbook where-from PI 2015`, or `yearbook query` for the fits: "
            f'"select study, sample, estimator, equation from model.fit where vintage = '
            f"'{outcome.vintage}'\"."
        )
