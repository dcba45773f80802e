"""The caller of an action."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from alicloud_fakes.identity.account import Account
from alicloud_fakes.identity.models import Role, User
from alicloud_fakes.identity.session_tokens import TokenSession
from ram_policies import arn


class IdentityType(StrEnum):
    """Identity types, in the words of GetCallerIdentity."""

    ACCOUNT = "Account"
    USER = "RAMUser"
    ROLE = "AssumedRoleUser"


@dataclass(slots=True)
class Caller:
    """The caller of an action.

    Attributes:
        type: root identity, RAM user or role session.
        account: the account it belongs to; for a role session the account of the role.
        user: for RAM users.
        role: for role sessions.
        session: what temporary credentials carry.
        access_key_id: what signed the call.
    """

    type: IdentityType
    account: Account
    user: User | None = None
    role: Role | None = None
    session: TokenSession | None = None
    access_key_id: str = ""

    @property
    def arn(self) -> str:
        """The ARN that GetCallerIdentity gives."""
        account = self.account.id
        if self.user is not None:
            return arn.user_arn(account, self.user.name)
        if self.role is not None and self.session is not None:
            return arn.assumed_role_arn(account, self.role.name, self.session.name)
        return arn.root_arn(account)

    @property
    def principal_id(self) -> str:
        """The user's ID, ``<RoleId>:<session>``, or the account ID."""
        if self.user is not None:
            return self.user.id
        if self.role is not None and self.session is not None:
            return f"{self.role.id}:{self.session.name}"
        return self.account.id

    @property
    def display_name(self) -> str:
        """The name an AccessDeniedDetail gives: the user's ID, ``<role>:<session>``, or the account ID."""
        if self.role is not None and self.session is not None:
            return f"{self.role.name}:{self.session.name}"
        return self.principal_id
