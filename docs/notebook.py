"""A notebook over the published warehouse: what is found, how sure, and from which cell.

`uv run marimo edit docs/notebook.py` in the folder of the warehouse, or with YEARBOOK_HOME set,
opens it in the browser; `uv run python docs/notebook.py` only runs it. It reads `warehouse.duckdb`
and nothing else, so a copy of the two files is all that a colleague needs. More: `queries.md`.
"""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import os
    from pathlib import Path

    import duckdb
    import marimo as mo
    from matplotlib.figure import Figure

    file = Path(os.environ.get("YEARBOOK_HOME", ".")) / "warehouse.duckdb"
    warehouse = duckdb.connect(file.resolve(), read_only=True)
    return Figure, mo, warehouse


@app.cell
def _(mo, warehouse):
    vintage = warehouse.sql("select vintage, created_at, documents from current.vintage").df()
    mo.md(f"# Vintage {vintage['vintage'].item()}, {vintage['documents'].item()} documents")
    return (vintage,)


@app.cell
def _(mo, warehouse):
    studies = warehouse.sql(
        "select study, label, name_en, name_zh, results from catalog.study"
    ).df()
    mo.vstack([mo.md("## Studies, and on what kind of data"), mo.ui.table(studies)])
    return (studies,)


@app.cell
def _(mo, warehouse):
    results = warehouse.sql(
        """
        select study, result, part, scale, estimate, low, high, verdict, label, sentence
        from current.result
        order by label, study, result, part
        """
    ).df()
    mo.vstack([mo.md("## What is found: one row a result"), mo.ui.table(results)])
    return (results,)


@app.cell
def _(Figure, mo, results):
    # Coefficients of the studies of series, on one scale; what is not official says so by its name.
    shown = results[(results["scale"] == "normalised") & results["low"].notna()].iloc[::-1]
    forest = Figure(figsize=(8, 1 + 0.3 * len(shown)), layout="constrained")
    axes = forest.add_subplot()
    names = shown["study"] + " " + shown["result"]
    names = names.where(shown["label"] == "official", names + " (" + shown["label"] + ")")
    axes.errorbar(
        shown["estimate"],
        range(len(shown)),
        xerr=[shown["estimate"] - shown["low"], shown["high"] - shown["estimate"]],
        fmt="o",
    )
    axes.axvline(0, color="grey")
    axes.set_yticks(range(len(shown)), names)
    axes.set_xlabel("OLS coefficient, both sides scaled to 0-1, with 95 % interval")
    mo.vstack([mo.md("## Coefficients, with intervals"), forest])
    return (forest,)


@app.cell
def _(mo, warehouse):
    prints = warehouse.sql(
        """
        select
            reference_year,
            arg_min(value, edition) as first_print,
            arg_max(value, edition) as last_print,
            100 * (last_print / first_print - 1) as change_pct,
            any_value(unit) as unit
        from raw.observation
        where
            indicator = 'gross_product' and region = 'CN-GS' and definition = 'own'
            and quality <> 'recovered'
        group by reference_year
        order by reference_year
        """
    ).df()
    mo.vstack([mo.md("## Gansu's gross product, as first printed and now"), mo.ui.table(prints)])
    return (prints,)


@app.cell
def _(mo, warehouse):
    cells = warehouse.sql(
        """
        select indicator, reference_year, printed_value, printed_unit, file, sheet, cell
        from latest.figure
        where region = 'CN-GS'
        order by indicator, reference_year
        """
    ).df()
    mo.vstack([mo.md("## The cell of each figure of Gansu"), mo.ui.table(cells)])
    return (cells,)


if __name__ == "__main__":
    app.run()
