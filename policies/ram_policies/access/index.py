"""Index of the holders that may be allowed a request at all, found without asking each of them.

Thousands of users share a few policies: every policy is looked at once, and leads to those who hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ram_policies.access.holder_group import HolderGroup, OpenContext
from ram_policies.document import UNKNOWN_DOCUMENT, Effect
from ram_policies.evaluation.compiled import speaks_about
from ram_policies.evaluation.decision import Policy, Request
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.folding import fold


class PolicyIndex:
    """The policies of holder_groups, each once."""

    def __init__(self, holder_groups: Sequence[HolderGroup], context: OpenContext) -> None:
        """Index holder_groups.

        Args:
            holder_groups: in an order; answers are positions in it.
            context: what is known about every request, whoever makes it.
        """
        self._context = context
        self._holders: dict[int, list[int]] = {}
        copies: dict[int, Policy] = {}
        for position, group in enumerate(holder_groups):
            for policy in group.policies.policies:
                self._holders.setdefault(id(policy), []).append(position)
                if id(policy) not in copies:
                    copies[id(policy)] = replace(policy, scope=None)
        self._original = {id(copy): key for key, copy in copies.items()}
        self._all = PolicySet(copies.values())

    def about(self, actions: Iterable[str]) -> set[int]:
        """Positions of the holder_groups that hold an Allow about one of the actions, on whatever resource."""
        folded = tuple(map(fold, actions))
        found: set[int] = set()
        for policy in self._all.policies:
            statements = policy.document.statements
            allows = (s for s in statements if s.effect is Effect.ALLOW)
            if policy.document == UNKNOWN_DOCUMENT or any(speaks_about(s, a) for s in allows for a in folded):
                found.update(self._holders[self._original[id(policy)]])
        return found

    def may(self, action: str, resource: str) -> set[int]:
        """Positions of the holder_groups that hold a policy with an Allow that may apply."""
        request = Request(action, resource, self._context)
        found = {
            self._original[id(compiled.matched.policy)]
            for compiled, applies in self._all.account_answers(request)
            if compiled.allows and applies is not False
        }
        return {position for key in found for position in self._holders[key]}
