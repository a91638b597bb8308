"""Every table of results that the poverty study appends to, vintage by vintage.

Belongs here: the list. Not here: the declarations (each package has its own).
"""

from assets.papers.audit.audit_rows import AuditFindingRow
from assets.poverty.backtest.backtest_rows import BacktestRow, KnownCoefficientRow, KnownFitRow
from assets.poverty.drift.drift_rows import DriftRow, StructuralBreakRow
from assets.poverty.fits.fit_rows import (
    CoefficientRow,
    DiagnosticRow,
    FitRow,
    InputRow,
)
from assets.poverty.revisions.revision_rows import (
    FirstPrintRow,
    RevisionCauseRow,
    RevisionEffectRow,
    RevisionHorizonRow,
)
from assets.poverty.robustness.robustness_rows import RobustnessRow, SpecificationRow
from assets.poverty.study_files.study_rows import StudyDefinitionRow

MODEL_TABLES = (
    StudyDefinitionRow.table,
    InputRow.table,
    FitRow.table,
    CoefficientRow.table,
    DiagnosticRow.table,
    AuditFindingRow.table,
    RobustnessRow.table,
    SpecificationRow.table,
    DriftRow.table,
    StructuralBreakRow.table,
    BacktestRow.table,
    KnownFitRow.table,
    KnownCoefficientRow.table,
    RevisionEffectRow.table,
    RevisionCauseRow.table,
    RevisionHorizonRow.table,
    FirstPrintRow.table,
)
