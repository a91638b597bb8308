"""The tables of the poverty study that Python writes: study definitions and model results.

Belongs here: declarations, with grain, meaning and unit of each column. Not here: tables that SQL
models make (their headers say the same) and raw tables (`assets/extracts/document_tables.py`).
"""

from assets.papers.audit.audit_rows import MODEL_AUDIT_FINDING
from assets.poverty.backtest.backtest_rows import (
    MODEL_BACKTEST,
    MODEL_KNOWN_COEFFICIENT,
    MODEL_KNOWN_FIT,
)
from assets.poverty.drift.drift_rows import MODEL_DRIFT, MODEL_STRUCTURAL_BREAK
from assets.poverty.revisions.revision_rows import MODEL_REVISION_EFFECT
from assets.poverty.robustness.robustness_tables import MODEL_ROBUSTNESS, MODEL_SPECIFICATION
from assets.vintages.keys import REGION, SAMPLE, STUDY, VINTAGE
from assets.warehouse.table import Column, Table

_ESTIMATOR = Column("estimator", "VARCHAR", "ols, ridge or panel")

STUDY_SAMPLE = Table(
    name="study.sample",
    grain="one row per study, region and sample",
    columns=(
        STUDY,
        Column("region", "VARCHAR", "ISO 3166 code of the region: CN, CN-GS"),
        SAMPLE,
        Column("sample_order", "INTEGER", "place of the sample in the study, from 1"),
        Column("title", "VARCHAR", "title of the study"),
        Column("first_year", "INTEGER", "first reference year"),
        Column("last_year", "INTEGER", "last reference year"),
        Column("choose", "VARCHAR", "first_printed, latest, as_of or source"),
        Column("source", "VARCHAR", "the one source, where choose is source", nullable=True),
        Column("as_of_edition", "INTEGER", "latest edition seen, where choose is as_of", True),
    ),
    primary_key=("study", "region", "sample"),
)
STUDY_INPUT = Table(
    name="study.input",
    grain="one row per study and role",
    columns=(
        STUDY,
        Column("role", "VARCHAR", "role in an index formula"),
        Column("indicator", "VARCHAR", "indicator that plays the role"),
    ),
    primary_key=("study", "role"),
)
STUDY_VARIABLE = Table(
    name="study.variable",
    grain="one row per study and index",
    columns=(
        STUDY,
        Column("index_id", "VARCHAR", "PI, AIG, IM, CEI, aEDI, EG or the study's own"),
        Column("role", "VARCHAR", "dependent, regressor, or index where not in the model"),
        Column("variable_order", "INTEGER", "0 for the dependent variable, then the regressors"),
        Column("unit", "VARCHAR", "unit of the index"),
        Column("formula", "VARCHAR", "in words; arithmetic over indicators for the study's own"),
        Column("title", "VARCHAR", "what the index is; empty where the study does not say"),
    ),
    primary_key=("study", "index_id"),
)
STUDY_FORMULA_INPUT = Table(
    name="study.formula_input",
    grain="one row per study, index of the study's own, and indicator in its formula",
    columns=(
        STUDY,
        Column("index_id", "VARCHAR", "index that the study defines by a formula"),
        Column("indicator", "VARCHAR", "indicator in the formula"),
    ),
    primary_key=("study", "index_id", "indicator"),
)
STUDY_TABLES = (STUDY_SAMPLE, STUDY_INPUT, STUDY_VARIABLE, STUDY_FORMULA_INPUT)

FORMULA_INDEX = Table(
    name="indices.formula_index",
    grain="one row per study, region, sample, index of the study's own and reference_year",
    columns=(
        STUDY,
        Column("region", "VARCHAR", "ISO 3166 code of the region: CN, CN-GS"),
        SAMPLE,
        Column("index_id", "VARCHAR", "index that the study defines by a formula"),
        Column("reference_year", "INTEGER", "year the value is about"),
        Column("value", "DOUBLE", "in the unit of the index; NULL: missing", nullable=True),
        Column("status", "VARCHAR", "computed or missing"),
        Column("reason", "VARCHAR", "why it is missing", nullable=True),
    ),
    primary_key=("study", "region", "sample", "index_id", "reference_year"),
)

