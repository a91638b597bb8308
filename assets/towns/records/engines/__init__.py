"""What reads a record of a seller, and what runs it: DuckDB here, or Spark elsewhere."""
