"""The tables that studies are defined in, as their YAML files say, now and in each vintage.

Belongs here: declarations, with grain, meaning and unit of each column, and the rows of schema
`study`. Not here: reading the files (study.py), values of formulas (formula_index.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Annotated

from assets.poverty.study_files.index_names import INDEX_NAMES
from assets.vintages.keys import OfVintage, SampleName, StudyName
from assets.warehouse.tables.row import Before, Row, as_frame
from assets.warehouse.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from assets.poverty.study_files.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySampleRow(
    Row,
    table="study.sample",
    grain="one row per study, region and sample",
    key=("study", "region", "sample"),
):
    """What there is to fit: each sample, and which print of a figure it takes."""

    study: StudyName
    region: Annotated[str, "ISO 3166 code of the region: CN, CN-GS"]
    sample: SampleName
    sample_order: Annotated[int, "place of the sample in the study, from 1"]
    title: Annotated[str, "title of the study"]
    title_zh: Annotated[str | None, "its title in Chinese; NULL where the study has none"]
    first_year: Annotated[int, "first reference year"]
    last_year: Annotated[int, "last reference year"]
    choose: Annotated[str, "first_printed, latest, as_of or source"]
    source: Annotated[str | None, "the one source, where choose is source"]
    as_of_edition: Annotated[int | None, "latest edition seen, where choose is as_of"]
    statuses: Annotated[
        str,
        "statuses of the figures it takes, as 'final, revised'",
        Before("'final, revised, provisional, estimated, forecast'"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyInputRow(
    Row,
    table="study.role_indicator",
    formerly="study.input",
    grain="one row per study and role",
    key=("study", "role"),
):
    """Which indicator plays which role in the formulas of the indices."""

    study: StudyName
    role: Annotated[str, "role in an index formula"]
    indicator: Annotated[str, "indicator that plays the role"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyVariableRow(
    Row,
    table="study.variable",
    grain="one row per study and index",
    key=("study", "index_id"),
):
    """What each index of a study is, and its place in the model."""

    study: StudyName
    index_id: Annotated[str, "PI, AIG, IM, CEI, aEDI, EG or the study's own"]
    role: Annotated[str, "dependent, regressor, or index where not in the model"]
    variable_order: Annotated[int, "0 for the dependent variable, then the regressors"]
    unit: Annotated[str, "unit of the index"]
    formula: Annotated[str, "in words; arithmetic over indicators for the study's own"]
    title: Annotated[str, "what the index is; empty where the study does not say"]
    title_zh: Annotated[str | None, "the same in Chinese; NULL for the study's own"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFormulaInputRow(
    Row,
    table="study.formula_input",
    grain="one row per study, index of the study's own, and indicator in its formula",
    key=("study", "index_id", "indicator"),
):
    """Which figures the formulas of a study need."""

    study: StudyName
    index_id: Annotated[str, "index that the study defines by a formula"]
    indicator: Annotated[str, "indicator in the formula"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormulaIndexRow(
    Row,
    table="indices.formula_index",
    grain="one row per study, region, sample, index of the study's own and reference_year",
    key=("study", "region", "sample", "index_id", "reference_year"),
):
    """The values of the indices that studies define by formulas of their own."""

    study: StudyName
    region: Annotated[str, "ISO 3166 code of the region: CN, CN-GS"]
    sample: SampleName
    index_id: Annotated[str, "index that the study defines by a formula"]
    reference_year: Annotated[int, "year the value is about"]
    value: Annotated[float | None, "in the unit of the index; NULL: missing"] = None
    status: Annotated[str, "computed or missing"] = "missing"
    reason: Annotated[str | None, "why it is missing"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDefinitionRow(
    OfVintage,
    table="model.study_definition",
    grain="one row per vintage and study",
    key=("vintage", "study"),
):
    """One row per vintage and study."""

    study: StudyName
    definition: Annotated[str, "the study's YAML file as JSON, defaults filled in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDefinitionTakenRow(
    Row,
    table="study.definition_taken",
    grain="one row per study and indicator of which it takes another definition than its own",
    key=("study", "indicator"),
):
    """Which of the definitions in raw.definition the levels of an indicator are taken by."""

    study: StudyName
    indicator: Annotated[str, "indicator with more than one definition"]
    definition: Annotated[str, "the definition that the study takes"]


STUDY_TABLES = (
    StudySampleRow.table,
    StudyInputRow.table,
    StudyVariableRow.table,
    StudyFormulaInputRow.table,
    StudyDefinitionTakenRow.table,
)


def study_frames(studies: "Sequence[Study]") -> dict[Table, "pd.DataFrame"]:
    """The rows of the tables of schema `study`, from which SQL models learn what to derive."""
    return {
        StudySampleRow.table: as_frame(
            StudySampleRow, (row for study in studies for row in _samples(study))
        ),
        StudyInputRow.table: as_frame(
            StudyInputRow,
            (
                StudyInputRow(study=study.study, role=role, indicator=indicator)
                for study in studies
                for role, indicator in study.inputs.items()
            ),
        ),
        StudyVariableRow.table: as_frame(
            StudyVariableRow, (row for study in studies for row in _variables(study))
        ),
        StudyFormulaInputRow.table: as_frame(
            StudyFormulaInputRow,
            (
                StudyFormulaInputRow(study=study.study, index_id=index_id, indicator=indicator)
                for study in studies
                for index_id, own in study.formulas.items()
                for indicator in own.indicators
            ),
        ),
        StudyDefinitionTakenRow.table: as_frame(
            StudyDefinitionTakenRow,
            (
                StudyDefinitionTakenRow(
                    study=study.study, indicator=indicator, definition=definition
                )
                for study in studies
                for indicator, definition in study.definitions.items()
            ),
        ),
    }


def _samples(study: "Study") -> Iterator[StudySampleRow]:
    for region, (order, sample) in product(study.places, enumerate(study.samples, start=1)):
        yield StudySampleRow(
            study=study.study,
            region=region,
            sample=sample.name,
            sample_order=order,
            title=study.title,
            title_zh=study.title_zh,
            first_year=study.years.first,
            last_year=study.years.last,
            choose=sample.choose,
            source=sample.source,
            as_of_edition=sample.edition,
            statuses=", ".join(sample.statuses),
        )


def _variables(study: "Study") -> Iterator[StudyVariableRow]:
    for order, index_id in enumerate(study.indices, start=1):
        place = study.variables.index(index_id) if index_id in study.variables else None
        role = "index" if place is None else ("dependent" if place == 0 else "regressor")
        own = study.formulas.get(index_id)
        meaning = own or INDEX_NAMES[index_id]
        yield StudyVariableRow(
            study=study.study,
            index_id=index_id,
            role=role,
            variable_order=order if place is None else place,
            unit=meaning.unit,
            formula=meaning.formula,
            title=own.title if own else INDEX_NAMES[index_id].english,
            title_zh=None if own else INDEX_NAMES[index_id].chinese,
        )


def definition_frame(vintage: str, studies: "Sequence[Study]") -> "pd.DataFrame":
    """Rows of model.study_definition: what a vintage was fitted by."""
    return as_frame(
        StudyDefinitionRow,
        [
            StudyDefinitionRow(
                vintage=vintage, study=study.study, definition=study.model_dump_json()
            )
            for study in studies
        ],
    )
