"""The stack report: the access that a preview adds and takes away, in plain lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ram_policies.access.compare import difference
from ram_policies.access.stack_model import from_stack
from ram_policies.errors import InvalidInputError
from ram_policies.guardrails.report_settings import DEPLOYED, NAME, ReportSettings, StateSources
from ram_policies.stack.assembly import build_stack
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.provider_accounts import known_accounts, provider_accounts
from ram_policies.stack.state import made_resources_of_state


def report(facts: Sequence[ResourceFacts], settings: ReportSettings, sources: StateSources) -> str:
    """The report on a stack as a preview sees it; empty when nothing changes.

    Raises:
        InvalidInputError: the file to compare with is not an exported state.
    """
    known, reason = _state_before(facts, settings, sources)
    before = list(made_resources_of_state(known, f"{NAME}.before")) if known is not None else []
    given = settings.accounts_of_providers
    # An ARN of the state before names the account of what is made after, and the other way round.
    assumed = {
        **known_accounts(provider_accounts(facts, given)),
        **known_accounts(provider_accounts(before, given)),
    }
    old, new = build_stack(before, given, assumed), build_stack(facts, given, assumed)
    found = difference(*(from_stack(replace(stack, named=()), _stand_in) for stack in (old, new)))
    lines = [*found.lines(), *(f"? Not known: {gap}" for gap in found.gaps)]
    changed = _changed(before, facts)
    lines += [f"? Not looked at: {named.title}" for named in new.named if named.urn in changed]
    if not lines:
        return ""
    providers = {provider.name: provider for provider in (*old.providers, *new.providers)}
    for name, provider in sorted(providers.items()):
        if not isinstance(provider.account, str):
            why = provider.conflict or "accountsOfProviders says it"
            lines.append(f"? Not known: the account of provider {name} ({why})")
    return "\n".join([f"Compared with nothing: {reason}", *lines] if reason else lines)


def _changed(before: Sequence[ResourceFacts], after: Sequence[ResourceFacts]) -> set[str]:
    """URNs of resources that are new, or of which a property changes or is not known yet."""
    there = {facts.urn: facts.properties for facts in before}
    return {
        facts.urn
        for facts in after
        if facts.urn not in there
        or any(value is not None and there[facts.urn].get(name) != value for name, value in facts.properties.items())
    }


def _state_before(
    facts: Sequence[ResourceFacts], settings: ReportSettings, sources: StateSources
) -> tuple[Mapping[str, object] | None, str]:
    """The state to compare with, or why there is none."""
    if not settings.before or not facts:
        return None, ""
    try:
        if settings.before == DEPLOYED:
            return json.loads(sources.export(facts[0].urn)), ""
        return json.loads(sources.read(settings.before)), ""
    except OSError as error:
        if settings.before == DEPLOYED:
            return None, f"the stack could not be exported ({error})."
        raise InvalidInputError(
            f"{NAME}.before", settings.before, f"cannot be read ({error})", "name a file", code="unreadable-file"
        ) from None
    except ValueError as error:
        raise InvalidInputError(
            f"{NAME}.before",
            settings.before,
            f"is not JSON ({error})",
            "give the output of `pulumi stack export`",
            code="not-json",
        ) from None


def _stand_in(provider: str) -> str:
    """Placeholder for an account while it is not known; two providers are never taken for one."""
    return f"the account of provider {provider}" if provider else "the account of the default provider"
