"""Asset checks: queries that must be empty, and suites of Great Expectations.

Belongs here: reading what is expected (`sql/checks`, `expectations`, `sql/frames`), judging by it,
and showing the failing rows. Not here: what is expected, and the one check that needs Python (a
plot), which stands in its room.
"""
