"""The shape of inputs: keys, types and choices. What the values may be is decided in `plan`.

The same models read the arguments of the components (``max_session_duration``) and the configuration of the program
(``maxSessionDuration``).
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, StrictBool, StrictStr
from pydantic.alias_generators import to_camel

State = Literal["active", "suspended"]
Site = Literal["international", "china"]
AssumePermission = Literal["scoped", "AliyunSTSAssumeRoleAccess"]
PolicyTypeName = Literal["System", "Custom"]


class Spec(BaseModel):
    """Base of everything that is read: unknown keys are errors, values do not change."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, validate_by_alias=True, validate_by_name=True
    )


class AccountSpec(Spec):
    """See `args.AccountArgs`."""

    id: StrictStr
    alias: StrictStr | None = None
    site: Site = "international"
    region: StrictStr = "cn-hangzhou"
    profile: StrictStr | None = None
    access_key: StrictStr | None = None
    endpoint: StrictStr | None = None


class DocumentSpec(Spec):
    """See `args.DocumentArgs`; the document may also be a mapping, as a stack file has it."""

    name: StrictStr
    document: StrictStr | dict[str, object]
    description: StrictStr | None = None


class PresetSpec(Spec):
    """See `args.PresetArgs`."""

    name: StrictStr
    parameters: dict[str, object] = {}
    policy_name: StrictStr | None = None


class ExistingPolicySpec(Spec):
    """See `args.ExistingPolicyArgs`."""

    name: StrictStr
    type: PolicyTypeName


class TrustSpec(Spec):
    """See `args.TrustArgs`."""

    external_id: StrictStr | None = None
    mfa: StrictBool = False
    source_ips: tuple[StrictStr, ...] = ()
    not_before: StrictStr | None = None
    not_after: StrictStr | None = None
    principals: tuple[StrictStr, ...] | None = None


class RoleSpec(Spec):
    """See `args.RoleArgs`."""

    name: StrictStr
    description: StrictStr | None = None
    system_policies: tuple[StrictStr, ...] = ()
    policies: tuple[DocumentSpec, ...] = ()
    presets: tuple[PresetSpec, ...] = ()
    existing_policies: tuple[ExistingPolicySpec, ...] = ()
    trust: TrustSpec = TrustSpec()
    max_session_duration: int = 3600
    tags: dict[str, StrictStr] = {}


class TeamSpec(Spec):
    """See `args.TeamArgs`."""

    name: StrictStr
    roles: tuple[StrictStr, ...]
    assume_permission: AssumePermission = "scoped"


class OperatorSpec(Spec):
    """See `args.OperatorArgs`."""

    name: StrictStr
    teams: tuple[StrictStr, ...] = ()
    kind: Literal["person", "application"] = "person"
    display_name: StrictStr | None = None
    mfa: StrictBool | None = None
    access_keys: tuple[StrictStr, ...] | None = None


class DelegatedRoleSpec(Spec):
    """See `args.DelegatedRoleArgs`."""

    owner_account_id: StrictStr
    delegate_account_id: StrictStr
    role: RoleSpec
    state: State = "active"


class OperatorTeamSpec(Spec):
    """See `args.OperatorTeamArgs`."""

    account_id: StrictStr
    name: StrictStr
    role_arns: tuple[StrictStr, ...]
    assume_permission: AssumePermission = "scoped"
    operators: tuple[OperatorSpec, ...] = ()


class DelegationSpec(Spec):
    """See `args.CrossAccountDelegationArgs`, without the credentials."""

    owner: AccountSpec
    delegate: AccountSpec
    roles: tuple[RoleSpec, ...]
    teams: tuple[TeamSpec, ...]
    operators: tuple[OperatorSpec, ...] = ()
    state: State = "active"
