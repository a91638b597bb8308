"""What counts of records may be shown of an area, and an attack on what is shown."""
