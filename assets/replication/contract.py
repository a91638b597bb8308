"""What a folder says of a published study that is to be computed again: one YAML, no code.

Belongs here: the keys of `replication.yaml` and of `printed.csv`, and reading both. Not here:
estimators (steps.py), comparing (replicate.py), which folders there are (intake.py).

    replication: land_coupons           # a short name
    title: ...
    source: who published it, where
    data:
      counties: {file: counties.csv, sha256: ...}     # a row a unit and year; sha256 optional
      official: {document: nbs_province_annual/2026}  # or the figures of a document in landing/
    printed: {document: a_paper/2023, step: fit}      # optional: its tables of results
    steps:
      did: {estimator: callaway_santanna, data: counties, unit: county, year: year,
            outcome: ratio, first_treated: first_year, controls: not_yet}

Without `printed`, `printed.csv` beside it has a line for each printed number: table, cell, step,
term, statistic, printed, reason. step empty: no step computes it; reason: why, or why it differs,
where known.
"""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from assets.extracts.errors import DocumentError
from assets.extracts.written.strict_model import StrictModel, wrong_fields
from assets.extracts.written.yaml_file import read_yaml
from assets.papers.printed_verdict import judge_printed

if TYPE_CHECKING:
    import pandas as pd

CONTRACT_NAME, PRINTED_NAME = "replication.yaml", "printed.csv"
_COLUMNS = ("table", "cell", "step", "term", "statistic", "printed", "reason")
_MAX_BYTES = 50_000_000
Rows = dict[str, list[int | float | str]]  # column: values


_DocumentKey = Annotated[str, Field(pattern=r"^[a-z0-9_]+/[0-9]{4}$")]


class Data(StrictModel):
    """A CSV file of the study as it was published, or the figures of a document in `landing/`.

    A document gives a row for each region and year, and a column for each indicator.
    """

    file: str | None = None
    document: _DocumentKey | None = None
    sha256: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.file is None) == (self.document is None):
            raise ValueError("say either file or document")
        if self.file is not None and (
            Path(self.file).is_absolute() or ".." in Path(self.file).parts
        ):
            raise ValueError("the file must lie in the folder of the study")
        if self.document is not None and self.sha256 is not None:
            raise ValueError("the card of the document has its sha256")
        return self


class PrintedTables(StrictModel):
    """A document whose tables of results hold the printed numbers; one step computes them all."""

    document: _DocumentKey
    step: str


class Step(StrictModel):
    """Rows of a data file that an estimator takes. keep, drop: values of a column."""

    data: str
    keep: Rows = Field(default_factory=dict)
    drop: Rows = Field(default_factory=dict)


class Collinear(Step):
    """Descriptives, correlations, OLS, VIF and ridge; scaling: min_max as in He's paper."""

    estimator: Literal["ols_and_ridge"]
    dependent: str
    regressors: Annotated[list[str], Field(min_length=1)]
    ridge: Annotated[float, Field(ge=0)] = 0.0
    convention: Literal["spss", "lmridge"] = "spss"
    scaling: Literal["none", "min_max"] = "none"


class TwoWay(Step):
    """Least squares with unit and year effects, clustered by unit or another column."""

    estimator: Literal["two_way"]
    unit: str
    year: str
    outcome: str
    regressors: Annotated[list[str], Field(min_length=1)]
    cluster: str | None = None


class Staggered(Step):
    """A treatment that comes in different years and stays.

    first_treated: column of the first treated year, 0 or empty for never; treated: instead of it,
    a column that is 1 from that year on. averages: plain means of effects by event time, by name,
    such as {to_9: [0, 9]}.
    """

    estimator: Literal[
        "callaway_santanna",
        "sun_abraham",
        "two_way_event_study",
        "two_way_post",
        "imputation",
        "goodman_bacon",
        "synthetic_did",
        "synthetic_control",
        "difference_in_differences",
    ]
    unit: str
    year: str
    outcome: str
    first_treated: str | None = None
    treated: str | None = None
    controls: Literal["never", "not_yet"] = "never"
    averages: dict[str, Annotated[list[int], Field(min_length=2, max_length=2)]] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.first_treated is None) == (self.treated is None):
            raise ValueError("say either first_treated or treated")
        return self


class GroupPart(StrictModel):
    """One part of each unit: a mean per person, and persons."""

    mean: str
    persons: str


class TheilStep(Step):
    """Theil's T between units and within them, over the parts of each."""

    estimator: Literal["theil"]
    unit: str
    parts: Annotated[list[GroupPart], Field(min_length=1)]


AnyStep = Annotated[Collinear | TwoWay | Staggered | TheilStep, Field(discriminator="estimator")]


