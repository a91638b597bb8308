"""The tables that the data sets of the town study fill: `raw.*`, and what may be shown of sellers.

Belongs here: their rows, the names of the views of sellers' records, and what each view selects of
a data set. Not here: writing these views (`dataset_writing.py`), results (`study/result_rows.py`),
and tables that SQL models make.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from assets.towns.records.contracts import (
    CERTIFICATION,
    ORDER,
    REGIME,
    SELLER,
    SELLER_YEAR,
    TAOBAO_VILLAGE,
    TOWN,
    Contract,
)
from assets.warehouse.tables.row import Before, DuckType, Row
from assets.warehouse.tables.table import Column, Table
from assets.warehouse.texts.spelled import literal, quoted

DATASET = Column("dataset", "VARCHAR", "Data set: its folder under landing/towns/")
BIGINT = DuckType("BIGINT")
DatasetName = Annotated[str, DATASET.comment]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDataset(Row):
    """Rows about one data set."""

    dataset: DatasetName


@dataclass(frozen=True, slots=True, kw_only=True)
class TownDatasetRow(
    OfDataset,
    table="raw.town_dataset",
    grain="One row per data set of the town study",
    key=("dataset",),
):
    """What each data set is, who made it, and whether a simulation did."""

    title: Annotated[str, "Title of the data set"]
    publisher: Annotated[str, "Who published it"]
    url: Annotated[str | None, "Where it was found"]
    published_on: Annotated[date | None, "Day of publication"]
    accessed_on: Annotated[date, "Day it was fetched or made"]
    licence: Annotated[str, "Terms under which it may be used"]
    note: Annotated[str | None, "What the card notes"]
    simulated: Annotated[bool, "True where a simulation made the records: no real sellers"]
    simulation: Annotated[str | None, "What simulated it, as JSON"]
    certification: Annotated[str, "listed or by_rule"]
    cluster: Annotated[
        str, "Units that errors are clustered by: town, county, ...", Before("'town'")
    ]
    engine: Annotated[str, "What adds up its records: duckdb or spark", Before("'duckdb'")]
    content_sha256: Annotated[str, "SHA-256 over the card and the hash of each file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownFileRow(
    OfDataset,
    table="raw.town_file",
    grain="One row per file of a data set of the town study",
    key=("dataset", "file"),
):
    """Which bytes the records of a data set were read from."""

    file: Annotated[str, "File, path within the data set"]
    contract: Annotated[str, "Record contract: town, seller, order, ..."]
    sha256: Annotated[str, "SHA-256 of the file's bytes, hexadecimal"]
    bytes: Annotated[int, "Size of the file, bytes", BIGINT]
    rows: Annotated[int, "Records in the file", BIGINT]


# Sellers' records, by contract: views over the kept Parquet files, never published.
RECORD_VIEWS = {
    SELLER.name: "micro.seller",
    SELLER_YEAR.name: "micro.annual_record",
    ORDER.name: "micro.order_record",
}


def records_select(dataset: str, contract: Contract, paths: Iterable[Path]) -> str:
    """A SELECT of the records in verified Parquet files, with the name of their data set."""
    names = ", ".join(quoted(column.name) for column in contract.columns)
    files = ", ".join(literal(path) for path in paths)
    return f"select {literal(dataset)} as dataset, {names} from read_parquet([{files}])"


# Sums of orders by seller and year: a view over files that intake keeps beside the orders.
ORDER_YEAR = Table(
    "micro.order_year",
    "one row per seller and year with an order, by data set",
    (
        DATASET,
        *SELLER_YEAR.columns[:2],  # seller_id, year
        Column("records", "BIGINT", "Orders of any status"),
        Column("not_before", "DATE", "No order is older; a first one may have gone since"),
        Column("orders", "BIGINT", "Completed orders"),
        Column("sales_coarse", "BIGINT", "What was paid for these, in 2^-17 yuan"),
        Column("sales_fine", "BIGINT", "The rest of it, in 2^-53 yuan"),
    ),
    (),
)


def _of_contract(name: str, contract: Contract, what: str) -> Table:
    return Table(
        name,
        f"{contract.grain[:1].upper()}{contract.grain[1:]}, by data set; {what}",
        (DATASET, *contract.columns),
        ("dataset", *contract.key),
    )


# Contracts whose records are no seller's: they go into published tables as they are.
LIST_TABLES = {
    TOWN.name: _of_contract("raw.town", TOWN, "towns of the study"),
    CERTIFICATION.name: _of_contract(
        "raw.town_certification_list", CERTIFICATION, "where lists say which towns were certified"
    ),
    TAOBAO_VILLAGE.name: _of_contract(
        "raw.taobao_village", TAOBAO_VILLAGE, "where lists say which villages qualified"
    ),
    REGIME.name: _of_contract(
        "raw.town_certification_regime", REGIME, "the data set's own rules, else the real ones"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaDisclosureRow(
    OfDataset,
    table="micro.area_disclosure",
    grain="One row per data set, level, area, year and seller_group; private",
    key=("dataset", "level", "area", "year", "seller_group"),
):
    """What is shown of each total so that no seller shows; the models of `sql/towns` keep to it."""

    level: Annotated[str, "town, county or province"]
    area: Annotated[str, "Area, as in micro.area_year"]
    year: Annotated[int, "Calendar year"]
    seller_group: Annotated[str, "all, female, male, gender_unknown, young or not_young"]
    sellers: Annotated[int | None, "Shops open in the year; null where withheld", BIGINT]
    sales_cny: Annotated[float | None, "Their sales, yuan; null where withheld"]
    orders: Annotated[int | None, "Their completed orders; null where withheld", BIGINT]
    is_published: Annotated[bool, "Whether the figures may be shown"]
    reason: Annotated[str | None, "Why they are withheld (disclosure.Reason); null where shown"]
    is_standing: Annotated[bool, "True where they stand as the last release shows them"]


TOWN_TABLES = (TownDatasetRow.table, TownFileRow.table, *LIST_TABLES.values())
