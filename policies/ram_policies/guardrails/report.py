"""The stack report: the access that a preview adds and takes away, in plain lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from ram_policies.access.compare import difference
from ram_policies.access.model import AccessModel
from ram_policies.access.stack import from_stack
from ram_policies.errors import InvalidInputError
from ram_policies.guardrails.model import Settings
from ram_policies.stack.build import build_stack
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.state import resources_of_state

NAME = "access-report"
TITLE = "What this changes about who can do what"
DEPLOYED = "deployed"


class ReportSettings(Settings):
    """Settings of the report."""

    before: str = Field(
        default=DEPLOYED,
        description=(
            "What to compare with: `deployed` asks the Pulumi CLI for the stack as it is (`pulumi stack export`), "
            "anything else is a file with its output; empty compares with nothing, so all access is new."
        ),
    )


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the state before comes from: `pulumi stack export` of the stack of a resource (by URN), and files by name.

    Both raise OSError with the reason when they cannot.
    """

    export: Callable[[str], str]
    read: Callable[[str], str]


def report(facts: Sequence[ResourceFacts], settings: ReportSettings, sources: Sources) -> str:
    """The report on a stack as a preview sees it; empty when nothing changes.

    Raises:
        InvalidInputError: the file to compare with is no exported state.
    """
    given = settings.accounts_of_providers
    known, reason = _state_before(facts, settings, sources)
    before = list(resources_of_state(known, f"{NAME}.before")) if known is not None else []
    accounts = _Accounts.of([*before, *facts], given)
    found = difference(_model(before, accounts), _model(facts, accounts))
    lines = [*found.lines(), *(f"? Not known: {gap}" for gap in found.gaps)]
    if not lines:
        return ""
    lines += [
        f"? Not known: the account of provider {name} (accountsOfProviders says it)" for name in accounts.nameless
    ]
    return "\n".join([f"Compared with nothing: {reason}", *lines] if reason else lines)


def _state_before(
    facts: Sequence[ResourceFacts], settings: ReportSettings, sources: Sources
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
        raise InvalidInputError(f"{NAME}.before", settings.before, f"cannot be read ({error})", "name a file") from None
    except ValueError as error:
        raise InvalidInputError(
            f"{NAME}.before", settings.before, f"is not JSON ({error})", "give the output of `pulumi stack export`"
        ) from None


def _model(facts: Iterable[ResourceFacts], accounts: _Accounts) -> AccessModel:
    ours = list(facts)
    return from_stack(build_stack(ours, accounts.known), accounts.title_of)


@dataclass(frozen=True, slots=True)
class _Accounts:
    """Accounts by the name of their provider, and the providers of resources."""

    known: Mapping[str, str]
    provider_of: Mapping[str, str]

    @classmethod
    def of(cls, facts: Sequence[ResourceFacts], given: Mapping[str, str]) -> _Accounts:
        """What the resources before and after say together: an ARN of the state before names the account after."""
        provider_of = {f.urn: f.provider.urn.rpartition("::")[2] for f in facts if f.provider}
        return cls({**dict(_said(facts)), **given}, provider_of)

    @property
    def nameless(self) -> list[str]:
        """Providers whose account nobody says."""
        return sorted(set(self.provider_of.values()) - set(self.known))

    def title_of(self, urn: str) -> str:
        """What stands for the account of a resource while it is not known; two providers are never taken for one."""
        name = self.provider_of.get(urn)
        return f"the account of provider {name}" if name else "the account of the default provider"


def _said(facts: Iterable[ResourceFacts]) -> Iterator[tuple[str, str]]:
    for resource in facts:
        if resource.provider is None:
            continue
        name = resource.provider.urn.rpartition("::")[2]
        configured, arn = resource.provider.properties.get("accountId"), resource.text("arn")
        if isinstance(configured, str) and configured:
            yield name, configured
        elif isinstance(arn, str) and arn.count(":") >= 4:
            yield name, arn.split(":")[3]
