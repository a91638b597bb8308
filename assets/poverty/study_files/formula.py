"""Formulas of a study's own indices: arithmetic over indicators, with its units checked.

Belongs here: what a formula may be, its unit, its value. Not here: the paper's indices (those are
in `sql/indices`), which print a figure is taken from, and rows (formula_index.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite, nan
from typing import TYPE_CHECKING

from assets.extracts.meaning.registry import indicators
from assets.extracts.meaning.units import unit_of, units

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

MAX_CHARACTERS = 500

# Powers of the basic quantities that a dimension of units.yaml is made of, none of them 0.
_DIMENSIONS: Mapping[str, dict[str, int]] = {
    "currency": {"cny": 1},
    "persons": {"persons": 1},
    "currency_per_person": {"cny": 1, "persons": -1},
    "ratio": {},
    "percentage_points": {"percentage_points": 1},
    "count": {"count": 1},
}


class FormulaError(ValueError):
    """A formula that cannot be used; the message says what was found and what is expected."""


@dataclass(frozen=True, slots=True)
class _Quantity:
    """value times 10**power, in the basic quantities raised to their powers."""

    value: float
    dimension: Mapping[str, int]
    power: int


def formula_indicators(formula: str) -> tuple[str, ...]:
    """The indicators a formula names, in alphabetical order. Raises FormulaError."""
    from sqlglot import exp

    return tuple(sorted({str(column.name) for column in _parsed(formula).find_all(exp.Column)}))


def require_unit(formula: str, unit: str) -> None:
    """Raise FormulaError unless the formula is arithmetic over indicators that has this unit."""
    try:
        evaluate(formula, unit, dict.fromkeys(formula_indicators(formula), nan))
    except ArithmeticError as error:
        raise FormulaError(f"'{formula}' has no finite value whatever the figures") from error


def evaluate(formula: str, unit: str, values: Mapping[str, float]) -> float:
    """The value of a formula in `unit` (an id or a printed text of units.yaml).

    values: of each indicator it names, in the indicator's canonical unit. Powers of ten between
    units are carried beside the values and applied once, at the end and where sums need it.
    Raises FormulaError, and ZeroDivisionError or OverflowError where there is no finite value.
    """
    target = unit_of(unit)
    if target is None:
        raise FormulaError(f"'{unit}' is no unit of assets/extracts/meaning/units.yaml")
    result = _value(_parsed(formula), values)
    expected = _DIMENSIONS[target.dimension]
    accepted = [expected]
    if target.dimension == "currency":  # yuan may stand for yuan per person, as in print
        accepted.append(_DIMENSIONS["currency_per_person"])
    if result.dimension not in accepted:
        raise FormulaError(
            f"'{formula}' is in {_spelled(result.dimension)}, its unit '{unit}' in "
            f"{_spelled(expected)}"
        )
    value = _shifted(result.value, result.power - target.power)
    if not isfinite(value) and all(map(isfinite, values.values())):
        raise OverflowError(f"{formula} is beyond the range of numbers")
    return value


@cache
def _parsed(formula: str) -> "Expr":
    """The formula as a tree of sums, products, quotients, indicators and numbers alone."""
    import sqlglot
    from sqlglot import exp

    allowed = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Paren, exp.Column, exp.Identifier)
    if len(formula) > MAX_CHARACTERS:
        raise FormulaError(f"the formula is longer than {MAX_CHARACTERS} characters")
    try:
        trees = sqlglot.parse(formula, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise FormulaError(f"'{formula}' is not readable: expected {_FORM}") from error
    tree = trees[0] if len(trees) == 1 else None
    if tree is None:
        raise FormulaError(f"'{formula}' is not one formula: expected {_FORM}")
    for node in tree.walk():
        is_number = isinstance(node, exp.Literal) and not node.is_string
        if not (is_number or type(node) in allowed) or node.comments:
            raise FormulaError(f"'{node.sql()}' has no place in a formula: expected {_FORM}")
        if isinstance(node, exp.Column) and node.sql() not in indicators():
            raise FormulaError(
                f"'{node.sql()}' is no indicator of assets/extracts/meaning/indicators.yaml"
            )
    if not any(isinstance(node, exp.Column) for node in tree.walk()):
        raise FormulaError(f"'{formula}' names no indicator: expected {_FORM}")
    return tree


_FORM = "indicators and numbers joined by + - * / and parentheses"


def _value(node: "Expr", values: Mapping[str, float]) -> _Quantity:
    from sqlglot import exp

    if isinstance(node, exp.Paren):
        return _value(node.this, values)
    if isinstance(node, exp.Neg):
        inner = _value(node.this, values)
        return _Quantity(-inner.value, inner.dimension, inner.power)
    if isinstance(node, exp.Literal):
        return _Quantity(float(node.this), {}, 0)
    if isinstance(node, exp.Column):
        indicator = indicators()[node.name]
        dimension = _DIMENSIONS[indicator.dimension]
        return _Quantity(values[node.name], dimension, units()[indicator.unit].power)
    left, right = _value(node.this, values), _value(node.expression, values)
    if isinstance(node, (exp.Add, exp.Sub)):
        return _sum(node.sql(), left, right, 1 if isinstance(node, exp.Add) else -1)
    return _product(left, right, 1 if isinstance(node, exp.Mul) else -1)


def _sum(text: str, left: _Quantity, right: _Quantity, sign: int) -> _Quantity:
    if left.dimension != right.dimension:
        raise FormulaError(
            f"'{text}' adds {_spelled(left.dimension)} and {_spelled(right.dimension)}"
        )
    other = sign * _shifted(right.value, right.power - left.power)
    return _Quantity(left.value + other, left.dimension, left.power)


def _product(left: _Quantity, right: _Quantity, sign: int) -> _Quantity:
    powers = {
        name: left.dimension.get(name, 0) + sign * right.dimension.get(name, 0)
        for name in {*left.dimension, *right.dimension}
    }
    value = left.value * right.value if sign > 0 else left.value / right.value
    dimension = {name: power for name, power in powers.items() if power}
    return _Quantity(value, dimension, left.power + sign * right.power)


def _shifted(value: float, power: int) -> float:
    """value times 10**power; a negative power divides, so that x / 100 is rounded once."""
    return value * 10.0**power if power >= 0 else value / 10.0**-power


def _spelled(dimension: Mapping[str, int]) -> str:
    """Powers of basic quantities in words: cny per persons; a number where there are none."""
    parts = [
        " ".join(f"{name}{f'^{abs(p)}' if abs(p) > 1 else ''}" for name, p in sorted(own.items()))
        for own in (
            {name: p for name, p in dimension.items() if p > 0},
            {name: p for name, p in dimension.items() if p < 0},
        )
    ]
    above, below = parts
    if not (above or below):
        return "a pure number"
    return f"{above or '1'}{' per ' if below else ''}{below}"
