"""The shape of inputs: keys, types and choices. What the values may be is decided in `plan`.

The same models read the arguments of the components (``max_session_duration``) and the configuration of the program
(``maxSessionDuration``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictStr, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from pulumi_alicloud_delegation.engine_values import iso_moment, whole_number

State = Literal["active", "suspended"]
Site = Literal["international", "china"]
AssumePermission = Literal["scoped", "AliyunSTSAssumeRoleAccess"]
PolicyTypeName = Literal["System", "Custom"]
Tier = Literal["standing", "on-request"]
SourceIdentity = Literal["optional", "required"]


def _moment_as_text(value: object) -> object:
    """A moment that YAML, the engine or a Python program gives as a value of its own."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return iso_moment(value)
    if isinstance(value, bool | int | float):
        raise PydanticCustomError("moment_type", "is not a moment")
    return value


def _whole(value: object) -> object:
    """A number of seconds. The engine gives each as a float; true and false are none, although Python counts them."""
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "is not a number")
    return whole_number(value)


def _without_empty(value: object) -> object:
    """A mapping without the keys that have no value, which count as left out."""
    if not isinstance(value, Mapping):
        return value
    return {key: one for key, one in cast("Mapping[object, object]", value).items() if one is not None}


def _in_order(value: object) -> object:
    """A set as a list: its own order changes from run to run."""
    return sorted(cast("set[str]", value), key=str) if isinstance(value, set | frozenset) else value


Moment = Annotated[StrictStr, BeforeValidator(_moment_as_text)]
"""A moment in ISO 8601 as text; `contract.parse_moment` decides whether it is one."""


class Spec(BaseModel):
    """Base of everything that is read: unknown keys are errors, values do not change.

    A key is spelled ``max_session_duration`` or ``maxSessionDuration``, but not both ways at once. A key without a
    value (``None``, ``null``, nothing after the colon) counts as left out, so that it has its default.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, validate_by_alias=True, validate_by_name=True
    )

    @model_validator(mode="before")
    @classmethod
    def _given(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        items = cast("Mapping[str, object]", value).items()
        given = {key: _in_order(item) for key, item in items if item is not None}
        for name, field in cls.model_fields.items():
            if field.alias != name and name in given and field.alias in given:
                raise PydanticCustomError("given_twice", "{key}", {"key": name})
        return given


Credential = Annotated[Any, Field(default=None, repr=False, exclude=True)]
"""A Pulumi input, known or not, that goes to a provider and nowhere else."""


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


class ContractSpec(Spec):
    """See `args.ContractArgs`."""

    name: StrictStr | None = None
    not_before: Moment | None = None
    not_after: Moment | None = None
    longest_opening: StrictStr | None = None


NO_CONTRACT = ContractSpec()
"""A contract without a name and without an end."""


class TrustSpec(Spec):
    """See `args.TrustArgs`."""

    external_id: StrictStr | None = None
    previous_external_id: StrictStr | None = None
    previous_external_id_until: Moment | None = None
    mfa: StrictBool = False
    source_identity: SourceIdentity = "optional"
    source_ips: tuple[StrictStr, ...] = ()
    not_before: Moment | None = None
    not_after: Moment | None = None
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
    max_session_duration: Annotated[int, BeforeValidator(_whole)] = 3600
    tags: Annotated[dict[str, StrictStr], BeforeValidator(_without_empty)] = {}
    never: tuple[StrictStr, ...] = ()
    tier: Tier = "standing"
    reason: StrictStr | None = None
    ticket: StrictStr | None = None


class TeamSpec(Spec):
    """See `args.TeamArgs`."""

    name: StrictStr
    roles: tuple[StrictStr, ...]
    assume_permission: AssumePermission = "scoped"
    not_before: Moment | None = None
    not_after: Moment | None = None


class OperatorSpec(Spec):
    """See `args.OperatorArgs`."""

    name: StrictStr
    teams: tuple[StrictStr, ...] = ()
    kind: Literal["person", "application"] = "person"
    existing: StrictBool = False
    display_name: StrictStr | None = None
    mfa: StrictBool | None = None
    login: StrictBool | None = None
    access_keys: tuple[StrictStr, ...] | None = None


class OpeningSpec(Spec):
    """See `args.OpeningArgs`."""

    operator: StrictStr
    role: StrictStr | None = None
    team: StrictStr | None = None
    not_before: Moment | None = None
    not_after: Moment
    reason: StrictStr | None = None
    ticket: StrictStr | None = None


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
    source_identity_role_arns: tuple[StrictStr, ...] = ()
    assume_permission: AssumePermission = "scoped"
    operators: tuple[OperatorSpec, ...] = ()


class CustomerSpec(Spec):
    """One of the owners that a delegate's stack works for: the account, and what was agreed on with it."""

    id: StrictStr
    alias: StrictStr | None = None
    site: Site = "international"
    roles: tuple[RoleSpec, ...] = ()
    contract: ContractSpec = NO_CONTRACT
    never: tuple[StrictStr, ...] = ()
    acceptance: StrictStr | None = None
    state: Literal["active", "relinquished"] = "active"


class DelegationSpec(Spec):
    """See `args.CrossAccountDelegationArgs`."""

    owner: AccountSpec
    owner_secret_key: Credential = None
    owner_security_token: Credential = None
    delegate: AccountSpec
    delegate_secret_key: Credential = None
    delegate_security_token: Credential = None
    roles: tuple[RoleSpec, ...]
    teams: tuple[TeamSpec, ...]
    operators: tuple[OperatorSpec, ...] = ()
    openings: tuple[OpeningSpec, ...] = ()
    contract: ContractSpec = NO_CONTRACT
    never: tuple[StrictStr, ...] = ()
    state: State = "active"
