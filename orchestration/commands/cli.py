"""The command line: `yearbook COMMAND`.

Belongs here: words, options and exit codes. Not here: the work (one module per command), and any
import that is not needed before the command is known.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from assets.poverty.study_files.study import StudyError
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home

OK, PROBLEMS, USAGE = 0, 1, 2
WAIT_SECONDS = 600.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 when something was refused or failed, 2 for usage."""
    options = _parser().parse_args(arguments)
    home = Home.from_environment()
    try:
        return int(options.run(home, options))
    except BrokenPipeError:
        sys.stderr.close()
        return OK
    except (WarehouseError, StudyError) as error:
        print(error, file=sys.stderr)
        return PROBLEMS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="yearbook",
        description="Yearly statistical studies: refreshed, traced to their sources, and rerun.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_add(commands)
    _add_withdraw(commands)
    _add_refresh(commands)
    _add_ui(commands)
    _add_query(commands)
    _add_where_from(commands)
    _add_audit(commands)
    _add_recover(commands)
    _add_reproduce(commands)
    _add_diff(commands)
    _add_revisions(commands)
    _add_known(commands)
    _add_towns(commands)
    _add_simulate_towns(commands)
    status = commands.add_parser("status", help="documents, last run, last vintage, failed checks")
    status.set_defaults(run=_status)
    return parser


def _add_add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("add", help="file a new edition that arrived, with its card")
    parser.add_argument("file", type=Path, help="the document")
    parser.add_argument(
        "--like",
        type=_source_and_edition,
        metavar="SOURCE/EDITION",
        help="the edition before (default: the likeliest of all in landing/)",
    )
    parser.add_argument("--edition", type=int, help="the year it was printed")
    parser.add_argument("--published-on", type=date.fromisoformat, metavar="DATE", help="its day")
    parser.add_argument("--note", help="the card's note (default: none)")
    parser.add_argument("--yes", action="store_true", help="take every suggestion that is certain")
    parser.add_argument(
        "--answer",
        action="append",
        type=_key_and_word,
        default=[],
        metavar="QUESTION=WORD",
        help="answer one question; may be given several times",
    )
    parser.add_argument("--dry-run", action="store_true", help="show everything, file nothing")
    parser.set_defaults(run=_add)


