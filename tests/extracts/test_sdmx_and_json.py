"""SDMX messages, what agencies publish as SDMX-CSV, and the statistics site's JSON."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pysdmx.io import read_sdmx

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError

Read = Callable[..., Document]
Known = dict[tuple[str, str, int], float]
SPACES = (
    'xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" '
    'xmlns:common="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
)
_FLOW = "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=ESTAT:NAMA(1.0)"


def _message(kind: str, spaces: str, space: str, data: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<message:{kind} {SPACES}{spaces}><message:Header><message:ID>made</message:ID>
<message:Test>false</message:Test><message:Prepared>2026-01-01T00:00:00</message:Prepared>
<message:Sender id="ESTAT"/><message:Structure structureID="S"{space}
 dimensionAtObservation="TIME_PERIOD"><common:Structure>
<Ref agencyID="ESTAT" id="NAMA" version="1.0" class="DataStructure"/></common:Structure>
</message:Structure></message:Header>{data}</message:{kind}>"""


def specific(action: str = "Information", once: str = 'UNIT_MULT="6"', sets: int = 1) -> str:
    """A structure-specific message, version 2.1."""
    spaces = (
        'xmlns:ss="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific" '
        f'xmlns:ns1="{_FLOW}:ObsLevelDim:TIME_PERIOD"'
    )
    data = f"""<message:DataSet ss:dataScope="DataStructure" xsi:type="ns1:DataSetType"
 ss:structureRef="S" ss:action="{action}" {once}>
<Series freq="A" unit="XDC" na_item="B1GQ" geo="CN">
<Obs TIME_PERIOD="2018" OBS_VALUE="91928110"/>
<Obs TIME_PERIOD="2019" OBS_VALUE="98651520.0" OBS_STATUS="P"/></Series>
<Series freq="A" unit="XDC" na_item="P3" geo="CN"><Obs TIME_PERIOD="2018" OBS_VALUE="50613490"/>
</Series></message:DataSet>"""
    return _message("StructureSpecificData", spaces, f' namespace="{_FLOW}"', data * sets)


def generic() -> str:
    """The same as a generic message, without P3."""
    spaces = 'xmlns:generic="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic"'

    def values(**stated: str) -> str:
        return "".join(f'<generic:Value id="{k}" value="{v}"/>' for k, v in stated.items())

    def one(year: int, value: str, status: str) -> str:
        attributes = f"<generic:Attributes>{values(OBS_STATUS=status)}</generic:Attributes>"
        return (
            f'<generic:Obs><generic:ObsDimension value="{year}"/>'
            f'<generic:ObsValue value="{value}"/>{attributes}</generic:Obs>'
        )

    key = values(freq="A", unit="XDC", na_item="B1GQ", geo="CN")
    data = (
        '<message:DataSet structureRef="S" action="Information"><generic:Series>'
        f"<generic:SeriesKey>{key}</generic:SeriesKey>"
        f"<generic:Attributes>{values(UNIT_MULT='6')}</generic:Attributes>"
        f"{one(2018, '91928110', 'A')}{one(2019, '98651520.0', 'P')}"
        "</generic:Series></message:DataSet>"
    )
    return _message("GenericData", spaces, "", data)


AXES: dict[str, Any] = {
    "indicator": {"down": "na_item"},
    "region": {"down": "geo"},
    "year": {"down": "TIME_PERIOD"},
    "figures": "OBS_VALUE",
    "multiplier": "UNIT_MULT",
    "only": {"unit": "XDC"},
    "left_out": {"columns": ["freq"]},
}
TABLE: dict[str, Any] = {
    "unit": "元",
    "labels": {"B1GQ": "gross_product"},
    "status_column": "OBS_STATUS",
}
TRUTH = {("gross_product", "CN", 2018): 919281.1, ("gross_product", "CN", 2019): 986515.2}


@pytest.fixture
def read(catalogue: ModuleType, landing: Path) -> Read:
    def of(file: str, data: str | bytes, axes: dict[str, Any] = AXES, **table: Any) -> Document:
        raw = data.encode() if isinstance(data, str) else data
        stated = {"axes": axes, **table}
        card = {**catalogue.sound_card(file, raw, {"1": stated}, 2025), "region": "CN"}
        catalogue.write_folder(landing, card, raw, 2025)
        return read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)

    return of


def known(document: Document) -> Known:
    return {(r.indicator, r.region, r.reference_year): r.value for r in document.observations}


