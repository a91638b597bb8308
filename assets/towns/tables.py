"""The warehouse tables that data sets of the town study fill: `raw.*`, published.

Belongs here: their columns. Not here: sellers' records, which stay in schema `micro` (`views.py`).
"""

from assets.towns.contracts import CERTIFICATION, REGIME, TAOBAO_VILLAGE, TOWN, Contract
from assets.warehouse.table import Column, Table

DATASET = Column("dataset", "VARCHAR", "Data set: its folder under landing/towns/")

TOWN_DATASET = Table(
    "raw.town_dataset",
    "One row per data set of the town study",
    (
        DATASET,
        Column("title", "VARCHAR", "Title of the data set"),
        Column("publisher", "VARCHAR", "Who published it"),
        Column("url", "VARCHAR", "Where it was found", nullable=True),
        Column("published_on", "DATE", "Day of publication", nullable=True),
        Column("accessed_on", "DATE", "Day it was fetched or made"),
        Column("licence", "VARCHAR", "Terms under which it may be used"),
        Column("note", "VARCHAR", "What the card notes", nullable=True),
        Column("simulated", "BOOLEAN", "True where a simulation made the records: no real sellers"),
        Column("simulation", "VARCHAR", "What simulated it, as JSON", nullable=True),
        Column("certification", "VARCHAR", "listed or by_rule"),
        Column("content_sha256", "VARCHAR", "SHA-256 over the card and the hash of each file"),
    ),
    ("dataset",),
)

TOWN_FILE = Table(
    "raw.town_file",
    "One row per file of a data set of the town study",
    (
        DATASET,
        Column("file", "VARCHAR", "File, path within the data set"),
        Column("contract", "VARCHAR", "Record contract: town, seller, order, ..."),
        Column("sha256", "VARCHAR", "SHA-256 of the file's bytes, hexadecimal"),
        Column("bytes", "BIGINT", "Size of the file, bytes"),
        Column("rows", "BIGINT", "Records in the file"),
    ),
    ("dataset", "file"),
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
AREA_DISCLOSURE = Table(
    "micro.area_disclosure",
    "One row per data set, level, area, year and seller_group; private",
    (
        DATASET,
        Column("level", "VARCHAR", "town, county or province"),
        Column("area", "VARCHAR", "Area, as in micro.area_year"),
        Column("year", "INTEGER", "Calendar year"),
        Column("seller_group", "VARCHAR", "all, female, male, gender_unknown, young or not_young"),
        Column("is_published", "BOOLEAN", "Whether the figures may be shown"),
    ),
    ("dataset", "level", "area", "year", "seller_group"),
)
TOWN_TABLES = (TOWN_DATASET, TOWN_FILE, *LIST_TABLES.values())
