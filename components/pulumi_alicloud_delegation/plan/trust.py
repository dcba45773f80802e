"""The trust policy of a delegated role.

Source: Alibaba Cloud, RAM, "Edit the trust policy of a RAM role"; "Use ExternalId to prevent the confused deputy
problem"; "Policy elements".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from pulumi_alicloud_delegation.contract import moment_text, parse_moment
from pulumi_alicloud_delegation.plan.plan_checks import ram_arn, some
from pulumi_alicloud_delegation.plan.windows import window
from pulumi_alicloud_delegation.specs import State, TrustSpec
from ram_policies import Document, DocumentKind, Effect, InvalidInputError, NameKind, Principals, Statement, check_name
from ram_policies.arn import root_arn
from ram_policies.build import document, trust

TrustConditions = dict[str, dict[str, str | tuple[str, ...]]]
NAMED_ACTIONS = ("sts:AssumeRole", "sts:SetSourceIdentity")
"""Actions that beginning a session with a source identity takes, on both sides (`unconfirmed.SET_SOURCE_IDENTITY`)."""
Path = Callable[[str], str]
"""Function that gives a key's place in the arguments: ``external_id`` -> ``roles[0].trust.externalId``."""


def delegation_trust(delegate: str, spec: TrustSpec, state: State, path: Path) -> Document:
    """The trust policy that lets the delegate's account assume a role, or that keeps it out while suspended.

    A suspended role keeps no Allow at all: an explicit Deny names the whole account, whoever the Allow named.

    Raises:
        InvalidInputError: a condition or principal is not valid.
    """
    if not delegate:
        raise InvalidInputError(
            path("principals"), delegate, "leaves nobody to trust", "name the delegate's account", code="trusts-nobody"
        )
    principals = _principals(delegate, spec, path)
    conditions = _conditions(spec, path)
    if state == "suspended":
        closed = Statement(Effect.DENY, ("sts:AssumeRole",), principals=Principals(ram=(root_arn(delegate),)))
        return document(closed, kind=DocumentKind.TRUST)
    actions = NAMED_ACTIONS if spec.source_identity == "required" else ("sts:AssumeRole",)
    statements = [trust(principals, actions=actions, conditions=conditions)]
    if spec.previous_external_id is not None:
        statements.append(trust(principals, actions=actions, conditions=_previous(spec, conditions, path)))
    return document(*statements, kind=DocumentKind.TRUST)


def for_the_api_alone(spec: TrustSpec) -> tuple[str, ...]:
    """Demands of a role that the console's switch-role page cannot meet, as nouns; none for a role that it reaches."""
    asked = (spec.external_id is not None, "an external ID"), (spec.source_identity == "required", "a source identity")
    return tuple(noun for wanted, noun in asked if wanted)


def _previous(spec: TrustSpec, conditions: TrustConditions, path: Path) -> TrustConditions:
    """The conditions under which the external ID that is being replaced still counts."""
    field = path("previous_external_id")
    previous = check_name(NameKind.EXTERNAL_ID, spec.previous_external_id, field)
    if spec.external_id is None or spec.external_id == previous:
        raise InvalidInputError(
            field, previous, "has no successor", f"set '{path('external_id')}'", code="rotation-running"
        )
    if spec.previous_external_id_until is None:
        raise InvalidInputError(
            path("previous_external_id_until"),
            None,
            "is missing",
            "write until when the previous external ID is accepted",
            code="missing-value",
        )
    until = parse_moment(spec.previous_external_id_until, path("previous_external_id_until"))
    if spec.not_after is not None:
        until = min(until, parse_moment(spec.not_after, path("not_after")))
    return {
        **conditions,
        "StringEquals": {"sts:ExternalId": previous},
        "DateLessThanEquals": {"acs:CurrentTime": moment_text(until)},
    }


def _principals(delegate: str, spec: TrustSpec, path: Path) -> tuple[str, ...]:
    if spec.principals is None:
        return (root_arn(delegate),)
    field = path("principals")
    some(
        spec.principals,
        field,
        "is a trust policy with no principal: nobody could assume the role",
        f"leave the key out to trust the whole account {delegate}, or name users or roles of it",
    )
    for index, text in enumerate(spec.principals):
        arn = ram_arn(text, f"{field}[{index}]", ("user", "role"))
        if arn.account != delegate:
            raise InvalidInputError(
                f"{field}[{index}]",
                text,
                f"belongs to another account than the delegate {delegate}",
                "leave it out",
                code="other-party",
            )
        check_name(NameKind(arn.resource_type), arn.name, f"{field}[{index}]")
    return spec.principals


def _conditions(spec: TrustSpec, path: Path) -> TrustConditions:
    conditions: TrustConditions = {}
    if spec.external_id is not None:
        check_name(NameKind.EXTERNAL_ID, spec.external_id, path("external_id"))
        conditions["StringEquals"] = {"sts:ExternalId": spec.external_id}
    if spec.mfa:
        conditions["Bool"] = {"acs:MFAPresent": "true"}
    if spec.source_identity == "required":
        conditions["StringLike"] = {"sts:SourceIdentity": "?*"}
    if spec.source_ips:
        for index, text in enumerate(spec.source_ips):
            _network(text, f"{path('source_ips')}[{index}]")
        conditions["IpAddress"] = {"acs:SourceIp": spec.source_ips}
    for operator, keys in window(spec.not_before, spec.not_after, path("")[:-1]).conditions.items():
        conditions[operator] = dict(keys)
    if spec.previous_external_id is None and spec.previous_external_id_until is not None:
        field = path("previous_external_id_until")
        raise InvalidInputError(
            field,
            spec.previous_external_id_until,
            f"is given without '{path('previous_external_id')}'",
            "leave it out",
            code="out-of-place",
        )
    return conditions


def _network(text: str, field: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise InvalidInputError(
            field,
            text,
            f"is neither an address nor a network: {error}",
            "write 203.0.113.7 or 203.0.113.0/24",
            code="not-a-network",
        ) from None
