"""All rules in one list, and how to judge a stack with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ram_policies.errors import InvalidInputError
from ram_policies.guardrails.model import Outside, Rule, Violation
from ram_policies.guardrails.rules import (
    accounts,
    administrators,
    baseline,
    conditions,
    documents,
    grants,
    hygiene,
    people,
    storage,
    trust,
)
from ram_policies.stack.views import StackView

RULES: tuple[Rule[Any], ...] = (
    grants.cross_account_administrator,
    grants.privilege_escalation,
    administrators.standing_administrator,
    trust.wildcard_principal,
    storage.public_bucket,
    accounts.account_mismatch,
    trust.trust_outside_allow_list,
    trust.trust_without_proof,
    trust.anonymous_session,
    trust.session_too_long,
    conditions.condition_never_holds,
    conditions.mfa_loophole,
    people.console_without_mfa,
    people.keys_and_passwords,
    grants.assume_permission_too_wide,
    baseline.no_new_access,
    documents.document_findings,
    hygiene.role_nobody_can_assume,
    hygiene.operator_who_can_do_nothing,
    hygiene.grant_does_nothing,
    trust.window_in_past,
)
"""Every guardrail, the most serious first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A violation with the rule it breaks."""

    rule: Rule[Any]
    violation: Violation


def find_rule(name: str) -> Rule[Any]:
    """The rule of that name.

    Raises:
        InvalidInputError: there is none.
    """
    for rule in RULES:
        if rule.name == name:
            return rule
    raise InvalidInputError(
        "rule", name, "is not a guardrail", f"use one of {', '.join(r.name for r in RULES)}", code="not-a-choice"
    )


def judge(
    stack: StackView,
    settings: Mapping[str, Mapping[str, object]],
    outside: Outside,
    rules: Iterable[Rule[Any]] = RULES,
) -> Iterator[Judged]:
    """Judge a stack with all rules.

    Args:
        stack: what to judge.
        settings: settings by the name of the rule.
        outside: the present time, and how to read files that settings name.
        rules: which rules.

    Raises:
        InvalidInputError: a setting is wrong.
    """
    for rule in rules:
        given = rule.configured(settings.get(rule.name)).resolved(outside)
        for violation in rule.run(stack, given):
            yield Judged(rule, violation)
