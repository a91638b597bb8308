"""The SQL models as Spark runs them: transpiled by sqlglot, and refused where engines may differ.

Belongs here: the one list of what gives the same on DuckDB and on Spark, the rules beyond it, and
the translation. Not here: a session of Spark (`spark_engine.py`), and any SQL (`sql/`).

What is allowed was tried on both engines (`tests/towns/records/test_spark.py`), and all else is
refused: of 48 snippets ten gave something else on Spark 4.3, without a word, or an error (a cast of
3.5 to a whole number is 4 on DuckDB and 3 on Spark, x / 0 infinite and an error, ln(0) an error and
NULL, a week begins with day 0 and 1, ...).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

# Types of columns by name, of tables by their name `schema.noun`.
Columns = Mapping[str, Mapping[str, str]]

# Expressions that give the same on both engines, some of them under the rules of `_broken_rules`.
_KNOWN = """
    Select From Join Where Group Union Subquery With CTE Table TableAlias Alias Identifier Column
    Star Distinct Values Tuple Paren Literal Boolean Null Cast DataType Case If Coalesce Nullif
    Greatest And Or Not In Is Between EQ NEQ GT GTE LT LTE Add Sub Mul Div IntDiv Floor Ln DPipe
    SplitPart Year Count CountIf Sum Min Max Window Order Ordered Lag Unnest GenerateSeries
"""
_SAME = frozenset(_KNOWN.split())
# What may be said of an expression beyond its parts: a join is LEFT or CROSS, never ASOF.
_WORDS: dict[tuple[type[exp.Expr], str], tuple[object, ...]] = {
    (exp.Join, "side"): ("LEFT",),
    (exp.Join, "kind"): ("CROSS", "INNER"),
    (exp.Union, "distinct"): (True,),
    (exp.DataType, "this"): (exp.DType.INT, exp.DType.BIGINT, exp.DType.DOUBLE),
    (exp.Boolean, "this"): (True,),
    (exp.Window, "over"): ("OVER",),
    # what sqlglot notes of DuckDB's own way, which Spark's is, too
    (exp.Count, "big_int"): (True,),
    (exp.DPipe, "safe"): (True,),
    (exp.Greatest, "ignore_nulls"): (True,),
    (exp.GenerateSeries, "is_end_exclusive"): (True,),
}
_NAMES = (exp.Identifier, exp.Literal, exp.Anonymous)  # their words are the author's
_PICKING = ("on", "except_", "replace", "rename")
_FSUM = "fsum"  # DuckDB's sum of doubles with the roundings made up for; Spark has none
# The same doubles in one order, whatever machine read which part first, so that the same records
# give the same bits each time. Nothing but nulls adds up to null on both engines.
_ORDERED_SUM = (
    "case when count(x) > 0 then aggregate(array_sort(collect_list(x)), cast(0 as double), "
    "(total, one) -> total + one) end"
)


class EnginesDiffer(ValueError):
    """SQL that may give something else on Spark; the message names the file and what to write."""


@dataclass(frozen=True, slots=True)
class SparkSelect:
    """One SELECT for Spark, and the types of its columns by DuckDB's names."""

    sql: str
    columns: Mapping[str, str]


def on_spark(name: str, sql: str, columns: Columns) -> SparkSelect:
    """The SELECT `sql` in Spark's SQL, reading views named by `view_name`.

    name: of the file, for messages; columns: of every table it reads. Raises EnginesDiffer.
    """
    query = sqlglot.parse_one(sql, read="duckdb")
    for call in _fsums(query):
        call.set("expressions", [_without_own_order(call.expressions[0])])
    _refuse(name, _unknown(query))
    found = _typed(query, columns)
    _refuse(name, _broken_rules(found))
    types = {one.alias_or_name: str(one.type) for one in found.selects}
    for table in list(query.find_all(exp.Table)):
        if table.db:
            flat = exp.to_table(view_name(f"{table.db}.{table.name}"))
            table.replace(exp.alias_(flat, table.alias or table.name, table=True))
    for call in _fsums(query):
        ordered = sqlglot.parse_one(_ORDERED_SUM, read="spark")
        for place in list(ordered.find_all(exp.Column)):
            if place.name == "x":
                place.replace(call.expressions[0].copy())
        call.replace(ordered)
    return SparkSelect(query.sql(dialect="spark", comments=False), types)


def view_name(table: str) -> str:
    """The name of a table `schema.noun` in a session of Spark, whose views have no schema."""
    return table.replace(".", "__")


