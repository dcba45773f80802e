"""The rule about the accounts that providers work in."""

from __future__ import annotations

from collections.abc import Iterator

from ram_policies.guardrails.rule_model import HIGH, Example, SecuritySettings, Violation, rule
from ram_policies.stack.views import StackView


@rule(
    "account-mismatch",
    title="Sources contradict each other about an account",
    severity=HIGH,
    on=StackView,
    settings=SecuritySettings,
    why=(
        "Whom a role trusts is judged by the account it is in. A program that says another account than the reviewer "
        "(`accountsOfProviders`), or than the ARNs of what is already deployed, would be judged by the wrong one. The "
        "reviewer's word counts; where only the program and the ARNs contradict each other, or `accountId` and the "
        "role in `assumeRole`, the account counts as not known. Once `accountsOfProviders` names a provider, the "
        "program's word about the others counts for nothing and is reported: it could rename one. A name that two "
        "providers of the program have stands for neither: give URNs."
    ),
    unknown=(
        "A provider about which nobody says anything is not reported: nothing of its account is taken to be its own."
    ),
    example=Example(
        bad='Provider("owner", account_id="99999999")   with   "accountsOfProviders": {"owner": "11223344"}',
        good='Provider("owner", account_id="11223344")   with   "accountsOfProviders": {"owner": "11223344"}',
    ),
)
def account_mismatch(stack: StackView, settings: SecuritySettings) -> Iterator[Violation]:
    """Report every provider about which sources contradict each other."""
    del settings
    for provider in stack.providers:
        if provider.conflict:
            message = f"The account of the provider {provider.name} is contradictory: {provider.conflict}."
            fix = "Correct accountId or assumeRole of the provider, or accountsOfProviders."
            yield Violation(provider.resource, message, fix)
