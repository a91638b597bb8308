"""An intake in a process of its own, which dies, is stopped or finds no room."""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assets.towns.records import dataset_intake, order_sums, unfinished_intake
from assets.towns.records.dataset_intake import DatasetIntake, files_in_force, read_datasets
from assets.towns.records.dataset_survey import datasets_before, survey_datasets
from assets.towns.records.dataset_writing import (
    forget_gone_datasets,
    remove_kept_of_before,
    write_datasets,
)
from assets.towns.records.order_year_view import write_order_year
from assets.warehouse.home import Home
from assets.warehouse.store import Store

Call = Callable[[], object]
# Between these calls, and in the midst of a copy, a kill may leave something else behind.
CALLS: tuple[tuple[Any, str], ...] = (
    (shutil, "copyfile"),
    (os, "link"),
    (Path, "replace"),
    (Path, "rename"),
    (unfinished_intake, "sync_file"),
    (unfinished_intake, "write_whole"),
    (order_sums, "_add"),
    (order_sums, "_write_years"),
    (order_sums, "write_whole"),
    (dataset_intake, "verify_alone"),
    (dataset_intake, "verify_together"),
)


def take_in(home: Home, code: str = "code") -> DatasetIntake:
    """What a refresh does of data sets."""
    store = Store(home.working)
    survey = survey_datasets(home, datasets_before(home, store))
    verified = files_in_force(home, store, code)
    intake = read_datasets(home, survey.pending, lambda line: None, code, verified)
    write_datasets(home, store, intake)
    forget_gone_datasets(home, store, [each.dataset for each in survey.everything], [])
    write_order_year(home, store)
    remove_kept_of_before(home, store)
    return intake


def counted(at_call: Callable[[int, str, Call, tuple[Any, ...]], object]) -> None:
    """From here on each of CALLS is made by `at_call`, given its number."""
    calls = 0

    def wrapped(name: str, original: Callable[..., object]) -> Callable[..., object]:
        def call(*given: Any, **named: Any) -> object:
            nonlocal calls
            calls += 1
            return at_call(calls, name, lambda: original(*given, **named), given)

        return call

    for owner, name in CALLS:
        setattr(owner, name, wrapped(name, getattr(owner, name)))


def count(home: Home) -> None:
    """Print how many calls an intake makes."""
    made = 0

    def at_call(number: int, name: str, call: Call, given: tuple[Any, ...]) -> object:
        nonlocal made
        made = number
        return call()

    counted(at_call)
    take_in(home)
    print(made, flush=True)


def die(home: Home, at: str, when: str) -> None:
    """Die by SIGKILL before or after a call, or when a copy is half written."""

    def at_call(number: int, name: str, call: Call, given: tuple[Any, ...]) -> object:
        if number < int(at) or (when == "half" and name != "copyfile"):
            return call()
        if when == "half":
            source, target = given
            target.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
        elif when == "after":
            call()
        return os.kill(os.getpid(), signal.SIGKILL)

    counted(at_call)
    take_in(home)


def run(home: Home) -> None:
    """Say when it begins, and take in."""
    print("begins", flush=True)
    try:
        take_in(home)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    dataset_intake._PORTION_BYTES = 1  # each file is a portion of its own
    COMMANDS: dict[str, Callable[..., None]] = {"count": count, "die": die, "run": run}
    COMMANDS[sys.argv[1]](Home(Path(sys.argv[2])), *sys.argv[3:])
