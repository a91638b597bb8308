"""What a study is: regions, years, samples, inputs of the indices, and the model to fit.

Belongs here: the definition of a study and its checks, as read from one YAML file. Not here: the
rows that tell the SQL models what to derive (study_rows.py), figures, formulas (those are in
`sql/`), fits.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from assets.extracts.meaning.registry import indicators, regions, require_region
from assets.extracts.meaning.status import STATUSES, Status
from assets.extracts.meaning.units import unit_of
from assets.extracts.written.yaml_file import parse_yaml
from assets.poverty.study_files.errors import StudyError
from assets.poverty.study_files.formula import formula_indicators, require_unit
from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.regression.coefficient import CONSTANT
from assets.warehouse.texts.counted import counted

STUDY_FOLDER = Path(__file__).parents[1] / "studies"

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
    statuses: of the figures it takes. All but forecasts, unless it says so: an estimate is about a
    year that is over, and taken only where nothing better was printed.
    """

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    choose: Literal["first_printed", "latest", "as_of", "source"]
    source: str | None = None
    edition: int | None = None
    statuses: tuple[Status, ...] = Field(
        default=tuple(status for status in STATUSES if status != "forecast"), min_length=1
    )

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


class _Regression(_Strict):
    """Dependent variable, regressors and levels of significance."""

    dependent: str
    regressors: tuple[str, ...] = Field(min_length=1)
    significance_levels: tuple[float, float, float] = (0.01, 0.05, 0.10)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        variables = (self.dependent, *self.regressors)
        if len(set(variables)) < len(variables):
            raise ValueError(f"a variable stands twice in the model: {', '.join(variables)}")
        if list(self.significance_levels) != sorted(self.significance_levels):
            raise ValueError("significance_levels run from the strictest to the mildest")
        if not all(0 < level < 1 for level in self.significance_levels):
            raise ValueError("significance_levels are shares between 0 and 1: 0.05 for 5 %")
        return self


class Model(_Regression):
    """Of one region's years: descriptives, correlations, OLS and ridge at the constant K."""

    kind: Literal["time_series"] = "time_series"
    ridge: Ridge


class PanelModel(_Regression):
    """Of all regions of the study at once: region and year effects, errors clustered by region.

    Variables enter in their own units.
    """

    kind: Literal["panel"]


def _kind(stated: object) -> str:
    if isinstance(stated, Mapping):
        return str(stated.get("kind", "time_series"))
    return str(getattr(stated, "kind", "time_series"))


