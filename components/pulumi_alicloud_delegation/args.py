"""Inputs of the components: plain dictionaries, one key documented after the other.

The schema of the plugin is read from these classes, descriptions included; that is why none inherits from another,
none holds a union, and this file does not postpone its annotations. Everything but the credentials is plain: account
IDs, names and documents are known when a preview starts, so everything can be checked before anything is created.
"""

from typing import Any, NotRequired, TypedDict

import pulumi


class AccountArgs(TypedDict):
    """One of the two accounts: who it is, and how to reach it."""

    id: str
    """Account ID, digits only: `11223344`. The credentials must belong to this account, or the preview stops."""
    alias: NotRequired[str]
    """Account alias, the name people type when they sign in or switch role: `company-a`. Default: the account ID."""
    site: NotRequired[str]
    """`international` (the default) or `china`: which of the two Alibaba Cloud sites the account is registered on."""
    region: NotRequired[str]
    """Region of the provider. RAM is global, so it only has to exist. Default: `cn-hangzhou`."""
    profile: NotRequired[str]
    """Name of a profile of the Alibaba Cloud CLI to take credentials from. Not together with `accessKey`."""
    access_key: NotRequired[str]
    """Access key ID. The secret belongs in `ownerSecretKey` or `delegateSecretKey`."""
    endpoint: NotRequired[str]
    """`host:port` that answers for RAM, STS and IMS instead of Alibaba Cloud, without a scheme. Plain HTTP is spoken to
    a loopback address, HTTPS to any other."""


class DocumentArgs(TypedDict):
    """A permission policy of one's own."""

    name: str
    """Name of the custom policy: letters, digits and `-`, unique in the account."""
    document: str
    """The policy document as JSON text. One longer than RAM takes is split over several policies, named `<name>`,
    `<name>-2` and so on."""
    description: NotRequired[str]
    """Description of the custom policy, up to 1024 characters."""


class PresetArgs(TypedDict):
    """A grant with a name, rendered into a custom policy of the role's own. docs/presets.md lists them."""

    name: str
    """Name of the preset: `ecs-operate`, `rds-restart`, `slb-switch-backends`, `oss-read-prefixes`, `monitoring-watch`
    or `audit-read-only`."""
    parameters: NotRequired[dict[str, Any]]
    """Parameters that narrow the preset, `regions`, `tags` or `instances` for example. Each preset takes its own."""
    policy_name: NotRequired[str]
    """Name of the custom policy. Default: the names of the role and of the preset with a `-` between them. Needed when
    one role has one preset twice."""


class ExistingPolicyArgs(TypedDict):
    """A policy that exists already in the account, or that Alibaba Cloud maintains."""

    name: str
    """Name of the policy, exactly as RAM writes it."""
    type: str
    """`System` or `Custom`."""


class ContractArgs(TypedDict):
    """The contract that roles and openings are for."""

    name: NotRequired[str]
    """Name or number of the contract, as both sides know it."""
    not_before: NotRequired[str]
    """Start of the contract, `2026-01-01T00:00:00Z`."""
    not_after: NotRequired[str]
    """End of the contract, `2026-12-31T23:59:59Z`. No role's window and no opening may outlast it."""
    longest_opening: NotRequired[str]
    """Longest time for which an opening may last: `4h`, `30m`, `2d`. Default: no limit."""


class TrustArgs(TypedDict):
    """Conditions that narrow the trust in the delegate's account. All that are given must hold."""

    external_id: NotRequired[str]
    """External ID that a caller of AssumeRole has to send. The console's switch-role page cannot send one."""
    previous_external_id: NotRequired[str]
    """External ID that is being replaced, and is taken beside the new one until `previousExternalIdUntil`."""
    previous_external_id_until: NotRequired[str]
    """End of the time in which the previous external ID is accepted, `2026-03-31T23:59:59Z`."""
    mfa: NotRequired[bool]
    """If true, the caller must have signed in with MFA. Callers with an access key never have. Default: false."""
    source_identity: NotRequired[str]
    """`required`: a caller of AssumeRole has to send a source identity, and the delegate's operators may send none but
    their own user name. The console's switch-role page sends none, so the role is for the API alone. `optional` (the
    default): none is asked for."""
    source_ips: NotRequired[list[str]]
    """Addresses or networks (CIDR) that callers must come from."""
    not_before: NotRequired[str]
    """Start of the contract, `2026-01-01T00:00:00Z`: no session before it."""
    not_after: NotRequired[str]
    """End of the contract, `2026-12-31T23:59:59Z`: no new session after it."""
    principals: NotRequired[list[str]]
    """ARNs of the delegate's users and roles that may assume the role. They must exist before the role. Default: every
    user and role of the account, which leaves the choice of people to the delegate."""