def _refuse(name: str, problems: Iterator[str]) -> None:
    if found := sorted(set(problems)):
        raise EnginesDiffer(
            f"{name}: {'; '.join(found)}.\n"
            "  Expected: what is known to give the same on DuckDB and on Spark.\n"
            "  Write it otherwise; or try it on both (tests/towns/records/test_spark.py) and add "
            "it in assets/towns/records/engines/spark_sql.py."
        )


def _fsums(query: exp.Expr) -> list[exp.Anonymous]:
    return [each for each in query.find_all(exp.Anonymous) if each.name.lower() == _FSUM]


def _without_own_order(added: exp.Expr) -> exp.Expr:
    """`x` of `fsum(x order by x)`, which is the order that Spark takes in any case."""
    of = added.this
    if isinstance(added, exp.Order) and added.expressions == [exp.Ordered(this=of)]:
        assert isinstance(of, exp.Expr)
        return of
    return added


def _typed(query: exp.Expr, columns: Columns) -> exp.Query:
    """A copy with the type of every expression; each fsum is a sum marked as exact."""
    schema: dict[str, Any] = {}
    for name, of_table in columns.items():
        database, table = name.split(".")
        schema.setdefault(database, {})[table] = dict(of_table)
    query = query.copy()
    for call in _fsums(query):
        total = exp.Sum(this=call.expressions[0])
        total.meta[_FSUM] = True
        call.replace(total)
    found = annotate_types(
        qualify(query, dialect="duckdb", schema=schema), schema=schema, dialect="duckdb"
    )
    assert isinstance(found, exp.Query)
    return found


def _unknown(query: exp.Expr) -> Iterator[str]:
    for each in query.walk():
        kind = type(each)
        if kind.__name__ not in _SAME and not (isinstance(each, exp.Anonymous) and _fsums(each)):
            yield f"{_shown(each)} ({kind.__name__}) is not known to give the same"
        for key, value in each.args.items():
            said = value and not isinstance(value, exp.Expr | list)
            if said and kind not in _NAMES and value not in _WORDS.get((kind, key), ()):
                yield f"{_shown(each)} ({key} {value}) is not known to give the same"
        if isinstance(each, exp.Order) and not isinstance(each.parent, exp.Window):
            yield f"{_shown(each)} is not known to give the same; rows have no order here"
        if isinstance(each, exp.Distinct | exp.Star) and any(each.args.get(k) for k in _PICKING):
            yield f"{_shown(each)} is not known to give the same; name the columns"


def _broken_rules(query: exp.Expr) -> Iterator[str]:
    for each in query.walk():
        if isinstance(each, exp.Div | exp.IntDiv) and not _is_never_zero(each.expression):
            yield f"{_shown(each)} may divide by zero; write nullif(…, 0)"
        if isinstance(each, exp.IntDiv) and not isinstance(each.this, exp.Count):
            yield f"{_shown(each)} rounds otherwise below zero; only a count is divided like that"
        if isinstance(each, exp.Cast) and _is_whole(each) and not _is_whole(each.this):
            yield f"{_shown(each)} is rounded by DuckDB and cut by Spark; cast whole numbers only"
        if isinstance(each, exp.Sum) and not each.meta.get(_FSUM) and not _is_whole(each.this):
            yield f"{_shown(each)} hangs on the order of the records; write fsum(…)"
        if isinstance(each, exp.Ln) and not _is_guarded(each):
            yield f"{_shown(each)} may be of zero; write case when x > 0 then ln(x) …"
        if isinstance(each, exp.SplitPart) and not each.args["part_index"].is_int:
            yield f"{_shown(each)} may ask for part 0; write the number of the part"


def _is_whole(each: exp.Expr) -> bool:
    return each.is_type(*exp.DataType.INTEGER_TYPES) or isinstance(each, exp.Floor)


def _is_never_zero(each: exp.Expr) -> bool:
    each = each.unnest()
    if isinstance(each, exp.Nullif):
        return each.expression.is_number and float(each.expression.name) == 0
    return each.is_number and float(each.name) != 0


def _is_guarded(each: exp.Ln) -> bool:
    """It stands where its argument is above zero."""
    branch = each.find_ancestor(exp.If)
    condition = None if branch is None else branch.this
    return (
        isinstance(condition, exp.GT)
        and condition.this == each.this
        and condition.expression.is_number
        and float(condition.expression.name) == 0
    )


def _shown(each: exp.Expr) -> str:
    text = each.sql(dialect="duckdb", comments=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
