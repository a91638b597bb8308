"""A source whose publisher renamed its labels: both kinds are one source, by a list of changes."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from assets.extracts.cards.content import content_sha256
from assets.extracts.document import read_document
from assets.extracts.errors import DocumentError

OLD = "地区：甘肃省\n指标,2019年,2018年\n营业额(亿元),3700.3,3428.3\n"
# As the site writes since March 2026: a byte order mark, tabs that pad, an empty newest year.
NEW = (
    "\ufeff数据库：分省年度数据 \n时间：2018年-2020年 \n指标\t,2020年\t,2019年\t,2018年\t,\n"
    "零售营业额 (亿元) \t,\t,3700.3\t,3428.3\t,\n数据来源：国家统计局\n"
)
AXES: dict[str, Any] = {
    "indicator": {"down": "指标"},
    "year": {"across": 1},
    "region": {"once": "CN-GS"},
}
CHANGE = {"old": "营业额", "new": "零售营业额", "since": 2020}


@pytest.fixture
def source(catalogue: ModuleType, landing: Path) -> Path:
    labels = {"营业额": "total_retail_sales"}
    table = {"axes": AXES, "labels": labels}
    catalogue.write_csv(landing, OLD, table, 2019)
    catalogue.write_csv(landing, NEW, {}, 2020)
    folder = landing / str(catalogue.SOURCE)
    card = yaml.safe_load((folder / "2020/card.yaml").read_text(encoding="utf-8"))
    only = {"extends": "../2019/card.yaml", "edition": 2020, "document": card["document"]}
    (folder / "2020/card.yaml").write_text(yaml.safe_dump(only), encoding="utf-8")
    return folder


def _list(source: Path, *changes: Any) -> None:
    text = yaml.safe_dump(list(changes), allow_unicode=True)
    (source / "identifiers.yaml").write_text(text, encoding="utf-8")


def test_the_new_name_means_what_the_old_one_did(source: Path) -> None:
    with pytest.raises(DocumentError, match="零售营业额"):
        read_document(source / "2020/card.yaml", source.parent)
    before = content_sha256(source / "2020/card.yaml")
    _list(source, CHANGE)
    assert content_sha256(source / "2020/card.yaml") != before
    for edition, label in ((2019, "营业额"), (2020, "零售营业额")):
        read = read_document(source / f"{edition}/card.yaml", source.parent)
        assert {row.printed_label for row in read.observations} == {label}
        assert sorted(row.value for row in read.observations) == [3428.3, 3700.3]


def test_a_label_that_is_gone_may_be_called_otherwise_now(source: Path) -> None:
    card = source / "2020/card.yaml"
    stated = yaml.safe_load(card.read_text(encoding="utf-8"))
    labels = {"营业额": None, "零售营业额": "total_retail_sales"}
    stated["tables"] = {"1": {"labels": labels}}
    card.write_text(yaml.safe_dump(stated, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DocumentError, match="'营业额' is gone") as refused:
        read_document(card, source.parent)
    line = refused.value.advice.splitlines()[-1].strip()
    _list(source, {**yaml.safe_load(line)[0], "new": "零售营业额"})
    assert len(read_document(card, source.parent).observations) == 2


def test_a_list_that_is_no_list_of_changes_is_refused(source: Path) -> None:
    _list(source, {"old": "营业额"}, {**CHANGE, "since": "2020"})
    with pytest.raises(DocumentError) as refused:
        read_document(source / "2020/card.yaml", source.parent)
    assert refused.value.file == "landing/damaged_source/identifiers.yaml"
    assert len(refused.value.more) == 2
