"""What the study of poverty classes puts to which regressors, what it judges and cannot say.

Belongs here: the lists, as data, and the words that go with them. Not here: estimators
(poverty_classes.py), figures (`sql/provinces/poverty_class.sql`).
"""

from assets.provinces.specification import Claim, Specification

STUDY = "poverty_classes_2016_2018"
TITLE = "Enterprises' e-commerce and rural poverty incidence by class, 31 provinces, 2016 and 2018"
SCALE = "elasticity of poverty incidence"
IN_CLASSES = (
    "Poverty incidence of provinces is printed in classes only: four in 2016, two in 2018, and a "
    "number for Yunnan in 2018. Each province is taken for where its class puts it, by maximum "
    "likelihood under normal errors of the logarithm; no class is turned into a number."
)
CANNOT = (
    "Not to be said of these classes: by how much incidence fell in a province whose two classes "
    "overlap, anything of years between them, and anything of the registered poor, who are another "
    "count. Points of 15 provinces in 2013 are left out: enterprises' e-commerce is printed from "
    "2015 on."
)
INCIDENCE = Specification("incidence", "log_incidence", "log_im", "log_gross_output")
SPECIFICATIONS = (
    INCIDENCE,
    Specification(
        "incidence_income", "log_incidence", "log_im", "log_gross_output", "log_rural_income"
    ),
)
CLAIM = Claim(
    "A7",
    "poverty incidence by class",
    "E-commerce lowers rural poverty incidence",
    INCIDENCE.name,
    INCIDENCE.ecommerce,
    "not_above_zero",
)
