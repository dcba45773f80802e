"""Operators: the delegate's people and applications, as resources below whoever makes them.

They are not components: the engine writes its state after each registration, and one more registration for each
operator would slow down a delegation with hundreds of operators.

Annotations stay evaluated here: the schema of the plugin is read from them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict, TypeVar

import pulumi
from pulumi_alicloud import ram

from pulumi_alicloud_delegation.call_stacks import short_call_stacks
from pulumi_alicloud_delegation.deployed import deployed_people
from pulumi_alicloud_delegation.first_passwords import first_password
from pulumi_alicloud_delegation.naming import child
from pulumi_alicloud_delegation.plan.operator import OperatorPlan
from pulumi_alicloud_delegation.spelled import spelled_users

T = TypeVar("T")

# The provider sends the password of the state with every update of a login, whatever changes: a person would have the
# first password back. So nothing of a login that exists is changed; what RAM shows about it is the person's own doing.
# A user has one login, so a new one can only be made after the old one.
_LOGIN = pulumi.ResourceOptions(
    ignore_changes=["password", "passwordResetRequired", "mfaBindRequired"],
    additional_secret_outputs=["password"],
    delete_before_replace=True,
)


class AccessKeyPair(TypedDict):
    """An access key."""

    id: str
    """Access key ID."""
    secret: str
    """Access key secret. RAM shows it once; afterwards it is only in the state, encrypted."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A RAM user: a person with a first password, or an application with access keys.

    Attributes:
        user: the user; None where it is made elsewhere.
        first_password: a person's first password, a secret; None where there is no login. It is made once and stays as
            it is in the state, however often the program runs; after the first sign-in it is the person's own choice.
        access_keys: an application's access keys by label, a secret; None for a person.
    """

    user: ram.User | None
    first_password: pulumi.Output[str] | None
    access_keys: pulumi.Output[dict[str, AccessKeyPair]] | None


@dataclass(frozen=True, slots=True)
class FormerPlace:
    """Place of an operator's resources in an earlier release.

    Attributes:
        name: what they were named after.
        parent: below which resource they were.
    """

    name: str
    parent: pulumi.Resource


def make_operators(
    name: str,
    plans: Iterable[OperatorPlan],
    groups: Mapping[str, ram.Group],
    opts: pulumi.ResourceOptions,
    former: FormerPlace | None = None,
) -> dict[str, Operator]:
    """Make operators.

    The engine keeps the call stack and all URNs of each resource in a state that it writes down after every step. So
    with hundreds of operators, short call stacks and plain names with dependencies given as such, instead of outputs
    that repeat them for each argument, are what makes an update as quick as one of the same resources written by hand.

    One person is one set of resources, whatever team, stack file or letter case names her: resources are named after
    the user's name in lower case, and a name in another case is not a change.

    Args:
        name: what the resources are named after.
        plans: the operators.
        groups: the RAM group of each team that is made in the same program, for memberships to wait for.
        opts: parent and provider.
        former: where the same resources were before, for their aliases.

    Returns:
        The operators by user name.
    """

    def place(opts: pulumi.ResourceOptions, *parts: str) -> _Place:
        return _Place.of(name, parts, opts, former)

    made: dict[str, Operator] = {}
    plans = tuple(plans)
    spelled = spelled_users(opts) if any(not plan.existing for plan in plans) else None
    _warn_of_missing(plans, spelled, opts.parent)
    with short_call_stacks():
        for plan in plans:
            made[plan.name] = _make_operator(plan, groups, opts, place, spelled)
    return made


def _warn_of_missing(
    plans: Iterable[OperatorPlan], spelled: Mapping[str, str] | None, parent: pulumi.Resource | None
) -> None:
    """Warn of people whom the stack has deployed and whom the account does not have any more.

    The provider knows logins and memberships by the user's name. For a user who was renamed, a refresh takes them out
    of the state, and the next update would be refused in the middle: the login is there, under the name that returns.
    """
    missing = [one.name for one in plans if one.login and spelled is not None and one.name.lower() not in spelled]
    deployed = deployed_people() if missing else frozenset[str]()
    for name in missing:
        if name.lower() in deployed:
            pulumi.log.warn(
                f"operator {name}: the account has no such user any more. Fix: if the user was renamed by hand, give "
                f"the name {name} back before a refresh; after one, `alicloud-delegation recover` names what is left",
                parent,
            )


def _make_operator(
    plan: OperatorPlan,
    groups: Mapping[str, ram.Group],
    opts: pulumi.ResourceOptions,
    place: Callable[..., "_Place"],
    spelled: Mapping[str, str] | None,
) -> Operator:
    user = None if plan.existing else _user(plan, place(opts, plan.name), spelled)
    after = opts if user is None else pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[user]))
    for team in plan.teams:
        group = pulumi.ResourceOptions(depends_on=[groups[team]] if team in groups else [])
        membership = place(pulumi.ResourceOptions.merge(after, group), plan.name, team)
        ram.UserGroupAttachment(
            membership.name, group_name=team, user_name=plan.name, opts=membership.same_but_for_case("userName")
        )
    password, keys = None, None
    if plan.login:
        profile = place(pulumi.ResourceOptions.merge(after, _LOGIN), plan.name)
        login = ram.LoginProfile(
            profile.name,
            user_name=plan.name,
            password=pulumi.Output.secret(first_password(plan.name)),
            password_reset_required=True,
            mfa_bind_required=plan.mfa,
            opts=profile.same_but_for_case("userName"),
        )
        password = login.password
    if plan.access_keys:
        places = {label: place(after, plan.name, label) for label in plan.access_keys}
        made_keys = {
            label: ram.AccessKey(key.name, user_name=plan.name, opts=key.same_but_for_case("userName"))
            for label, key in places.items()
        }
        pairs = {label: pulumi.Output.all(id=key.id, secret=key.secret) for label, key in made_keys.items()}
        keys = pulumi.Output.secret(pulumi.Output.all(**pairs))
    return Operator(user, password, keys)


@dataclass(frozen=True, slots=True)
class _Place:
    """Name and options of a resource of an operator."""

    name: str
    opts: pulumi.ResourceOptions

    @classmethod
    def of(
        cls, base: str, parts: tuple[str, ...], opts: pulumi.ResourceOptions, former: FormerPlace | None
    ) -> "_Place":
        name = child(base, parts[0].lower(), *parts[1:])
        if former:
            was = [pulumi.Alias(name=child(former.name, *parts), parent=former.parent)]
        else:
            was = [pulumi.Alias(name=child(base, *parts))] if parts[0] != parts[0].lower() else []
        return cls(name, pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=was)) if was else opts)

    def same_but_for_case(self, name_input: str) -> pulumi.ResourceOptions:
        """Options of a resource whose own name holds the user's: when the input changes, only its letter case does."""
        return pulumi.ResourceOptions.merge(self.opts, pulumi.ResourceOptions(ignore_changes=[name_input]))


