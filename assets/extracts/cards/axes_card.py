"""The keys of layout `axes`: where a table's three axes stand, and what of it is left out.

Belongs here: the contract of `tables.<number>.axes` in a card, and the usual shapes by their names
(shapes.yaml). Not here: reading a table by it (layouts/axes/).
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from assets.extracts.meaning.registry import indicators, regions
from assets.extracts.written.strict_model import StrictModel
from assets.extracts.written.yaml_file import parse_yaml

Text = Annotated[str, Field(min_length=1)]
Rows = Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(strict=False)]
AxisName = Literal["indicator", "region", "year"]
PLACEHOLDERS = ("indicator", "region", "year", "unit")
_SHAPES = Path(__file__).with_name("shapes.yaml")


def is_pattern(entry: str) -> bool:
    """Whether an entry of a card is a pattern (/比上年/) and no text as printed."""
    return len(entry) > 2 and entry[0] == entry[-1] == "/"


@cache
def shapes() -> Mapping[str, Mapping[str, Any]]:
    """The usual shapes of a table by name, as a card would state each."""
    stated: dict[str, dict[str, Any]] = parse_yaml(_SHAPES.read_text(encoding="utf-8"))
    return stated


def _require_patterns(entries: tuple[str, ...]) -> tuple[str, ...]:
    for entry in entries:
        if is_pattern(entry):
            try:
                re.compile(entry[1:-1])
            except re.error as error:
                raise ValueError(f"'{entry}' is no pattern: {error}") from error
    return entries


class Axis(StrictModel):
    """Where one axis stands: exactly one of the three.

    across: rows of the header, counted from 1, or `header` for all of them; down: heading of the
    column, '' for a blank one, or a pattern for the whole of it; several (地区, Region), and all
    that a pattern fits, must say the same; once: `line` (a line above the block), `sheet` (its
    name), or the value itself; of a region also `export` (地区：… above, none for the nation);
    blank: `card`, where a blank cell stands for the region of the card; `above`, where a blank key
    stands for the one above it.
    """

    across: Rows | Literal["header"] = ()
    down: tuple[str, ...] = Field(default=(), strict=False)
    once: Text | int | None = None
    blank: Literal["card", "above"] | None = None

    @field_validator("across", "down", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, int | str) and value != "header" else value

    @field_validator("down")
    @classmethod
    def _patterns(cls, headings: tuple[str, ...]) -> tuple[str, ...]:
        return _require_patterns(headings)

    @model_validator(mode="after")
    def _stands_somewhere(self) -> "Axis":
        if bool(self.across) + bool(self.down) + (self.once is not None) != 1:
            raise ValueError("an axis stands in one place: across, down or once")
        return self


class HeaderRows(StrictModel):
    """Rows of a block's header beside the one that holds the headings of its columns.

    at: rows in which the headings stand, where they cannot be found by their text; below: how many,
    or `keys` for all down to the first with a key in the columns that stand down.
    """

    at: Rows = ()
    above: Annotated[int, Field(ge=0, le=9)] = 0
    below: Annotated[int, Field(ge=0, le=9)] | Literal["keys"] = 0
    blank: Literal["left", "nothing"] | None = None

    @field_validator("at", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, int) else value


class LeftOut(StrictModel):
    """Columns and rows of which nothing is taken.

    Each a label as printed, a pattern between slashes (/比上年/), or a place: 'column E', 'row 9',
    'rows 9-12'. under: texts that stand alone between the rows; with each go the rows below it,
    down to the next such text.
    """

    columns: tuple[Text, ...] = Field(default=(), strict=False)
    rows: tuple[Text, ...] = Field(default=(), strict=False)
    under: tuple[Text, ...] = Field(default=(), strict=False)

    @field_validator("columns", "rows", "under")
    @classmethod
    def _patterns(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        return _require_patterns(texts)


class AxesCard(StrictModel):
    """A table as indicator × region × year.

    shape: the name of a usual one, whose keys hold where the card has none; region: without it the
    card's; figures: heading of the column of figures, where no axis stands across; unit, note,
    quality: of columns that state these; a pattern names a column that need not be there; lines:
    texts beside the blocks, with {year}, {region}, {indicator} or {unit} where one is to be read;
    blocks: how many there are; only: column → the value of the lines that are taken; only_regions:
    the regions whose figures are taken; dates: the day that stands for a year; years: texts that
    name a year in their own way; multiplier: heading of a column of powers of ten (UNIT_MULT,
    SCALE) that goes with the unit; estimates_after: of a column of the last year that is no
    estimate; flags: `beside`, where a column of flags follows each column of figures, or `behind`,
    where flags stand behind the numbers in their cells (8104.1 bp).
    """

    shape: Text | None = None
    indicator: Axis
    year: Axis
    region: Axis | None = None
    figures: Text | None = None
    unit: Text | None = None
    note: Text | None = None
    quality: Text | None = None
    lines: tuple[Text, ...] = Field(default=(), strict=False)
    blocks: Annotated[int, Field(ge=1)] = 1
    header: HeaderRows = HeaderRows()
    left_out: LeftOut = LeftOut()
    only: dict[str, str] = Field(default_factory=dict)
    only_regions: tuple[Text, ...] = Field(default=(), strict=False)
    years: dict[str, Annotated[int, Field(ge=1900, le=2199)]] = Field(default_factory=dict)
    multiplier: Text | None = None
    estimates_after: Text | None = None
    dates: Literal["01-01", "12-31"] | None = None
    flags: Literal["beside", "behind"] | None = None

    @property
    def by_name(self) -> dict[AxisName, Axis]:
        """The axes that the card places."""
        placed: dict[AxisName, Axis] = {"indicator": self.indicator, "year": self.year}
        return placed if self.region is None else {**placed, "region": self.region}

    @property
    def one_a_line(self) -> bool:
        """Whether each line states one figure: the order of the lines means nothing."""
        return self.figures is not None

    @property
    def states_itself(self) -> bool:
        """Whether the blocks say every figure's indicator and year: no title could change them."""
        return self.indicator.once is None and self.year.once is None

    @model_validator(mode="before")
    @classmethod
    def _of_shape(cls, stated: Any) -> Any:
        if isinstance(stated, str):
            stated = {"shape": stated}
        if not isinstance(stated, Mapping) or "shape" not in stated:
            return stated
        if stated["shape"] not in shapes():
            raise ValueError(f"'{stated['shape']}' is no shape of a table ({', '.join(shapes())})")
        return {**shapes()[stated["shape"]], **stated}

    @field_validator("figures", "unit", "note", "quality", "multiplier", "estimates_after")
    @classmethod
    def _patterns(cls, heading: str | None) -> str | None:
        _require_patterns(() if heading is None else (heading,))
        return heading

    @model_validator(mode="after")
    def _fit_together(self) -> "AxesCard":
        axes = self.by_name
        problems: list[str] = []
        if "card" in (self.indicator.blank, self.year.blank):
            problems.append("blank: card belongs to the region: the card states one")
        if any(axis.blank == "above" and not axis.down for axis in axes.values()):
            problems.append("blank: above belongs to an axis that stands down")
        if not any(axis.down for axis in axes.values()):
            problems.append("one axis at least stands down")
        if any(axis.across for axis in axes.values()) == (self.figures is not None):
            problems.append("figures names the column of figures where no axis stands across")
        if self.header.below != "keys":
            rows = 1 + self.header.above + self.header.below
            stacks = [axis.across for axis in axes.values() if axis.across != "header"]
            used = {row for stack in stacks for row in stack}
            if used - set(range(1, rows + 1)):
                problems.append(
                    f"the header has {rows} rows; header.above and header.below add some"
                )
        unknown = sorted(set(self.only_regions) - set(regions()))
        if unknown:
            problems.append(f"only_regions: no known region {', '.join(unknown)}")
        stated = {
            name: axis.once
            for name, axis in axes.items()
            if (name, axis.once) != ("region", "export")
        }
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
