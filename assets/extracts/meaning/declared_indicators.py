"""Indicators that a user declares in `landing/indicators.yaml`, beside those that ship.

Belongs here: the form of that file. Not here: what ships, and looking labels up (registry.py).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from assets.extracts.meaning.definitions import Definitions
from assets.extracts.meaning.units import same_dimension, units
from assets.extracts.written.landing_files import INDICATORS_NAME
from assets.extracts.written.strict_model import StrictModel, wrong_fields
from assets.extracts.written.yaml_file import read_yaml

Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class DeclaredIndicator(StrictModel):
    """A quantity as a user declares it. unit: an id of units.yaml, in which every value is kept;
    plausible: lowest and highest value that can be meant, in that unit; dimension: where the unit
    alone does not say it (yuan per person); revised: whether later editions restate earlier years;
    definitions: where figures of more than one go by its name.
    """

    zh: Text
    en: Text
    labels: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    unit: Text
    plausible: Annotated[tuple[float, float], Field(strict=False)]
    dimension: Text | None = None
    revised: bool = True
    definitions: Definitions | None = None

    @model_validator(mode="after")
    def _means_something(self) -> "DeclaredIndicator":
        if self.unit not in units():
            raise ValueError(f"unit '{self.unit}' is none of {', '.join(sorted(units()))}")
        if self.dimension and not same_dimension(units()[self.unit], self.dimension):
            raise ValueError(f"unit '{self.unit}' does not measure {self.dimension}")
        if not self.plausible[0] < self.plausible[1]:
            raise ValueError("plausible is not [lowest, highest]")
        return self


def declared_indicators(path: Path) -> Mapping[str, DeclaredIndicator]:
    """The indicators of a file; none where it is not there.

    Raises DocumentError naming every entry that is wrong.
    """
    if not path.exists():
        return {}
    name = f"landing/{INDICATORS_NAME}"
    advice = "Correct the file; landing/README.md has an example."
    try:
        return TypeAdapter(dict[Id, DeclaredIndicator]).validate_python(
            read_yaml(path, name, dict, advice)
        )
    except ValidationError as error:
        expected = "id: {zh, en, labels, unit, plausible: [lowest, highest]} for each indicator"
        raise wrong_fields(name, error, expected, advice) from error
