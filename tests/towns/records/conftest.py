"""A tiny data set of sales records, written into a landing folder of its own.

Belongs here: records small enough to reckon by hand, and a few hundred random ones. Not here: the
simulation (`yearbook simulate-towns`), which has truths.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml

from assets.towns.records.contracts import CONTRACTS
from assets.towns.records.dataset_intake import read_datasets
from assets.towns.records.dataset_survey import datasets_before, survey_datasets
from assets.towns.records.dataset_writing import write_datasets
from assets.towns.records.disclosing.disclosure import AreaYear, disclosure_rows
from assets.towns.records.disclosing.published_periods import standing_rows
from assets.towns.records.kept_sums import write_kept_sums
from assets.towns.records.order_year_view import write_order_year
from assets.towns.records.record_rows import AreaDisclosureRow
from assets.warehouse.connection import kept_open
from assets.warehouse.home import Home
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from assets.warehouse.tables.row import as_frame
from orchestration.sql_models import load_models

Records = dict[str, pd.DataFrame]


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """What writes all files: to start one takes longer than most of them."""
    return duckdb.connect()


def write_records(path: Path, contract: str, frame: pd.DataFrame) -> None:
    """One file with the columns and types of the contract."""
    columns = ", ".join(
        f'cast("{c.name}" as {c.type}) as "{c.name}"' for c in CONTRACTS[contract].columns
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with _database().cursor() as connection:
        connection.register("records", frame)
        kind = "format csv, header" if path.suffix == ".csv" else "format parquet"
        connection.execute(f"copy (select {columns} from records) to '{path}' ({kind})")


@dataclass
class DatasetFolder:
    """A folder `landing/towns/<dataset>` and its card."""

    home: Home
    name: str = "made_up"
    certification: str = "by_rule"
    files: list[dict[str, Any]] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.home.landing / "towns" / self.name

    def put(self, contract: str, frame: pd.DataFrame, file: str | None = None) -> None:
        """Write a file and list it; the card is written by `sign`."""
        name = file or f"{contract}.parquet"
        write_records(self.path / name, contract, frame)
        self.files = [one for one in self.files if one["file"] != name]
        self.files.append({"contract": contract, "file": name, "rows": len(frame)})

    def sign(self, **changes: Any) -> None:
        """Write the card with the hashes of the files as they lie there."""
        for one in self.files:
            content = (self.path / one["file"]).read_bytes()
            one.update(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
        card = {
            "dataset": self.name,
            "title": "Made-up sellers",
            "publisher": "The tests",
            "accessed_on": date(2026, 11, 22),
            "licence": "free",
            "simulated": True,
            "simulation": {"seed": 1},
            "certification": self.certification,
            "files": self.files,
            **changes,
        }
        text = yaml.safe_dump(card, allow_unicode=True, sort_keys=False)
        (self.path / "card.yaml").write_text(text, encoding="utf-8")

    def put_all(self, records: Records) -> None:
        """Write every file and sign."""
        for contract, frame in records.items():
            self.put(contract, frame)
        self.sign()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with kept_open():  # as a refresh has it
        yield Home(tmp_path / "home").prepare()


@pytest.fixture
def folder(home: Home) -> DatasetFolder:
    return DatasetFolder(home)


def towns(number: int, per_county: int = 3, per_province: int = 9) -> pd.DataFrame:
    """Towns T000, T001, ...; every second county is poor, every seventh a sub-district."""
    ids = np.arange(number)
    return pd.DataFrame(
        {
            "town_id": [f"T{i:03d}" for i in ids],
            "name": [f"Town {i}" for i in ids],
            "county": [f"County {i // per_county}" for i in ids],
            "prefecture": [f"Prefecture {i // per_province}" for i in ids],
            "province": [f"Province {i // per_province}" for i in ids],
            "longitude_deg": 100.0 + 0.1 * ids,
            "latitude_deg": 30.0 + 0.05 * ids,
            "baseline_gdp_per_head_cny": 20000.0 + 100 * ids,
            "is_poverty_county": ids // per_county % 2 == 0,
            "is_ethnic_autonomous": False,
            "is_subdistrict": ids % 7 == 6,
        }
    )


def random_records(seed: int, number: int = 12, sellers: int = 14) -> Records:
    """Towns with 1 to 2 x `sellers` sellers over 2015-2018; some open late, some leave."""
    rng = np.random.default_rng(seed)
    town = towns(number)
    of_town = np.repeat(town["town_id"].to_numpy(), rng.integers(1, 2 * sellers, number))
    n = len(of_town)
    opened = rng.choice(np.arange(2012, 2019), n, p=[0.3, 0.2, 0.2] + [0.075] * 4)
    left = np.where(rng.random(n) < 0.15, opened + rng.integers(0, 5, n), 9999)
    village = rng.integers(0, 4, n)
    gender = rng.choice(["female", "male", "unknown"], n, p=[0.4, 0.57, 0.03])
    seller = pd.DataFrame(
        {
            "seller_id": 700_000 + rng.permutation(n),
            "town_id": of_town,
            "village": np.where(village == 0, None, [f"Village {v}" for v in village]),
            "gender": np.where(gender == "unknown", None, gender),
            "birth_year": opened - rng.integers(18, 60, n),
            "opened_on": [date(int(year), 1 + i % 12, 3) for i, year in enumerate(opened)],
        }
    )
    rows = []
    for i in range(n):
        size = rng.normal(10, 1.5)
        for year in range(max(2015, opened[i]), min(2018, left[i]) + 1):
            sold = rng.random() > 0.05
            sales = round(float(np.exp(size + rng.normal(0, 0.3))), 2) * sold
            rows.append((seller["seller_id"][i], year, sales, max(1, int(sales // 90)) * sold))
    annual = pd.DataFrame(rows, columns=["seller_id", "year", "sales_cny", "orders"])
    return {"town": town, "seller": seller, "seller_year": annual}


shipped_models = lru_cache(maxsize=1)(load_models)  # parsing takes longer than running them


@kept_open()  # as a refresh has it
def build(home: Home) -> Store:
    """The working file after a refresh of `landing/towns`, without Dagster."""
    store = Store(home.working)
    waiting = survey_datasets(home, datasets_before(home, store)).pending
    intake = read_datasets(home, waiting, lambda line: None, "code")
    assert not intake.refused, intake.refused[0].message
    write_datasets(home, store, intake)
    write_order_year(home, store)
    write_kept_sums(home, store, lambda line: None)
    models = [model for model in shipped_models() if model.name.startswith(("micro.", "towns."))]
    shown = {"micro.area_shown", *(m.name for m in models if m.name.startswith("towns."))}
    for model in sorted(models, key=lambda model: model.name in shown):  # else in their order
        if model.name == "micro.area_shown":
            figures = store.read(AreaYear, query_text("towns/area_year"))
            rows = disclosure_rows(figures, standing_rows(home, store))
            store.replace(AreaDisclosureRow.table, as_frame(AreaDisclosureRow, rows))
        with store.transaction() as writes:
            model.write(writes)
    return store


@pytest.fixture(scope="session")
def build_store() -> Callable[[Home], Store]:
    return build


@pytest.fixture(scope="session")
def dataset_folder() -> type[DatasetFolder]:
    return DatasetFolder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """81 towns in 27 counties and 9 provinces, some 25 sellers each, with all their tables."""
    home = Home(tmp_path_factory.mktemp("built")).prepare()
    DatasetFolder(home).put_all(random_records(2, 81, 25))
    return build(home)


@pytest.fixture(scope="session")
def make_records() -> Callable[..., Records]:
    return random_records


@pytest.fixture(scope="session")
def make_towns() -> Callable[..., pd.DataFrame]:
    return towns
