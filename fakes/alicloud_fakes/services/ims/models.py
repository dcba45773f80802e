"""State of IMS beyond RAM: identity providers, and settings of single sign-on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alicloud_fakes.core.paging import NameIndex

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account
    from alicloud_fakes.identity.models import Ram

DOMAIN = ".onaliyun.com"


@dataclass(slots=True, eq=False)
class SamlProvider:
    """A SAML identity provider. `metadata`: as sent, base64."""

    name: str
    arn: str
    metadata: str
    description: str
    algorithm: str
    created: str
    updated: str


@dataclass(slots=True, eq=False)
class OidcProvider:
    """An OIDC identity provider. `issuance_limit`: hours."""

    name: str
    arn: str
    issuer: str
    description: str
    issuance_limit: int
    created: str
    updated: str
    client_ids: list[str] = field(default_factory=list[str])
    fingerprints: list[str] = field(default_factory=list[str])


@dataclass(eq=False, repr=False)
class Ims:
    """IMS in one account.

    Attributes:
        account: the account.
        saml: SAML identity providers by name.
        oidc: OIDC identity providers by name.
        preference: what IMS adds to the security preference, by field, where it was changed.
        sso: settings of single sign-on for users, by field, where they were changed.
        key_policies: network access policies by access key ID; under the empty ID that of the account.
    """

    account: Account
    saml: NameIndex[SamlProvider] = field(default_factory=NameIndex["SamlProvider"])
    oidc: NameIndex[OidcProvider] = field(default_factory=NameIndex["OidcProvider"])
    preference: dict[str, int | bool | str] = field(default_factory=dict[str, int | bool | str])
    sso: dict[str, bool | str] = field(default_factory=dict[str, bool | str])
    key_policies: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def ram(self) -> Ram:
        """Users, groups and everything else that IMS shares with RAM."""
        return self.account.ram

    @property
    def domain(self) -> str:
        """The default domain: ``company-a.onaliyun.com``."""
        return self.account.alias + DOMAIN

    def principal_name(self, user_name: str) -> str:
        """The UserPrincipalName of a user."""
        return f"{user_name}@{self.domain}"

    def user_name(self, principal_name: str) -> str | None:
        """The name in a UserPrincipalName; None when its domain does not belong to this account.

        A domain is the alias or the account ID, with ``.onaliyun.com`` or without.
        """
        name, _, domain = principal_name.rpartition("@")
        domain = domain.lower().removesuffix(DOMAIN)
        return name if domain in {self.account.alias.lower(), self.account.id} else None
