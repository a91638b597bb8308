"""Tests by enumeration: every permutation of the years, every pattern of signs.

Belongs here: tests whose null distribution is counted, not assumed. Not here: t and F tests
(ols.py).

The observed arrangement is one of those counted, so p is never 0: its floor is 1/n! for
permutations and 2/2^n for signs, a pattern and its mirror giving the same |t|. Where n is too
large to count all, that many are drawn and p is (1 + as extreme)/(1 + drawn).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from math import factorial

import numpy as np
from numpy.typing import NDArray

PERMUTED_UP_TO = 9  # 362,880 orders
SIGNED_UP_TO = 16  # 65,536 patterns
DRAWN = 100_000
# Equal statistics of two arrangements differ by rounding; what comes this close counts as equal.
_TIE = 1e-9
_BLOCK = 8  # rows permuted at once: 40,320 orders bound the memory
_DRAWN_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class EnumeratedTest:
    """A p-value by counting; arrangements includes the observed one."""

    p: float
    arrangements: int
    enumerated: bool  # False where they were drawn


@dataclass(frozen=True, slots=True)
class ExactTests:
    """The F test by permutation, and each coefficient's test by permutation and by signs."""

    names: tuple[str, ...]
    F: EnumeratedTest
    permutation: tuple[EnumeratedTest, ...]  # Freedman-Lane, one a regressor
    sign_flip: tuple[EnumeratedTest, ...]  # one a regressor


@dataclass(frozen=True, slots=True)
class _Restricted:
    """The model without one regressor, which is the null of that regressor's test."""

    residual: NDArray[np.float64]  # (n,) of y on the other regressors and the constant
    basis: NDArray[np.float64]  # (n, p) orthonormal: constant and other regressors
    direction: NDArray[np.float64]  # (n,) unit vector: what the regressor adds to the basis

    def ratio(self, rearranged: NDArray[np.float64]) -> NDArray[np.float64]:
        """(m,) share of y*'s restricted sum of squares that the regressor explains: t²/(t²+df).

        rearranged: (m, n) restricted residuals in another order or with other signs. The restricted
        fit that is added to them to make y* is orthogonal to the direction and drops out.
        """
        explained = (rearranged @ self.direction) ** 2
        left = (rearranged**2).sum(axis=1) - ((rearranged @ self.basis) ** 2).sum(axis=1)
        return np.asarray(explained / np.where(left > 0, left, 1.0))


def exact_tests(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: tuple[str, ...],
    rng: np.random.Generator,
) -> ExactTests:
    """Test (n,) y on (n, p) X by enumeration; rng is used only where n is too large for that.

    F: all n! orders of y. Exact if, without any effect, every order of y is equally likely.
    Coefficients, permutation (Freedman and Lane): the residuals of the model without the regressor,
    in all n! orders, are added to its fit, and |t| of the regressor in the full model is compared.
    Not exact, since residuals are not errors; the enumeration only removes the noise of drawing.
    Manly's permutation of y itself is not used: it tests all coefficients at once.
    Coefficients, sign flip (wild bootstrap, Rademacher weights): the same restricted residuals
    (the null imposed, no leverage correction) with all 2^n patterns of signs; |t| uses the usual
    OLS standard error. Allows errors of unequal variance that are symmetric about zero.
    Limits: both hold errors of different years for exchangeable or independent. Years of a
    trending series are neither, so even an "exact" p is too small for it; the trend baseline says
    by how much. At n = 8 sign-flip p-values come in steps of 1/128 and are coarse where few years
    carry the residuals; of 1,500 simulated samples with n = 8 and four unrelated regressors it
    rejected a true null at 5 % in 3.5 % and found an effect of three error standard deviations in
    53 %, where t found 83 %: a high sign-flip p alone is weak evidence of nothing.
    Sources: Fisher (1935); Freedman and Lane (1983), J. Bus. Econ. Stat. 1, 292-298; Davidson and
    Flachaire (2008), J. Econometrics 146, 162-169; Winkler et al. (2014), NeuroImage 92, 381-397.
    """
    restricted = tuple(_restricted(y, X, j) for j in range(X.shape[1]))
    return ExactTests(
        names=names,
        F=_permutation_F(y, X, rng),
        permutation=tuple(_permutation(model, rng) for model in restricted),
        sign_flip=tuple(_sign_flip(model, rng) for model in restricted),
    )


