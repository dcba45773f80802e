"""Actions that are never allowed: proved over the policies of each role and of every role that it can assume."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ram_policies.access.holder_group import HolderGroup
from ram_policies.access.model import AccessModel
from ram_policies.access.scopes import grants_never, scoped_documents
from ram_policies.access.who import Explorer
from ram_policies.arn import role_arn, role_resource
from ram_policies.build import allow, deny
from ram_policies.document import Document
from ram_policies.errors import InvalidInputError
from ram_policies.evaluation.decision import Outcome, Policy, Request
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.evaluation.unchecked import all_unchecked
from ram_policies.proof import Proof, Verdict

_PATTERN = re.compile(r"[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Broken:
    """A way by which an action that is never allowed may be done, by a principal itself or through roles.

    Attributes:
        who: who starts, and the roles on the way.
        counterexample: a request that is allowed; None when it is not decided.
        open_because: why it is not decided.
        policies: names of the policies that allow the counterexample.
    """

    who: tuple[str, ...]
    counterexample: Request | None = None
    open_because: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()

    def __str__(self) -> str:
        way = " → ".join(self.who)
        if self.counterexample is None:
            return f"{way}: not decided: {'; '.join(self.open_because)}"
        by = f" by {' and '.join(self.policies)}" if self.policies else ""
        given = ", ".join(f"{key} {value}" for key, value in self.counterexample.context.items())
        tail = f" (with {given})" if given else ""
        return f"{way}: {self.counterexample.action} on {self.counterexample.resource} is allowed{by}{tail}"


def check_action_pattern(pattern: str, field: str) -> str:
    """An action or a pattern of actions, ``kms:Decrypt`` or ``bss:*``.

    Raises:
        InvalidInputError: it is not an action, or one that nobody can be kept from.
    """
    if pattern != "*" and not _PATTERN.fullmatch(pattern):
        raise InvalidInputError(
            field, pattern, "is not an action", "write <service>:<action>, as in kms:Decrypt", code="not-an-action"
        )
    if all_unchecked(pattern):
        problem = "needs no permission: everybody may do it, and no policy forbids it"
        raise InvalidInputError(field, pattern, problem, "leave it out", code="needs-no-permission")
    return pattern


def prove_never(granted: Iterable[Policy], patterns: Sequence[str]) -> Proof:
    """Prove that policies that are attached together allow no action that a pattern matches, on any resource.

    An action that needs no permission counts where a document allows it: everybody may do it, whatever documents say.
    """
    if not patterns:
        return Proof(Verdict.PROVED)
    return grants_never(scoped_documents(granted), Document((allow(tuple(patterns)),)))


def never_broken(model: AccessModel, patterns: Sequence[str], roles: Sequence[str] | None = None) -> Iterator[Broken]:
    """Every role that may do a forbidden action, itself or through roles that it can assume.

    A role that may assume roles which the model does not have is not decided: what those can do is unknown.

    Args:
        model: the accounts.
        patterns: actions that must never be allowed.
        roles: ARNs of the roles to start from; all of the model when None.

    Raises:
        InvalidInputError: one of the ARNs is not a role of the model.
    """
    explorer = Explorer(model)
    by_arn = {group.first.arn.lower(): group for group in explorer.holder_groups if group.first.kind == "role"}
    for given in roles or ():
        if given.lower() not in by_arn:
            fix = f"write one of {', '.join(by_arn)}" if by_arn else "give a source that has roles"
            raise InvalidInputError("role", given, "is not a role of these accounts", fix, code="unknown-name")
    started = by_arn if roles is None else {given.lower(): by_arn[given.lower()] for given in roles}
    for arn, group in started.items():
        yield from _broken_by(group, (group.first.title,), patterns, by_arn.values())
        for reached, hops in explorer.chains(group).items():
            way = (group.first.title, *(step for hop in hops for step in hop.steps))
            if reached.lower() != arn:
                yield from _broken_by(by_arn[reached.lower()], way, patterns, by_arn.values())


def _broken_by(
    group: HolderGroup, way: tuple[str, ...], patterns: Sequence[str], roles: Iterable[HolderGroup]
) -> Iterator[Broken]:
    granted = group.policies.policies
    proof = prove_never(granted, patterns)
    if not proof.holds:
        policies = _allowing(granted, proof.counterexample) if proof.counterexample else ()
        yield Broken(way, proof.counterexample, proof.open_because, policies)
    elif patterns and not _assumes_only(granted, roles).holds:
        reason = "it may assume roles that are not described here, and what those can do is not known"
        yield Broken(way, None, (reason,))


def _assumes_only(granted: Sequence[Policy], roles: Iterable[HolderGroup]) -> Proof:
    """Proof that every role that policies allow to be assumed is one of these."""
    known = [
        text
        for group in roles
        for text in (
            role_arn(group.first.account.id, group.first.name),
            role_resource(group.first.account.id, group.first.name),
        )
    ]
    elsewhere = (allow("sts:AssumeRole"), *([deny("sts:AssumeRole", known)] if known else []))
    return grants_never(scoped_documents(granted), Document(elsewhere))


def _allowing(policies: Iterable[Policy], request: Request) -> tuple[str, ...]:
    return tuple(policy.name for policy in policies if PolicySet([policy]).decide(request) is Outcome.ALLOW)
