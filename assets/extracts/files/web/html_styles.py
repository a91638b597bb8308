"""What a web page says of the look of its elements: hidden, struck out, white, raised, small.

Belongs here: declarations of elements and of style sheets that make what stands there something
else than a plain figure. Not here: what becomes of it (html_file.py).
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_STRIKING = frozenset(("s", "strike", "del"))
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|(?:font-size|opacity)\s*:\s*0*\.?0+(?:px|pt|r?em|%)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_COLOUR = re.compile(r"(?<![-\w])color\s*:\s*([^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"(?<![-\w])background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_WHITE = re.compile(
    r"white|#fff(?:fff)?|rgba?\(\s*255\s*,\s*255\s*,\s*255\s*(?:,[^)]*)?\)", re.IGNORECASE
)
_NO_GROUND = re.compile(r"transparent|none|inherit|initial|auto|unset", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_NOT_ON_SCREEN = re.compile(
    r"/\*.*?\*/|<!--|-->|@media[^{]*\bprint\b[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.DOTALL
)
_SELECTOR = re.compile(r"(?P<tag>[\w*]+)?(?P<marks>(?:[.#][\w-]+)*)")
_RAISED = re.compile(r"vertical-align\s*:\s*(?:super|sub|text-top|[1-9])", re.IGNORECASE)
_SMALLER = re.compile(r"font-size\s*:\s*(?:smaller|x+-small|small|[1-9]\d?%|0?\.[1-9])", re.I)


class Styles:
    """What a page says of the look of its elements, in themselves and by its style sheets.

    A rule counts for every element that the last part of its selector names, wherever it stands.
    """

    def __init__(self, table: "HtmlElement") -> None:
        self._rules: list[tuple[str | None, frozenset[str], str]] = []
        self._of: dict[tuple[str, str, str], str] = {}
        for sheet in table.getroottree().iter("style"):
            for selectors, says in _RULE.findall(_NOT_ON_SCREEN.sub("", sheet.text or "")):
                for selector in selectors.split(","):
                    last = re.split(r"[\s>+~]+", selector.strip())[-1]
                    if match := _SELECTOR.fullmatch(last):
                        marks = frozenset(re.findall(r"[.#][\w-]+", match["marks"]))
                        self._rules.append((match["tag"], marks, says))

    def of(self, node: "HtmlElement") -> str:
        """All declarations for one element; its own come last."""
        key = node.tag, node.get("class") or "", node.get("id") or ""
        if key not in self._of:
            marks = {*(f".{name}" for name in key[1].split()), f"#{key[2]}"}
            self._of[key] = ";".join(
                says
                for tag, wanted, says in self._rules
                if tag in (None, "*", node.tag) and wanted <= marks
            )
        return f"{self._of[key]};{node.get('style') or ''}"

    def hide(self, node: "HtmlElement") -> bool:
        """Whether an element is not shown."""
        return node.get("hidden") is not None or bool(_HIDING.search(self.of(node)))

    def strike(self, node: "HtmlElement") -> bool:
        """Whether what stands in an element is struck out."""
        return node.tag in _STRIKING or bool(_STRUCK.search(self.of(node)))

    def is_white_on_white(self, node: "HtmlElement") -> bool:
        """Whether the text of an element has the colour of the page."""
        colour = self._nearest(node, _COLOUR, "color")
        ground = self._nearest(node, _GROUND, "bgcolor")
        on_white = ground is None or _WHITE.match(ground) is not None
        return colour is not None and on_white and _WHITE.fullmatch(colour) is not None

    def _nearest(self, node: "HtmlElement", says: re.Pattern[str], key: str) -> str | None:
        """What an element, or the nearest around it, says of a colour."""
        for each in (node, *node.iterancestors()):
            stated = says.findall(self.of(each)) or [each.get(key) or ""]
            if stated[-1].strip() and not _NO_GROUND.match(stated[-1].strip()):
                return str(stated[-1]).strip()
        return None


def is_raised(node: "HtmlElement") -> bool:
    """Whether an element's own style sets its text above or below the line."""
    return _RAISED.search(node.get("style") or "") is not None


def is_of_two_sizes(nodes: "Sequence[HtmlElement]") -> bool:
    """Whether small digits run on from others: nobody can tell a mark from a decimal."""
    for node in nodes:
        previous, parent = node.getprevious(), node.getparent()
        before = parent.text if previous is None else previous.tail
        if (
            (node.tag == "small" or _SMALLER.search(node.get("style") or ""))
            and (before or "")[-1:].isdigit()
            and (node.text or "")[:1].isdigit()
        ):
            return True
    return False
