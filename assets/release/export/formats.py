"""The names of the formats, as the command line offers them.

Belongs here: names. Not here: anything that writes; this module is loaded with the command line.
"""

FORMATS = ("xlsx", "csv", "parquet", "sdmx-csv", "datapackage")
