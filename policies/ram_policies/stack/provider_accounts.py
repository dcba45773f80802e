"""The account behind a provider: the one answer for rules, for reports and for readers of previews.

What a reviewer says wins. A program's own word (``accountId`` and ``assumeRole`` of the provider) and the ARNs of what
is already there come next; where those contradict each other, the account is not known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ram_policies.arn import Arn
from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.errors import InvalidInputError
from ram_policies.stack.facts import ResourceFacts, Value

ASSUMING = ("assumeRole", "assumeRoleWithOidc")
"""Properties of a provider by which it works as a role, the one that is assumed last first."""

DEFAULT = "default"
"""Name that reviewers give for all default providers, of any version."""

_RAM = frozenset({"alicloud:ram/role:Role", "alicloud:resourcemanager/role:Role"})


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """The account behind one provider, as far as it is known.

    Attributes:
        urn: the provider.
        account: ID of the account; UNKNOWN when nobody says, or when the sources contradict one another.
        reviewed: what the reviewer says.
        declared: what the program says: ``accountId`` of the provider.
        assumes: account of the role that the program lets the provider assume, its ``assumeRole`` or else its
            ``assumeRoleWithOidc``; UNKNOWN when it assumes one and nobody can see which.
        observed: accounts in the ARNs of its resources.
        resource: one of its resources, to report a contradiction at.
        ambiguous: whether the reviewer's name stands for several providers.
        unconfirmed: whether a reviewer names other providers and not this one, so that the program's word is nothing.
    """

    urn: str
    account: str | Unknown
    reviewed: str | None = None
    declared: str | None = None
    assumes: str | Unknown | None = None
    observed: tuple[str, ...] = ()
    resource: str = ""
    ambiguous: bool = False
    unconfirmed: bool = False

    @property
    def name(self) -> str:
        """The name of the provider in the program."""
        return provider_name(self.urn)

    @property
    def conflict(self) -> str:
        """The contradiction in a sentence; empty when there is none."""
        claims = [
            (f"the reviewer says {self.reviewed}", self.reviewed),
            (f"its accountId says {self.declared}", self.declared),
            (f"it assumes a role of {self.assumes}", self.assumes),
            *((f"an ARN of its resources says {account}", account) for account in self.observed),
        ]
        there = [(claim, account) for claim, account in claims if isinstance(account, str) and account]
        if self.unconfirmed and (self.declared or self.assumes):
            return ", ".join(["the reviewer does not name it", *(claim for claim, _ in there)])
        if self.ambiguous:
            return f"several providers are called {self.name}, and the reviewer's account is for one of them"
        if len({account for _, account in there}) < 2:
            return ""
        return ", ".join(claim for claim, _ in there)


def provider_name(urn: str) -> str:
    """The name that a program gives a provider, out of its URN."""
    return urn.rpartition("::")[2]


def provider_accounts(
    resources: Iterable[ResourceFacts],
    reviewed: Mapping[str, str] | None = None,
    assumed: Mapping[str, str] | None = None,
    *,
    reviewed_only: bool = False,
) -> dict[str, ProviderAccount]:
    """The account behind each provider, by the provider's URN.

    Args:
        resources: the stack.
        reviewed: account IDs by the name or the URN of a provider, as a reviewer says.
        assumed: account IDs by the URN of a provider, for providers about which nothing else says anything.
        reviewed_only: whether the word of the program counts for nothing, where a reviewer names any provider: a
            program that is judged could rename a provider, and so be its own reviewer.
    """
    evidence: dict[str, _Evidence] = {}
    for facts in resources:
        if facts.provider is None:
            continue
        found = evidence.setdefault(facts.provider.urn, _Evidence(facts.urn))
        account = ResourceFacts(facts.provider.urn, "", facts.provider.properties).text("accountId")
        if isinstance(account, str):
            found.declared = account
        found.assumes = found.assumes or _assumed_account(facts.provider.properties)
        arn = facts.properties.get("arn")
        if facts.type in _RAM and isinstance(arn, str) and _account(arn):
            found.observed[_account(arn)] = None
    names = [provider_name(urn) for urn in evidence]
    out: dict[str, ProviderAccount] = {}
    for urn, found in evidence.items():
        name = provider_name(urn)
        confirmed, ambiguous = _reviewed(urn, name, names, reviewed or {})
        unconfirmed = reviewed_only and bool(reviewed) and confirmed is None
        own_word = () if unconfirmed else (found.declared, found.assumes)
        sources = {confirmed} if confirmed else {s for s in (*own_word, *found.observed) if isinstance(s, str) and s}
        known = sources or {source for source in ((assumed or {}).get(urn),) if source}
        unseen = confirmed is None and found.assumes is UNKNOWN and not found.observed
        account = next(iter(known)) if len(known) == 1 and not ambiguous and not unseen else UNKNOWN
        observed = tuple(found.observed)
        out[urn] = ProviderAccount(
            urn,
            account,
            confirmed,
            found.declared,
            found.assumes,
            observed,
            found.resource,
            ambiguous,
            unconfirmed,
        )
    return out


def known_accounts(accounts: Mapping[str, ProviderAccount]) -> dict[str, str]:
    """Account IDs by the URN of the provider, those that are known."""
    return {urn: found.account for urn, found in accounts.items() if isinstance(found.account, str)}


@dataclass(slots=True)
class _Evidence:
    resource: str
    declared: str | None = None
    assumes: str | Unknown | None = None
    observed: dict[str, None] = field(default_factory=dict[str, None])


def _reviewed(urn: str, name: str, names: list[str], reviewed: Mapping[str, str]) -> tuple[str | None, bool]:
    """The reviewer's word on a provider, with a flag if the name used stands for others as well."""
    if urn in reviewed:
        return reviewed[urn], False
    if name in reviewed:
        return reviewed[name], names.count(name) > 1
    if name == DEFAULT or name.startswith(f"{DEFAULT}_"):
        return reviewed.get(DEFAULT), False
    return None, False


def _account(arn: str) -> str:
    try:
        return Arn.parse(arn).account
    except InvalidInputError:
        return ""


def _assumed_account(properties: Mapping[str, Value]) -> str | Unknown | None:
    """The account of the role that a provider works with; the one in ``assumeRole`` is assumed last."""
    return next((found for name in ASSUMING if (found := _account_of_role(properties.get(name)))), None)


def _account_of_role(given: Value) -> str | Unknown | None:
    """The account of the role in a block of a provider, which engines write as JSON text; UNKNOWN if unreadable."""
    if isinstance(given, str) and given:
        try:
            given = json.loads(given)
        except ValueError:
            return UNKNOWN
    if isinstance(given, list):
        given = given[0] if given else None
    if not given:
        return None
    arn = given.get("roleArn") if isinstance(given, Mapping) else UNKNOWN
    if arn is None or arn == "":
        return None
    return (_account(arn) if isinstance(arn, str) else "") or UNKNOWN
