"""An operator: a RAM user of the delegate, who is a person or an application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pulumi_alicloud_delegation.plan.plan_checks import at_most, each_once, some
from pulumi_alicloud_delegation.specs import OperatorSpec
from ram_policies import InvalidInputError, NameKind, check_name, limits


@dataclass(frozen=True, slots=True)
class OperatorPlan:
    """A RAM user to be created in the delegate's account.

    Attributes:
        name: as RAM will have it.
        display_name: as RAM will have it.
        kind: a person has a password, an application has access keys.
        existing: whether the user is made elsewhere, and only its memberships are made.
        teams: groups the user joins.
        mfa: whether a person must bind an MFA device at the next sign-in.
        login: whether a person can sign in.
        access_keys: labels of an application's keys.
    """

    name: str
    display_name: str
    kind: Literal["person", "application"]
    teams: tuple[str, ...]
    existing: bool
    mfa: bool
    login: bool
    access_keys: tuple[str, ...]


def operator_plan(spec: OperatorSpec, field: str) -> OperatorPlan:
    """Plan one operator from its spec.

    Raises:
        InvalidInputError: something in it is invalid; the message names the field below `field`.
    """

    def at(key: str) -> str:
        return f"{field}.{key}"

    check_name(NameKind.USER, spec.name, at("name"))
    if spec.display_name is not None:
        check_name(NameKind.DISPLAY_NAME, spec.display_name, at("display_name"))
    some(
        spec.teams,
        at("teams"),
        f"leaves the operator {spec.name} in no team, unable to do anything",
        "name a team, or take the operator away",
    )
    at_most(len(spec.teams), limits.GROUPS_PER_USER, at("teams"), "teams of one operator", "merge some teams")
    for index, team in enumerate(spec.teams):
        check_name(NameKind.GROUP, team, f"{at('teams')}[{index}]")
    each_once(spec.teams, [f"{at('teams')}[{n}]" for n in range(len(spec.teams))], "team")
    return OperatorPlan(
        name=spec.name,
        display_name=spec.display_name or spec.name,
        kind=spec.kind,
        teams=spec.teams,
        existing=spec.existing,
        mfa=spec.kind == "person" and spec.mfa is not False,
        login=spec.kind == "person" and spec.login is not False and not spec.existing,
        access_keys=_access_keys(spec, at),
    )


def _access_keys(spec: OperatorSpec, at: Callable[[str], str]) -> tuple[str, ...]:
    if spec.existing:
        for key in ("display_name", "mfa", "login", "access_keys"):
            value = getattr(spec, key)
            if value is not None:
                raise InvalidInputError(
                    at(key),
                    value,
                    "is about a user who exists already",
                    f"set it where {spec.name} is made",
                    code="out-of-place",
                )
        return ()
    if spec.kind == "person":
        if spec.access_keys:
            raise InvalidInputError(
                at("access_keys"),
                list(spec.access_keys),
                "are keys for a person, who signs in to the console instead",
                f"leave them out, or write {at('kind')}: application",
                code="out-of-place",
            )
        return ()
    for key, value in (("mfa", spec.mfa), ("login", spec.login)):
        if value is not None:
            raise InvalidInputError(
                at(key),
                value,
                "is about signing in, which an application never does",
                "leave it out",
                code="out-of-place",
            )
    labels = ("1",) if spec.access_keys is None else spec.access_keys
    field = at("access_keys")
    some(labels, field, "leaves the application without a way in", "leave the key out, or give it a label")
    at_most(len(labels), limits.ACCESS_KEYS_PER_USER, field, "access keys of one user", "keep the two newest")
    for index, label in enumerate(labels):
        check_name(NameKind.POLICY, label, f"{field}[{index}]")  # letters, digits and -, as part of a resource name
    each_once(labels, [f"{field}[{n}]" for n in range(len(labels))], "label")
    return labels
