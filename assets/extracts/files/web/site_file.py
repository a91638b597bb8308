"""What the statistics site answers a program (.json), as a grid: a line for each figure.

Belongs here: both forms, that of easyquery.htm (to March 2026) and that of the site's new address,
read strictly, into the same columns. Not here: what any name means, fetching.

Row 1 holds 指标, 单位, 地区, 时间, 数值 and 指标代码, row 2 the first figure. A field that is not
known, a figure that is said twice in two ways, or an answer that is no success stops the document.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from assets.extracts.files.file_checks import file_error
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.files.shown_number import ShownNumber, shown_as
from assets.extracts.meaning.registry import region_of

_COLUMNS = ("指标", "单位", "地区", "时间", "数值", "指标代码")
_OLD_AXES = ("zb", "reg", "sj")  # indicator, region, time
_EXPECTED = "an answer of data.stats.gov.cn: returndata with datanodes and wdnodes, or data by time"
_YEAR = re.compile(r"([0-9]{4})YY")


@dataclass(frozen=True, slots=True)
class _Line:
    """One figure and what it is of.

    code: the site's own identifier of the indicator; memo: what it notes of the indicator.
    """

    label: str
    unit: str
    region: str
    time: str
    value: ShownNumber
    code: str
    memo: str = ""


def load_site(path: Path, name: str) -> Grid:
    """Read an answer of the statistics site. Raises DocumentError."""
    try:
        answer = json.loads(
            path.read_bytes().decode("utf-8-sig"),
            parse_float=str,
            parse_int=str,
            object_pairs_hook=_without_doubles,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as error:
        told = " ".join(str(error).split())
        raise file_error(name, f"it is no sound JSON ({told})", _EXPECTED) from error
    try:
        if "returndata" in answer:
            lines = list(_old_lines(answer))
        elif "data" in answer:
            lines = list(_new_lines(answer))
        else:
            raise ValueError("there is neither returndata nor data")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        told = f"there is no {error}" if isinstance(error, KeyError) else str(error)
        raise file_error(name, f"it is another answer: {told}", _EXPECTED) from error
    heads = tuple(Cell(1, column, text) for column, text in enumerate(_COLUMNS, start=1))
    rows = (heads, *(_cells(row, line, lines) for row, line in enumerate(lines, start=2)))
    return Grid(name, None, rows, tuple(len(row) for row in rows), {})


def _cells(row: int, line: _Line, lines: Sequence[_Line]) -> tuple[Cell, ...]:
    # Two codes under one name are two definitions: their names say it, so that the card decides.
    several = any(other.label == line.label and other.code != line.code for other in lines)
    label = f"{line.label} [{line.code}]" if several else line.label
    texts = (label, line.unit, line.region, line.time, line.value.text, line.code)
    cells = [Cell(row, column, text) for column, text in enumerate(texts, start=1)]
    cells[0] = replace(cells[0], comment=line.memo or None)
    cells[4] = replace(cells[4], stored=line.value.stored)
    return tuple(cells)


def _old_lines(answer: Mapping[str, Any]) -> Iterator[_Line]:
    if answer["returncode"] != "200":
        raise ValueError(f"returncode is {answer['returncode']}")
    data = answer["returndata"]
    nodes = {
        axis["wdcode"]: {node["code"]: node for node in axis["nodes"]} for axis in data["wdnodes"]
    }
    _require_known(nodes, _OLD_AXES)
    for node in data["datanodes"]:
        codes = {place["wdcode"]: place["valuecode"] for place in node["wds"]}
        if set(codes) != set(nodes):
            raise ValueError(f"{node['code']} lacks one of {', '.join(nodes)}")
        _require_own_codes(node, codes)
        said = {axis: nodes[axis][code] for axis, code in codes.items()}
        indicator = said["zb"]
        yield _Line(
            max(str(indicator.get("cname") or ""), str(indicator["name"]), key=len),
            str(indicator["unit"]),
            _old_region(codes["reg"], str(said["reg"]["name"])) if "reg" in said else "",
            _old_time(codes["sj"], str(said["sj"]["name"])),
            _old_value(node),
            codes["zb"],
            str(indicator.get("memo") or "").strip(),
        )


def _require_own_codes(node: Mapping[str, Any], codes: Mapping[str, str]) -> None:
    """A figure's own name (zb.A020101_reg.620000_sj.2019) must say what its places say."""
    named = dict(part.partition(".")[::2] for part in str(node["code"]).split("_"))
    for axis, code in codes.items():
        if named.get(axis, code) != code:
            raise ValueError(f"{node['code']} stands at {axis} {code}")


def _old_region(code: str, name: str) -> str:
    """The name of a region, which must be that of its code where both are known."""
    known, meant = region_of(code), region_of(name)
    if known is not None and meant is not None and known != meant:
        raise ValueError(f"the region {code} is called {name}")
    return name


def _old_time(code: str, name: str) -> str:
    """A year by its code; of anything else (2019D, a quarter) the name, which no year has."""
    if not re.fullmatch("[0-9]{4}", code):
        return name
    if not name.startswith(code):
        raise ValueError(f"the time {code} is called {name}")
    return code


def _old_value(node: Mapping[str, Any]) -> ShownNumber:
    """A figure as it is shown, which must be the one that is stored beside it."""
    data = node["data"]
    if not data["hasdata"]:
        return ShownNumber("")
    shown = shown_as(str(data["strdata"]), float(data["data"]))
    if shown is None:
        raise ValueError(f"{node['code']} shows {data['strdata']} and stores {data['data']}")
    return shown


def _new_lines(answer: Mapping[str, Any]) -> Iterator[_Line]:
    if answer.get("success") is False:
        raise ValueError(f"success is false ({answer.get('message')})")
    for moment in answer["data"]:
        for value in moment["values"]:
            label, unit = str(value["i_showname"]).strip(), str(value.get("du_name") or "")
            shown = value["value"]
            yield _Line(
                label.removesuffix(f"({unit})").strip() if unit else label,
                unit,
                str(value.get("da_name") or ""),
                _time(moment["code"]),
                ShownNumber("" if shown is None else str(shown).strip()),
                str(value["_id"]),
            )


def _time(code: str) -> str:
    """A year of the new site's codes (2024YY) without its letters; any other code as it is."""
    match = _YEAR.fullmatch(code)
    return match[1] if match else code


def _require_known(names: Iterable[str], known: Sequence[str]) -> None:
    strange = sorted(set(names) - set(known))
    if strange:
        raise ValueError(f"an axis {', '.join(strange)} is not known")


def _without_doubles(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
