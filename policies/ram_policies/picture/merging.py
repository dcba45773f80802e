"""Two graphs as one picture: what a change does to each part, people of one team drawn together, columns in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ram_policies.access.assume_graph import AssumeGraph
from ram_policies.access.compare import difference_of_graphs
from ram_policies.access.marks import Mark
from ram_policies.access.model import AccessModel
from ram_policies.picture.graph import Graph, graph_of
from ram_policies.picture.picture_model import HEADINGS, Edge, EdgeKey, EdgeKind, NodeKind, Picture, PictureNode

_SWEEPS = 4


def picture_of(before: AccessModel | None, after: AccessModel) -> Picture:
    """The picture of a model, or of the change from one to another.

    Args:
        before: what there was; None when only the present is drawn.
        after: what there is, or will be.
    """
    later = AssumeGraph(after)
    earlier = None if before is None else AssumeGraph(before)
    new = graph_of(later)
    old = new if earlier is None else graph_of(earlier)
    nodes = _marked_nodes(old, new)
    nodes, edges = _folded(nodes, list(_marked_edges(old, new)))
    compared = None if earlier is None else difference_of_graphs(earlier, later)
    return Picture(tuple(_ordered(nodes, edges)), tuple(edges), compared, after.gaps)


def _marked_nodes(old: Graph, new: Graph) -> dict[str, PictureNode]:
    found: dict[str, PictureNode] = {}
    for key, node in {**old.nodes, **new.nodes}.items():
        mark = node.mark
        if key not in new.nodes:
            mark = Mark.REMOVED
        elif key not in old.nodes and mark is Mark.SAME:
            mark = Mark.ADDED
        found[key] = replace(node, mark=mark)
    return found


def _marked_edges(old: Graph, new: Graph) -> Iterator[Edge]:
    for key, edge in {**old.edges, **new.edges}.items():
        was, now = old.edges.get(key), new.edges.get(key)
        if now is None:
            yield replace(edge, mark=Mark.REMOVED)
        elif was is None:
            yield edge if edge.mark is Mark.UNKNOWN else replace(edge, mark=Mark.ADDED)
        elif was.label != now.label and now.mark is not Mark.UNKNOWN:
            yield replace(edge, mark=Mark.CHANGED, was=was.label or "without conditions")
        else:
            yield edge


def _folded(nodes: dict[str, PictureNode], edges: Sequence[Edge]) -> tuple[dict[str, PictureNode], list[Edge]]:
    """People who can do the same as others of their team become one node for each team.

    Whoever has an edge beside its membership (a grant of its own, a role that trusts it by name) keeps a node, drawn
    together with those of the same teams and the same further edges.
    """
    own: dict[str, list[Edge]] = {}
    kept: list[Edge] = []
    for edge in edges:
        if nodes[edge.source].kind is NodeKind.PERSON:
            own.setdefault(edge.source, []).append(edge)
        else:
            kept.append(edge)
    alike: dict[tuple[Mark, tuple[Edge, ...]], list[PictureNode]] = {}
    for person, mine in own.items():
        node = nodes[person]
        if all(edge.kind is EdgeKind.MEMBER for edge in mine):
            for edge in mine:
                alike.setdefault((node.mark, (_bare(edge),)), []).append(node)
        else:
            alike.setdefault((node.mark, tuple(sorted(map(_bare, mine), key=_key))), []).append(node)
    for (_, shared), people in alike.items():
        whole = _together(people, shared)
        nodes[whole.id] = whole
        kept += [replace(edge, source=whole.id) for edge in shared]
    seen = {end for edge in kept for end in (edge.source, edge.target)}
    gone = {
        node.id for node in nodes.values() if node.kind is NodeKind.PERSON and node.id not in seen and node.id in own
    }
    return {key: node for key, node in nodes.items() if key not in gone}, kept


def _bare(edge: Edge) -> Edge:
    return replace(edge, source="")


def _key(edge: Edge) -> EdgeKey:
    return edge.key


def _together(people: Sequence[PictureNode], shared: Sequence[Edge]) -> PictureNode:
    first = people[0]
    if len(people) == 1:
        return first
    names = tuple(sorted(node.title for node in people))
    first = min(people, key=lambda node: node.id)
    where = "+".join(dict.fromkeys(edge.target for edge in shared))
    return PictureNode(
        f"people:{first.id}:{where}", NodeKind.PEOPLE, f"{len(people)} people", first.place, first.mark, names
    )


def _ordered(nodes: Mapping[str, PictureNode], edges: Iterable[Edge]) -> list[PictureNode]:
    """Nodes column by column, each near those that it is connected with (the barycentre heuristic), names in order."""
    columns = [
        sorted((node for node in nodes.values() if node.column == number), key=lambda node: (node.place, node.id))
        for number in range(len(HEADINGS))
    ]
    beside: dict[str, list[str]] = {}
    for edge in edges:
        beside.setdefault(edge.source, []).append(edge.target)
        beside.setdefault(edge.target, []).append(edge.source)
    at: dict[str, float] = {}
    for column in columns:
        _place(column, at)
    numbers = list(range(len(columns)))
    for sweep in range(_SWEEPS):
        for number in numbers[1:] if sweep % 2 == 0 else reversed(numbers[:-1]):
            previous = number - 1 if sweep % 2 == 0 else number + 1
            wanted = {node.id: _centre(node, beside, nodes, previous, at) for node in columns[number]}
            columns[number].sort(key=lambda node: wanted[node.id])
            _place(columns[number], at)
    return [node for column in columns for node in column]


def _place(column: Sequence[PictureNode], at: dict[str, float]) -> None:
    for index, node in enumerate(column):
        at[node.id] = (index + 0.5) / len(column)


def _centre(
    node: PictureNode,
    beside: Mapping[str, list[str]],
    nodes: Mapping[str, PictureNode],
    column: int,
    at: Mapping[str, float],
) -> float:
    near = [at[one] for one in beside.get(node.id, ()) if nodes[one].column == column]
    near = near or [at[one] for one in beside.get(node.id, ()) if nodes[one].column != node.column]
    return sum(near) / len(near) if near else at[node.id]
