"""Loading SQL models: what a file must hold, the graph, the column lineage; the shipped ones."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from orchestration import parsed_sql
from orchestration.parsed_sql import KeptLineages, parse
from orchestration.sql_models import SqlModelError, column_lineage, load_model, load_models

Write = Callable[[str, str], Path]

GOOD = """-- Growth of a region.
-- Grain: one row per region.
-- region: ISO code
-- growth: ratio
with figure as (
    select region, value, value_before from raw.figure
),
renamed as (
    select region, value as this_value, value_before as last_value from figure
)
select
    renamed.region,
    (this_value - last_value) / last_value * weight.weight as growth
from renamed
join raw.weight as weight using (region)
"""
TYPES = {
    "raw.figure": {"region": "VARCHAR", "value": "DOUBLE", "value_before": "DOUBLE"},
    "raw.weight": {"region": "VARCHAR", "weight": "DOUBLE"},
}


def test_a_model_is_its_header_its_tables_and_its_columns(write_model: Write) -> None:
    model = load_model(write_model("indices.growth", GOOD))
    assert model.name == "indices.growth"
    assert model.description == "Growth of a region."
    assert model.grain == "one row per region"
    assert dict(model.column_comments) == {"region": "ISO code", "growth": "ratio"}
    assert model.dependencies == ("raw.figure", "raw.weight")  # and not the CTEs


def test_column_lineage_goes_through_the_ctes(write_model: Write) -> None:
    lineage = column_lineage(load_model(write_model("indices.growth", GOOD)), TYPES)
    assert lineage == {
        "region": (("raw.figure", "region"),),
        "growth": (
            ("raw.figure", "value"),
            ("raw.figure", "value_before"),
            ("raw.weight", "weight"),
        ),
    }


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (GOOD.replace("from renamed\n", "from (renamed\n"), "not valid SQL"),
        (GOOD.replace("-- Grain: one row per region.\n", ""), "the header has no line"),
        (f"{GOOD};\nselect 1", "found 2 statement(s)"),
        (GOOD.split("with figure", maxsplit=1)[0] + "drop table raw.figure", "exactly one SELECT"),
        (GOOD.replace("-- growth: ratio", "-- groth: ratio"), "region, groth"),
        (GOOD.replace("-- growth: ratio\n", ""), "Describe each column"),
    ],
    ids=["parse error", "no grain", "two statements", "no select", "unknown column", "undescribed"],
)
def test_a_bad_model_is_refused_with_its_file(
    write_model: Write, broken: str, message: str
) -> None:
    path = write_model("indices.growth", broken)
    with pytest.raises(SqlModelError) as refused:
        load_model(path)
    assert str(path) in str(refused.value)
    assert message in str(refused.value)


def one_column(name: str, reads: str) -> str:
    return (
        f"-- A column.\n-- Grain: one row per a.\n-- a: a number\nselect a from {reads} -- {name}\n"
    )


def test_models_come_after_those_they_read(write_model: Write) -> None:
    path = write_model("indices.a_last", one_column("a_last", "indices.b_middle"))
    write_model("indices.b_middle", one_column("b_middle", "staging.c_first"))
    write_model("staging.c_first", one_column("c_first", "raw.observation"))
    names = [model.name for model in load_models(path.parents[1])]
    assert names == ["staging.c_first", "indices.b_middle", "indices.a_last"]


def test_a_circle_is_refused_with_its_members(write_model: Write) -> None:
    path = write_model("indices.a", one_column("a", "indices.b"))
    write_model("indices.b", one_column("b", "indices.a"))
    with pytest.raises(SqlModelError, match=r"in a circle: indices\.[ab] → indices\.[ab]"):
        load_models(path.parents[1])


def test_shipped_models_describe_themselves() -> None:
    models = load_models()
    assert len(models) >= 16
    for model in models:
        assert model.description
        assert model.grain.startswith("one row per"), model.name
        assert all(comment.strip() for comment in model.column_comments.values()), model.name
        assert (" empty" in model.description.lower()) == model.may_be_empty, model.name


def test_no_shipped_model_gives_out_a_star() -> None:
    for model in load_models():
        query = sqlglot.parse_one(model.sql, read="duckdb")
        assert isinstance(query, exp.Query)
        assert not query.is_star, model.name


def test_shipped_lineage_of_agricultural_income_growth() -> None:
    models = {model.name: model for model in load_models()}
    growth = models["indices.agricultural_income_growth"]
    types = {
        name: dict.fromkeys(models[name].column_comments, "VARCHAR") for name in growth.dependencies
    }
    pair, cell, year = (
        f"staging.{name}"
        for name in ("agricultural_income_growth_pair", "study_cell", "study_year")
    )
    lineage = column_lineage(growth, types)
    assert lineage["value"] == (
        (pair, "income_100m_cny"),
        (pair, "income_before_100m_cny"),
        (cell, "value"),
    )
    assert lineage["study"] == ((year, "study"),)
    assert lineage["reference_year"] == ((year, "reference_year"),)


def test_an_indented_line_goes_on_with_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    path = tmp_path / "made" / "one.sql"
    path.write_text(
        "-- What it is.\n-- Grain: one row per a and\n--     b.\n-- a: the first, which\n"
        "--     is long\n-- b: the second\nselect 1 as a, 2 as b\n",
        encoding="utf-8",
    )
    model = load_model(path)
    assert model.description == "What it is."
    assert model.grain == "one row per a and b"
    assert model.column_comments == {"a": "the first, which is long", "b": "the second"}


def test_what_a_table_means_holds_no_rest_of_a_column() -> None:
    means = {model.name: model.description for model in load_models()}
    assert means["catalog.indicator"].endswith("the indices that studies make of them.")
    assert means["indices.index_input"].endswith("what `where-from` shows.")


def test_what_was_parsed_once_is_known_until_the_text_changes(
    write_model: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = write_model("indices.a", one_column("a", "raw.observation"))
    parsed: list[str] = []
    monkeypatch.setattr(parsed_sql, "parse", lambda text: parsed.append(text) or parse(text))
    first = load_models(path.parents[1])
    assert load_models(path.parents[1]) == first
    assert len(parsed) == 1
    write_model("indices.a", one_column("a", "raw.document"))
    assert load_models(path.parents[1])[0].dependencies == ("raw.document",)
    assert len(parsed) == 2
    [kept] = path.parents[1].glob("__pycache__/*.json")
    for spoilt in ('{"a": 3}', "half of wh", "[]", '{"a": [["b"]]}'):
        kept.write_text(spoilt)
        assert load_models(path.parents[1])[0].dependencies == ("raw.document",)
    assert len(parsed) == 6


def test_a_lineage_is_known_until_the_text_or_a_table_changes(
    write_model: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    model = load_model(write_model("indices.growth", GOOD))
    folder = model.path.parents[1]
    found: list[str] = []
    real = parsed_sql.lineage
    monkeypatch.setattr(
        parsed_sql, "lineage", lambda text, of: found.append(text) or real(text, of)
    )

    def kept(text: str = GOOD, tables: dict[str, dict[str, str]] = TYPES) -> parsed_sql.Lineage:
        return KeptLineages(folder).of(model.name, text, tables)

    first = kept()
    assert kept() == first == real(GOOD, TYPES)
    assert len(found) == 1
    other = GOOD.replace("renamed.region,", "weight.region,")
    assert kept(other)["region"] == (("raw.weight", "region"),)
    assert kept(other, TYPES | {"raw.weight": {"region": "INTEGER", "weight": "DOUBLE"}})
    assert len(found) == 3
    [file] = folder.glob("__pycache__/lineages.*.json")
    for spoilt in ('{"indices.growth": 3}', "half of wh", "[]", '{"indices.growth": ["a", "b"]}'):
        file.write_text(spoilt)
        assert kept() == first
    assert len(found) == 7


def test_kept_lineages_of_shipped_models_are_those_that_are_found() -> None:
    models = load_models()
    types = {
        **{model.name: dict.fromkeys(model.column_comments, "VARCHAR") for model in models},
    }
    lineages = KeptLineages(Path("nowhere"))
    asked = [model for model in models if set(model.dependencies) <= types.keys()]
    assert len(asked) > 10
    for model in asked:
        tables = {name: types[name] for name in model.dependencies}
        computed = parsed_sql.lineage(model.sql, tables)
        assert lineages.of(model.name, model.sql, tables) == computed
        assert tuple(computed) == tuple(model.column_comments)


def test_nothing_is_kept_where_python_keeps_nothing(
    write_model: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = write_model("indices.a", one_column("a", "raw.observation"))
    load_models(path.parents[1])
    assert not list(path.parents[1].rglob("*.json"))