def _user(plan: OperatorPlan, place: _Place, spelled: Mapping[str, str] | None) -> ram.User:
    """The user, in the letter case that the account has: another one is not a change.

    RAM knows users by number, and so does the provider. A user who was renamed by hand shows as a change of the name,
    and the next update gives the name back. Where the account does not tell, the name is left as it is.
    """
    return ram.User(
        place.name,
        name=plan.name if spelled is None else spelled.get(plan.name.lower(), plan.name),
        display_name=plan.display_name,
        # An operator who leaves may have bound an MFA device, which would keep RAM from deleting the user.
        force=True,
        opts=place.same_but_for_case("name") if spelled is None else place.opts,
    )


def passwords_of(operators: Mapping[str, Operator]) -> pulumi.Output[dict[str, str]]:
    """First passwords of the persons among them, by user name. A secret."""
    found = {name: one.first_password for name, one in operators.items() if one.first_password is not None}
    return _all_secret(found)


def access_keys_of(operators: Mapping[str, Operator]) -> pulumi.Output[dict[str, dict[str, AccessKeyPair]]]:
    """Access keys of the applications among them, by user name and label. A secret."""
    found = {name: one.access_keys for name, one in operators.items() if one.access_keys is not None}
    return _all_secret(found)


def _all_secret(values: Mapping[str, pulumi.Output[T]]) -> pulumi.Output[dict[str, T]]:
    # Output.all of nothing is an empty list.
    return pulumi.Output.secret(pulumi.Output.all(**values) if values else {})
