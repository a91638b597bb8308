"""The published warehouse for an assistant: a read-only server of the Model Context Protocol.

Belongs here: its tools, over standard input and output. Not here: what an answer holds
(`answer.py`). Needs the dependency group `mcp`.
"""

from typing import Any

import duckdb
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.queries import query_text
from orchestration.answers.answer import answered

_INSTRUCTIONS = (
    "Yearly statistical studies of e-commerce and poverty in China. Every answer has the SQL that "
    "gave it, the vintage, cells of printed documents, and caveats: pass them on with a number. "
    "RECOVERED and SIMULATED data say nothing official about China. Begin with find."
)
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


def server(home: Home) -> MCPServer[Any]:
    """The server with its tools, each of which reads and does nothing else."""

    def answer(sql: str, **parameters: object) -> dict[str, Any]:
        try:
            return answered(home, sql, parameters).as_json()
        except (duckdb.Error, ValueError, TimeoutError, WarehouseError) as error:
            raise ToolError(str(error)) from error

    def find(word: str) -> dict[str, Any]:
        """What a word in Chinese or English names: indicators, indices, regions, studies."""
        return answer(query_text("commands/catalog_entries"), word=word)

    def tables(word: str = "") -> dict[str, Any]:
        """The tables that speak of a word; all of them without one."""
        return answer(query_text("commands/tables"), word=word)

    def describe(table: str) -> dict[str, Any]:
        """The columns of one table, such as current.result: type, meaning with unit, joins."""
        return answer(query_text("commands/table_columns"), table=table)

    def results(study: str | None = None) -> dict[str, Any]:
        """What the studies found, one row a headline result, with verdict and kind of data."""
        return answer(query_text("answers/study_results"), study=study)

    def figures(indicator: str, region: str, year: int | None = None) -> dict[str, Any]:
        """Printed figures in force of an indicator and region (CN, CN-GS), with their cells."""
        text = query_text("answers/figures")
        return answer(text, indicator=indicator, region=region, year=year)

    def where_from(index: str, year: int, study: str | None = None) -> dict[str, Any]:
        """An index value (PI, AIG, IM, CEI, aEDI, EG) and every printed cell behind it."""
        return answer(query_text("answers/index_value"), index=index, year=year, study=study)

    def query(sql: str) -> dict[str, Any]:
        """One SELECT in DuckDB's SQL on the published warehouse; anything else is refused."""
        return answer(sql)

    made: MCPServer[Any] = MCPServer("yearbook", instructions=_INSTRUCTIONS, log_level="ERROR")
    for tool in (find, tables, describe, results, figures, where_from, query):
        made.add_tool(tool, annotations=_READS)
    return made
