"""Every coefficient under every combination of defensible choices.

Belongs here: which specifications there are and their estimates, in order. Not here: what an
analyst may say about them (sentences.py).
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from assets.poverty.robustness.methods.closed_form import closed_form, without_each_row
from assets.poverty.robustness.trends.trend_checks import gap_in_years

LEVELS, DIFFERENCES, DETRENDED = "levels", "first differences", "detrended"


@dataclass(frozen=True, slots=True)
class SpecificationCurve:
    """One entry a specification and coefficient: by coefficient, then from the lowest slope up.

    An entry's own specification is regressors, form, k and the year left out.
    """

    names: tuple[str, ...]
    subsets: tuple[tuple[int, ...], ...]
    forms: tuple[str, ...]
    k: tuple[float, ...]
    years: tuple[int, ...]
    confidence: float
    term: NDArray[np.intp]  # (entries,) position in names
    subset: NDArray[np.intp]  # position in subsets
    form: NDArray[np.intp]  # position in forms
    k_position: NDArray[np.intp]  # position in k
    without: NDArray[np.intp]  # position in years of the year left out, -1 for none
    slope: NDArray[np.float64]  # units of the data
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p: NDArray[np.float64]
    not_estimable: int  # designs left out: collinear, or no residual degree of freedom

    def of(self, term: int) -> NDArray[np.bool_]:
        """(entries,) which entries are of this coefficient."""
        return np.asarray(self.term == term)

    def rising(self, term: int) -> list[int]:
        """The entries of this coefficient, from the lowest slope up."""
        entries = np.flatnonzero(self.of(term))
        return list(entries[np.argsort(self.slope[entries], kind="stable")].tolist())

    def setting(self, entry: int) -> str:
        """The specification of one entry in words, such as "AIG + IM, levels, k=0"."""
        regressors = " + ".join(self.names[j] for j in self.subsets[self.subset[entry]])
        left_out = self.without[entry]
        year = f", without {self.years[left_out]}" if left_out >= 0 else ""
        k = self.k[self.k_position[entry]]
        return f"{regressors}, {self.forms[self.form[entry]]}, k={k:.6g}{year}"


@dataclass(frozen=True, slots=True)
class _Samples:
    """Samples of equally many rows in one form."""

    data: NDArray[np.float64]  # (samples, rows, 1 + p), the dependent first
    without: NDArray[np.intp]  # (samples,) position of the year left out, -1 for none
    magnitude: NDArray[np.float64]  # (1 + p,) of the values the form was computed from
    df_lost: int


def specification_curve(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: tuple[str, ...],
    years: tuple[int, ...],
    k: tuple[float, ...],
    confidence: float = 0.95,
) -> SpecificationCurve:
    """Cross every choice for (n,) y on (n, p) X, rows in the order of years.

    - regressors: every subset that contains the coefficient;
    - form: levels; first differences with a constant (not where a year is missing in between);
      detrended, a straight line taken out of y and regressors at the cost of one degree of freedom;
    - estimator: OLS (k = 0) and ridge at each different k, the same number on the correlation
      matrix of whatever form and subset, slopes in the units of the data;
    - all years, or each left out (of differences, the change into that year).
    Interval: slope ± t(df) SE, for ridge in the SPSS convention, without its bias.
    Designs that are collinear or leave no residual degree of freedom are counted, not estimated.
    Limits: the specifications share the same few years and are no sample of anything: a share of
    them is a description of how far a result depends on choices, not a probability, and it depends
    on which choices are listed. Omitting regressors changes what a coefficient means.
    Source: Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4, 1208-1214.
    """
    # Rising, without repetitions: two rules that agree are one choice.
    ks = tuple(float(value) for value in np.unique((0.0, *k)))
    forms = _forms(y, X, years)
    places = range(X.shape[1])
    subsets = tuple(chosen for size in places for chosen in combinations(places, size + 1))
    position = {chosen: i for i, chosen in enumerate(subsets)}
    blocks, not_estimable = [], 0
    for form, data in enumerate(forms.values()):
        for size in places:
            chosen = np.array(list(combinations(places, size + 1)))
            numbers = np.array([position[tuple(columns)] for columns in chosen.tolist()])
            for samples in data:
                block, left_out = _estimates(samples, chosen, numbers, form, ks, confidence)
                blocks.append(block)
                not_estimable += left_out
    entries = np.concatenate(blocks, axis=1)
    entries = entries[:, np.lexsort((entries[5], entries[0]))]
    term, subset, form_position, k_position, without = entries[:5].astype(np.intp)
    slope, low, high, p = entries[5:]
    return SpecificationCurve(
        names=names,
        subsets=subsets,
        forms=tuple(forms),
        k=ks,
        years=years,
        confidence=confidence,
        term=term,
        subset=subset,
        form=form_position,
        k_position=k_position,
        without=without,
        slope=slope,
        low=low,
        high=high,
        p=p,
        not_estimable=not_estimable,
    )


def _forms(
    y: NDArray[np.float64], X: NDArray[np.float64], years: tuple[int, ...]
) -> dict[str, tuple[_Samples, ...]]:
    """Each form's data: all rows, and each row left out."""
    data = np.column_stack([y, X])
    size = np.abs(data).max(axis=0)
    n = len(y)
    forms = {LEVELS: _with_and_without(data, np.arange(n), size)}
    if gap_in_years(years) is None:
        forms[DIFFERENCES] = _with_and_without(np.diff(data, axis=0), np.arange(1, n), size)
    when = np.array(years, dtype=np.float64)
    forms[DETRENDED] = tuple(
        _Samples(_detrended(s.data, t), s.without, size, 1)
        for s, t in zip(forms[LEVELS], (when[None], without_each_row(when)), strict=True)
    )
    return forms


