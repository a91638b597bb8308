"""The published warehouse in the formats of other tools.

Belongs here: which tables leave, and one module per format. Not here: new numbers, the command
line, and the queries (`sql/queries/release/export_*.sql`).
"""