class RoleArgs(TypedDict):
    """A role in the owner's account for the delegate's operators."""

    name: str
    """Name of the role: 1 to 64 letters, digits, `.` and `-`."""
    description: NotRequired[str]
    """Description of the role, up to 1024 characters."""
    system_policies: NotRequired[list[str]]
    """Names of system policies that the role carries: `AliyunECSFullAccess`."""
    policies: NotRequired[list[DocumentArgs]]
    """The owner's own policies, created together with the role."""
    presets: NotRequired[list[PresetArgs]]
    """Grants with a name and parameters, each rendered into a policy that is created together with the role."""
    existing_policies: NotRequired[list[ExistingPolicyArgs]]
    """Policies that are there already and are only attached, by name and type."""
    trust: NotRequired[TrustArgs]
    """Conditions that narrow the trust. Default: none, the whole account of the delegate is trusted."""
    max_session_duration: NotRequired[int]
    """Longest session in seconds, 3600 (the default) to 43200."""
    tags: NotRequired[dict[str, str]]
    """Tags of the role, at most 20."""
    never: NotRequired[list[str]]
    """Actions that the role may never allow, itself or through roles that it can assume: `kms:Decrypt`, `bss:*`. It is
    proved at every preview."""
    tier: NotRequired[str]
    """`standing` (the default): usable at any time. `on-request`: only while it is opened to somebody."""
    reason: NotRequired[str]
    """Purpose of an on-request role. It is part of the role's description."""
    ticket: NotRequired[str]
    """Ticket in which an on-request role was asked for. It is part of the role's description."""


class TeamArgs(TypedDict):
    """A team of the delegate's operators."""

    name: str
    """Name of the team, and of its RAM group: letters, digits, `.`, `-` and `_`."""
    roles: list[str]
    """Names of the roles that the team may assume."""
    assume_permission: NotRequired[str]
    """`scoped` (the default): exactly these roles. `AliyunSTSAssumeRoleAccess`: the system policy of that name, any
    role of any account that trusts the delegate."""
    not_before: NotRequired[str]
    """Start of the team's window, `2026-01-01T00:00:00Z`: its members assume no role before it."""
    not_after: NotRequired[str]
    """End of the team's window: its members assume no role after it, without a deployment."""


class OpeningArgs(TypedDict):
    """Something that is opened to one operator for a while; it closes by itself."""

    operator: str
    """Name of the operator."""
    role: NotRequired[str]
    """Name of an on-request role of one of the operator's teams. Either this or `team`."""
    team: NotRequired[str]
    """Name of a team whose roles the operator may assume meanwhile without belonging to it."""
    not_before: NotRequired[str]
    """Start of the opening, `2026-03-01T20:00:00Z`. Default: at once."""
    not_after: str
    """End of the opening, `2026-03-02T00:00:00Z`."""
    reason: NotRequired[str]
    """Reason of the opening. Needed for an on-request role; part of the description of the policy that opens it."""
    ticket: NotRequired[str]
    """Ticket in which it was asked for. Needed for an on-request role; part of the same description."""


