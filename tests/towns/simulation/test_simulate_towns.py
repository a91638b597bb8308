"""`yearbook simulate-towns`: files, card, refusals."""

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from assets.towns.simulation import data_set
from orchestration.commands.cli import main

FEW = ["--towns", "30", "--sellers-per-town", "1", "3", "--last-year", "2015"]


def run(tmp_path: Path, *arguments: str, out: str = "made") -> tuple[int, Path]:
    folder = tmp_path / out
    code = main(["simulate-towns", "--seed", "5", *FEW, "--out", str(folder), *arguments])
    return code, folder


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "card.yaml"
    }


def card_of(folder: Path) -> Any:
    return yaml.safe_load((folder / "card.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("records", ["annual", "orders"])
def test_same_seed_same_bytes_and_the_card_names_them(tmp_path: Path, records: str) -> None:
    _, one = run(tmp_path, "--records", records, out="one")
    _, two = run(tmp_path, "--records", records, out="two")
    assert hashes(one) == hashes(two)
    card = card_of(one)
    listed = {file["file"]: file["sha256"] for file in card["files"]}
    truth = {"truth.yaml", "truth_cell.parquet"}
    assert listed == {name: sha for name, sha in hashes(one).items() if name not in truth}
    assert all((one / file["file"]).stat().st_size == file["bytes"] for file in card["files"])
    assert card["dataset"] == "one"
    assert card["simulation"]["truth_sha256"] == hashes(one)["truth.yaml"]


def test_everything_says_that_it_is_simulated(tmp_path: Path, capsys: Any) -> None:
    _, folder = run(tmp_path)
    assert "SIMULATED" in capsys.readouterr().out
    card = card_of(folder)
    assert card["simulated"] is True
    assert "SIMULATED" in card["title"]
    assert "SIMULATED" in card["note"]
    assert yaml.safe_load((folder / "truth.yaml").read_text())["simulated"] is True
    names = duckdb.sql(f"select name, county, province from '{folder / 'town.parquet'}'")
    assert all(text.startswith("Simulated") for row in names.fetchall() for text in row)


@pytest.mark.parametrize("records", ["annual", "orders"])
def test_files_have_the_columns_and_types_of_the_contracts(tmp_path: Path, records: str) -> None:
    _, folder = run(tmp_path, "--records", records)
    seen = set()
    for file in card_of(folder)["files"]:
        contract = file["contract"]
        rows = duckdb.sql(f"from '{folder / file['file']}'")
        if contract != "regime":
            found = ", ".join(
                f"{name} {str(kind).lower()}"
                for name, kind in zip(rows.columns, rows.types, strict=True)
            )
            assert found == data_set.COLUMNS[contract]
        assert len(rows) == file["rows"]
        seen.add(contract)
    yearly = {"annual": "seller_year", "orders": "order"}[records]
    assert seen == {"town", "seller", yearly, "certification", "regime"}


def test_orders_lie_in_the_file_of_their_month(tmp_path: Path) -> None:
    _, folder = run(tmp_path, "--records", "orders")
    files = sorted((folder / "order").glob("*.parquet"))
    assert [file.stem for file in files] == [
        f"{y}-{m:02}" for y in range(2012, 2016) for m in range(1, 13)
    ]
    for file in files[::7]:
        months = duckdb.sql(f"select distinct strftime(ordered_on, '%Y-%m') from '{file}'")
        assert months.fetchall() == [(file.stem,)]
    ids = duckdb.sql(f"select count(*), count(distinct order_id) from '{folder}/order/*.parquet'")
    total, distinct = ids.fetchall()[0]
    assert total == distinct


def test_by_threshold_the_list_is_left_to_the_rule(tmp_path: Path) -> None:
    _, folder = run(tmp_path, "--assignment", "threshold")
    card = card_of(folder)
    assert card["certification"] == "by_rule"
    assert not (folder / "certification.parquet").exists()
    shops = duckdb.sql(f"select min_active_shops from '{folder / 'certification_regime.csv'}'")
    assert shops.fetchall() == [(None,), (2,), (2,)]  # 40 shops, scaled from 40 to 2 sellers


def test_a_folder_that_exists_is_left_alone(tmp_path: Path, capsys: Any) -> None:
    _, folder = run(tmp_path)
    before = hashes(folder)
    code, _ = run(tmp_path, "--towns", "31")
    assert code == 1
    assert hashes(folder) == before
    assert "is there already" in capsys.readouterr().err


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: Any) -> None:
    def fails(*_: Any) -> str:
        raise OSError("no space left on device")

    monkeypatch.setattr(data_set, "_card", fails)
    with pytest.raises(OSError, match="no space"):
        run(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--towns", "0"], 2),
        (["--out", "Not A Name"], 1),
        (["--towns", "1", "--out", "nobody_certified"], 1),
    ],
)
def test_what_cannot_be_made_is_refused(
    tmp_path: Path, monkeypatch: Any, capsys: Any, arguments: list[str], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["simulate-towns", "--seed", "1", *arguments]) == code
    assert capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_default_folder_is_in_landing(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("YEARBOOK_HOME", str(tmp_path))
    assert main(["simulate-towns", "--seed", "5", *FEW]) == 0
    assert (tmp_path / "landing/towns/simulated_5/card.yaml").exists()
    assert main(["simulate-towns", "--seed", "5", *FEW, "--dataset", "other"]) == 0
    assert card_of(tmp_path / "landing/towns/other")["dataset"] == "other"


SHIPPED = Path(__file__).parents[3] / "landing/towns/simulated_2026"


def test_the_shipped_data_set_is_what_its_seed_gives(tmp_path: Path) -> None:
    """So that its truth is that of the simulation as it stands; small, and large enough."""
    made = tmp_path / "simulated_2026"
    assert main(["simulate-towns", "--seed", "2026", "--out", str(made)]) == 0
    for file in card_of(SHIPPED)["files"]:
        shipped, again = (
            duckdb.sql(f"from '{folder / file['file']}'").fetchall() for folder in (SHIPPED, made)
        )
        assert shipped == again
    simulation = card_of(SHIPPED)["simulation"]
    assert simulation["towns"] >= 500
    assert simulation["last_year"] - simulation["first_year"] + 1 >= 9
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 2_000_000