def refused(read: Read, *args: Any, **table: Any) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(*args, **table)
    return caught.value


@pytest.mark.parametrize("message", [specific(), generic()], ids=["specific", "generic"])
def test_a_message_is_read_with_its_statuses_and_multipliers(read: Read, message: str) -> None:
    document = read("t.xml", message, **TABLE, ignore=["P3"])
    assert known(document) == TRUTH
    assert [row.status for row in document.observations] == ["final", "provisional"]
    assert document.observations[1].printed_value == "98651520.0"


def test_an_unknown_series_of_a_message_is_not_lost(read: Read) -> None:
    error = refused(read, "t.xml", specific(), **TABLE)
    assert "'P3' is unknown" in error.found
    assert 'ignore: ["P3"]' in error.advice


def test_a_multiplier_that_is_not_named_stops_the_message(read: Read) -> None:
    axes = {key: value for key, value in AXES.items() if key != "multiplier"}
    axes["left_out"] = {"columns": ["freq", "UNIT_MULT"]}
    error = refused(read, "t.xml", specific(), axes, **TABLE, ignore=["P3"])
    assert 'axes: {"multiplier": "UNIT_MULT"}' in error.advice
    assert "a power of ten ('6')" in error.found


def test_one_of_several_data_sets_is_chosen(read: Read) -> None:
    error = refused(read, "t.xml", specific(sets=2), **TABLE, ignore=["P3"])
    assert "names no data set" in error.found
    assert known(read("t.xml", specific(sets=2), **TABLE, ignore=["P3"], table=2)) == TRUTH


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (specific(action="Delete"), "to be deleted"),
        (specific().replace("<?xml", "<!DOCTYPE a [<!ENTITY b 'c'>]>\n<?xml"), "XML entities"),
        ("<html><body><table></table></body></html>", "no sound SDMX message"),
        (specific()[:700], "no sound SDMX message"),
        ("", "the file is empty"),
    ],
)
def test_what_is_no_table_of_observations_is_refused(read: Read, data: str, found: str) -> None:
    assert found in refused(read, "t.xml", data, **TABLE, ignore=["P3"]).found


HEAD = "freq,unit,na_item,geo,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT\n"
LINES = ("A,XDC,B1GQ,CN,2018,91928110,A,6\n", "A,XDC,B1GQ,CN,2019,98651520.0,P,6\n")
SDMX_CSV = {
    "1.0": "DATAFLOW," + HEAD + "".join(f"ESTAT:NAMA(1.0),{line}" for line in LINES),
    "2.0": "STRUCTURE,STRUCTURE_ID,ACTION,"
    + HEAD
    + "".join(f"dataflow,ESTAT:NAMA(1.0),I,{line}" for line in LINES),
}
LABELLED = (  # what sites write where codes and names are asked for
    "STRUCTURE,STRUCTURE_ID,ACTION,freq: Frequency,unit: Unit,na_item: Item,geo: Area,"
    "TIME_PERIOD: Time,OBS_VALUE: Value,OBS_STATUS: Status,UNIT_MULT: Multiplier\n"
    "dataflow,ESTAT:NAMA(1.0),I,A: Annual,XDC: Domestic currency,B1GQ: Product,"
    '"CHN: China, People\'s Republic of",2018,91928110,P: Provisional,6: Millions\n'
)


@pytest.mark.parametrize("version", SDMX_CSV)
def test_sdmx_csv_is_read_as_the_library_reads_it(read: Read, version: str) -> None:
    text = SDMX_CSV[version]
    columns = [c for c in ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "ACTION") if c in text]
    axes = {**AXES, "left_out": {"columns": ["freq", *columns]}}
    document = read("t.csv", text, axes, **TABLE)
    assert known(document) == TRUTH
    frame = read_sdmx(io.BytesIO(text.encode()), validate=False).data[0].data
    printed = [float(row.printed_value) for row in document.observations]
    assert printed == [float(value) for value in frame["OBS_VALUE"]]
    assert [row.status_code for row in document.observations] == list(frame["OBS_STATUS"])


