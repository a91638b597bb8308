"""Cards of data sets: what lies in `landing/towns/<dataset>/`, and where it comes from.

Belongs here: the card's contract and reading it. Not here: the records (`verifying/`).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from assets.extracts.cards.content import parse_card
from assets.extracts.cards.loaded_card import invalid_card
from assets.extracts.errors import DocumentError
from assets.extracts.landed.survey import TOWN_STUDY_FOLDER
from assets.extracts.written.landing_files import CARD_NAME
from assets.extracts.written.strict_model import StrictModel
from assets.towns.records.contracts import CONTRACTS, FILE_PATTERN, ORDER

Text = Annotated[str, Field(min_length=1)]
ContractName = Literal[
    "town", "seller", "seller_year", "order", "certification", "taobao_village", "regime"
]


class DatasetFile(StrictModel):
    """One file of records and what makes it that file."""

    contract: ContractName
    file: Annotated[str, Field(pattern=FILE_PATTERN)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(gt=0)]
    rows: Annotated[int, Field(gt=0)]


class DatasetCard(StrictModel):
    """One data set, as its card states it.

    certification: `listed` where the file of that contract says which towns were certified,
    `by_rule` where the rules of the `regime` file, or the real ones, decide it from the sales.
    cluster: units that are taken as independent of each other, when errors are computed.
    engine: what adds up sellers' records to towns by years. spark: the address of Spark Connect,
    `sc://host:15002`, with `/;use_ssl=true` behind it for TLS; a token stands in no card.
    """

    dataset: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    title: Text
    publisher: Text
    url: Text | None = None
    published_on: date | None = None
    accessed_on: date
    licence: Text
    note: Text | None = None
    simulated: bool
    simulation: dict[str, Any] | None = None
    certification: Literal["listed", "by_rule"]
    cluster: Literal["town", "county", "prefecture", "province"] = "town"
    engine: Literal["duckdb", "spark"] = "duckdb"
    spark: Annotated[str, Field(pattern=r"^sc://[^\s/;@]+(?:/;use_ssl=true|/)?$")] | None = None
    files: Annotated[tuple[DatasetFile, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _is_whole(self) -> "DatasetCard":
        if problems := list(_problems(self)):
            raise ValueError("; ".join(problems))
        return self

    def files_of(self, contract: str) -> tuple[DatasetFile, ...]:
        """The files of one contract, in the card's order."""
        return tuple(file for file in self.files if file.contract == contract)


def _problems(card: DatasetCard) -> Iterator[str]:
    if card.simulated != (card.simulation is not None):
        yield "simulation states the seed where simulated is true, and stands only there"
    count: Counter[str] = Counter(file.contract for file in card.files)
    if (card.engine == "spark") != (card.spark is not None):
        yield "spark states the address (sc://host:15002) where engine is spark, and only there"
    for name in ("town", "seller"):
        if count[name] != 1:
            yield f"files lists {count[name]} of contract {name}, exactly one is needed"
    if not count["seller_year"] and not count["order"]:
        yield "files lists neither seller_year nor order: there are no sales"
    if (card.certification == "listed") != bool(count["certification"]):
        yield "a certification file belongs to certification: listed, and must stand there"
    for name in ("certification", "taobao_village", "regime"):
        if count[name] > 1:
            yield f"files lists {count[name]} of contract {name}, at most one is read"
    for file, times in Counter(file.file for file in card.files).items():
        if times > 1:
            yield f"files lists {file} twice"
    for each in card.files:
        if each.file.endswith(".csv") and not CONTRACTS[each.contract].may_be_csv:
            yield f"{each.file}: records of contract {each.contract} are Parquet"
        if "/" in each.file and each.contract != ORDER.name:
            yield f"{each.file}: only files of contract order lie in a folder of their own"


def read_dataset_card(folder: Path) -> DatasetCard:
    """Read and check the card of a data set folder; no file of records is touched.

    Raises DocumentError naming the card and every field that is wrong.
    """
    name = f"landing/{TOWN_STUDY_FOLDER}/{folder.name}/{CARD_NAME}"
    try:
        card = DatasetCard.model_validate(parse_card(folder / CARD_NAME, name))
    except ValidationError as error:
        raise invalid_card(name, error) from error
    if card.dataset != folder.name:
        raise DocumentError(
            name,
            field="dataset",
            found=f"the card says '{card.dataset}', its folder is called '{folder.name}'",
            expected="the name of the folder",
            advice="Rename the folder or correct the card.",
        )
    return card
