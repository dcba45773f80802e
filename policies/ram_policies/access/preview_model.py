"""Models out of what the Pulumi CLI prints: `pulumi stack export` and `pulumi preview --json`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ram_policies.access.model import AccessModel
from ram_policies.access.stack_model import from_stack
from ram_policies.names import NameKind, check_name
from ram_policies.stack.assembly import build_stack
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.preview import read_preview
from ram_policies.stack.provider_accounts import known_accounts, provider_accounts, provider_name
from ram_policies.stack.state import resources_of_state


@dataclass(frozen=True, slots=True)
class Plan:
    """A preview as two models.

    Attributes:
        before: what there is.
        after: what there will be.
        unchanged: how many resources stay as they are and are neither in the preview nor in a state that was given.
    """

    before: AccessModel
    after: AccessModel
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class AccountHints:
    """Accounts that a program names by its own conventions, where neither state nor preview does.

    Attributes:
        accounts: account IDs by the name of a provider.
        aliases: what people call an account, by its ID.
    """

    accounts: Mapping[str, str] = field(default_factory=dict[str, str])
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])


HintReader = Callable[[Mapping[str, object], Sequence[ResourceFacts]], AccountHints]
"""Finds hints in a stack's configuration and resources. Whoever knows a program's conventions gives one."""


def no_hints(config: Mapping[str, object], resources: Sequence[ResourceFacts]) -> AccountHints:
    """The reader for programs of which nothing is known."""
    del config, resources
    return AccountHints()


def read_state(
    content: object,
    accounts: Mapping[str, str] | None = None,
    source: str = "state",
    hints: HintReader = no_hints,
) -> AccessModel:
    """The model of an exported state.

    Args:
        content: what `pulumi stack export` prints, read as JSON.
        accounts: account IDs by the name of a provider, as the user says. They win over what the stack says.
        source: what to call it in messages.
        hints: finds accounts and aliases by the conventions of the program.

    Raises:
        InvalidInputError: it is not an exported state, or an account ID is not one.
    """
    given = _checked(accounts)
    resources = resources_of_state(content, source)
    found = hints({}, resources)
    return _model(resources, given, _assumed(resources, found), found)


def read_plan(
    content: object,
    accounts: Mapping[str, str] | None = None,
    state: object = None,
    source: str = "plan",
    hints: HintReader = no_hints,
) -> Plan:
    """The two models of a preview.

    Args:
        content: what `pulumi preview --json` prints, read as JSON; a list of events for its streaming form.
        accounts: account IDs by the name of a provider, as the user says. They win over what the stack says.
        state: what `pulumi stack export` prints, for the resources that stay as they are.
        source: what to call the preview in messages.
        hints: finds accounts and aliases by the conventions of the program.

    Raises:
        InvalidInputError: it is not a preview, the state is not a state, or an account ID is not one.
    """
    given = _checked(accounts)
    preview = read_preview(content, state, source)
    both = (*preview.before, *preview.after)
    found = hints(preview.config, both)
    # What is deployed names accounts by ARN; a resource that is yet to be made has none.
    assumed = {
        **_assumed(both, found),
        **known_accounts(provider_accounts(preview.after, given)),
        **known_accounts(provider_accounts(preview.before, given)),
    }
    before = _model(preview.before, given, assumed, found)
    return Plan(before, _model(preview.after, given, assumed, found), preview.unchanged)


def _checked(accounts: Mapping[str, str] | None) -> Mapping[str, str]:
    for name, account in (accounts or {}).items():
        check_name(NameKind.ACCOUNT_ID, account, f"account of {name}")
    return accounts or {}


def _assumed(resources: Sequence[ResourceFacts], hints: AccountHints) -> dict[str, str]:
    """The hints by URN of the provider."""
    urns = {facts.provider.urn for facts in resources if facts.provider}
    return {urn: hints.accounts[provider_name(urn)] for urn in urns if provider_name(urn) in hints.accounts}


def _model(
    resources: Sequence[ResourceFacts], given: Mapping[str, str], assumed: Mapping[str, str], hints: AccountHints
) -> AccessModel:
    model = from_stack(build_stack(resources, given, assumed))
    named = (replace(a, alias=a.alias or hints.aliases.get(a.id, "")) for a in model.accounts)
    return replace(model, accounts=tuple(named))
