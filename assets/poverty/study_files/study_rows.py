"""The tables that studies are defined in, as their YAML files say.

Belongs here: declarations, with grain, meaning and unit of each column. Not here: making the rows.
"""

from dataclasses import dataclass
from typing import Annotated

from assets.vintages.keys import SampleName, StudyName
from assets.warehouse.row import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySampleRow(
    Row,
    table="study.sample",
    grain="one row per study, region and sample",
    key=("study", "region", "sample"),
):
    """One row per study, region and sample."""

    study: StudyName
    region: Annotated[str, "ISO 3166 code of the region: CN, CN-GS"]
    sample: SampleName
    sample_order: Annotated[int, "place of the sample in the study, from 1"]
    title: Annotated[str, "title of the study"]
    first_year: Annotated[int, "first reference year"]
    last_year: Annotated[int, "last reference year"]
    choose: Annotated[str, "first_printed, latest, as_of or source"]
    source: Annotated[str | None, "the one source, where choose is source"]
    as_of_edition: Annotated[int | None, "latest edition seen, where choose is as_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyInputRow(
    Row,
    table="study.input",
    grain="one row per study and role",
    key=("study", "role"),
):
    """One row per study and role."""

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
    """One row per study and index."""

    study: StudyName
    index_id: Annotated[str, "PI, AIG, IM, CEI, aEDI, EG or the study's own"]
    role: Annotated[str, "dependent, regressor, or index where not in the model"]
    variable_order: Annotated[int, "0 for the dependent variable, then the regressors"]
    unit: Annotated[str, "unit of the index"]
    formula: Annotated[str, "in words; arithmetic over indicators for the study's own"]
    title: Annotated[str, "what the index is; empty where the study does not say"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFormulaInputRow(
    Row,
    table="study.formula_input",
    grain="one row per study, index of the study's own, and indicator in its formula",
    key=("study", "index_id", "indicator"),
):
    """One row per study, index of the study's own, and indicator in its formula."""

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
    """One row per study, region, sample, index of the study's own and reference_year."""

    study: StudyName
    region: Annotated[str, "ISO 3166 code of the region: CN, CN-GS"]
    sample: SampleName
    index_id: Annotated[str, "index that the study defines by a formula"]
    reference_year: Annotated[int, "year the value is about"]
    value: Annotated[float | None, "in the unit of the index; NULL: missing"]
    status: Annotated[str, "computed or missing"]
    reason: Annotated[str | None, "why it is missing"]


STUDY_TABLES = (
    StudySampleRow.table,
    StudyInputRow.table,
    StudyVariableRow.table,
    StudyFormulaInputRow.table,
)
