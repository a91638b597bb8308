"""What a sheet that no card describes is proposed to be, and what stays a question.

Gansu's figures are those of the National Bureau of Statistics; others are made for the test.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from assets.extracts.adding.opening import Part
from assets.extracts.files.grid import Grid
from assets.extracts.files.text_file import load_text
from assets.extracts.proposing.facts import publisher, standing, title, unsettled
from assets.extracts.proposing.header import headers
from assets.extracts.proposing.open_questions import next_open
from assets.extracts.proposing.proposal import Proposal, proposals, why_not
from assets.extracts.proposing.seen import Seen
from assets.extracts.proposing.series import Lines, told_apart

Sheet = Callable[[str], Grid]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    def of(text: str) -> Grid:
        path = tmp_path / "t.csv"
        path.write_text(text, encoding="utf-8")
        return load_text(path, "t.csv", None, None)

    return of


def only(grid: Grid) -> Proposal:
    [found] = proposals(grid)
    return found


def asked(proposal: Proposal, name: str = "t.csv") -> set[str]:
    """Keys of the questions that are open and may not be taken by --yes."""
    keys: set[str] = set()
    while open_ := next_open(proposal, name, "1", frozenset(keys), lambda _: False):
        keys.add(open_.question.key)
        if open_.question.certain:
            keys.add(f"sure {open_.question.key}")
    return {key for key in keys if f"sure {key}" not in keys and not key.startswith("sure ")}


def figures(proposal: Proposal) -> set[tuple[str, str, int, str]]:
    read = proposal.read.figures
    return {(f.indicator, f.region, f.reference_year, f.cell.text) for f in read}


GDP, POP = "gross_product", "population_year_end"


@pytest.mark.parametrize(
    ("text", "expected", "open_"),
    [
        (
            "单位：万人\n地区,Region,2022,2023\n北京,Beijing,2184,2186\n甘肃,Gansu,2492,2465\n",
            None,
            {"indicator"},
        ),
        (
            "2-5 分地区年末人口数\n单位：万人\n地区,Region,2022,2023\n甘肃,Gansu,2492,2465\n",
            {(POP, "CN-GS", 2022, "2492"), (POP, "CN-GS", 2023, "2465")},
            set(),
        ),
        (
            "3-9 地区生产总值 (2023年)\n单位：亿元\n地区,地区生产总值\n甘肃,11863.8\n",
            {(GDP, "CN-GS", 2023, "11863.8")},
            set(),
        ),
        (
            "2018-2019年甘肃省地区生产总值  单位：亿元\n年份,数值\n2019,8718.3\n2018,8104.1\n",
            {(GDP, "CN-GS", 2018, "8104.1"), (GDP, "CN-GS", 2019, "8718.3")},
            {"region"},
        ),
        (
            "单位：亿元\n地区,指标,2019\n甘肃,地区生产总值,8718.3\n,第一产业增加值,1050.5\n"
            "青海,地区生产总值,2941.1\n,第一产业增加值,301.9\n",
            {
                (GDP, "CN-GS", 2019, "8718.3"),
                (GDP, "CN-QH", 2019, "2941.1"),
                ("primary_industry_value_added", "CN-GS", 2019, "1050.5"),
                ("primary_industry_value_added", "CN-QH", 2019, "301.9"),
            },
            set(),
        ),
        (
            "地区生产总值(亿元),,,年末常住人口(万人),\n地区,2019,,地区,2019\n"
            "甘肃,8718.3,,甘肃,2509\n青海,2941.1,,青海,590\n",
            {
                (GDP, "CN-GS", 2019, "8718.3"),
                (GDP, "CN-QH", 2019, "2941.1"),
                (POP, "CN-GS", 2019, "2509"),
                (POP, "CN-QH", 2019, "590"),
            },
            set(),
        ),
        (
            "indicator,region,year,value,unit,quality\n"
            "gross_product,CN-GS,2018,8104.1,亿元,published\n"
            "gross_product,CN-GS,2019,8718.3,亿元,derived\n",
            {(GDP, "CN-GS", 2018, "8104.1"), (GDP, "CN-GS", 2019, "8718.3")},
            set(),
        ),
        (
            "表1 2019年主要指标\n指标,单位,绝对数,比上年增长(%)\n年末常住人口,万人,2509,-0.2\n",
            {(POP, "CN", 2019, "2509")},
            {"region"},
        ),
        (
            "地区：甘肃省\n单位：亿元\n年份,地区生产总值\n2011,4816.9\n“十二五”时期,28000\n",
            {(GDP, "CN-GS", 2011, "4816.9")},
            set(),
        ),
        (
            "geo,TIME_PERIOD,年末常住人口(万人),OBS_FLAG\nCN-GS,2019,2509,e\n",
            {(POP, "CN-GS", 2019, "2509")},
            set(),
        ),
        (
            "甘肃省的指标\n单位：亿元\n年份,地区生产总值\n2018,8104.1\n"
            "北京市的指标\n单位：亿元\n年份,地区生产总值\n2018,33106\n",
            {(GDP, "CN-GS", 2018, "8104.1"), (GDP, "CN-BJ", 2018, "33106")},
            set(),
        ),
        (
            "地区,2018年,,2019年,\n,地区生产总值(亿元),年末常住人口(万人),地区生产总值(亿元),"
            "年末常住人口(万人)\n甘肃,8104.1,2515,8718.3,2509\n",
            {
                *((GDP, "CN-GS", 2018, "8104.1"), (GDP, "CN-GS", 2019, "8718.3")),
                *((POP, "CN-GS", 2018, "2515"), (POP, "CN-GS", 2019, "2509")),
            },
            set(),  # each year stands over two columns: the text has lost what was merged
        ),
        (
            "2018-2019年各地区生产总值\n单位：亿元\n地区,二〇一九年,二○一八年\n甘肃,8718.3,8104.1\n",
            {(GDP, "CN-GS", 2019, "8718.3"), (GDP, "CN-GS", 2018, "8104.1")},
            set(),
        ),
        (
            "2019年各市州地区生产总值\n单位：亿元\n地区,生产总值\n兰州市,2837.4\n天水市,632.7\n",
            {(GDP, "CN-62-01", 2019, "2837.4"), (GDP, "CN-62-05", 2019, "632.7")},
            set(),
        ),
        (
            "各省、自治区、直辖市年末常住人口\n单位：万人\n地区,2019年\n甘肃,2509\n",
            {(POP, "CN-GS", 2019, "2509")},
            set(),
        ),
        (
            "2019年主要指标\n地区(亿元),地区生产总值,第一产业增加值(万元)\n甘肃,8718.3,10505000\n",
            {
                (GDP, "CN-GS", 2019, "8718.3"),
                ("primary_industry_value_added", "CN-GS", 2019, "10505000"),
            },
            set(),
        ),
        (
            "各地区生产总值\n亿元,2019年\n甘肃,8718.3\n",
            {(GDP, "CN-GS", 2019, "8718.3")},
            set(),
        ),
        (
            "地区,年份,地区生产总值_亿元\n甘肃,2019,8718.3\n",
            {(GDP, "CN-GS", 2019, "8718.3")},
            set(),
        ),
        (
            "REF_AREA,TIME_PERIOD,OBS_VALUE,DECIMALS\nCN,2019,986515.2,1\nCN,2018,919281.1,1\n",
            None,
            {"indicator", "unit"},
        ),
    ],
)
def test_tables_are_proposed_as_they_are_meant(
    sheet: Sheet,
    text: str,
    expected: set[tuple[str, str, int, str]] | None,
    open_: set[str],
) -> None:
    proposal = only(sheet(text))
    assert asked(proposal) == open_
    if expected is not None:
        assert figures(proposal) == expected


@pytest.mark.parametrize(
    ("text", "question"),
    [
        # The year of prices, of a book and of its day are not the year of the figures.
        ("地区生产总值(2020年价格)\n单位：亿元\n地区,地区生产总值\n甘肃,8104.1\n", "year"),
        ("中国统计年鉴2020\n单位：亿元\n地区,地区生产总值\n甘肃,8104.1\n", "year"),
        ("2020年发布\n单位：亿元\n地区,地区生产总值\n甘肃,8104.1\n", "year"),
        ("2020年11月\n单位：亿元\n地区,地区生产总值\n甘肃,8104.1\n", "year"),
        # Numbers that look like years are none without a heading that says so.
        ("地区,户数,地区生产总值(亿元)\n甘肃,2018,8104.1\n青海,2011,2748\n", "year"),
        # An office is not its province, a city or prefecture not the province it is named with.
        ("甘肃省统计局\n年份,地区生产总值(亿元)\n2018,8104.1\n", "region"),
        ("甘肃与青海\n年份,地区生产总值(亿元)\n2018,8104.1\n", "region"),
        # Another concept than the indicator whose label it holds.
        ("地区生产总值增长\n单位：亿元\n地区,2018\n甘肃,8104.1\n", "indicator"),
        # A column of words may say that the figures are something else.
        ("地区,年份,类别,年末常住人口(万人)\n甘肃,2018,男性,1280\n", "left_out"),
        ("年份,甘肃省\n2018,8104.1\n", "unit"),
        ("地区,2018\n陇原,1\n甘肃,8104.1\n", "left_out"),
        # The whole year, by other words than a year.
        ("地区生产总值(亿元)\n地区,2019年1-4季度,2018年\n甘肃,8718.3,8104.1\n", "left_out"),
        ("地区生产总值(亿元)\n地区,2019年1-12月,2018年\n甘肃,8718.3,8104.1\n", "left_out"),
        ("地区生产总值(亿元)\n地区,2019年前四季度,2018年\n甘肃,8718.3,8104.1\n", "left_out"),
    ],
)
def test_what_only_looks_like_a_statement_is_asked(sheet: Sheet, text: str, question: str) -> None:
    proposal = only(sheet(text))
    if question == "unit":  # that comes once the indicator is known
        open_ = next_open(proposal, "t.csv", "1", frozenset(), lambda _: False)
        assert open_ is not None
        choice = open_.other("地区生产总值")
        assert choice is not None
        proposal = open_.settle(choice)
    assert question in asked(proposal)


@pytest.mark.parametrize(
    ("name", "key", "word"),
    [
        ("甘肃省.csv", "region", "CN-GS"),
        ("乡村人口 (万人).csv", "indicator", "rural_population"),
        ("figures_2018.csv", "year", "2018"),
    ],
)
def test_the_name_of_a_file_suggests_and_never_settles(
    sheet: Sheet, name: str, key: str, word: str
) -> None:
    texts = {
        "region": "年份,地区生产总值(亿元)\n2018,8104.1\n",
        "indicator": "地区,2018\n甘肃,1200\n",
        "year": "地区,地区生产总值(亿元)\n甘肃,8104.1\n",
    }
    open_ = next_open(only(sheet(texts[key])), name, "1", frozenset(), lambda _: False)
    assert open_ is not None
    assert open_.question.key == key
    assert open_.question.choices[0].word == word
    assert not open_.question.certain


def test_figures_are_never_taken_for_texts_beside_a_table(sheet: Sheet) -> None:
    text = "地区,2018\n甘肃,8104.1\n续表\n地区,年末常住人口(万人)\n青海,603\n"
    for proposal in proposals(sheet(text)):
        assert "8104.1" not in proposal.entry["axes"].get("lines", ())


def test_two_readings_of_one_cell_are_both_offered(sheet: Sheet) -> None:
    """The years of two columns: which of them are the years of the figures is not said."""
    text = "地区,年份,报告年份,地区生产总值(亿元)\n甘肃,2018,2019,8104.1\n青海,2018,2019,2748\n"
    found = proposals(sheet(text))
    assert len(found) == 2
    assert {f.reference_year for each in found for f in each.read.figures} == {2018, 2019}


def test_what_a_document_says_of_itself(sheet: Sheet) -> None:
    text = (
        "数据库：分省年度数据\n指标：地区生产总值(亿元)\n地区,2018年\n甘肃省,8104.1\n"
        "注：2018年为初步核算数\n数据来源：国家统计局\n"
    )
    grid = sheet(text)
    parts = [Part("t.csv", {}, grid, None)]
    source = publisher(parts)
    assert source is not None
    assert source.value == "国家统计局"
    stands = standing(source)
    assert stands is not None
    assert stands.value == "official"
    named = title(parts, {"1": only(grid)})
    assert named is not None
    assert named.value == "分省年度数据, 指标：地区生产总值(亿元)"
    assert unsettled(parts) == ("cell A5: '注：2018年为初步核算数'",)


@pytest.mark.parametrize(
    ("text", "column", "taken", "figure"),
    [
        (
            "地区,年份,性别,年末常住人口(万人)\n甘肃,2018,男,1280\n甘肃,2018,女,1235\n"
            "甘肃,2018,合计,2515\n",
            "性别",
            "合计",
            (POP, "CN-GS", 2018, "2515"),
        ),
        (
            "指标,地区,年份,单位,数值\n地区生产总值,甘肃,2018,亿元,8104.1\n"
            "地区生产总值,甘肃,2018,万元,81041000\n",
            "单位",
            "万元",
            (GDP, "CN-GS", 2018, "81041000"),
        ),
    ],
)
def test_one_of_several_series_is_asked_for(
    sheet: Sheet, text: str, column: str, taken: str, figure: tuple[str, str, int, str]
) -> None:
    series = only(sheet(text)).series
    assert series is not None
    assert series.columns == (column,)
    assert not series.question("series").certain
    assert series.named("no such series") == []
    assert figures(only(sheet(text)).of_series((taken,))) == {figure}
    both = series.named(";".join("/".join(each) for each in series.lines))
    assert list(both) == list(series.lines)


def test_a_series_named_like_a_key_is_not_offered(sheet: Sheet) -> None:
    """Leaving out its lines by name would leave out the other lines of that year, too."""
    text = "地区,年份,类别,地区生产总值(亿元)\n甘肃,2018,甲,8104.1\n甘肃,2018,乙,2748\n"
    text += "甘肃,2018,2018,8104\n"
    assert proposals(sheet(text)) == ()


def test_headers_are_looked_for_near_the_figures_alone(sheet: Sheet) -> None:
    """Each is read by: a text of thousands of lines may not be read hundreds of times."""
    words = "".join(f"说明{i},段落{i}\n" for i in range(200))
    table = "年份,地区生产总值(亿元)\n2018,8104.1\n"
    assert len(list(headers(Seen(sheet(words + table))))) < 80
    assert figures(only(sheet("甘肃省\n" + table))) == {(GDP, "CN-GS", 2018, "8104.1")}


def test_a_running_number_tells_no_series_apart() -> None:
    keys = [("甘肃", "2018")] * 20 + [("甘肃", "2019")] * 20
    kinds = [f"类{i % 20}" for i in range(40)]
    lines = Lines(keys, {"代码": [str(i) for i in range(40)], "类别": kinds}, [])
    series = told_apart(lines)
    assert series is not None
    assert series.columns == ("类别",)
    assert told_apart(Lines(keys, {"代码": [str(i) for i in range(40)]}, [])) is None


def test_a_label_of_several_texts_that_is_given_a_meaning_is_asked_for_its_unit(
    sheet: Sheet,
) -> None:
    """As the World Bank writes a series: by its name and its code."""
    proposal = only(
        sheet(
            "Country Name,Country Code,Series Name,Series Code,2018 [YR2018],2019 [YR2019]\n"
            "China,CHN,GDP (current LCU),NY.GDP.MKTP.CN,91928110000000,98651520000000\n"
        )
    )
    label = next_open(proposal, "t.csv", "1", frozenset(), lambda _: False)
    assert label is not None
    assert label.question.key == "label/GDP (current LCU)/NY.GDP.MKTP.CN"
    meant = label.other(GDP)
    assert meant is not None
    unit = next_open(
        label.settle(meant), "t.csv", "1", frozenset([label.question.key]), lambda _: False
    )
    assert unit is not None
    assert unit.question.key == "unit"
    yuan = unit.other("元")
    assert yuan is not None
    read = unit.settle(yuan).read
    assert [(f.cell.text, f.unit.id) for f in read.figures] == [
        ("91928110000000", "cny"),
        ("98651520000000", "cny"),
    ]


def test_an_answer_that_cannot_be_ends_the_questions(sheet: Sheet) -> None:
    """Product in percent: the table is refused, and the command does not break off."""
    proposal = only(sheet("甘肃省\n年份,财富(%)\n2018,8104.1\n"))
    open_ = next_open(proposal, "t.csv", "1", frozenset(), lambda _: False)
    assert open_ is not None
    meant = open_.other(GDP)
    assert meant is not None
    after = open_.settle(meant)
    assert after.read.problem is not None
    assert next_open(after, "t.csv", "1", frozenset(), lambda _: False) is None


@pytest.mark.parametrize("years", ["2019年底,2018年底", "2019.12,2018.12", "2018-2019,2017-2018"])
def test_what_is_nearly_a_year_is_named_with_the_lines_that_mend_it(
    sheet: Sheet, years: str
) -> None:
    problem = why_not(sheet(f"地区：甘肃省\n指标,{years}\n年末常住人口(万人),2509,2515\n"))
    assert problem is not None
    assert problem.cell == "B2"
    assert "years" in problem.advice
    assert "ignore" in problem.advice
