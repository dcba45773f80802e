"""Condition keys that are documented, and whether every request carries them.

Source: Alibaba Cloud, RAM, "Policy elements" (common condition keys) and the authorization pages of STS and RAM. Keys
of single services exist beyond this table; only those that begin with ``acs:`` are complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ram_policies.values import Category


class Presence(Enum):
    """Presence of a key in requests."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """One documented key.

    Attributes:
        name: as it is written; a name that ends in ``/`` is followed by the key of a tag.
        category: the type of its values.
        presence: whether every request carries it.
        description: what it holds.
    """

    name: str
    category: Category
    presence: Presence
    description: str


CONDITION_KEYS: tuple[ConditionKey, ...] = (
    ConditionKey("acs:CurrentTime", Category.DATE, Presence.ALWAYS, "when the request is received"),
    ConditionKey("acs:SecureTransport", Category.BOOLEAN, Presence.ALWAYS, "whether the request came over HTTPS"),
    ConditionKey(
        "acs:SourceIp", Category.IP, Presence.SOMETIMES, "the caller's public address; absent through a VPC endpoint"
    ),
    ConditionKey("acs:SourceVpc", Category.STRING, Presence.SOMETIMES, "the VPC a request comes from"),
    ConditionKey("acs:MFAPresent", Category.BOOLEAN, Presence.SOMETIMES, "whether MFA was used at console logon"),
    ConditionKey("acs:PrincipalARN", Category.STRING, Presence.ALWAYS, "ARN of the caller"),
    ConditionKey("acs:PrincipalRDId", Category.STRING, Presence.SOMETIMES, "resource directory of the caller"),
    ConditionKey(
        "acs:PrincipalRDPath", Category.STRING, Presence.SOMETIMES, "path of the caller in its resource directory"
    ),
    ConditionKey("acs:RequestTag/", Category.STRING, Presence.SOMETIMES, "a tag given in the request"),
    ConditionKey("acs:ResourceTag/", Category.STRING, Presence.SOMETIMES, "a tag of the resource"),
    ConditionKey("acs:ResourceGroupId", Category.STRING, Presence.SOMETIMES, "resource group of the resource"),
    ConditionKey("acs:Service", Category.STRING, Presence.SOMETIMES, "the service a role is passed to"),
    ConditionKey("acs:UserAgent", Category.STRING, Presence.SOMETIMES, "user agent, in OSS only"),
    ConditionKey("acs:AccessId", Category.STRING, Presence.SOMETIMES, "ID of the AccessKey, in OSS only"),
    ConditionKey("sts:ExternalId", Category.STRING, Presence.SOMETIMES, "the external ID given to AssumeRole"),
    ConditionKey(
        "sts:SourceIdentity", Category.STRING, Presence.SOMETIMES, "the source identity given to the first AssumeRole"
    ),
    ConditionKey("saml:recipient", Category.STRING, Presence.SOMETIMES, "recipient in a SAML assertion"),
    ConditionKey("oidc:iss", Category.STRING, Presence.SOMETIMES, "issuer of an OIDC token"),
    ConditionKey("oidc:aud", Category.STRING, Presence.SOMETIMES, "audience of an OIDC token"),
    ConditionKey("oidc:sub", Category.STRING, Presence.SOMETIMES, "subject of an OIDC token"),
    ConditionKey("ram:ServiceName", Category.STRING, Presence.SOMETIMES, "service of a service-linked role"),
    ConditionKey(
        "ram:TrustedPrincipalTypes", Category.STRING, Presence.SOMETIMES, "kinds of principals a new role trusts"
    ),
    ConditionKey("ram:ServiceNames", Category.STRING, Presence.SOMETIMES, "services a new role trusts"),
)
_BY_NAME = {key.name: key for key in CONDITION_KEYS}
_BY_LOWER_NAME = {key.name.lower(): key for key in CONDITION_KEYS}


def documented_key(name: str) -> ConditionKey | None:
    """The documented key of exactly that name."""
    return _BY_NAME.get(_head(name))


def find_key_ignoring_case(name: str) -> ConditionKey | None:
    """The documented key whose name differs at most in case."""
    return _BY_LOWER_NAME.get(_head(name).lower())


def _head(name: str) -> str:
    head, slash, _ = name.partition("/")
    return head + slash