class OperatorArgs(TypedDict):
    """An employee or an application of the delegate."""

    name: str
    """Name of the RAM user: letters, digits, `.`, `-` and `_`. RAM does not tell upper from lower case, so writing it
    in another case changes nothing."""
    teams: NotRequired[list[str]]
    """Names of the teams that the operator belongs to, at most 10. Within an `OperatorTeam`: of further teams."""
    kind: NotRequired[str]
    """`person` (the default): signs in to the console. `application`: has access keys and no password."""
    existing: NotRequired[bool]
    """If true, the RAM user exists already, made by another stack or by hand. Only its memberships are made, and user,
    login and access keys stay where they are. Default: false."""
    display_name: NotRequired[str]
    """Display name of the RAM user. Default: the name."""
    mfa: NotRequired[bool]
    """If true, a person has to bind an MFA device at the next sign-in. Default: true. It is decided when the login is
    made; a later change leaves the login as it is, since RAM's provider would set the first password again."""
    login: NotRequired[bool]
    """If true, a person can sign in to the console. Default: true. Taking it away deletes the login; giving it back
    makes a new one, with a new first password."""
    access_keys: NotRequired[list[str]]
    """Labels of an application's access keys, at most 2. To rotate, add a second label, move the application over,
    take the first label away. Default: one key, labelled `1`."""


class DelegatedRoleArgs(TypedDict):
    """Inputs of a `DelegatedRole`."""

    owner_account_id: str
    """ID of the account that the role is created in. It is compared with the account of the provider."""
    delegate_account_id: str
    """ID of the account that is trusted."""
    role: RoleArgs
    """The role."""
    state: NotRequired[str]
    """`active` (the default), or `suspended`: the grants are taken away and the trust is closed, so that live sessions
    can do nothing from their next call on and no new one begins."""


class OperatorTeamArgs(TypedDict):
    """Inputs of an `OperatorTeam`."""

    account_id: str
    """ID of the delegate's account. It is compared with the account of the provider."""
    name: str
    """Name of the team, and of its RAM group: letters, digits, `.`, `-` and `_`."""
    role_arns: list[str]
    """ARNs of the roles that the team may assume: `acs:ram::11223344:role/ecs-admin`."""
    source_identity_role_arns: NotRequired[list[str]]
    """Those of `roleArns` whose trust policy demands a source identity. Each operator of this team gets a policy of his
    or her own that lets them assume these roles, under no other name than their own. Default: none."""
    assume_permission: NotRequired[str]
    """`scoped` (the default): exactly these roles. `AliyunSTSAssumeRoleAccess`: the system policy of that name, any
    role of any account that trusts the delegate."""
    operators: NotRequired[list[OperatorArgs]]
    """Operators of this team, created together with it. Default: none."""


class CrossAccountDelegationArgs(TypedDict):
    """Inputs of a `CrossAccountDelegation`."""

    owner: AccountArgs
    """Account A, which owns the resources and makes the roles."""
    owner_secret_key: NotRequired[pulumi.Input[str]]
    """Access key secret for `owner.accessKey`."""
    owner_security_token: NotRequired[pulumi.Input[str]]
    """STS token, when the owner's credentials are temporary ones."""
    delegate: AccountArgs
    """Account B, which is trusted, and whose operators work in A."""
    delegate_secret_key: NotRequired[pulumi.Input[str]]
    """Access key secret for `delegate.accessKey`."""
    delegate_security_token: NotRequired[pulumi.Input[str]]
    """STS token, when the delegate's credentials are temporary ones."""
    roles: list[RoleArgs]
    """The roles in the owner's account."""
    teams: list[TeamArgs]
    """The teams in the delegate's account."""
    operators: NotRequired[list[OperatorArgs]]
    """The operators in the delegate's account."""
    openings: NotRequired[list[OpeningArgs]]
    """Openings for single operators, each for a limited time: of on-request roles, or of membership of a team."""
    contract: NotRequired[ContractArgs]
    """The contract. Default: one without a name and without an end."""
    never: NotRequired[list[str]]
    """Actions that no role may ever allow, itself or through roles that it can assume: `kms:Decrypt`, `bss:*`. It is
    proved at every preview."""
    state: NotRequired[str]
    """`active` (the default), or `suspended`: the grants are taken away and the trust is closed, so that live sessions
    can do nothing from their next call on and no new one begins."""
