"""Whether a regression can be estimated at all, and if not, why, in one sentence.

Belongs here: the reasons, checked before any estimator runs. Not here: warnings about regressions
that can be estimated (near collinearity is in variance_inflation.py).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assets.vintages.failures import Refusal

# Below this multiple of machine precision a direction left over in a column is rounding.
_ROUNDING = 64.0 * np.finfo(np.float64).eps
# A regressor takes part in a combination if its weight, in standard units, is above rounding.
_WEIGHT = 1e-8


class NotEstimable(Refusal):
    """The regression has no unique estimate, or none with an error; the message says why."""


def reason_not_estimable(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: Sequence[str],
    *,
    dependent: str = "the dependent variable",
    constant: bool = True,
    years: Sequence[int] | None = None,
) -> str | None:
    """Return the first reason why y cannot be regressed on X, or None.

    y: (n,); X: (n, regressors); names: of the regressors; constant: whether the model has one;
    years: (n,), to name the place of a missing cell (otherwise the row, counted from 1).
    Raises ValueError where the shapes do not fit together, which is a fault of the caller.
    """
    _require_shapes(y, X, names, years)
    missing = reason_missing(np.column_stack([y, X]), (dependent, *names), years)
    if missing:
        return missing
    n, regressors = X.shape
    if n <= regressors + constant:
        terms = f"{regressors} regressor{'' if regressors == 1 else 's'}"
        with_constant = " and a constant" if constant else ""
        return (
            f"{n} observations are too few for {terms}{with_constant}: "
            f"at least {regressors + constant + 1} are needed for any error to remain."
        )
    if constant and _constant_columns(y[:, None])[0]:
        return f"{dependent} is constant ({y[0]:g} in every observation): nothing to explain."
    return reason_collinear(X, names, constant=constant)


def require_estimable(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: Sequence[str],
    *,
    constant: bool = True,
) -> None:
    """Raise NotEstimable with the reason, if there is one."""
    reason = reason_not_estimable(y, X, names, constant=constant)
    if reason:
        raise NotEstimable(reason)


def reason_missing(
    data: NDArray[np.float64], names: Sequence[str], years: Sequence[int] | None = None
) -> str | None:
    """Name every cell of (n, columns) data that holds no finite number, or return None."""
    places = [
        f"{name} {_rows(np.flatnonzero(~np.isfinite(column)), years)}"
        for name, column in zip(names, data.T, strict=True)
        if not np.isfinite(column).all()
    ]
    if not places:
        return None
    return f"Missing: {_listed(places)}; supply these cells or choose a sample without them."


def reason_collinear(
    X: NDArray[np.float64], names: Sequence[str], *, constant: bool = True
) -> str | None:
    """Name the regressors of (n, regressors) X that others (and the constant) determine exactly.

    Each column, centred where there is a constant and scaled to length one, is compared with those
    before it; "exactly" means up to the rounding of doubles of the size of its values.
    """
    if constant and (flat := _constant_columns(X)).any():
        flat_names = [name for name, is_flat in zip(names, flat, strict=True) if is_flat]
        verb = "is" if len(flat_names) == 1 else "are"
        return f"{_listed(flat_names)} {verb} constant: not to be told from the intercept."
    if not constant and not (lengths := np.sqrt((X**2).sum(axis=0))).all():
        return f"{names[int(np.argmin(lengths))]} is zero in every observation."
    Z, tolerance = _unit_columns(X, constant)
    for j in range(Z.shape[1]):
        others = _determined_by(Z[:, :j], Z[:, j], tolerance)
        if others is not None:
            combined = _listed([names[i] for i in others])
            return (
                f"Exact collinearity: {names[j]} is a linear combination of {combined}"
                f"{' and a constant' if constant else ''}; leave one of them out."
            )
    return None


def _require_shapes(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: Sequence[str],
    years: Sequence[int] | None,
) -> None:
    rows = {y.shape[0] if y.ndim == 1 else -1, X.shape[0] if X.ndim == 2 else -2}
    if years is not None:
        rows.add(len(years))
    if len(rows) > 1 or X.shape[1] != len(names) or not names:
        raise ValueError(
            f"y {y.shape}, X {X.shape}, {len(names)} names and "
            f"{'no' if years is None else len(years)} years do not fit together: expected y (n,), "
            "X (n, regressors), one name a regressor and, if any, n years."
        )


def _constant_columns(columns: NDArray[np.float64]) -> NDArray[np.bool_]:
    largest = np.abs(columns).max(axis=0)
    return np.asarray(np.ptp(columns, axis=0) <= 8 * np.finfo(np.float64).eps * largest)


def _unit_columns(X: NDArray[np.float64], constant: bool) -> tuple[NDArray[np.float64], float]:
    """Columns of length one, and how large rounding of the values in X is on that scale."""
    centred = X - X.mean(axis=0) if constant else X
    length = np.sqrt((centred**2).sum(axis=0))
    size = (np.abs(X).max(axis=0) / length).max()
    return centred / length, float(_ROUNDING * X.shape[0] * max(1.0, size))


def _determined_by(
    before: NDArray[np.float64], column: NDArray[np.float64], tolerance: float
) -> NDArray[np.intp] | None:
    """Indices of the columns before that combine to this one, or None if they do not.

    The columns before are independent beyond the tolerance, or the search would have ended there.
    """
    if before.shape[1] == 0:
        return None
    smallest = np.linalg.svd(np.column_stack([before, column]), compute_uv=False).min()
    if before.shape[0] > before.shape[1] and smallest > tolerance:
        return None
    weights = np.linalg.lstsq(before, column, rcond=None)[0]
    return np.flatnonzero(np.abs(weights) > _WEIGHT)


def _rows(rows: NDArray[np.intp], years: Sequence[int] | None) -> str:
    if years is None:
        return "row " + ", ".join(str(row + 1) for row in rows)
    return ", ".join(str(years[row]) for row in rows)


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
