"""Access that a change adds and takes away, in plain lines.

Grants are compared by what they allow, not by how they are written: a statement is only named when there is a request
that it allows and that was not allowed before (see `proof`). What cannot be compared counts as added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ram_policies.access.assume_graph import ASSUME_ROLE, AssumeGraph
from ram_policies.access.details import Hazards, hazard_phrase, session_changes
from ram_policies.access.grant_changes import GrantChange, grant_changes, may_differ
from ram_policies.access.holder_group import HolderGroup, Hop
from ram_policies.access.limit_changes import limit_changes
from ram_policies.access.marks import HAZARD, Mark
from ram_policies.access.model import OUTSIDE, AccessModel, Holder, Role
from ram_policies.access.phrases import listed, trusted_phrase
from ram_policies.arn import account_of, role_arn
from ram_policies.document import UNKNOWN_DOCUMENT, Document, Effect, Statement
from ram_policies.principals import caller_keys, principal_keys
from ram_policies.proof import Verdict, allows_at_most

_SHOWN_HOLDERS = 6


class ChangeKind(StrEnum):
    """Effect of a change on access. UNKNOWN: not known before the deployment, so it may be an addition."""

    ADDED = "added"
    REMOVED = "removed"
    UNKNOWN = "unknown"

    @property
    def mark(self) -> Mark:
        """Its sign and colour."""
        return Mark(self)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        kind: added, removed, or unknown.
        who: who gains or loses: holders in a sentence.
        what: what they gain or lose, as the rest of the sentence.
        account: ID of the account in which it counts.
        hazards: of an added grant: its hazards with their actions, the most serious first.
        remains: of a removed grant: what its holders may still do of it, in words.
    """

    kind: ChangeKind
    who: str
    what: str
    account: str
    hazards: Hazards = ()
    remains: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind.mark.sign} {self.who} {self.what}"

    def details(self) -> list[str]:
        """Notes on it: its hazards, and what remains after it."""
        hazards = [f"{HAZARD} {hazard_phrase(hazard)}: {listed(actions)}" for hazard, actions in self.hazards]
        return [*hazards, *(f"still may do {permission}" for permission in self.remains)]


_ORDER = (ChangeKind.ADDED, ChangeKind.UNKNOWN, ChangeKind.REMOVED)


@dataclass(frozen=True, slots=True)
class Difference:
    """All differences between two models.

    Attributes:
        changes: additions first, then what is not known, then removals.
        gaps: what the model after the change does not know, then what only the one before does not, in sentences.
    """

    changes: tuple[Change, ...]
    gaps: tuple[str, ...] = ()

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """The differences of one kind."""
        return tuple(change for change in self.changes if change.kind is kind)

    @property
    def adds(self) -> bool:
        """True if access is added, or may be."""
        return bool(self.of(ChangeKind.ADDED) or self.of(ChangeKind.UNKNOWN))

    @property
    def removes(self) -> bool:
        """True if access is taken away."""
        return bool(self.of(ChangeKind.REMOVED))

    def lines(self) -> list[str]:
        """The differences, one sentence each, with +, - or ? in front."""
        return [str(change) for change in self.changes]


def difference(before: AccessModel, after: AccessModel) -> Difference:
    """Compare two models of the same accounts.

    Five things are compared: the grants of users and roles, the roles they can assume, the principals that roles trust,
    the longest session of each role, and what limits grants, which are control policies and session policies.
    """
    return difference_of_graphs(AssumeGraph(before), AssumeGraph(after))


def difference_of_graphs(old: AssumeGraph, new: AssumeGraph) -> Difference:
    """Compare two models whose graphs are there already: see `difference`."""
    before, after = old.model, new.model
    changes = [*_grants(before, after), *_assumptions(old, new), *_trusts(before, after)]
    for role, account, longer, phrase in session_changes(before, after):
        changes.append(Change(_kind_of(adds=longer), role, phrase, account))
    changes += _limits(before, after)
    gaps = (*after.gaps, *(f"before the change, {gap}" for gap in before.gaps if gap not in after.gaps))
    return Difference(tuple(sorted(dict.fromkeys(changes), key=lambda change: _ORDER.index(change.kind))), gaps)


def _kind_of(*, adds: bool | None) -> ChangeKind:
    return ChangeKind.UNKNOWN if adds is None else ChangeKind.ADDED if adds else ChangeKind.REMOVED


# Grants: what each user, role or session may do itself.


def _grants(before: AccessModel, after: AccessModel) -> Iterator[Change]:
    old = {holder.arn: holder for holder in before.holders()}
    new = {holder.arn: holder for holder in after.holders()}
    found: dict[tuple[GrantChange, str], list[Holder]] = {}
    kept: dict[tuple[object, object], list[GrantChange]] = {}
    for arn in {**new, **old}:
        mine, was = new.get(arn), old.get(arn)
        policies = tuple((h.policies, h.session) if h else ((), None) for h in (was, mine))
        key = (policies[0], policies[1])
        if key not in kept:
            kept[key] = list(grant_changes(was, mine)) if may_differ(was, mine) else []
        holder = mine or was
        for granted in kept[key]:
            if holder is not None:
                found.setdefault((granted, holder.account.id), []).append(holder)
    for (granted, account), holders in found.items():
        kind = ChangeKind(granted.mark)
        yield Change(kind, titles(holders), granted.what, account, granted.hazards, granted.remains)


