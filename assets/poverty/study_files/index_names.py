"""The indices of the study: the paper's symbols spelled out, their units and formulas.

Belongs here: names and formulas in words, and which table derives each index. Not here: the
derivation itself (`sql/indices/`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexName:
    """One index as the paper writes it, spelled out."""

    symbol: str
    english: str
    chinese: str
    unit: str
    formula: str
    table: str


INDEX_NAMES = {
    name.symbol: name
    for name in (
        IndexName(
            "PI",
            "poverty incidence",
            "贫困发生率",
            "ratio",
            "poor persons / persons counted",
            "indices.poverty_incidence",
        ),
        IndexName(
            "AIG",
            "agricultural income growth",
            "农业收入增长率",
            "ratio",
            "(agricultural income − that of the year before) / that of the year before",
            "indices.agricultural_income_growth",
        ),
        IndexName(
            "IM",
            "e-commerce transaction index",
            "电子商务交易指数",
            "ratio",
            "e-commerce transaction value / gross product",
            "indices.ecommerce_transaction_index",
        ),
        IndexName(
            "CEI",
            "consumer expenditure index",
            "消费支出指数",
            "ratio",
            "online shopping consumption per head / disposable income per head",
            "indices.consumer_expenditure_index",
        ),
        IndexName(
            "aEDI",
            "e-commerce development index",
            "电子商务发展指数",
            "ratio",
            "0.5 IM + 0.5 CEI",
            "indices.ecommerce_development_index",
        ),
        IndexName(
            "EG",
            "economic growth",
            "经济增长",
            "10k_cny_per_person",
            "gross product / year-end population",
            "indices.economic_growth",
        ),
    )
}
