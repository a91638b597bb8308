"""What can be measured and where: indicators with their printed labels, and regions.

Belongs here: ids, names, labels, canonical units and plausible ranges, read from the YAML files
beside this module. Not here: any figure, and labels only one document uses (its card has those).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assets.extracts.printed_text import strip_marks
from assets.extracts.units import same_dimension, units

_HERE = Path(__file__).parent
_CJK = "\u3000-\u303f\u3400-\u9fff"
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d{1,2}[.、](?!\d))\s*"
)
_OF_WHICH = re.compile(r"^(?:其中|of which)\s*:?\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Region:
    """A nation or province: ISO 3166 code, names, residents of the 2020 census (10k persons)."""

    code: str
    name_en: str
    name_zh: str
    names: tuple[str, ...]
    census_2020_10k_persons: float

    @property
    def is_nation(self) -> bool:
        """Whether this is the whole nation."""
        return "-" not in self.code


@dataclass(frozen=True, slots=True)
class Indicator:
    """A quantity the documents report; `unit` is the canonical unit every value is kept in."""

    id: str
    name_en: str
    name_zh: str
    labels: tuple[str, ...]
    dimension: str
    unit: str
    plausible: Mapping[str, tuple[float, float]]
    census_factor: tuple[float, float] | None
    may_be_revised: bool


def indicators() -> Mapping[str, Indicator]:
    """Every indicator by id."""
    return _indicators()[0]


def indicator_of(label: str) -> str | None:
    """Indicator id for a printed label without its unit (or for an id); None where unknown."""
    return _indicators()[1].get(normalise_label(label))


def regions() -> Mapping[str, Region]:
    """Every region by ISO code."""
    return _regions()[0]


def region_of(name: str) -> str | None:
    """ISO code for a printed region name (or for a code); None where unknown."""
    return _regions()[1].get(normalise_label(name))


def plausible_range(indicator: Indicator, region: str) -> tuple[float, float]:
    """Values, in the indicator's canonical unit, that can be meant for this region."""
    place = regions()[region]
    low, high = indicator.plausible["CN" if place.is_nation else "province"]
    if indicator.census_factor is not None:
        least, most = indicator.census_factor
        low = max(low, least * place.census_2020_10k_persons)
        high = min(high, most * place.census_2020_10k_persons)
    return low, high


def normalise_label(text: str) -> str:
    """Fold away what may differ in print between two editions of one label.

    Footnote marks, full-width forms, letter case, spaces beside Chinese characters, list numbering
    ('一、', '1.'), a leading '其中：' and a trailing colon.
    """
    bare, _ = strip_marks(text)
    folded = unicodedata.normalize("NFKC", bare).casefold()
    folded = re.sub(r"\s+", " ", folded).strip()
    folded = re.sub(rf"(?<=[{_CJK}()]) | (?=[{_CJK}()])", "", folded)
    folded = _OF_WHICH.sub("", _NUMBERING.sub("", folded))
    return folded.rstrip(": ")


def has_chinese(text: str) -> bool:
    """Tell whether a text contains a Chinese character."""
    return re.search("[\u3400-\u9fff]", text) is not None


def _load(name: str) -> dict[str, dict[str, Any]]:
    raw: dict[str, dict[str, Any]] = yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))
    return raw


def _index(texts_by_id: Mapping[str, tuple[str, ...]], file: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, texts in texts_by_id.items():
        for text in {normalise_label(text) for text in texts}:
            if text in found:
                raise ValueError(f"{file}: {text!r} means both {found[text]} and {key}")
            found[text] = key
    return found


@cache
def _indicators() -> tuple[dict[str, Indicator], dict[str, str]]:
    by_id = {key: _indicator(key, entry) for key, entry in _load("indicators.yaml").items()}
    texts = {key: (key, item.name_zh, *item.labels) for key, item in by_id.items()}
    return by_id, _index(texts, "indicators.yaml")


def _indicator(key: str, entry: dict[str, Any]) -> Indicator:
    if not same_dimension(units()[entry["unit"]], entry["dimension"]):
        raise ValueError(f"indicators.yaml: {key} is kept in a unit of another dimension")
    factor = entry.get("census_factor")
    return Indicator(
        id=key,
        name_en=entry["en"],
        name_zh=entry["zh"],
        labels=tuple(entry["labels"]),
        dimension=entry["dimension"],
        unit=entry["unit"],
        plausible={place: (low, high) for place, (low, high) in entry["plausible"].items()},
        census_factor=None if factor is None else (factor[0], factor[1]),
        may_be_revised=entry["revised"],
    )


@cache
def _regions() -> tuple[dict[str, Region], dict[str, str]]:
    by_code = {
        code: Region(
            code, entry["en"], entry["zh"], tuple(entry["also"]), float(entry["census_2020"])
        )
        for code, entry in _load("regions.yaml").items()
    }
    texts = {code: (code, r.name_en, r.name_zh, *r.names) for code, r in by_code.items()}
    return by_code, _index(texts, "regions.yaml")