def test_sdmx_csv_with_names_beside_codes(read: Read) -> None:
    axes = {
        "indicator": {"down": "na_item: Item"},
        "region": {"down": "geo: Area"},
        "year": {"down": "TIME_PERIOD: Time"},
        "figures": "OBS_VALUE: Value",
        "multiplier": "UNIT_MULT: Multiplier",
        "only": {"unit: Unit": "XDC: Domestic currency"},
        "left_out": {"columns": ["freq: Frequency", "/^structure/", "ACTION"]},
    }
    table = {"unit": "元", "labels": {"B1GQ: Product": "gross_product"}}
    error = refused(read, "t.csv", LABELLED, axes, **table)
    assert 'status_column: "OBS_STATUS: Status"' in error.advice
    document = read("t.csv", LABELLED, axes, **table, status_column="OBS_STATUS: Status")
    assert known(document) == {("gross_product", "CN", 2018): 919281.1}
    assert document.observations[0].status == "provisional"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (",I,A,XDC,B1GQ,CN,2019", ",D,A,XDC,B1GQ,CN,2019", "a deletion ('D')"),
        ("I,A,XDC,B1GQ,CN,2019", "I,Q,XDC,B1GQ,CN,2019", "a frequency ('Q')"),
        ("2019,98651520.0", "2019-Q4,98651520.0", "'2019-Q4' is not a year"),
        ("2019,98651520.0,P,6", "2019,98651520.0,P,x", "'x' is no power of ten"),
        ("2019,98651520.0,P,6", "2019,98651520.0,?,6", "'?' is no flag"),
        ("B1GQ,CN,2019", "B1GQ,EU27_2020,2019", "the region 'EU27_2020' is unknown"),
        ("XDC,B1GQ,CN,2019", "USD,B1GQ,CN,2019", "lines with 'USD'"),
    ],
)
def test_a_changed_component_stops_the_document(read: Read, old: str, new: str, told: str) -> None:
    text = SDMX_CSV["2.0"]
    assert text.count(old) == 1
    axes = {**AXES, "left_out": {"columns": ["freq", "STRUCTURE", "STRUCTURE_ID", "ACTION"]}}
    error = refused(read, "t.csv", text.replace(old, new), axes, **TABLE)
    assert any(told in each.found for each in error.every), str(error)


def test_national_currency_of_another_country_is_no_yuan(read: Read) -> None:
    text = SDMX_CSV["1.0"].replace(",CN,", ",JPN,")
    axes = {**AXES, "left_out": {"columns": ["freq", "DATAFLOW"]}}
    assert "'XDC' names another currency" in refused(read, "t.csv", text, axes, **TABLE).found


def old_answer(**change: Any) -> dict[str, Any]:
    """What easyquery.htm answered."""

    def node(indicator: str, year: str, value: float, shown: str, has: bool = True) -> Any:
        places = {"zb": indicator, "reg": "620000", "sj": year}
        return {
            "code": "_".join(f"{axis}.{code}" for axis, code in places.items()),
            "data": {"data": value, "dotcount": 1, "hasdata": has, "strdata": shown},
            "wds": [{"wdcode": axis, "valuecode": code} for axis, code in places.items()],
        }

    def named(code: str, name: str, unit: str) -> Any:
        return {"code": code, "cname": name, "name": name, "unit": unit, "memo": ""}

    answer = {
        "returncode": 200,
        "returndata": {
            "datanodes": [
                node("A020101", "2019", 8718.3, "8718.3"),
                node("A020101", "2018", 8104.0712345, "8104.1"),
                node("A030101", "2019", 2509, "2509"),
                node("A030101", "2018", 0, "", has=False),
            ],
            "wdnodes": [
                {
                    "wdcode": "zb",
                    "nodes": [
                        named("A020101", "地区生产总值", "亿元"),
                        named("A030101", "年末常住人口", "万人"),
                    ],
                },
                {"wdcode": "reg", "nodes": [named("620000", "甘肃省", "")]},
                {
                    "wdcode": "sj",
                    "nodes": [named("2019", "2019年", ""), named("2018", "2018年", "")],
                },
            ],
        },
    }
    return {**answer, **change}


def new_answer() -> dict[str, Any]:
    """What the site answers since March 2026."""

    def value(indicator: str, label: str, unit: str, shown: str) -> Any:
        return {
            "_id": indicator,
            "i_showname": f"{label} ({unit}) ",
            "du_name": unit,
            "da_name": "甘肃省",
            "value": shown,
        }

    return {
        "success": True,
        "data": [
            {
                "code": "2019YY",
                "name": "2019年",
                "values": [
                    value("d22612f0", "地区生产总值", "亿元", "8718.3"),
                    value("5c745282", "年末常住人口", "万人", "2509"),
                ],
            },
            {
                "code": "2018YY",
                "name": "2018年",
                "values": [
                    value("d22612f0", "地区生产总值", "亿元", "8104.1"),
                    value("5c745282", "年末常住人口", "万人", ""),
                ],
            },
        ],
    }


