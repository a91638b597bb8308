"""YAML as people write it: cards and the files beside them, without YAML's silent surprises.

Belongs here: reading one file as a mapping or a list. Not here: what its keys mean.
"""

from pathlib import Path
from typing import Any

import yaml

from assets.extracts.errors import DocumentError

MAX_BYTES = 1_000_000


class _StrictLoader(yaml.SafeLoader):
    """YAML without its silent surprises: no duplicate keys, no aliases, keys are text."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"an alias (*name) in line {mark.line + 1}")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: dict[str, int] = {}
        for key_node, _ in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag.endswith(":float"):
                raise yaml.YAMLError(f"a key in line {line} is not plain text: put it in quotes")
            if key_node.value in keys:
                first = keys[key_node.value]
                raise yaml.YAMLError(f"'{key_node.value}' in line {line} and in line {first}")
            keys[key_node.value] = line
        return {
            key_node.value: self.construct_object(value_node, deep=True)
            for key_node, value_node in node.value
        }


def read_yaml(path: Path, name: str, kind: type, advice: str) -> Any:
    """Read a card, or a file beside it, that must hold a mapping (dict) or a list.

    advice: what to do about a file of another form. Raises DocumentError naming the line.
    """
    form = "mapping of keys to values" if kind is dict else "list"

    def wrong(found: str) -> DocumentError:
        return DocumentError(
            name,
            found=found,
            expected=f"a YAML {form} of at most 1 MB in UTF-8, every key once, no aliases",
            advice=advice,
        )

    if not path.is_file():
        raise wrong("there is no such card")
    if path.stat().st_size > MAX_BYTES:
        raise wrong(f"it is {path.stat().st_size} bytes long")
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _StrictLoader)
    except OSError as error:
        raise wrong(f"it cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise wrong(f"byte {error.start} is not UTF-8") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise wrong("it is not readable: " + " ".join(str(error).split())) from error
    if not isinstance(raw, kind):
        raise wrong(f"it holds no {form}")
    return raw
