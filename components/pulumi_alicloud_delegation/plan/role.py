"""A delegated role: trust, own policies, attachments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pulumi_alicloud_delegation.plan.plan_checks import at_most, each_once, some
from pulumi_alicloud_delegation.plan.preset_policies import preset_policy
from pulumi_alicloud_delegation.plan.suspension import DESCRIPTION, suspension_document, suspension_policy_name
from pulumi_alicloud_delegation.plan.trust import delegation_trust
from pulumi_alicloud_delegation.specs import (
    DocumentSpec,
    PolicyTypeName,
    RoleSpec,
    State,
    Tier,
    TrustSpec,
)
from ram_policies import (
    Document,
    DocumentKind,
    InvalidInputError,
    NameKind,
    check_name,
    limits,
    system_policy,
)
from ram_policies.arn import role_arn
from ram_policies.system_policies import system_policies
from ram_policies.transform import split
from ram_policies.validation.parse import parse_any_length

ROLE_GONE = "The role is gone, and each of its sessions with it: every further call is refused."
"""Sentence about sessions that are still live once the owner has ended the contract."""


@dataclass(frozen=True, slots=True)
class PolicyPlan:
    """A custom policy to be created.

    Attributes:
        name: as RAM will have it.
        document: its text.
        description: empty for none.
    """

    name: str
    document: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A policy to be attached.

    Attributes:
        name: name of the policy.
        type: System or Custom.
        created: whether the plan creates the policy, too.
    """

    name: str
    type: PolicyTypeName
    created: bool = False


@dataclass(frozen=True, slots=True)
class RolePlan:
    """A role to be created in the owner's account.

    Attributes:
        owner: account ID of the owner.
        delegate: account ID of the delegate.
        name: as RAM will have it.
        arn: what AssumeRole is called with.
        description: empty for none.
        trust: the trust policy.
        conditions: what narrows the trust.
        max_session_duration: seconds.
        tags: of the role.
        system_policies: names of system policies that are granted.
        existing_policies: policies that exist already and are granted.
        policies: created with the role and granted; they stay while the role is suspended.
        state: active or suspended.
        never: actions that the role may never allow.
        tier: standing, or on request.
        reason: what an on-request role is for.
        ticket: where an on-request role was asked for.
    """

    owner: str
    delegate: str
    name: str
    arn: str
    description: str
    trust: Document
    conditions: TrustSpec
    max_session_duration: int
    tags: Mapping[str, str]
    system_policies: tuple[str, ...]
    existing_policies: tuple[Attachment, ...]
    policies: tuple[PolicyPlan, ...]
    state: State
    never: tuple[str, ...] = ()
    tier: Tier = "standing"
    reason: str | None = None
    ticket: str | None = None

    @property
    def granted(self) -> tuple[Attachment, ...]:
        """Grants that the role carries now: none while it is suspended."""
        return () if self.state == "suspended" else self.granted_when_active

    @property
    def granted_when_active(self) -> tuple[Attachment, ...]:
        """All policies that the role carries while it is active."""
        return (
            *(Attachment(name, "System") for name in self.system_policies),
            *self.existing_policies,
            *(Attachment(policy.name, "Custom", created=True) for policy in self.policies),
        )

    @property
    def suspension(self) -> PolicyPlan:
        """The policy that is attached while the role is suspended, and only then: an explicit Deny of everything."""
        return PolicyPlan(suspension_policy_name(self.name), suspension_document(), DESCRIPTION)

    @property
    def gives_way(self) -> Attachment | None:
        """The attachment whose place the suspension takes, where RAM attaches no further custom policy to the role."""
        custom = [policy for policy in self.granted_when_active if policy.type == "Custom"]
        return custom[-1] if len(custom) == limits.CUSTOM_POLICIES_PER_ROLE else None

    @property
    def live_sessions(self) -> str:
        """Access that remains to somebody who holds a session of this role, in a sentence or two.

        Source: Alibaba Cloud, RAM FAQ, "What do I do if STS tokens are disclosed": permissions are looked up at every
        request. Nothing documents that an edit of the trust policy ends a session.
        """
        longest = f"{self.max_session_duration} seconds"
        if self.state == "suspended":
            return (
                f"No new session begins. A session that began earlier stays valid for up to {longest}, but an explicit "
                "Deny on the role outweighs whatever else is attached to it, so each of its calls is refused; only "
                "what needs no permission, sts:GetCallerIdentity and lists of regions, still answers. Sessions of "
                "other roles, users and access keys that were made with it earlier are not touched. Deleting the role "
                "ends the session itself."
            )
        return (
            f"A session lasts up to {longest} and outlives every edit of the trust policy. A narrower grant binds it "
            "from its next call on. Suspending takes all its permissions away at the next call; deleting the role ends "
            "it."
        )