class Formula(_Strict):
    """An index of the study's own: arithmetic over indicators, and the unit it is in."""

    formula: str
    unit: str
    title: str = ""

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that it names, in alphabetical order."""
        return formula_indicators(self.formula)

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, unit: str) -> str:
        known = unit_of(unit)
        if known is None:
            raise ValueError(f"'{unit}' is no unit of assets/extracts/meaning/units.yaml")
        return known.id

    @model_validator(mode="after")
    def _has_its_unit(self) -> "Formula":
        require_unit(self.formula, self.unit)
        return self


class Printed(_Strict):
    """The paper that the study repeats: its claims are judged."""

    source: str


def _spelled_out(stated: object) -> object:
    """`regions: provinces` stands for the 31 below the nation."""
    if stated == "provinces":
        return tuple(code for code, place in regions().items() if place.is_chinese_province)
    return stated


class Study(_Strict):
    """One study, as written in `assets/poverty/studies/<study>.yaml`.

    definitions: by which the levels of an indicator are taken, where not by its own.
    """

    study: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    title_zh: str | None = None
    regions: Annotated[tuple[str, ...] | None, BeforeValidator(_spelled_out)] = None
    region: str | None = Field(default=None, validate_default=True)
    years: Years
    samples: tuple[Sample, ...] = Field(min_length=1)
    indices: tuple[str, ...] = Field(min_length=1)
    formulas: dict[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")], Formula] = {}
    inputs: dict[InputRole, str] = {}
    definitions: dict[str, str] = {}
    model: (
        Annotated[
            Annotated[Model, Tag("time_series")] | Annotated[PanelModel, Tag("panel")],
            Discriminator(_kind),
        ]
        | None
    ) = None
    printed: Printed | None = None
    notes: tuple[str, ...] = ()

    @field_validator("regions")
    @classmethod
    def _known_regions(cls, several: tuple[str, ...] | None) -> tuple[str, ...] | None:
        several = several and tuple(require_region(region) for region in several)
        if several is not None and len(several) < 2:
            raise ValueError("at least two regions; a study of one has `region: CN-GS` instead")
        if several is not None and len(set(several)) < len(several):
            raise ValueError(f"a region stands twice: {', '.join(several)}")
        return several

    @field_validator("region")
    @classmethod
    def _known_region(cls, region: str | None, info: ValidationInfo) -> str | None:
        several = info.data.get("regions", "not valid")
        if region is None and several is None:
            raise ValueError("Field required: `region: CN-GS`, or `regions:` with several")
        if region is not None and several not in (None, "not valid"):
            raise ValueError("`region` and `regions` are both given; keep one of them")
        return None if region is None else require_region(region)

    @field_validator("definitions")
    @classmethod
    def _known_definitions(cls, taken: dict[str, str]) -> dict[str, str]:
        for indicator, definition in taken.items():
            known = indicators()[indicator].definitions if indicator in indicators() else None
            if known is None or definition not in known.of:
                raise ValueError(
                    f"{indicator}: '{definition}' is none of its definitions in raw.definition"
                )
        return taken

    @field_validator("inputs")
    @classmethod
    def _known_indicators(cls, inputs: dict[InputRole, str]) -> dict[InputRole, str]:
        unknown = sorted(set(inputs.values()) - set(indicators()))
        if unknown:
            raise ValueError(
                f"no indicator of assets/extracts/meaning/indicators.yaml: {', '.join(unknown)}"
            )
        return inputs

    @field_validator("formulas")
    @classmethod
    def _own_names(cls, formulas: dict[str, Formula]) -> dict[str, Formula]:
        taken = [name for name in formulas if name in INDEX_NAMES or name == CONSTANT]
        if taken:
            raise ValueError(f"these names have a meaning already: {', '.join(taken)}")
        return formulas

    @model_validator(mode="after")
    def _known_indices(self) -> "Study":
        unknown = [name for name in self.indices if name not in {*INDEX_NAMES, *self.formulas}]
        if unknown:
            raise ValueError(
                f"no index: {', '.join(unknown)}; expected {', '.join(INDEX_NAMES)} or one of "
                "`formulas`"
            )
        if unused := [name for name in self.formulas if name not in self.indices]:
            raise ValueError(f"formulas not among `indices`: {', '.join(unused)}")
        if isinstance(self.model, PanelModel) and len(self.places) < 2:
            raise ValueError("a panel compares regions: give `regions:` with two or more")
        return self

    @model_validator(mode="after")
    def _consistent(self) -> "Study":
        names = [sample.name for sample in self.samples]
        if len(set(names)) < len(names):
            raise ValueError(f"two samples share a name: {', '.join(names)}")
        if len(set(self.indices)) < len(self.indices):
            raise ValueError(f"an index stands twice: {', '.join(self.indices)}")
        missing = [name for name in self.variables if name not in self.indices]
        if self.printed is not None and len(self.places) > 1:
            raise ValueError("`printed` holds one region against a paper; `regions` names several")
        if missing:
            raise ValueError(f"model variables not among `indices`: {', '.join(missing)}")
        return self

    @property
    def places(self) -> tuple[str, ...]:
        """ISO codes of the regions, each of which is a sample of its own."""
        return self.regions or (() if self.region is None else (self.region,))

    @property
    def variables(self) -> tuple[str, ...]:
        """Dependent variable first, then the regressors; empty for a study without a model."""
        return () if self.model is None else (self.model.dependent, *self.model.regressors)


def load_study(path: Path) -> Study:
    """Read one study file; raises StudyError naming the file and every field at fault."""
    try:
        study = Study.model_validate(parse_yaml(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        faults = "\n".join(f"  {_place(fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise StudyError(
            f"{path.name}: {counted(error.error_count(), 'field')} to correct:\n{faults}"
        ) from error
    except (OSError, ValueError) as error:
        raise StudyError(f"{path.name}: not readable as YAML: {error}") from error
    if study.study != path.stem:
        raise StudyError(
            f"{path.name}: `study: {study.study}` must be the file's name, {path.stem}"
        )
    return study


def _place(loc: tuple[int | str, ...]) -> str:
    """A field as the YAML file has it: the kind of model that was tried is no level of it."""
    parts = [str(part) for part in loc]
    if parts[:1] == ["model"] and parts[1:2] in (["time_series"], ["panel"]):
        del parts[1]
    return ".".join(parts) or "study"


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
