"""Alibaba Cloud resource names (ARN): ``acs:<service>:<region>:<account>:<relative id>``.

Source: Alibaba Cloud, RAM, "Policy elements" and "Overview of RAM roles". RAM is global, so the region is empty in
the ARN of a RAM entity and ``*`` in the resource that a policy check uses; both name the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ram_policies.errors import InvalidInputError
from ram_policies.folding import fold

FIELDS = 5
SYSTEM = "system"
"""The account in the ARN of a system policy."""

_FIX = "write acs:<service>:<region>:<account ID>:<relative id>, for example acs:ram::12345678:role/ecs-admin"
_FOLDED_SERVICES = ("acs:ram:", "acs:sts:", "acs:ims:")
_ROLE_TYPES = frozenset({"role", "assumed-role"})
_NO_ACCOUNT = frozenset({"", "*", SYSTEM})


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

    @property
    def is_root(self) -> bool:
        """True if it is the ARN of an account itself: ``acs:ram::<account>:root``."""
        return self.service == "ram" and self.resource == "root"

    @property
    def is_session(self) -> bool:
        """True if it is the ARN of a role session, in either form, or of a role."""
        return self.service == "ram" and self.resource_type in _ROLE_TYPES

    @property
    def role(self) -> str:
        """Name of the role in the ARN of a role or a role session; empty in other ARNs."""
        return self.name.partition("/")[0] if self.is_session else ""

    @property
    def session(self) -> str:
        """Name of the session in the ARN of a role session; empty in other ARNs."""
        return self.name.partition("/")[2] if self.is_session else ""

    @classmethod
    def parse(cls, text: str, field: str = "arn") -> Arn:
        """Read an ARN.

        Raises:
            InvalidInputError: the text has another prefix, fewer than five fields, or no service or relative id.
        """
        parts = arn_fields(text)
        if parts[0] != "acs":
            raise InvalidInputError(field, text, "does not start with 'acs:'", _FIX, code="not-an-arn")
        if len(parts) != FIELDS:
            raise InvalidInputError(
                field, text, f"has {len(parts)} of the five fields of an ARN", _FIX, code="not-an-arn"
            )
        if not parts[1] or not parts[4]:
            raise InvalidInputError(field, text, "has no service or no relative id", _FIX, code="not-an-arn")
        return cls(*parts[1:])

    @classmethod
    def read(cls, text: str) -> Arn | None:
        """The parts of an ARN, or of a pattern with five fields; None when the text has fewer fields."""
        parts = arn_fields(text)
        return cls(*parts[1:]) if len(parts) == FIELDS and parts[0] == "acs" else None


def arn_fields(text: str) -> list[str]:
    """The fields of an ARN or a resource pattern, the prefix first; the last may hold colons.

    Fewer than `FIELDS` of them: the text is not an ARN.
    """
    return text.split(":", FIELDS - 1)


def account_of(text: str) -> str:
    """The account in an ARN; empty when the text has none, or is not an ARN."""
    parts = arn_fields(text)
    return parts[3] if len(parts) == FIELDS else ""


@lru_cache(maxsize=8192)
def caller_account(caller: str) -> str:
    """The account of a caller, as `account_of`; kept, since the same few callers ask many things."""
    return account_of(caller)


def is_in_account(resource: str, account_id: str) -> bool:
    """True if a resource is in an account, or in none in particular.

    Resources without an account (``*``, an empty or ``*`` account field) and system policies are part of every account.
    """
    parts = arn_fields(resource)  # as `account_of`, without the call: every decision asks this
    account = parts[3] if len(parts) == FIELDS else ""
    return account == account_id or account in _NO_ACCOUNT


def is_root(caller: str) -> bool:
    """True if the caller is the root identity of an account."""
    return caller.endswith(":root") and caller.startswith("acs:ram:")


def ignores_case(resource: str) -> bool:
    """True if letter case is ignored in a resource's name: it is RAM's own (`unconfirmed.RESOURCE_CASE`)."""
    return resource.startswith(_FOLDED_SERVICES)


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


@lru_cache(maxsize=8192)
def principal_arn(caller: str) -> str:
    """The value of the condition key ``acs:PrincipalARN`` for a caller; kept, as `caller_account` is.

    For a role session that is the ARN of its role, without the session (`unconfirmed.PRINCIPAL_ARN`); for everybody
    else the ARN of the caller.
    """
    arn = Arn.read(caller)
    return role_arn(arn.account, arn.role) if arn is not None and arn.is_session else caller


def entity_arn(arn: str) -> str:
    """The ARN of a RAM entity in the form in which entities are compared: empty region, name without letter case.

    The part before the first slash (``user``, ``role``) keeps its case; a text that is not an ARN comes back as it is.
    """
    parts = arn_fields(arn)
    if len(parts) != FIELDS:
        return arn
    kind, slash, name = parts[4].partition("/")
    return f"acs:ram::{parts[3]}:{kind}{slash}{fold(name)}"


def policy_resource(owner: str, name: str) -> str:
    """The resource that a permission about a policy is checked for; `owner` is an account ID or ``system``."""
    return f"acs:ram:*:{owner}:policy/{name}"
