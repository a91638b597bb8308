"""Make sklearn_reference.json: principal components regression and the lasso by scikit-learn.

Run: PYTHONPATH=<folder with scikit-learn> python make_sklearn_reference.py > sklearn_reference.json
scikit-learn is not a dependency of the project; the numbers were made with the version they name.
Nothing here imports the code under test.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.linear_model import Lasso, LinearRegression, lars_path
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

REFERENCE = Path(__file__).parents[1]
DATA = {
    "hald": ("hald.csv", "y", ("",)),
    "longley": ("longley_R.csv", "Employed", ("",)),
    "gansu": ("gansu/consistent_2012_2019.csv", "PI", ("", "year")),
}
PENALTY_SHARES = (0.9, 0.5, 0.2, 0.05, 0.01, 0.002)  # of the largest penalty


def regression(file, dependent, labels):
    with (REFERENCE / file).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = [name for name in rows[0] if name not in (dependent, *labels)]
    y = np.array([float(row[dependent]) for row in rows])
    X = np.array([[float(row[name]) for name in names] for row in rows])
    if file.startswith("gansu"):
        y = (y - y.min()) / (y.max() - y.min())
        X = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))
    return y, X


def principal_components(y, X):
    found = []
    for m in range(1, X.shape[1] + 1):
        model = make_pipeline(StandardScaler(), PCA(m, svd_solver="full"), LinearRegression())
        predicted = cross_val_predict(model, X, y, cv=LeaveOneOut())
        scaler, pca, linear = model.fit(X, y)
        slope = pca.components_.T @ linear.coef_ / scaler.scale_
        rmse = float(np.sqrt(((y - predicted) ** 2).mean()))
        found.append({"slope": slope.tolist(), "R2": model.score(X, y), "loo_rmse": rmse})
    return found


def lasso(y, X):
    Z = StandardScaler().fit_transform(X)
    penalty, _, coefficients = lars_path(Z, y - y.mean(), method="lasso")
    at = [float(penalty[0] * share) for share in PENALTY_SHARES]
    descent = [
        Lasso(alpha=alpha, tol=1e-15, max_iter=5_000_000).fit(Z, y).coef_.tolist() for alpha in at
    ]

    # Not LassoLars: within 1e-7 of a knot of the path it returns coefficients from beside it.
    def loo_rmse(alpha):
        descent = Lasso(alpha=alpha, tol=1e-15, max_iter=5_000_000)
        model = make_pipeline(StandardScaler(), descent)
        return float(np.sqrt(((y - cross_val_predict(model, X, y, cv=LeaveOneOut())) ** 2).mean()))

    return {
        "path_penalty": penalty.tolist(),
        "path_standardised": coefficients.T.tolist(),
        "penalty": at,
        "coordinate_descent_standardised": descent,
        "loo_rmse": [loo_rmse(alpha) for alpha in at],
    }


def main():
    result = {"scikit-learn": sklearn.__version__}
    for name, source in DATA.items():
        y, X = regression(*source)
        result[name] = {"principal_components": principal_components(y, X), "lasso": lasso(y, X)}
    json.dump(result, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