def role_plan(spec: RoleSpec, owner: str, delegate: str, state: State, field: str) -> RolePlan:
    """Plan one role from its spec.

    Raises:
        InvalidInputError: something in it is invalid; the message names the field below `field`.
    """

    def at(key: str) -> str:
        return f"{field}.{key}"

    name = check_name(NameKind.ROLE, spec.name, at("name"))
    if spec.description is not None:
        check_name(NameKind.DESCRIPTION, spec.description, at("description"))
    _duration(spec.max_session_duration, at("max_session_duration"))
    _tags(spec.tags, at("tags"))
    trust = delegation_trust(delegate, spec.trust, state, lambda key: f"{at('trust')}.{key}")
    policies = (
        *(
            policy
            for index, own in enumerate(spec.policies)
            for policy in _own_policies(own, f"{at('policies')}[{index}]")
        ),
        *(
            PolicyPlan(*preset_policy(wanted, name, f"{at('presets')}[{index}]"))
            for index, wanted in enumerate(spec.presets)
        ),
    )
    existing = tuple(Attachment(policy.name, policy.type) for policy in spec.existing_policies)
    _check_granted(spec, policies, at)
    return RolePlan(
        owner=owner,
        delegate=delegate,
        name=name,
        arn=role_arn(owner, name),
        description=_description(spec, at),
        trust=trust,
        conditions=spec.trust,
        max_session_duration=spec.max_session_duration,
        tags=spec.tags,
        system_policies=spec.system_policies,
        existing_policies=existing,
        policies=policies,
        state=state,
        never=spec.never,
        tier=spec.tier,
        reason=spec.reason,
        ticket=spec.ticket,
    )


def _description(spec: RoleSpec, at: Callable[[str], str]) -> str:
    """The description, with the reason and the ticket of an on-request role."""
    purposes = [f"{noun}: {text}" for noun, text in (("Reason", spec.reason), ("Ticket", spec.ticket)) if text]
    if spec.tier == "standing" and purposes:
        key = "reason" if spec.reason else "ticket"
        raise InvalidInputError(
            at(key), getattr(spec, key), "is for on-request roles", "leave it out", code="out-of-place"
        )
    for key in ("reason", "ticket") if spec.tier == "on-request" else ():
        if not getattr(spec, key):
            raise InvalidInputError(
                at(key), None, "is missing: the role is on-request", f"say the {key}", code="missing-value"
            )
    if spec.tier == "on-request" and spec.trust.not_after is None:
        problem, fix = "is missing: the role is on-request", "say until when it may be opened to anybody"
        raise InvalidInputError(at("trust.not_after"), None, problem, fix, code="missing-value")
    text = ". ".join([*([spec.description.rstrip(".")] if spec.description and purposes else []), *purposes])
    text = text or spec.description or ""
    return check_name(NameKind.DESCRIPTION, text, at("description")) if text else ""


def _duration(seconds: int, field: str) -> None:
    low, high = limits.MIN_MAX_SESSION_DURATION, limits.MAX_MAX_SESSION_DURATION
    if not low <= seconds <= high:
        raise InvalidInputError(
            field,
            seconds,
            f"is not between {low} and {high}",
            f"write {low} (one hour) to {high} (twelve hours)",
            code="out-of-range",
        )


def _tags(tags: Mapping[str, str], field: str) -> None:
    at_most(len(tags), limits.TAGS_PER_RESOURCE, field, "tags", "take some away")
    for key, value in tags.items():
        check_name(NameKind.TAG_KEY, key, f"{field} (key)")
        check_name(NameKind.TAG_VALUE, value, f"{field}.{key}")


