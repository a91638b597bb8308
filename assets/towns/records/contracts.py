"""The record contracts of the town study: which columns each kind of file has, as data.

Belongs here: names, types, keys and conditions that records must meet. Not here: reading files
(`verifying/`), plausibility (`expectations/`).

Contracts are data and no row classes: they declare files that others make, which DuckDB reads and
checks by the million, and no record of them is ever an object here. The tables of lists take their
columns from them (`record_rows.py`).
"""

from dataclasses import dataclass

from assets.warehouse.tables.table import Column

# How a file may be called that a data set's card lists.
FILE_PATTERN = r"^(?:[\w-]+/)?[\w-]+\.(?:parquet|csv)$"


@dataclass(frozen=True, slots=True)
class Condition:
    """What every value of a column must satisfy, as SQL over the column's name."""

    column: str
    sql: str
    expected: str  # the same in words


@dataclass(frozen=True, slots=True)
class Contract:
    """One kind of record. `refers`: columns whose values must stand in another contract's key."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    refers: tuple[tuple[str, str], ...] = ()  # (column, contract with the same column)
    may_be_csv: bool = False  # short lists; sellers' records are Parquet only


_TOWN_ID = Column("town_id", "VARCHAR", "Town, unique within its data set")
_SELLER_ID = Column("seller_id", "BIGINT", "Seller, unique within its data set")
_YEAR = Column("year", "INTEGER", "Calendar year")
_IN_TOWN = (("town_id", "town"),)
_BY_SELLER = (("seller_id", "seller"),)


def _finite(*columns: str) -> tuple[Condition, ...]:
    return tuple(Condition(name, f"isfinite({name})", "a finite number") for name in columns)


TOWN = Contract(
    "town",
    "one row per town",
    (
        _TOWN_ID,
        Column("name", "VARCHAR", "Name of the town"),
        Column("county", "VARCHAR", "County or district it belongs to"),
        Column("prefecture", "VARCHAR", "Prefecture it belongs to"),
        Column("province", "VARCHAR", "Province it belongs to"),
        Column("longitude_deg", "DOUBLE", "Longitude of its centre, degrees east"),
        Column("latitude_deg", "DOUBLE", "Latitude of its centre, degrees north"),
        Column("baseline_gdp_per_head_cny", "DOUBLE", "GDP per head before the study, yuan"),
        Column("is_poverty_county", "BOOLEAN", "Whether its county is a national poverty county"),
        Column("is_ethnic_autonomous", "BOOLEAN", "Whether it lies in an ethnic autonomous area"),
        Column("is_subdistrict", "BOOLEAN", "Whether it is a sub-district, not a town or township"),
    ),
    ("town_id",),
    (
        *_finite("longitude_deg", "latitude_deg", "baseline_gdp_per_head_cny"),
        # counties are told apart by province/prefecture/county
        *(
            Condition(name, f"not contains({name}, '/')", "a name without /")
            for name in ("county", "prefecture", "province")
        ),
    ),
    may_be_csv=True,
)
SELLER = Contract(
    "seller",
    "one row per seller",
    (
        _SELLER_ID,
        _TOWN_ID,
        Column("village", "VARCHAR", "Village within the town, where known", nullable=True),
        Column("gender", "VARCHAR", "female or male, where known", nullable=True),
        Column("birth_year", "INTEGER", "Year of birth, where known", nullable=True),
        Column("opened_on", "DATE", "Day the shop was opened"),
    ),
    ("seller_id",),
    (Condition("gender", "gender in ('female', 'male')", "female, male or nothing"),),
    _IN_TOWN,
)
SELLER_YEAR = Contract(
    "seller_year",
    "one row per seller and year in which the shop is open",
    (
        _SELLER_ID,
        _YEAR,
        Column("sales_cny", "DOUBLE", "Sales of the year, returns taken off, yuan"),
        Column("orders", "BIGINT", "Completed orders of the year"),
    ),
    ("seller_id", "year"),
    (
        Condition("sales_cny", "isfinite(sales_cny) and sales_cny >= 0", "zero yuan or more"),
        Condition("orders", "orders >= 0", "zero orders or more"),
    ),
    _BY_SELLER,
)
ORDER = Contract(
    "order",
    "one row per order",
    (
        Column("order_id", "BIGINT", "Order, unique within its data set"),
        _SELLER_ID,
        Column("ordered_on", "DATE", "Day of the order"),
        Column("amount_cny", "DOUBLE", "Amount of the order, yuan"),
        Column("status", "VARCHAR", "completed, returned or cancelled"),
    ),
    ("order_id",),
    (
        Condition(
            "amount_cny",
            "isfinite(amount_cny) and amount_cny > 0 and amount_cny < 1e9",
            "more than zero yuan and less than 10^9",
        ),
        Condition(
            "status",
            "status in ('completed', 'returned', 'cancelled')",
            "completed, returned or cancelled",
        ),
    ),
    _BY_SELLER,
)
CERTIFICATION = Contract(
    "certification",
    "one row per town and year in which it is on the list",
    (_TOWN_ID, _YEAR),
    ("town_id", "year"),
    (),
    _IN_TOWN,
    may_be_csv=True,
)
TAOBAO_VILLAGE = Contract(
    "taobao_village",
    "one row per village and year in which it is a Taobao village",
    (_TOWN_ID, Column("village", "VARCHAR", "Village within the town"), _YEAR),
    ("town_id", "village", "year"),
    (),
    _IN_TOWN,
    may_be_csv=True,
)
REGIME = Contract(
    "regime",
    "one row per period with one certification rule",
    (
        Column("from_year", "INTEGER", "First year of the rule"),
        Column("to_year", "INTEGER", "Last year of the rule; none while it is in force", True),
        Column("min_villages", "INTEGER", "Taobao villages that make a Taobao town", True),
        Column("min_sales_cny", "DOUBLE", "Or: total sales above this, yuan a year", True),
        Column("min_active_shops", "INTEGER", "with more active shops than this", True),
        Column("subdistricts_count", "BOOLEAN", "Whether sub-districts can be Taobao towns"),
        Column("village_min_sales_cny", "DOUBLE", "Sales of a Taobao village, at least, yuan"),
        Column("village_min_active_shops", "INTEGER", "Its active shops, at least"),
    ),
    ("from_year",),
    (
        Condition("to_year", "to_year >= from_year", "a year not before from_year"),
        Condition("min_sales_cny", "isfinite(min_sales_cny)", "a finite number"),
        *_finite("village_min_sales_cny"),
    ),
    may_be_csv=True,
)

CONTRACTS = {
    contract.name: contract
    for contract in (TOWN, SELLER, SELLER_YEAR, ORDER, CERTIFICATION, TAOBAO_VILLAGE, REGIME)
}
