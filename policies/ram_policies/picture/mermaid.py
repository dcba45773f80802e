"""The picture as a Mermaid flow chart, which code hosting sites draw in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ram_policies.access.marks import HAZARD, SHADES, Mark
from ram_policies.picture.palette import mermaid_style
from ram_policies.picture.picture_model import COLUMNS, HEADINGS, Edge, EdgeKind, NodeKind, Picture, PictureNode
from ram_policies.visible import visible

# Other letters have a meaning in Mermaid or HTML; ":fa-" would be an icon.
_PLAIN = re.compile(r"[^A-Za-z0-9 ,.()/+*~?:@_-]|:(?=fa-)")
_SHAPES = {
    NodeKind.TEAM: ('(["', '"])'), NodeKind.ROLE: ('{{"', '"}}'), NodeKind.RESOURCE: ('[("', '")]')
}  # fmt: skip


def mermaid(picture: Picture) -> str:
    """The picture as Mermaid; marks of a change are in colour and in text."""
    names = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    lines = ["flowchart LR"]
    for number, heading in enumerate(HEADINGS):
        column = [node for node in picture.nodes if COLUMNS[node.kind] == number]
        if column:
            lines += [f"  subgraph {heading}", *(f"    {_node(node, names[node.id])}" for node in column), "  end"]
    lines += [f"  {_edge(edge, names)}" for edge in picture.edges]
    lines += _styles(picture, names)
    return "\n".join(lines) + "\n"


def _node(node: PictureNode, name: str) -> str:
    before, after = _SHAPES.get(node.kind, ('["', '"]'))
    place = f"<br/>{_text(node.place)}" if node.place else ""
    hazards = f"<br/>{HAZARD} {_text(', '.join(node.hazards))}" if node.hazards else ""
    return f"{name}{before}{_text(node.title) or ' '}{_mark(node.mark)}{place}{hazards}{after}"


def _mark(mark: Mark) -> str:
    """In words: a sign in front would be a list in Markdown."""
    return "" if mark is Mark.SAME else f" ({mark})"


def _edge(edge: Edge, names: dict[str, str]) -> str:
    parts = _text(edge.label) + _mark(edge.mark) + (f" (was: {_text(edge.was)})" if edge.was else "")
    label = parts.strip()
    refused = edge.kind is EdgeKind.REFUSES or edge.mark is Mark.REMOVED
    arrow = "-.->" if refused else "-->"
    written = f'|"{label}"|' if label else ""
    return f"{names[edge.source]} {arrow}{written} {names[edge.target]}"


def _styles(picture: Picture, names: dict[str, str]) -> Iterator[str]:
    for mark in SHADES:
        style = mermaid_style(mark)
        marked = [names[node.id] for node in picture.nodes if node.mark is mark]
        if marked:
            yield f"  classDef {mark} {style}"
            yield f"  class {','.join(marked)} {mark}"
        numbers = [str(number) for number, edge in enumerate(picture.edges) if edge.mark is mark]
        if numbers:
            yield f"  linkStyle {','.join(numbers)} {style}"


def _text(text: str) -> str:
    """Text in quotes: every letter that has a meaning in Mermaid or HTML is written by its number."""
    return _PLAIN.sub(lambda match: f"#{ord(match[0])};", visible(text))
