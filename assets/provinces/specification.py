"""What the study of provinces estimates: of which outcome, on which regressors, and what it judges.

Belongs here: the lists, as data, and the constants of the study. Not here: estimators, figures
(`sql/provinces/`).

IM is e-commerce of surveyed enterprises over gross product here, at the firm's seat and with
business between firms: another concept than the IM of He's paper, and so said wherever it shows.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line, which reads this file, loads no scipy
    from assets.regression.verdict import Rule

STUDY = "provinces_2016_2024"
TITLE = "E-commerce of enterprises and rural income in 31 provinces, 2016-2024"
FIRST_YEAR, LAST_YEAR = 2016, 2024
SEED = 20_260  # of the bootstrap
DRAWS = 1999
RIDGE_K = 0.148  # of He's paper, in the convention of SPSS
HEADQUARTERS = ("CN-BJ", "CN-SH")  # where platforms have their seats, and book what all sell
OWN_PLACE = "CN-GS"  # the province of the paper
MISSING = "aEDI and CEI: nobody prints online consumption by province and year"
CONCEPT = (
    "IM here is e-commerce sales of surveyed enterprises (with_purchases: sales and purchases) "
    "over gross product, booked at the firm's seat and with business between firms: another "
    "concept than the IM of He's paper, which is transactions of all kinds."
)


@dataclass(frozen=True, slots=True)
class Specification:
    """An outcome and its regressors: columns of provinces.province_panel."""

    name: str
    outcome: str
    ecommerce: str
    agriculture: str
    growth: str = "log_eg"

    @property
    def regressors(self) -> tuple[str, ...]:
        """E-commerce first."""
        return (self.ecommerce, self.agriculture, self.growth)


MAIN = Specification("income", "log_rural_income", "log_im", "log_gross_output")
GAP = Specification("gap", "log_urban_rural_ratio", "log_im", "log_gross_output")
SPECIFICATIONS = (
    MAIN,
    Specification("income_with_purchases", MAIN.outcome, "log_im_with_purchases", MAIN.agriculture),
    Specification("income_primary", MAIN.outcome, "log_im", "log_primary"),
    Specification("income_aig_gross_output", MAIN.outcome, "log_im", "aig_gross_output"),
    Specification("income_aig_primary", MAIN.outcome, "log_im", "aig_primary"),
    GAP,
    Specification("gap_with_purchases", GAP.outcome, "log_im_with_purchases", GAP.agriculture),
)
# What He's pipeline takes: levels, as in the paper; the outcome in logarithms all the same.
HE_MODEL = Specification(
    "he", "log_rural_income", "im_sales", "gross_output_100m_cny", "eg_10k_cny"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of He's paper about poverty, put to rural income or to the gap to town."""

    claim: str  # number in the paper's list of claims
    part: str
    text: str
    specification: str
    term: str
    rule: "Rule"


CLAIMS = (
    Claim("A7", "income", "E-commerce raises rural income", "income", "log_im", "above_zero"),
    Claim(
        "A7",
        "income, with purchases",
        "E-commerce, purchases counted, raises rural income",
        "income_with_purchases",
        "log_im_with_purchases",
        "above_zero",
    ),
    Claim(
        "A7",
        "gap",
        "E-commerce narrows the gap between urban and rural income",
        "gap",
        "log_im",
        "not_above_zero",
    ),
    Claim(
        "A6",
        "income",
        "Agriculture raises rural income",
        "income",
        "log_gross_output",
        "above_zero",
    ),
    Claim(
        "A9",
        "income",
        "Gross product per head raises rural income",
        "income",
        "log_eg",
        "above_zero",
    ),
)
