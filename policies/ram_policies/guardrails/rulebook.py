"""All rules in one list, and how to judge a stack with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ram_policies.errors import InvalidInputError
from ram_policies.guardrails.rule_model import Outside, Rule, Violation
from ram_policies.guardrails.rules import (
    account_rules,
    administrator_rules,
    baseline_rules,
    condition_rules,
    document_rules,
    grant_rules,
    hygiene_rules,
    people_rules,
    storage_rules,
    trust_rules,
)
from ram_policies.stack.views import StackView

RULES: tuple[Rule[Any], ...] = (
    grant_rules.cross_account_administrator,
    grant_rules.privilege_escalation,
    administrator_rules.standing_administrator,
    trust_rules.wildcard_principal,
    storage_rules.public_bucket,
    account_rules.account_mismatch,
    trust_rules.trust_outside_allow_list,
    trust_rules.trust_without_proof,
    trust_rules.anonymous_session,
    trust_rules.session_too_long,
    condition_rules.condition_never_holds,
    condition_rules.mfa_loophole,
    people_rules.console_without_mfa,
    people_rules.keys_and_passwords,
    grant_rules.assume_permission_too_wide,
    baseline_rules.no_new_access,
    document_rules.document_findings,
    hygiene_rules.role_nobody_can_assume,
    hygiene_rules.operator_who_can_do_nothing,
    hygiene_rules.grant_does_nothing,
    trust_rules.window_in_past,
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
