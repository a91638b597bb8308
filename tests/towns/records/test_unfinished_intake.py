"""An intake that was stopped is taken up, and gives what one gives that nothing disturbed."""

import errno
import importlib.util
import random
import resource
import shutil
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import dagster as dg
import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml

from assets.towns.assets import town_tables
from assets.towns.records import dataset_intake, order_sums
from assets.towns.records.dataset_intake import DatasetIntake, read_datasets
from assets.towns.records.dataset_survey import survey_datasets
from assets.towns.records.record_rows import ORDER_YEAR
from assets.towns.records.unfinished_intake import was_verified_by
from assets.towns.records.verifying import alone, together
from assets.warehouse.connection import kept_open
from assets.warehouse.home import Home
from assets.warehouse.resource import Warehouse
from assets.warehouse.store import Store
from benchmarks.prepared_process import PreparedProcess

Records = dict[str, pd.DataFrame]
TakeIn = Callable[..., DatasetIntake]
Left = Callable[[Home], Any]
CHILD = Path(__file__).with_name("stopped_child.py")
MONTHS = 14  # of two years
STATES = (
    "from micro.order_year order by all",
    "from raw.town_file order by all",
    "from raw.town order by all",
)


@pytest.fixture(scope="module")
def take_in() -> TakeIn:
    """What a refresh does of data sets."""
    spec = importlib.util.spec_from_file_location("stopped_child", CHILD)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: TakeIn = module.take_in
    return found


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is a portion of its own."""
    monkeypatch.setattr(dataset_intake, "_PORTION_BYTES", 1)


@pytest.fixture(scope="module")
def landing(
    tmp_path_factory: pytest.TempPathFactory,
    dataset_folder: Any,
    make_records: Callable[..., Records],
) -> Path:
    """A data set of orders by month, the later the more."""
    home, rng = Home(tmp_path_factory.mktemp("landed")).prepare(), np.random.default_rng(3)
    folder, found = dataset_folder(home), make_records(5, 6, 6)
    found["seller"]["opened_on"] = "2014-06-01"
    for month in range(MONTHS):
        folder.put("order", orders(rng, found["seller"], month), f"order/{month:02}.parquet")
    folder.put_all({name: found[name] for name in ("town", "seller")})
    return home.landing


def orders(rng: np.random.Generator, sellers: pd.DataFrame, month: int) -> pd.DataFrame:
    count = 400 * (month + 1)
    first = pd.Timestamp(2015 + month // 12, 1 + month % 12, 1)
    return pd.DataFrame(
        {
            "order_id": month * 10_000 + np.arange(count),
            "seller_id": rng.choice(sellers["seller_id"].to_numpy(), count),
            "ordered_on": first + pd.to_timedelta(rng.integers(0, 28, count), "D"),
            "amount_cny": rng.integers(1, 10**6, count) / 100,
            "status": rng.choice(["completed", "returned"], count, p=[0.9, 0.1]),
        }
    )


@pytest.fixture
def begin(tmp_path: Path, landing: Path) -> Callable[[], Home]:
    """A home with the data set, of which nothing is taken in."""

    def made() -> Home:
        home = Home(tmp_path / f"home {len(list(tmp_path.iterdir()))}").prepare()
        shutil.rmtree(home.landing)
        shutil.copytree(landing, home.landing)
        return home

    return made


@pytest.fixture(scope="module")
def taken_in(take_in: TakeIn) -> Left:
    """What an intake leaves that comes to its end: every kept file, the rows of it."""

    def left(home: Home) -> Any:
        with kept_open():
            intake = take_in(home)
            assert not intake.refused, intake.refused[0].message
            rows = [Store(home.working).rows(each) for each in STATES]
        kept = home.state / "towns"
        files = {path.relative_to(kept): path for path in kept.rglob("*") if path.is_file()}
        return rows, {name: path.read_bytes() for name, path in sorted(files.items())}

    return left


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, landing: Path, taken_in: Left) -> Any:
    home = Home(tmp_path_factory.mktemp("undisturbed")).prepare()
    shutil.rmtree(home.landing)
    shutil.copytree(landing, home.landing)
    return taken_in(home)


def started(home: Home, *arguments: object, **how: Any) -> PreparedProcess:
    return PreparedProcess([CHILD, *arguments], folder=CHILD.parents[3], **how)


def months_taken_up(home: Home) -> int:
    """How many months the next intake will find verified."""
    of_dataset = home.state / "towns" / "made_up"
    if [each for each in of_dataset.glob("[0-9a-f]*") if was_verified_by(each, "code")]:
        return MONTHS
    return len(list(of_dataset.glob(".unfinished-*/verified/order-*")))


@pytest.mark.parametrize("seed", range(2))
def test_killed_between_any_calls_it_gives_the_same(
    begin: Callable[[], Home], undisturbed: Any, taken_in: Left, seed: int
) -> None:
    source = random.Random(seed)
    counting = started(home := begin(), "count", home.root)
    calls = int(counting.communicate()[0])
    assert calls > 4 * MONTHS
    killed = 0
    for part in range(4):
        home, at = begin(), int((part + source.random()) * calls / 4) + 1
        before = 0
        for when in (source.choice(["before", "after"]), "half"):
            child = started(home, "die", home.root, at, when)
            out, err = child.communicate()
            assert child.returncode in (-signal.SIGKILL, 0), out + err
            killed += child.returncode != 0
            assert months_taken_up(home) >= before  # what was verified once stays so
            before, at = months_taken_up(home), source.randrange(1, 12)
        assert taken_in(home) == undisturbed, (at, when)
    assert killed >= 4


def test_killed_at_any_moment_it_goes_on_and_gives_the_same(
    begin: Callable[[], Home], undisturbed: Any, taken_in: Left
) -> None:
    source, home = random.Random(11), begin()
    whole = started(home, "run", home.root)
    whole.stdout.readline()
    began = time.monotonic()
    assert whole.wait() == 0
    length, reached = time.monotonic() - began, []
    home = begin()
    for number in range(10):
        child = started(home, "run", home.root)
        child.stdout.readline()
        time.sleep(source.uniform(0, length * (number + 1) / 10))
        child.send_signal(signal.SIGINT if number % 3 == 0 else signal.SIGKILL)
        if child.wait() == 0:
            break
        reached.append(months_taken_up(home))
    assert reached == sorted(reached)
    assert reached[-1] > 0
    assert taken_in(home) == undisturbed


def test_where_files_may_not_grow_what_fits_is_taken_up(
    begin: Callable[[], Home], undisturbed: Any, taken_in: Left
) -> None:
    home = begin()
    sizes = sorted(path.stat().st_size for path in home.landing.rglob("order/*.parquet"))
    limit = (sizes[5] + sizes[6]) // 2
    child = started(
        home, "run", home.root,
        before=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    out, err = child.communicate()
    assert child.returncode == 1, out + err
    assert "No room to write" in err
    assert f"no file may grow beyond {limit:,} bytes" in err
    assert months_taken_up(home) == 6
    assert told(home) == ["towns/made_up: its intake was stopped before; months taken up: 6 of 14"]
    assert taken_in(home) == undisturbed


def told(home: Home) -> list[str]:
    """What the next intake says that it takes up; it is stopped before it reads anything."""
    said: list[str] = []

    def progress(line: str) -> None:
        said.append(line)
        if "taken up" in line:
            raise KeyboardInterrupt

    waiting = survey_datasets(home, {}).pending
    with pytest.raises(KeyboardInterrupt):
        read_datasets(home, waiting, progress, "code")
    return said[1:]


@pytest.fixture
def arrived(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read."""
    seen: list[str] = []
    verify = alone.verify_alone

    def noted(card: Any, files: Any, *given: Any) -> None:
        seen.extend(file.file for file in files)
        verify(card, files, *given)

    monkeypatch.setattr(dataset_intake, "verify_alone", noted)
    return seen


