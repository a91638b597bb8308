"""What a refusal advises works: its line goes into the card or beside it, and the fault is gone."""

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from assets.extracts.cards.card import merge
from assets.extracts.document import read_document
from assets.extracts.errors import DocumentError

_LINE = re.compile(
    r"^\s*(?P<line>(?:document|ignore|marks|definitions): [\[{].*[\]}]|- \{table: .*\})$", re.M
)
_TABLE = re.compile(r'tables\."([^"]+)"')


def _applied(line: str, advice: str, card: Path) -> None:
    """Do what the line says; a person fills in the dots of a correction."""
    if line.startswith("- "):
        for dots in ('right: "7336.7"', "reason: misprint", "source: the publisher's notice"):
            line = line.replace(f"{dots.split(':')[0]}: ...", dots)
        (card.parent / "corrections.yaml").write_text(line, encoding="utf-8")
        return
    stated = yaml.safe_load(line)
    if "document" not in stated:
        number = _TABLE.search(advice)
        assert number is not None
        stated = {"tables": {number[1]: stated}}
    text = card.read_text(encoding="utf-8")
    changed: dict[str, Any] = merge(yaml.safe_load(text), stated)
    card.write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")


def _fault(card: Path, landing: Path) -> DocumentError | None:
    try:
        read_document(card, landing)
    except DocumentError as error:
        return error
    return None


def test_the_advised_line_mends_the_fault(damage: Any, landing: Path) -> None:
    damage.make(landing)
    card = landing / "damaged_source/2020/card.yaml"
    fault = _fault(card, landing)
    assert fault is not None
    match = _LINE.search(fault.advice)
    if match is None:
        pytest.skip("the advice is to look at the document")
    _applied(match["line"], fault.advice, card)
    after = _fault(card, landing)
    left = [] if after is None else [(each.place, each.found) for each in after.every]
    assert (fault.place, fault.found) not in left


def test_a_label_left_out_with_its_line_leaves_the_rest(
    catalogue: ModuleType, landing: Path
) -> None:
    text = catalogue.CSV.replace("农村贫困人口", "农村贫苦人口").replace(
        "第一产业占比", '甲"乙：丙'
    )
    catalogue.write_csv(landing, text)
    card = landing / catalogue.SOURCE / "2020" / "card.yaml"
    for _ in range(2):
        fault = _fault(card, landing)
        assert fault is not None
        match = _LINE.search(fault.advice)
        assert match is not None
        _applied(match["line"], fault.advice, card)
    assert len(read_document(card, landing).observations) == 8
