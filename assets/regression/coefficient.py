"""One estimated coefficient with its test of zero: what OLS, ridge and panel results share.

Belongs here: the coefficient. Not here: how any estimator finds it, or its t-test
(significance.py).
"""

from dataclasses import dataclass

CONSTANT = "const"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An estimate in the units of the data, with its test of zero.

    std_error, t and p are None where the convention of the estimator defines none.
    """

    term: str  # CONSTANT or the regressor's name
    estimate: float
    std_error: float | None
    t: float | None
    p: float | None
