"""He's pipeline on the rows of all provinces and years together: what it would have concluded.

Belongs here: min-max scaling over the heap, then the paper's Tables 2 to 6. Not here: what a panel
says (estimators.py). It takes each row for a draw of its own, which rows of one province are not.
"""

from dataclasses import dataclass

import numpy as np

from assets.provinces.panel_data import ProvincePanel
from assets.regression.correlation import Correlations, pearson
from assets.regression.descriptives import Descriptives, descriptives
from assets.regression.ols import OrdinaryLeastSquares, ordinary_least_squares
from assets.regression.ridge import RidgeRegression, ridge_regression
from assets.regression.variance_inflation import VarianceInflation, variance_inflation


@dataclass(frozen=True, slots=True)
class HePipeline:
    """The paper's tables: 2 and 3 of raw values, 4 to 6 of values between 0 and 1."""

    descriptives: Descriptives
    correlations: Correlations
    ols: OrdinaryLeastSquares
    vif: VarianceInflation
    ridge: RidgeRegression


def he_pipeline(panel: ProvincePanel, outcome: str, ridge_k: float) -> HePipeline:
    """Fit the heap; outcome: its name. Raises NotEstimable, with the reason."""
    names = (outcome, *panel.terms)
    raw = np.column_stack([panel.y, panel.X])
    low, high = raw.min(axis=0), raw.max(axis=0)
    scaled = (raw - low) / (high - low)
    y, X = scaled[:, 0], scaled[:, 1:]
    return HePipeline(
        descriptives=descriptives(raw, names),
        correlations=pearson(raw, names),
        ols=ordinary_least_squares(y, X, panel.terms),
        vif=variance_inflation(X, panel.terms),
        ridge=ridge_regression(y, X, panel.terms, ridge_k, "spss"),
    )
