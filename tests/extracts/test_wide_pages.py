"""Web pages in UTF-16: by their mark, or by the card; never with two encodings stated."""

from pathlib import Path
from types import ModuleType

import pytest
import yaml

from assets.extracts.adding.opening import Arrived, open_parts
from assets.extracts.document import read_document
from assets.extracts.errors import DocumentError

PAGE = (
    "<html><head>{meta}<title>甘肃省主要指标</title></head><body><table>"
    "<tr><th>指标</th><th>2017年</th><th>2018年</th></tr>"
    "<tr><td>地区生产总值(亿元)</td><td>7336.7</td><td>8104.1</td></tr>"
    "</table></body></html>"
)
AXES = {"indicator": {"down": "指标"}, "year": {"across": 1}}


def read(catalogue: ModuleType, landing: Path, raw: bytes, **keys: str) -> list[float]:
    card = catalogue.sound_card("t.html", raw, {"1": {"axes": AXES, **keys}}, 2020)
    catalogue.write_folder(landing, {**card, "region": "CN-GS"}, raw, 2020)
    path = landing / catalogue.SOURCE / "2020/card.yaml"
    return [row.value for row in read_document(path, landing).observations]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("meta", ["", '<meta charset="utf-16">', '<meta charset="unicode">'])
def test_its_mark_says_it(catalogue: ModuleType, landing: Path, codec: str, meta: str) -> None:
    raw = ("\ufeff" + PAGE.format(meta=meta)).encode(codec)
    assert read(catalogue, landing, raw) == [7336.7, 8104.1]
    assert read(catalogue, landing, raw, encoding=codec) == [7336.7, 8104.1]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_without_a_mark_the_line_that_is_advised_says_it(
    catalogue: ModuleType, landing: Path, codec: str
) -> None:
    raw = PAGE.format(meta="").encode(codec)
    with pytest.raises(DocumentError, match="nothing says so") as caught:
        read(catalogue, landing, raw)
    line = caught.value.advice.rpartition("card: ")[2].rstrip(".")
    assert read(catalogue, landing, raw, **yaml.safe_load(line)) == [7336.7, 8104.1]


def test_a_page_that_says_otherwise_is_refused(catalogue: ModuleType, landing: Path) -> None:
    raw = ("\ufeff" + PAGE.format(meta='<meta charset="gb2312">')).encode("utf-16-le")
    with pytest.raises(DocumentError, match="the page says gb2312"):
        read(catalogue, landing, raw)
    raw = ("\ufeff" + PAGE.format(meta="")).encode("utf-16-le")
    with pytest.raises(DocumentError, match="the card says utf-16-be"):
        read(catalogue, landing, raw, encoding="utf-16-be")


def test_a_nul_byte_in_another_page_is_refused(catalogue: ModuleType, landing: Path) -> None:
    raw = PAGE.format(meta='<meta charset="utf-8">').replace("8104.1", "81\x0004.1").encode()
    with pytest.raises(DocumentError, match="NUL byte"):
        read(catalogue, landing, raw)


def test_add_opens_it(tmp_path: Path) -> None:
    path = tmp_path / "t.html"
    path.write_bytes(("\ufeff" + PAGE.format(meta="")).encode("utf-16-le"))
    [part] = open_parts(Arrived("t.html", path))
    assert part.grid is not None
    assert part.keys == {"table": 1}
