"""`landing/indicators.yaml`: a new indicator without code, and no second meaning of a label."""

from pathlib import Path
from types import ModuleType

import pytest

from assets.extracts.cards.content import content_sha256
from assets.extracts.document import read_document
from assets.extracts.errors import DocumentError

ENTRY = """express_parcels:
  zh: 快递业务量
  en: Parcels sent by express services
  labels: [规模以上快递业务量]
  unit: 10k_count
  plausible: [1, 20000000]
"""
CSV_LINE = "规模以上快递业务量(万个),9000,8000,7000,6000\n"


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YEARBOOK_HOME", str(tmp_path))
    (tmp_path / "landing").mkdir()
    return tmp_path / "landing"


def _with_parcels(catalogue: ModuleType, landing: Path) -> Path:
    catalogue.write_csv(landing, catalogue.CSV.replace("数据来源", CSV_LINE + "数据来源"))
    return landing / "damaged_source" / "2020" / "card.yaml"


def test_a_declared_indicator_is_read_and_changes_the_fingerprint(
    catalogue: ModuleType, landing: Path
) -> None:
    card = _with_parcels(catalogue, landing)
    before = content_sha256(card)
    with pytest.raises(DocumentError, match="规模以上快递业务量"):
        read_document(card, landing)
    (landing / "indicators.yaml").write_text(ENTRY, encoding="utf-8")
    found = {
        row.reference_year: row.value
        for row in read_document(card, landing).observations
        if row.indicator == "express_parcels"
    }
    assert found == {2016: 6000, 2017: 7000, 2018: 8000, 2019: 9000}
    declared = content_sha256(card)
    (landing / "indicators.yaml").write_text(ENTRY.replace("[1,", "[2,"), encoding="utf-8")
    assert len({before, declared, content_sha256(card)}) == 3


def test_a_value_outside_the_declared_range_stops(catalogue: ModuleType, landing: Path) -> None:
    card = _with_parcels(catalogue, landing)
    (landing / "indicators.yaml").write_text(ENTRY.replace("20000000", "8500"), encoding="utf-8")
    with pytest.raises(DocumentError, match="cell B9"):
        read_document(card, landing)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("规模以上快递业务量", "GDP", "gross_product in assets/extracts/meaning/indicators.yaml"),
        (
            "express_parcels:",
            "gross_product:",
            "gross_product in assets/extracts/meaning/indicators.yaml",
        ),
        ("unit: 10k_count", "unit: parcels", "unit 'parcels' is none of"),
        ("plausible: [1,", "plausable: [1,", "plausable"),
        ("  zh: 快递业务量\n", "  zh: 快递业务量\n  zh: 快递\n", "'zh' in line 3"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    catalogue: ModuleType, landing: Path, old: str, new: str, told: str
) -> None:
    card = _with_parcels(catalogue, landing)
    (landing / "indicators.yaml").write_text(ENTRY.replace(old, new), encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_document(card, landing)
    assert "landing/indicators.yaml" in str(caught.value)
    assert told in str(caught.value)
