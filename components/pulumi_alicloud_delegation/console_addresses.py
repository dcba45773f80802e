"""Addresses in the console: where operators sign in and switch role.

Source: Alibaba Cloud, RAM, "Log on to the console as a RAM user" and "Assume a RAM role"; the form of the switch-role
link is that of Compute Nest's ``RdAccountLoginUrl``, on the international site by analogy
(`ram_policies.unconfirmed.INTERNATIONAL_SWITCH_ROLE`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from pulumi_alicloud_delegation.plan import DelegatePlan
from pulumi_alicloud_delegation.specs import Site
from ram_policies.arn import Arn

_SIGN_IN_HOST: dict[Site, str] = {"international": "signin.alibabacloud.com", "china": "signin.aliyun.com"}


def default_domain(alias_or_id: str) -> str:
    """The domain that the names of an account's users end in."""
    return f"{alias_or_id}.onaliyun.com"


def sign_in_url(site: Site) -> str:
    """URL at which RAM users of an account sign in."""
    return f"https://{_SIGN_IN_HOST[site]}/login.htm"


def sign_in_name(user: str, alias_or_id: str) -> str:
    """Name that a RAM user types to sign in."""
    return f"{user}@{default_domain(alias_or_id)}"


def switch_role_url(site: Site, owner_alias_or_id: str, role: str) -> str:
    """URL at which a RAM user who is signed in takes on a role of another account.

    Args:
        site: of the user's account.
        owner_alias_or_id: of the account that the role belongs to.
        role: name of the role.
    """
    query = urlencode({"parentAlias": default_domain(owner_alias_or_id), "roleName": role})
    return f"https://{_SIGN_IN_HOST[site]}/switchRole.htm?{query}"


@dataclass(frozen=True, slots=True)
class ConsoleLinks:
    """URLs and names that each person needs for the console, by user name.

    Attributes:
        sign_in_urls: where to sign in.
        sign_in_names: what to type there.
        switch_role_urls: where to take on each role, by role name.
    """

    sign_in_urls: Mapping[str, str]
    sign_in_names: Mapping[str, str]
    switch_role_urls: Mapping[str, Mapping[str, str]]


def console_links(delegate: DelegatePlan, owners: Mapping[str, str], roles: Mapping[str, str]) -> ConsoleLinks:
    """Links for every person of the delegate; applications have no console.

    Args:
        delegate: the teams and operators.
        owners: alias or ID of each account that a role belongs to, by account ID.
        roles: what each role is called, by its ARN.
    """
    site, alias = delegate.account.site, delegate.account.alias
    people = [operator for operator in delegate.operators if operator.login]
    return ConsoleLinks(
        sign_in_urls={person.name: sign_in_url(site) for person in people},
        sign_in_names={person.name: sign_in_name(person.name, alias) for person in people},
        switch_role_urls={
            person.name: {
                roles[str(arn)]: switch_role_url(site, owners[arn.account], arn.name)
                for arn in map(Arn.parse, delegate.roles_of(person))
            }
            for person in people
        },
    )