def _own_policies(spec: DocumentSpec, field: str) -> tuple[PolicyPlan, ...]:
    """The policies for one document: one, or as many as its length needs."""
    check_name(NameKind.POLICY, spec.name, f"{field}.name")
    if spec.description is not None:
        check_name(NameKind.DESCRIPTION, spec.description, f"{field}.description")
    where = f"{field}.document"
    document = _parsed(spec.document, where)
    try:
        parts = split(document)
    except InvalidInputError as error:
        raise InvalidInputError(where, error.value, error.problem, error.fix, code=error.code) from None
    at_most(
        len(parts),
        limits.CUSTOM_POLICIES_PER_ROLE,
        where,
        "policies, which a document of this length needs,",
        "shorten it with wildcards, or spread it over several roles",
    )
    names = [spec.name, *(f"{spec.name}-{n}" for n in range(2, len(parts) + 1))]
    for name in names:
        check_name(NameKind.POLICY, name, f"{field}.name")
    return tuple(
        PolicyPlan(name, part.to_json(), spec.description or "") for name, part in zip(names, parts, strict=True)
    )


def _parsed(document: str | dict[str, object], field: str) -> Document:
    """A permission policy of any length: one that is too long is split afterwards."""
    return parse_any_length(document, DocumentKind.IDENTITY).valid(document, field)


def _check_granted(spec: RoleSpec, own: tuple[PolicyPlan, ...], at: Callable[[str], str]) -> None:
    """Check all that the role grants: names that RAM takes, each once, not more than RAM attaches, and at least one."""
    for index, name in enumerate(spec.system_policies):
        _known_system_policy(name, f"{at('system_policies')}[{index}]", at("existing_policies"))
    for index, policy in enumerate(spec.existing_policies):
        field = f"{at('existing_policies')}[{index}].name"
        check_name(NameKind.POLICY, policy.name, field)
        if policy.type == "System":
            _spelled_as_published(policy.name, field)
    named = [
        *((name, "System", f"{at('system_policies')}[{n}]") for n, name in enumerate(spec.system_policies)),
        *((p.name, p.type, f"{at('existing_policies')}[{n}].name") for n, p in enumerate(spec.existing_policies)),
        *((policy.name, "Custom", f"{at('policies')} ({policy.name}, #{n})") for n, policy in enumerate(own)),
    ]
    reserved = suspension_policy_name(spec.name)
    for name, type_, field in named:
        if type_ == "Custom" and name.lower() == reserved.lower():
            raise InvalidInputError(
                field,
                name,
                "is the name of the policy that suspends the role",
                "give the policy another name",
                code="reserved-name",
            )
    fix = "merge some, or spread them over several roles"
    most = {"System": limits.SYSTEM_POLICIES_PER_ROLE, "Custom": limits.CUSTOM_POLICIES_PER_ROLE}
    for type_, key in (("System", "system_policies"), ("Custom", "policies")):
        of_type = [(name, field) for name, its_type, field in named if its_type == type_]
        each_once([name for name, _ in of_type], [field for _, field in of_type], "name")
        at_most(len(of_type), most[type_], at(key), f"{type_.lower()} policies on one role", fix)
    some(
        named,
        at("system_policies"),
        "grants nothing: whoever assumes the role can do nothing with it",
        f"add a system policy, a preset under '{at('presets')}', or a document under '{at('policies')}'",
    )


def _known_system_policy(name: str, field: str, elsewhere: str) -> None:
    check_name(NameKind.POLICY, name, field)
    known = system_policy(name)
    if known is None:
        near = _nearest(name)
        hint = f"write {near!r}, or " if near else ""
        raise InvalidInputError(
            field,
            name,
            "is not a system policy in our catalogue",
            f"{hint}if Alibaba Cloud has it all the same, list it under '{elsewhere}' with type System",
            code="unknown-system-policy",
        )
    _spelled_as_published(name, field)


def _spelled_as_published(name: str, field: str) -> None:
    """The provider compares names exactly: an attachment in another letter case looks deleted at every refresh."""
    known = system_policy(name)
    if known is not None and known.name != name:
        raise InvalidInputError(
            field,
            name,
            "differs from the policy's name in upper and lower case",
            f"write {known.name!r}",
            code="unknown-system-policy",
        )


def _nearest(name: str) -> str:
    import difflib  # noqa: PLC0415 - only ever needed for an error

    found = difflib.get_close_matches(name, list(system_policies()), n=1, cutoff=0.6)
    return found[0] if found else ""
