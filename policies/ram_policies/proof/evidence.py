"""Requests that refute, and the policies by which the evaluator confirms them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ram_policies.catalogue.actions import catalogued_services, expand
from ram_policies.evaluation.decision import Outcome, Request
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.evaluation.unchecked import needs_no_permission
from ram_policies.folding import fold

_WELL_KNOWN = ("ecs", "rds", "ram")
_TRIED_PATTERNS = 100_000  # when looking for an action that exists


@dataclass(frozen=True, slots=True)
class Evidence:
    """A question about one request.

    Attributes:
        sides: the policies of each side.
        goal: for each side, true if it must allow.
    """

    sides: Sequence[PolicySet]
    goal: tuple[bool, bool]

    def confirms(self, request: Request) -> bool:
        """True if the evaluator gives the answers wanted."""
        pairs = zip(self.sides, self.goal, strict=True)
        return all((side.decide(request) is Outcome.ALLOW) is wanted for side, wanted in pairs)

    def with_real_action(self, request: Request) -> Request:
        """The same with an action that exists, where one of the catalogue is confirmed as well: easier to believe."""
        service = fold(request.action).partition(":")[0]
        documents = [policy.document for side in self.sides for policy in side.policies]
        patterns = sum(len(s.actions) + len(s.not_actions) for document in documents for s in document.statements)
        tries = _TRIED_PATTERNS // (1 + patterns)
        for code in dict.fromkeys((service, *_WELL_KNOWN)):
            for action in expand(f"{code}:*") if code in catalogued_services() else ():
                candidate = replace(request, action=action)
                if fold(action) == fold(request.action):
                    return candidate
                if not all(self.goal) and needs_no_permission(action):
                    continue  # no side refuses it
                tries -= 1
                if tries >= 0 and self.confirms(candidate):
                    return candidate
        return request
