"""`yearbook refresh`: the whole way from documents to the published warehouse, and what is told.

Belongs here: the order in which things are told. Not here: the work (`orchestration/refresh.py`),
and what the pages say.
"""

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.texts.counted import counted
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.pages.news import news, study_heads
from orchestration.commands.pages.sections import Section, within
from orchestration.commands.pages.text_table import print_rule
from orchestration.commands.revisions import print_new_revisions
from orchestration.commands.show import print_studies
from orchestration.commands.towns import print_town_summary
from orchestration.tone import Tone, Toned, tone_of

if TYPE_CHECKING:
    from assets.extracts.landed.survey import Survey
    from orchestration.landed import AnyLanded
    from orchestration.refresh import RefreshOutcome
    from orchestration.refresh_run import RunOutcome

WAIT_SECONDS = 600.0
NAMED_DOCUMENTS = 3
SHORT = 40  # lines


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wait",
        type=float,
        default=WAIT_SECONDS,
        metavar="SECONDS",
        help=f"how long to wait for another writer (default {WAIT_SECONDS:g}; 0 refuses at once)",
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="where a refresh is needed, read and compute also what would come out as before",
    )
    parser.add_argument(
        "--verbose",
        action="store_true",
        help="show every study's tables, every revision and the rows that failed a check",
    )


def _run(home: Home, options: argparse.Namespace) -> int:
    from orchestration.stopping import stoppable

    return stoppable(home, lambda on_run: _refresh(home, options, on_run))


def _refresh(home: Home, options: argparse.Namespace, on_run: Callable[[str], None]) -> int:
    from assets.warehouse.connection import kept_open
    from orchestration.alerts.look import tell_after_refresh
    from orchestration.refresh import refresh

    try:
        outcome = refresh(home, options.wait, options.full, on_run)
    except Exception as error:
        tell_after_refresh(home, error, has_run=False)
        raise
    with kept_open():
        _print_summary(home, outcome, options.verbose)
        tell_after_refresh(home, None, has_run=outcome.run is not None)
    return OK if outcome.is_clean else PROBLEMS


COMMAND = Command(
    30,
    "refresh",
    "read documents, refit the studies, publish",
    _run,
    _arguments,
    examples=(
        "yearbook refresh",
        "yearbook refresh --verbose",
        "yearbook refresh --full --wait 0",
    ),
)


def _print_summary(home: Home, outcome: "RefreshOutcome", verbose: bool) -> None:
    """First what changed, then what failed, then where everything is; the studies if wanted."""
    is_new = outcome.vintage is not None and outcome.vintage != outcome.vintage_before
    told = [_documents(outcome), _pictures(home, outcome.survey)]
    if outcome.vintage is not None and is_new:
        told += [_news(home, outcome.vintage_before, outcome.vintage)]
        if verbose:
            _print_sections(told, None)
            told = []
            print_studies(home, outcome.vintage)
            print_new_revisions(home, outcome.vintage)
            print_town_summary(home, outcome.vintage)
            print_rule()
        else:
            told += [Section(study_heads(home, outcome.vintage), "`yearbook show STUDY`")]
    told += [_checks(outcome.run, verbose), _refused(outcome), _where(home, outcome)]
    _print_sections(told, None if verbose else SHORT)


def _print_sections(sections: Sequence[Section], limit: int | None) -> None:
    print("\n".join(within(sections, limit)))


def _documents(outcome: "RefreshOutcome") -> Section:
    survey = outcome.survey
    entries: list[str] = [
        _group("new", _keys(survey.new)),
        _group("changed", _keys(survey.changed)),
        f"unchanged: {len(survey.unchanged)}",
    ]
    if outcome.read_before:
        entries.append(_group("read by a refresh that did not publish", outcome.read_before))
    if survey.refused:
        told = _group("refused before and unchanged", _keys(survey.refused))
        entries.append(Toned(told, Tone.BAD))
    if outcome.definitions_changed:
        entries.append("Code, SQL, studies or checks changed: every document was read again.")
    entries += [
        f"withdrawn, its figures are no longer taken: {key} ({reason})"
        for key, reason in outcome.withdrawn
    ]
    if survey.gone:
        entries.append(
            f"gone from landing/, what was published of them stands: {_first(survey.gone)}; "
            "`yearbook withdraw` takes a document out"
        )
    return Section(entries, "`yearbook status`")


