"""The warehouse tables that documents fill: `raw.*`.

Belongs here: names, types, meanings and units of the columns. Not here: filling them.
"""

from assets.warehouse.table import Column, Table

_SOURCE = Column("source", "VARCHAR", "Folder of the document under landing/")
_EDITION = Column("edition", "INTEGER", "Year the document was printed")
_FILE = Column("file", "VARCHAR", "Document, path under landing/")
_SHA256 = Column("document_sha256", "VARCHAR", "SHA-256 of the document's bytes, hexadecimal")
_TABLE = Column("table_number", "VARCHAR", "Table of the document, as its card numbers it")
_SHEET = Column(
    "sheet",
    "VARCHAR",
    "Sheet of the workbook; page and table in a PDF, table in an HTML page; NULL for CSV",
    nullable=True,
)
_CELL = Column(
    "cell", "VARCHAR", "Cell, A1 style; in a CSV file the number is the line, in a PDF the row"
)
_CONTENT = Column(
    "content_sha256", "VARCHAR", "SHA-256 over the document, its card and the cards that extends"
)
_KEY = (
    _SOURCE,
    _EDITION,
    Column("region", "VARCHAR", "ISO 3166 code: CN the nation, CN-GS Gansu"),
    Column("indicator", "VARCHAR", "What is measured; id of the indicator registry"),
    Column("reference_year", "INTEGER", "Year the figure is about"),
)
# Rows from before the column: a value is its printed number times a scale, and so is half a unit.
_HALF_UNIT_BEFORE = r"""
    0.5 * power(
        10, -length(regexp_extract(replace(old.printed_value, ',', ''), '[0-9]+[.]([0-9]+)', 1))
    ) * coalesce(abs(old.value / nullif(try_cast(
        regexp_extract(replace(old.printed_value, ',', ''), '[0-9]+([.][0-9]+)?') as double
    ), 0)), 1)
"""
_KEY_NAMES = tuple(column.name for column in _KEY)

DOCUMENT = Table(
    "raw.document",
    "One row per edition of a source",
    (
        _SOURCE,
        _EDITION,
        Column("region", "VARCHAR", "Region of tables that name none, ISO 3166"),
        Column("title", "VARCHAR", "Title of the document"),
        Column("publisher", "VARCHAR", "Who published it"),
        Column("url", "VARCHAR", "Where it was found", nullable=True),
        Column("published_on", "DATE", "Day of publication", nullable=True),
        Column("accessed_on", "DATE", "Day it was fetched or read"),
        Column("licence", "VARCHAR", "Terms under which it may be used"),
        Column("quality", "VARCHAR", "published, derived or recovered"),
        Column(
            "standing", "VARCHAR", "official, ministry, relayed, secondary, estimate or forecast"
        ),
        Column("retyped", "BOOLEAN", "Whether the project typed the figures"),
        _FILE,
        _SHA256,
        _CONTENT,
        Column("bytes", "BIGINT", "Size of the document, bytes"),
        Column("observations", "INTEGER", "Number of figures taken into raw.observation"),
        Column("statistics", "INTEGER", "Number of figures taken into raw.published_statistic"),
        Column("note", "VARCHAR", "What the card notes", nullable=True),
        Column(
            "withdrawn",
            "VARCHAR",
            "Why no figure of it is taken any more; NULL for a document that counts",
            nullable=True,
        ),
        Column("card", "VARCHAR", "The card with all it extends, as JSON", nullable=True),
    ),
    ("source", "edition"),
)

OBSERVATION = Table(
    "raw.observation",
    "One row per source, edition, region, indicator and reference year",
    (
        *_KEY,
        Column("value", "DOUBLE", "Value in the unit of column unit"),
        Column(
            "half_unit",
            "DOUBLE",
            "Half a unit of the last printed digit, in column unit: the value is good to it; that "
            "of the right figure where a misprint is corrected, 0 for a mark that stands for zero",
            before=_HALF_UNIT_BEFORE,
        ),
        Column("unit", "VARCHAR", "Canonical unit, such as 100m_cny, 10k_persons or pct"),
        Column("quality", "VARCHAR", "published, derived or recovered"),
        Column("printed_value", "VARCHAR", "The number as the document prints it, in printed_unit"),
        Column("printed_label", "VARCHAR", "The label as the document prints it, without unit"),
        Column("printed_unit", "VARCHAR", "The unit as the document or its card prints it"),
        _FILE,
        _SHA256,
        _TABLE,
        _SHEET,
        _CELL,
        Column("note", "VARCHAR", "Note beside the figure, footnote marks", nullable=True),
    ),
    _KEY_NAMES,
)

UNAVAILABLE = Table(
    "raw.unavailable",
    "One row per place where a figure is due and none is printed",
    (
        *_KEY,
        Column("printed_value", "VARCHAR", "What stands there instead; empty for a blank"),
        Column("meaning", "VARCHAR", "not_available or below_half_unit"),
        _FILE,
        _TABLE,
        _SHEET,
        _CELL,
    ),
    _KEY_NAMES,
)

COVERAGE = Table(
    "raw.coverage",
    "One row per figure that the card of an edition declares",
    (
        *_KEY,
        Column(
            "missing_reason",
            "VARCHAR",
            "Why the edition does not print it; NULL where it is said to print it",
            nullable=True,
        ),
    ),
    _KEY_NAMES,
)

PUBLISHED_STATISTIC = Table(
    "raw.published_statistic",
    "One row per number in the result tables of a paper",
    (
        _SOURCE,
        _EDITION,
        _TABLE,
        Column("kind", "VARCHAR", "descriptives, correlations, model_summary or coefficients"),
        Column("estimator", "VARCHAR", "Estimator the card names, such as ols", nullable=True),
        Column("term", "VARCHAR", "Variable, or const; empty for a statistic of the model"),
        Column("other_term", "VARCHAR", "Second variable of a correlation; empty otherwise"),
        Column(
            "statistic",
            "VARCHAR",
            "min, max, mean, sd, r, R, R2, adjusted_R2, F, p, k, coefficient, std_error, t or vif",
        ),
        Column("value", "DOUBLE", "The number, in the paper's scale"),
        Column("printed_value", "VARCHAR", "The number as printed, with its stars"),
        Column("decimals", "INTEGER", "Digits printed after the point"),
        Column("stars", "VARCHAR", "Significance stars as printed: none, *, ** or ***"),
        _FILE,
        _SHA256,
        _SHEET,
        _CELL,
    ),
    ("source", "edition", "table_number", "term", "other_term", "statistic"),
)

QUARANTINE = Table(
    "raw.quarantine",
    "One row per document that could not be read, with the error",
    (
        _SOURCE,
        Column("edition", "VARCHAR", "Folder of the edition, a year unless that is the error"),
        _CONTENT,
        Column("file", "VARCHAR", "File the error is about, path from landing/"),
        Column("message", "VARCHAR", "The error: place, what was found, expected, what to do"),
    ),
    ("source", "edition"),
)

TABLES = (DOCUMENT, OBSERVATION, UNAVAILABLE, COVERAGE, PUBLISHED_STATISTIC, QUARANTINE)
