"""Every small input that once went wrong, and every real file, by the way a document comes in.

Each is read by the smallest card there is, as `yearbook check` reads it: the right figures, or a
refusal whose advice is then taken to the letter, until the figures are right. Skipped without the
inputs, which are no part of the project; `pytest -s` prints the table of all.
"""

import hashlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.extracts.cards.content import merge
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.warehouse.home import HOME_VARIABLE
from orchestration.commands.cli import main

Key = tuple[str, str, int]
Keys = dict[str, Any]
DATA = Path(__file__).parents[3] / "shared/data"
pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason="the inputs are not at hand"),
    pytest.mark.usefixtures("one_reading_process"),
]


@dataclass(frozen=True)
class Input:
    """One file, the keys of its table's card, and what is right.

    figures: all of them, or some and how many there are; statuses: of years whose figures are not
    final; advice: of each refusal in turn its place, and what a person does with it: the key of the
    line to take, or a change of the card; declared: what the person writes into landing/.
    """

    file: str
    axes: Keys
    figures: Mapping[Key, float]
    count: int | None = None
    statuses: Mapping[int, str] = field(default_factory=dict)
    table: Keys = field(default_factory=dict)
    region: str = "CN-GS"
    advice: Sequence[tuple[str, str | Keys]] = ()
    declared: Mapping[str, Keys] = field(default_factory=dict)


def table_card(axes: Keys, table: Keys) -> Keys:
    """The keys of one table in a card: the only place that knows how they are spelled."""
    return {"axes": axes, **table}


PRODUCT, PERSONS, PRIMARY = "gross_product", "population_year_end", "primary_industry_value_added"
SALES = "online_retail_sales"
EXPORT: Keys = {"indicator": {"down": "指标"}, "year": {"across": 1}}
BY_YEAR: Keys = {"indicator": {"across": 1}, "year": {"down": "年份"}}
OBSERVATIONS: Keys = {
    "indicator": {"once": PRODUCT},
    "region": {"down": "geo"},
    "year": {"down": "TIME_PERIOD"},
    "figures": "OBS_VALUE",
}
BY_PROVINCE: Keys = {
    "indicator": {"once": "line"},
    "region": {"down": "地区"},
    "year": {"across": 1},
}
TWO_YEARS = {
    (PRODUCT, "CN-GS", 2019): 8718.3,
    (PRODUCT, "CN-GS", 2018): 8104.1,
    (PERSONS, "CN-GS", 2019): 2509,
    (PERSONS, "CN-GS", 2018): 2515,
}


def product(values: Mapping[int, float], region: str = "CN-GS") -> dict[Key, float]:
    """Gross product of one region by year."""
    return {(PRODUCT, region, year): value for year, value in values.items()}