# Limits: what control policies and session policies let through.


def _limits(before: AccessModel, after: AccessModel) -> Iterator[Change]:
    for limit in limit_changes(before, after):
        kind = _kind_of(adds=limit.wider)
        if limit.holder is None:
            who = f"control policies of {limit.title}"
            phrases = {ChangeKind.ADDED: "no longer refuse {}", ChangeKind.REMOVED: "refuse {} now"}
        else:
            who = titles([limit.holder])
            phrases = {
                ChangeKind.ADDED: "is no longer refused {} by its session policy",
                ChangeKind.REMOVED: "is refused {} now by its session policy",
            }
        what = phrases.get(kind, "may be let do {}").format(limit.example)
        yield Change(kind, who, what, limit.account)


# Assumptions: which users, roles and sessions can assume which role.


def _assumptions(before: AssumeGraph, after: AssumeGraph) -> Iterator[Change]:
    old, new = _Edges(before), _Edges(after)
    found: dict[tuple[ChangeKind, str, str], list[Holder]] = {}
    for arn in {**new.holder_groups, **old.holder_groups}:
        was, now = old.hops(arn), new.hops(arn)
        for role in {**now, **was}:
            for kind, hop in _changed(role, (old, was.get(role)), (new, now.get(role)), arn):
                holder = (new if arn in new.holder_groups else old).holders[arn]
                phrase = _assume_phrase(kind, hop, now.get(role))
                found.setdefault((kind, phrase, hop.account.id), []).append(holder)
        ways_before, ways = old.service_hops(arn), new.service_hops(arn)
        for role in {**ways, **ways_before}:
            changed = _changed_way(ways_before.get(role), ways.get(role))
            if changed is not None:
                kind, hop = changed
                holder = (new if arn in new.holder_groups else old).holders[arn]
                found.setdefault((kind, _way_phrase(kind, hop), hop.account.id), []).append(holder)
    for (kind, what, account), holders in found.items():
        yield Change(kind, titles(holders), what, account)


class _Edges:
    """Direct assumptions in one model: caller and role."""

    def __init__(self, graph: AssumeGraph) -> None:
        self.graph = graph
        self.holder_groups: dict[str, HolderGroup] = {}
        self.holders: dict[str, Holder] = {}
        for group in self.graph.holder_groups:
            for holder in group.holders:
                if holder.kind != "session":
                    self.holder_groups[holder.arn] = group
                    self.holders[holder.arn] = holder

    def hops(self, arn: str) -> Mapping[str, Hop]:
        group = self.holder_groups.get(arn)
        return {} if group is None else self.graph.hops(group)

    def service_hops(self, arn: str) -> Mapping[str, Hop]:
        group = self.holder_groups.get(arn)
        return {} if group is None else self.graph.service_hops(group)

    def documents(self, arn: str, role: str) -> tuple[list[Document], Document]:
        """Documents that let a holder assume a role: its own about that, and the trust policy as it concerns it."""
        group = self.holder_groups[arn]
        hop = self.hops(arn)[role]
        own = [policy.document for policy in group.policies.policies if policy.scope is None]
        keys = caller_keys(group.caller)
        trust = hop.role.trust or UNKNOWN_DOCUMENT
        mine = [s for s in trust.statements if s.principals is None or keys & principal_keys(s.principals)]
        if trust == UNKNOWN_DOCUMENT:
            return own, trust
        return own, Document(tuple(replace(s, principals=None) for s in mine))


_Side = tuple[_Edges, Hop | None]


def _changed(role: str, before: _Side, after: _Side, arn: str) -> Iterator[tuple[ChangeKind, Hop]]:
    (old, was), (new, now) = before, after
    if now is None or was is None:
        if now is not None:
            yield ChangeKind.UNKNOWN if now.environment.depends_on else ChangeKind.ADDED, now
        if was is not None:
            yield ChangeKind.REMOVED, was
        return
    if (
        now.environment.conditions == was.environment.conditions
        and now.environment.depends_on == was.environment.depends_on
    ):
        return
    if not _no_wider(new.documents(arn, role), old.documents(arn, role)):
        yield ChangeKind.UNKNOWN if now.environment.depends_on else ChangeKind.ADDED, now
    if not _no_wider(old.documents(arn, role), new.documents(arn, role)):
        yield ChangeKind.REMOVED, was


