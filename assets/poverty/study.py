"""What a study is: regions, years, samples, inputs of the indices, and the model to fit.

Belongs here: the definition of a study and its checks, as read from one YAML file, and the rows
that tell the SQL models what to derive. Not here: figures, formulas (those are in `sql/`), fits.
"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from assets.extracts.registry import indicators, regions
from assets.poverty.tables import STUDY_INPUT, STUDY_SAMPLE, STUDY_VARIABLE
from assets.warehouse.table import as_frame

if TYPE_CHECKING:
    import pandas as pd

STUDY_FOLDER = Path(__file__).parent / "studies"

IndexId = Literal["PI", "AIG", "IM", "CEI", "aEDI", "EG"]
InputRole = Literal[
    "poor_persons",
    "persons_counted",
    "agricultural_income",
    "agricultural_income_share",
    "ecommerce_transaction_value",
    "gross_product",
    "online_shopping_consumption",
    "population_year_end",
    "disposable_income_per_head",
    "reported_PI",
    "reported_AIG",
    "reported_IM",
    "reported_CEI",
    "reported_aEDI",
    "reported_EG",
]
RidgeConvention = Literal["spss", "lmridge", "mass", "glmnet"]


class StudyError(Exception):
    """A study file that cannot be used; the message names the file and every field at fault."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Years(_Strict):
    """First and last reference year, both included."""

    first: int
    last: int

    @model_validator(mode="after")
    def _in_order(self) -> "Years":
        if self.first > self.last:
            raise ValueError(f"first year {self.first} is after last year {self.last}")
        return self


class Sample(_Strict):
    """Which print of each figure to take.

    choose: `first_printed` (earliest edition), `latest` (latest published edition), `as_of` (latest
    among editions up to `edition`), or `source` (one named source, the only way to recovered data).
    """

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    choose: Literal["first_printed", "latest", "as_of", "source"]
    source: str | None = None
    edition: int | None = None

    @model_validator(mode="after")
    def _named(self) -> "Sample":
        if (self.choose == "source") != (self.source is not None):
            raise ValueError("`source` is given with `choose: source`, and only then")
        if (self.choose == "as_of") != (self.edition is not None):
            raise ValueError("`edition` is given with `choose: as_of`, and only then")
        return self


class Ridge(_Strict):
    """Ridge constant K, on the scale that the named convention uses."""

    k: float = Field(ge=0, allow_inf_nan=False)
    convention: RidgeConvention = "spss"


class Model(_Strict):
    """Dependent variable, regressors, ridge constant and levels of significance."""

    dependent: IndexId
    regressors: tuple[IndexId, ...] = Field(min_length=1)
    ridge: Ridge
    significance_levels: tuple[float, float, float] = (0.01, 0.05, 0.10)

    @model_validator(mode="after")
    def _distinct(self) -> "Model":
        variables = (self.dependent, *self.regressors)
        if len(set(variables)) < len(variables):
            raise ValueError(f"a variable stands twice in the model: {', '.join(variables)}")
        if list(self.significance_levels) != sorted(self.significance_levels):
            raise ValueError("significance_levels run from the strictest to the mildest")
        if not all(0 < level < 1 for level in self.significance_levels):
            raise ValueError("significance_levels are shares between 0 and 1: 0.05 for 5 %")
        return self


class Printed(_Strict):
    """The paper whose printed tables the fit is compared with."""

    source: str


def _spelled_out(stated: object) -> object:
    """`regions: provinces` stands for every region below the nation."""
    if stated == "provinces":
        return tuple(code for code, region in regions().items() if not region.is_nation)
    return stated


def _require_region(region: str) -> None:
    if region not in regions():
        raise ValueError(f"'{region}' is no region of assets/extracts/regions.yaml")


