"""Operators: the delegate's people and applications, as resources below whoever makes them.

They are no component of their own: the engine writes its state down after each registration, and one more of them for
each operator is what a delegation with hundreds of operators would feel.

Annotations stay evaluated here: the schema of the plugin is read from them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict, TypeVar

import pulumi
from pulumi_alicloud import ram

from pulumi_alicloud_delegation.naming import child
from pulumi_alicloud_delegation.passwords import first_password
from pulumi_alicloud_delegation.plan.operator import OperatorPlan

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
        user: the user.
        first_password: a person's first password, a secret; None where there is no login. It is made once and stays as
            it is in the state, however often the program runs; after the first sign-in it is the person's own choice.
        access_keys: an application's access keys by label, a secret; None for a person.
    """

    user: ram.User
    first_password: pulumi.Output[str] | None
    access_keys: pulumi.Output[dict[str, AccessKeyPair]] | None


def make_operators(
    name: str, plans: Iterable[OperatorPlan], groups: Mapping[str, ram.Group], opts: pulumi.ResourceOptions
) -> dict[str, Operator]:
    """Make operators.

    The engine keeps the stack trace and all URNs of each resource in a state that it writes down after every step. So
    with hundreds of operators, a call less here and plain names with dependencies given as such, instead of outputs
    that repeat them for each argument, are what makes an update as quick as one of the same resources written by hand.

    Args:
        name: what the resources are named after.
        plans: the operators.
        groups: the RAM group of each team that is made in the same program, for memberships to wait for.
        opts: parent and provider.

    Returns:
        The operators by user name.
    """
    made: dict[str, Operator] = {}
    for plan in plans:
        resource = child(name, plan.name)
        user = ram.User(
            resource,
            name=plan.name,
            display_name=plan.display_name,
            # Somebody who leaves has bound an MFA device meanwhile, which would otherwise keep the user alive.
            force=True,
            opts=opts,
        )
        after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[user]))
        for team in plan.teams:
            group = pulumi.ResourceOptions(depends_on=[groups[team]] if team in groups else [])
            ram.UserGroupAttachment(
                child(resource, team),
                group_name=team,
                user_name=plan.name,
                opts=pulumi.ResourceOptions.merge(after, group),
            )
        password, keys = None, None
        if plan.login:
            login = ram.LoginProfile(
                resource,
                user_name=plan.name,
                password=pulumi.Output.secret(first_password(plan.name)),
                password_reset_required=True,
                mfa_bind_required=plan.mfa,
                opts=pulumi.ResourceOptions.merge(after, _LOGIN),
            )
            password = login.password
        if plan.access_keys:
            made_keys = {
                label: ram.AccessKey(child(resource, label), user_name=plan.name, opts=after)
                for label in plan.access_keys
            }
            pairs = {label: pulumi.Output.all(id=key.id, secret=key.secret) for label, key in made_keys.items()}
            keys = pulumi.Output.secret(pulumi.Output.all(**pairs))
        made[plan.name] = Operator(user, password, keys)
    return made


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