def _restricted(y: NDArray[np.float64], X: NDArray[np.float64], j: int) -> _Restricted:
    others = np.column_stack([np.ones(len(y)), np.delete(X - X.mean(axis=0), j, axis=1)])
    basis = np.linalg.qr(others / np.sqrt((others**2).sum(axis=0)))[0]
    direction = _beyond(basis, X[:, j] - X[:, j].mean())
    return _Restricted(_beyond(basis, y), basis, direction / np.sqrt(direction @ direction))


def _beyond(basis: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the basis leaves of the values; taken twice, so that rounding is left out too."""
    once = values - basis @ (basis.T @ values)
    return np.asarray(once - basis @ (basis.T @ once))


def _permutation_F(
    y: NDArray[np.float64], X: NDArray[np.float64], rng: np.random.Generator
) -> EnumeratedTest:
    """R² orders the permutations as F does."""
    centred = X - X.mean(axis=0)
    basis = np.linalg.qr(centred / np.sqrt((centred**2).sum(axis=0)))[0]
    y_centred = y - y.mean()
    total = float(y_centred @ y_centred)

    def R2(rearranged: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(((rearranged @ basis) ** 2).sum(axis=1) / total)

    observed = float(R2(y_centred[None])[0])
    blocks = (R2(y_centred[order]) for order in _orders(len(y), rng))
    return _counted(observed, blocks, factorial(len(y)), len(y) <= PERMUTED_UP_TO)


def _permutation(model: _Restricted, rng: np.random.Generator) -> EnumeratedTest:
    n = len(model.residual)
    observed = float(model.ratio(model.residual[None])[0])
    blocks = (model.ratio(model.residual[order]) for order in _orders(n, rng))
    return _counted(observed, blocks, factorial(n), n <= PERMUTED_UP_TO)


def _sign_flip(model: _Restricted, rng: np.random.Generator) -> EnumeratedTest:
    n = len(model.residual)
    observed = float(model.ratio(model.residual[None])[0])
    blocks = (model.ratio(model.residual * signs) for signs in _signs(n, rng))
    return _counted(observed, blocks, 2**n, n <= SIGNED_UP_TO)


def _counted(
    observed: float, blocks: Iterator[NDArray[np.float64]], count: int, enumerated: bool
) -> EnumeratedTest:
    threshold = observed * (1 - _TIE)
    as_extreme = sum(int((block >= threshold).sum()) for block in blocks)
    if enumerated:
        return EnumeratedTest(as_extreme / count, count, True)
    return EnumeratedTest((1 + as_extreme) / (1 + DRAWN), 1 + DRAWN, False)


def _orders(n: int, rng: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Every order of n rows, at most 40,320 at once, or drawn ones."""
    if n > PERMUTED_UP_TO:
        for _ in range(DRAWN // _DRAWN_AT_ONCE):
            yield rng.random((_DRAWN_AT_ONCE, n)).argsort(axis=1)
        return
    inner = _all_orders(min(n, _BLOCK))
    for first in permutations(range(n), n - inner.shape[1]):
        rest = np.array([row for row in range(n) if row not in first])
        head = np.broadcast_to(np.array(first, dtype=np.intp), (len(inner), len(first)))
        yield np.concatenate([head, rest[inner]], axis=1)


def _all_orders(n: int) -> NDArray[np.intp]:
    """(n!, n), each row an order: every order of n-1 with the last put in every place."""
    orders = np.zeros((1, 1), dtype=np.intp)
    for size in range(2, n + 1):
        larger = np.empty((size, len(orders), size), dtype=np.intp)
        for place in range(size):
            larger[place, :, :place] = orders[:, :place]
            larger[place, :, place] = size - 1
            larger[place, :, place + 1 :] = orders[:, place:]
        orders = larger.reshape(-1, size)
    return orders


def _signs(n: int, rng: np.random.Generator) -> Iterator[NDArray[np.float64]]:
    """Every pattern of n signs, or drawn ones."""
    if n > SIGNED_UP_TO:
        for _ in range(DRAWN // _DRAWN_AT_ONCE):
            yield _as_signs(rng.integers(0, 2, (_DRAWN_AT_ONCE, n)))
        return
    yield _as_signs((np.arange(2**n)[:, None] >> np.arange(n)) & 1)


def _as_signs(bits: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(bits * 2 - 1, dtype=np.float64)
