"""A warehouse made from a few shipped documents as a refresh makes it, without Dagster."""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assets.extracts.cards.card import Card
from assets.extracts.landed.intake import read_documents, write_intake
from assets.extracts.landed.survey import landed_documents
from assets.papers.audit.audit_rows import AuditFindingRow
from assets.papers.audit.audited_papers import audit_frame
from assets.poverty.fits.result_frames import result_frames
from assets.poverty.fits.sample_fits import fit_samples
from assets.poverty.result_tables import MODEL_TABLES
from assets.poverty.robustness.scrutiny import robustness_frames
from assets.poverty.study_files.study import load_studies
from assets.poverty.study_files.study_rows import STUDY_TABLES, FormulaIndexRow, study_frames
from assets.release.current_views import create_current_views
from assets.release.dictionary import DictionaryRow
from assets.replication.comparison import comparison_frame
from assets.replication.documents import Documents
from assets.replication.intake import read_replications, write_replications
from assets.replication.replication_rows import (
    RAW_TABLES,
    REPLICATION_TABLES,
    PrintedComparisonRow,
)
from assets.replication.survey import survey_replications
from assets.towns.records.dataset_intake import DatasetIntake
from assets.towns.records.dataset_writing import write_datasets
from assets.towns.records.kept_sums import write_kept_sums
from assets.towns.records.order_year_view import write_order_year
from assets.towns.records.record_rows import AreaDisclosureRow
from assets.towns.study.result_rows import TOWN_STUDY_TABLES
from assets.vintages.failures import FailureRow, Failures
from assets.vintages.vintage_rows import (
    VINTAGE_TABLES,
    DocumentBeforeRow,
    VintageDocumentRow,
    VintageRow,
)
from assets.warehouse.connection import kept_open
from assets.warehouse.home import Home
from assets.warehouse.publish import publish
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from assets.warehouse.tables.row import as_frame
from orchestration.sql_models import load_models

LANDING = Path(__file__).parents[2] / "landing"
SOURCES = ("he_gansu_paper", "he_recovered", "nbs_national_annual", "nbs_regional_annual")
VINTAGE = "0001-0123abcd"


@dataclass(frozen=True, slots=True)
class Built:
    """The working file of a refresh, and the place it is published in."""

    home: Home
    store: Store
    vintage: str


@pytest.fixture(scope="session")
def built(made_once: Any, tmp_path_factory: pytest.TempPathFactory) -> Built:
    made, _ = made_once("built_release", _build)
    home = Home(tmp_path_factory.mktemp("release") / "home")
    shutil.copytree(made, home.root, symlinks=True)
    return Built(home, Store(home.working), VINTAGE)


@kept_open()  # as a refresh has it
def _build(folder: Path) -> None:
    home = Home(folder).prepare()
    store = Store(home.working)
    documents = [each for each in landed_documents(LANDING) if each.source in SOURCES]
    intake = read_documents(LANDING, documents, lambda _: None)
    assert not intake.refused
    write_intake(store, intake)
    studies = load_studies()
    for table in STUDY_TABLES:
        store.replace(table, study_frames(studies)[table], allow_empty=True)
    store.ensure(VintageDocumentRow.table)
    store.ensure(FormulaIndexRow.table)
    store.ensure(DocumentBeforeRow.table)
    write_datasets(home, store, DatasetIntake((), ()))
    write_order_year(home, store)
    write_kept_sums(home, store, lambda line: None)
    write_replications(store, read_replications(survey_replications(LANDING, {}).pending))
    store.ensure(AreaDisclosureRow.table)
    with store.transaction() as writes:
        create_current_views(writes)
    for model in load_models():
        with store.transaction() as writes:
            replace(model, may_be_empty=True).write(writes)
    _fit(store, studies)
    store.replace(DictionaryRow.table, store.frame(query_text("release/dictionary")))
    publish(home, VINTAGE)


_PAPERS = "select card from raw.document where statistics > 0"


def _fit(store: Store, studies: Any) -> None:
    inputs, years, printed = (
        store.frame(f"select * from {name}")
        for name in ("indices.model_input", "indices.estimation_year", "raw.published_statistic")
    )
    results = fit_samples(studies, inputs, years)
    frames, failures = result_frames(VINTAGE, results), Failures(VINTAGE, "t")
    replicated, data_files, typed = (
        store.frame(f"select * from {table.name}") for table in RAW_TABLES
    )
    documents = Documents(store.frame("select * from raw.observation"), printed)
    frames[PrintedComparisonRow.table] = comparison_frame(
        replicated, data_files, typed, documents, failures
    )
    cards = [Card.model_validate_json(card) for (card,) in store.rows(_PAPERS)]
    official = store.frame(query_text("papers/official_eg"))
    frames[AuditFindingRow.table] = audit_frame(printed, cards, official, failures)
    frames |= robustness_frames(results, cards, failures)
    row = VintageRow(
        vintage=VINTAGE,
        created_at=datetime(2026, 11, 21),
        input_fingerprint="a",
        definition_fingerprint="b",
        code_version="0.1.0",
        library_versions="{}",
        documents=4,
    )
    frames[VintageRow.table] = as_frame(VintageRow, [row])
    tables = (*VINTAGE_TABLES, *MODEL_TABLES, *REPLICATION_TABLES, *TOWN_STUDY_TABLES)
    for table in (*tables, FailureRow.table):
        store.replace(table, frames.get(table, pd.DataFrame()), allow_empty=True)
