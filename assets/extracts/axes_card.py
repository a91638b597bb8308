"""The keys of layout `axes`: where a table's three axes stand, and what of it is left out.

Belongs here: the contract of `tables.<number>.axes` in a card. Not here: reading a table by it
(layouts/axes.py).
"""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from assets.extracts.registry import indicators, regions

Text = Annotated[str, Field(min_length=1)]
AxisName = Literal["indicator", "region", "year"]
PLACEHOLDERS = ("indicator", "region", "year", "unit")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Axis(_Strict):
    """Where one axis stands: exactly one of the three.

    across: rows of the header, counted from 1; down: heading of the column, '' for a blank one;
    several (地区, Region) must say the same; once: `line` (a line above the block), `sheet` (its
    name), or the value itself.
    """

    across: tuple[Annotated[int, Field(ge=1)], ...] = Field(default=(), strict=False)
    down: tuple[str, ...] = Field(default=(), strict=False)
    once: Text | int | None = None

    @field_validator("across", "down", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, int | str) else value

    @model_validator(mode="after")
    def _stands_somewhere(self) -> "Axis":
        if bool(self.across) + bool(self.down) + (self.once is not None) != 1:
            raise ValueError("an axis stands in one place: across, down or once")
        return self


class HeaderRows(_Strict):
    """Rows of a block's header beside the one that holds the headings of its columns.

    at: rows in which the headings stand, where they cannot be found by their text.
    """

    at: tuple[Annotated[int, Field(ge=1)], ...] = Field(default=(), strict=False)
    above: Annotated[int, Field(ge=0, le=9)] = 0
    below: Annotated[int, Field(ge=0, le=9)] = 0

    @field_validator("at", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, int) else value


class LeftOut(_Strict):
    """Columns and rows of which nothing is taken.

    Each a label as printed, a pattern between slashes (/比上年/), or a place: 'column E', 'row 9',
    'rows 9-12'.
    """

    columns: tuple[Text, ...] = Field(default=(), strict=False)
    rows: tuple[Text, ...] = Field(default=(), strict=False)

    @field_validator("columns", "rows")
    @classmethod
    def _patterns(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            if len(text) > 2 and text[0] == text[-1] == "/":
                try:
                    re.compile(text[1:-1])
                except re.error as error:
                    raise ValueError(f"'{text}' is no pattern: {error}") from error
        return texts


class AxesCard(_Strict):
    """A table as indicator × region × year.

    region: without it the card's; figures: heading of the column of figures, where no axis stands
    across; unit: heading of a column of units; lines: texts beside the blocks, with {year},
    {region}, {indicator} or {unit} where one is to be read; blocks: how many there are; only:
    column → the value of the lines that are taken; dates: the day that stands for a year.
    """

    indicator: Axis
    year: Axis
    region: Axis | None = None
    figures: Text | None = None
    unit: Text | None = None
    lines: tuple[Text, ...] = Field(default=(), strict=False)
    blocks: Annotated[int, Field(ge=1)] = 1
    header: HeaderRows = HeaderRows()
    left_out: LeftOut = LeftOut()
    only: dict[str, str] = {}
    dates: Literal["01-01", "12-31"] | None = None

    @property
    def by_name(self) -> dict[AxisName, Axis]:
        """The axes that the card places."""
        placed: dict[AxisName, Axis] = {"indicator": self.indicator, "year": self.year}
        return placed if self.region is None else {**placed, "region": self.region}

    @model_validator(mode="after")
    def _fit_together(self) -> "AxesCard":
        axes = self.by_name
        problems: list[str] = []
        if not any(axis.down for axis in axes.values()):
            problems.append("one axis at least stands down")
        if any(axis.across for axis in axes.values()) == (self.figures is not None):
            problems.append("figures names the column of figures where no axis stands across")
        rows = 1 + self.header.above + self.header.below
        used = {row for axis in axes.values() for row in axis.across}
        if used - set(range(1, rows + 1)):
            problems.append(f"the header has {rows} rows; header.above and header.below add some")
        stated = {name: axis.once for name, axis in axes.items()}
        known = {"indicator": indicators(), "region": regions()}
        for name, value in stated.items():
            is_place = value is None or value in ("line", "sheet")
            if name == "year" and not is_place and not isinstance(value, int):
                problems.append(f"year.once: '{value}' is no year, line or sheet")
            if name != "year" and not is_place and value not in known[name]:
                problems.append(f"{name}.once: '{value}' is no known {name}, line or sheet")
        for line in self.lines:
            for placeholder in re.findall(r"\{(.*?)\}", line):
                if placeholder not in PLACEHOLDERS:
                    problems.append(f"lines: {{{placeholder}}} is none of {PLACEHOLDERS}")
                elif placeholder != "unit" and stated.get(placeholder) != "line":
                    problems.append(f"{{{placeholder}}} in lines wants {placeholder}.once: line")
        if problems:
            raise ValueError("; ".join(problems))
        return self