CASES = (
    Input(
        "cases/region_of_another_province.csv",
        EXPORT,
        {(PERSONS, "CN-SH", 2024): 2480, (PERSONS, "CN-SH", 2021): 2489},
        4,
        advice=[("A2", {"region": "CN-SH"})],
    ),
    Input(
        "cases/region_line_disagrees.csv",
        EXPORT,
        {
            (PRODUCT, "CN-QH", 2019): 2941.1,
            (PRODUCT, "CN-QH", 2018): 2748.0,
            (PERSONS, "CN-QH", 2019): 590,
            (PERSONS, "CN-QH", 2018): 587,
        },
        advice=[("A2", {"region": "CN-QH"})],
    ),
    Input(
        "cases/newest_year_provisional.csv",
        EXPORT,
        product({2019: 8718.3, 2018: 8104.1, 2017: 7336.7}),
        statuses={2019: "provisional"},
    ),
    Input(
        "cases/newest_year_half.csv",
        EXPORT,
        {
            **product({2018: 8104.1, 2017: 7336.7}),
            (PERSONS, "CN-GS", 2018): 2515,
            (PERSONS, "CN-GS", 2017): 2522,
        },
        advice=[("B1", "ignore")],
    ),
    Input(
        "cases/heading_with_line_break.xlsx",
        EXPORT,
        product({2019: 8718.3, 2018: 8104.1}),
        statuses={2019: "provisional"},
    ),
    Input(
        "cases/year_estimated.csv",
        EXPORT,
        {(SALES, "CN", 2018): 90065, (SALES, "CN", 2019): 106324.2, (SALES, "CN", 2020): 117601.3},
        statuses={2020: "estimated"},
        region="CN",
    ),
    Input(
        "cases/number_provisional.csv",
        BY_YEAR,
        {(SALES, "CN", 2018): 90065, (SALES, "CN", 2019): 106324.2},
        statuses={2019: "provisional"},
        region="CN",
    ),
    Input(
        "cases/flag_column.csv",
        OBSERVATIONS,
        product({2018: 919281.1, 2019: 986515.2, 2020: 1013567}, "CN"),
        statuses={2019: "estimated", 2020: "forecast"},
        table={"unit": "亿元"},
        region="CN",
        advice=[("D1", "status_column")],
    ),
    Input("cases/shown_and_stored.xlsx", BY_YEAR, product({2017: 7336.7, 2018: 8104.1})),
    Input(
        "cases/region_by_year.xlsx",
        {
            "indicator": {"once": PERSONS},
            "region": {"down": ["地区", "Region"]},
            "year": {"across": 1},
            "lines": ["2-5 分地区年末人口数"],
        },
        {
            (PERSONS, "CN", 2021): 141260,
            (PERSONS, "CN-BJ", 2022): 2184,
            (PERSONS, "CN-GS", 2023): 2465,
        },
        9,
    ),
    Input(
        "cases/regions_in_one_year.xlsx",
        {
            "indicator": {"across": 1},
            "region": {"down": "地区"},
            "year": {"once": "line"},
            "lines": ["3-9 地区生产总值 ({year}年)"],
        },
        {
            (PRODUCT, "CN-BJ", 2023): 43760.7,
            (PRIMARY, "CN-BJ", 2023): 105.5,
            ("secondary_industry_value_added", "CN-BJ", 2023): 6525.6,
            ("tertiary_industry_value_added", "CN-BJ", 2023): 37129.6,
            (PRODUCT, "CN-GS", 2023): 11863.8,
            (PRIMARY, "CN-GS", 2023): 1641.3,
            ("secondary_industry_value_added", "CN-GS", 2023): 4080.8,
            ("tertiary_industry_value_added", "CN-GS", 2023): 6141.8,
        },
    ),
    Input(
        "cases/growth_column.xlsx",
        {**EXPORT, "unit": "单位", "lines": ["1-2 国民经济和社会发展主要指标"]},
        TWO_YEARS,
        advice=[("E2", "ignore")],
    ),
    Input(
        "cases/period_row.csv",
        BY_YEAR,
        product({2011: 4816.9, 2015: 6556.6, 2016: 6907.9}),
        advice=[("A5", "ignore")],
    ),
    Input(
        "cases/continued_table.xlsx",
        {**BY_YEAR, "blocks": 2, "lines": ["9-1 主要指标", "续表"]},
        {
            (PRODUCT, "CN-GS", 2018): 8104.1,
            (PRIMARY, "CN-GS", 2017): 859.8,
            ("secondary_industry_value_added", "CN-GS", 2017): 2500,
            ("tertiary_industry_value_added", "CN-GS", 2018): 4482.8,
        },
        8,
    ),
    Input(
        "cases/note_line.csv",
        {**BY_YEAR, "region": {"down": "省份"}},
        product({2018: 8104.1}),
    ),
    Input(
        "cases/world_bank_wide.csv",
        {
            "indicator": {"down": "Series Code"},
            "region": {"down": "Country Code"},
            "year": {"across": 1},
            "left_out": {"columns": ["Country Name", "Series Name"]},
        },
        product({2018: 919281.1, 2019: 986515.2}, "CN"),
        table={"labels": {"NY.GDP.MKTP.CN": PRODUCT}, "unit": "元"},
        region="CN",
    ),
    Input(
        "cases/several_series_long.csv",
        {**OBSERVATIONS, "only": {"freq": "A", "unit": "CP_MNAC", "na_item": "B1GQ"}},
        product({2018: 919281.1, 2019: 986515.2}, "CN"),
        statuses={2019: "provisional"},
        table={"unit": "百万元", "status_column": "OBS_FLAG"},
        region="CN",
        advice=[("C4", "ignore")],
    ),
    Input(
        "cases/date_as_year.csv",
        {"indicator": {"across": 1}, "year": {"down": "observation_date"}},
        {
            ("product_usd", "CN", 2018): 138949.078579252,
            ("product_usd", "CN", 2019): 142799.685062723,
        },
        table={"labels": {"MKTGDPCNA646NWDB": PRODUCT}, "unit": "US dollars"},
        region="CN",
        advice=[
            ("A2", {"tables": {"1": {"axes": {"dates": "01-01"}}}}),
            ("B1", {"tables": {"1": {"labels": {"MKTGDPCNA646NWDB": "product_usd"}}}}),
        ],
        declared={
            "indicators.yaml": {
                "product_usd": {
                    "zh": "国内生产总值(美元)",
                    "en": "Gross product in US dollars",
                    "labels": [],
                    "unit": "100m_usd",
                    "plausible": [10, 1000000],
                }
            }
        },
    ),
    Input(
        "cases/english_export.csv",
        {"indicator": {"down": "Indicators"}, "year": {"across": 1}},
        TWO_YEARS,
    ),
    Input(
        "cases/prefectures.csv",
        {**BY_YEAR, "region": {"down": "市州"}},
        {(PRODUCT, "CN-62-01", 2019): 2837.36, (PRODUCT, "CN-62-05", 2019): 632.67},
    ),
    Input(
        "cases/bulletin.xlsx",
        {
            "indicator": {"down": "指标"},
            "year": {"once": "line"},
            "figures": "绝对数",
            "unit": "单位",
            "lines": ["表1 {year}年主要指标"],
        },
        {(PRODUCT, "CN-GS", 2019): 8718.3, (PERSONS, "CN-GS", 2019): 2509},
        advice=[("D2", "ignore")],
    ),
    Input("cases/tab_separated.csv", EXPORT, TWO_YEARS),
    Input("cases/utf16.csv", EXPORT, TWO_YEARS),
    Input(
        "cases/blank_corner.csv",
        {"indicator": {"across": 1}, "year": {"down": ""}},
        product({2018: 8104.1, 2019: 8718.3}),
    ),
)
REAL = (
    Input(
        "real/renjiyi_0.csv",
        BY_PROVINCE,
        {(PRODUCT, "CN-BJ", 2024): 49670.2, (PRODUCT, "CN-XJ", 2019): 14024.9},
        31 * 19,
        region="CN",
    ),
    Input(
        "real/di_prov.xls",
        BY_PROVINCE,
        {(PRODUCT, "CN-TJ", 2017): 18549.19, (PRODUCT, "CN-GS", 2018): 8104.07},
        31 * 5,
        region="CN",
    ),
    Input(
        "real/ruiyu_pop.xls",
        EXPORT,
        {(PERSONS, "CN", 2024): 140828, ("rural_population", "CN", 2020): 50992},
        3 * 19,
        region="CN",
        advice=[("A5", "ignore"), ("A6", "ignore")],
    ),
    Input(
        "real/aftermaxq.csv",
        EXPORT,
        {(PRODUCT, "CN", 2019): 1005872.4, ("gross_product_per_head", "CN", 2024): 95749},
        5 * 10,
        region="CN",
        advice=[("A2", "ignore")],
    ),
    Input(
        "real/urban_rural.xlsx",
        {
            "indicator": {"across": 1},
            "year": {"down": "Year"},
            "left_out": {"columns": ["Rural_income_concept", "Source_URL"]},
        },
        {
            ("rural_disposable_income_per_head", "CN", 2014): 10489,
            ("urban_disposable_income_per_head", "CN", 2015): 31195,
        },
        14,
        table={
            "sheet": "data_2005_2020",
            "unit": "元",
            "only_years": {"first": 2014, "last": 2020},  # net income until 2013
            "labels": {
                "Rural_per_capita_income_yuan": "rural_disposable_income_per_head",
                "Urban_per_capita_disposable_income_yuan": "urban_disposable_income_per_head",
            },
        },
        region="CN",
    ),
    Input(
        "real/dragon_gz.xls",
        EXPORT,
        {(PRODUCT, "CN-44-01", 2017): 21503.15, (PRIMARY, "CN-44-01", 2014): 218.7},
        region="CN-GD",
        advice=[("A2", {"region": "CN-44-01"})],
        declared={
            "regions.yaml": {
                "source": "GB/T 2260",
                "licence": "facts",
                "regions": {
                    "CN-44-01": {
                        "kind": "prefecture",
                        "parent": "CN-GD",
                        "gb": "440100",
                        "zh": "广州市",
                        "en": "Guangzhou",
                    }
                },
            }
        },
        count=50,
    ),
    Input(
        "real/yiyue_gdp.csv",
        {"indicator": {"across": 1}, "year": {"down": ""}},
        {(PRODUCT, "CN", 1979): 4067.67013302, (PRIMARY, "CN", 1978): 1018.4},
        5 * 37,
        table={"unit": "亿元", "units": {"人均国内生产总值": "元"}},
        region="CN",
        advice=[("D1", "ignore")],
    ),
    Input(
        "real/wb_gdp.csv",
        {
            "indicator": {"down": "Indicator Code"},
            "region": {"down": "Country Code"},
            "year": {"across": 1},
            "only_regions": ["CN", "USA"],
            "left_out": {"columns": ["Country Name", "Indicator Name"], "rows": ["rows 1-4"]},
        },
        {("product_usd", "CN", 1960): 597.164676253148, ("product_usd", "USA", 2016): 185691.0},
        2 * 57,
        table={"labels": {"NY.GDP.MKTP.CD": PRODUCT}, "unit": "元"},
        region="CN",
        advice=[
            (
                "C44",
                {"tables": {"1": {"unit": "usd", "labels": {"NY.GDP.MKTP.CD": "product_usd"}}}},
            )
        ],
        declared={
            "indicators.yaml": {
                "product_usd": {
                    "zh": "国内生产总值(美元)",
                    "en": "Gross product in US dollars",
                    "labels": [],
                    "unit": "100m_usd",
                    "plausible": [1, 1000000],
                }
            }
        },
    ),
    Input(
        "real/imf_fm.csv",
        {
            "indicator": {"down": "INDICATOR"},
            "region": {"down": "COUNTRY"},
            "year": {"down": "TIME_PERIOD"},
            "figures": "OBS_VALUE",
            "left_out": {"columns": ["/./"]},
        },
        {("government_primary_expenditure_share", "CN", 1991): 15.4965549960383},
        35,
        table={"labels": {"G1_S13_POGDP_PT": "government_primary_expenditure_share"}, "unit": "%"},
        region="CN",
        advice=[("E37", "only_years")],
        declared={
            "indicators.yaml": {
                "government_primary_expenditure_share": {
                    "zh": "一般政府基本支出占国内生产总值比重",
                    "en": "Primary expenditure of general government over gross product",
                    "labels": [],
                    "unit": "pct",
                    "plausible": [0, 100],
                }
            }
        },
    ),
)


