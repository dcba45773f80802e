"""One model of access as a graph, every person apart: see `merging` for how people are drawn together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ram_policies.access.assume_graph import ASSUME_ROLE, AssumeGraph
from ram_policies.access.details import hazard_phrase, hazards_of_statement
from ram_policies.access.holder_group import HolderGroup, Hop
from ram_policies.access.marks import Mark
from ram_policies.access.model import OUTSIDE, Account, Holder
from ram_policies.access.phrases import conditions_phrase
from ram_policies.arn import group_arn, role_resource
from ram_policies.document import UNKNOWN_DOCUMENT, Document, Effect, Statement
from ram_policies.evaluation.decision import Policy, Request
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.folding import fold
from ram_policies.picture.picture_model import Edge, EdgeKey, EdgeKind, NodeKind, PictureNode

_KINDS = {"user": NodeKind.PERSON, "role": NodeKind.ROLE, "session": NodeKind.SESSION}
_EVERYTHING = "everything"


@dataclass(slots=True)
class Graph:
    """Nodes by ID and edges by key."""

    nodes: dict[str, PictureNode] = field(default_factory=dict[str, PictureNode])
    edges: dict[EdgeKey, Edge] = field(default_factory=dict[EdgeKey, Edge])

    def add(self, node: PictureNode) -> str:
        """Add a node, unless it is there; its ID."""
        return self.nodes.setdefault(node.id, node).id

    def warn(self, node_id: str, hazards: Iterable[str]) -> None:
        """Add hazards to a node; each is there once."""
        node = self.nodes[node_id]
        together = tuple(dict.fromkeys((*node.hazards, *hazards)))
        if together != node.hazards:
            self.nodes[node_id] = replace(node, hazards=together)

    def join(self, edge: Edge) -> None:
        """Add an edge; statements of one grant that differ in their actions alone become one."""
        known = self.edges.get(edge.key)
        if known is not None:
            together = tuple(dict.fromkeys((*known.actions, *edge.actions)))
            condition = (
                known.condition
                if known.condition == edge.condition
                else " or ".join(filter(None, (known.condition, edge.condition)))
            )
            edge = replace(known, actions=together, condition=condition)
        self.edges[edge.key] = edge


def graph_of(assumed: AssumeGraph) -> Graph:
    """The graph of a model whose assume graph is there."""
    return _Builder(assumed).build()


class _Builder:
    def __init__(self, assumed: AssumeGraph) -> None:
        self.model = assumed.model
        self.assumed = assumed
        self.graph = Graph()
        self.alone: dict[int, PolicySet] = {}
        self.team_names: dict[str, Mapping[str, str]] = {}
        self.documents: dict[tuple[str, str], set[tuple[Document, str | None]]] = {}

    def build(self) -> Graph:
        for account in self.model.accounts:
            for group in account.groups:
                self.graph.add(_team(account, group.name))
            for user in account.users:
                for name in user.groups:
                    if account.group(name) is not None:
                        person = self.graph.add(_person(account, user.name))
                        self.graph.join(Edge(person, _team(account, name).id, EdgeKind.MEMBER))
        self._assumptions()
        self._sessions()
        for holder, _, hop in self.assumed.outsiders():
            source = self.graph.add(_outsider(holder))
            self.graph.join(Edge(source, self._role(hop.account, hop.role.name), EdgeKind.ASSUMES, _terms(hop)))
        self._grants()
        return self.graph

    # Who assumes what: by a team when that holds for each of its people, else by name.

    def _assumptions(self) -> None:
        by_team: dict[tuple[str, str], dict[str, Hop]] = {}
        for group in self.assumed.holder_groups:
            for hop in self.assumed.hops(group).values():
                teams = list(self._givers(group, hop))
                for holder in group.holders:
                    source = self.graph.add(_holder(holder))
                    for team in teams:
                        by_team.setdefault((team, self._role(hop.account, hop.role.name)), {})[source] = hop
                    if not teams:
                        self._assumes(source, hop, "")
            for hop in self.assumed.service_hops(group).values():
                for holder in group.holders:
                    self._assumes(self.graph.add(_holder(holder)), hop, hop.command)
        self._team_assumptions(by_team)

    def _team_assumptions(self, by_team: Mapping[tuple[str, str], Mapping[str, Hop]]) -> None:
        members: dict[str, set[str]] = {}
        for edge in self.graph.edges.values():
            if edge.kind is EdgeKind.MEMBER:
                members.setdefault(edge.target, set()).add(edge.source)
        for (team, _), hops in by_team.items():
            terms = {_terms(hop) for hop in hops.values()}
            if len(terms) == 1 and set(hops) == members.get(team):
                self._assumes(team, next(iter(hops.values())), "")
                continue
            for source, hop in hops.items():
                self._assumes(source, hop, f"through {self.graph.nodes[team].title}")

    def _assumes(self, source: str, hop: Hop, through: str) -> None:
        condition = ", ".join(part for part in (through, _terms(hop)) if part)
        mark = Mark.UNKNOWN if hop.environment.depends_on else Mark.SAME
        role = self._role(hop.account, hop.role.name)
        self.graph.join(Edge(source, role, EdgeKind.ASSUMES, condition, mark=mark))

    def _givers(self, group: HolderGroup, hop: Hop) -> Iterator[str]:
        """The teams whose policies let a group assume a role."""
        holder = group.first
        if holder.kind != "user":
            return
        names = self._team_names(holder.account)
        request = Request(
            ASSUME_ROLE, role_resource(hop.account.id, hop.role.name), self.assumed.context(group.caller), group.caller
        )
        for policy in group.policies.policies:
            name = names.get(fold(policy.attached_to))
            if policy.document == UNKNOWN_DOCUMENT:
                continue
            alone = self.alone.setdefault(id(policy), PolicySet([policy]))
            answers = alone.account_answers(request)
            if any(compiled.allows and applies is not False for compiled, applies in answers):
                if name is None:
                    return  # by a policy of its own; the edge is from the person, whatever its teams have
                yield _team(holder.account, name).id

    def _team_names(self, account: Account) -> Mapping[str, str]:
        """Names of an account's groups by their ARNs."""
        if account.id not in self.team_names:
            self.team_names[account.id] = {fold(group_arn(account.id, one.name)): one.name for one in account.groups}
        return self.team_names[account.id]

    def _sessions(self) -> None:
        for account in self.model.accounts:
            for session in account.sessions:
                name = f"{session.role}/{session.name}"
                node = PictureNode(_id(NodeKind.SESSION, account, name), NodeKind.SESSION, name, account.title)
                role = self._role(account, session.role)
                condition = "live now" + (", less by a session policy" if session.policy is not None else "")
                self.graph.join(Edge(self.graph.add(node), role, EdgeKind.ACTS_AS, condition))

    def _role(self, account: Account, name: str) -> str:
        return self.graph.add(_role_node(account, name))

    # What each holds.

    def _grants(self) -> None:
        held = [(account, node, tuple(policies)) for account, node, policies in self._holders()]
        for account, _, policies in held:
            for policy in policies:
                key = (account.id, fold(policy.name))
                self.documents.setdefault(key, set()).add((policy.document, policy.scope))
        for account, node, policies in held:
            beside = [statement for policy in policies for statement in policy.document.statements]
            for policy in policies:
                self._grant(account, node, policy, beside)

    def _holders(self) -> Iterator[tuple[Account, PictureNode, Iterable[Policy]]]:
        for account in self.model.accounts:
            for role in account.roles:
                yield account, _role_node(account, role.name), role.grants
            for group in account.groups:
                yield account, _team(account, group.name), group.grants
            for user in account.users:
                yield account, _person(account, user.name), user.grants

    def _grant(self, account: Account, holder: PictureNode, policy: Policy, beside: Sequence[Statement]) -> None:
        shown = [s for s in policy.document.statements if not _only_assumes(s)]
        unknown = policy.document == UNKNOWN_DOCUMENT
        source = self.graph.add(holder)
        if not shown and not unknown:
            return
        same_name = len(self.documents[account.id, fold(policy.name)]) > 1
        name = f"{policy.name} of {holder.title}" if same_name else policy.name
        mark = Mark.UNKNOWN if unknown else Mark.SAME
        grant = self.graph.add(
            PictureNode(_id(NodeKind.GRANT, account, name), NodeKind.GRANT, policy.name, account.title, mark)
        )
        place = f"in resource group {policy.scope}" if policy.scope else ""
        self.graph.join(Edge(source, grant, EdgeKind.HOLDS, place))
        if unknown:
            self._allows(account, grant, Edge("", "", EdgeKind.ALLOWS, "whatever it will say", mark=mark), "*")
        for statement in shown:
            if statement.effect is Effect.ALLOW:
                self.graph.warn(grant, (hazard_phrase(hazard) for hazard, _ in hazards_of_statement(statement, beside)))
            kind = EdgeKind.REFUSES if statement.effect is Effect.DENY else EdgeKind.ALLOWS
            condition = conditions_phrase(statement.conditions)
            edge = Edge("", "", kind, condition, statement.actions, statement.not_actions)
            for pattern in statement.resources:
                self._allows(account, grant, edge, pattern)

    def _allows(self, account: Account, grant: str, edge: Edge, pattern: str) -> None:
        title = _EVERYTHING if pattern == "*" else pattern
        node = PictureNode(_id(NodeKind.RESOURCE, account, pattern), NodeKind.RESOURCE, title, account.title)
        self.graph.join(replace(edge, source=grant, target=self.graph.add(node)))


