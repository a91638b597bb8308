"""The 80 exports of the statistics site's new address, against the panel made of them.

Each is read by a card of a few lines, as it is: a byte order mark, cells padded with tabs, a comma
behind each line, an empty newest year, notes. Skipped without the files.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.meaning.registry import region_of
from assets.warehouse.home import HOME_VARIABLE

PROVINCES = Path(__file__).parents[3] / "shared/data/provinces"
INCOMES, EXPORTS = PROVINCES / "nbs-province-agri-income", PROVINCES / "nbs-province-exports"
pytestmark = pytest.mark.skipif(not PROVINCES.is_dir(), reason="the exports are not at hand")

PANEL = {  # indicator → column of the panel
    "agriculture_gross_output": "agri_gross_output_100m",
    "consumption_per_head": "consumption_all_yuan",
    "disposable_income_per_head": "disposable_income_all_yuan",
    "gross_product": "gdp_100m_post5thcensus",
    "gross_product_per_head": "gdp_per_head_yuan",
    "primary_industry_value_added": "primary_va_100m",
    "total_retail_sales": "retail_sales_100m",
    "rural_consumption_per_head": "rural_consumption_yuan",
    "rural_disposable_income_per_head": "rural_disposable_income_yuan",
    "rural_population": "rural_population_10k",
    "urban_population": "urban_population_10k",
}
OTHER = ("分省年度数据2024.csv", "gross_product_per_head")  # printed anew, the panel has the older
DECLARED = {  # what the exports hold beside the indicators that ship
    "consumption_per_head": {
        "zh": "居民人均消费支出",
        "en": "Consumption per head",
        "unit": "cny",
        "plausible": [1000, 200000],
    },
    "rural_consumption_per_head": {
        "zh": "农村居民人均消费支出",
        "en": "Consumption per head of rural residents",
        "unit": "cny",
        "plausible": [1000, 200000],
    },
    "consumer_price_index": {
        "zh": "居民消费价格指数(上年=100)",
        "en": "Consumer prices, year before = 100",
        "unit": "pct",
        "plausible": [80, 150],
    },
    "gross_product_index": {
        "zh": "地区生产总值指数(上年=100)",
        "en": "Gross product at constant prices, year before = 100",
        "unit": "pct",
        "plausible": [80, 150],
    },
}
BRANCHES = "/^(工业|建筑业|批发|交通|住宿|金融|房地产|其他)/"
PARTS = "/^(农|林|牧|渔)业总产值|指数/"


@dataclass(frozen=True)
class Export:
    """One file, its region, and the keys of its table's card."""

    path: Path
    region: str
    axes: Mapping[str, Any]
    unit: str | None = None
    ignore: tuple[str, ...] = ()


def _exports() -> Iterator[Export]:
    for folder, left_out in (("农林牧渔业", PARTS), ("第一产业增加值GDP比重", BRANCHES)):
        for path in sorted((INCOMES / folder).glob("*.csv")):
            region = str(region_of(path.stem))
            axes: dict[str, Any] = {
                "indicator": {"down": "指标"},
                "year": {"across": 1},
                "region": {"once": region},
                "left_out": {"rows": [left_out]},
            }
            yield Export(path, region, axes)
    for path in sorted((INCOMES / "全国").glob("*.csv")):
        axes = {
            "indicator": {"down": "指标"},
            "year": {"across": 1},
            "left_out": {"rows": [PARTS, BRANCHES]},
        }
        yield Export(path, "CN", axes)
    for path, (indicator, unit) in ONE_INDICATOR.items():
        axes = {
            "indicator": {"once": indicator},
            "region": {"down": "地区"},
            "year": {"across": 1},
        }
        yield Export(path, "CN", axes, unit)
    for path in [*sorted(EXPORTS.glob("分省年度数据*2*.csv")), EXPORTS / "分省年度数据人口.csv"]:
        axes = {
            "indicator": {"across": 1},
            "region": {"down": "地区"},
            "year": {"once": "line"},
            "lines": ["时间：{year}年"],
            "left_out": {"columns": [BRANCHES]},
        }
        yield Export(path, "CN", axes)


