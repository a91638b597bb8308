"""Where in a paper a number stands, whichever table prints it.

Belongs here: the place of a printed number. Not here: the number, or what it is compared with.
"""

# Kind of table, estimator, row, column, statistic.
Place = tuple[str, str, str, str, str]

SETTINGS = ("k", "n")  # printed beside results, and given to the fit, not computed by it


def place_of(kind: str, estimator: str, term: str, other_term: str, statistic: str) -> Place:
    """The place of a printed number; all tables of regression results share one kind."""
    if kind == "correlations":
        first, second = sorted((term, other_term))
        return kind, "", first, second, statistic
    if kind == "descriptives":
        return kind, "", term, "", statistic
    return "regression", estimator, term, "", statistic
