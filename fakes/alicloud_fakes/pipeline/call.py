"""One call on its way through the gateway, and who makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ram_policies import arn

if TYPE_CHECKING:
    from alicloud_fakes.cloud.cloud import Cloud
    from alicloud_fakes.core.http import HttpRequest
    from alicloud_fakes.identity.account import Account
    from alicloud_fakes.identity.models import Role, User
    from alicloud_fakes.identity.tokens import Session
    from alicloud_fakes.pipeline.registry import Action


class IdentityType(StrEnum):
    """What a caller is, in the words of GetCallerIdentity."""

    ACCOUNT = "Account"
    USER = "RAMUser"
    ROLE = "AssumedRoleUser"


@dataclass(slots=True)
class Caller:
    """Who makes a call.

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
    session: Session | None = None
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


@dataclass(slots=True)
class Call:
    """One call.

    Attributes:
        cloud: the cloud that is called.
        request_id: unique per call.
        http: the request it came in.
        time: when it came, seconds since the epoch, by the cloud's clock.
        action: None until it is known.
        caller: None until it is known, and for anonymous actions.
        parameters: as sent, without the common ones' meaning.
        format: of the answer, ``json`` or ``xml``.
        resources: ARNs it was checked for.
    """

    cloud: Cloud
    request_id: str
    http: HttpRequest
    time: float
    action: Action | None = None
    caller: Caller | None = None
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    format: str = "json"
    action_name: str = ""
    version: str = ""
    resources: tuple[str, ...] = ()

    @property
    def signed_by(self) -> Caller:
        """The caller of an action that is never anonymous."""
        if self.caller is None:
            raise RuntimeError(f"{self.action_name}: an anonymous action has no caller")
        return self.caller

    def require(self, permission: str, *resources: str) -> None:
        """Demand a permission beyond the action's own, for resources of the caller's account.

        Raises:
            DeniedError: it is not there.
        """
        from alicloud_fakes.pipeline import authorization  # noqa: PLC0415 - authorization reads calls

        code = permission.partition(":")[0]
        prefix = f"acs:{code}:*:{self.signed_by.account.id}:"
        whole = tuple(one if one.startswith("acs:") else prefix + one for one in resources)
        self.resources = (*self.resources, *whole)
        authorization.require(self, permission, whole)

    def context(self) -> dict[str, str | tuple[str, ...]]:
        """Condition keys that every request carries."""
        caller = self.caller
        out: dict[str, str | tuple[str, ...]] = {
            "acs:CurrentTime": self.cloud.clock.stamp(),
            "acs:SecureTransport": "true" if self.http.secure else "false",
            "acs:SourceIp": self.http.source_ip,
        }
        if caller is not None:
            out["acs:PrincipalARN"] = arn.principal_arn(caller.arn)
            if caller.session is not None and caller.session.mfa is not None:
                # Only console sessions know whether a second factor was used; calls with an access key do not carry it.
                out["acs:MFAPresent"] = "true" if caller.session.mfa else "false"
        return out
