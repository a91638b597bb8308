"""The tables that record a vintage: its name, and what a refit of it needs.

Belongs here: declarations, with grain, meaning and unit of each column. Not here: making the rows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from assets.vintages.keys import OfSample, OfVintage
from assets.warehouse.tables.row import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class VintageRow(
    OfVintage,
    table="model.vintage",
    grain="one row per vintage",
    key=("vintage",),
):
    """One row per vintage."""

    created_at: Annotated[datetime, "when the vintage was first computed, UTC"]
    input_fingerprint: Annotated[str, "sha256 over every document in force and its card"]
    definition_fingerprint: Annotated[str, "sha256 over studies, SQL, checks and code"]
    code_version: Annotated[str, "version of yearbook"]
    library_versions: Annotated[str, "JSON: versions of Python and of what reads and computes"]
    documents: Annotated[int, "count of documents in force"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VintageDocumentRow(
    OfVintage,
    table="model.vintage_document",
    formerly="model.document",
    grain="one row per vintage and document in force",
    key=(
        "vintage",
        "source",
        "edition",
    ),
):
    """One row per vintage and document in force."""

    source: Annotated[str, "folder of the document under landing/"]
    edition: Annotated[int, "year it was printed"]
    content_sha256: Annotated[str, "sha256 over the document and its card"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexValueRow(
    OfSample,
    table="model.vintage_index_value",
    formerly="model.index_value",
    grain="one row per vintage, study, region, sample, index and reference_year",
    key=(
        "vintage",
        "study",
        "region",
        "sample",
        "index_id",
        "reference_year",
    ),
):
    """One row per vintage, study, region, sample, index and reference_year."""

    index_id: Annotated[str, "PI, AIG, IM, CEI, aEDI, EG or the study's own"]
    reference_year: Annotated[int, "year the value is about"]
    value: Annotated[float | None, "in its unit (study.variable); NULL: missing"]
    status: Annotated[str, "computed, reported or missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimationYearRow(
    OfSample,
    table="model.vintage_estimation_year",
    formerly="model.estimation_year",
    grain="one row per vintage, study, region, sample and reference_year",
    key=(
        "vintage",
        "study",
        "region",
        "sample",
        "reference_year",
    ),
):
    """One row per vintage, study, region, sample and reference_year."""

    reference_year: Annotated[int, "year"]
    missing: Annotated[str | None, "the model's variables it lacks, with reasons"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentBeforeRow(
    Row,
    table="model.document_before",
    grain="one row per document that the vintage published before this one had",
    key=(
        "source",
        "edition",
    ),
):
    """One row per document that the vintage published before this one had."""

    vintage: Annotated[str, "the vintage published before"]
    source: Annotated[str, "folder of the document under landing/"]
    edition: Annotated[int, "year it was printed"]


VINTAGE_TABLES = (
    VintageRow.table,
    VintageDocumentRow.table,
    IndexValueRow.table,
    EstimationYearRow.table,
)