def _changed_way(was: Hop | None, now: Hop | None) -> tuple[ChangeKind, Hop] | None:
    """The change of a way through a service; one that is not plainly narrower counts as added."""
    if was is None or now is None:
        gone = now is None
        hop = was if now is None else now
        if hop is None:
            return None
        unknown = bool(hop.environment.depends_on)
        return (ChangeKind.REMOVED if gone else ChangeKind.UNKNOWN if unknown else ChangeKind.ADDED), hop
    before, after = was.environment, now.environment
    if (before.conditions, before.depends_on) == (after.conditions, after.depends_on):
        return None
    if after.depends_on:
        return ChangeKind.UNKNOWN, now
    return (ChangeKind.REMOVED if set(before.conditions) < set(after.conditions) else ChangeKind.ADDED), now


def _way_phrase(kind: ChangeKind, hop: Hop) -> str:
    verb = {
        ChangeKind.ADDED: "can act as",
        ChangeKind.REMOVED: "can no longer act as",
        ChangeKind.UNKNOWN: "may be able to act as",
    }[kind]
    return f"{verb} {hop.title} by {hop.command} {_environment_phrase(hop)}"


def _no_wider(new: tuple[list[Document], Document], old: tuple[list[Document], Document]) -> bool:
    """True if both sides let the caller assume the role at most as before."""
    nothing_else = Document((Statement(Effect.DENY, (), (ASSUME_ROLE,), ("*",)),))
    return allows_at_most(new[1], old[1]).holds and allows_at_most([*new[0], nothing_else], old[0]).holds


def _assume_phrase(kind: ChangeKind, hop: Hop, now: Hop | None) -> str:
    if kind is ChangeKind.REMOVED and now is not None:
        return f"can assume {hop.title} only {_environment_phrase(now)} now, no longer {_environment_phrase(hop)}"
    verb = {
        ChangeKind.ADDED: "can assume",
        ChangeKind.REMOVED: "can no longer assume",
        ChangeKind.UNKNOWN: "may be able to assume",
    }[kind]
    return f"{verb} {hop.title} {_environment_phrase(hop)}"


def _environment_phrase(hop: Hop) -> str:
    phrase = [*hop.environment.conditions, *(f"depending on {what}" for what in hop.environment.depends_on)]
    return ", ".join(phrase) or "without conditions"


# Trust: principals outside of the model that roles admit: other accounts, services.


def _trusts(before: AccessModel, after: AccessModel) -> Iterator[Change]:
    old, new = _roles(before), _roles(after)
    for arn in {**new, **old}:
        (account, role), (was, now) = (new.get(arn) or old[arn])[:2], (_trust(old, arn), _trust(new, arn))
        title = f"role {role.name} of {account}"
        number = account_of(arn)
        if now == UNKNOWN_DOCUMENT and was != UNKNOWN_DOCUMENT:
            yield Change(
                ChangeKind.UNKNOWN, title, "will trust the principals of a document that is not known yet", number
            )
            continue
        for statement in _newly(was, now):
            yield Change(ChangeKind.ADDED, title, f"trusts {trusted_phrase(statement)}", number)
        for statement in _newly(now, was):
            left = listed([trusted_phrase(s) for s in now.statements if _same_principals(s, statement)], "or")
            phrase = f"trusts only {left} now, no longer" if left else "no longer trusts"
            yield Change(ChangeKind.REMOVED, title, f"{phrase} {trusted_phrase(statement)}", number)


def _roles(model: AccessModel) -> dict[str, tuple[str, Role]]:
    return {role_arn(a.id, role.name): (a.title, role) for a in model.accounts for role in a.roles}


def _trust(roles: Mapping[str, tuple[str, Role]], arn: str) -> Document:
    found = roles.get(arn)
    return Document(()) if found is None or found[1].trust is None else found[1].trust


def _newly(old: Document, new: Document) -> Iterator[Statement]:
    """The Allow statements of a trust policy that allow principals, or requests, that the old one did not."""
    if UNKNOWN_DOCUMENT in (old, new):
        return
    if not old.statements and all(s.effect is Effect.ALLOW for s in new.statements):
        yield from new.statements
        return
    if allows_at_most(new, old).verdict is Verdict.PROVED:
        return
    denies = tuple(s for s in new.statements if s.effect is Effect.DENY)
    for statement in new.statements:
        if statement.effect is Effect.ALLOW and not allows_at_most(Document((statement, *denies)), old).holds:
            yield statement


def _same_principals(one: Statement, other: Statement) -> bool:
    both_allow = one.effect is Effect.ALLOW and other.effect is Effect.ALLOW
    return both_allow and bool(set(one.principals or ()) & set(other.principals or ()))


def titles(holders: Iterable[Holder]) -> str:
    """Holders in a sentence: ``users AAA and BBB of company-b (12345678)``."""
    parts: list[str] = []
    by_place: dict[tuple[str, str], list[str]] = {}
    for holder in holders:
        if holder.kind in OUTSIDE:
            parts.append(holder.title)
            continue
        by_place.setdefault((holder.kind, holder.account.title), []).append(holder.name)
    for (kind, place), names in by_place.items():
        noun = kind if len(names) == 1 else f"{kind}s"
        parts.append(f"{noun} {listed(names, shown=_SHOWN_HOLDERS)} of {place}")
    return " and ".join(parts)
