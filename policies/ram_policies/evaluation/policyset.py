"""Any number of policies, judged together."""

from __future__ import annotations

from collections.abc import Iterable

from ram_policies.evaluation.compiled import MAY_ALLOW, MAY_DENY, MAY_IGNORE, CompiledSet, StatementAnswer, outcome_of
from ram_policies.evaluation.decision import Outcome, Policy, Request


class PolicySet:
    """The policies of one side of a decision. Immutable; compiled when it is made.

    In policies of account scope an applying Deny wins, then an applying Allow. Only when those say nothing, the
    policies attached with the resource's group as scope are asked: a Deny there cannot take back an Allow of account
    scope.
    (Alibaba Cloud, RAM, "Policy evaluation process".)

    Attributes:
        policies: what it was made of.
        account: the statements of account scope.
        groups: the statements with a resource group as scope, by the ID of the group.
    """

    __slots__ = ("account", "groups", "policies")

    def __init__(self, policies: Iterable[Policy] = ()) -> None:
        self.policies = tuple(policies)
        self.account = CompiledSet(p for p in self.policies if p.scope is None)
        scopes = {p.scope for p in self.policies if p.scope is not None}
        self.groups = {scope: CompiledSet(p for p in self.policies if p.scope == scope) for scope in scopes}

    def __len__(self) -> int:
        return len(self.policies)

    def decide(self, request: Request) -> Outcome:
        """The outcome of these policies alone, without reasons: the fastest way to ask."""
        return outcome_of(self.possible(request))

    def possible(self, request: Request) -> int:
        """Every outcome that unknown values leave open, as bits of `compiled`."""
        mask = self.account.possible(request)
        if not mask & MAY_IGNORE or not self.groups:
            return mask
        group = self.groups.get(request.resource_group or "")
        return mask if group is None else (mask & (MAY_ALLOW | MAY_DENY)) | group.possible(request)

    def may_allow(self, action: str) -> bool:
        """True if an Allow of any scope speaks about the action, on whatever resource and under whatever condition."""
        return self.account.may_allow(action) or any(group.may_allow(action) for group in self.groups.values())

    def account_answers(self, request: Request) -> list[StatementAnswer]:
        """Answers of the statements of account scope about the request's action and resource, in order."""
        return self.account.answers(request)

    def group_answers(self, request: Request) -> list[StatementAnswer]:
        """Answers of the statements with the resource's group as scope, in order."""
        group = self.groups.get(request.resource_group or "") if self.groups else None
        return [] if group is None else group.answers(request)
