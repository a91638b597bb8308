"""What the models make of the shipped counts of poor counties."""

import duckdb


def test_832_counties_of_22_provinces_leave_the_list_by_2020(
    provinces: duckdb.DuckDBPyConnection,
) -> None:
    # 832 / 804 / 679 / 397 / 52 / 0 as counted from the list by county; announced were exits of
    # 28, 125, 283, 344 and 52, which leaves 396 in 2018: one county is dated a year later.
    rows = provinces.execute(
        "select reference_year, provinces, sum_of_provinces, listed, nation, gap "
        "from provinces.poor_county_sum order by reference_year"
    ).fetchall()
    assert rows == [
        (2015, 22, 832, 832, 832, 0),
        (2016, 22, 804, 832, 804, 0),
        (2017, 22, 679, 832, 679, 0),
        (2018, 22, 397, 832, 396, 1),
        (2019, 22, 52, 832, 52, 0),
        (2020, 22, 0, 832, 0, 0),
    ]


def test_gansus_counts_with_their_denominators(provinces: duckdb.DuckDBPyConnection) -> None:
    rows = provinces.execute(
        "select remaining, listed, at_risk, left_list, quality from provinces.poor_county "
        "where region = 'CN-GS' order by reference_year"
    ).fetchall()
    remaining = [58, 58, 52, 38, 8, 0]
    before = [None, *remaining[:-1]]
    assert rows == [
        (left, 58, risk, None if risk is None else risk - left, "derived")
        for left, risk in zip(remaining, before, strict=True)
    ]


def test_a_share_of_no_county_is_no_share(provinces: duckdb.DuckDBPyConnection) -> None:
    # A province whose last county has left is at no risk of an exit: its hazard is nothing, not 0.
    (rows,) = provinces.execute(
        "select count(*) from provinces.poor_county where at_risk = 0 and exit_hazard is not null"
    ).fetchall()
    assert rows == (0,)
    ((without,),) = provinces.execute(
        "select count(*) from provinces.poor_county "
        "where reference_year >= 2016 and (log_im is null or log_eg is null)"
    ).fetchall()
    assert without == 0
