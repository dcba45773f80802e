"""State of one operation of the engine: the resources judged so far, and the violations reported."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ram_policies.guardrails.rule_model import Violation
from ram_policies.stack.assembly import build_stack
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.neighbours import Neighbourhood
from ram_policies.stack.state import made_resources_of_state
from ram_policies.stack.views import StackView

Before = Callable[[str], str]
"""The stack as it is deployed, as `pulumi stack export` prints it, by the URN of one of its resources."""


def nothing(urn: str) -> str:
    """The answer when nothing is known about what is deployed."""
    del urn
    return '{"deployment": {}}'


class Phase:
    """Phase of the engine, which it reports once, before it asks about the first resource."""

    def __init__(self) -> None:
        """Begin before the engine has reported its phase."""
        self._preview = False

    def say(self, *, preview: bool) -> None:
        """Note whether this is a preview."""
        self._preview = preview

    @property
    def final(self) -> bool:
        """True if what is judged is about to be made. Assumed until the engine reports its phase."""
        return not self._preview


PHASE = Phase()
"""The phase of this process: a pack is started for one operation."""


class Operation:
    """One preview or update. A pack is started for one, but tests ask the same pack several times."""

    def __init__(self, before: Before) -> None:
        """Begin; the deployed stack is asked for when it is first needed."""
        self._before = before
        self._known: Neighbourhood | None = None
        self._reported: dict[tuple[str, str], None] = {}
        self._ended = False
        self._alone: tuple[ResourceFacts, Mapping[str, str], StackView] | None = None
        self._latest: tuple[ResourceFacts, Mapping[str, str], StackView] | None = None
        self._whole: tuple[Sequence[ResourceFacts], Mapping[str, str], StackView] | None = None

    def alone(self, facts: ResourceFacts, accounts: Mapping[str, str]) -> StackView:
        """The view of a resource by itself, built once for all rules with the same settings about accounts."""
        if self._alone is None or self._alone[:2] != (facts, accounts):
            self._alone = (facts, accounts, build_stack([facts], accounts, reviewed_only=True))
        return self._alone[2]

    def around(self, facts: ResourceFacts, accounts: Mapping[str, str]) -> StackView:
        """The part of the stack that decides about a resource that is about to be made or changed."""
        if self._ended or self._known is None:
            self._known = Neighbourhood(self._deployed(facts.urn))
            self._reported.clear()
            self._ended, self._latest = False, None
        if self._latest is None or self._latest[:2] != (facts, accounts):
            self._known.put(facts)
            around = self._known.around(facts.urn)
            self._latest = (facts, accounts, build_stack(around, accounts, partial=True, reviewed_only=True))
        return self._latest[2]

    def whole(self, resources: Sequence[ResourceFacts], accounts: Mapping[str, str]) -> StackView:
        """The view of the whole stack, built once for all rules with the same settings about accounts."""
        self._ended = True
        if self._whole is None or self._whole[:2] != (resources, accounts):
            self._whole = (resources, accounts, build_stack(resources, accounts, reviewed_only=True))
        return self._whole[2]

    def first_reported(self, rule: str, urn: str, violations: Iterable[Violation]) -> Iterator[Violation]:
        """The violations that were not reported before in this operation, at the resource that is judged."""
        for violation in violations:
            if (rule, violation.message) not in self._reported:
                self._reported[rule, violation.message] = None
                yield replace(violation, urn=urn)

    def unreported(self, rule: str, violations: Iterable[Violation]) -> Iterator[Violation]:
        """The violations for which no resource was stopped."""
        return (violation for violation in violations if (rule, violation.message) not in self._reported)

    def _deployed(self, urn: str) -> Iterator[ResourceFacts]:
        try:
            yield from made_resources_of_state(json.loads(self._before(urn)))
        except (OSError, ValueError):
            return  # a stack that cannot be exported is judged by what the operation itself shows