def _with_and_without(
    data: NDArray[np.float64], year: NDArray[np.intp], size: NDArray[np.float64]
) -> tuple[_Samples, ...]:
    return (
        _Samples(data[None], np.array([-1]), size, 0),
        _Samples(without_each_row(data), year, size, 0),
    )


def _detrended(data: NDArray[np.float64], when: NDArray[np.float64]) -> NDArray[np.float64]:
    """(samples, rows, columns) data less its straight line in (samples, rows) time and its mean."""
    centred = data - data.mean(axis=1, keepdims=True)
    time = when - when.mean(axis=1, keepdims=True)
    time = time / np.sqrt((time**2).sum(axis=1, keepdims=True))
    return np.asarray(centred - time[:, :, None] * np.einsum("sn,snc->sc", time, centred)[:, None])


def _estimates(
    samples: _Samples,
    chosen: NDArray[np.intp],
    numbers: NDArray[np.intp],
    form: int,
    ks: tuple[float, ...],
    confidence: float,
) -> tuple[NDArray[np.float64], int]:
    """(9, entries) of (subsets, size) chosen columns in every sample, and designs left out."""
    count, rows, _ = samples.data.shape
    size = chosen.shape[1]
    if rows - size - 1 - samples.df_lost < 1:
        return np.empty((9, 0)), count * len(chosen)
    designs = np.moveaxis(samples.data[:, :, 1 + chosen], 2, 1).reshape(-1, rows, size)
    y = np.repeat(samples.data[:, :, 0], len(chosen), axis=0)
    magnitude = np.tile(samples.magnitude[1 + chosen], (count, 1))
    y_magnitude = float(samples.magnitude[0])
    fits = closed_form(y, designs, np.array(ks), magnitude, y_magnitude, samples.df_lost)
    half = float(stdtrit(fits.df_residual, (1 + confidence) / 2)) * fits.std_error
    shape = (count, len(chosen), len(ks), size)
    labels = (
        chosen[None, :, None, :],
        numbers[None, :, None, None],
        np.array(form),
        np.arange(len(ks))[None, None, :, None],
        samples.without[:, None, None, None],
    )
    values = (fits.slope, fits.slope - half, fits.slope + half, fits.p)
    keep = np.broadcast_to(fits.estimable.reshape(*shape[:2], 1, 1), shape)
    columns = [np.broadcast_to(label, shape)[keep] for label in labels]
    columns += [value.reshape(shape)[keep] for value in values]
    return np.array(columns, dtype=np.float64), int((~fits.estimable).sum())