MODEL_VINTAGE = Table(
    name="model.vintage",
    grain="one row per vintage",
    columns=(
        VINTAGE,
        Column("created_at", "TIMESTAMP", "when the vintage was first computed, UTC"),
        Column("input_fingerprint", "VARCHAR", "sha256 over every document in force and its card"),
        Column("definition_fingerprint", "VARCHAR", "sha256 over studies, SQL, checks and code"),
        Column("code_version", "VARCHAR", "version of yearbook"),
        Column("library_versions", "VARCHAR", "JSON: versions of Python and of what computes"),
        Column("documents", "INTEGER", "count of documents in force"),
    ),
    primary_key=("vintage",),
)
MODEL_STUDY_DEFINITION = Table(
    name="model.study_definition",
    grain="one row per vintage and study",
    columns=(
        VINTAGE,
        STUDY,
        Column("definition", "VARCHAR", "the study's YAML file as JSON, defaults filled in"),
    ),
    primary_key=("vintage", "study"),
)
MODEL_DOCUMENT = Table(
    name="model.document",
    grain="one row per vintage and document in force",
    columns=(
        VINTAGE,
        Column("source", "VARCHAR", "folder of the document under landing/"),
        Column("edition", "INTEGER", "year it was printed"),
        Column("content_sha256", "VARCHAR", "sha256 over the document and its card"),
    ),
    primary_key=("vintage", "source", "edition"),
)
MODEL_INDEX_VALUE = Table(
    name="model.index_value",
    grain="one row per vintage, study, region, sample, index and reference_year",
    columns=(
        VINTAGE,
        STUDY,
        REGION,
        SAMPLE,
        Column("index_id", "VARCHAR", "PI, AIG, IM, CEI, aEDI, EG or the study's own"),
        Column("reference_year", "INTEGER", "year the value is about"),
        Column("value", "DOUBLE", "in its unit (study.variable); NULL: missing", True),
        Column("status", "VARCHAR", "computed, reported or missing"),
    ),
    primary_key=("vintage", "study", "region", "sample", "index_id", "reference_year"),
)
MODEL_ESTIMATION_YEAR = Table(
    name="model.estimation_year",
    grain="one row per vintage, study, region, sample and reference_year",
    columns=(
        VINTAGE,
        STUDY,
        REGION,
        SAMPLE,
        Column("reference_year", "INTEGER", "year"),
        Column("missing", "VARCHAR", "the model's variables it lacks, with reasons", nullable=True),
    ),
    primary_key=("vintage", "study", "region", "sample", "reference_year"),
)
VINTAGE_TABLES = (
    MODEL_VINTAGE,
    MODEL_STUDY_DEFINITION,
    MODEL_DOCUMENT,
    MODEL_INDEX_VALUE,
    MODEL_ESTIMATION_YEAR,
)
# No record of a vintage: made anew by each run, before the samples are chosen.
MODEL_DOCUMENT_BEFORE = Table(
    name="model.document_before",
    grain="one row per document that the vintage published before this one had",
    columns=(
        Column("vintage", "VARCHAR", "the vintage published before"),
        Column("source", "VARCHAR", "folder of the document under landing/"),
        Column("edition", "INTEGER", "year it was printed"),
    ),
    primary_key=("source", "edition"),
)
MODEL_INPUT = Table(
    name="model.input",
    grain="one row per vintage, study, region, sample, reference_year and variable",
    columns=(
        VINTAGE,
        STUDY,
        REGION,
        SAMPLE,
        Column("reference_year", "INTEGER", "year the values are about"),
        Column("variable", "VARCHAR", "PI, AIG, IM, CEI, aEDI, EG or the study's own"),
        Column("role", "VARCHAR", "dependent or regressor"),
        Column("value", "DOUBLE", "index value; in its unit (study.variable)"),
        Column("normalised", "DOUBLE", "min-max normalised, 0 to 1; NULL: does not vary", True),
        Column("quality", "VARCHAR", "worst quality of its inputs: published, derived, recovered"),
    ),
    primary_key=("vintage", "study", "region", "sample", "reference_year", "variable"),
)
MODEL_FIT = Table(
    name="model.fit",
    grain="one row per vintage, study, region, sample and estimator",
    columns=(
        VINTAGE,
        STUDY,
        REGION,
        SAMPLE,
        _ESTIMATOR,
        Column("status", "VARCHAR", "fitted or refused"),
        Column("reason", "VARCHAR", "why it was refused", nullable=True),
        Column("formula", "VARCHAR", "the model: PI ~ AIG + IM + aEDI + EG"),
        Column("n", "INTEGER", "count of years in the sample"),
        Column("df_residual", "DOUBLE", "residual degrees of freedom", nullable=True),
        Column("convention", "VARCHAR", "convention of the estimator"),
        Column("ridge_k", "DOUBLE", "ridge constant K, 0 for OLS"),
        Column("r", "DOUBLE", "multiple correlation", nullable=True),
        Column("r2", "DOUBLE", "share of variance explained", nullable=True),
        Column("adjusted_r2", "DOUBLE", "R² adjusted for degrees of freedom", nullable=True),
        Column("f", "DOUBLE", "F statistic", nullable=True),
        Column("f_p", "DOUBLE", "p of F; for ridge conditional on K, not a valid test", True),
        Column("equation", "VARCHAR", "the fitted equation, variables normalised", nullable=True),
        Column("verdict", "VARCHAR", "in words: collinearity, or what the p-values do not mean"),
        Column("quality", "VARCHAR", "worst quality of the sample: published, derived, recovered"),
        Column("years", "VARCHAR", "the reference years used"),
        Column("input_fingerprint", "VARCHAR", "sha256 over the sample that was fitted"),
    ),
    primary_key=("vintage", "study", "region", "sample", "estimator"),
)
MODEL_COEFFICIENT = Table(
    name="model.coefficient",
    grain="one row per vintage, study, region, sample, estimator and term",
    columns=(
        VINTAGE,
        STUDY,
        REGION,
        SAMPLE,
        _ESTIMATOR,
        Column("term", "VARCHAR", "const or a regressor; all variables min-max normalised"),
        Column("term_order", "INTEGER", "0 for the constant"),
        Column("coefficient", "DOUBLE", "range shares of the dependent per range of the regressor"),
        Column("std_error", "DOUBLE", "standard error; none in mass and glmnet", nullable=True),
        Column("t", "DOUBLE", "coefficient over standard error", nullable=True),
        Column("p", "DOUBLE", "two-sided p of t; for ridge not a valid test", nullable=True),
        Column("stars", "VARCHAR", "stars at the study's levels of significance"),
        Column("vif", "DOUBLE", "variance inflation factor at this K", nullable=True),
    ),
    primary_key=("vintage", "study", "region", "sample", "estimator", "term"),
)
MODEL_DIAGNOSTIC = Table(
    name="model.diagnostic",
    grain="one row per vintage, study, region, sample, kind, variable, other one and statistic",
    columns=(
        VINTAGE,
        STUDY,
        REGION,
        SAMPLE,
        Column("kind", "VARCHAR", "descriptive, correlation or collinearity"),
        Column("variable", "VARCHAR", "variable"),
        Column("other_variable", "VARCHAR", "second variable of a correlation, else empty"),
        Column("statistic", "VARCHAR", "min, max, mean, sd, r, p, max_vif"),
        Column("value", "DOUBLE", "value, in the variable's own unit"),
        Column("stars", "VARCHAR", "stars of a correlation, else empty"),
    ),
    primary_key=(
        *("vintage", "study", "region", "sample", "kind"),
        *("variable", "other_variable", "statistic"),
    ),
)
MODEL_PRINTED_COMPARISON = Table(
    name="model.printed_comparison",
    grain="one row per vintage, study, region, sample and printed number",
    columns=(
        VINTAGE,
        STUDY,
        REGION,
        SAMPLE,
        Column("source", "VARCHAR", "the paper"),
        Column("edition", "INTEGER", "its edition"),
        Column("table_number", "VARCHAR", "table of the paper"),
        Column("term", "VARCHAR", "row of the table"),
        Column("other_term", "VARCHAR", "column of a correlation table, else empty"),
        Column("statistic", "VARCHAR", "what was printed"),
        Column("printed_value", "VARCHAR", "as printed"),
        Column("computed", "DOUBLE", "what the sample gives; NULL: the fit has none", True),
        Column("agrees", "BOOLEAN", "within half a unit of the last printed digit", nullable=True),
        Column("cell", "VARCHAR", "sheet and cell of the printed number"),
    ),
    primary_key=(
        *("vintage", "study", "region", "sample", "source", "edition"),
        *("table_number", "term", "other_term", "statistic"),
    ),
)
MODEL_TABLES = (
    *VINTAGE_TABLES,
    MODEL_INPUT,
    MODEL_FIT,
    MODEL_COEFFICIENT,
    MODEL_DIAGNOSTIC,
    MODEL_PRINTED_COMPARISON,
    MODEL_AUDIT_FINDING,
    MODEL_ROBUSTNESS,
    MODEL_SPECIFICATION,
    MODEL_DRIFT,
    MODEL_STRUCTURAL_BREAK,
    MODEL_BACKTEST,
    MODEL_KNOWN_FIT,
    MODEL_KNOWN_COEFFICIENT,
    MODEL_REVISION_EFFECT,
)
