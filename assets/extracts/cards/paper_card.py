"""What a paper states outside its tables: sample, scaling, equations, definitions, claims.

Belongs here: the contract of a card's `paper` block. Not here: the numbers of the tables (they are
read from the document) and any judgement of them (`assets/papers/audit/`).
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from assets.extracts.written.strict_model import StrictModel

Text = Annotated[str, Field(min_length=1)]
PrintedNumber = Annotated[str, Field(pattern=r"^[-−]?\d+(\.\d+)?$")]
Direction = Literal["positive", "negative"]


class Equation(StrictModel):
    """An equation of the running text: each term's coefficient exactly as printed."""

    estimator: Text
    place: Text
    terms: Annotated[dict[str, PrintedNumber], Field(min_length=1)]


class Definition(StrictModel):
    """A variable defined as a weighted sum of others, row by row."""

    term: Text
    weights: Annotated[dict[str, float], Field(min_length=1)]
    text: Text


class Bound(StrictModel):
    """The values that a variable, as the paper defines it, can take."""

    term: Text
    low: float | None = None
    high: float | None = None
    text: Text

    @model_validator(mode="after")
    def _bounded(self) -> "Bound":
        if self.low is None and self.high is None:
            raise ValueError("a bound needs low, high or both")
        return self


class _Claim(StrictModel):
    claim: Text  # the number under which the claim is known, such as A6
    text: Text  # the claim in words


class SignificantClaim(_Claim):
    """A coefficient is significant at a level and has a direction."""

    kind: Literal["significant_at"]
    term: Text
    estimator: Text
    level: Annotated[float, Field(gt=0, lt=1)]
    direction: Direction


class CorrelatedClaim(_Claim):
    """Two variables are correlated in a direction, significantly at a level."""

    kind: Literal["correlated"]
    term: Text
    other_term: Text
    level: Annotated[float, Field(gt=0, lt=1)]
    direction: Direction


class SignClaim(_Claim):
    """A coefficient has a direction."""

    kind: Literal["sign"]
    term: Text
    estimator: Text
    direction: Direction


class ValueClaim(_Claim):
    """A number of a table repeated in words; times `factor` it is in the table's unit."""

    kind: Literal["value"]
    estimator: str = ""
    term: str = ""
    statistic: Text
    printed: PrintedNumber
    factor: Annotated[float, Field(gt=0)] = 1.0


class CollinearClaim(_Claim):
    """Every VIF of a fit exceeds a threshold."""

    kind: Literal["collinear"]
    estimator: Text
    threshold: Annotated[float, Field(ge=1)]


class EffectSizeClaim(_Claim):
    """A rise of the term by 1 % of its value changes the dependent variable by `printed` %."""

    kind: Literal["effect_size"]
    term: Text
    estimator: Text
    printed: PrintedNumber


Claim = Annotated[
    SignificantClaim | CorrelatedClaim | SignClaim | ValueClaim | CollinearClaim | EffectSizeClaim,
    Field(discriminator="kind"),
]


class Span(StrictModel):
    """First and last year of the sample, both included."""

    first: int
    last: int

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.first > self.last:
            raise ValueError(f"first year {self.first} is after last year {self.last}")
        return self


class Limits(StrictModel):
    """A least and a largest count, both included."""

    low: Annotated[int, Field(gt=2)]
    high: Annotated[int, Field(gt=2)]

    @model_validator(mode="after")
    def _in_order(self) -> "Limits":
        if self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        return self


class ModelSample(StrictModel):
    """What is printed of one model's sample, where it differs from the paper's.

    absorbed: fixed effects that take degrees of freedom and are no rows of the table.
    """

    n: Annotated[int, Field(gt=2)] | None = None
    clusters: Annotated[int, Field(gt=1)] | None = None
    absorbed: Annotated[int, Field(ge=0)] = 0


class Combination(StrictModel):
    """A printed estimate that is the difference of two others, or the average of several.

    samples: separate where the estimates come from units of which none is in two of them, so that
    their errors are independent; overlapping where they have units in common.
    """

    kind: Literal["difference", "average"]
    estimator: Text
    term: Text
    of: Annotated[tuple[str, ...], Field(min_length=2, strict=False)]
    samples: Literal["separate", "overlapping"] | None = None

    @model_validator(mode="after")
    def _two_for_a_difference(self) -> "Combination":
        if self.kind == "difference" and len(self.of) != 2:
            raise ValueError(f"a difference is of two estimates, not of {len(self.of)}")
        return self


class PaperCard(StrictModel):
    """A paper's sample, conventions and statements.

    scaling: what the variables of the regressions went through; descriptives are of raw values.
    star_levels: the levels of one, two and three stars by falling p, as the paper states them.
    errors, p_values, t_values, digits, missing: how the numbers were made, where the paper says
    so; what is None is tried both ways (`assets/papers/audit/conventions.py`).
    missing: pairwise where descriptives and correlations are over whatever is there of each
    variable or pair; pair_n: over how many observations, where that is printed.
    treated_clusters: treated clusters behind a term, where the paper counts them.
    """

    n: Annotated[int, Field(gt=2)]
    errors: Literal["classical", "robust", "clustered"] | None = None
    p_values: Literal["two_sided", "one_sided"] | None = None
    t_values: Literal["signed", "unsigned"] | None = None
    digits: Literal["rounded", "cut"] | None = None
    missing: Literal["listwise", "pairwise"] | None = None
    pair_n: Limits | None = None
    models: dict[str, ModelSample] = Field(default_factory=dict)
    treated_clusters: dict[str, Annotated[int, Field(gt=0)]] = Field(default_factory=dict)
    combinations: tuple[Combination, ...] = Field(default=(), strict=False)
    years: Span | None = None
    dependent: Text
    scaling: Literal["none", "min_max"] = "none"
    star_levels: tuple[float, ...] = Field(default=(0.01, 0.05, 0.10), strict=False)
    equations: tuple[Equation, ...] = Field(default=(), strict=False)
    definitions: tuple[Definition, ...] = Field(default=(), strict=False)
    bounds: tuple[Bound, ...] = Field(default=(), strict=False)
    claims: tuple[Claim, ...] = Field(default=(), strict=False)
