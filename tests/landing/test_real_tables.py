"""Real files, as found in public repositories, read by short cards; skipped without them."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError

BY_YEAR = {"indicator": {"once": "line"}, "region": {"down": "地区"}, "year": {"across": 1}}


def _read(folder: Path, landing: Path, name: str, **table: Any) -> Document:
    path = folder / name
    if not path.is_file():
        pytest.skip("the real files are not at hand")
    data = path.read_bytes()
    file = f"table{path.suffix}"
    card = {
        "source": "real",
        "edition": 2025,
        "title": "A real file",
        "publisher": "as found",
        "accessed_on": date(2026, 11, 29),
        "licence": "facts",
        "quality": "published",
        "standing": "relayed",
        "retyped": False,
        "region": "CN",
        "document": {
            "file": file,
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
        },
        "tables": {"1": table},
    }
    edition = landing / "real/2025"
    edition.mkdir(parents=True)
    (edition / file).write_bytes(data)
    (edition / "card.yaml").write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
    return read_document(edition / "card.yaml", landing)


def _known(document: Document) -> dict[tuple[str, str, int], float]:
    return {(r.indicator, r.region, r.reference_year): r.value for r in document.observations}


def test_provinces_by_year_as_text(shared_data: Path, tmp_path: Path) -> None:
    document = _read(shared_data / "real", tmp_path, "renjiyi_0.csv", axes=BY_YEAR)
    found = _known(document)
    assert len({region for _, region, _ in found}) == 31
    assert found["gross_product", "CN-BJ", 2024] == 49670.2
    assert found["gross_product", "CN-XJ", 2019] == 14024.9
    assert len(found) == 31 * 19


def test_provinces_by_year_as_a_workbook(shared_data: Path, tmp_path: Path) -> None:
    document = _read(
        shared_data / "real", tmp_path, "di_prov.xls", axes=BY_YEAR, sheet="分省年度数据"
    )
    found = _known(document)
    assert len(found) == 31 * 5
    assert found["gross_product", "CN-TJ", 2017] == 18549.19


def test_the_nation_with_the_lines_above_cut_off(shared_data: Path, tmp_path: Path) -> None:
    axes = {"indicator": {"down": "指标"}, "year": {"across": 1}}
    ignore = ["国民总收入", "第二产业增加值", "第三产业增加值", "人均国内生产总值"]
    document = _read(shared_data / "real", tmp_path, "aftermaxq.csv", axes=axes, ignore=ignore)
    assert _known(document)["gross_product", "CN", 2019] == 1005872.4


def test_incomes_of_town_and_country(shared_data: Path, tmp_path: Path) -> None:
    axes = {
        "indicator": {"across": 1},
        "year": {"down": "Year"},
        "left_out": {"columns": ["Rural_income_concept", "Source_URL"]},
    }
    labels = {"Rural_per_capita_income_yuan": "rural_disposable_income_per_head"}
    document = _read(
        shared_data / "real",
        tmp_path,
        "urban_rural.xlsx",
        axes=axes,
        sheet="data_2005_2020",
        unit="元",
        only_years={"first": 2014, "last": 2020},  # net income until 2013
        labels=labels,
        ignore=["Urban_per_capita_disposable_income_yuan"],
    )
    assert len(document.observations) == 7


def test_dollars_are_no_yuan(shared_data: Path, tmp_path: Path) -> None:
    axes = {
        "indicator": {"down": "Indicator Code"},
        "region": {"down": "Country Name"},
        "year": {"across": 1},
        "left_out": {"columns": ["Country Code", "Indicator Name"]},
    }
    with pytest.raises(DocumentError):
        _read(shared_data / "real", tmp_path, "wb_gdp.csv", axes=axes)