def _add_withdraw(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("withdraw", help="take no figure of a document any more")
    parser.add_argument("document", type=_source_and_edition, metavar="SOURCE/EDITION")
    parser.add_argument("--reason", required=True, help="why; kept in the card and the warehouse")
    parser.set_defaults(run=_withdraw)


def _source_and_edition(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9_]+/[0-9]{4}", text):
        raise argparse.ArgumentTypeError(
            f"'{text}': expected SOURCE/EDITION, such as nbs_regional_annual/2024"
        )
    return text


def _key_and_word(text: str) -> tuple[str, str]:
    key, separator, word = text.rpartition("=")
    if not (separator and key and word):
        raise argparse.ArgumentTypeError(f"'{text}': expected QUESTION=WORD, as the command shows")
    return key, word


def _add_refresh(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("refresh", help="read documents, refit the studies, publish")
    parser.add_argument(
        "--wait",
        type=float,
        default=WAIT_SECONDS,
        metavar="SECONDS",
        help="how long to wait for another writer (default %(default)s; 0 refuses at once)",
    )
    parser.set_defaults(run=_refresh)


def _add_ui(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "ui", help="Dagster web interface and daemon, on this machine only"
    )
    parser.add_argument("--port", type=int, default=3000, help="port on 127.0.0.1 (default 3000)")
    parser.set_defaults(run=_ui)


def _add_query(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("query", help="read the published warehouse with SQL")
    parser.add_argument("sql", help="one SELECT")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument(
        "--as-of",
        type=int,
        metavar="EDITION",
        help="adds the table as_of_observation: each figure as known by that edition",
    )
    parser.set_defaults(run=_query)


def _add_where_from(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("where-from", help="where an index value comes from")
    parser.add_argument("index", help="PI, AIG, IM, CEI, aEDI, EG or an index of a study's own")
    parser.add_argument("year", type=int, help="reference year")
    parser.add_argument("--study", help="only this study (default: every study that has it)")
    parser.set_defaults(run=_where_from)


def _add_audit(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("audit", help="what contradicts what in a paper's printed tables")
    parser.add_argument("source", nargs="?", help="folder of the paper in landing/ (default: all)")
    parser.add_argument("--all", action="store_true", help="show what is consistent, too")
    parser.set_defaults(run=_audit)


def _add_recover(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("recover", help="samples that a paper's printed tables allow")
    parser.add_argument("source", help="folder of the paper in landing/")
    parser.add_argument(
        "--samples",
        type=_several,
        default=200,
        help="how many, at least 2; few say little (default %(default)s)",
    )
    parser.add_argument("--seed", type=int, default=2026, help="seed (default %(default)s)")
    parser.add_argument(
        "--file-as",
        metavar="SOURCE",
        help="write the first sample to landing/SOURCE/<this year>/ and keep what is determined",
    )
    parser.add_argument(
        "--official",
        nargs="+",
        type=_year_and_value,
        default=[],
        metavar="YEAR=VALUE",
        help="official values of the dependent variable: can a sample meet them, too?",
    )
    parser.add_argument("--rising", metavar="VARIABLE", help="a variable that must rise yearly")
    parser.set_defaults(run=_recover)


def _several(text: str) -> int:
    if not (text.isdigit() and int(text) >= 2):
        raise argparse.ArgumentTypeError(f"'{text}': expected 2 or more samples")
    return int(text)


def _year_and_value(text: str) -> tuple[int, str]:
    year, separator, value = text.partition("=")
    if not (separator and year.isdigit() and value):
        raise argparse.ArgumentTypeError(f"'{text}': expected YEAR=VALUE, such as 2013=0.265")
    return int(year), value


def _add_reproduce(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("reproduce", help="fit a published vintage again and compare")
    parser.add_argument("vintage", nargs="?", help="name or running number (default: the latest)")
    parser.set_defaults(run=_reproduce)


def _add_diff(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("diff", help="what differs between two published vintages")
    parser.add_argument("old", help="name or running number of a vintage")
    parser.add_argument("new", help="name or running number of another")
    parser.add_argument("--all", action="store_true", help="show every row")
    parser.set_defaults(run=_diff)


def _add_revisions(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "revisions", help="figures printed otherwise later, and how far that alone moves results"
    )
    parser.add_argument("--region", metavar="CODE", help="only this one, as CN-GS (default: all)")
    parser.add_argument("--all", action="store_true", help="show every row")
    parser.set_defaults(run=_revisions)


def _add_known(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "known", help="a study's fit as it would have come out with the figures known in each year"
    )
    parser.add_argument("study", help="name of a study with a model, as china_2012_2019")
    parser.add_argument("--region", metavar="CODE", help="only this one (default: all it has)")
    parser.set_defaults(run=_known)


def _add_towns(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("towns", help="findings of the Taobao Town study, with evidence")
    parser.add_argument("dataset", nargs="?", help="folder in landing/towns/ (default: all)")
    parser.set_defaults(run=_towns)


def _add_simulate_towns(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "simulate-towns", help="a SIMULATED data set for the Taobao Town study, with its truth"
    )
    parser.add_argument("--seed", type=_not_negative, required=True, help="same seed, same files")
    parser.add_argument("--towns", type=int, default=500, help="how many (default %(default)s)")
    parser.add_argument("--first-year", type=int, default=2012, help="default %(default)s")
    parser.add_argument("--last-year", type=int, default=2021, help="default %(default)s")
    parser.add_argument(
        "--sellers-per-town",
        type=int,
        nargs=2,
        default=(20, 60),
        metavar=("LEAST", "MOST"),
        help="open before the first year (default 20 60); the rule's thresholds are scaled to it",
    )
    parser.add_argument(
        "--assignment",
        choices=("random", "threshold"),
        default="random",
        help="who is certified: drawn by lot, or by sales that cross the rule's thresholds",
    )
    parser.add_argument(
        "--records",
        choices=("annual", "orders"),
        default="annual",
        help="yearly sales, or single orders (some 700 a seller and year)",
    )
    parser.add_argument(
        "--dataset", help="folder under landing/towns/ (default: simulated_ and the seed)"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="another folder, instead")
    parser.set_defaults(run=_simulate_towns)


def _not_negative(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}': expected a whole number, 0 or more")
    return int(text)


def _add(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.add import Request, add_document

    request = Request(
        file=options.file,
        like=options.like,
        edition=options.edition,
        published_on=options.published_on,
        note=options.note,
        yes=options.yes,
        dry_run=options.dry_run,
        answers=dict(options.answer),
    )
    return add_document(home, request)


def _withdraw(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.withdraw import withdraw

    return withdraw(home, options.document, options.reason, date.today())


def _refresh(home: Home, options: argparse.Namespace) -> int:
    from orchestration.alerts.look import tell_after_refresh
    from orchestration.commands.summary import print_summary
    from orchestration.refresh import refresh

    try:
        outcome = refresh(home, options.wait)
    except Exception as error:
        tell_after_refresh(home, error, has_run=False)
        raise
    print_summary(home, outcome)
    tell_after_refresh(home, None, has_run=outcome.run is not None)
    return OK if outcome.is_clean else PROBLEMS


def _ui(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.ui import serve

    return serve(home, options.port)


def _query(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.query import print_query

    return print_query(home, options.sql, options.format, options.as_of)


def _where_from(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.where_from import print_where_from

    return print_where_from(home, options.index, options.year, options.study)


def _audit(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.audit import print_audit

    return print_audit(home, options.source, options.all)


def _recover(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.recover import Request, recover_paper

    request = Request(
        source=options.source,
        samples=options.samples,
        seed=options.seed,
        file_as=options.file_as,
        official=dict(options.official),
        rising=options.rising,
    )
    return recover_paper(home, request)


def _reproduce(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.reproduce import print_reproduction

    return print_reproduction(home, options.vintage)


def _diff(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.diff import print_diff

    return print_diff(home, options.old, options.new, options.all)


def _revisions(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.revisions import print_revisions

    return print_revisions(home, options.region, options.all)


def _known(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.known import print_known

    return print_known(home, options.study, options.region)


def _towns(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.towns import print_towns

    return print_towns(home, options.dataset)


def _simulate_towns(home: Home, options: argparse.Namespace) -> int:
    from assets.towns.simulation.design import Design, DesignError, regimes_for
    from orchestration.commands.simulate_towns import Request, simulate_towns

    sellers = tuple(options.sellers_per_town)
    try:
        design = Design(
            towns=options.towns,
            first_year=options.first_year,
            last_year=options.last_year,
            sellers_per_town=sellers,
            assignment=options.assignment,
            regimes=regimes_for(sellers),
        )
    except DesignError as error:
        print(error, file=sys.stderr)
        return USAGE
    name = options.dataset or f"simulated_{options.seed}"
    folder = options.out.resolve() if options.out else home.landing / "towns" / name
    return simulate_towns(Request(design, options.seed, options.records, folder))


def _status(home: Home, options: argparse.Namespace) -> int:
    from orchestration.commands.status import print_status

    return print_status(home)


if __name__ == "__main__":
    sys.exit(main())