class Replication(StrictModel):
    """`replication.yaml`."""

    replication: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    title: str
    source: str
    data: dict[str, Data]
    printed: PrintedTables | None = None
    steps: dict[str, AnyStep]

    @property
    def documents(self) -> set[str]:
        """The documents in `landing/` that it names, as source/edition."""
        named = {each.document for each in self.data.values() if each.document is not None}
        return named if self.printed is None else {*named, self.printed.document}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNumber:
    """A number as it is printed, and what of which step answers it.

    other_term: column of a correlation table; document: where it stands, empty for `printed.csv`.
    """

    table: str
    cell: str
    step: str
    term: str
    other_term: str = ""
    statistic: str
    asked: tuple[str, str]  # term and statistic of the step
    printed: str
    reason: str = ""
    document: str = ""


def read_contract(folder: Path) -> Replication:
    """Read and check the YAML of a folder. Raises DocumentError naming every field at fault."""
    name = f"{folder.name}/{CONTRACT_NAME}"
    raw = read_yaml(
        folder / CONTRACT_NAME, name, dict, "See docs/new_study.md, A published study again."
    )
    try:
        contract = Replication.model_validate(raw)
    except ValidationError as error:
        raise wrong_fields(
            name, error, "a study as docs/new_study.md describes it", "Correct these fields."
        ) from error
    for step, each in contract.steps.items():
        if each.data not in contract.data:
            raise DocumentError(
                name,
                field=f"steps.{step}.data",
                found=f"'{each.data}' is none of the data files",
                expected=f"one of {', '.join(contract.data) or 'none is named'}",
                advice="Name the file under data.",
            )
    if contract.printed is not None and contract.printed.step not in contract.steps:
        raise DocumentError(
            name,
            field="printed.step",
            found=f"'{contract.printed.step}' is no step",
            expected=f"one of {', '.join(contract.steps)}",
            advice="Name the step that computes the printed numbers.",
        )
    return contract


def read_data(folder: Path, contract: Replication) -> dict[str, str]:
    """The texts of the data files, by name. Raises DocumentError for one that is not as it says."""
    texts = {}
    for name, each in contract.data.items():
        if each.file is None:
            continue
        path = folder / each.file
        place = f"{folder.name}/{each.file}"
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            raise DocumentError(
                place,
                found="there is no such file" if not path.is_file() else "it is above 50 MB",
                expected=f"the data file '{name}' of {CONTRACT_NAME}, CSV of at most 50 MB",
                advice="Put it there, or correct data in the YAML.",
            )
        content = path.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if each.sha256 not in (None, found):
            raise DocumentError(
                place,
                found=f"sha256 {found}",
                expected=f"sha256 {each.sha256}, as {CONTRACT_NAME} says",
                advice="Take the file that was published, or correct the YAML.",
            )
        try:
            texts[name] = content.decode("utf-8-sig")
            data_frame(texts[name])
        except ValueError as error:  # of decoding, too
            raise DocumentError(
                place,
                found=f"it cannot be read as CSV: {error}",
                expected="a header, and a row a line, in UTF-8",
                advice="Export it again.",
            ) from error
    return texts


def data_frame(text: str) -> "pd.DataFrame":
    """A data file as a frame. Raises ValueError."""
    import pandas as pd  # late: the command line looks at folders without reading any

    return pd.read_csv(io.StringIO(text))


def read_printed(folder: Path, contract: Replication) -> Sequence[PrintedNumber]:
    """The numbers of `printed.csv`; none where a document holds them.

    Raises DocumentError naming the line that is wrong.
    """
    place = f"{folder.name}/{PRINTED_NAME}"
    path = folder / PRINTED_NAME
    if contract.printed is not None:
        if path.exists():
            raise DocumentError(
                place,
                found=f"it is there, and {CONTRACT_NAME} names {contract.printed.document}",
                expected="the printed numbers in one place",
                advice="Take out the file, or printed in the YAML.",
            )
        return []
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    lines = list(csv.reader(io.StringIO(text)))
    if not lines or tuple(lines[0]) != _COLUMNS or len(lines) < 2:
        raise DocumentError(
            place,
            found="there is no such file" if not lines else f"the header is {','.join(lines[0])}",
            expected=f"the columns {','.join(_COLUMNS)}, and a line for each printed number",
            advice="Type the numbers of the paper's tables as they are printed.",
        )
    numbers = []
    for line, values in enumerate(lines[1:], start=2):
        said = dict(zip(_COLUMNS, values, strict=False))
        is_whole, step = len(values) == len(_COLUMNS), said.get("step")
        if not is_whole or (step and step not in contract.steps):
            raise DocumentError(
                place,
                found=f"line {line}: '{step}' is no step"
                if is_whole
                else f"line {line} has {len(values)} columns",
                expected=f"{len(_COLUMNS)} columns; as step one of {', '.join(contract.steps)}, or "
                "nothing where no step computes the number",
                advice="Correct the line.",
            )
        try:
            judge_printed(None, said["printed"])
        except ValueError as error:
            raise DocumentError(
                place,
                found=f"line {line}: {error}",
                expected="the number as it is printed, with its stars or brackets",
                advice="Compare the line with the paper.",
            ) from error
        numbers.append(PrintedNumber(**said, asked=(said["term"], said["statistic"])))
    return numbers
