"""The table of what single new documents moved.

Belongs here: its declaration. Not here: its rows (effect.py).
"""

from assets.vintages.keys import REGION, SAMPLE, STUDY, VINTAGE
from assets.warehouse.table import Column, Table

MODEL_REVISION_EFFECT = Table(
    name="model.revision_effect",
    grain=(
        "one row per vintage, new document, prints, study, region, sample, kind, item and "
        "reference_year: what moved when this document alone was added to those published before"
    ),
    columns=(
        VINTAGE,
        Column("source", "VARCHAR", "folder of the new document under landing/"),
        Column("edition", "INTEGER", "year it was printed"),
        Column(
            "prints",
            "VARCHAR",
            "revised: only figures of it that were printed before; all: its new figures, too",
        ),
        STUDY,
        REGION,
        SAMPLE,
        Column("kind", "VARCHAR", "index for an index value; ols or ridge for a coefficient"),
        Column("item", "VARCHAR", "the index, or the term: const or a regressor"),
        Column("reference_year", "INTEGER", "year of the index value; 0 for a coefficient"),
        Column("n_before", "INTEGER", "count of years fitted without the document", nullable=True),
        Column("n", "INTEGER", "count of years fitted with it; NULL: no coefficient", True),
        Column("old_value", "DOUBLE", "without the document; NULL: missing, not fitted", True),
        Column("new_value", "DOUBLE", "with the document; NULL: missing, not fitted", True),
        Column("change", "DOUBLE", "new less old; EG in 10,000 yuan per person", nullable=True),
        Column("change_pct", "DOUBLE", "of the old index value; NULL: coefficient, or 0", True),
        Column("change_std_errors", "DOUBLE", "change over the old standard error", nullable=True),
    ),
    primary_key=(
        *("vintage", "source", "edition", "prints", "study", "region", "sample"),
        *("kind", "item", "reference_year"),
    ),
)
