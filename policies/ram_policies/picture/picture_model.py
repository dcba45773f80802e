"""Contents of a picture: nodes in five columns, edges between them, and what a change does to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from ram_policies.access.compare import Difference
from ram_policies.access.marks import HAZARD, Mark


class NodeKind(StrEnum):
    """Kind of thing that a node stands for."""

    PERSON = "person"
    PEOPLE = "people"
    SESSION = "session"
    OUTSIDER = "outsider"
    TEAM = "team"
    ROLE = "role"
    GRANT = "grant"
    RESOURCE = "resource"


class EdgeKind(StrEnum):
    """Relation of an edge's two ends; the value is the verb of the sentence."""

    MEMBER = "is in"
    ASSUMES = "may assume"
    ACTS_AS = "acts as"
    HOLDS = "holds"
    ALLOWS = "allows on"
    REFUSES = "refuses on"


COLUMNS: Mapping[NodeKind, int] = MappingProxyType(
    {
        NodeKind.PERSON: 0, NodeKind.PEOPLE: 0, NodeKind.SESSION: 0, NodeKind.OUTSIDER: 0,
        NodeKind.TEAM: 1, NodeKind.ROLE: 2, NodeKind.GRANT: 3, NodeKind.RESOURCE: 4,
    }
)  # fmt: skip
"""In which column, from the left, a node of each kind stands."""

HEADINGS = ("People", "Teams", "Roles", "Grants", "Resources")
"""Of the columns, from the left."""


@dataclass(frozen=True, slots=True)
class PictureNode:
    """Somebody or something in the picture.

    Attributes:
        id: the same before and after a change.
        kind: what it stands for.
        title: its name.
        place: the account it is in, in words.
        mark: what the change does to it.
        members: of people who are drawn together, their names.
        hazards: of a grant, what it lets its holders do beyond operating what is there, in words.
    """

    id: str
    kind: NodeKind
    title: str
    place: str = ""
    mark: Mark = Mark.SAME
    members: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """Signs in front of its name: its mark, and that of a hazard."""
        return " ".join(filter(None, (self.mark.sign, HAZARD if self.hazards else "")))

    @property
    def column(self) -> int:
        """In which column it stands, from the left."""
        return COLUMNS[self.kind]


EdgeKey = tuple[str, str, EdgeKind, str]


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection of two nodes.

    Attributes:
        source: ID of a node.
        target: ID of a node.
        kind: relation of its two ends.
        condition: what must hold, in words; empty when nothing must.
        actions: of a grant, the patterns of actions.
        not_actions: of a grant that speaks of all other actions, the patterns it leaves out.
        mark: what the change does to it.
        was: when it is changed: what had to hold, or which actions there were, before.
    """

    source: str
    target: str
    kind: EdgeKind
    condition: str = ""
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    mark: Mark = Mark.SAME
    was: str = ""

    @property
    def key(self) -> EdgeKey:
        """Identity of the edge, the same before and after a change: of grants, also what must hold."""
        of_grant = self.kind in {EdgeKind.ALLOWS, EdgeKind.REFUSES}
        return self.source, self.target, self.kind, self.condition if of_grant else ""

    @property
    def label(self) -> str:
        """Text on the edge: of a grant the actions, and what must hold."""
        listed = ", ".join(self.actions) or (f"all but {', '.join(self.not_actions)}" if self.not_actions else "")
        refused = "refused: " if self.kind is EdgeKind.REFUSES else ""
        return refused + ", ".join(part for part in (listed, self.condition) if part)


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it.

    Attributes:
        nodes: column by column, in the order in which they are drawn.
        edges: between them.
        difference: what the change adds and removes in sentences, as `access diff` prints it; None without a change.
        gaps: what is not known, in sentences.
    """

    nodes: tuple[PictureNode, ...]
    edges: tuple[Edge, ...]
    difference: Difference | None = None
    gaps: tuple[str, ...] = ()
    _by_id: dict[str, PictureNode] = field(
        default_factory=dict[str, PictureNode], init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        self._by_id.update({node.id: node for node in self.nodes})

    def node(self, node_id: str) -> PictureNode:
        """The node of that ID.

        Raises:
            KeyError: there is none.
        """
        return self._by_id[node_id]