SITE: dict[str, Any] = {
    "indicator": {"down": "指标"},
    "region": {"down": "地区"},
    "year": {"down": "时间"},
    "figures": "数值",
    "unit": "单位",
    "left_out": {"columns": ["指标代码"]},
}
SITE_TRUTH = {
    ("gross_product", "CN-GS", 2019): 8718.3,
    ("gross_product", "CN-GS", 2018): 8104.1,
    ("population_year_end", "CN-GS", 2019): 2509,
}


@pytest.mark.parametrize("answer", [old_answer(), new_answer()], ids=["old", "new"])
def test_both_answers_of_the_site_say_the_same(read: Read, answer: Any) -> None:
    document = read("t.json", json.dumps(answer, ensure_ascii=False), SITE)
    assert known(document) == SITE_TRUTH
    assert [row.reference_year for row in document.unavailable] == [2018]


def test_the_site_shows_less_than_it_stores(read: Read) -> None:
    document = read("t.json", json.dumps(old_answer()), SITE)
    row = next(row for row in document.observations if row.stored_value is not None)
    assert (row.printed_value, row.stored_value) == ("8104.1", "8104.0712345")
    assert row.half_unit == 0.05


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"returncode": 200', '"returncode": 501', "returncode is 501"),
        ('"strdata": "8718.3"', '"strdata": "8718.8"', "shows 8718.8 and stores 8718.3"),
        ('"data": 8718.3', '"data": NaN', "NaN is no number"),
        ('"wdcode": "reg", "nodes"', '"wdcode": "city", "nodes"', "an axis city is not known"),
        ('"unit": "亿元"', '"unit": "亿美元"', "a unit of currency_usd"),
        ('"name": "甘肃省"', '"name": "青省"', "the region '青省' is unknown"),
        ('"name": "甘肃省"', '"name": "青海省"', "the region 620000 is called 青海省"),
        ('"name": "2019年"', '"name": "2018年"', "the time 2019 is called 2018年"),
        ("_reg.620000_sj", "_reg.630000_sj", "_sj.2019 stands at reg 620000"),
        ('"memo": ""', '"memo": "按2015年不变价格计算"', "are in constant prices"),
        ('"hasdata": true', '"hasdata": true, "hasdata": false', "stands twice"),
        (
            '"wdcode": "sj", "valuecode": "2019"',
            '"wdcode": "sj", "valuecode": "2017"',
            "at sj 2017",
        ),
    ],
)
def test_a_changed_answer_stops_the_document(read: Read, old: str, new: str, told: str) -> None:
    text = json.dumps(old_answer(), ensure_ascii=False)
    assert old in text
    error = refused(read, "t.json", text.replace(old, new, 1), SITE)
    assert any(told in each.found for each in error.every), str(error)


def test_two_codes_under_one_name_are_two_definitions(read: Read) -> None:
    answer = new_answer()
    answer["data"][1]["values"][0]["_id"] = "ffffffff"
    error = refused(read, "t.json", json.dumps(answer), SITE)
    assert "'地区生产总值 [d22612f0]' is unknown" in error.found
    labels = {"地区生产总值 [d22612f0]": "gross_product"}
    taken = known(
        read("t.json", json.dumps(answer), SITE, labels=labels, ignore=["地区生产总值 [ffffffff]"])
    )
    assert set(SITE_TRUTH) - set(taken) == {("gross_product", "CN-GS", 2018)}


def test_a_month_is_no_year(read: Read) -> None:
    text = json.dumps(new_answer()).replace("2019YY", "201912MM")
    assert "'201912MM' is not a year" in refused(read, "t.json", text, SITE).found


def test_a_quarter_of_the_former_site_is_no_year(read: Read) -> None:
    text = json.dumps(old_answer(), ensure_ascii=False)
    for old, new in (('"2019"', '"2019D"'), ("sj.2019", "sj.2019D"), ("2019年", "2019年第四季度")):
        assert old in text
        text = text.replace(old, new)
    assert "'2019年第四季度' is not a year" in refused(read, "t.json", text, SITE).found
