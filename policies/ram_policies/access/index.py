"""Index of the holders that may be allowed a request at all, found without asking each of them.

Thousands of users share a few policies: every policy is looked at once, and leads to those who hold it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ram_policies.access.holder_group import HolderGroup, OpenContext
from ram_policies.evaluation.decision import Policy, Request
from ram_policies.evaluation.policyset import PolicySet


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

    def may(self, action: str, resource: str) -> set[int]:
        """Positions of the holder_groups that hold a policy with an Allow that may apply."""
        request = Request(action, resource, self._context)
        found = {
            self._original[id(compiled.matched.policy)]
            for compiled, applies in self._all.account_answers(request)
            if compiled.allows and applies is not False
        }
        return {position for key in found for position in self._holders[key]}
