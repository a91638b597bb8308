"""A vintage names the code that read and computed it: of two codes nothing is published."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from assets.vintages import read_by
from assets.vintages.read_by import KINDS, reading, refuse_two_codes, was_read_by
from assets.warehouse.connection import kept_open
from assets.warehouse.errors import WarehouseError
from assets.warehouse.resource import Warehouse
from assets.warehouse.store import Store

KIND = KINDS[0]
FINGERPRINT = "definition_fingerprint"


@pytest.fixture(autouse=True)
def _as_in_a_run() -> Iterator[None]:
    with kept_open():
        yield


@dataclass
class Code:
    """The files of the code as they are now."""

    said: str = "a"


@dataclass
class Run:
    """What a step asks of the warehouse, within one run."""

    store: Store
    full: bool = False
    found: dict[Any, Any] = field(default_factory=dict)

    def once(self, find: Callable[[], Any]) -> Any:
        if find not in self.found:
            self.found[find] = find()
        return self.found[find]


@pytest.fixture
def code(monkeypatch: pytest.MonkeyPatch) -> Code:
    made = Code()
    monkeypatch.setattr(read_by, FINGERPRINT, lambda: made.said)
    monkeypatch.setattr(read_by, "code_digest", lambda: made.said)
    return made


@pytest.fixture
def begin(tmp_path: Path, code: Code) -> Callable[..., Warehouse]:
    """A new run."""
    return lambda full=False: cast("Warehouse", Run(Store(tmp_path / "working.duckdb"), full))


def read(run: Warehouse) -> list[bool]:
    """Whether everything of each kind was read, by a run that reads what waits."""
    found = []
    for kind in KINDS:
        with reading(run, kind) as again:
            found.append(again)
    return found


def test_everything_is_read_first_and_then_what_waits(begin: Any) -> None:
    assert read(begin()) == [True] * len(KINDS)
    assert read(begin()) == [False] * len(KINDS)


def test_everything_is_read_where_everything_is_computed(begin: Any) -> None:
    read(begin())
    assert read(begin(full=True)) == [True] * len(KINDS)
    assert read(begin()) == [False] * len(KINDS)


def test_other_code_reads_everything_and_so_does_the_first_that_is_back(
    begin: Any, code: Code
) -> None:
    read(begin())
    code.said = "b"
    with reading(begin(), KIND) as again:
        assert again
    code.said = "a"
    with reading(begin(), KIND) as again:
        assert again
    with reading(begin(), KINDS[1]) as again:
        assert not again


def test_what_was_not_read_to_its_end_was_read_by_nobody(begin: Any, code: Code) -> None:
    read(begin())
    with pytest.raises(ZeroDivisionError), reading(begin(), KIND):
        raise ZeroDivisionError
    assert not was_read_by(begin().store, code.said, KIND)
    with reading(begin(), KIND) as again:
        assert again


def test_one_code_is_published(begin: Any) -> None:
    run = begin()
    read(run)
    refuse_two_codes(run)
    refuse_two_codes(begin())  # computed in a run of its own


def test_code_that_changed_since_the_run_began_is_refused(begin: Any, code: Code) -> None:
    run = begin()
    read(run)
    code.said = "b"
    with pytest.raises(WarehouseError, match="The code of yearbook changed while it worked"):
        refuse_two_codes(run)


def test_code_that_changed_and_changed_back_is_refused(begin: Any, code: Code) -> None:
    run = begin()
    read(run)
    code.said = "b"
    run.once(getattr(read_by, FINGERPRINT))  # by this the vintage is named
    code.said = "a"
    with pytest.raises(WarehouseError, match="changed"):
        refuse_two_codes(run)


def test_what_other_code_read_in_another_run_is_refused(begin: Any, code: Code) -> None:
    read(begin())
    code.said = "b"
    run = begin()
    with reading(run, KIND):
        pass
    with pytest.raises(WarehouseError, match="Run `yearbook refresh`"):
        refuse_two_codes(run)