@dataclass(frozen=True)
class Desk:
    """A warehouse with an empty landing folder."""

    landing: Path

    def put(self, data: bytes, each: Input) -> Path:
        """Lay the file with its card into landing/."""
        suffix = Path(each.file).suffix
        folder = self.landing / "tried/2025"
        folder.mkdir(parents=True)
        (folder / f"table{suffix}").write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        stated = {
            "source": "tried",
            "edition": 2025,
            "title": "A table",
            "publisher": "its publisher",
            "accessed_on": date(2026, 11, 29),
            "licence": "facts",
            "quality": "published",
            "standing": "relayed",
            "retyped": False,
            "region": each.region,
            "document": {"file": f"table{suffix}", "sha256": digest, "bytes": len(data)},
            "tables": {"1": table_card(each.axes, each.table)},
        }
        _write(folder / "card.yaml", stated)
        return folder / "card.yaml"

    def refusal(self, card: Path) -> DocumentError | Document:
        try:
            return read_document(card, self.landing)
        except DocumentError as error:
            return error


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    (tmp_path / "landing").mkdir()
    return Desk(tmp_path / "landing")


def _write(path: Path, stated: Any) -> None:
    path.write_text(yaml.safe_dump(stated, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _advised(error: DocumentError, key: str) -> Keys:
    """The line of a card that a refusal's advice gives for a key."""
    lines = re.findall(rf"^\s+({key}: .+)$", error.advice, re.MULTILINE)
    assert lines, f"{error} gives no line for {key}"
    return {"tables": {"1": yaml.safe_load(lines[0])}}


def _mend(desk: Desk, card: Path, each: Input, refused: DocumentError, todo: str | Keys) -> None:
    if isinstance(todo, str):
        change = _advised(refused, todo)
    else:
        change = todo
        for name, stated in each.declared.items():
            _write(desk.landing / name, stated)
    _write(card, merge(yaml.safe_load(card.read_text(encoding="utf-8")), change))


@pytest.fixture(scope="module")
def told() -> Any:
    """A line for each input, printed at the end."""
    lines: list[str] = []
    yield lines.append
    print("\n" + "\n".join(sorted(lines)))


@pytest.mark.parametrize("each", [*CASES, *REAL], ids=lambda each: each.file)
def test_an_input_is_right_or_its_advice_makes_it_so(
    each: Input, desk: Desk, told: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    start = time.perf_counter()
    card = desk.put((DATA / each.file).read_bytes(), each)
    if not any(isinstance(todo, dict) for _, todo in each.advice):
        for name, stated in each.declared.items():
            _write(desk.landing / name, stated)
    for place, todo in each.advice:
        refused = desk.refusal(card)
        assert isinstance(refused, DocumentError), f"{each.file} is read without {todo}"
        assert refused.cell == place, str(refused)
        _mend(desk, card, each, refused, todo)
    read = desk.refusal(card)
    assert isinstance(read, Document), str(read)
    found = {(r.indicator, r.region, r.reference_year): r.value for r in read.observations}
    assert {key: found.get(key) for key in each.figures} == pytest.approx(dict(each.figures))
    assert len(found) == (each.count or len(each.figures))
    for row in read.observations:
        assert row.status == each.statuses.get(row.reference_year, "final")
    assert main(["check", str(card)]) == 0
    assert f"{len(found)} figures"[:-1] in capsys.readouterr().out
    table = yaml.safe_load(card.read_text(encoding="utf-8"))["tables"]["1"]
    text = yaml.safe_dump(table, allow_unicode=True, default_flow_style=None, width=200)
    told(
        f"{each.file:42} {len(found):5} figures, {len(text.splitlines()):2} lines, "
        f"{len(each.advice)} refusals mended, {time.perf_counter() - start:.2f} s"
    )


def test_no_input_is_missed() -> None:
    named = {each.file for each in (*CASES, *REAL)} | {"real/chongqing_county_panel.csv"}
    lying = {
        f"{folder}/{path.name}"
        for folder in ("cases", "real")
        for path in (DATA / folder).iterdir()
        if path.is_file() and path.name != "README.md"
    }
    assert lying <= named


def test_counties_of_one_city(desk: Desk) -> None:
    """37 counties, 58 columns: two are taken, the counties declared from the file's own codes."""
    data = (DATA / "real/chongqing_county_panel.csv").read_bytes()
    lines = [line.split(",") for line in data.decode().splitlines()[1:]]
    counties = {line[0]: line[3] for line in lines}
    each = Input(
        "real/chongqing_county_panel.csv",
        {
            "indicator": {"across": 1},
            "region": {"down": "county_id"},
            "year": {"down": "year"},
            "left_out": {"columns": ["/^(?!gdp_total|gdp_primary)/"]},
        },
        {},
        table={
            "unit": "万元",
            "labels": {"GDP_total(10k)": PRODUCT, "GDP_primary_sector(10k)": PRIMARY},
        },
        region="CN-CQ",
    )
    card = desk.put(data, each)
    refused = desk.refusal(card)
    assert isinstance(refused, DocumentError)
    assert refused.cell == "A2"
    assert "landing/regions.yaml" in refused.advice
    declared = {
        f"CN-50-{code[2:4]}-{code[4:]}": {
            "kind": "county",
            "parent": "CN-CQ",
            "gb": code,
            "zh": name,
            "en": code,
        }
        for code, name in counties.items()
    }
    listed = {"source": "the file", "licence": "facts", "regions": declared}
    _write(desk.landing / "regions.yaml", listed)
    read = desk.refusal(card)
    assert isinstance(read, Document), str(read)
    found = {(r.indicator, r.region, r.reference_year): r.value for r in read.observations}
    assert found[PRODUCT, "CN-50-01-01", 2020] == pytest.approx(970.6843)
    assert found[PRIMARY, "CN-50-01-01", 2019] == pytest.approx(83.3134)
    assert len({region for _, region, _ in found}) == len(counties)


def test_another_provinces_table_is_not_filed_as_the_next_edition(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = DATA / "cases/region_of_another_province_earlier/2024"
    data = (earlier / "population.csv").read_bytes()
    card = yaml.safe_load((earlier / "card.yaml").read_text(encoding="utf-8"))
    folder = desk.landing / "nbs_population/2024"
    folder.mkdir(parents=True)
    (folder / "population.csv").write_bytes(data)
    _write(folder / "card.yaml", {**card, "tables": {"1": table_card(EXPORT, {})}})
    before = sorted(desk.landing.rglob("*"))
    options = ("--like", "nbs_population/2024", "--yes", "--published-on", "2025-10-01")
    assert main(["add", str(DATA / "cases/region_of_another_province.csv"), *options]) == 1
    printed = capsys.readouterr()
    assert "上海市" in printed.out + printed.err
    assert "CN-GS" in printed.out + printed.err
    assert sorted(desk.landing.rglob("*")) == before


def test_every_figure_printed_is_kept_beside_the_one_stored(desk: Desk) -> None:
    each = next(each for each in CASES if each.file == "cases/shown_and_stored.xlsx")
    read = desk.refusal(desk.put((DATA / each.file).read_bytes(), each))
    assert isinstance(read, Document)
    row = next(row for row in read.observations if row.reference_year == 2018)
    assert (row.printed_value, row.stored_value) == ("8104.1", "8104.0712345")
    assert (row.value, row.half_unit) == (8104.1, 0.05)


def test_the_advice_is_plain_yaml(desk: Desk) -> None:
    """A line of advice can be copied into the card as it is printed."""
    each = next(each for each in CASES if each.file == "cases/newest_year_half.csv")
    refused = desk.refusal(desk.put((DATA / each.file).read_bytes(), each))
    assert isinstance(refused, DocumentError)
    assert _advised(refused, "ignore") == {"tables": {"1": {"ignore": ["2019年上半年"]}}}
    assert _advised(refused, "axes")["tables"]["1"]["axes"] == {
        "years": {"2019年上半年": "its year"}
    }