@pytest.fixture
def stopped(begin: Callable[[], Home], take_in: TakeIn, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Start an intake that is stopped when a function is called for a certain time."""

    def start(module: ModuleType, name: str, at: int, home: Home | None = None) -> Home:
        home, calls, original = home or begin(), [0], getattr(module, name)

        def call(*given: Any, **named: Any) -> Any:
            calls[0] += 1
            if calls[0] == at:
                raise KeyboardInterrupt
            return original(*given, **named)

        with monkeypatch.context() as patch:
            patch.setattr(module, name, call)
            with pytest.raises(KeyboardInterrupt):
                take_in(home)
        return home

    return start


def test_months_that_are_verified_are_not_read_again(
    stopped: Any, arrived: list[str], undisturbed: Any, taken_in: Left
) -> None:
    home = stopped(dataset_intake, "verify_together", 1)
    assert len(arrived) == MONTHS + 2
    arrived.clear()
    home = stopped(order_sums, "_write_years", 2, home)  # with the sums of the first year
    assert taken_in(home) == undisturbed
    assert arrived == []


def test_sums_of_a_year_are_taken_up(
    stopped: Any, undisturbed: Any, taken_in: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = stopped(order_sums, "_write_years", 2)
    added: list[str] = []
    add = order_sums._add

    def noted(connection: Any, dataset: str, sign: int, paths: Any) -> None:
        added.extend(path.name for path in paths)
        add(connection, dataset, sign, paths)

    monkeypatch.setattr(order_sums, "_add", noted)
    monkeypatch.setattr(together, "_require_key", lambda *given: pytest.fail("looked at again"))
    assert taken_in(home) == undisturbed
    assert added == ["12.parquet", "13.parquet"]


@pytest.mark.parametrize("month", [3, 13], ids=["added up", "not added up"])
def test_a_month_that_changed_in_between_is_read_again(
    stopped: Any, arrived: list[str], taken_in: Left, begin: Any, issue: Any, month: int
) -> None:
    home, anew = stopped(order_sums, "_write_years", 2), begin()
    arrived.clear()
    for each in (home, anew):
        issue(each, month)
    found = taken_in(home)
    assert arrived == [f"order/{month:02}.parquet"]
    of_all = taken_in(anew)
    assert without_bounds(found) == without_bounds(of_all)
    assert found[1].keys() == of_all[1].keys()


def without_bounds(left: Any) -> Any:
    """All rows, but for `not_before`: no sum, it may be that of an order that is gone."""
    at = [each.name for each in ORDER_YEAR.columns].index("not_before")
    sums, *others = left[0]
    return [row[:at] + row[at + 1 :] for row in sums], others


@pytest.fixture
def issue(dataset_folder: Any) -> Callable[..., None]:
    """Issue a month again, with an order less."""

    def issued(home: Home, month: int, name: str = "made_up") -> None:
        folder = dataset_folder(home, name)
        card = yaml.safe_load((folder.path / "card.yaml").read_text(encoding="utf-8"))
        folder.files = [
            {name: one[name] for name in ("contract", "file", "rows")} for one in card["files"]
        ]
        [one] = [one for one in folder.files if one["file"] == f"order/{month:02}.parquet"]
        frame = pd.read_parquet(folder.path / one["file"])
        write_records(folder.path / one["file"], frame[1:])
        one["rows"] -= 1
        folder.sign()

    return issued


def write_records(path: Path, orders: pd.DataFrame) -> None:
    with duckdb.connect() as connection:
        connection.register("given", orders)
        connection.execute(
            "copy (select * replace (ordered_on::date as ordered_on) from given) "
            f"to '{path}' (format parquet)"
        )


def test_a_copy_that_was_spoiled_meanwhile_is_read_again(
    stopped: Any, arrived: list[str], undisturbed: Any, taken_in: Left
) -> None:
    home = stopped(dataset_intake, "verify_together", 1)
    arrived.clear()
    [copy] = (home.state / "towns").glob("*/.unfinished-*/verified/town-*")
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)
    assert taken_in(home) == undisturbed
    assert arrived == ["town.parquet"]


def test_what_other_code_read_is_read_again_and_removed(
    stopped: Any, arrived: list[str], take_in: TakeIn
) -> None:
    home = stopped(dataset_intake, "verify_together", 1)
    arrived.clear()
    assert take_in(home, "other code").taken_up == ()
    assert len(arrived) == MONTHS + 2
    assert len(list((home.state / "towns" / "made_up").iterdir())) == 1


def test_all_anew_takes_nothing_up(stopped: Any, arrived: list[str]) -> None:
    home = stopped(dataset_intake, "verify_together", 1)
    for _ in ("unfinished", "finished"):
        arrived.clear()
        waiting = survey_datasets(home, {}).pending
        intake = read_datasets(home, waiting, lambda line: None, "code", anew=True)
        assert intake.taken_up == ()
        assert len(arrived) == MONTHS + 2


def test_what_was_read_whole_and_not_written_is_taken_up_whole(
    begin: Any, arrived: list[str], undisturbed: Any, taken_in: Left
) -> None:
    home = begin()
    waiting = survey_datasets(home, {}).pending
    assert read_datasets(home, waiting, lambda line: None, "code").taken_up == ()
    arrived.clear()
    said = "towns/made_up: its intake was stopped before; months taken up: 14 of 14"
    assert read_datasets(home, waiting, lambda line: None, "code").taken_up == (said,)
    assert arrived == []
    assert taken_in(home) == undisturbed


@pytest.mark.parametrize("what", ["refused", "gone"])
def test_nothing_is_left_of_a_data_set_that_is_set_aside(
    stopped: Any, take_in: TakeIn, what: str
) -> None:
    home = stopped(dataset_intake, "verify_together", 1)
    landed = home.landing / "towns" / "made_up"
    if what == "gone":
        shutil.rmtree(landed)
        assert not take_in(home).accepted
    else:
        path = landed / "order" / "05.parquet"
        path.write_bytes(path.read_bytes()[:-1])
        [refused] = take_in(home).refused
        assert "order/05.parquet" in refused.message
    assert [each.name for each in (home.state / "towns").rglob("*") if each.is_file()] == []


def test_a_refresh_goes_on_where_the_one_before_stopped_and_says_so(
    begin: Any,
    issue: Any,
    arrived: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    home = begin()

    def step(full: bool = False) -> bool:
        warehouse = Warehouse(root=str(home.root), full=full)
        arrived.clear()
        done = dg.materialize(
            [town_tables], resources={"warehouse": warehouse}, raise_on_error=False
        )
        return done.success

    assert step()
    landed = home.landing / "towns"
    shutil.copytree(landed / "made_up", landed / "other")
    card = landed / "other" / "card.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("made_up", "other"), encoding="utf-8")
    for month in range(MONTHS):  # else its files are known from the other one
        issue(home, month, "other")
    full_disk = OSError(errno.ENOSPC, "No space left on device")
    with monkeypatch.context() as patch:
        patch.setattr(dataset_intake, "verify_together", lambda *given: raised(full_disk))
        assert not step()
    capfd.readouterr()
    assert step()
    assert arrived == []
    assert (
        "towns/other: its intake was stopped before; months taken up: 1" in capfd.readouterr().err
    )
    assert step(full=True)
    assert len(arrived) == 2 * (MONTHS + 2)


def raised(error: Exception) -> None:
    raise error
