"""How well synthetic controls fit the years before certification.

Belongs here: what the fit says. Not here: the fit (`estimators/synthetic/synthetic_did.py`). The
weights were fitted to these years, so it is no test of what the estimator needs.
"""

from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.synthetic.synthetic_did import NEEDS, SyntheticDid


def evidence(fit: SyntheticDid) -> Evidence:
    """The worst fit of a cohort, and over how many controls its weights spread."""
    worst = max(fit.cohorts, key=lambda cohort: cohort.pre_fit_rmse)
    fewest = min(cohort.effective_controls for cohort in fit.cohorts)
    return Evidence(
        estimator=fit.form,
        assumption=NEEDS,
        test="pre_fit",
        cell="",
        statistic=worst.pre_fit_rmse,
        p_value=float("nan"),
        verdict="cannot say",
        sentence=(
            f"Before certification treated and weighted controls part by at most "
            f"{worst.pre_fit_rmse:.3f} (root mean square, cohort "
            f"{worst.window.first_treated_year}); the weights were fitted to these years, so this "
            f"is no test. They spread over at least {fewest:.0f} controls. {' '.join(fit.notes)}"
        ).strip(),
    )