def _group(name: str, keys: Sequence[str]) -> str:
    return f"{name}: {len(keys)}{f' ({_first(keys)})' if keys else ''}"


def _keys(documents: "Sequence[AnyLanded]") -> list[str]:
    return [document.key for document in documents]


def _first(keys: Sequence[str]) -> str:
    more = len(keys) - NAMED_DOCUMENTS
    return ", ".join(keys[:NAMED_DOCUMENTS]) + (f" and {more} more" if more > 0 else "")


def _pictures(home: Home, survey: "Survey[AnyLanded]") -> Section:
    """Name the pictures of PDF pages that were read just now: a person should look at each."""
    from assets.extracts.files.pictures.page_picture import page_pictures
    from assets.extracts.landed.survey import LandedDocument

    pictures = [
        f"  {picture}"
        for landed in survey.pending
        if isinstance(landed, LandedDocument)
        for picture in page_pictures(home.pages, landed.source, landed.edition)
    ]
    head = "read from PDF pages; look whether each box holds the figure it should:"
    return Section([head, *pictures] if pictures else [], f"{home.pages}")


def _news(home: Home, before: str | None, vintage: str) -> Section:
    """What the vintage says otherwise than the one before, where they can be compared."""
    from assets.vintages.fingerprint import vintage_number

    try:
        entries = news(home, before, vintage)
    except WarehouseError as error:
        entries = [f"Not compared with the vintage before. {error}"]
    numbers = "" if before is None else f"{vintage_number(before)} {vintage_number(vintage)}"
    return Section(entries, f"`yearbook diff {numbers}`")


def _checks(run: "RunOutcome | None", verbose: bool) -> Section:
    """The checks that did not pass, the blocking ones first, and the steps that failed."""
    if run is None:
        return Section([], "")
    entries: list[str] = [
        Toned(f"step {step} failed: {message}", Tone.BAD) for step, message in run.failed_steps
    ]
    for check in sorted(run.checks, key=lambda check: not check.is_blocking):
        effect = "blocks publication" if check.is_blocking else "does not block"
        rows = "".join(f"\n    {line}" for line in check.failing_rows.splitlines())
        told = (
            f"check {check.severity} on {check.asset}: {check.name} ({effect}): "
            f"{check.description}{rows if verbose or check.is_blocking else ''}"
        )
        entries.append(Toned(told, tone_of(check.severity)))
    passed = [Toned("checks: all passed", Tone.GOOD)]
    return Section(entries or passed, "`yearbook refresh --verbose`, `yearbook ui`")


def _refused(outcome: "RefreshOutcome") -> Section:
    entries = [Toned(f"REFUSED {message}", Tone.BAD) for message in outcome.refused]
    return Section(entries, "`yearbook check` lists all that is wrong")


def _where(home: Home, outcome: "RefreshOutcome") -> Section:
    run = outcome.run
    if run is None and not outcome.survey.pending:
        entries = [f"Nothing is new: no work was done. Vintage {outcome.vintage} stands."]
    elif outcome.vintage == outcome.vintage_before:
        entries = ["Nothing was published; what was published before stands."]
    else:
        entries = [f"Published vintage {outcome.vintage}: {home.published}"]
    if home.report.exists():
        entries.append(f"Report, for a browser: {home.report}")
    if run is not None:
        of_entries = ""
        if run.entries_computed < run.entries:
            of_entries = f"of their {run.entries} entries {run.entries_computed} computed; "
        entries.append(
            f"Dagster run {run.run_id} in {run.seconds:.1f} s, of which "
            f"{run.seconds_of_definitions:.1f} s loaded the definitions; "
            f"{counted(run.computed, 'step')} computed, {run.taken_over} unchanged; {of_entries}"
            "see it with `yearbook ui`."
        )
    if outcome.vintage is not None:
        entries.append(
            "Ask `yearbook show` for the studies' tables, `yearbook where-from PI 2015` for the "
            "origin of a number, `yearbook query` for any table."
        )
    return Section(entries, "")