def _only_assumes(statement: Statement) -> bool:
    return bool(statement.actions) and all(fold(action) == fold(ASSUME_ROLE) for action in statement.actions)


def _terms(hop: Hop) -> str:
    return ", ".join((*hop.environment.conditions, *(f"depending on {what}" for what in hop.environment.depends_on)))


def _id(kind: NodeKind, account: Account, name: str) -> str:
    return f"{kind}:{account.id}:{fold(name)}"


def _person(account: Account, name: str) -> PictureNode:
    return PictureNode(_id(NodeKind.PERSON, account, name), NodeKind.PERSON, name, account.title)


def _team(account: Account, name: str) -> PictureNode:
    return PictureNode(_id(NodeKind.TEAM, account, name), NodeKind.TEAM, name, account.title)


def _role_node(account: Account, name: str) -> PictureNode:
    return PictureNode(_id(NodeKind.ROLE, account, name), NodeKind.ROLE, name, account.title)


def _outsider(holder: Holder) -> PictureNode:
    title = holder.title if holder.kind in OUTSIDE else f"{holder.kind} {holder.name}"
    return PictureNode(_id(NodeKind.OUTSIDER, holder.account, title), NodeKind.OUTSIDER, title, holder.account.title)


def _holder(holder: Holder) -> PictureNode:
    kind = _KINDS[holder.kind]
    return PictureNode(_id(kind, holder.account, holder.name), kind, holder.name, holder.account.title)