ONE_INDICATOR = {
    INCOMES / "城镇人口 (万人).csv": ("urban_population", "万人"),
    INCOMES / "乡村人口 (万人).csv": ("rural_population", "万人"),
    INCOMES / "农村居民人均可支配收入 (元).csv": ("rural_disposable_income_per_head", "元"),
    INCOMES / "农村居民人均消费支出 (元).csv": ("rural_consumption_per_head", "元"),
    EXPORTS / "社会消费品总额.csv": ("total_retail_sales", "亿元"),
    EXPORTS / "分省年度数据可支配收入.csv": ("disposable_income_per_head", "元"),
    EXPORTS / "分省年度数据消费支出.csv": ("consumption_per_head", "元"),
    EXPORTS / "按照年份的GDP.csv": ("gross_product", "亿元"),
    EXPORTS / "第一产业.csv": ("primary_industry_value_added", "亿元"),
    EXPORTS / "居民消费价格指数分省.csv": ("consumer_price_index", "%"),
    EXPORTS / "地区生产总值指数（近十年）.csv": ("gross_product_index", "%"),
}


def table_card(export: Export) -> dict[str, Any]:
    """The keys of one table in a card: the only place that knows how they are spelled."""
    stated: dict[str, Any] = {"axes": dict(export.axes), "ignore": list(export.ignore)}
    return stated if export.unit is None else {**stated, "unit": export.unit}


def _read(export: Export, landing: Path) -> Document:
    data = export.path.read_bytes()
    folder = landing / "exported/2026"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "table.csv").write_bytes(data)
    stated = {
        "source": "exported",
        "edition": 2026,
        "title": "An export",
        "publisher": "National Bureau of Statistics of China",
        "accessed_on": date(2026, 11, 29),
        "licence": "facts",
        "quality": "published",
        "standing": "official",
        "retyped": False,
        "region": export.region,
        "document": {
            "file": "table.csv",
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
        },
        "tables": {"1": table_card(export)},
    }
    _write(folder / "card.yaml", stated)
    return read_document(folder / "card.yaml", landing)


def _read_knowing_notes(export: Export, landing: Path) -> tuple[Document, bool]:
    """The export, and whether somebody had to read its notes (on classifications) before."""
    try:
        return _read(export, landing), False
    except DocumentError as refused:
        if any(fault.lacks != "note" for fault in refused.every):
            raise
        ignored = tuple(refused.mends["ignore"])
    return _read(replace(export, ignore=ignored), landing), True


def _write(path: Path, stated: Any) -> None:
    path.write_text(yaml.safe_dump(stated, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    folder = tmp_path / "landing"
    folder.mkdir()
    _write(folder / "indicators.yaml", DECLARED)
    return folder


def test_every_export_holds_what_the_panel_does(landing: Path) -> None:
    panel: dict[tuple[str, str, int], float] = {}
    path = PROVINCES / "panel/province_panel_merged_2000_2024.csv"
    with path.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            region = str(region_of(line["province"]))
            for indicator, column in PANEL.items():
                if line[column]:
                    panel[indicator, region, int(line["year"])] = float(line[column])
    files, compared, figures, asked = 0, 0, 0, 0
    differ: list[Any] = []
    for export in _exports():
        document, has_notes = _read_knowing_notes(export, landing)
        asked += has_notes
        files += 1
        figures += len(document.observations)
        assert document.observations, export.path
        assert {row.status for row in document.observations} == {"final"}, export.path
        assert {row.reference_year for row in document.unavailable} <= {2025}, export.path
        for row in document.observations:
            key = (row.indicator, row.region, row.reference_year)
            compared += key in panel
            if panel.get(key, row.value) != row.value and (export.path.name, key[0]) != OTHER:
                differ.append((export.path.name, key, row.value, panel[key]))
    assert differ == []
    assert files == 4 + 80  # and four of the nation
    told = f"{files} exports, {figures} figures, {compared} of them in the panel"
    print(f"{told}; {asked} have notes that no rule knows")
    assert len({key for key in panel if key[2] >= 2016}) <= compared


def test_an_export_that_does_not_say_its_province_is_not_the_cards(landing: Path) -> None:
    path = INCOMES / "第一产业增加值GDP比重/甘肃省.csv"
    axes = {
        "indicator": {"down": "指标"},
        "year": {"across": 1},
        "left_out": {"rows": [BRANCHES]},
    }
    with pytest.raises(DocumentError, match="no line 地区") as refused:
        _read(Export(path, "CN-GS", axes), landing)
    line = refused.value.advice.splitlines()[-1]
    stated = yaml.safe_load(line)["axes"]
    assert stated == {"region": {"once": "CN-GS"}}
    assert len(_read(Export(path, "CN-GS", {**axes, **stated}), landing).observations) == 6 * 9 + 1
