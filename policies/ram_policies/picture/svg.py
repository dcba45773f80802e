"""The picture as one SVG file: for a README, a review, a printer."""

from __future__ import annotations

from collections.abc import Iterator

from ram_policies.access.marks import Mark
from ram_policies.picture.palette import svg_rules
from ram_policies.picture.picture_model import HEADINGS, Edge, NodeKind, Picture, PictureNode
from ram_policies.visible import escaped

_WIDTH, _HEIGHT, _ROW, _STEP, _TOP, _MARGIN = 190, 40, 56, 330, 64, 24
_TITLE, _LABEL = 24, 25  # letters that fit

_STYLE = """
svg { color-scheme: light dark; font: 13px system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
.paper { fill: #ffffff } text { fill: #16222c } .place, .heading, .label { fill: #50606d; font-size: 11px }
.heading { font-weight: 600; letter-spacing: .06em }
.label { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round }
rect.node { fill: #f5f7f8; stroke: #8795a1; stroke-width: 1.2 } path { fill: none; stroke: #8795a1; stroke-width: 1.3 }
rect.team { fill: #e2f2f0 } rect.role { fill: #ece7fb } rect.grant { fill: #fff3d9 } rect.resource { fill: #e8edf1 }
path.refuses { stroke-dasharray: 2 4 }
@media (prefers-color-scheme: dark) {
.paper { fill: #0e151b } text { fill: #e7edf2 } .place, .heading, .label { fill: #a3b2bf } .label { stroke: #0e151b }
rect.node { fill: #17212a; stroke: #6f8190 } path { stroke: #6f8190 }
rect.team { fill: #133a38 } rect.role { fill: #2e2358 } rect.grant { fill: #3d2c0a } rect.resource { fill: #263440 }
}
"""


def svg(picture: Picture) -> str:
    """The picture as SVG, light or dark as the reader prefers; marks of a change are in colour and in text."""
    columns = [[node for node in picture.nodes if node.column == number] for number in range(len(HEADINGS))]
    tallest = max((len(column) for column in columns), default=0)
    height = _TOP + max(tallest, 1) * _ROW + _MARGIN
    width = 2 * _MARGIN + (len(HEADINGS) - 1) * _STEP + _WIDTH
    places = dict(_places(columns, tallest))
    body = [
        *(_heading(number, text) for number, text in enumerate(HEADINGS)),
        *(line for edge in picture.edges for line in _edge(edge, places)),
        *(line for node in picture.nodes for line in _node(node, *places[node.id])),
    ]
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title">',
            f'<title id="title">{escaped(summary(picture))}</title>',
            f"<style>{_STYLE}{svg_rules()}</style>",
            f'<rect class="paper" width="{width}" height="{height}"/>',
            *body,
            "</svg>",
            "",
        ]
    )


def summary(picture: Picture) -> str:
    """The picture in a sentence: how much there is in it, and how much of that changes."""
    people = len({caller for node in picture.nodes if node.column == 0 for caller in _callers(node)})
    roles = sum(node.kind is NodeKind.ROLE for node in picture.nodes)
    grants = sum(node.kind is NodeKind.GRANT for node in picture.nodes)
    text = f"Access of {_count(people, 'caller', 'callers')} to {_count(roles, 'role', 'roles')}"
    text += f" with {_count(grants, 'grant', 'grants')}"
    if picture.difference is None:
        return text + "."
    marks = [part.mark for part in (*picture.nodes, *picture.edges)]
    counts = [f"{marks.count(mark)} {mark}" for mark in Mark if mark is not Mark.SAME and mark in marks]
    return f"{text}; in this preview: {', '.join(counts) or 'nothing changes'}."


def _callers(node: PictureNode) -> Iterator[tuple[str, str]]:
    """Callers that a node stands for: somebody in several teams is in a node of each."""
    if node.kind in {NodeKind.PERSON, NodeKind.PEOPLE}:
        yield from ((node.place, name) for name in node.members or (node.title,))
    else:
        yield "", node.id


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _places(columns: list[list[PictureNode]], tallest: int) -> Iterator[tuple[str, tuple[float, float]]]:
    for number, column in enumerate(columns):
        gap = max(tallest, 1) * _ROW / max(len(column), 1)
        for index, node in enumerate(column):
            yield node.id, (_MARGIN + number * _STEP, _TOP + gap * (index + 0.5) - _HEIGHT / 2)


def _heading(number: int, text: str) -> str:
    return f'<text class="heading" x="{_MARGIN + number * _STEP}" y="36">{escaped(text.upper())}</text>'


def _node(node: PictureNode, x: float, y: float) -> Iterator[str]:
    title = f"{node.sign} {node.title}".strip()
    more = (title, node.place, ", ".join(node.members), ", ".join(node.hazards))
    yield f"<g><title>{escaped(' '.join(filter(None, more)))}</title>"
    yield (
        f'<rect class="node {node.kind} {node.mark}" x="{x:g}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="9"/>'
    )
    yield f'<text class="{node.mark}" x="{x + 12:g}" y="{y + 17:g}">{escaped(_short(title, _TITLE))}</text>'
    yield f'<text class="place" x="{x + 12:g}" y="{y + 32:g}">{escaped(_short(node.place, _TITLE + 4))}</text></g>'


def _edge(edge: Edge, places: dict[str, tuple[float, float]]) -> Iterator[str]:
    (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
    x1, y1, y2 = x1 + _WIDTH, y1 + _HEIGHT / 2, y2 + _HEIGHT / 2
    same_column = x2 < x1
    if same_column:
        x2 += _WIDTH
        curve = f"M{x1:g} {y1:g}C{x1 + 60:g} {y1:g} {x2 + 60:g} {y2:g} {x2:g} {y2:g}"
        middle = (x1 + 48, (y1 + y2) / 2)
    else:
        half = (x1 + x2) / 2
        curve = f"M{x1:g} {y1:g}C{half:g} {y1:g} {half:g} {y2:g} {x2:g} {y2:g}"
        middle = (half, (y1 + y2) / 2)
    refuses = " refuses" if edge.kind.name == "REFUSES" else ""
    whole = f"{edge.mark.sign} {edge.label or edge.kind}".strip() + (f" (was: {edge.was})" if edge.was else "")
    yield f'<g><title>{escaped(whole)}</title><path class="{edge.mark}{refuses}" d="{curve}"/>'
    label = f"{edge.mark.sign} {edge.label}".strip()
    if label:
        x, y = middle
        yield (
            f'<text class="label {edge.mark}" x="{x:g}" y="{y + 4:g}" text-anchor="middle">'
            f"{escaped(_short(label, _LABEL))}</text>"
        )
    yield "</g>"


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"