class Study(_Strict):
    """One study, as written in `assets/poverty/studies/<study>.yaml`."""

    study: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    regions: Annotated[tuple[str, ...] | None, BeforeValidator(_spelled_out)] = None
    region: str | None = Field(default=None, validate_default=True)
    years: Years
    samples: tuple[Sample, ...] = Field(min_length=1)
    indices: tuple[IndexId, ...] = Field(min_length=1)
    inputs: dict[InputRole, str]
    model: Model | None = None
    printed: Printed | None = None
    notes: tuple[str, ...] = ()

    @field_validator("regions")
    @classmethod
    def _known_regions(cls, several: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if several is not None and len(several) < 2:
            raise ValueError("at least two regions; a study of one has `region: CN-GS` instead")
        if several is not None and len(set(several)) < len(several):
            raise ValueError(f"a region stands twice: {', '.join(several)}")
        for region in several or ():
            _require_region(region)
        return several

    @field_validator("region")
    @classmethod
    def _known_region(cls, region: str | None, info: ValidationInfo) -> str | None:
        several = info.data.get("regions", "not valid")
        if region is None and several is None:
            raise ValueError("Field required: `region: CN-GS`, or `regions:` with several")
        if region is not None and several not in (None, "not valid"):
            raise ValueError("`region` and `regions` are both given; keep one of them")
        if region is not None:
            _require_region(region)
        return region

    @field_validator("inputs")
    @classmethod
    def _known_indicators(cls, inputs: dict[InputRole, str]) -> dict[InputRole, str]:
        unknown = sorted(set(inputs.values()) - set(indicators()))
        if unknown:
            raise ValueError(
                f"no indicator of assets/extracts/indicators.yaml: {', '.join(unknown)}"
            )
        return inputs

    @model_validator(mode="after")
    def _consistent(self) -> "Study":
        names = [sample.name for sample in self.samples]
        if len(set(names)) < len(names):
            raise ValueError(f"two samples share a name: {', '.join(names)}")
        if len(set(self.indices)) < len(self.indices):
            raise ValueError(f"an index stands twice: {', '.join(self.indices)}")
        missing = [name for name in self.variables if name not in self.indices]
        if self.printed is not None and len(self.places) > 1:
            raise ValueError("`printed` compares one region with a paper; `regions` names several")
        if missing:
            raise ValueError(f"model variables not among `indices`: {', '.join(missing)}")
        return self

    @property
    def places(self) -> tuple[str, ...]:
        """ISO codes of the regions, each of which is a sample of its own."""
        return self.regions or (() if self.region is None else (self.region,))

    @property
    def variables(self) -> tuple[IndexId, ...]:
        """Dependent variable first, then the regressors; empty for a study without a model."""
        return () if self.model is None else (self.model.dependent, *self.model.regressors)


def load_study(path: Path) -> Study:
    """Read one study file; raises StudyError naming the file and every field at fault."""
    try:
        study = Study.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StudyError(f"{path.name}: not readable as YAML: {error}") from error
    except ValidationError as error:
        faults = "\n".join(
            f"  {'.'.join(str(part) for part in fault['loc']) or 'study'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise StudyError(
            f"{path.name}: {error.error_count()} field(s) to correct:\n{faults}"
        ) from error
    if study.study != path.stem:
        raise StudyError(
            f"{path.name}: `study: {study.study}` must be the file's name, {path.stem}"
        )
    return study


def load_studies(folder: Path = STUDY_FOLDER) -> tuple[Study, ...]:
    """Read every study in the folder, ordered by name; raises StudyError naming every bad file."""
    studies: list[Study] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            studies.append(load_study(path))
        except StudyError as error:
            faults.append(str(error))
    if faults:
        raise StudyError("\n".join(faults))
    return tuple(studies)


def _sample_rows(study: Study) -> Iterator[tuple[object, ...]]:
    for region, (order, sample) in product(study.places, enumerate(study.samples, start=1)):
        yield (
            *(study.study, region, sample.name, order, study.title),
            *(study.years.first, study.years.last, sample.choose, sample.source, sample.edition),
        )


def _variable_rows(study: Study) -> Iterator[tuple[object, ...]]:
    for order, index_id in enumerate(study.indices, start=1):
        place = study.variables.index(index_id) if index_id in study.variables else None
        role = "index" if place is None else ("dependent" if place == 0 else "regressor")
        yield study.study, index_id, role, order if place is None else place


def study_frames(studies: tuple[Study, ...]) -> dict[str, "pd.DataFrame"]:
    """Rows of `study.sample`, `study.input` and `study.variable`, keyed by table name."""
    return {
        STUDY_SAMPLE.name: as_frame(
            STUDY_SAMPLE, [row for study in studies for row in _sample_rows(study)]
        ),
        STUDY_INPUT.name: as_frame(
            STUDY_INPUT,
            [
                (study.study, role, indicator)
                for study in studies
                for role, indicator in study.inputs.items()
            ],
        ),
        STUDY_VARIABLE.name: as_frame(
            STUDY_VARIABLE, [row for study in studies for row in _variable_rows(study)]
        ),
    }
