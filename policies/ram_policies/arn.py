"""Alibaba Cloud resource names (ARN): ``acs:<service>:<region>:<account>:<relative id>``.

Source: Alibaba Cloud, RAM, "Policy elements" and "Overview of RAM roles". RAM is global, so the region is empty in
the ARN of a RAM entity and ``*`` in the resource that a policy check uses; both name the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass

from ram_policies.errors import InvalidInputError

_FIX = "write acs:<service>:<region>:<account ID>:<relative id>, for example acs:ram::12345678:role/ecs-admin"


@dataclass(frozen=True, slots=True)
class Arn:
    """One resource name in its parts.

    Attributes:
        service: the code RAM uses for the service: ``ram``, ``ecs``, ``oss``.
        region: region ID, empty or ``*`` for global services.
        account: account ID, ``system`` for system policies, empty or ``*`` in patterns.
        resource: relative id: ``role/ecs-admin``, ``root``, ``instance/i-1``.
    """

    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return f"acs:{self.service}:{self.region}:{self.account}:{self.resource}"

    @property
    def resource_type(self) -> str:
        """The part of the relative id before the first slash: ``role``."""
        return self.resource.partition("/")[0]

    @property
    def name(self) -> str:
        """The part of the relative id after the first slash: ``ecs-admin``; empty where there is none."""
        return self.resource.partition("/")[2]

    @classmethod
    def parse(cls, text: str, field: str = "arn") -> Arn:
        """Read an ARN.

        Raises:
            InvalidInputError: the text has another prefix, fewer than five fields, or no service or relative id.
        """
        parts = text.split(":", 4)
        if parts[0] != "acs":
            raise InvalidInputError(field, text, "does not start with 'acs:'", _FIX)
        if len(parts) != 5:
            raise InvalidInputError(field, text, f"has {len(parts)} of the five fields of an ARN", _FIX)
        if not parts[1] or not parts[4]:
            raise InvalidInputError(field, text, "has no service or no relative id", _FIX)
        return cls(*parts[1:])


def root_arn(account_id: str) -> str:
    """``acs:ram::<account>:root``: in a trust policy, all users and roles of the account, but never root itself."""
    return f"acs:ram::{account_id}:root"


def role_arn(account_id: str, name: str) -> str:
    """ARN of a role. RAM lower-cases the role's name in it (`unconfirmed.ROLE_ARN_CASE`)."""
    return f"acs:ram::{account_id}:role/{name.lower()}"


def user_arn(account_id: str, name: str) -> str:
    """ARN of a RAM user."""
    return f"acs:ram::{account_id}:user/{name}"


def group_arn(account_id: str, name: str) -> str:
    """ARN of a RAM group."""
    return f"acs:ram::{account_id}:group/{name}"


def policy_arn(owner: str, name: str) -> str:
    """ARN of a policy; `owner` is an account ID, or ``system`` for a system policy."""
    return f"acs:ram::{owner}:policy/{name}"


def mfa_arn(account_id: str, name: str) -> str:
    """ARN (and serial number) of a virtual MFA device."""
    return f"acs:ram::{account_id}:mfa/{name}"


def saml_provider_arn(account_id: str, name: str) -> str:
    """ARN of a SAML identity provider."""
    return f"acs:ram::{account_id}:saml-provider/{name}"


def oidc_provider_arn(account_id: str, name: str) -> str:
    """ARN of an OIDC identity provider."""
    return f"acs:ram::{account_id}:oidc-provider/{name}"


def assumed_role_arn(account_id: str, role: str, session: str) -> str:
    """ARN of a role session, as GetCallerIdentity gives it: ``acs:ram::<account>:assumed-role/<role>/<session>``."""
    return f"acs:ram::{account_id}:assumed-role/{role.lower()}/{session}"


def role_session_arn(account_id: str, role: str, session: str) -> str:
    """ARN of a role session, as AssumeRole gives it: ``acs:ram::<account>:role/<role>/<session>``."""
    return f"acs:ram::{account_id}:role/{role.lower()}/{session}"


def role_resource(account_id: str, name: str) -> str:
    """The resource that ``sts:AssumeRole`` is checked against: ``acs:ram:*:<account>:role/<name>``."""
    return f"acs:ram:*:{account_id}:role/{name.lower()}"


def principal_arn(caller: str) -> str:
    """The value of the condition key ``acs:PrincipalARN`` for a caller.

    For a role session that is the ARN of its role, without the session (`unconfirmed.PRINCIPAL_ARN`); for everybody
    else the ARN of the caller.
    """
    parts = caller.split(":", 4)
    if len(parts) == 5 and parts[1] == "ram":
        kind, _, rest = parts[4].partition("/")
        if kind in {"role", "assumed-role"}:
            return role_arn(parts[3], rest.partition("/")[0])
    return caller
