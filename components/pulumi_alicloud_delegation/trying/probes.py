"""Probes of a role: reads that change nothing, cost nothing and ask for one entry at most."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from ram_policies.document import UNKNOWN_DOCUMENT
from ram_policies.evaluation.decision import Decision, Policy, Request
from ram_policies.evaluation.evaluate import authorize
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.guardrails.meaning import AnyContext

HOSTS: Mapping[str, str] = MappingProxyType(
    {
        "sts": "sts.aliyuncs.com",
        "ram": "ram.aliyuncs.com",
        "oss": "oss-{region}.aliyuncs.com",
        "cms": "metrics.{region}.aliyuncs.com",
        **{one: f"{one}.{{region}}.aliyuncs.com" for one in ("ecs", "vpc", "slb", "rds", "kms", "actiontrail")},
    }
)
"""Host of each product that is called."""


@dataclass(frozen=True, slots=True)
class NamedOperation:
    """An operation that is called without being a probe."""

    product: str
    version: str
    operation: str


ASSUME_ROLE = NamedOperation("sts", "2015-04-01", "AssumeRole")
WHO_AM_I = NamedOperation("sts", "2015-04-01", "GetCallerIdentity")


@dataclass(frozen=True, slots=True)
class Probe:
    """A read.

    Attributes:
        action: what a policy calls it.
        product: whose API it is.
        version: of the API.
        resource: what RAM is asked about, with `{region}` and `{account}`.
        parameters: of the call, with `{region}`.
    """

    action: str
    product: str
    version: str
    resource: str
    parameters: Mapping[str, str]

    @property
    def operation(self) -> str:
        """Name of the operation in the API."""
        return self.action.partition(":")[2]


@cache
def probes() -> tuple[Probe, ...]:
    """Every read that there is, in the order in which they are tried."""
    text = files("pulumi_alicloud_delegation.trying").joinpath("probes.json").read_text("utf-8")
    return tuple(Probe(**one) for one in json.loads(text))


def expected(probe: Probe, role_arn: str, account: str, region: str, policies: Iterable[Policy]) -> Decision:
    """Decision of a role's documents about a probe, with all conditions open."""
    resource = probe.resource.format(region=region, account=account)
    request = Request(probe.action, resource, AnyContext(), role_arn)
    return authorize(request, identity=PolicySet(policies))


def named_by(policies: Iterable[Policy], role_arn: str, account: str, region: str) -> Iterator[Probe]:
    """The probes that a role's grants may allow; all of them where a grant is not known."""
    known = list(policies)
    unknown = any(policy.document == UNKNOWN_DOCUMENT for policy in known)
    for probe in probes():
        if unknown or not expected(probe, role_arn, account, region, known).denied:
            yield probe
