"""What can be measured and where: indicators with their printed labels, and regions.

Belongs here: ids, names, labels, canonical units and plausible ranges, read from the YAML files
beside this module and from `landing/indicators.yaml`. Not here: any figure, and
labels only one document uses (its card has those).
"""

import os
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from assets.extracts.errors import DocumentError
from assets.extracts.meaning.declared_indicators import declared_indicators
from assets.extracts.meaning.definitions import Definitions, shipped_definitions
from assets.extracts.meaning.printed_text import strip_marks
from assets.extracts.meaning.units import same_dimension, units
from assets.extracts.regions.countries import countries
from assets.extracts.regions.region import ALWAYS, STILL, Region
from assets.extracts.regions.region_file import read_regions
from assets.extracts.regions.spellings import spellings
from assets.extracts.written.landing_files import ADDED_REGIONS, INDICATORS_NAME
from assets.extracts.written.yaml_file import parse_yaml
from assets.warehouse.home import HOME_VARIABLE, Home
from assets.warehouse.unchanged.reads import note_file

_IN_BOTH = re.compile(
    r"(?P<zh>[^A-Za-z]*[\u3400-\u9fff])\s*[/(（]?\s*(?P<en>[A-Za-z][A-Za-z'’ .-]*)[)）]?"
)
_HERE = Path(__file__).parent
_SHIPPED = "assets/extracts/meaning/indicators.yaml"
_MONEY_SINCE, _MONEY_BEFORE = 2005, 0.005  # China's gross product: 679 in 1952, 100,280 in 2000
_CJK = "\u3000-\u303f\u3400-\u9fff"
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d{1,2}[.、](?!\d))\s*"
)
_OF_WHICH = re.compile(r"^(?:其中|of which)\s*:?\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A quantity the documents report; `unit` is the canonical unit every value is kept in.

    definitions: None where all that goes by its name is one series.
    """

    id: str
    name_en: str
    name_zh: str
    labels: tuple[str, ...]
    dimension: str
    unit: str
    plausible: Mapping[str, tuple[float, float]]
    census_factor: tuple[float, float] | None
    may_be_revised: bool
    definitions: Definitions | None = None

    @property
    def spellings(self) -> tuple[str, ...]:
        """Its id, its name in Chinese and every printed label, those of its definitions too."""
        of = self.definitions.of.values() if self.definitions else ()
        return (self.id, self.name_zh, *self.labels, *(text for one in of for text in one.labels))


def indicators() -> Mapping[str, Indicator]:
    """Every indicator by id."""
    return _known_indicators().by_id


def indicator_of(label: str) -> str | None:
    """Indicator id for a printed label without its unit (or for an id); None where unknown."""
    return _known_indicators().by_label.get(normalise_label(label))


def regions() -> Mapping[str, Region]:
    """Every region by id: those that ship, countries, and what the landing folder adds."""
    return _regions(*_added_regions())[0]


def regions_named(name: str, first: int = ALWAYS, last: int = STILL) -> tuple[str, ...]:
    """Ids of every region that a name or code may mean, where it was in force in years first-last.

    A figure of 1995 in an edition of 2010 may carry any name in force from 1995 to 2010. A name in
    Chinese and English means what both do.
    """
    known = _regions(*_added_regions())[1]
    meant = known.get(normalise_label(name), ())
    both = None if meant else _IN_BOTH.fullmatch(name.strip())
    if both is not None:  # 甘 肃 Gansu
        english = {it.code for it in known.get(normalise_label(both["en"]), ())}
        chinese = known.get(normalise_label(both["zh"]), ())
        meant = tuple(it for it in chinese if it.code in english)
    in_force = (it.code for it in meant if it.first_year <= last and first <= it.last_year)
    return tuple(dict.fromkeys(in_force))


def region_of(name: str) -> str | None:
    """Id of the one region that a name or code means; None where unknown or ambiguous."""
    meant = regions_named(name)
    return meant[0] if len(meant) == 1 else None


def require_region(name: str) -> str:
    """Id of the one region that a name or code means. Raises ValueError where that is not one."""
    meant = regions_named(name)
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise ValueError(f"'{name}' may be {known_regions(meant)}: write the code")
    raise ValueError(
        f"'{name}' is no region of assets/extracts/regions/regions.yaml, ISO 3166 or "
        f"landing/{ADDED_REGIONS}"
    )


def known_regions(codes: Sequence[str]) -> str:
    """Regions as messages list them."""
    return " or ".join(regions()[code].known_as for code in codes)


def border_notes(region: str, year: int) -> tuple[str, ...]:
    """What to say of a figure of a year before the region's borders changed."""
    return tuple(
        f"borders changed in {change.year}: {change.what}"
        for change in regions()[region].changes
        if year < change.year
    )


def plausible_range(
    indicator: Indicator, region: str, year: int = _MONEY_SINCE
) -> tuple[float, float]:
    """Values, in the indicator's canonical unit, that can be meant for this region in a year.

    Sums of money were a small part of today's in 1952, and prices too.

    Where the indicator has no range for the kind of region, what no region at all can have is left
    out: below zero and below every range, above every range.
    """
    place = regions()[region]
    ranges = indicator.plausible
    low, high = ranges.get("CN" if region == "CN" else place.kind, _widest(ranges.values()))
    if indicator.census_factor is not None and place.census_2020_10k_persons is not None:
        least, most = indicator.census_factor
        low = max(low, least * place.census_2020_10k_persons)
        high = min(high, most * place.census_2020_10k_persons)
    if year < _MONEY_SINCE and low > 0 and indicator.dimension.startswith("currency"):
        low *= _MONEY_BEFORE
    return low, high


def _widest(ranges: Collection[tuple[float, float]]) -> tuple[float, float]:
    return min(0, *(low for low, _ in ranges)), max(high for _, high in ranges)


@lru_cache(maxsize=20_000)  # a document prints the same labels in every row
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
    raw: dict[str, dict[str, Any]] = parse_yaml((_HERE / name).read_text(encoding="utf-8"))
    return raw


def _index(texts_by_id: Mapping[str, tuple[str, ...]], file: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, texts in texts_by_id.items():
        for text in {normalise_label(text) for text in texts}:
            if text in found:
                raise ValueError(f"{file}: {text!r} means both {found[text]} and {key}")
            found[text] = key
    return found


@dataclass(frozen=True, slots=True)
class _Indicators:
    by_id: Mapping[str, Indicator]
    by_label: Mapping[str, str]  # normalised label (or id) → id


def _known_indicators() -> _Indicators:
    """Those that ship and those of the warehouse's landing folder, read again once it changes."""
    path = _landing_file(INDICATORS_NAME)
    try:
        state = os.stat(path)
    except OSError:
        return _shipped()
    return _with_declared(path, state.st_mtime_ns, state.st_size)


@cache
def _shipped() -> _Indicators:
    by_id = {key: _indicator(key, entry) for key, entry in _load("indicators.yaml").items()}
    if strange := set(shipped_definitions()) - set(by_id):
        raise ValueError(f"definitions.yaml: no indicator {', '.join(sorted(strange))}")
    texts = {key: item.spellings for key, item in by_id.items()}
    return _Indicators(by_id, _index(texts, "indicators.yaml"))


@lru_cache(maxsize=1)
def _with_declared(path: str, mtime_ns: int, size: int) -> _Indicators:
    """Lay a user's indicators beside those that ship. Raises DocumentError where two conflict."""
    by_id, by_label = dict(_shipped().by_id), dict(_shipped().by_label)
    for key, entry in declared_indicators(Path(path)).items():
        indicator = Indicator(
            id=key,
            name_en=entry.en,
            name_zh=entry.zh,
            labels=entry.labels,
            dimension=entry.dimension or units()[entry.unit].dimension,
            unit=entry.unit,
            plausible={"CN": entry.plausible, "province": entry.plausible},
            census_factor=None,
            may_be_revised=entry.revised,
            definitions=entry.definitions,
        )
        for label in (*indicator.spellings, entry.en):
            other = by_label.setdefault(normalise_label(label), key)
            if other != key or key in by_id:
                place = _SHIPPED if other in _shipped().by_id else f"landing/{INDICATORS_NAME}"
                raise DocumentError(
                    f"landing/{INDICATORS_NAME}",
                    field=key,
                    found=f"'{label}' is {other} in {place} already",
                    expected="ids and labels that nothing else has",
                    advice="Take the label out here, or give the indicator another id; if both are "
                    f"the same quantity, use {other} in the cards.",
                )
        by_id[key] = indicator
    return _Indicators(by_id, by_label)


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
        definitions=shipped_definitions().get(key),
    )


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A region that a spelling may mean, and the years in which it does."""

    code: str
    first_year: int
    last_year: int


def _added_regions() -> tuple[str, int | None]:
    """The landing folder's file of regions, and when it was changed last; None: there is none."""
    path = _landing_file(ADDED_REGIONS)
    try:
        return path, os.stat(path).st_mtime_ns
    except OSError:
        return path, None


def _landing_file(name: str) -> str:
    """Where a file of the landing folder lies, of which what was made serves as long as it stays.

    A result that asks for it hangs on it.
    """
    root, path = _places(name, os.environ.get(HOME_VARIABLE))
    note_file(root, path)
    return path


@cache
def _places(name: str, _home: str | None) -> tuple[Path, str]:
    home = Home.from_environment()
    return home.root, str(home.landing / name)


@lru_cache(maxsize=4)
def _regions(
    added: str, changed: int | None
) -> tuple[dict[str, Region], dict[str, tuple[_Meaning, ...]]]:
    found, meanings = _shipped_regions()
    if changed is None:
        return found, meanings
    more = read_regions(Path(added), f"landing/{ADDED_REGIONS}", found)
    everything = {**found, **more}
    return everything, _meanings(everything)


@cache
def _shipped_regions() -> tuple[dict[str, Region], dict[str, tuple[_Meaning, ...]]]:
    found = {country.code: country for country in countries()}
    shipped = _HERE.parent / "regions" / "regions.yaml"
    found |= read_regions(shipped, "assets/extracts/regions/regions.yaml", found)
    return found, _meanings(found)


def _meanings(found: Mapping[str, Region]) -> dict[str, tuple[_Meaning, ...]]:
    by_text: dict[str, list[_Meaning]] = {}
    for code, region in found.items():
        by_text.setdefault(normalise_label(code), []).append(_Meaning(code, ALWAYS, STILL))
        for naming in region.namings:
            meaning = _Meaning(code, naming.first_year, naming.last_year)
            for text in {normalise_label(text) for text in spellings(naming)}:
                by_text.setdefault(text, []).append(meaning)
    return {text: tuple(meanings) for text, meanings in by_text.items()}
